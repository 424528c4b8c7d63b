//! `yagura onboard policy`: the permissions that reading needs, and no more.

use std::path::Path;
use std::process::ExitCode;

use yagura_aws::{MANAGED_POLICY_CHARACTERS, actions, policies};
use yagura_inventory::ServiceFilter;
use yagura_model::Needs;
use yagura_packs::Packs;
use yagura_posture::{Rules, Selection, Settings};

use crate::arguments::{OnboardCommand, PolicyArguments};
use crate::commands::packs;
use crate::failure::{Failure, Told};
use crate::{source, terminal};

/// How the enabled regions of an account are found out, whatever is collected.
const ALWAYS: [&str; 2] = ["account.ListRegions", "ec2.DescribeRegions"];

/// Runs the command.
pub fn run(command: OnboardCommand) -> Result<ExitCode, Failure> {
    match command {
        OnboardCommand::Policy(arguments) => policy(&arguments),
    }
}

fn policy(arguments: &PolicyArguments) -> Result<ExitCode, Failure> {
    let packs = packs(&arguments.packs)?;
    let collectors = source::collectors(&packs)?;
    let services = ServiceFilter {
        include: arguments.services.iter().cloned().collect(),
        exclude: arguments.exclude_services.iter().cloned().collect(),
    };
    let plan = collectors.plan(&needs(&packs, &arguments.rules)?, &services);
    let actions = actions(&packs, plan.calls().into_iter().chain(ALWAYS))
        .map_err(|error| Told::new("the tables of AWS's services cannot be read").because(error).usage())?;
    let documents = policies(&actions, MANAGED_POLICY_CHARACTERS);
    match &arguments.out {
        Some(directory) => save(directory, &documents)?,
        None => {
            let whole = policies(&actions, usize::MAX);
            let text: String = whole.iter().map(|it| format!("{it:#}\n")).collect();
            terminal::result(&text)
                .map_err(|error| Told::new("the policy could not be written").because(error).other())?;
            if documents.len() > 1 {
                terminal::say(&format!(
                    "too long for one managed policy: `--out DIR` writes it as {} that fit",
                    documents.len()
                ));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn needs(packs: &Packs, patterns: &[String]) -> Result<Needs, Failure> {
    if patterns.is_empty() {
        return Ok(Needs::Everything);
    }
    let (rules, mistakes) = Rules::load(packs, &Settings::default());
    terminal::diagnostics(&mistakes);
    let rules = rules
        .select(&Selection::of(patterns))
        .map_err(|error| Told::new(error.to_string()).help("`yagura rules list` lists them").usage())?;
    Ok(rules.needs())
}

fn save(directory: &Path, documents: &[serde_json::Value]) -> Result<(), Failure> {
    let failed = |error| {
        Told::new(format!("the policies cannot be written into `{}`", directory.display()))
            .because(error)
            .help("the directory must be writable")
            .other()
    };
    std::fs::create_dir_all(directory).map_err(failed)?;
    for (n, document) in documents.iter().enumerate() {
        let path = directory.join(format!("yagura-read-only-{}.json", n + 1));
        std::fs::write(&path, format!("{document:#}\n")).map_err(failed)?;
        terminal::say(&format!("wrote {}", path.display()));
    }
    Ok(())
}
