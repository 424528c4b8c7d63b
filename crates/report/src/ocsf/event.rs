//! The Compliance Finding of OCSF 1.6 as it stands on the wire, as far as a posture rule fills it.
//!
//! Source: the Open Cybersecurity Schema Framework, class 2003 with the profile `cloud`.

use serde::Serialize;
use serde_json::Value;

#[derive(Serialize)]
pub(super) struct ComplianceFinding<'a> {
    pub(super) activity_id: u8,
    pub(super) activity_name: &'static str,
    pub(super) category_uid: u8,
    pub(super) category_name: &'static str,
    pub(super) class_uid: u16,
    pub(super) class_name: &'static str,
    pub(super) type_uid: u32,
    pub(super) type_name: String,
    /// Milliseconds since 1970.
    pub(super) time: i64,
    pub(super) severity_id: u8,
    pub(super) severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status_id: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<&'static str>,
    pub(super) status_code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status_detail: Option<&'a str>,
    pub(super) message: &'a str,
    pub(super) metadata: Metadata<'a>,
    pub(super) cloud: Cloud<'a>,
    pub(super) compliance: Compliance<'a>,
    pub(super) finding_info: FindingInfo<'a>,
    pub(super) resources: [Resource<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) evidences: Option<[Evidence<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) remediation: Option<Remediation<'a>>,
    pub(super) unmapped: Unmapped<'a>,
}

#[derive(Serialize)]
pub(super) struct Metadata<'a> {
    pub(super) version: &'static str,
    pub(super) profiles: [&'static str; 1],
    /// The rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) event_code: Option<&'a str>,
    pub(super) product: Product<'a>,
    pub(super) log_provider: &'static str,
    pub(super) log_name: &'static str,
    pub(super) original_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tenant_uid: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct Product<'a> {
    pub(super) name: &'static str,
    pub(super) uid: &'static str,
    pub(super) vendor_name: &'static str,
    pub(super) version: &'a str,
    pub(super) lang: &'static str,
}

#[derive(Serialize)]
pub(super) struct Cloud<'a> {
    pub(super) provider: &'static str,
    pub(super) cloud_partition: &'static str,
    pub(super) region: &'a str,
    pub(super) account: Account<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) org: Option<Organization<'a>>,
}

#[derive(Serialize)]
pub(super) struct Account<'a> {
    pub(super) uid: &'a str,
    pub(super) name: &'a str,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) type_id: u8,
}

#[derive(Serialize)]
pub(super) struct Organization<'a> {
    pub(super) uid: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) ou_name: &'a str,
}

#[derive(Serialize)]
pub(super) struct Compliance<'a> {
    pub(super) status_id: u8,
    pub(super) status: &'static str,
    /// OCSF replaced it by `status_details`; readers of both are served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status_detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status_details: Option<[&'a str; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) control: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) desc: &'a str,
    pub(super) standards: &'a [&'a str],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) category: Option<&'static str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub(super) requirements: &'a [String],
}

#[derive(Serialize)]
pub(super) struct FindingInfo<'a> {
    pub(super) uid: &'a str,
    pub(super) title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) desc: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) first_seen_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_seen_time: Option<i64>,
    pub(super) types: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) analytic: Option<Analytic<'a>>,
}

#[derive(Serialize)]
pub(super) struct Analytic<'a> {
    pub(super) uid: &'a str,
    pub(super) name: &'a str,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) type_id: u8,
}

#[derive(Serialize)]
pub(super) struct Resource<'a> {
    /// The ARN; a list that could not be read has none.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) uid: &'a str,
    /// The id.
    pub(super) name: &'a str,
    #[serde(rename = "type")]
    pub(super) kind: &'a str,
    pub(super) region: &'a str,
    pub(super) cloud_partition: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) labels: Vec<&'a str>,
}

#[derive(Serialize)]
pub(super) struct Evidence<'a> {
    pub(super) data: EvidenceData<'a>,
}

/// Readers expect an object here, and a rule's evidence may be a list.
#[derive(Serialize)]
pub(super) struct EvidenceData<'a> {
    pub(super) evidence: &'a Value,
}

#[derive(Serialize)]
pub(super) struct Remediation<'a> {
    pub(super) desc: String,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub(super) references: &'a [String],
}

/// Yagura's own words, as its other formats spell them.
#[derive(Serialize)]
pub(super) struct Unmapped<'a> {
    pub(super) outcome: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) resource_name: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) aliases: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<&'a yagura_model::Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) workflow: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) record_state: Option<&'static str>,
}
