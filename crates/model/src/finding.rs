//! Findings: violations with a life.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{AccountId, Region, ResourceKey, RuleId, ScanId, Severity, Timestamp};

/// Whether a finding is about the present. ASFF's `RecordState`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RecordState {
    /// It was so when it was last looked at.
    Active,
    /// It ended.
    Archived,
}

/// What people did about a finding. ASFF's `Workflow.Status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
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

/// What sort of trouble a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// A resource is not set up as a rule wants it: prevention.
    Configuration,
    /// Somebody did, or does, something bad: detection.
    Threat,
    /// Somebody outside can reach something, or rights are not used.
    Access,
    /// A known weakness in software.
    Vulnerability,
    /// Personal or secret data lies about.
    SensitiveData,
    /// None of these.
    Other,
}

/// Who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Detector {
    /// Our own rules and detections.
    Yagura,
    /// AWS Security Hub's own controls.
    SecurityHub,
    /// Amazon GuardDuty.
    #[serde(rename = "guardduty")]
    GuardDuty,
    /// Rules of AWS Config.
    AwsConfig,
    /// IAM Access Analyzer.
    AccessAnalyzer,
    /// Amazon Inspector.
    Inspector,
    /// Amazon Macie.
    Macie,
    /// AWS Trusted Advisor.
    TrustedAdvisor,
    /// Prowler.
    Prowler,
    /// Trivy.
    Trivy,
    /// Grype.
    Grype,
    /// Falco.
    Falco,
    /// Another product.
    Other,
}

/// What a detector says of its finding, in its own language: rules of ours have their texts in their files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct FindingText {
    /// What is wrong, in one line.
    pub title: String,
    /// Why it matters, and what exactly was seen.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// What to do.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remediation: String,
    /// Where to read more.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
}

/// Something wrong, with a life: the same rule and resource are the same finding from scan to scan, whoever reports it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Finding {
    /// Stable: derived from the rule and the resource.
    pub id: String,
    /// What sort of trouble it is.
    pub kind: FindingKind,
    /// The rule; what another detector checks and no rule of ours does is called `security-hub:EC2.99`.
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
    /// Who takes care of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// The suppression that hides it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppression: Option<String>,
    /// Who says that it is so now; of one that ended, who said so last.
    pub detectors: BTreeSet<Detector>,
    /// What exactly is wrong.
    pub evidence: Option<Value>,
    /// What another detector says of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<FindingText>,
    /// Whether what another detector says of it was read from Security Hub: there it is told already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_security_hub: bool,
    /// When it was seen first; a finding that comes back keeps it.
    pub first_seen: Timestamp,
    /// Since when it is open: when it was seen first, or came back. Ages and due dates count from here.
    pub opened_at: Timestamp,
    /// When it was seen last.
    pub last_seen: Timestamp,
    /// When it ended.
    pub resolved_at: Option<Timestamp>,
    /// How often it came back after it had ended.
    pub reopened: u32,
}

/// What happened to a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
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
    /// Somebody takes care of it, or nobody any more.
    Assigned,
    /// A person said something about it.
    Commented,
    /// Another detector reports it too, or one no longer does.
    DetectorsChanged,
    /// It is open for longer than its severity allows.
    Overdue,
    /// It turned out to be a step of an incident, or of another one than before.
    Joined,
}

impl Change {
    /// Every change.
    pub const ALL: [Self; 10] = [
        Self::Opened,
        Self::Reopened,
        Self::Ended,
        Self::SeverityChanged,
        Self::WorkflowChanged,
        Self::Assigned,
        Self::Commented,
        Self::DetectorsChanged,
        Self::Overdue,
        Self::Joined,
    ];

    /// The word in machine formats and in the tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "OPENED",
            Self::Reopened => "REOPENED",
            Self::Ended => "ENDED",
            Self::SeverityChanged => "SEVERITY_CHANGED",
            Self::WorkflowChanged => "WORKFLOW_CHANGED",
            Self::Assigned => "ASSIGNED",
            Self::Commented => "COMMENTED",
            Self::DetectorsChanged => "DETECTORS_CHANGED",
            Self::Overdue => "OVERDUE",
            Self::Joined => "JOINED",
        }
    }
}

/// Something that happened to a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct FindingChange {
    /// The scan that saw it; `None` when somebody else did it.
    pub scan: Option<ScanId>,
    /// When.
    pub at: Timestamp,
    /// What.
    pub change: Change,
    /// The person or the program that did it; `None` when a scan did.
    pub who: Option<String>,
    /// Why, in a few words; empty when there is nothing to say. Of a comment, the comment.
    pub why: String,
}

/// What another detector reports, on its way into the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ImportedFinding {
    /// Who reports it.
    pub detector: Detector,
    /// Who passed it on, where that is not the detector itself: Security Hub passes on what GuardDuty reports. It may hold that something is
    /// over of which the detector says that it is not.
    pub via: Option<Detector>,
    /// How the detector calls it: the same id again is the same report.
    pub external_id: String,
    /// What sort of trouble it is.
    pub kind: FindingKind,
    /// Our rule of the same meaning, or else `security-hub:EC2.99`.
    pub rule: RuleId,
    /// The resource.
    pub resource: ResourceKey,
    /// The resource's ARN; its id where it has none.
    pub arn: String,
    /// The resource's name; empty where none is told.
    pub name: String,
    /// How bad it is.
    pub severity: Severity,
    /// Whether the detector holds that it is still so.
    pub record_state: RecordState,
    /// What people did about it there, where the detector keeps such a thing.
    pub workflow: Option<Workflow>,
    /// What exactly is wrong.
    pub evidence: Option<Value>,
    /// What the detector says of it.
    pub text: FindingText,
    /// When the detector saw it first.
    pub first_seen: Timestamp,
    /// When the detector changed or saw it last.
    pub last_seen: Timestamp,
}

/// Where a detector was read to the end: each of the accounts in each of the regions. What it does not report there any more has ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportScope {
    /// Who passed on what the detector reports; `None` when it was asked itself.
    pub via: Option<Detector>,
    /// The accounts; none named means all.
    pub accounts: BTreeSet<AccountId>,
    /// The regions, [`Region::GLOBAL`] among them where what belongs to no region is known too; none named means all.
    pub regions: BTreeSet<Region>,
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
    /// Every state.
    pub const ALL: [Self; 4] = [Self::New, Self::Notified, Self::Suppressed, Self::Resolved];

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

impl FindingKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Configuration,
        Self::Threat,
        Self::Access,
        Self::Vulnerability,
        Self::SensitiveData,
        Self::Other,
    ];

    /// The word in machine formats.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Threat => "threat",
            Self::Access => "access",
            Self::Vulnerability => "vulnerability",
            Self::SensitiveData => "sensitive-data",
            Self::Other => "other",
        }
    }
}

impl Detector {
    /// Every detector.
    pub const ALL: [Self; 13] = [
        Self::Yagura,
        Self::SecurityHub,
        Self::GuardDuty,
        Self::AwsConfig,
        Self::AccessAnalyzer,
        Self::Inspector,
        Self::Macie,
        Self::TrustedAdvisor,
        Self::Prowler,
        Self::Trivy,
        Self::Grype,
        Self::Falco,
        Self::Other,
    ];

    /// The word in machine formats.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yagura => "yagura",
            Self::SecurityHub => "security-hub",
            Self::GuardDuty => "guardduty",
            Self::AwsConfig => "aws-config",
            Self::AccessAnalyzer => "access-analyzer",
            Self::Inspector => "inspector",
            Self::Macie => "macie",
            Self::TrustedAdvisor => "trusted-advisor",
            Self::Prowler => "prowler",
            Self::Trivy => "trivy",
            Self::Grype => "grype",
            Self::Falco => "falco",
            Self::Other => "other",
        }
    }

    /// How the product calls itself.
    #[must_use]
    pub fn product(self) -> &'static str {
        match self {
            Self::Yagura => "Yagura",
            Self::SecurityHub => "Security Hub",
            Self::GuardDuty => "GuardDuty",
            Self::AwsConfig => "AWS Config",
            Self::AccessAnalyzer => "IAM Access Analyzer",
            Self::Inspector => "Inspector",
            Self::Macie => "Macie",
            Self::TrustedAdvisor => "Trusted Advisor",
            Self::Prowler => "Prowler",
            Self::Trivy => "Trivy",
            Self::Grype => "Grype",
            Self::Falco => "Falco",
            Self::Other => "another product",
        }
    }
}

impl fmt::Display for Detector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
