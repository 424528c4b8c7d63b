//! What happened to findings, as deliveries see it.

use serde::{Deserialize, Serialize};
use yagura_model::{Finding, Severity, Timestamp};

/// What is told about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It is new.
    Opened,
    /// It came back.
    Reopened,
    /// It is better or worse than before; an incident is only told to be worse.
    SeverityChanged,
    /// An incident has reached a new stage of an attack.
    Advanced,
    /// It is open for longer than it may be.
    Overdue,
    /// It ended.
    Resolved,
}

/// One entry of the history of findings, with the finding as it is now.
///
/// What is told follows from where the finding stands and from what was told before, so that an entry that comes twice, or late, does no harm.
#[derive(Debug, Clone, PartialEq)]
pub struct FindingEvent {
    /// Its place in the history: later entries have larger numbers.
    pub number: i64,
    /// When it happened.
    pub at: Timestamp,
    /// Whether the finding is open for longer than it may be.
    pub overdue: bool,
    /// The finding.
    pub finding: Finding,
}

impl Change {
    /// Every change.
    pub const ALL: [Self; 6] =
        [Self::Opened, Self::Reopened, Self::SeverityChanged, Self::Advanced, Self::Overdue, Self::Resolved];

    /// The word in the configuration and in machine formats.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Reopened => "reopened",
            Self::SeverityChanged => "severity-changed",
            Self::Advanced => "advanced",
            Self::Overdue => "overdue",
            Self::Resolved => "resolved",
        }
    }
}

/// The word of a severity in the keys of texts.
pub(crate) fn severity_key(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
        Severity::Informational => "informational",
    }
}
