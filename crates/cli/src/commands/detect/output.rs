//! What a run tells: matches, findings and incidents, and in a line how it went.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write as _};
use std::time::Duration;

use serde::Serialize;
use yagura_model::{Incident, Lang, Severity, ThreatFinding};
use yagura_report::{KnownDetections, Style, incident_table, threat_line, threat_table};
use yagura_watch::{Listener, Session, Taken};

use super::places::Places;
use crate::arguments::{DetectArguments, DetectFormat};
use crate::commands::findings::exported::{Around, Wrong};
use crate::failure::Failure;
use crate::output::Sink;
use crate::terminal;

/// Takes what a run tells.
pub(super) struct Output {
    sink: Option<Sink>,
    format: DetectFormat,
    /// What was written of the findings in the format of others.
    exported: Vec<u8>,
    least: Option<Severity>,
    known: KnownDetections,
    lang: Lang,
    matches: bool,
    /// Findings are told as they come.
    following: bool,
    results: Results,
    /// Findings that were told.
    told: BTreeSet<String>,
}

/// Findings and incidents of a run, as they stand at its end.
#[derive(Default)]
struct Results {
    findings: BTreeMap<String, ThreatFinding>,
    incidents: BTreeMap<String, Incident>,
    again: u64,
    allowed: u64,
    /// What was new of something of which too little is known yet.
    unsure: u64,
}

impl Output {
    pub(super) fn open(
        arguments: &DetectArguments,
        known: KnownDetections,
        lang: Lang,
    ) -> Result<Self, Failure> {
        Ok(Self {
            sink: Some(Sink::open(arguments.out.as_deref())?),
            format: arguments.output,
            exported: Vec::new(),
            least: arguments.severity,
            known,
            lang,
            matches: arguments.matches,
            following: arguments.follow,
            results: Results::default(),
            told: BTreeSet::new(),
        })
    }

    /// Writes what is left to be told, and ends the output.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        let text = match self.format {
            _ if self.matches || self.following => Vec::new(),
            DetectFormat::Table => self.table().into_bytes(),
            DetectFormat::Json => self.document()?.into_bytes(),
            DetectFormat::Ocsf | DetectFormat::Asff => std::mem::take(&mut self.exported),
        };
        let Some(mut sink) = self.sink.take() else { return Ok(()) };
        let written = sink.write_all(&text);
        written.and_then(|()| sink.finish())
    }

    /// Leaves nothing half-written.
    pub(super) fn abandon(&mut self) {
        if let Some(sink) = self.sink.take() {
            sink.abandon();
        }
    }

    /// Writes the findings of the run in the format of others, if that is asked for; they are told at its end.
    pub(super) async fn export(&mut self, around: &Around<'_>) -> Result<(), Failure> {
        let Some(format) = self.format.export() else { return Ok(()) };
        let (_, findings) = self.shown();
        let mut bytes = Vec::new();
        let written = around.write_threats(&findings, format, &mut bytes).await;
        let written = match written.map_err(Wrong::told) {
            Ok(written) => written,
            Err(failure) => return failure.map_or(Ok(()), Err),
        };
        if written.left_out > 0 {
            let left_out = counted(written.left_out, "finding", "findings");
            terminal::say(&format!("{left_out} of no account of AWS left out"));
        }
        self.exported = bytes;
        Ok(())
    }

    /// The worst first.
    fn shown(&self) -> (Vec<Incident>, Vec<ThreatFinding>) {
        let least = |severity: Severity| self.least.is_none_or(|least| severity >= least);
        let findings = self.results.findings.values().filter(|it| least(it.severity));
        let mut findings: Vec<_> = findings.cloned().collect();
        findings.sort_by(|a, b| (b.severity, a.first_seen, &a.id).cmp(&(a.severity, b.first_seen, &b.id)));
        let incidents = self.results.incidents.values().filter(|it| least(it.severity));
        let mut incidents: Vec<_> = incidents.cloned().collect();
        incidents.sort_by(|a, b| (b.severity, a.first_seen, &a.id).cmp(&(a.severity, b.first_seen, &b.id)));
        (incidents, findings)
    }

    fn table(&self) -> String {
        let style = Style { width: terminal::width(), colours: terminal::colours(), ..Style::default() };
        let (incidents, findings) = self.shown();
        let findings = threat_table(&findings, &self.known, self.lang, style);
        if incidents.is_empty() {
            return findings;
        }
        format!("{}\n{findings}", incident_table(&incidents, self.lang, style))
    }

    fn document(&self) -> io::Result<String> {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Document {
            incidents: Vec<Incident>,
            findings: Vec<ThreatFinding>,
        }
        let (incidents, findings) = self.shown();
        Ok(serde_json::to_string_pretty(&Document { incidents, findings })? + "\n")
    }

    /// Findings that are new, a line each.
    fn tell(&mut self, taken: &Taken) -> io::Result<()> {
        let style = Style { width: terminal::width(), colours: terminal::colours(), ..Style::default() };
        let Some(sink) = &mut self.sink else { return Ok(()) };
        for it in &taken.findings {
            if self.least.is_some_and(|least| it.severity < least) || !self.told.insert(it.id.clone()) {
                continue;
            }
            let line = match self.format {
                DetectFormat::Table => threat_line(it, &self.known, self.lang, style),
                _ => serde_json::to_string(it)?,
            };
            writeln!(sink, "{line}")?;
        }
        // As many as anybody looks at.
        while self.told.len() > 100_000 {
            self.told.pop_first();
        }
        sink.flush()
    }
}

impl Listener for Output {
    fn say(&mut self, line: &str) {
        terminal::say(line);
    }

    fn lines(&mut self, lines: &[u8]) -> io::Result<()> {
        let Some(sink) = &mut self.sink else { return Ok(()) };
        sink.write_all(lines)
    }

    fn taken(&mut self, taken: Taken) -> io::Result<()> {
        self.results.again += taken.again;
        self.results.allowed += taken.allowed;
        self.results.unsure += taken.unsure;
        if self.following {
            return self.tell(&taken);
        }
        let results = &mut self.results;
        results.findings.extend(taken.findings.into_iter().map(|it| (it.id.clone(), it)));
        results.incidents.extend(taken.incidents.into_iter().map(|it| (it.id.clone(), it)));
        // What became part of another incident is none of its own.
        let still: BTreeSet<_> = results.findings.values().filter_map(|it| it.incident.as_ref()).collect();
        results.incidents.retain(|id, _| still.contains(id));
        Ok(())
    }
}

/// A run in a line, at its end.
pub(super) fn told(session: &Session<'_, Output>, places: &Places) -> String {
    let status = &session.status;
    let mut told = format!(
        "{} of {}, {}: {} of {}",
        counted(status.events, "event", "events"),
        counted(status.read + status.unread, "file", "files"),
        counted(session.rules() as u64, "rule", "rules"),
        counted(status.matches, "match", "matches"),
        counted(status.rules.len() as u64, "rule", "rules"),
    );
    let mut more = |count: u64, one: &str, many: &str, what: &str| {
        if count > 0 {
            told.push_str(&format!("; {} {what}", counted(count, one, many)));
        }
    };
    more(places.digests(), "digest file", "digest files", "passed over");
    more(status.broken, "record", "records", "could not be read");
    more(status.unknown, "record", "records", "of no kind that is known");
    more(status.unread, "file", "files", "could not be read, or not to the end");
    more(status.given_up, "file or message", "files or messages", "given up");
    let (timeless, forgotten) = session.uncounted();
    more(timeless, "match", "matches", "not counted by correlations: their events tell no time");
    more(forgotten, "match", "matches", "not counted by correlations: there were too many");
    let output = &session.listener;
    if output.matches {
        return told;
    }
    let results = &output.results;
    if !output.following {
        told.push_str(&format!(
            "\n{}, {}",
            counted(results.findings.len() as u64, "finding", "findings"),
            counted(results.incidents.len() as u64, "incident", "incidents")
        ));
    }
    if results.again > 0 {
        let again = counted(results.again, "match", "matches");
        told.push_str(&format!(
            "; {again} known already: `yagura incidents list` shows what was found before"
        ));
    }
    if results.allowed > 0 {
        let allowed = counted(results.allowed, "match", "matches");
        told.push_str(&format!("; {allowed} allowed by the configuration"));
    }
    if results.unsure > 0 {
        let unsure = counted(results.unsure, "thing", "things");
        told.push_str(&format!("; {unsure} learned that nobody can call unusual yet"));
    }
    told
}

/// How a run that follows its sources goes.
pub(super) fn status(session: &Session<'_, Output>, events: u64, time: Duration) -> String {
    let status = &session.status;
    let per_second = events * 1000 / u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
    let lag = status.newest.map(|it| {
        let seconds = session.now().duration_since(it).as_secs().max(0);
        format!(", the newest {} min old", seconds / 60)
    });
    format!(
        "{}, {per_second} a second{}; {}; {} broken, {} unread, {} given up",
        counted(status.events, "event", "events"),
        lag.unwrap_or_default(),
        counted(status.matches, "match", "matches"),
        status.broken,
        status.unread,
        status.given_up,
    )
}

fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
