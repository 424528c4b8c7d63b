//! The `yagura` command: arguments, wiring, terminal output. It holds no logic of its own.
//!
//! Exit status: 0 done, 3 findings at or above `--fail-on`, 2 bad usage or configuration, 1 anything else.

mod arguments;
mod commands;
mod config;
mod failure;
mod output;
mod progress;
mod report_settings;
mod since;
mod source;
mod terminal;
mod traces;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command, FrameworksCommand, ReportCommand};

/// Millions of small values come and go on many threads: a quarter of a large scan's time with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return terminal::usage(&error),
    };
    yagura_logs::keep_quiet_of_handled_panics();
    yagura_report::keep_quiet_of_handled_panics();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let failure = failure::Told::new("the program cannot start its threads").because(error).other();
            return terminal::fail(&failure);
        }
    };
    {
        let _within = runtime.enter();
        terminal::start_logging(&arguments.logging, matches!(arguments.command, Command::Serve(_)));
    }
    let done = runtime.block_on(run(arguments));
    traces::end();
    // A call that never answers must not keep a finished program alive.
    runtime.shutdown_background();
    match done {
        Ok(status) => status,
        Err(failure) => terminal::fail(&failure),
    }
}

async fn run(arguments: Arguments) -> Result<ExitCode, failure::Failure> {
    let config = || config::Config::load(arguments.config.as_deref());
    let with_projects = async |is_asked: bool| config()?.with_project_tables(is_asked).await;
    match arguments.command {
        Command::Scan(scan) => commands::scan::run(*scan, with_projects(true).await?).await,
        Command::Collect(collect) => {
            let is_asked = !collect.target.projects.is_empty();
            commands::collect::run(*collect, with_projects(is_asked).await?).await
        }
        Command::Rules(rules) => commands::rules::run(rules, &with_projects(false).await?).await,
        Command::Frameworks(frameworks) => {
            let is_asked = matches!(frameworks, FrameworksCommand::Report { .. });
            commands::frameworks::run(frameworks, with_projects(is_asked).await?).await
        }
        Command::Projects(projects) => commands::projects::run(projects, &with_projects(true).await?).await,
        Command::Detect(detect) => commands::detect::run(detect, &with_projects(false).await?).await,
        Command::Incidents(incidents) => commands::incidents::run(incidents, &config()?).await,
        Command::Findings(findings) => commands::findings::run(*findings, &with_projects(true).await?).await,
        Command::Import(import) => {
            let is_asked = !import.target.projects.is_empty();
            commands::import::run(*import, &with_projects(is_asked).await?).await
        }
        Command::Export(export) => commands::export::run(*export, &config()?).await,
        Command::Suppress(suppress) => commands::suppress::run(suppress, &with_projects(true).await?).await,
        Command::Detections(detections) => commands::detections::run(detections, &config()?),
        Command::Score(score) => commands::score::run(score, with_projects(true).await?).await,
        Command::Notify(notify) => {
            let is_asked = notify.asks_for_projects();
            commands::notify::run(notify, &with_projects(is_asked).await?).await
        }
        Command::Report(report) => {
            let is_asked = !matches!(report.command, Some(ReportCommand::BucketPolicy(_)));
            commands::report::run(*report, with_projects(is_asked).await?).await
        }
        Command::Progress(progress) => commands::progress::run(progress, with_projects(true).await?).await,
        Command::Users(users) => commands::users::run(users, &config()?).await,
        Command::Serve(serve) => commands::serve::run(serve, arguments.config.as_deref()).await,
        // The demonstration looks the same everywhere, whatever is configured.
        Command::Onboard(onboard) => commands::onboard::run(onboard),
        Command::Demo(demo) => commands::demo::run(demo).await,
    }
}
