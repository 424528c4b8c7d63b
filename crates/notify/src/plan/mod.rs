//! What is told to whom, and when: from events of findings to notices. Pure: time is an argument, nothing is read or written.
//!
//! For each destination and [`Subject`], a finding or an incident, a [`Mark`] says what was told last. An event puts the subject into the queue
//! when where it stands differs from that, and takes it out when it no longer does; what is due leaves the queue as notices.
//!
//! # Laws
//!
//! - **Nothing is told twice**: where a subject stands is told once per destination until it changes. Of an incident, a new stage and a
//!   higher severity are changes; more findings at stages that were told are not.
//! - **One attack is one message**: a finding that belongs to an incident is hidden, and the incident is told to every project whose accounts
//!   it concerns. An incident that turned out to be a part of another ends, and says of which.
//! - **Nothing is lost**: whatever should be told is told, or stands in the queue with the time when it will be.
//! - **Nothing suppressed is told**, and nothing below the severity that a project asks for: at most that it is no longer a matter for anybody.

mod due;
mod release;
mod subject;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use yagura_model::{Account, AccountId, Finding, Severity, Tactic, Timestamp};
use yagura_posture::Project;

pub(crate) use release::addressee;
pub use release::{Due, Release, Released, release};

use crate::event::{Change, FindingEvent};
use crate::incident::Incidents;
use crate::notice::Catalogue;
use crate::settings::{Destination, Destinations};
use subject::{Subject, change};

/// A destination and a subject: a finding by its id, an incident by `incident:` and its id.
pub type Pair = (String, String);

/// What was told last about a subject at a destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Where it stood.
    pub stand: Stand,
    /// How bad it was.
    pub severity: Severity,
    /// The stages of an incident that were ever told.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub stages: BTreeSet<Tactic>,
    /// Whether it was told to be overdue.
    #[serde(default)]
    pub overdue: bool,
    /// The message that told it first: what follows belongs to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
}

/// Where a subject stands for those who are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stand {
    /// It is to be put right.
    Open,
    /// It has ended.
    Resolved,
    /// It is suppressed, less bad than the project wants to hear of, or told with its incident; and had been told.
    Hidden,
}

/// What waits to be told about a subject at a destination.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// The project through which it is told.
    pub project: String,
    /// When it is told.
    pub due: Timestamp,
    /// Whether it has a message of its own rule, and no place in a summary.
    pub urgent: bool,
    /// The newest event about it.
    pub number: i64,
    /// When that happened.
    pub at: Timestamp,
    /// What is told.
    pub change: Change,
    /// Whether it is overdue.
    #[serde(default)]
    pub overdue: bool,
    /// The finding, as it was then.
    pub finding: Finding,
    /// The incident, when that is the subject or what the subject is a part of: it is told as it is when it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
}

/// What the configuration says, and what is known of accounts.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// The projects.
    pub projects: &'a [Project],
    /// The destinations.
    pub destinations: &'a Destinations,
    /// Rules and accounts.
    pub catalogue: &'a dyn Catalogue,
    /// The time.
    pub now: Timestamp,
}

/// What is known before events are taken in, and what is true afterwards, for the pairs that the events concern.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Board {
    /// What was told.
    pub marks: BTreeMap<Pair, Mark>,
    /// What waits.
    pub queue: BTreeMap<Pair, Waiting>,
}

/// Every destination that a finding may be told at, with the project through which it is.
pub fn addressed<'a>(world: &World<'a>, finding: &Finding) -> Vec<(&'a Destination, &'a Project)> {
    addressed_to(world, [&finding.resource.account], finding.severity)
}

/// Every destination that something in these accounts may be told at, with the project through which it is.
///
/// Of several projects that share a destination the first counts that wants to hear of this severity.
fn addressed_to<'a, 'i>(
    world: &World<'a>,
    accounts: impl IntoIterator<Item = &'i AccountId>,
    severity: Severity,
) -> Vec<(&'a Destination, &'a Project)> {
    let known =
        |id: &AccountId| world.catalogue.account(id).cloned().unwrap_or_else(|| Account::bare(id.clone()));
    let accounts: Vec<Account> = accounts.into_iter().map(known).collect();
    let mut found: Vec<(&Destination, &Project)> = Vec::new();
    for project in world.projects.iter().filter(|it| accounts.iter().any(|account| it.holds(account))) {
        for destination in project.destinations.iter().filter_map(|it| world.destinations.get(it)) {
            match found.iter_mut().find(|(known, _)| known.name == destination.name) {
                None => found.push((destination, project)),
                Some((_, known)) if !wants(known, severity) && wants(project, severity) => *known = project,
                Some(_) => {}
            }
        }
    }
    found
}

/// What an event may have to be told about, to whom.
fn subjects<'a>(
    world: &World<'a>,
    incidents: &Incidents,
    event: &FindingEvent,
) -> Vec<(Subject, &'a Destination, &'a Project)> {
    let mut found = Vec::new();
    for (destination, project) in addressed(world, &event.finding) {
        found.push((Subject::of_finding(project, &event.finding, incidents), destination, project));
    }
    let Some(incident) = incidents.of(&event.finding) else { return found };
    for (destination, project) in addressed_to(world, incident.accounts(), incident.incident.severity) {
        found.push((Subject::of_incident(project, incident), destination, project));
        let parts = incident.parts.iter().map(|it| Subject::of_part(project, incident, it));
        found.extend(parts.map(|it| (it, destination, project)));
    }
    found
}

/// The pairs that events concern.
#[must_use]
pub fn pairs(world: &World<'_>, incidents: &Incidents, events: &[FindingEvent]) -> Vec<Pair> {
    let of = |it: &FindingEvent| {
        subjects(world, incidents, it).into_iter().map(|(subject, to, _)| (to.name.clone(), subject.id))
    };
    let mut all: Vec<_> = events.iter().flat_map(of).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Takes in events, in their order.
pub fn take(world: &World<'_>, incidents: &Incidents, events: &[FindingEvent], board: &mut Board) {
    for event in events {
        for (subject, destination, project) in subjects(world, incidents, event) {
            take_one(world, event, subject, (destination, project), board);
        }
    }
}

fn take_one(
    world: &World<'_>,
    event: &FindingEvent,
    subject: Subject,
    (destination, project): (&Destination, &Project),
    board: &mut Board,
) {
    let pair = (destination.name.clone(), subject.id.clone());
    let waiting = board.queue.get(&pair);
    // An event that came before: what is known is newer.
    if waiting.is_some_and(|it| it.number > event.number) {
        return;
    }
    let mark = board.marks.get(&pair);
    let was_overdue = mark.is_some_and(|it| it.stand == Stand::Open && it.overdue)
        || waiting.is_some_and(|it| it.overdue && it.change != Change::Resolved);
    let overdue = subject.stand == Stand::Open && (event.overdue || was_overdue);
    let change = change(destination, mark, &subject, overdue);
    match change.filter(|it| destination.events.contains(it)) {
        Some(change) => {
            let urgent = is_urgent(destination, subject.severity);
            let due = due::due(destination, project, subject.severity, urgent, world.now);
            let (due, urgent) = waiting.map_or((due, urgent), |it| (it.due.min(due), it.urgent || urgent));
            let waiting = Waiting {
                project: project.name.clone(),
                due,
                urgent,
                number: event.number,
                at: event.at,
                change,
                overdue,
                finding: event.finding.clone(),
                incident: subject.incident,
            };
            board.queue.insert(pair, waiting);
        }
        None => {
            // Nothing to tell: what waited has come to nothing. What nobody wants to hear counts as told.
            board.queue.remove(&pair);
            let next = match (mark, change) {
                (known, Some(_)) => {
                    let root = known.and_then(|it| it.root.clone());
                    Some(subject.mark(known, subject.stand, overdue, root))
                }
                (Some(known), None)
                    if known.stand != subject.stand && is_silent(known.stand, subject.stand) =>
                {
                    Some(Mark { stand: subject.stand, overdue, ..known.clone() })
                }
                _ => None,
            };
            if let Some(next) = next {
                board.marks.insert(pair, next);
            }
        }
    }
}

/// Whether a subject that was told moves on without a word.
fn is_silent(from: Stand, to: Stand) -> bool {
    matches!((from, to), (Stand::Open, Stand::Hidden) | (Stand::Hidden, Stand::Resolved))
}

/// Whether a project wants to hear of this severity.
pub(crate) fn wants(project: &Project, severity: Severity) -> bool {
    project.min_severity.is_none_or(|it| severity >= it)
}

/// Whether something is told at once, and by itself.
fn is_urgent(destination: &Destination, severity: Severity) -> bool {
    destination.digest == crate::settings::Digest::Immediate || severity >= destination.immediate_severity
}

#[cfg(test)]
mod tests;
