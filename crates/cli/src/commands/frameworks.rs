//! `yagura frameworks list | show | report`.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::tz::TimeZone;
use yagura_model::{Account, AccountId, AccountScan, Framework, Lang, RuleId, RuleInfo, ScanId};
use yagura_packs::Packs;
use yagura_posture::{FrameworkError, Frameworks, Project, Rules};
use yagura_report::{FrameworkFormat, FrameworkHead, NewerScan, framework_list, framework_page};
use yagura_scan::{AssessError, ChooseError, Reported};
use yagura_store::{ReadError, Store};

use crate::arguments::{FrameworksCommand, RulesCommon};
use crate::commands::store::{self, earlier, no_scan};
use crate::commands::{configured_packs, language, print, style};
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::output::{SharedSink, Sink};
use crate::terminal;

/// Runs the command.
pub async fn run(command: FrameworksCommand, config: Config) -> Result<ExitCode, Failure> {
    match command {
        FrameworksCommand::List { common, json } => {
            let (frameworks, _) = load(&common, &config)?;
            let lang = language(common.lang);
            print(&if json {
                as_json(&frameworks)?
            } else {
                framework_list(frameworks.iter(), lang, style())
            })
        }
        FrameworksCommand::Show { framework, common } => {
            let (frameworks, rules) = load(&common, &config)?;
            let infos: BTreeMap<RuleId, &RuleInfo> =
                rules.iter().map(|it| (it.id().clone(), it.info())).collect();
            let found = frameworks.find(&framework).map_err(unknown)?;
            let pages: Vec<_> = found
                .into_iter()
                .map(|it| framework_page(it, &infos, language(common.lang), style()))
                .collect();
            print(&pages.join("\n"))
        }
        FrameworksCommand::Report { framework, common, store, scan, account, project, output, out } => {
            let (frameworks, rules) = load(&common, &config)?;
            let framework = only_one(&frameworks, &framework)?;
            let store = store.or_else(|| config.store());
            let (scan, lang, rules) = (scan.map(ScanId), language(common.lang), &rules);
            let projects = match &project {
                Some(name) => vec![config.project(name)?.clone()],
                None => config.settings().projects,
            };
            let only = match (account, project) {
                (Some(account), _) => Only::Account(account),
                (None, Some(name)) => Only::Project(name),
                (None, None) => Only::Everything,
            };
            let wish = Wish { framework, rules, scan, only, projects, output, out, lang };
            report(wish, store.as_deref()).await
        }
    }
}

/// What a report was asked for.
struct Wish<'f> {
    framework: &'f Framework,
    rules: &'f Rules,
    scan: Option<ScanId>,
    only: Only,
    projects: Vec<Project>,
    output: FrameworkFormat,
    out: Option<PathBuf>,
    lang: Lang,
}

/// Which accounts a report is about.
enum Only {
    Everything,
    /// One, by id or name.
    Account(String),
    /// Those of one project, which is then the only one that is told.
    Project(String),
}

async fn report(wish: Wish<'_>, store: Option<&Path>) -> Result<ExitCode, Failure> {
    let (store, Chosen { reported, newer }) = choose(&wish, store).await?;
    let scan = reported.scan;
    let unread = |error: AssessError| {
        Told::new("the result cannot be read back from the store").because(error).other()
    };
    let organization = store.organization(scan.id).await.map_err(|error| unread(error.into()))?;
    let mut accounts = store.accounts(scan.id).await.map_err(|error| unread(error.into()))?;
    let only = chosen(&accounts, &wish, scan.id)?;
    accounts.retain(|it| only.as_ref().is_none_or(|only| only.contains(&it.account.id)));
    let head = FrameworkHead {
        version: env!("CARGO_PKG_VERSION"),
        scan: &scan,
        organization: &organization,
        accounts: &accounts,
        framework: wish.framework,
        lang: wish.lang,
        time_zone: Some(TimeZone::system()),
        rules: reported.rules,
        newer,
    };
    if let Some(note) = head.note().filter(|_| wish.output != FrameworkFormat::Table) {
        terminal::say(&note);
    }
    let failed = |error: io::Error| {
        Told::new(format!("the {} output could not be written", wish.output)).because(error).other()
    };
    let sink = SharedSink::new(Sink::open(wish.out.as_deref())?);
    let written = async {
        let mut report = wish.output.begin(&head, style(), Box::new(sink.clone()))?;
        let told = |_: &Framework, it: &_| report.account(it);
        let (frameworks, projects) = ([wish.framework], &wish.projects);
        let assessments =
            yagura_scan::assess(&store, &scan, &frameworks, projects, only.as_ref(), told).await?;
        if let Some(assessment) = assessments.first() {
            report.end(assessment)?;
        }
        Ok::<(), AssessError>(())
    }
    .await;
    let Some(sink) = sink.take() else { return Ok(ExitCode::SUCCESS) };
    match written {
        Ok(()) => sink.finish().or_else(quiet_when_reader_left).map_err(failed)?,
        Err(AssessError::Told(error)) if error.kind() == io::ErrorKind::BrokenPipe => sink.abandon(),
        Err(AssessError::Told(error)) => {
            sink.abandon();
            return Err(failed(error));
        }
        Err(error) => {
            sink.abandon();
            return Err(unread(error));
        }
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// The scan to report from.
struct Chosen {
    reported: Reported,
    /// The last, when it is another.
    newer: Option<NewerScan>,
}

async fn choose(wish: &Wish<'_>, store: Option<&Path>) -> Result<(Store, Chosen), Failure> {
    let (store, path) = earlier(store).await?;
    let all = yagura_scan::scans_to_report(&store, wish.framework, wish.rules)
        .await
        .map_err(|error| store::unread(error.into()))?;
    let reported = match yagura_scan::reported(&store, wish.framework, wish.rules, wish.scan).await {
        Ok(reported) => reported,
        Err(ChooseError::NoScan) => return Err(no_scan(&path)),
        Err(
            error @ (ChooseError::Unfinished { .. }
            | ChooseError::Read(ReadError::Dropped { .. } | ReadError::UnknownScan { .. })),
        ) => return Err(Told::new(error.to_string()).help(on_offer(&all, wish)).usage()),
        Err(error) => return Err(store::unread(error.into())),
    };
    let newer = all.first().filter(|it| it.scan.id != reported.scan.id);
    let newer = newer.map(|it| NewerScan { id: it.scan.id, rules: it.rules });
    Ok((store, Chosen { reported, newer }))
}

/// The scans that can be reported, for somebody who asked for another.
fn on_offer(all: &[Reported], wish: &Wish<'_>) -> String {
    if all.is_empty() {
        return "no scan in this store can be reported; `yagura scan` makes one".to_owned();
    }
    let of = wish.framework.rules().len();
    let zone = TimeZone::system();
    let lines = all.iter().map(|it| {
        let started = it.scan.started.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M %Z");
        let (rules, accounts) = (it.rules, it.scan.scope.accounts.len());
        format!(
            "  --scan {}  {started}, {rules} of the framework's {of} rules, {accounts} accounts",
            it.scan.id
        )
    });
    format!("these can be reported:\n{}", lines.collect::<Vec<_>>().join("\n"))
}

/// The accounts that the report is about; `None` is all.
fn chosen(
    accounts: &[AccountScan],
    wish: &Wish<'_>,
    scan: ScanId,
) -> Result<Option<BTreeSet<AccountId>>, Failure> {
    let of = |wanted: &dyn Fn(&Account) -> bool| -> BTreeSet<AccountId> {
        accounts.iter().map(|it| &it.account).filter(|it| wanted(it)).map(|it| it.id.clone()).collect()
    };
    let (found, missing, help) = match &wish.only {
        Only::Everything => return Ok(None),
        Only::Account(asked) => (
            of(&|it| it.id.as_str() == asked || it.name == *asked),
            format!("account `{asked}`"),
            "name it by its twelve digits, or by its name in Organizations",
        ),
        Only::Project(name) => (
            of(&|it| wish.projects.iter().any(|project| project.holds(it))),
            format!("account of the project `{name}`"),
            "`[[projects]]` in yagura.toml says which accounts are of it",
        ),
    };
    if found.is_empty() {
        return Err(Told::new(format!("scan {scan} holds no {missing}")).help(help).usage());
    }
    Ok(Some(found))
}

/// Loads the rules and the frameworks over them; mistakes are printed with their places.
fn load(common: &RulesCommon, config: &Config) -> Result<(Frameworks, Rules), Failure> {
    let packs: Packs = configured_packs(&common.packs, config)?;
    let (rules, mistakes) = Rules::load(&packs, &config.settings());
    terminal::diagnostics(&mistakes);
    let (frameworks, mistakes) = Frameworks::load(&packs, &rules);
    terminal::diagnostics(&mistakes);
    Ok((frameworks, rules))
}

/// One framework, because a report is about one.
fn only_one<'f>(frameworks: &'f Frameworks, name: &str) -> Result<&'f Framework, Failure> {
    match frameworks.find(name).map_err(unknown)?[..] {
        [one] => Ok(one),
        ref several => {
            let ids: Vec<_> = several.iter().map(|it| format!("`{}`", it.id)).collect();
            Err(Told::new(format!("`{name}` means several frameworks: {}", ids.join(", ")))
                .help("name one of them")
                .usage())
        }
    }
}

/// A framework that there is none of.
pub fn unknown(error: FrameworkError) -> Failure {
    let help = match error {
        FrameworkError::NoSuchFramework { .. } => "`yagura frameworks list` lists them",
        FrameworkError::Broken { .. } => "mend what is told above",
    };
    Told::new(error.to_string()).help(help).usage()
}

fn as_json(frameworks: &Frameworks) -> Result<String, Failure> {
    serde_json::to_string_pretty(&frameworks.iter().collect::<Vec<_>>())
        .map(|text| text + "\n")
        .map_err(|error| Told::new("the frameworks cannot be written as JSON").because(error).other())
}

fn quiet_when_reader_left(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}
