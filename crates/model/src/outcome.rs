//! Answers, severities and the functions of the NIST Cybersecurity Framework.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

/// A word was not one of those allowed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{word}` is not one of {allowed}")]
pub struct UnknownWordError {
    /// What was written.
    pub word: String,
    /// What could have been written.
    pub allowed: &'static str,
}

/// A rule's answer about one resource; AWS Config's four words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// As the rule wants it.
    Compliant,
    /// Against the rule.
    NonCompliant,
    /// The rule has nothing to say about this resource.
    NotApplicable,
    /// A fact that decides was not read.
    InsufficientData,
}

impl Outcome {
    /// Every outcome, in the order of tables.
    pub const ALL: [Self; 4] =
        [Self::Compliant, Self::NonCompliant, Self::NotApplicable, Self::InsufficientData];

    /// The word in machine formats.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compliant => "COMPLIANT",
            Self::NonCompliant => "NON_COMPLIANT",
            Self::NotApplicable => "NOT_APPLICABLE",
            Self::InsufficientData => "INSUFFICIENT_DATA",
        }
    }

    /// Joins two answers about one resource.
    ///
    /// A violation decides even when the other fact is missing; otherwise a missing fact wins over a pass.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        use Outcome::{Compliant, InsufficientData, NonCompliant, NotApplicable};
        match (self, other) {
            (NonCompliant, _) | (_, NonCompliant) => NonCompliant,
            (InsufficientData, _) | (_, InsufficientData) => InsufficientData,
            (NotApplicable, it) | (it, NotApplicable) => it,
            (Compliant, Compliant) => Compliant,
        }
    }
}

/// How bad a violation is; ASFF's five labels. Ordered from harmless to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Severity {
    /// Nothing to do.
    Informational,
    /// Fix with the next change.
    Low,
    /// Plan a fix.
    Medium,
    /// Fix this week.
    High,
    /// Fix now.
    Critical,
}

impl Severity {
    /// Every severity, from harmless to worst.
    pub const ALL: [Self; 5] = [Self::Informational, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word in machine formats.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Informational => "INFORMATIONAL",
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
            Self::Critical => "CRITICAL",
        }
    }
}

/// The functions of the NIST Cybersecurity Framework that results are organised by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Function {
    /// Know what there is.
    Identify,
    /// Keep attacks out.
    Protect,
    /// See attacks.
    Detect,
    /// Act on attacks.
    Respond,
    /// Come back afterwards.
    Recover,
}

impl Function {
    /// Every function, in the framework's order.
    pub const ALL: [Self; 5] = [Self::Identify, Self::Protect, Self::Detect, Self::Respond, Self::Recover];

    /// The word in rule files and machine formats.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identify => "identify",
            Self::Protect => "protect",
            Self::Detect => "detect",
            Self::Respond => "respond",
            Self::Recover => "recover",
        }
    }
}

macro_rules! words {
    ($type:ident, $allowed:literal) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $type {
            type Err = UnknownWordError;

            /// Case, `-` and `_` do not matter.
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                let plain = word.replace('-', "_");
                Self::ALL
                    .into_iter()
                    .find(|it| it.as_str().eq_ignore_ascii_case(&plain))
                    .ok_or_else(|| UnknownWordError { word: word.to_owned(), allowed: $allowed })
            }
        }
    };
}

words!(Outcome, "compliant, non-compliant, not-applicable, insufficient-data");
words!(Severity, "informational, low, medium, high, critical");
words!(Function, "identify, protect, detect, respond, recover");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn outcome() -> impl Strategy<Value = Outcome> {
        prop::sample::select(Outcome::ALL.to_vec())
    }

    proptest! {
        /// A violation is never hidden by a fact that is missing.
        #[test]
        fn a_violation_is_never_hidden(a in outcome()) {
            prop_assert_eq!(a.and(Outcome::NonCompliant), Outcome::NonCompliant);
        }

        /// A missing fact never becomes a pass.
        #[test]
        fn a_missing_fact_is_never_a_pass(a in outcome()) {
            prop_assert_ne!(a.and(Outcome::InsufficientData), Outcome::Compliant);
        }

        /// The order in which answers arrive does not matter.
        #[test]
        fn joining_is_commutative_and_associative(a in outcome(), b in outcome(), c in outcome()) {
            prop_assert_eq!(a.and(b), b.and(a));
            prop_assert_eq!(a.and(b).and(c), a.and(b.and(c)));
        }
    }

    #[test]
    fn severities_are_ordered_by_urgency() {
        assert!(Severity::Critical > Severity::High && Severity::Low > Severity::Informational);
    }

    #[test]
    fn words_are_read_in_any_case_and_refused_with_what_is_allowed() {
        assert_eq!("non-compliant".parse::<Outcome>(), Ok(Outcome::NonCompliant));
        let error = "urgent".parse::<Severity>().unwrap_err();
        assert_eq!(error.to_string(), "`urgent` is not one of informational, low, medium, high, critical");
    }
}
