//! Findings: violations with a life.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ResourceKey, RuleId, Severity, Timestamp};

/// Whether a finding is about the present. ASFF's `RecordState`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RecordState {
    /// It was so when it was last looked at.
    Active,
    /// It ended.
    Archived,
}

/// What people did about a finding. ASFF's `Workflow.Status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Workflow {
    /// Nobody looked yet.
    New,
    /// Its owners were told.
    Notified,
    /// Accepted with a reason.
    Suppressed,
    /// Put right.
    Resolved,
}

/// ASFF's `Compliance.Status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Compliance {
    /// A pass.
    Passed,
    /// A violation.
    Failed,
    /// Known only in part.
    Warning,
    /// Not known.
    NotAvailable,
}

/// A violation with a life: the same rule and resource are the same finding from scan to scan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Finding {
    /// Stable: derived from the rule and the resource.
    pub id: String,
    /// The rule.
    pub rule: RuleId,
    /// The resource.
    pub resource: ResourceKey,
    /// The resource's ARN.
    pub arn: String,
    /// The resource's name; empty where it has none.
    pub name: String,
    /// How bad it is.
    pub severity: Severity,
    /// Whether it is still so.
    pub record_state: RecordState,
    /// What people did about it.
    pub workflow: Workflow,
    /// What exactly is wrong.
    pub evidence: Option<Value>,
    /// When it was seen first; a finding that comes back keeps it.
    pub first_seen: Timestamp,
    /// When it was seen last.
    pub last_seen: Timestamp,
    /// When it ended.
    pub resolved_at: Option<Timestamp>,
    /// How often it came back after it had ended.
    pub reopened: u32,
}

impl RecordState {
    /// The word in machine formats.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Archived => "ARCHIVED",
        }
    }
}

impl Workflow {
    /// The word in machine formats.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "NEW",
            Self::Notified => "NOTIFIED",
            Self::Suppressed => "SUPPRESSED",
            Self::Resolved => "RESOLVED",
        }
    }
}
