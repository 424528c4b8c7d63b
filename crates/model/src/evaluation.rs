//! One rule's answer about one resource.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{Gap, Outcome, RecordState, ResourceKey, RuleId, Severity, Timestamp, Workflow};

/// Why an answer is neither a pass nor a violation, or why a violation is not counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "Kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// These facts were not read.
    Unread {
        /// Sorted; at least one.
        #[serde(rename = "Gaps")]
        gaps: Vec<Gap>,
    },
    /// AWS left out a field that the rule cannot do without.
    MissingField {
        /// The field as the rule wrote it: `resource.MetadataOptions.HttpTokens`.
        #[serde(rename = "Field")]
        field: String,
    },
    /// Something was read but its meaning cannot be decided from configuration alone.
    Undecidable {
        /// What, for people: a condition key, a policy that is not JSON.
        #[serde(rename = "What")]
        what: String,
    },
    /// The rule's own condition could not be evaluated on this resource.
    RuleFailed {
        /// The error, for the rule's author.
        #[serde(rename = "Error")]
        error: String,
    },
    /// The rule's `when` says that it does not apply.
    NotConcerned,
    /// An exception in the configuration takes this resource out.
    Excepted {
        /// Which exception: `tag yagura:allow=public`.
        #[serde(rename = "By")]
        by: String,
        /// Why, as written in the configuration; empty where a mutelist does not say.
        #[serde(rename = "Because")]
        because: String,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unread { gaps } => {
                f.write_str("not read: ")?;
                for (n, gap) in gaps.iter().enumerate() {
                    if n > 0 {
                        f.write_str("; ")?;
                    }
                    write!(f, "{gap}")?;
                }
                Ok(())
            }
            Self::MissingField { field } => write!(f, "AWS did not say `{field}`"),
            Self::Undecidable { what } => write!(f, "cannot be decided: {what}"),
            Self::RuleFailed { error } => write!(f, "the rule failed: {error}"),
            Self::NotConcerned => f.write_str("the rule does not apply"),
            Self::Excepted { by, because } if because.is_empty() => write!(f, "excepted by {by}"),
            Self::Excepted { by, because } => write!(f, "excepted by {by}: {because}"),
        }
    }
}

/// One rule's answer about one resource.
///
/// When a list could not be read at all, there is one evaluation for the account and region with the resource id `*`:
/// [`Outcome::InsufficientData`] about whatever may be there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Evaluation {
    /// The resource.
    pub resource: ResourceKey,
    /// The rule.
    pub rule: RuleId,
    /// The resource's ARN; empty when the id is `*`.
    pub arn: String,
    /// The resource's name; empty where it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The answer.
    pub outcome: Outcome,
    /// The rule's severity, with the configuration's overrides.
    pub severity: Severity,
    /// Why there is no plain answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// What exactly is wrong, spelled as the AWS API spells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Value>,
}

impl Evaluation {
    /// The id that stands for "whatever may be there" when a list could not be read.
    pub const WHATEVER: &'static str = "*";

    /// The order of every output: by resource, then by rule.
    #[must_use]
    pub fn sort_key(&self) -> (&ResourceKey, &RuleId) {
        (&self.resource, &self.rule)
    }
}

/// What a reader of an evaluation wants to know about its finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct FindingBrief {
    /// Stable: derived from the rule and the resource.
    pub id: String,
    /// When it was seen first; a finding that comes back keeps it.
    pub first_seen: Timestamp,
    /// When it was seen last.
    pub last_seen: Timestamp,
    /// What people did about it.
    pub workflow: Workflow,
    /// Whether it is still so.
    pub record_state: RecordState,
}

/// An evaluation as outputs show it: with the life of its finding, when there is or was one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct EvaluationRecord {
    /// The answer.
    pub evaluation: Evaluation,
    /// The finding of the same rule and resource; a pass has one when it was a violation before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<FindingBrief>,
}
