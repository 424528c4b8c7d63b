//! `yagura score`: where the organisation stands, where it stood, and what made the difference.

use std::io::Write as _;
use std::process::ExitCode;

use jiff::tz::TimeZone;
use yagura_model::{Framework, Trend};
use yagura_posture::{Frameworks, Rules};
use yagura_report::{Style, score_json, score_table};

use crate::arguments::{ScoreArguments, ScoreBy, ScoreFormat};
use crate::commands::store::last_scan;
use crate::commands::{configured_packs, language};
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::output::Sink;
use crate::terminal;

/// Runs the command.
pub async fn run(arguments: ScoreArguments, config: Config) -> Result<ExitCode, Failure> {
    let wanted = |by| arguments.by.is_none_or(|it| it == by);
    let in_json = arguments.output == ScoreFormat::Json;
    let frameworks = match arguments.by {
        None if !in_json => Frameworks::default(),
        _ if !wanted(ScoreBy::Framework) => Frameworks::default(),
        _ => load(&arguments, &config)?,
    };
    let frameworks: Vec<&Framework> = frameworks.iter().collect();
    let projects = if wanted(ScoreBy::Project) { config.settings().projects } else { Vec::new() };
    if arguments.by == Some(ScoreBy::Project) && projects.is_empty() {
        return Err(Told::new("the configuration defines no project")
            .help("`[[projects]]` in yagura.toml does: docs/configuration.md")
            .usage());
    }
    let store = arguments.store.clone().or_else(|| config.store());
    let (store, last) = last_scan(store.as_deref()).await?;
    let since = arguments.since.map(|it| it.before(last.started));
    let mut trend = yagura_scan::trend(&store, &last, since, &frameworks, &projects)
        .await
        .map_err(|error| Told::new("the scans cannot be read back from the store").because(error).other())?;
    store.close().await;
    keep(&mut trend, arguments.by, in_json);
    let text = match arguments.output {
        ScoreFormat::Json => score_json(env!("CARGO_PKG_VERSION"), &trend)
            .map_err(|error| Told::new("the score cannot be written as JSON").because(error).other())?,
        ScoreFormat::Table => {
            let style = Style { width: terminal::width(), colours: terminal::colours(), ..Style::default() };
            score_table(&trend, language(arguments.lang), Some(&TimeZone::system()), style)
        }
    };
    let failed = |error| Told::new("cannot write the result").because(error).other();
    match arguments.out {
        None => terminal::result(&text).map_err(failed)?,
        Some(path) => {
            let mut sink = Sink::open(Some(&path))?;
            sink.write_all(text.as_bytes()).map_err(failed)?;
            sink.finish().map_err(failed)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Leaves only what was asked for. Nothing asked means everything in JSON, and the functions on a terminal.
fn keep(trend: &mut Trend, by: Option<ScoreBy>, everything: bool) {
    let by = by.or((!everything).then_some(ScoreBy::Function));
    let Some(by) = by else { return };
    if by != ScoreBy::Function {
        trend.functions.clear();
    }
    if by != ScoreBy::Account {
        trend.accounts.clear();
    }
    if by != ScoreBy::Project {
        trend.projects.clear();
    }
    if by != ScoreBy::Framework {
        trend.frameworks.clear();
    }
}

fn load(arguments: &ScoreArguments, config: &Config) -> Result<Frameworks, Failure> {
    let packs = configured_packs(&arguments.packs, config)?;
    let (rules, mistakes) = Rules::load(&packs, &config.settings());
    terminal::diagnostics(&mistakes);
    let (frameworks, mistakes) = Frameworks::load(&packs, &rules);
    terminal::diagnostics(&mistakes);
    Ok(frameworks)
}
