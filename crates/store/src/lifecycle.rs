//! The life of a finding: what one scan's sight of a rule and a resource does to it.
//!
//! Pure decisions; the tables are elsewhere.
//!
//! # Laws
//!
//! - **Only what was looked at ends.** A finding that the scan could not judge stays as it is.
//! - **A finding keeps its birthday.** One that comes back is the same finding, reopened.
//! - **A suppression is a person's word.** It outlives endings and reopenings.

use serde::{Deserialize, Serialize};
use yagura_model::{RecordState, Severity, Workflow};

use crate::content::Digest;

/// What a scan saw of one rule and one resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// The resource was against the rule.
    Violated { severity: Severity, evidence: Option<Digest> },
    /// The resource was as the rule wants it.
    Passed,
    /// The rule has nothing to say about the resource, or an exception takes it out.
    NotApplicable,
    /// The resource is gone, and the scan looked where it would have been.
    Gone,
    /// The scan did not look, or could not tell.
    Unknown,
}

/// Where a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Life {
    pub(crate) record_state: RecordState,
    pub(crate) workflow: Workflow,
    pub(crate) severity: Severity,
    pub(crate) evidence: Option<Digest>,
    pub(crate) reopened: u32,
}

/// What happened to a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Change {
    /// It was seen for the first time.
    Opened,
    /// It came back, or was still there although it had been called resolved.
    Reopened,
    /// Its resource is compliant, out of the rule's reach, or gone.
    Ended,
    /// Its rule, or the configuration, now calls it better or worse.
    SeverityChanged,
    /// A person, or a delivery, did something about it.
    WorkflowChanged,
}

impl Change {
    /// Every change.
    pub const ALL: [Self; 5] =
        [Self::Opened, Self::Reopened, Self::Ended, Self::SeverityChanged, Self::WorkflowChanged];

    /// The word in machine formats and in the tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "OPENED",
            Self::Reopened => "REOPENED",
            Self::Ended => "ENDED",
            Self::SeverityChanged => "SEVERITY_CHANGED",
            Self::WorkflowChanged => "WORKFLOW_CHANGED",
        }
    }
}

/// What a sight does to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    /// Where it stands now.
    pub(crate) life: Life,
    /// Whether it was seen: only then `last_seen` moves.
    pub(crate) seen: bool,
    /// What to write into its history, and why.
    pub(crate) change: Option<(Change, String)>,
}

/// What `sight` does to a finding that stands at `before`, or is not there yet; `None`: nothing.
pub(crate) fn step(before: Option<&Life>, sight: Sight) -> Option<Step> {
    match (sight, before) {
        (Sight::Violated { severity, evidence }, None) => Some(open(severity, evidence)),
        (Sight::Violated { severity, evidence }, Some(life)) => Some(see_again(life, severity, evidence)),
        (Sight::Passed, Some(life)) => end(life, "compliant"),
        (Sight::NotApplicable, Some(life)) => end(life, "not applicable"),
        (Sight::Gone, Some(life)) => end(life, "gone"),
        (Sight::Unknown, _) | (Sight::Passed | Sight::NotApplicable | Sight::Gone, None) => None,
    }
}

fn open(severity: Severity, evidence: Option<Digest>) -> Step {
    let (record_state, workflow) = (RecordState::Active, Workflow::New);
    let life = Life { record_state, workflow, severity, evidence, reopened: 0 };
    Step { life, seen: true, change: Some((Change::Opened, String::new())) }
}

fn see_again(before: &Life, severity: Severity, evidence: Option<Digest>) -> Step {
    let mut life = Life { severity, evidence, ..*before };
    let called_resolved = before.workflow == Workflow::Resolved;
    let change = if before.record_state == RecordState::Archived || called_resolved {
        life.record_state = RecordState::Active;
        life.reopened = before.reopened.saturating_add(1);
        if before.workflow != Workflow::Suppressed {
            life.workflow = Workflow::New;
        }
        let why =
            if before.record_state == RecordState::Archived { "violated again" } else { "still violated" };
        Some((Change::Reopened, why.to_owned()))
    } else if before.severity != severity {
        Some((Change::SeverityChanged, format!("{} to {severity}", before.severity)))
    } else {
        None
    };
    Step { life, seen: true, change }
}

fn end(before: &Life, why: &str) -> Option<Step> {
    if before.record_state == RecordState::Archived {
        return None;
    }
    let workflow = match before.workflow {
        Workflow::Suppressed => Workflow::Suppressed,
        Workflow::New | Workflow::Notified | Workflow::Resolved => Workflow::Resolved,
    };
    let life = Life { record_state: RecordState::Archived, workflow, ..*before };
    Some(Step { life, seen: false, change: Some((Change::Ended, why.to_owned())) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HIGH: Sight = Sight::Violated { severity: Severity::High, evidence: None };

    fn sight() -> impl Strategy<Value = Sight> {
        prop::sample::select(vec![HIGH, Sight::Passed, Sight::NotApplicable, Sight::Gone, Sight::Unknown])
    }

    fn live(sights: impl IntoIterator<Item = Sight>) -> Option<Life> {
        sights.into_iter().fold(None, |life, sight| step(life.as_ref(), sight).map(|it| it.life).or(life))
    }

    #[test]
    fn a_notified_finding_that_comes_back_is_new_again() {
        let notified = Life { workflow: Workflow::Notified, ..live([HIGH]).unwrap() };
        let ended = step(Some(&notified), Sight::Passed).unwrap().life;
        assert_eq!((ended.record_state, ended.workflow), (RecordState::Archived, Workflow::Resolved));
        let back = step(Some(&ended), HIGH).unwrap().life;
        assert_eq!(
            (back.record_state, back.workflow, back.reopened),
            (RecordState::Active, Workflow::New, 1)
        );
    }

    #[test]
    fn calling_a_violation_resolved_does_not_make_it_so() {
        let called = Life { workflow: Workflow::Resolved, ..live([HIGH]).unwrap() };
        let step = step(Some(&called), HIGH).unwrap();
        assert_eq!(step.life.workflow, Workflow::New);
        assert_eq!(step.change, Some((Change::Reopened, "still violated".to_owned())));
    }

    proptest! {
        /// Whatever happened before, the newest sight that tells something decides whether the finding is about now.
        #[test]
        fn the_newest_sight_decides(sights in prop::collection::vec(sight(), 0..12)) {
            let newest = sights.iter().rev().find(|it| **it != Sight::Unknown);
            let violated_once = sights.contains(&HIGH);
            let expected = match newest {
                Some(&HIGH) => Some(RecordState::Active),
                _ if violated_once => Some(RecordState::Archived),
                _ => None,
            };
            prop_assert_eq!(live(sights).map(|it| it.record_state), expected);
        }

        /// A suppression stays, come what may.
        #[test]
        fn a_suppression_stays(sights in prop::collection::vec(sight(), 0..12)) {
            let mut life = Life { workflow: Workflow::Suppressed, ..live([HIGH]).unwrap() };
            for sight in sights {
                life = step(Some(&life), sight).map_or(life, |it| it.life);
                prop_assert_eq!(life.workflow, Workflow::Suppressed);
            }
        }
    }
}
