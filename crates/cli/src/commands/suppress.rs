//! `yagura suppress list | add | remove | check | apply`.

use std::process::ExitCode;

use serde_json::json;
use yagura_model::Timestamp;
use yagura_posture::{HIDDEN_UNSAID, Project, Suppression, SuppressionError};
use yagura_report::{SuppressionLine, suppression_list};
use yagura_triage::{Concern, Placed};

use crate::arguments::{
    AddArguments, FindingsFormat, ImportMutelistArguments, StoredArguments, SuppressCommand,
};
use crate::commands::findings::Opened;
use crate::commands::mutelists;
use crate::commands::suppressions::{self, Sources};
use crate::commands::{print, print_json, style};
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::terminal;

/// Runs the command.
pub async fn run(command: SuppressCommand, config: &Config) -> Result<ExitCode, Failure> {
    let sources = config.suppressions();
    match command {
        SuppressCommand::List { output, common } => {
            let opened = Opened::new(&common, config).await?;
            let (all, _) = sources.read(&opened.store).await?;
            list(&opened, &all, output).await
        }
        SuppressCommand::Add(arguments) => add(*arguments, &sources, config).await,
        SuppressCommand::Import(arguments) => import(&arguments),
        SuppressCommand::Remove { name, common } => remove(&name, &common, &sources, config).await,
        SuppressCommand::Check { common } => check(&common, &sources, config).await,
        SuppressCommand::Apply { common } => {
            let opened = Opened::new(&common, config).await?;
            apply(&opened, &sources, Concern::All).await?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn apply(opened: &Opened, sources: &Sources, concern: Concern<'_>) -> Result<(), Failure> {
    let (files, mistakes) = sources.of_files();
    terminal::diagnostics(&mistakes);
    let known = opened.known(&sources.projects);
    let done = suppressions::apply(&opened.store, &files, concern, &known, opened.now).await?;
    terminal::say(&format!("{} findings hidden, {} came back", done.hidden, done.returned));
    Ok(())
}

async fn list(opened: &Opened, all: &[Placed], output: FindingsFormat) -> Result<ExitCode, Failure> {
    let hidden = opened.store.hidden().await.map_err(failed)?;
    let line = |Placed { suppression: it, file }: &Placed| SuppressionLine {
        name: it.name.clone(),
        file: file.clone(),
        reason: it.reason.clone(),
        compensating_control: it.compensating_control.clone(),
        requester: it.requester.clone(),
        approver: it.approver.clone(),
        until: it.until.map(|it| it.to_string()).unwrap_or_default(),
        days_left: it.days_left(opened.now),
        ends_soon: it.ends_soon(opened.now),
        hides: hidden.get(&it.name).copied().unwrap_or_default(),
    };
    let mut lines: Vec<SuppressionLine> = all.iter().map(line).collect();
    lines.sort_by(|a, b| (a.days_left, &a.name).cmp(&(b.days_left, &b.name)));
    match output {
        FindingsFormat::Table => print(&suppression_list(&lines, opened.lang, style())),
        FindingsFormat::Json => print_json(&lines),
    }
}

async fn add(arguments: AddArguments, sources: &Sources, config: &Config) -> Result<ExitCode, Failure> {
    let opened = Opened::new(&arguments.common, config).await?;
    let suppression = Suppression {
        name: arguments.name,
        rules: arguments.rules,
        resources: arguments.resources,
        types: arguments.types,
        tags: arguments.tags,
        accounts: arguments.accounts,
        ou: arguments.ou,
        projects: arguments.projects,
        regions: arguments.regions,
        kinds: arguments.kinds,
        detectors: arguments.detectors,
        reason: arguments.reason,
        compensating_control: arguments.compensating_control,
        requester: arguments.agreed.requester,
        approver: arguments.agreed.approver,
        until: Some(arguments.agreed.until),
        may_hide: arguments.yes_hide,
    };
    usable(&suppression, &sources.projects, opened.now)?;
    let (all, _) = sources.read(&opened.store).await?;
    if let Some(other) = all.iter().find(|it| it.suppression.name == suppression.name) {
        let place = other.file.as_deref().map_or("the store", |it| it);
        return Err(Told::new(format!("there is a suppression `{}` in {place}", suppression.name))
            .help("give this one another name, or take that one away first")
            .usage());
    }
    let known = opened.known(&sources.projects);
    let would = opened.store.would_hide(&known.hiding(&suppression)).await.map_err(failed)?;
    if would > HIDDEN_UNSAID && suppression.may_hide.is_none_or(|it| it < would) {
        return Err(Told::new(format!("the suppression would hide {would} findings, and nothing was done"))
            .help(format!("narrow it; if all of them are meant, say `--yes-hide {would}`"))
            .usage());
    }
    let body = serde_json::to_string(&suppression)
        .map_err(|error| Told::new("the suppression cannot be written").because(error).other())?;
    opened.store.keep_suppression(&suppression.name, &body).await.map_err(failed)?;
    apply(&opened, sources, Concern::All).await?;
    Ok(ExitCode::SUCCESS)
}

/// Refuses a suppression that says too little, or has ended.
fn usable(suppression: &Suppression, projects: &[Project], now: Timestamp) -> Result<(), Failure> {
    suppression.check(projects).map_err(|error| {
        let help = match &error {
            SuppressionError::Missing { field: "requester", .. } => "name who asks for it with `--requester`",
            other => other.help(),
        };
        Told::new(error.to_string()).help(help).usage()
    })?;
    if suppression.holds(now) {
        return Ok(());
    }
    Err(Told::new(format!("the suppression `{}` would have ended already", suppression.name))
        .help("name a later day with `--until`")
        .usage())
}

/// Prints mutelists as a file of suppressions.
fn import(arguments: &ImportMutelistArguments) -> Result<ExitCode, Failure> {
    let common = Suppression {
        reason: arguments.reason.clone(),
        requester: arguments.agreed.requester.clone(),
        approver: arguments.agreed.approver.clone(),
        until: Some(arguments.agreed.until),
        ..Suppression::default()
    };
    // What is wrong with what all of them share is told once, and not of each.
    let any = Suppression { name: "prowler".to_owned(), rules: vec!["*".to_owned()], ..common.clone() };
    usable(&any, &[], crate::source::clock())?;
    let mut all = Vec::new();
    for mutelist in mutelists::read(&arguments.files)? {
        let (made, problems) = mutelist.suppressions(&common, all.len() + 1);
        terminal::diagnostics(&problems);
        all.extend(made);
    }
    if all.is_empty() {
        return Err(Told::new("no entry of the mutelists can be a suppression")
            .help("`mutelists` in yagura.toml uses them as they are")
            .usage());
    }
    print(&file_of(&all))
}

/// A file of suppressions: each value is JSON, which YAML reads as it is.
fn file_of(all: &[Suppression]) -> String {
    let mut text = String::new();
    for it in all {
        let mut lead = "- ";
        for (key, value) in [
            ("name", json!(it.name)),
            ("rules", json!(it.rules)),
            ("resources", json!(it.resources)),
            ("tags", json!(it.tags)),
            ("accounts", json!(it.accounts)),
            ("regions", json!(it.regions)),
            ("reason", json!(it.reason)),
            ("requester", json!(it.requester)),
            ("approver", json!(it.approver)),
            ("until", json!(it.until)),
        ] {
            if value.as_array().is_some_and(Vec::is_empty) {
                continue;
            }
            text.push_str(&format!("{lead}{key}: {value}\n"));
            lead = "  ";
        }
    }
    text
}

async fn remove(
    name: &str,
    common: &StoredArguments,
    sources: &Sources,
    config: &Config,
) -> Result<ExitCode, Failure> {
    let opened = Opened::new(common, config).await?;
    if !opened.store.remove_suppression(name).await.map_err(failed)? {
        let (all, _) = sources.read(&opened.store).await?;
        let in_file = all.into_iter().find(|it| it.suppression.name == name).and_then(|it| it.file);
        let told = Told::new(format!("no suppression `{name}` was made by command"));
        return Err(match in_file {
            Some(file) => told.help(format!("it stands in `{file}`: take it out there")).usage(),
            None => told.help("`yagura suppress list` lists them").usage(),
        });
    }
    apply(&opened, sources, Concern::Own { removed: Some(name) }).await?;
    Ok(ExitCode::SUCCESS)
}

async fn check(common: &StoredArguments, sources: &Sources, config: &Config) -> Result<ExitCode, Failure> {
    let opened = Opened::new(common, config).await?;
    let (all, is_clean) = sources.read(&opened.store).await?;
    let known = opened.known(&sources.projects);
    for Placed { suppression, .. } in &all {
        let would = opened.store.would_hide(&known.hiding(suppression)).await.map_err(failed)?;
        let state = if suppression.holds(opened.now) { "" } else { " (ended)" };
        print(&format!("{}{state}: {would}\n", yagura_report::one_line(&suppression.name)))?;
    }
    if is_clean {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Told::new("some suppressions cannot be used").help("mend what is told above").usage())
}

fn failed(error: yagura_store::DatabaseError) -> Failure {
    Told::new("the store of findings failed").because(error).other()
}
