//! Matches to findings and incidents in the store.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::ExitCode;

use serde::Serialize;
use tokio::runtime::Handle;
use yagura_detect::Engine;
use yagura_logs::Found;
use yagura_model::{Incident, Lang, Severity, ThreatFinding, Timestamp};
use yagura_report::{KnownDetections, Style, incident_table, threat_table};
use yagura_store::{BeginDetectionError, DatabaseError};
use yagura_watch::{Batch, Piece, Taken, Wanted, Watcher};

use super::totals::{Totals, counted};
use super::{ended, read, threads};
use crate::arguments::{DetectArguments, ThreatFormat};
use crate::commands::store::StorePlace;
use crate::commands::{detections, language};
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::output::Sink;
use crate::terminal;

/// Findings and incidents of a run, as they stand at its end.
#[derive(Default)]
struct Results {
    findings: BTreeMap<String, ThreatFinding>,
    incidents: BTreeMap<String, Incident>,
    again: u64,
    allowed: u64,
}

impl Results {
    fn add(&mut self, taken: Taken) {
        self.again += taken.again;
        self.allowed += taken.allowed;
        self.findings.extend(taken.findings.into_iter().map(|it| (it.id.clone(), it)));
        self.incidents.extend(taken.incidents.into_iter().map(|it| (it.id.clone(), it)));
        // What became part of another incident is none of its own.
        let still: std::collections::BTreeSet<_> =
            self.findings.values().filter_map(|it| it.incident.clone()).collect();
        self.incidents.retain(|id, _| still.contains(id));
    }
}

/// Why a run ends early.
enum Stopped {
    Store(DatabaseError),
}

/// Runs the command.
pub(super) async fn run(
    arguments: &DetectArguments,
    config: &Config,
    engine: &Engine,
    files: &[Found],
) -> Result<ExitCode, Failure> {
    let now = arguments.now.unwrap_or_else(Timestamp::now);
    let lang = language(arguments.common.lang.or(config.lang()));
    let known = detections::words(&arguments.common, config)?;
    let names = known.iter().map(|(id, it)| (id.clone(), it.name.clone())).collect();
    let allow = config.allow_list(now)?.with_names(names);
    let place = StorePlace::choose(arguments.store.clone().or_else(|| config.store()).as_deref())?;
    let store = place.open().await?;
    let run = store.begin_detection().map_err(busy)?;
    let mut out = Sink::open(arguments.out.as_deref())?;
    let mut watcher = Watcher::new(run, allow);
    let (mut totals, mut results, mut batch) = (Totals::of(files), Results::default(), Batch::default());
    let handle = Handle::current();
    let look = |file: &Found, give: &mut dyn FnMut(Piece) -> bool| read(engine, file, Wanted::Findings, give);
    // The threads of the runtime go on with their work while this one reads.
    let looked = tokio::task::block_in_place(|| {
        yagura_logs::in_order(files, threads(arguments), look, |mut piece: Piece| {
            piece.problems.iter().for_each(|it| terminal::say(it));
            totals.add(&piece);
            batch.add(&mut piece);
            if batch.is_full() {
                results.add(
                    handle.block_on(watcher.take(std::mem::take(&mut batch), now)).map_err(Stopped::Store)?,
                );
            }
            Ok(())
        })
    });
    let looked = match looked {
        Ok(()) => watcher.take(batch, now).await.map(|it| results.add(it)).map_err(Stopped::Store),
        Err(stopped) => Err(stopped),
    };
    if let Err(Stopped::Store(error)) = looked {
        out.abandon();
        return Err(Told::new("the findings cannot be stored").because(error).other());
    }
    drop(watcher);
    store.close().await;
    terminal::say(&totals.told(engine));
    terminal::say(&told(&results));
    let text = match arguments.output {
        ThreatFormat::Table => table(&results, arguments.severity, &known, lang),
        ThreatFormat::Json => json(&results, arguments.severity)?,
    };
    let finished = out.write_all(text.as_bytes()).and_then(|()| out.finish());
    ended(finished, &totals)
}

fn busy(error: BeginDetectionError) -> Failure {
    Told::new("findings cannot be stored")
        .because(error)
        .help("`--store PATH` names another file, `--store none` keeps nothing")
        .other()
}

fn told(results: &Results) -> String {
    let mut told = format!(
        "{}, {}",
        counted(results.findings.len() as u64, "finding", "findings"),
        counted(results.incidents.len() as u64, "incident", "incidents")
    );
    if results.again > 0 {
        let again = counted(results.again, "match", "matches");
        told.push_str(&format!(
            "; {again} known already: `yagura incidents list` shows what was found before"
        ));
    }
    if results.allowed > 0 {
        told.push_str(&format!(
            "; {} allowed by the configuration",
            counted(results.allowed, "match", "matches")
        ));
    }
    told
}

/// The worst first.
fn shown(results: &Results, least: Option<Severity>) -> (Vec<Incident>, Vec<ThreatFinding>) {
    let mut findings: Vec<_> = results
        .findings
        .values()
        .filter(|it| least.is_none_or(|least| it.severity >= least))
        .cloned()
        .collect();
    findings.sort_by(|a, b| (b.severity, a.first_seen, &a.id).cmp(&(a.severity, b.first_seen, &b.id)));
    let mut incidents: Vec<_> = results
        .incidents
        .values()
        .filter(|it| least.is_none_or(|least| it.severity >= least))
        .cloned()
        .collect();
    incidents.sort_by(|a, b| (b.severity, a.first_seen, &a.id).cmp(&(a.severity, b.first_seen, &b.id)));
    (incidents, findings)
}

fn table(results: &Results, least: Option<Severity>, known: &KnownDetections, lang: Lang) -> String {
    let style = Style { width: terminal::width(), colours: terminal::colours(), ..Style::default() };
    let (incidents, findings) = shown(results, least);
    let findings = threat_table(&findings, known, lang, style);
    if incidents.is_empty() {
        return findings;
    }
    format!("{}\n{findings}", incident_table(&incidents, lang, style))
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    incidents: Vec<Incident>,
    findings: Vec<ThreatFinding>,
}

fn json(results: &Results, least: Option<Severity>) -> Result<String, Failure> {
    let (incidents, findings) = shown(results, least);
    let text = serde_json::to_string_pretty(&Document { incidents, findings });
    text.map(|it| it + "\n").map_err(|error| Told::new("cannot write the result").because(error).other())
}
