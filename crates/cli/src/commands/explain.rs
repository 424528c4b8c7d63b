//! `yagura rules explain`: how a rule comes to its answer about one resource.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use yagura_inventory::{Plan, ServiceFilter};
use yagura_model::{Account, AccountId, Inventory, Lang, Needs, Organization, ResourceKey, Scan, Timestamp};
use yagura_posture::{Explanation, Rule, Rules, Selection, Settings, Step};
use yagura_report::{one_line, outcome_text, reason_text};
use yagura_scan::Source as _;
use yagura_store::Store;

use crate::arguments::{ExplainArguments, TargetArguments};
use crate::commands::store::scan_of_rule;
use crate::commands::{configured_packs, language, mutelists};
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::{source, terminal};

/// Values and expressions are cut here; `--json` tells them whole.
const LONGEST: usize = 120;

/// Runs the command.
///
/// # Errors
///
/// There is no such rule or resource, or several; or what was read of it cannot be read back.
pub async fn run(arguments: ExplainArguments, config: &Config) -> Result<ExitCode, Failure> {
    let packs = configured_packs(&arguments.common.packs, config)?;
    let mut files = arguments.mutelist.clone();
    config.complete_mutelists(&mut files);
    let settings = Settings { mutelists: mutelists::read(&files)?, ..config.settings() };
    let (rules, mistakes) = Rules::load(&packs, &settings);
    terminal::diagnostics(&mistakes);
    let rules = rules
        .select(&Selection::of([arguments.rule.clone()]))
        .map_err(|error| Told::new(error.to_string()).help("`yagura rules list` lists them").usage())?;
    let rule = only_rule(&rules, &arguments.rule)?;
    let plan = source::collectors(&packs)?.plan(&rules.needs(), &ServiceFilter::default());
    let asked = Asked { arguments: &arguments, rules: &rules, rule, plan: &plan };
    let found = match &arguments.snapshot {
        Some(directory) => asked.in_snapshot(directory).await?,
        None => {
            let store = arguments.store.clone().or_else(|| config.store());
            asked.in_store(store.as_deref()).await?
        }
    };
    let now = arguments.now.unwrap_or(found.read);
    let explanation = rules
        .explain(rule, &found.key, &found.inventory, &found.organization, now)
        .ok_or_else(|| Told::new(format!("`{}` cannot be explained", arguments.resource)).other())?;
    let text = if arguments.json {
        let text = serde_json::to_string_pretty(&explanation);
        text.map_err(|error| Told::new("the explanation cannot be written as JSON").because(error).other())?
            + "\n"
    } else {
        page(rule, &explanation, language(arguments.common.lang))
    };
    terminal::result(&text).map_err(|error| Told::new("cannot write the result").because(error).other())?;
    Ok(ExitCode::SUCCESS)
}

fn only_rule<'r>(rules: &'r Rules, asked: &str) -> Result<&'r Rule, Failure> {
    let mut all = rules.iter();
    match (all.next(), all.next()) {
        (Some(one), None) => Ok(one),
        _ => {
            let ids: Vec<_> = rules.ids().take(5).map(|id| format!("`{id}`")).collect();
            let more = if rules.len() > ids.len() { ", ..." } else { "" };
            Err(Told::new(format!("`{asked}` means several rules: {}{more}", ids.join(", ")))
                .help("name one of them")
                .usage())
        }
    }
}

/// What is to be explained.
struct Asked<'a> {
    arguments: &'a ExplainArguments,
    rules: &'a Rules,
    rule: &'a Rule,
    plan: &'a Plan,
}

/// The resource, and everything that the rule may look at besides.
struct Found {
    key: ResourceKey,
    inventory: Inventory,
    organization: Organization,
    read: Timestamp,
}

impl Asked<'_> {
    async fn in_snapshot(&self, directory: &Path) -> Result<Found, Failure> {
        let target = TargetArguments {
            accounts: self.arguments.account.iter().cloned().collect(),
            ..TargetArguments::default()
        };
        let recorded = source::recorded(directory, &target, &Config::default())?;
        let mut found = Vec::new();
        for account in &recorded.selection().scanned {
            // An account that cannot be read holds nothing to explain; the scan tells why.
            let Ok(inventory) = recorded.inventory(account, self.plan).await else { continue };
            let keys = inventory.resources.iter().filter(|it| {
                it.key.resource_type == *self.rule.resource()
                    && [&it.key.id, &it.arn, &it.name]
                        .into_iter()
                        .any(|name| *name == self.arguments.resource)
            });
            let keys: Vec<_> = keys.map(|it| it.key.clone()).filter(|key| self.fits(key, account)).collect();
            if !keys.is_empty() {
                found.push((keys, inventory));
            }
        }
        let key = self.only(found.iter().flat_map(|(keys, _)| keys).cloned().collect())?;
        let (_, inventory) = found
            .into_iter()
            .find(|(keys, _)| keys.contains(&key))
            .ok_or_else(|| self.nothing("the snapshot"))?;
        let organization = recorded.organization().clone();
        Ok(Found { key, inventory, organization, read: recorded.created() })
    }

    async fn in_store(&self, asked: Option<&Path>) -> Result<Found, Failure> {
        let (store, scan) = scan_of_rule(asked, self.rule.id()).await?;
        let found = self.stored(&store, &scan).await;
        store.close().await;
        found
    }

    async fn stored(&self, store: &Store, scan: &Scan) -> Result<Found, Failure> {
        let unread = |error: yagura_store::ReadError| {
            Told::new("the resource cannot be read back from the store").because(error).other()
        };
        let accounts = store.accounts(scan.id).await.map_err(unread)?;
        let account = |id: &AccountId| accounts.iter().find(|it| it.account.id == *id).map(|it| &it.account);
        let resource_type = self.rule.resource();
        let mut keys =
            store.find_resources(scan, resource_type, &self.arguments.resource).await.map_err(unread)?;
        keys.retain(|key| account(&key.account).is_some_and(|account| self.fits(key, account)));
        let key = self.only(keys)?;
        let types = match self.rules.needs() {
            Needs::Types(types) => types.into_keys().collect(),
            Needs::Everything => self.plan.types(),
        };
        let inventory = store.inventory(scan, &key.account, &types).await.map_err(unread)?;
        let mut inventory = inventory.ok_or_else(|| self.nothing("the last scan"))?;
        inventory.links = Some(self.plan.links());
        let organization = store.organization(scan.id).await.map_err(unread)?;
        Ok(Found { key, inventory, organization, read: scan.started })
    }

    /// Whether the resource is where it was said to be.
    fn fits(&self, key: &ResourceKey, account: &Account) -> bool {
        let here = self
            .arguments
            .account
            .as_deref()
            .is_none_or(|asked| account.id.as_str() == asked || account.name == asked);
        here && self.arguments.region.as_deref().is_none_or(|asked| key.region.as_str() == asked)
    }

    fn only(&self, keys: Vec<ResourceKey>) -> Result<ResourceKey, Failure> {
        match keys.as_slice() {
            [] => Err(self.nothing(if self.arguments.snapshot.is_some() {
                "the snapshot"
            } else {
                "the last scan"
            })),
            [one] => Ok(one.clone()),
            several => {
                let places: Vec<_> = several
                    .iter()
                    .take(5)
                    .map(|it| format!("{} {} {}", it.account, it.region, it.id))
                    .collect();
                let more = if several.len() > places.len() { ", ..." } else { "" };
                Err(Told::new(format!(
                    "there are {} resources `{}`: {}{more}",
                    several.len(),
                    self.arguments.resource,
                    places.join(", ")
                ))
                .help("name it by its ARN, or add `--account` or `--region`")
                .usage())
            }
        }
    }

    fn nothing(&self, place: &str) -> Failure {
        let (resource_type, name) = (self.rule.resource(), &self.arguments.resource);
        Told::new(format!("{place} holds no {resource_type} `{name}`"))
            .help("name it by its id, ARN or name, as `yagura scan --output csv` tells them")
            .usage()
    }
}

/// What people read.
fn page(rule: &Rule, explanation: &Explanation, lang: Lang) -> String {
    let words = match lang {
        Lang::En => ["Resource", "Answer", "Because", "Evidence", "Parameters"],
        Lang::Ja => ["リソース", "判定", "理由", "証跡", "パラメーター"],
    };
    let [resource, answer, because, evidence, params] = words;
    let it = &explanation.evaluation;
    let key = &it.resource;
    let title = &rule.info().text.get(lang).title;
    let mut text = format!("{}\n{}\n\n", it.rule, one_line(title));
    let mut fact = |name: &str, value: &str| {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{name}: {}", one_line(value));
    };
    let place = format!("{} {} {} {}", key.account, key.region, key.resource_type, key.id);
    fact(resource, &place);
    fact(answer, outcome_text(it.outcome, lang));
    if let Some(reason) = &it.reason {
        fact(because, &reason_text(reason, lang));
    }
    if let Some(found) = &it.evidence {
        fact(evidence, &found.to_string());
    }
    if !explanation.params.is_empty() {
        fact(params, &serde_json::Value::Object(explanation.params.clone()).to_string());
    }
    text.push('\n');
    steps(&mut text, explanation, 0);
    text
}

/// Every part of the conditions with its value, below one another.
pub fn steps(text: &mut String, explanation: &Explanation, indent: usize) {
    for (label, one) in &explanation.conditions {
        let _ = writeln!(text, "{:indent$}{label}:", "");
        step(text, one, indent + 2);
    }
}

fn step(text: &mut String, one: &Step, indent: usize) {
    let value = match &one.value {
        Ok(value) => shortened(&value.to_string()),
        Err(reason) => one_line(&reason.to_string()).into_owned(),
    };
    let _ = writeln!(text, "{:indent$}{} = {value}", "", shortened(&one.text));
    for part in &one.parts {
        step(text, part, indent + 2);
    }
}

fn shortened(text: &str) -> String {
    let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = one_line(&plain);
    if plain.chars().count() <= LONGEST {
        return plain.into_owned();
    }
    plain.chars().take(LONGEST - 1).chain(['…']).collect()
}
