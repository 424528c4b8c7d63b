//! Numbers that stand for words in the tables. They are part of the file format: add, never change.

use yagura_model::{
    Change, Detector, FindingKind, Outcome, Permission, RecordState, Role, Severity, Workflow,
};

use crate::error::Unexpected;

/// A word that is a number in the tables.
pub(crate) trait Code: Copy + Sized + 'static {
    /// What it is, for errors.
    const WHAT: &'static str;
    /// Every value; its place is its number.
    const ALL: &'static [Self];

    /// The number.
    fn code(self) -> i64;

    /// The word.
    fn decode(code: i64) -> sqlx::Result<Self> {
        let index = usize::try_from(code).ok();
        index
            .and_then(|index| Self::ALL.get(index))
            .copied()
            .ok_or_else(|| Unexpected::decode(Self::WHAT, code))
    }
}

impl Code for Outcome {
    const WHAT: &'static str = "outcome";
    const ALL: &'static [Self] =
        &[Self::Compliant, Self::NonCompliant, Self::NotApplicable, Self::InsufficientData];

    fn code(self) -> i64 {
        match self {
            Self::Compliant => 0,
            Self::NonCompliant => 1,
            Self::NotApplicable => 2,
            Self::InsufficientData => 3,
        }
    }
}

impl Code for Severity {
    const WHAT: &'static str = "severity";
    const ALL: &'static [Self] = &[Self::Informational, Self::Low, Self::Medium, Self::High, Self::Critical];

    fn code(self) -> i64 {
        match self {
            Self::Informational => 0,
            Self::Low => 1,
            Self::Medium => 2,
            Self::High => 3,
            Self::Critical => 4,
        }
    }
}

impl Code for RecordState {
    const WHAT: &'static str = "record state";
    const ALL: &'static [Self] = &[Self::Active, Self::Archived];

    fn code(self) -> i64 {
        match self {
            Self::Active => 0,
            Self::Archived => 1,
        }
    }
}

impl Code for Workflow {
    const WHAT: &'static str = "workflow";
    const ALL: &'static [Self] = &[Self::New, Self::Notified, Self::Suppressed, Self::Resolved];

    fn code(self) -> i64 {
        match self {
            Self::New => 0,
            Self::Notified => 1,
            Self::Suppressed => 2,
            Self::Resolved => 3,
        }
    }
}

impl Code for FindingKind {
    const WHAT: &'static str = "kind of finding";
    const ALL: &'static [Self] = &FindingKind::ALL;

    fn code(self) -> i64 {
        match self {
            Self::Configuration => 0,
            Self::Threat => 1,
            Self::Access => 2,
            Self::Vulnerability => 3,
            Self::SensitiveData => 4,
            Self::Other => 5,
        }
    }
}

impl Code for Role {
    const WHAT: &'static str = "role";
    const ALL: &'static [Self] = &Role::ALL;

    fn code(self) -> i64 {
        match self {
            Self::ProjectMember => 0,
            Self::Viewer => 1,
            Self::Triager => 2,
            Self::Approver => 3,
            Self::Administrator => 4,
        }
    }
}

impl Code for Permission {
    const WHAT: &'static str = "permission";
    const ALL: &'static [Self] = &Permission::ALL;

    fn code(self) -> i64 {
        match self {
            Self::Read => 0,
            Self::Triage => 1,
            Self::Approve => 2,
            Self::Administer => 3,
        }
    }
}

impl Code for Detector {
    const WHAT: &'static str = "detector";
    const ALL: &'static [Self] = &Detector::ALL;

    fn code(self) -> i64 {
        match self {
            Self::Yagura => 0,
            Self::SecurityHub => 1,
            Self::GuardDuty => 2,
            Self::AwsConfig => 3,
            Self::AccessAnalyzer => 4,
            Self::Inspector => 5,
            Self::Macie => 6,
            Self::TrustedAdvisor => 7,
            Self::Prowler => 8,
            Self::Trivy => 9,
            Self::Grype => 10,
            Self::Falco => 11,
            Self::Other => 12,
        }
    }
}

impl Code for Change {
    const WHAT: &'static str = "change of a finding";
    const ALL: &'static [Self] = &Change::ALL;

    fn code(self) -> i64 {
        match self {
            Self::Opened => 0,
            Self::Reopened => 1,
            Self::Ended => 2,
            Self::SeverityChanged => 3,
            Self::WorkflowChanged => 4,
            Self::Assigned => 5,
            Self::Commented => 6,
            Self::DetectorsChanged => 7,
            Self::Overdue => 8,
            Self::Joined => 9,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::*;

    fn every_word_has_its_number<T: Code + PartialEq + Debug>() {
        for (n, word) in T::ALL.iter().enumerate() {
            assert_eq!(word.code(), n as i64);
            assert_eq!(T::decode(word.code()).unwrap(), *word);
        }
        assert!(T::decode(T::ALL.len() as i64).is_err() && T::decode(-1).is_err());
    }

    #[test]
    fn numbers_and_words_agree() {
        every_word_has_its_number::<Outcome>();
        every_word_has_its_number::<Severity>();
        every_word_has_its_number::<RecordState>();
        every_word_has_its_number::<Workflow>();
        every_word_has_its_number::<FindingKind>();
        every_word_has_its_number::<Detector>();
        every_word_has_its_number::<Change>();
        every_word_has_its_number::<Role>();
        every_word_has_its_number::<Permission>();
    }
}
