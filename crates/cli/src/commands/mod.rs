//! What each command does: wiring of the crates below, and nothing else.

pub mod collect;
pub mod demo;
pub mod detect;
pub mod detections;
mod docs;
mod explain;
mod explain_detection;
pub mod export;
pub mod findings;
pub mod frameworks;
pub mod import;
pub mod incidents;
mod judge;
mod known_rules;
mod mutelists;
pub mod notify;
pub mod onboard;
pub mod progress;
pub mod project_tables;
pub mod projects;
pub mod report;
pub mod rules;
pub mod scan;
pub mod score;
pub mod serve;
mod store;
pub mod suppress;
pub mod suppressions;
mod tell;
pub mod users;

use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;
use yagura_model::Lang;
use yagura_packs::Packs;
use yagura_report::Style;

use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::terminal;

/// The built-in packs with the user's directories over them.
fn packs(directories: &[PathBuf]) -> Result<Packs, Failure> {
    directories.iter().try_fold(Packs::embedded(), |packs, directory| {
        packs.overlay(directory).map_err(|error| {
            Told::new(format!("the packs in `{}` cannot be used", directory.display()))
                .because(error)
                .help("name a directory that holds `rules/`, `collectors/` or the like")
                .usage()
        })
    })
}

/// The built-in packs with the directories that were asked for over them, else those of the configuration.
fn configured_packs(asked: &[PathBuf], config: &Config) -> Result<Packs, Failure> {
    let mut directories = asked.to_vec();
    config.complete_packs(&mut directories);
    packs(&directories)
}

/// As the terminal has it.
fn style() -> Style {
    Style { width: terminal::width(), colours: terminal::colours(), ..Style::default() }
}

/// The result, to standard output.
fn print(text: &str) -> Result<ExitCode, Failure> {
    terminal::result(text).map_err(|error| unwritten(error.into()))?;
    Ok(ExitCode::SUCCESS)
}

/// The result as JSON, to standard output.
fn print_json(value: &impl Serialize) -> Result<ExitCode, Failure> {
    print(&json(value)?)
}

/// The result as JSON.
fn json(value: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| unwritten(error.into()))?;
    Ok(text + "\n")
}

fn unwritten(error: Box<dyn std::error::Error + Send + Sync>) -> Failure {
    Told::new("cannot write the result").because(error).other()
}

/// The language asked for, else the environment's.
fn language(asked: Option<Lang>) -> Lang {
    asked.unwrap_or_else(terminal::language)
}
