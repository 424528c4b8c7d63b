//! The life of a finding: what one scan's sight of a rule and a resource does to it.
//!
//! Pure decisions; the tables are elsewhere.
//!
//! # Laws
//!
//! - **Only what was looked at ends.** A finding that the scan could not judge stays as it is.
//! - **A finding keeps its birthday.** One that comes back is the same finding, reopened.
//! - **A suppression is a person's word.** It outlives endings and reopenings.
//! - **One that says so is enough.** A finding that several detectors report ends when the last of them no longer does.

use yagura_model::{Change, Detector, RecordState, Severity, Workflow};

use crate::codes::Code as _;
use crate::content::Digest;

/// Detectors as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Detectors(pub(crate) i64);

impl Detectors {
    pub(crate) fn only(detector: Detector) -> Self {
        Self(1 << detector.code())
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(crate) fn all(self) -> impl Iterator<Item = Detector> {
        Detector::ALL.into_iter().filter(move |it| self.0 & Self::only(*it).0 != 0)
    }

    fn is_none(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn holds(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// What a detector saw of one rule and one resource.
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
    pub(crate) detectors: Detectors,
    pub(crate) reopened: u32,
}

/// What a sight does to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    /// Where it stands now.
    pub(crate) life: Life,
    /// Whether it was seen: only then `last_seen` moves.
    pub(crate) seen: bool,
    /// Whether it begins to be open: only then its age counts anew.
    pub(crate) opens: bool,
    /// What to write into its history, and why.
    pub(crate) change: Option<(Change, String)>,
}

/// What `sight`, of `detector`, does to a finding that stands at `before`, or is not there yet; `None`: nothing.
pub(crate) fn step(before: Option<&Life>, detector: Detector, sight: Sight) -> Option<Step> {
    match (sight, before) {
        (Sight::Violated { severity, evidence }, None) => Some(open(detector, severity, evidence)),
        (Sight::Violated { severity, evidence }, Some(life)) => {
            Some(see_again(life, detector, severity, evidence))
        }
        (Sight::Passed, Some(life)) => end(life, detector, "compliant"),
        (Sight::NotApplicable, Some(life)) => end(life, detector, "not applicable"),
        (Sight::Gone, Some(life)) => end(life, detector, "gone"),
        (Sight::Unknown, _) | (Sight::Passed | Sight::NotApplicable | Sight::Gone, None) => None,
    }
}

fn open(detector: Detector, severity: Severity, evidence: Option<Digest>) -> Step {
    let (record_state, workflow) = (RecordState::Active, Workflow::New);
    let detectors = Detectors::only(detector);
    let life = Life { record_state, workflow, severity, evidence, detectors, reopened: 0 };
    Step { life, seen: true, opens: true, change: Some((Change::Opened, String::new())) }
}

fn see_again(before: &Life, detector: Detector, severity: Severity, evidence: Option<Digest>) -> Step {
    let this = Detectors::only(detector);
    let was_archived = before.record_state == RecordState::Archived;
    // What our own rules say of severity and evidence stands, whatever others say of the same fact.
    let is_ours = detector == Detector::Yagura;
    let decided_elsewhere = !was_archived && !is_ours && before.detectors.holds(OURS);
    let mut life = Life { ..*before };
    if !decided_elsewhere {
        (life.severity, life.evidence) = (severity, evidence);
    }
    life.detectors = if was_archived { this } else { before.detectors.with(this) };
    let called_resolved = before.workflow == Workflow::Resolved;
    let change = if was_archived || called_resolved {
        life.record_state = RecordState::Active;
        life.reopened = before.reopened.saturating_add(1);
        if before.workflow != Workflow::Suppressed {
            life.workflow = Workflow::New;
        }
        let why = if was_archived { "violated again" } else { "still violated" };
        Some((Change::Reopened, why.to_owned()))
    } else if before.severity != life.severity {
        Some((Change::SeverityChanged, format!("{} to {}", before.severity, life.severity)))
    } else if before.detectors != life.detectors {
        Some((Change::DetectorsChanged, format!("reported by {} too", detector.product())))
    } else {
        None
    };
    Step { life, seen: true, opens: was_archived, change }
}

const OURS: Detectors = Detectors(1);

fn end(before: &Life, detector: Detector, why: &str) -> Option<Step> {
    if before.record_state == RecordState::Archived {
        return None;
    }
    let left = before.detectors.without(Detectors::only(detector));
    if left == before.detectors {
        return None;
    }
    if !left.is_none() {
        let life = Life { detectors: left, ..*before };
        let change = (Change::DetectorsChanged, format!("{why}, as {} sees it", detector.product()));
        return Some(Step { life, seen: false, opens: false, change: Some(change) });
    }
    let workflow = match before.workflow {
        Workflow::Suppressed => Workflow::Suppressed,
        Workflow::New | Workflow::Notified | Workflow::Resolved => Workflow::Resolved,
    };
    let life = Life { record_state: RecordState::Archived, workflow, ..*before };
    Some(Step { life, seen: false, opens: false, change: Some((Change::Ended, why.to_owned())) })
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
        sights
            .into_iter()
            .fold(None, |life, sight| step(life.as_ref(), Detector::Yagura, sight).map(|it| it.life).or(life))
    }

    #[test]
    fn a_notified_finding_that_comes_back_is_new_again() {
        let notified = Life { workflow: Workflow::Notified, ..live([HIGH]).unwrap() };
        let ended = step(Some(&notified), Detector::Yagura, Sight::Passed).unwrap().life;
        assert_eq!((ended.record_state, ended.workflow), (RecordState::Archived, Workflow::Resolved));
        let back = step(Some(&ended), Detector::Yagura, HIGH).unwrap().life;
        assert_eq!(
            (back.record_state, back.workflow, back.reopened),
            (RecordState::Active, Workflow::New, 1)
        );
    }

    #[test]
    fn calling_a_violation_resolved_does_not_make_it_so() {
        let called = Life { workflow: Workflow::Resolved, ..live([HIGH]).unwrap() };
        let step = step(Some(&called), Detector::Yagura, HIGH).unwrap();
        assert_eq!(step.life.workflow, Workflow::New);
        assert_eq!(step.change, Some((Change::Reopened, "still violated".to_owned())));
    }

    #[test]
    fn a_finding_of_two_detectors_ends_with_the_second() {
        let ours = live([HIGH]).unwrap();
        let both = step(Some(&ours), Detector::SecurityHub, HIGH).unwrap();
        assert_eq!(both.change, Some((Change::DetectorsChanged, "reported by Security Hub too".to_owned())));
        let theirs = step(Some(&both.life), Detector::Yagura, Sight::Passed).unwrap();
        assert_eq!(theirs.life.record_state, RecordState::Active);
        assert_eq!(theirs.life.detectors.all().collect::<Vec<_>>(), [Detector::SecurityHub]);
        let ended = step(Some(&theirs.life), Detector::SecurityHub, Sight::Gone).unwrap();
        assert_eq!(ended.life.record_state, RecordState::Archived);
    }

    #[test]
    fn what_our_rules_say_of_the_severity_stands() {
        let low = Sight::Violated { severity: Severity::Low, evidence: None };
        let ours = live([HIGH]).unwrap();
        let both = step(Some(&ours), Detector::SecurityHub, low).unwrap().life;
        assert_eq!(both.severity, Severity::High);
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
                life = step(Some(&life), Detector::Yagura, sight).map_or(life, |it| it.life);
                prop_assert_eq!(life.workflow, Workflow::Suppressed);
            }
        }
    }
}
