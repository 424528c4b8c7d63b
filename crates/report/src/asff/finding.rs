//! A finding of the AWS Security Finding Format as it stands on the wire, as far as we fill it.
//!
//! Source: AWS Security Hub User Guide, "AWS Security Finding Format (ASFF)".

use serde::Serialize;
use yagura_model::{Compliance, RecordState, Severity, Workflow};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Finding<'a> {
    pub(super) schema_version: &'static str,
    pub(super) id: String,
    pub(super) product_arn: String,
    pub(super) product_name: &'static str,
    pub(super) company_name: &'static str,
    pub(super) region: String,
    pub(super) generator_id: String,
    pub(super) aws_account_id: &'a str,
    pub(super) types: Vec<&'static str>,
    pub(super) first_observed_at: String,
    pub(super) last_observed_at: String,
    pub(super) created_at: String,
    pub(super) updated_at: String,
    pub(super) severity: Severe,
    pub(super) title: String,
    pub(super) description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) remediation: Option<Remediation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source_url: Option<&'a str>,
    pub(super) product_fields: Fields<'a>,
    pub(super) resources: [Resource; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) compliance: Option<ComplianceResult<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) vulnerabilities: Option<[Vulnerability<'a>; 1]>,
    pub(super) workflow: WorkflowStatus,
    pub(super) record_state: RecordState,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Severe {
    pub(super) label: Severity,
    pub(super) original: Severity,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Remediation {
    pub(super) recommendation: Recommendation,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Recommendation {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
}

/// Texts of our own; the format allows 50 of at most 2,048 characters.
#[derive(Serialize)]
pub(super) struct Fields<'a> {
    #[serde(rename = "yagura/Rule")]
    pub(super) rule: &'a str,
    #[serde(rename = "yagura/Outcome", skip_serializing_if = "Option::is_none")]
    pub(super) outcome: Option<&'static str>,
    #[serde(rename = "yagura/ResourceType")]
    pub(super) resource_type: &'a str,
    #[serde(rename = "yagura/ResourceId")]
    pub(super) resource_id: String,
    #[serde(rename = "yagura/ResourceName", skip_serializing_if = "Option::is_none")]
    pub(super) resource_name: Option<String>,
    #[serde(rename = "yagura/Evidence", skip_serializing_if = "Option::is_none")]
    pub(super) evidence: Option<String>,
    /// Who says so, where it is not our rules alone.
    #[serde(rename = "yagura/Detectors", skip_serializing_if = "Option::is_none")]
    pub(super) detectors: Option<String>,
    #[serde(rename = "yagura/Incident", skip_serializing_if = "Option::is_none")]
    pub(super) incident: Option<&'a str>,
    #[serde(rename = "yagura/Actor", skip_serializing_if = "Option::is_none")]
    pub(super) actor: Option<String>,
    #[serde(rename = "yagura/Events", skip_serializing_if = "Option::is_none")]
    pub(super) events: Option<String>,
    #[serde(rename = "yagura/Techniques", skip_serializing_if = "Option::is_none")]
    pub(super) techniques: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Vulnerability<'a> {
    pub(super) id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reference_urls: Option<[&'a str; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Resource {
    #[serde(rename = "Type")]
    pub(super) kind: &'static str,
    pub(super) id: String,
    pub(super) partition: &'static str,
    pub(super) region: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ComplianceResult<'a> {
    pub(super) status: Compliance,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status_reasons: Option<[StatusReason; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) security_control_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) associated_standards: Vec<AssociatedStandard>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related_requirements: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AssociatedStandard {
    pub(super) standards_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StatusReason {
    pub(super) reason_code: &'static str,
    pub(super) description: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct WorkflowStatus {
    pub(super) status: Workflow,
}
