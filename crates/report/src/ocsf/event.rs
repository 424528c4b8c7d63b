//! A finding of OCSF 1.6 as it stands on the wire, as far as we fill it: what all classes have, and what some have.
//!
//! Source: the Open Cybersecurity Schema Framework, category Findings (classes 2002, 2003, 2004 and 2006) with the profile `cloud`.

use serde::Serialize;
use serde_json::Value;

use super::detection::{Attack, Evidence, Observable};

#[derive(Serialize)]
pub(super) struct Event<'a> {
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) start_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end_time: Option<i64>,
    /// How many events there were from the start to the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) count: Option<u64>,
    pub(super) severity_id: u8,
    pub(super) severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status_id: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status_code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status_detail: Option<&'a str>,
    pub(super) message: &'a str,
    pub(super) metadata: Metadata<'a>,
    pub(super) cloud: Cloud<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) compliance: Option<Compliance<'a>>,
    pub(super) finding_info: FindingInfo<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) is_alert: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) confidence_id: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) confidence: Option<&'static str>,
    pub(super) resources: [Resource<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) vulnerabilities: Option<[Vulnerability<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data_security: Option<DataSecurity<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) evidences: Vec<Evidence<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) observables: Vec<Observable<'a>>,
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
    /// The incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) correlation_uid: Option<&'a str>,
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
    /// Who says so, where it is not our rules alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) data_sources: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) src_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) attacks: Vec<Attack>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) role_id: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<&'static str>,
}

/// The schema allows one of the two.
#[derive(Serialize)]
pub(super) struct Vulnerability<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cve: Option<Numbered<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) advisory: Option<Numbered<'a>>,
    pub(super) title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) desc: &'a str,
    pub(super) severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) references: Option<[&'a str; 1]>,
}

#[derive(Serialize)]
pub(super) struct Numbered<'a> {
    pub(super) uid: &'a str,
}

#[derive(Serialize)]
pub(super) struct DataSecurity<'a> {
    pub(super) category_id: u8,
    pub(super) category: &'static str,
    pub(super) detection_pattern: &'a str,
}

/// Readers expect an object here, and a rule's evidence may be a list.
#[derive(Serialize)]
pub(super) struct EvidenceData<'a> {
    pub(super) evidence: &'a Value,
}

#[derive(Serialize)]
pub(super) struct Remediation<'a> {
    pub(super) desc: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) references: Vec<&'a str>,
}

/// Yagura's own words, as its other formats spell them.
#[derive(Serialize)]
pub(super) struct Unmapped<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) outcome: Option<&'static str>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) assignee: Option<&'a str>,
    /// The suppression that hides it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) suppression: Option<&'a str>,
    /// What exactly is wrong, in classes without `evidences`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) evidence: Option<&'a Value>,
}
