//! `yagura export security-hub | security-lake`.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::ExitCode;

use yagura_aws::{Client, RoleConfig, Target};
use yagura_import::export::lake::{Lake, to_security_lake};
use yagura_import::export::{ByRole, ExportError, Exported, to_security_hub};
use yagura_model::Region;

use crate::arguments::{ExportCommand, ExportCommon};
use crate::commands::configured_packs;
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::{source, terminal};

/// So many of what was not taken are told one by one.
const TOLD: usize = 50;

/// Runs the command.
pub async fn run(command: ExportCommand, config: &Config) -> Result<ExitCode, Failure> {
    match command {
        ExportCommand::SecurityHub { file, role_name, external_id, common } => {
            let asff = open(&file)?;
            let (client, caller) = reach(&common, config).await?;
            let role = RoleConfig { name: role_name, external_id, ..RoleConfig::default() };
            let enter = ByRole { client: &client, caller: &caller, role: &role };
            tell(to_security_hub(&client, &enter, asff).await, &file)
        }
        ExportCommand::SecurityLake { file, bucket, prefix, region, common } => {
            let ocsf = open(&file)?;
            let (client, caller) = reach(&common, config).await?;
            let target = region.map_or_else(|| caller.clone(), |it| caller.in_region(Region::new(it)));
            // The same file again replaces what was written before.
            let name = file.file_stem().map_or("yagura".into(), |it| it.to_string_lossy());
            let lake =
                Lake { target: &target, bucket: &bucket, prefix: prefix.trim_matches('/'), name: &name };
            tell(to_security_lake(&client, &lake, ocsf).await, &file)
        }
    }
}

async fn reach(common: &ExportCommon, config: &Config) -> Result<(Client, Target), Failure> {
    source::as_caller(&configured_packs(&common.packs, config)?).await
}

/// A file, or what comes in.
fn open(path: &Path) -> Result<Box<dyn BufRead + Send>, Failure> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let file = File::open(path)
        .map_err(|error| Told::new(format!("cannot read `{}`", path.display())).because(error).usage())?;
    Ok(Box::new(BufReader::new(file)))
}

fn tell(done: Result<Exported, ExportError>, path: &Path) -> Result<ExitCode, Failure> {
    let done = done.map_err(|error| {
        Told::new(format!("`{}` cannot be exported to its end", path.display())).because(error).other()
    })?;
    for it in done.refused.iter().take(TOLD) {
        let id = if it.id.is_empty() { "a finding without an id" } else { &it.id };
        terminal::say(&format!(
            "not taken: {}: {}",
            yagura_report::one_line(id),
            yagura_report::one_line(&it.why)
        ));
    }
    if done.refused.len() > TOLD {
        terminal::say(&format!("and {} more", done.refused.len() - TOLD));
    }
    for it in &done.failures {
        terminal::say(&it.to_string());
    }
    let (taken, refused, objects) = (done.taken, done.refused.len(), done.objects.len());
    let stored = if objects > 0 { format!(" in {objects} objects") } else { String::new() };
    terminal::say(&format!(
        "{taken} findings taken{stored}, {refused} not, {} calls failed",
        done.failures.len()
    ));
    Ok(if refused == 0 && done.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
