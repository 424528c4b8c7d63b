//! The vocabulary of Yagura: accounts, resources, coverage, rules, evaluations, findings, frameworks, scores.
//!
//! # Invariants
//!
//! - **No I/O.** Nothing here reads a file, a clock or the network; time is an argument.
//! - **Unknown is a value.** A fact that could not be read is a [`Gap`], and an answer that depends on it is
//!   [`Outcome::InsufficientData`]: never a silent pass and never an `Err`.
//! - **One order.** Everything that is printed derives or defines `Ord`, so that two runs over the same state print
//!   the same bytes.

mod account;
mod arn;
mod assessment;
mod collector;
mod coverage;
mod diagnostic;
mod evaluation;
mod finding;
mod framework;
pub mod glob;
mod incident;
mod inventory;
pub mod last_day;
mod name;
mod outcome;
mod percent;
mod progress;
mod project;
mod resource;
mod rule;
mod scan;
mod score;
mod text;
mod threat;
mod trend;
mod user;

pub use account::{Account, AccountStatus, Organization};
pub use arn::{Arn, ArnError};
pub use assessment::{
    AccountAssessment, AccountCounts, Answer, Assessment, Doubt, DoubtCount, GroupAssessment,
    ProjectAssessment, RequirementAnswer, RequirementAssessment, RuleAssessment, RuleCount, Totals,
};
pub use collector::{AlsoInfo, Asked, CollectorInfo, ListInfo, ListPlace};
pub use coverage::{CallCoverage, Coverage, Gap, ReadStatus};
pub use diagnostic::{Diagnostic, Level, Place};
pub use evaluation::{Evaluation, EvaluationRecord, FindingBrief, Reason};
pub use finding::{
    Change, Compliance, Detector, Finding, FindingChange, FindingKind, FindingText, ImportScope,
    ImportedFinding, RecordState, Workflow,
};
pub use framework::{
    Framework, FrameworkAliases, Requirement, RequirementGroup, RequirementKind, RequirementRef,
    RequirementsByRule, requirements_by_rule,
};
pub use incident::{EntityLink, Incident};
pub use inventory::{Inventory, Links, Needs, Unlisted, WantedFields};
pub use name::{AccountId, AccountIdError, Partition, Region, ResourceType, RuleId};
pub use outcome::{Function, Outcome, Severity, UnknownWordError};
pub use percent::Percent;
pub use progress::{
    CameBack, DueDays, FindingLife, Overdue, Progress, ProgressPart, TimeToResolve, WeekCounts,
};
pub use project::{NamedAccount, ProjectAccounts, ProjectMap, SharedAccount, UnknownAccount};
pub use resource::{Relationship, Resource, ResourceKey, ResourceLine};
pub use rule::{Aliases, Fix, RuleInfo, RuleText};
pub use scan::{AccountScan, AccountState, Scan, ScanId, ScanScope, Summary};
pub use score::{Judged, Tally, weight};
pub use text::{Lang, Text};
pub use threat::{Actor, Confidence, Entity, EntityKind, Origin, Sample, Tactic, ThreatFinding};
pub use trend::{RuleEffect, Standing, Trend, TrendPart, TrendPoint};
pub use user::{ApiToken, AuditEntry, Permission, Role, SavedView, User};

/// A moment, to the nanosecond, in UTC. Printed as RFC 3339.
pub type Timestamp = jiff::Timestamp;
