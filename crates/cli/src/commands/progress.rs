//! `yagura progress`: how it goes on, week by week.

use std::process::ExitCode;

use jiff::tz::TimeZone;
use yagura_posture::{ProgressCounter, ProgressQuestion};
use yagura_report::{Style, progress_json, progress_table};

use crate::arguments::{ProgressArguments, ThreatFormat};
use crate::commands::report::Known;
use crate::commands::{language, store};
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::{source, terminal};

/// Runs the command.
pub async fn run(arguments: ProgressArguments, config: Config) -> Result<ExitCode, Failure> {
    let known = Known::load(&arguments.from, &config, &[]).await?;
    let mut counter = ProgressCounter::new(ProgressQuestion {
        now: arguments.from.now.unwrap_or_else(source::clock),
        zone: TimeZone::system(),
        weeks: usize::from(arguments.weeks),
        due: config.due_days(),
        projects: known.accounts_of_projects(config.projects()),
        frameworks: known.frameworks.iter().collect(),
        rules: &known.rules,
    });
    known.store.each_life(None, |it| counter.add(it)).await.map_err(|error| store::unread(error.into()))?;
    let progress = counter.finish();
    let unwritten = || Told::new("cannot write the result");
    let text = match arguments.output {
        ThreatFormat::Json => progress_json(env!("CARGO_PKG_VERSION"), &progress)
            .map_err(|error| unwritten().because(error).other())?,
        ThreatFormat::Table => {
            let style = Style { width: terminal::width(), colours: terminal::colours(), ..Style::default() };
            let lang = language(arguments.from.lang.or(config.lang()));
            progress_table(&progress, arguments.by.into(), lang, style)
        }
    };
    terminal::result(&text).map_err(|error| unwritten().because(error).other())?;
    known.store.close().await;
    Ok(ExitCode::SUCCESS)
}
