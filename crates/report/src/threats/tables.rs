//! One line for each incident, one for each finding.

use yagura_model::{Incident, Lang, Severity, ThreatFinding};

use super::{KnownDetections, moment, name, short, title, words};
use crate::detections::width;
use crate::format::Style;
use crate::table::grid::{Cell, Column, Grid, Paint};
use crate::table::words::number;
use crate::words::{pick, severity};

pub(super) fn paint(it: Severity) -> Paint {
    match it {
        Severity::Critical => Paint::Critical,
        Severity::High => Paint::High,
        Severity::Medium => Paint::Medium,
        Severity::Low => Paint::Low,
        Severity::Informational => Paint::Dim,
    }
}

/// Some of a list, and how many more there are.
pub(super) fn some<'s>(items: impl Iterator<Item = &'s str>, most: usize) -> String {
    let items: Vec<_> = items.collect();
    let mut text = items.iter().take(most).copied().collect::<Vec<_>>().join(", ");
    if items.len() > most {
        text.push_str(&format!(" +{}", items.len() - most));
    }
    text
}

/// Incidents, in the order given.
#[must_use]
pub fn incident_table(incidents: &[Incident], lang: Lang, style: Style) -> String {
    if incidents.is_empty() {
        return pick(lang, "No incidents.\n", "インシデントはありません。\n").to_owned();
    }
    let mut grid = Grid::new([
        Column::Left,
        Column::Left,
        Column::Left,
        Column::Left,
        Column::Right,
        Column::Left,
        Column::Elastic,
    ]);
    grid.titles(&[
        pick(lang, "INCIDENT", "インシデント"),
        pick(lang, "SEVERITY", "重大度"),
        pick(lang, "FIRST", "最初"),
        pick(lang, "LAST", "最後"),
        pick(lang, "FINDINGS", "検出"),
        pick(lang, "WHO", "実行者"),
        pick(lang, "STAGES", "段階"),
    ]);
    for it in incidents {
        let stages: Vec<_> = it.stages.iter().map(|it| *words::tactic(*it).get(lang)).collect();
        grid.row([
            Cell::new(short(&it.id), Paint::Title),
            Cell::new(severity(it.severity).get(lang), paint(it.severity)),
            Cell::plain(moment(it.first_seen)),
            Cell::plain(moment(it.last_seen)),
            Cell::plain(number(it.findings)),
            Cell::plain(some(it.actors.iter().map(|it| it.name.as_str()), 2)),
            Cell::plain(stages.join(" > ")),
        ]);
    }
    grid.lines(0, width(style), style.colours).join("\n") + "\n"
}

/// A finding in a line, as it comes.
#[must_use]
pub fn threat_line(it: &ThreatFinding, known: &KnownDetections, lang: Lang, style: Style) -> String {
    let safe = |text: &str| crate::safe::line(text).into_owned();
    let words = severity(it.severity);
    let from = it.samples.iter().find_map(|it| it.address.as_deref());
    let from = from.map(|it| pick(lang, format!(" from {it}"), format!("（接続元 {it}）")));
    format!(
        "{}  {}  {}  {}  {}{}",
        moment(it.first_seen),
        paint(it.severity).on(words.get(lang), style.colours),
        safe(name(it, known)),
        safe(title(it, known, lang)),
        safe(&it.actor.name),
        safe(&from.unwrap_or_default()),
    )
}

/// Findings, in the order given.
#[must_use]
pub fn threat_table(findings: &[ThreatFinding], known: &KnownDetections, lang: Lang, style: Style) -> String {
    if findings.is_empty() {
        return pick(lang, "Nothing new was found.\n", "新しい検出はありません。\n").to_owned();
    }
    let columns = [
        Column::Left,
        Column::Left,
        Column::Left,
        Column::Right,
        Column::Left,
        Column::Left,
        Column::Elastic,
    ];
    let mut grid = Grid::new(columns);
    grid.titles(&[
        pick(lang, "SEVERITY", "重大度"),
        pick(lang, "DETECTION", "検知ルール"),
        pick(lang, "WHO", "実行者"),
        pick(lang, "EVENTS", "イベント"),
        pick(lang, "FIRST", "最初"),
        pick(lang, "INCIDENT", "インシデント"),
        "",
    ]);
    for it in findings {
        grid.row([
            Cell::new(severity(it.severity).get(lang), paint(it.severity)),
            Cell::new(name(it, known), Paint::Title),
            Cell::plain(&it.actor.name),
            Cell::plain(number(it.count)),
            Cell::plain(moment(it.first_seen)),
            Cell::plain(it.incident.as_deref().map_or("-", short)),
            Cell::plain(title(it, known, lang)),
        ]);
    }
    grid.lines(0, width(style), style.colours).join("\n") + "\n"
}
