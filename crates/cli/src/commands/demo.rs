//! `yagura demo`: judges a recorded organisation that is inside the binary.

use std::path::Path;
use std::process::ExitCode;

use include_dir::{Dir, include_dir};

use crate::arguments::{DemoArguments, TargetArguments};
use crate::commands::judge::Judge;
use crate::commands::packs;
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::{output, source};

static ORGANIZATION: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../demo/organization");

/// Runs the command.
pub async fn run(arguments: DemoArguments) -> Result<ExitCode, Failure> {
    let mut judge = arguments.judge;
    output::resolve(&judge.output, judge.out.as_deref())?;
    judge.store.get_or_insert_with(|| "none".into());
    let directory = tempfile::tempdir()
        .and_then(|directory| ORGANIZATION.extract(directory.path()).map(|()| directory))
        .map_err(|error| Told::new("the recorded organisation cannot be unpacked").because(error).other())?;
    run_in(directory.path(), judge).await
}

async fn run_in(directory: &Path, judge: crate::arguments::JudgeArguments) -> Result<ExitCode, Failure> {
    let target = TargetArguments::default();
    let packs = packs(&[])?;
    let prepared = Judge::prepare(&packs, &yagura_posture::Settings::default(), &target, &judge)?;
    let recorded = source::recorded(directory, &target, &Config::default())?;
    let now = judge.now.unwrap_or_else(|| recorded.created());
    prepared.run(&recorded, &target, judge, now).await
}
