//! `yagura export security-hub | security-lake`.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek as _};
use std::path::Path;
use std::process::ExitCode;

use yagura_aws::{Client, RoleConfig, Target};
use yagura_import::export::lake::{Lake, to_security_lake};
use yagura_import::export::{ByRole, ExportError, Exported, is_news_to_security_hub, to_security_hub};
use yagura_model::{Finding, Region};
use yagura_report::ExportFormat;

use crate::arguments::{ExportArguments, ExportCommand, StoredArguments};
use crate::commands::configured_packs;
use crate::commands::findings::{Opened, filter};
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::{source, terminal};

/// So many of what was not taken are told one by one.
const TOLD: usize = 50;

/// Runs the command.
pub async fn run(command: ExportCommand, config: &Config) -> Result<ExitCode, Failure> {
    match command {
        ExportCommand::SecurityHub { file, role_name, external_id, what } => {
            let (asff, name) = read(file.as_deref(), &what, ExportFormat::Asff, config).await?;
            let (client, caller) = reach(&what.common, config).await?;
            let role = RoleConfig { name: role_name, external_id, ..RoleConfig::default() };
            let enter = ByRole { client: &client, caller: &caller, role: &role };
            tell(to_security_hub(&client, &enter, asff).await, &name)
        }
        ExportCommand::SecurityLake { file, bucket, prefix, region, what } => {
            let (ocsf, name) = read(file.as_deref(), &what, ExportFormat::Ocsf, config).await?;
            let (client, caller) = reach(&what.common, config).await?;
            let target = region.map_or_else(|| caller.clone(), |it| caller.in_region(Region::new(it)));
            // The same file again replaces what was written before. Each export of the store has a name of its own: what it tells depends on its filter.
            let name = Path::new(&name).file_stem().map_or("yagura".into(), |it| it.to_string_lossy());
            let lake =
                Lake { target: &target, bucket: &bucket, prefix: prefix.trim_matches('/'), name: &name };
            tell(to_security_lake(&client, &lake, ocsf).await, &name)
        }
    }
}

async fn reach(common: &StoredArguments, config: &Config) -> Result<(Client, Target), Failure> {
    source::as_caller(&configured_packs(&common.packs, config)?).await
}

/// What is to be handed on, and how it is called: a file's findings, else the store's.
async fn read(
    file: Option<&Path>,
    what: &ExportArguments,
    format: ExportFormat,
    config: &Config,
) -> Result<(Box<dyn BufRead + Send>, String), Failure> {
    let Some(file) = file else { return stored(what, format, config).await };
    if !what.filter.is_empty() {
        return Err(Told::new("a file was named, and a filter given")
            .help("without a file, the findings of the store are exported that the filter lets through")
            .usage());
    }
    Ok((open(file)?, file.display().to_string()))
}

/// The findings of the store that the receiver has to hear of, in a file that goes away: AWS may take hours, and the store is not held for that long.
async fn stored(
    what: &ExportArguments,
    format: ExportFormat,
    config: &Config,
) -> Result<(Box<dyn BufRead + Send>, String), Failure> {
    let opened = Opened::new(&what.common, config).await?;
    let filter = filter::to_be_told(what, &opened.known(config.projects()), config, opened.now)?;
    let unkept = |error: io::Error| Told::new("no temporary file can be written").because(error).other();
    let mut file = tempfile::tempfile().map_err(unkept)?;
    let out = BufWriter::new(file.try_clone().map_err(unkept)?);
    let wanted = |it: &Finding| format == ExportFormat::Ocsf || is_news_to_security_hub(it);
    let written = opened.around().write(&filter, format, wanted, out).await;
    let written = written.map_err(|wrong| {
        wrong.told().unwrap_or_else(|| unkept(io::Error::from(io::ErrorKind::BrokenPipe)))
    })?;
    if written.left_out > 0 {
        terminal::say(&format!(
            "{} findings are left out: Security Hub has them from who reports them",
            written.left_out
        ));
    }
    file.rewind().map_err(unkept)?;
    let moment = opened.now.strftime("%Y%m%dT%H%M%SZ").to_string();
    opened.store.close().await;
    Ok((Box::new(BufReader::new(file)), format!("findings-{moment}")))
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

fn tell(done: Result<Exported, ExportError>, name: &str) -> Result<ExitCode, Failure> {
    let done = done.map_err(|error| {
        Told::new(format!("`{name}` cannot be exported to its end")).because(error).other()
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
