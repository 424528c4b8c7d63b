//! `yagura findings list | count | show | set`.

pub mod exported;
pub mod filter;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use jiff::tz::TimeZone;
use serde::Serialize;
use yagura_model::{
    DueDays, Finding, FindingChange, Organization, RequirementRef, RequirementsByRule, RuleId, RuleInfo,
    Timestamp, requirements_by_rule,
};
use yagura_posture::{Frameworks, Project, Rules};
use yagura_report::{
    CountTable, CountedRow, ExportFormat, FindingStory, FindingWords, count_table, finding_list,
    finding_page, finding_title,
};
use yagura_store::{
    FindingCounts, FindingFilter, FindingOrder, FindingQuery, ReadError, Selection, Store, Triage,
    TriageError,
};
use yagura_triage::Known;

use crate::arguments::{
    CountBy, FilterArguments, FindingsCommand, FindingsFormat, ListFormat, Order, StoredArguments,
};
use crate::commands::known_rules::{KnownRules, with_detections};
use crate::commands::store::{earlier, finding_called};
use crate::commands::{configured_packs, json, language, print, print_json, style};
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::output::{SharedSink, Sink};
use crate::{source, terminal};

/// Runs the command.
pub async fn run(command: FindingsCommand, config: &Config) -> Result<ExitCode, Failure> {
    match command {
        FindingsCommand::List { filter, limit, after, order, output, out, common } => {
            let opened = Opened::new(&common, config).await?;
            let filter = filter::filter(&filter, &opened.known(config.projects()), config, opened.now)?;
            if let Some(format) = output.export() {
                if limit.is_some() || after.is_some() || order.is_some() {
                    return Err(Told::new(
                        "`csv`, `ndjson`, `ocsf` and `asff` hold every finding, in an order of their own",
                    )
                    .help("leave `--limit`, `--after` and `--order` away")
                    .usage());
                }
                return export(&opened, &filter, format, Sink::open(out.as_deref())?).await;
            }
            let after =
                after.map(|it| it.parse()).transpose().map_err(|error: yagura_store::CursorError| {
                    Told::new(error.to_string()).help("the output of the last page tells it").usage()
                })?;
            let order = match order {
                None | Some(Order::Newest) => FindingOrder::NewestFirst,
                Some(Order::Oldest) => FindingOrder::OldestFirst,
            };
            let limit = limit.unwrap_or(PAGE).max(1);
            list(&opened, &FindingQuery { filter, order, limit, after }, output, out.as_deref()).await
        }
        FindingsCommand::Count { filter, by, output, common } => {
            let opened = Opened::new(&common, config).await?;
            let filter = filter::filter(&filter, &opened.known(config.projects()), config, opened.now)?;
            count(&opened, &filter, by, output, config).await
        }
        FindingsCommand::Show { finding, output, common } => {
            let opened = Opened::new(&common, config).await?;
            show(&opened, &finding, output).await
        }
        FindingsCommand::Set { findings, filter, to, assign, comment, yes, who, common } => {
            let opened = Opened::new(&common, config).await?;
            let assignee = assign.map(|it| if it == "-" { String::new() } else { it });
            let what = Triage { workflow: to, assignee, comment };
            if what == Triage::default() {
                return Err(Told::new("nothing was said that is to be done")
                    .help("`--to STATE`, `--assign WHO` or `--comment TEXT` do something")
                    .usage());
            }
            let wish = Wish { findings, filter, what, yes, who: who.unwrap_or_default() };
            set(&opened, wish, config).await
        }
    }
}

/// A store with what is needed to tell what is in it.
pub struct Opened {
    pub store: Store,
    rules: KnownRules,
    frameworks: Frameworks,
    /// The rules that findings are of.
    reported: BTreeSet<RuleId>,
    organization: Organization,
    requirements: RequirementsByRule,
    names: BTreeMap<yagura_model::AccountId, String>,
    due: DueDays,
    pub now: Timestamp,
    pub lang: yagura_model::Lang,
}

impl Opened {
    /// Opens the store, and loads the rules and the frameworks.
    ///
    /// # Errors
    ///
    /// There is no store, or something cannot be read.
    pub async fn new(common: &StoredArguments, config: &Config) -> Result<Self, Failure> {
        let (store, _) = earlier(common.store.clone().or_else(|| config.store()).as_deref()).await?;
        let packs = configured_packs(&common.packs, config)?;
        let (rules, mistakes) = Rules::load(&packs, &config.settings());
        terminal::diagnostics(&mistakes);
        let (frameworks, mistakes) = Frameworks::load(&packs, &rules);
        terminal::diagnostics(&mistakes);
        let rules = with_detections(&rules, &packs)?;
        let organization = exported::organization(&store).await?;
        let counts = store.count_findings(&FindingFilter::default()).await.map_err(unread)?;
        let reported = counts.rules.into_keys().collect();
        let requirements = requirements_by_rule(frameworks.iter());
        let names = organization.accounts.values().map(|it| (it.id.clone(), it.name.clone())).collect();
        let now = common.now.unwrap_or_else(source::clock);
        let lang = language(common.lang.or(config.lang()));
        let due = config.due_days();
        Ok(Self { store, rules, frameworks, reported, organization, requirements, names, due, now, lang })
    }

    /// What findings are handed on with.
    pub fn around(&self) -> exported::Around<'_> {
        exported::Around {
            store: &self.store,
            organization: &self.organization,
            rules: &self.rules,
            requirements: &self.requirements,
            due: self.due,
            now: self.now,
            lang: self.lang,
        }
    }

    /// What names are resolved by.
    pub fn known<'k>(&'k self, projects: &'k [Project]) -> Known<'k> {
        Known {
            accounts: self.organization.accounts.values().collect(),
            rules: &self.rules,
            frameworks: &self.frameworks,
            projects,
            reported: &self.reported,
        }
    }

    fn words(&self) -> FindingWords<'_> {
        FindingWords {
            rules: &self.rules,
            accounts: &self.names,
            now: self.now,
            lang: self.lang,
            time_zone: TimeZone::system(),
            style: style(),
        }
    }
}

/// A page as machines read it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Page<'p> {
    total: u64,
    findings: &'p [Finding],
    next: Option<String>,
}

/// So many findings are a page, unless somebody asks for more or fewer.
const PAGE: usize = 50;

/// Every finding that is meant, for others.
async fn export(
    opened: &Opened,
    filter: &FindingFilter,
    format: ExportFormat,
    sink: Sink,
) -> Result<ExitCode, Failure> {
    let sink = SharedSink::new(sink);
    let written = opened.around().write(filter, format, |_| true, sink.clone()).await;
    let Some(sink) = sink.take() else { return Ok(ExitCode::SUCCESS) };
    match written {
        Ok(_) => finish(sink),
        Err(wrong) => {
            sink.abandon();
            wrong.told().map_or(Ok(ExitCode::SUCCESS), Err)
        }
    }
}

/// Makes the result appear. A reader that went away has what it wanted.
fn finish(sink: Sink) -> Result<ExitCode, Failure> {
    match sink.finish() {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Told::new("cannot write the result").because(error).other())
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

async fn list(
    opened: &Opened,
    query: &FindingQuery,
    output: ListFormat,
    out: Option<&Path>,
) -> Result<ExitCode, Failure> {
    let page = opened.store.finding_page(query).await.map_err(unread)?;
    let total = opened.store.count_findings(&query.filter).await.map_err(unread)?.total();
    let next = page.next.map(|it| it.to_string());
    let text = if output == ListFormat::Table {
        finding_list(&page.findings, total, &opened.words())
    } else {
        json(&Page { total, findings: &page.findings, next: next.clone() })?
    };
    let done = match out {
        None => print(&text),
        Some(_) => {
            let mut sink = Sink::open(out)?;
            let written = sink.write_all(text.as_bytes());
            written.map_err(|error| Told::new("cannot write the result").because(error).other())?;
            finish(sink)
        }
    };
    if let Some(next) = next.filter(|_| output == ListFormat::Table) {
        terminal::say(&format!("the next page: --after {next}"));
    }
    done
}

async fn count(
    opened: &Opened,
    filter: &FindingFilter,
    by: CountBy,
    output: FindingsFormat,
    config: &Config,
) -> Result<ExitCode, Failure> {
    let counts = opened.store.count_findings(filter).await.map_err(unread)?;
    let table = table(opened, &counts, by, config);
    match output {
        FindingsFormat::Table => print(&count_table(&table, opened.lang, style())),
        FindingsFormat::Json => print_json(&table),
    }
}

fn table(opened: &Opened, counts: &FindingCounts, by: CountBy, config: &Config) -> CountTable {
    let plain = |id: &str, total: u64| CountedRow {
        id: id.to_owned(),
        name: String::new(),
        total,
        severities: BTreeMap::new(),
    };
    let row = |id: &str, name: &str, severities: BTreeMap<_, u64>| CountedRow {
        id: id.to_owned(),
        name: name.to_owned(),
        total: severities.values().sum(),
        severities,
    };
    let (by, rows): (_, Vec<CountedRow>) = match by {
        CountBy::Severity => {
            let all = counts.severities.iter().rev();
            return CountTable {
                by: "severity".to_owned(),
                rows: all.map(|(it, n)| plain(it.as_str(), *n)).collect(),
            };
        }
        CountBy::Workflow => {
            ("workflow", counts.workflows.iter().map(|(it, n)| plain(it.as_str(), *n)).collect())
        }
        CountBy::Kind => ("kind", counts.kinds.iter().map(|(it, n)| plain(it.as_str(), *n)).collect()),
        CountBy::Account => {
            let name = |id| opened.names.get(id).map_or("", String::as_str);
            let all = counts.accounts.iter();
            ("account", all.map(|(id, n)| row(id.as_str(), name(id), n.clone())).collect())
        }
        CountBy::Project => {
            let all = config.projects().iter().map(|project| {
                let of = opened.organization.accounts.values().filter(|it| project.holds(it));
                row(&project.name, "", sum(of.filter_map(|it| counts.accounts.get(&it.id))))
            });
            ("project", all.collect())
        }
        CountBy::Rule => {
            let title = |id| {
                let info: Option<&RuleInfo> = opened.rules.get(id);
                info.map_or("", |it| it.text.get(opened.lang).title.as_str())
            };
            let all = counts.rules.iter();
            ("rule", all.map(|(id, n)| row(id.as_str(), title(id), n.clone())).collect())
        }
        CountBy::Framework => {
            let all = opened.frameworks.iter().map(|it| {
                let of = it.rules().into_iter().filter_map(|rule| counts.rules.get(rule));
                row(&it.id, it.name.get(opened.lang), sum(of))
            });
            ("framework", all.collect())
        }
    };
    CountTable { by: by.to_owned(), rows }.worst_first()
}

fn sum<'s>(all: impl Iterator<Item = &'s yagura_store::BySeverity>) -> yagura_store::BySeverity {
    let mut sums = yagura_store::BySeverity::new();
    for (severity, number) in all.flatten() {
        *sums.entry(*severity).or_default() += number;
    }
    sums
}

/// A finding with its history, as machines read it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shown<'s> {
    title: &'s str,
    finding: &'s Finding,
    rule: Option<&'s RuleInfo>,
    history: &'s [FindingChange],
}

async fn show(opened: &Opened, start: &str, output: FindingsFormat) -> Result<ExitCode, Failure> {
    let finding = finding_called(&opened.store, start).await?;
    let history = opened.store.finding_history(&finding.id).await.map_err(unread)?;
    let rule = opened.rules.get(&finding.rule);
    match output {
        FindingsFormat::Table => {
            let requirements: &[RequirementRef] =
                opened.requirements.get(&finding.rule).map_or(&[], |requirements| requirements);
            let story = FindingStory { finding: &finding, history: &history, requirements };
            print(&finding_page(&story, &opened.words()))
        }
        FindingsFormat::Json => {
            let title = finding_title(&finding, rule, opened.lang);
            print_json(&Shown { title, finding: &finding, rule, history: &history })
        }
    }
}

/// What is to be done about which findings.
struct Wish {
    findings: Vec<String>,
    filter: FilterArguments,
    what: Triage,
    yes: bool,
    who: String,
}

async fn set(opened: &Opened, wish: Wish, config: &Config) -> Result<ExitCode, Failure> {
    let Wish { findings, filter, what, yes, who } = wish;
    let (which, meant) = if findings.is_empty() {
        if filter.is_empty() {
            return Err(Told::new("neither a finding was named nor a filter given")
                .help("name findings by their ids, or say `--status active` to mean all that are open")
                .usage());
        }
        let filter = filter::filter(&filter, &opened.known(config.projects()), config, opened.now)?;
        let meant = opened.store.count_findings(&filter).await.map_err(unread)?.total();
        (Selection::Counted(Box::new(filter), meant), meant)
    } else {
        if !filter.is_empty() {
            return Err(Told::new("findings were named, and a filter given")
                .help("one of the two says which are meant")
                .usage());
        }
        let mut ids = BTreeSet::new();
        for start in &findings {
            ids.insert(finding_called(&opened.store, start).await?.id);
        }
        let meant = ids.len() as u64;
        (Selection::Ids(ids), meant)
    };
    if meant > 1 && !yes {
        return Err(Told::new(format!("{meant} findings are meant, and nothing was done"))
            .help("`--yes` does it; `yagura findings list` with the same filter shows them")
            .usage());
    }
    let done = opened.store.triage(&which, &what, &who, opened.now).await.map_err(|error| match error {
        TriageError::UnknownFinding { .. } | TriageError::Others { .. } => {
            Told::new(error.to_string()).usage()
        }
        TriageError::Database(error) => unread(error.into()),
    })?;
    terminal::say(&format!("{} of {} findings changed", done.changed, done.meant));
    Ok(ExitCode::SUCCESS)
}

pub fn unread(error: ReadError) -> Failure {
    Told::new("the findings cannot be read from the store").because(error).other()
}
