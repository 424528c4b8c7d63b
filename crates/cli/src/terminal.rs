//! The only module that prints: results to standard output, everything else to standard error.
#![expect(clippy::print_stderr, reason = "this is the terminal module")]

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use miette::GraphicalReportHandler;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};
use yagura_model::{Diagnostic, Lang, Level};
use yagura_report::safe_lines;
use yagura_server::REQUESTS;

use crate::arguments::{LogFormat, Logging};
use crate::failure::Failure;
use crate::traces;

/// Exit status when what was looked for was found: a violation of at least `--fail-on`, an account without one project.
pub const FOUND: u8 = 3;

/// Prints what clap says; help and version are results, mistakes are not.
pub fn usage(error: &clap::Error) -> ExitCode {
    // A closed pipe behind `--help` is no failure.
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

/// Prints a failure and gives its exit status.
pub fn fail(failure: &Failure) -> ExitCode {
    let mut text = String::new();
    let handler = if io::stderr().is_terminal() {
        GraphicalReportHandler::new()
    } else {
        GraphicalReportHandler::new_themed(miette::GraphicalTheme::unicode_nocolor())
    };
    if handler.render_report(&mut text, failure.report.as_ref()).is_err() {
        text = failure.report.to_string();
    }
    eprint!("{text}");
    ExitCode::from(failure.status)
}

/// Sends log lines to standard error, and spans to where OpenTelemetry's variables say. A server tells of each request.
pub fn start_logging(logging: &Logging, is_server: bool) {
    let level = match logging.verbose {
        0 if is_server => "warn,yagura_server::request=info",
        0 => "warn",
        1 => "info,hyper=warn,aws_config=warn",
        _ => "debug,hyper=info,hyper_util=info,rustls=info",
    };
    let filter = EnvFilter::try_from_env("YAGURA_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let lines = match logging.log_format {
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).with_target(false).boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    let requests = Targets::new().with_target(REQUESTS, LevelFilter::INFO);
    let spans = if is_server { traces::tracer() } else { None };
    let spans = spans.map(|it| tracing_opentelemetry::layer().with_tracer(it).with_filter(requests));
    // A second start (in tests) keeps the first one.
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter)).with(spans).try_init();
}

/// Prints the mistakes found in files.
pub fn diagnostics(found: &[Diagnostic]) {
    for diagnostic in found {
        eprintln!("{}", safe_lines(&diagnostic.to_string()));
    }
}

/// Whether any of them makes its file unusable.
pub fn any_error(found: &[Diagnostic]) -> bool {
    found.iter().any(|diagnostic| diagnostic.level == Level::Error)
}

/// A line about what is going on.
pub fn say(line: &str) {
    eprintln!("{}", safe_lines(line));
}

/// The result of a command, to standard output. A reader that went away ends the output quietly.
pub fn result(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// How wide the terminal behind standard output is; 0 when there is none.
pub fn width() -> usize {
    if !io::stdout().is_terminal() {
        return 0;
    }
    std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok())
        .or_else(|| terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0)))
        .unwrap_or(100)
}

/// Whether standard output shows colours.
pub fn colours() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// The language that the environment asks for.
pub fn language() -> Lang {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .map_or(Lang::En, |value| if value.starts_with("ja") { Lang::Ja } else { Lang::En })
}

/// Waits until somebody wants the program to end.
pub async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    drop(interrupted.await);
}

/// Wishes that what was read from files is read again.
pub struct Hangups {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl Hangups {
    /// Begins to listen for them; where the system knows none, none comes.
    pub fn new() -> Self {
        Self {
            #[cfg(unix)]
            signal: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok(),
        }
    }

    /// Waits for the next one; `false` when none can come.
    pub async fn next(&mut self) -> bool {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal {
            return signal.recv().await.is_some();
        }
        false
    }
}
