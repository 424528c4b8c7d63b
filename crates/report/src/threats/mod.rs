//! Findings of detections and incidents for people: tables, and the story of one incident.

mod aftermath;
mod story;
mod tables;
mod text;
mod words;

use std::collections::BTreeMap;

use yagura_model::{Lang, Text, ThreatFinding};

pub use story::{IncidentStory, incident_json, incident_story};
pub use tables::{incident_table, threat_line, threat_table};
pub use text::{IncidentText, StepText, incident_text};

/// What a built-in detection is called, and what to do about it.
#[derive(Debug, Clone, Default)]
pub struct DetectionWords {
    /// Its short name.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// What it means.
    pub description: Text,
    /// What to do, in order.
    pub response: Text<Vec<String>>,
    /// Where to read on.
    pub references: Vec<String>,
}

/// Built-in detections by the rule's id.
pub type KnownDetections = BTreeMap<String, DetectionWords>;

/// The title of what was found, in the reader's language where there is one.
fn title<'t>(finding: &'t ThreatFinding, known: &'t KnownDetections, lang: Lang) -> &'t str {
    known.get(&finding.rule).map_or(&finding.title, |it| it.title.get(lang))
}

/// What the rule is called: the short name of a built-in one.
fn name<'t>(finding: &'t ThreatFinding, known: &'t KnownDetections) -> &'t str {
    known.get(&finding.rule).map_or(&finding.rule, |it| &it.name)
}

/// As many characters of an id as people type.
fn short(id: &str) -> &str {
    id.get(..10).unwrap_or(id)
}

/// A moment, to the second: `2026-02-06 19:02:11`.
fn moment(time: yagura_model::Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}
