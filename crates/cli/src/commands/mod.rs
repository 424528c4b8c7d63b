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
mod lives;
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
mod store;
pub mod suppress;
pub mod suppressions;
mod tell;

use std::path::PathBuf;

use yagura_model::Lang;
use yagura_packs::Packs;

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

/// The language asked for, else the environment's.
fn language(asked: Option<Lang>) -> Lang {
    asked.unwrap_or_else(terminal::language)
}
