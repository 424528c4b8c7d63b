//! Findings of IAM Access Analyzer: access from outside and inside, and access that nobody uses.
//!
//! Source: Access Analyzer API Reference, `FindingSummaryV2` and `FindingSummary`.

use serde_json::Value;
use yagura_model::{
    AccountId, Arn, Detector, FindingKind, FindingText, ImportedFinding, RecordState, Severity,
};

use super::Refusal;
use super::field::{at, cut, evidence, first, required, text, time};
use crate::Vocabulary;
use crate::resource::Named;
use crate::rules::own;

/// One finding; `region` is the analyzer's.
pub(crate) fn finding(
    value: &Value,
    vocabulary: &Vocabulary,
    region: Option<&str>,
) -> Result<ImportedFinding, Refusal> {
    // Events spell two names otherwise.
    let owner = first(value, &["/resourceOwnerAccount", "/accountId"])
        .map_or_else(|| required(value, "/resourceOwnerAccount"), Ok)?;
    let owner =
        AccountId::new(owner).map_err(|error| Refusal::Wrong(format!("`resourceOwnerAccount`: {error}")))?;
    let id = required(value, "/resource")?;
    let own_region = Arn::parse(id).map(|arn| arn.region).unwrap_or_default();
    let region = if own_region.is_empty() { region.unwrap_or_default() } else { own_region };
    let kind = text(value, "/resourceType");
    let placed = vocabulary.resources.place(Named { id, kind, account: &owner, region });
    let access = text(value, "/findingType").unwrap_or("ExternalAccess");
    let last_seen = time(value, &["/updatedAt", "/analyzedAt", "/createdAt"])?;
    let first_seen = time(value, &["/createdAt", "/updatedAt"])?;
    Ok(ImportedFinding {
        detector: Detector::AccessAnalyzer,
        external_id: first(value, &["/id", "/arn"]).map_or_else(|| required(value, "/id"), Ok)?.to_owned(),
        kind: FindingKind::Access,
        rule: own(Detector::AccessAnalyzer, access).rule,
        resource: placed.key,
        arn: placed.arn,
        name: String::new(),
        severity: severity(access, at(value, "/isPublic").and_then(Value::as_bool)),
        record_state: match text(value, "/status") {
            Some("ACTIVE") | None => RecordState::Active,
            _ => RecordState::Archived,
        },
        workflow: None,
        evidence: evidence([
            ("Principal", at(value, "/principal")),
            ("Action", at(value, "/action")),
            ("Condition", at(value, "/condition")),
            ("IsPublic", at(value, "/isPublic")),
            ("Error", at(value, "/error")),
        ]),
        text: FindingText { title: title(access, kind.unwrap_or("resource")), ..FindingText::default() },
        in_security_hub: false,
        first_seen: first_seen.min(last_seen),
        last_seen,
    })
}

/// Access Analyzer does not say how bad a finding is: what anybody can reach is worse than what is unused.
fn severity(access: &str, public: Option<bool>) -> Severity {
    match (access, public) {
        (_, Some(true)) => Severity::High,
        ("ExternalAccess" | "InternalAccess", _) => Severity::Medium,
        _ => Severity::Low,
    }
}

fn title(access: &str, kind: &str) -> String {
    match access {
        "ExternalAccess" => format!("{kind} can be reached from outside"),
        "InternalAccess" => format!("{kind} can be reached from inside the organisation"),
        "UnusedIAMRole" => "Role is not used".to_owned(),
        "UnusedIAMUserAccessKey" => "Access key is not used".to_owned(),
        "UnusedIAMUserPassword" => "Password is not used".to_owned(),
        "UnusedPermission" => "Permissions are not used".to_owned(),
        other => cut(other),
    }
}
