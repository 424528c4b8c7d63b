//! What something is told about, a finding or an incident: where it stands, and what of that is news.

use yagura_model::{Finding, RecordState, Severity, Tactic, Workflow};
use yagura_posture::Project;

use super::{Mark, Stand, wants};
use crate::event::Change;
use crate::incident::{IncidentState, Incidents};
use crate::settings::Destination;

/// What something is told about, as a project sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subject {
    /// By which marks and queue know it.
    pub(super) id: String,
    /// Where it stands.
    pub(super) stand: Stand,
    /// How bad it is.
    pub(super) severity: Severity,
    /// The stages of an incident.
    pub(super) stages: Vec<Tactic>,
    /// The incident that it is, or is a part of.
    pub(super) incident: Option<String>,
}

/// What an incident is called where findings have their ids.
fn of_incident(id: &str) -> String {
    format!("incident:{id}")
}

/// The id of the incident that a subject is.
pub(super) fn incident_of(subject: &str) -> Option<&str> {
    subject.strip_prefix("incident:")
}

impl Subject {
    /// A finding. What belongs to an incident is told with it, and hidden by itself.
    pub(super) fn of_finding(project: &Project, finding: &Finding, incidents: &Incidents) -> Self {
        let is_hidden = finding.workflow == Workflow::Suppressed
            || !wants(project, finding.severity)
            || incidents.of(finding).is_some();
        let stand = if is_hidden {
            Stand::Hidden
        } else if finding.record_state == RecordState::Archived || finding.workflow == Workflow::Resolved {
            Stand::Resolved
        } else {
            Stand::Open
        };
        let id = finding.id.clone();
        Self { id, stand, severity: finding.severity, stages: Vec::new(), incident: None }
    }

    /// An incident.
    pub(super) fn of_incident(project: &Project, it: &IncidentState) -> Self {
        Self {
            id: of_incident(&it.incident.id),
            stand: it.stand_for(project),
            severity: it.incident.severity,
            stages: it.incident.stages.clone(),
            incident: Some(it.incident.id.clone()),
        }
    }

    /// What was an incident of its own, and turned out to be a part of this one: it has ended.
    pub(super) fn of_part(project: &Project, whole: &IncidentState, part: &str) -> Self {
        let stand = match whole.stand_for(project) {
            Stand::Hidden => Stand::Hidden,
            Stand::Open | Stand::Resolved => Stand::Resolved,
        };
        let whole = Self::of_incident(project, whole);
        Self { id: of_incident(part), stand, stages: Vec::new(), ..whole }
    }

    /// What is known of it when this has been told.
    pub(super) fn mark(
        &self,
        known: Option<&Mark>,
        stand: Stand,
        overdue: bool,
        root: Option<String>,
    ) -> Mark {
        let mut stages = known.map(|it| it.stages.clone()).unwrap_or_default();
        stages.extend(&self.stages);
        // An incident that was told to be worse, and is less bad now, is not told to be worse a second time.
        let before =
            known.filter(|it| self.incident.is_some() && it.stand == Stand::Open && stand == Stand::Open);
        let severity = before.map_or(self.severity, |it| it.severity.max(self.severity));
        Mark { stand, severity, stages, overdue, root }
    }
}

/// What there is to tell: the difference between what was told and where a subject stands.
///
/// What keeps something open for each finding, and calls people for it, is told to close it when the finding is hidden.
pub(super) fn change(
    destination: &Destination,
    mark: Option<&Mark>,
    subject: &Subject,
    overdue: bool,
) -> Option<Change> {
    match (mark.map(|it| it.stand), subject.stand) {
        (Some(Stand::Open), Stand::Hidden) if destination.kind.is_by_finding() => Some(Change::Resolved),
        (_, Stand::Hidden) | (None | Some(Stand::Hidden | Stand::Resolved), Stand::Resolved) => None,
        (None, Stand::Open) => Some(Change::Opened),
        (Some(Stand::Hidden | Stand::Resolved), Stand::Open) => Some(Change::Reopened),
        (Some(Stand::Open), Stand::Resolved) => Some(Change::Resolved),
        (Some(Stand::Open), Stand::Open) => news(destination, mark?, subject, overdue),
    }
}

/// What is new about something that is open still: of several things one that the destination wants to hear.
fn news(destination: &Destination, mark: &Mark, subject: &Subject, overdue: bool) -> Option<Change> {
    let is_other = if subject.incident.is_some() {
        subject.severity > mark.severity
    } else {
        subject.severity != mark.severity
    };
    let advances = subject.stages.iter().any(|it| !mark.stages.contains(it));
    let news = [
        (is_other, Change::SeverityChanged),
        (advances, Change::Advanced),
        (overdue && !mark.overdue, Change::Overdue),
    ];
    let mut news = news.into_iter().filter(|(is_so, _)| *is_so).map(|(_, change)| change);
    let first = news.next()?;
    let is_wanted = |it: &Change| destination.events.contains(it);
    Some(if is_wanted(&first) { first } else { news.find(is_wanted).unwrap_or(first) })
}
