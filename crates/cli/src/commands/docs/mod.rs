//! `yagura rules docs`: pages about every rule, framework and type of resource.

mod directory;

use std::collections::BTreeMap;
use std::process::ExitCode;

use yagura_aws::action_of_each;
use yagura_inventory::{Collectors, ServiceFilter};
use yagura_model::{Lang, Needs, WantedFields};
use yagura_packs::Packs;
use yagura_posture::{Frameworks, Rule, Rules, Settings};
use yagura_report::{CollectorDoc, Docs, Reads, RuleDoc, Site};

use self::directory::{Directory, DirectoryError};
use crate::arguments::DocsArguments;
use crate::commands::configured_packs;
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::{source, terminal};

/// Runs the command. What is sound gets its page; mistakes are told, and then the status says so.
pub fn run(arguments: &DocsArguments, config: &Config) -> Result<ExitCode, Failure> {
    // Before minutes of reading: whether there is a place for the pages.
    let directory = Directory::open(&arguments.out).map_err(refused)?;
    let packs: Packs = configured_packs(&arguments.packs, config)?;
    // The defaults: a page tells the rule, not what one configuration makes of it.
    let (rules, mut mistakes) = Rules::load(&packs, &Settings::default());
    let (frameworks, found) = Frameworks::load(&packs, &rules);
    mistakes.extend(found);
    terminal::diagnostics(&mistakes);
    let collectors = source::collectors(&packs)?;

    let docs = gather(&packs, &rules, &frameworks, &collectors, arguments.lang)?;
    let site = Site::new(&docs);
    let pages = directory.write(&site).map_err(refused)?;
    terminal::say(&format!("wrote {pages} files; begin with {}", arguments.out.join("index.html").display()));
    Ok(if terminal::any_error(&mistakes) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What the pages tell.
fn gather<'a>(
    packs: &Packs,
    rules: &'a Rules,
    frameworks: &'a Frameworks,
    collectors: &Collectors,
    only: Option<Lang>,
) -> Result<Docs<'a>, Failure> {
    let everything = collectors.plan(&Needs::Everything, &ServiceFilter::default());
    let actions = action_of_each(packs, everything.calls())
        .map_err(|error| Told::new("the tables of AWS's services cannot be read").because(error).usage())?;
    Ok(Docs {
        version: env!("CARGO_PKG_VERSION"),
        langs: Lang::ALL.into_iter().filter(|lang| only.is_none_or(|only| only == *lang)).collect(),
        rules: rules.iter().map(|rule| about(rule, collectors)).collect(),
        frameworks: frameworks.iter().collect(),
        collectors: collectors
            .infos()
            .map(|info| {
                let mut needs = Needs::Types(BTreeMap::new());
                needs.add(info.resource.clone(), WantedFields::All);
                let plan = collectors.plan(&needs, &ServiceFilter::default());
                CollectorDoc { calls: plan.calls().into_iter().map(str::to_owned).collect(), info }
            })
            .collect(),
        actions: actions.into_iter().map(|(call, action)| (call.to_owned(), action)).collect(),
    })
}

fn about<'a>(rule: &'a Rule, collectors: &Collectors) -> RuleDoc<'a> {
    RuleDoc {
        info: rule.info(),
        service: rule.service(),
        on_by_default: rule.is_on_by_default(),
        params: rule.params(),
        conditions: rule.conditions().collect(),
        cases: rule.cases().collect(),
        reads: reads(&rule.needs(), collectors),
    }
}

fn reads(needs: &Needs, collectors: &Collectors) -> Reads {
    let Needs::Types(types) = needs else { return Reads::Everything };
    let plan = collectors.plan(needs, &ServiceFilter::default());
    let calls = plan.calls_by_type().into_iter();
    Reads::Types {
        calls: calls.map(|(it, calls)| (it, calls.into_iter().map(str::to_owned).collect())).collect(),
        named: types.keys().cloned().collect(),
    }
}

fn refused(error: DirectoryError) -> Failure {
    let told = Told::new(error.to_string());
    match error {
        DirectoryError::Foreign { .. } | DirectoryError::NoDirectory { .. } => told
            .help("name a directory that is empty, is not there yet, or holds pages of an earlier run")
            .usage(),
        DirectoryError::Read { source, .. } => {
            told.because(source).help("the directory must be readable").other()
        }
        DirectoryError::Write { source, .. } => told
            .because(source)
            .help("the directory must be writable, and its disk must have room; run it again then")
            .other(),
    }
}
