//! Tells a scan's result: from the store, in order, as a stream, into every output at once.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use futures::StreamExt;
use jiff::tz::TimeZone;
use yagura_model::{Lang, Outcome, Scan, Severity, Summary};
use yagura_report::{Format, Head, Report, ReportError, Style, Tail};
use yagura_store::{Filter, ReadError, Store};

use crate::commands::judge::Asked;
use crate::failure::{Failure, Told};
use crate::output::{OutputSpec, SharedSink, Sink};
use crate::terminal;

/// What the user wants to hear.
pub struct Wish {
    /// Where it goes.
    pub outputs: Vec<OutputSpec>,
    /// Only these answers; empty means what each format shows by itself.
    pub status: BTreeSet<Outcome>,
    /// Only violations of at least this severity.
    pub severity: Option<Severity>,
    /// The language of texts.
    pub lang: Lang,
    /// The frameworks and requirements to tell.
    pub asked: Asked,
}

/// Writes every output and gives back the counts of the whole scan.
///
/// # Errors
///
/// The store cannot be read, or an output cannot be written: then its unfinished file is removed.
pub async fn tell(store: &Store, scan: &Scan, wish: &Wish) -> Result<Summary, Failure> {
    let unread =
        |error: ReadError| Told::new("the result cannot be read back from the store").because(error).other();
    let organization = store.organization(scan.id).await.map_err(unread)?;
    let accounts = store.accounts(scan.id).await.map_err(unread)?;
    let rules: BTreeMap<_, _> =
        store.rules(scan.id).await.map_err(unread)?.into_iter().map(|rule| (rule.id.clone(), rule)).collect();
    let summary = store.summary(scan.id).await.map_err(unread)?;
    let frameworks: Vec<_> = wish.asked.frameworks.iter().collect();
    let frameworks = yagura_scan::assess(store, scan, &frameworks, &[], None, |_, _| Ok(()))
        .await
        .map_err(|error| Told::new("the frameworks cannot be assessed").because(error).other())?;
    for spec in &wish.outputs {
        let outcomes =
            if wish.status.is_empty() { spec.format.default_outcomes() } else { wish.status.clone() };
        let head = Head {
            version: env!("CARGO_PKG_VERSION"),
            scan,
            organization: &organization,
            accounts: &accounts,
            rules: &rules,
            lang: wish.lang,
            time_zone: Some(TimeZone::system()),
            outcomes: outcomes.clone(),
            requirements: &wish.asked.requirements,
        };
        let tail = Tail { summary: &summary, frameworks: &frameworks };
        let sink = SharedSink::new(Sink::open(spec.path.as_deref())?);
        let filter = Filter { outcomes, min_severity: wish.severity, ..Filter::default() };
        let written = write(store, scan, &filter, &head, spec.format, &tail, sink.clone()).await;
        let Some(sink) = sink.take() else { continue };
        match written {
            Ok(()) => sink.finish().or_else(quiet_when_reader_left).map_err(|error| failed(spec, error))?,
            Err(Wrong::Write(error)) if error.is_broken_pipe() => sink.abandon(),
            Err(Wrong::Write(error)) => {
                sink.abandon();
                return Err(failed(spec, error));
            }
            Err(Wrong::Read(error)) => {
                sink.abandon();
                return Err(unread(error));
            }
        }
    }
    Ok(summary)
}

enum Wrong {
    Read(ReadError),
    Write(ReportError),
}

impl From<ReadError> for Wrong {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

impl From<ReportError> for Wrong {
    fn from(error: ReportError) -> Self {
        Self::Write(error)
    }
}

async fn write(
    store: &Store,
    scan: &Scan,
    filter: &Filter,
    head: &Head<'_>,
    format: Format,
    tail: &Tail<'_>,
    sink: SharedSink,
) -> Result<(), Wrong> {
    let style = Style { width: terminal::width(), colours: terminal::colours(), ..Style::default() };
    let mut report: Report<'_> = format.begin(head, style, Box::new(sink))?;
    let mut records = store.evaluations(scan.id, filter).await?;
    while let Some(record) = records.next().await {
        report.evaluation(&record?)?;
    }
    let mut coverage = store.coverage(scan.id).await?;
    while let Some(row) = coverage.next().await {
        report.coverage(&row?)?;
    }
    report.end(tail)?;
    Ok(())
}

fn quiet_when_reader_left(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}

fn failed(spec: &OutputSpec, error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    let place =
        spec.path.as_ref().map_or_else(|| "standard output".to_owned(), |it| format!("`{}`", it.display()));
    Told::new(format!("the {} output to {place} could not be written", spec.format))
        .because(error)
        .help("the scan is in the store: the same command writes the output again")
        .other()
}
