//! What is told to whom, and when: from events of findings to notices. Pure: time is an argument, nothing is read or written.
//!
//! For each destination and finding a [`Mark`] says what was told last. An event puts the finding into the queue when where it stands
//! differs from that, and takes it out when it no longer does; what is due leaves the queue as notices.
//!
//! # Laws
//!
//! - **Nothing is told twice**: where a finding stands is told once per destination until it changes.
//! - **Nothing is lost**: whatever should be told is told, or stands in the queue with the time when it will be.
//! - **Nothing suppressed is told**, and nothing below the severity that a project asks for: at most that it is no longer a matter for anybody.

mod due;
mod release;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use yagura_model::{Account, Finding, RecordState, Severity, Timestamp, Workflow};
use yagura_posture::Project;

pub(crate) use release::addressee;
pub use release::{Due, Release, Released, release};

use crate::event::{Change, FindingEvent};
use crate::notice::Catalogue;
use crate::settings::{Destination, Destinations};

/// A destination and a finding.
pub type Pair = (String, String);

/// What was told last about a finding at a destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Where the finding stood.
    pub stand: Stand,
    /// How bad it was.
    pub severity: Severity,
    /// Whether it was told to be overdue.
    #[serde(default)]
    pub overdue: bool,
    /// The message that told it first: what follows belongs to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
}

/// Where a finding stands for those who are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stand {
    /// It is to be put right.
    Open,
    /// It has ended.
    Resolved,
    /// It is suppressed, or less bad than the project wants to hear of, and had been told.
    Hidden,
}

/// What waits to be told about a finding at a destination.
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

/// Every destination that an account's findings may go to, with the project through which they do.
///
/// Of several projects that share a destination the first counts that wants to hear of this severity.
pub fn addressed<'a>(world: &World<'a>, finding: &Finding) -> Vec<(&'a Destination, &'a Project)> {
    let id = &finding.resource.account;
    let bare;
    let account = match world.catalogue.account(id) {
        Some(account) => account,
        None => {
            bare = Account::bare(id.clone());
            &bare
        }
    };
    let mut found: Vec<(&Destination, &Project)> = Vec::new();
    for project in world.projects.iter().filter(|it| it.holds(account)) {
        for destination in project.destinations.iter().filter_map(|it| world.destinations.get(it)) {
            match found.iter_mut().find(|(known, _)| known.name == destination.name) {
                None => found.push((destination, project)),
                Some((_, known)) if !wants(known, finding) && wants(project, finding) => *known = project,
                Some(_) => {}
            }
        }
    }
    found
}

/// The pairs that an event concerns.
#[must_use]
pub fn pairs(world: &World<'_>, events: &[FindingEvent]) -> Vec<Pair> {
    let of = |it: &FindingEvent| {
        let id = it.finding.id.clone();
        addressed(world, &it.finding).into_iter().map(move |(to, _)| (to.name.clone(), id.clone()))
    };
    let mut all: Vec<_> = events.iter().flat_map(of).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Takes in events, in their order.
pub fn take(world: &World<'_>, events: &[FindingEvent], board: &mut Board) {
    for event in events {
        for (destination, project) in addressed(world, &event.finding) {
            take_one(world, event, (destination, project), board);
        }
    }
}

fn take_one(
    world: &World<'_>,
    event: &FindingEvent,
    (destination, project): (&Destination, &Project),
    board: &mut Board,
) {
    let finding = &event.finding;
    let pair = (destination.name.clone(), finding.id.clone());
    let waiting = board.queue.get(&pair);
    // An event that came before: what is known is newer.
    if waiting.is_some_and(|it| it.number > event.number) {
        return;
    }
    let mark = board.marks.get(&pair);
    let was_overdue = mark.is_some_and(|it| it.stand == Stand::Open && it.overdue)
        || waiting.is_some_and(|it| it.overdue && it.change != Change::Resolved);
    let stand = stand(project, finding);
    let overdue = stand == Stand::Open && (event.overdue || was_overdue);
    let change = change(destination, mark, stand, finding.severity, overdue);
    match change.filter(|it| destination.events.contains(it)) {
        Some(change) => {
            let urgent = is_urgent(destination, finding.severity);
            let due = due::due(destination, project, finding.severity, urgent, world.now);
            let (due, urgent) = waiting.map_or((due, urgent), |it| (it.due.min(due), it.urgent || urgent));
            let waiting = Waiting {
                project: project.name.clone(),
                due,
                urgent,
                number: event.number,
                at: event.at,
                change,
                overdue,
                finding: finding.clone(),
            };
            board.queue.insert(pair, waiting);
        }
        None => {
            // Nothing to tell: what waited has come to nothing. What nobody wants to hear counts as told.
            board.queue.remove(&pair);
            let next = match (mark, change) {
                (known, Some(_)) => {
                    let root = known.and_then(|it| it.root.clone());
                    Some(Mark { stand, severity: finding.severity, overdue, root })
                }
                (Some(known), None) if known.stand != stand && is_silent(known.stand, stand) => {
                    Some(Mark { stand, overdue, ..known.clone() })
                }
                _ => None,
            };
            if let Some(next) = next {
                board.marks.insert(pair, next);
            }
        }
    }
}

/// Whether a finding that was told moves on without a word.
fn is_silent(from: Stand, to: Stand) -> bool {
    matches!((from, to), (Stand::Open, Stand::Hidden) | (Stand::Hidden, Stand::Resolved))
}

/// Whether a project wants to hear of a finding of this severity.
pub(crate) fn wants(project: &Project, finding: &Finding) -> bool {
    project.min_severity.is_none_or(|it| finding.severity >= it)
}

/// Whether a finding is told at once, and by its rule.
fn is_urgent(destination: &Destination, severity: Severity) -> bool {
    destination.digest == crate::settings::Digest::Immediate || severity >= destination.immediate_severity
}

/// Where a finding stands for a project.
pub(crate) fn stand(project: &Project, finding: &Finding) -> Stand {
    if finding.workflow == Workflow::Suppressed || !wants(project, finding) {
        Stand::Hidden
    } else if finding.record_state == RecordState::Archived || finding.workflow == Workflow::Resolved {
        Stand::Resolved
    } else {
        Stand::Open
    }
}

/// What there is to tell: the difference between what was told and where a finding stands.
///
/// What keeps something open for each finding, and calls people for it, is told to close it when the finding is hidden.
pub(crate) fn change(
    destination: &Destination,
    mark: Option<&Mark>,
    stand: Stand,
    severity: Severity,
    overdue: bool,
) -> Option<Change> {
    match (mark.map(|it| it.stand), stand) {
        (Some(Stand::Open), Stand::Hidden) if destination.kind.is_by_finding() => Some(Change::Resolved),
        (_, Stand::Hidden) | (None | Some(Stand::Hidden | Stand::Resolved), Stand::Resolved) => None,
        (None, Stand::Open) => Some(Change::Opened),
        (Some(Stand::Hidden | Stand::Resolved), Stand::Open) => Some(Change::Reopened),
        (Some(Stand::Open), Stand::Resolved) => Some(Change::Resolved),
        (Some(Stand::Open), Stand::Open) => {
            let mark = mark?;
            if mark.severity != severity {
                Some(Change::SeverityChanged)
            } else if overdue && !mark.overdue {
                Some(Change::Overdue)
            } else {
                None
            }
        }
    }
}

#[cfg(test)]
mod tests;
