//! `yagura projects`: who owns which accounts, and which nobody does.

use std::process::ExitCode;

use yagura_posture::project_map;
use yagura_report::{Style, project_json, project_list};

use crate::arguments::{ProjectsArguments, ThreatFormat};
use crate::commands::language;
use crate::commands::store::last_scan;
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::terminal;

/// Runs the command.
pub async fn run(arguments: ProjectsArguments, config: &Config) -> Result<ExitCode, Failure> {
    let store = arguments.store.clone().or_else(|| config.store());
    let (store, last) = last_scan(store.as_deref()).await?;
    let unread = |error| Told::new("the accounts cannot be read back from the store").because(error).other();
    let organization = store.organization(last.id).await.map_err(unread)?;
    store.close().await;
    let map = project_map(config.projects(), &organization);
    let text = match arguments.output {
        ThreatFormat::Table => {
            let style = Style { width: terminal::width(), colours: terminal::colours(), ..Style::default() };
            project_list(&map, language(arguments.lang.or(config.lang())), style)
        }
        ThreatFormat::Json => project_json(&map).map_err(|error| unwritten().because(error).other())?,
    };
    terminal::result(&text).map_err(|error| unwritten().because(error).other())?;
    let is_complete = map.in_none.is_empty() && map.in_several.is_empty();
    Ok(if arguments.fail && !is_complete { ExitCode::from(terminal::FOUND) } else { ExitCode::SUCCESS })
}

fn unwritten() -> Told {
    Told::new("cannot write the result")
}
