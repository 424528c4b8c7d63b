//! `yagura collect`: takes stock and saves it for `yagura scan --snapshot`.

use std::process::ExitCode;

use yagura_inventory::ServiceFilter;
use yagura_model::Needs;

use crate::arguments::CollectArguments;
use crate::commands::packs;
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::progress::Shown;
use crate::{source, terminal};

/// Runs the command.
pub async fn run(arguments: CollectArguments, config: Config) -> Result<ExitCode, Failure> {
    let CollectArguments { mut target, save, now } = arguments;
    config.complete_target(&mut target);
    let packs = packs(&target.packs)?;
    let collectors = source::collectors(&packs)?;
    let services = ServiceFilter {
        include: target.services.iter().cloned().collect(),
        exclude: target.exclude_services.iter().cloned().collect(),
    };
    let plan = collectors.plan(&Needs::Everything, &services);
    let live = source::live(&packs, &target, &config).await?;
    let created = now.unwrap_or_else(source::clock);
    let at_once = target.accounts_at_once.unwrap_or(8);
    yagura_scan::save(&live, &plan, &save, created, at_once, &Shown::new(false)).await.map_err(|error| {
        Told::new(format!("the snapshot `{}` could not be made", save.display()))
            .because(error)
            .help("nothing half-written is left behind; run the command again")
            .other()
    })?;
    terminal::say(&format!("saved; judge it with `yagura scan --snapshot {}`", save.display()));
    Ok(ExitCode::SUCCESS)
}
