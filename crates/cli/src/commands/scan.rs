//! `yagura scan`: takes stock of AWS, or reads a snapshot, and judges it.

use std::process::ExitCode;

use crate::arguments::ScanArguments;
use crate::commands::judge::Judge;
use crate::commands::packs;
use crate::config::Config;
use crate::failure::Failure;
use crate::{output, source};

/// Runs the command.
pub async fn run(arguments: ScanArguments, config: Config) -> Result<ExitCode, Failure> {
    let ScanArguments { mut target, snapshot, mut judge } = arguments;
    config.complete_target(&mut target);
    config.complete_judge(&mut judge);
    // Mistakes in the wish are told before anything is read.
    output::resolve(&judge.output, judge.out.as_deref())?;
    let packs = packs(&target.packs)?;
    let prepared =
        Judge::prepare(&packs, &config.settings(), &target, &judge)?.with_suppressions(config.suppressions());
    match snapshot {
        Some(directory) => {
            let recorded = source::recorded(&directory, &target, &config)?;
            let now = judge.now.unwrap_or_else(|| recorded.created());
            prepared.run(&recorded, &target, judge, now).await
        }
        None => {
            let live = source::live(&packs, &target, &config).await?;
            let now = judge.now.unwrap_or_else(source::clock);
            prepared.run(&live, &target, judge, now).await
        }
    }
}
