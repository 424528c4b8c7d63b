//! Findings of Amazon Macie: sensitive data in buckets, and buckets that are open.
//!
//! Source: Macie API Reference, `Finding`. What was found in objects is never taken along, only where.

use serde_json::Value;
use yagura_model::{Detector, FindingKind, FindingText, ImportedFinding, RecordState};

use super::Refusal;
use super::field::{account, at, cut, evidence, first, required, severity_word, text, time};
use crate::Vocabulary;
use crate::resource::{self, Named};
use crate::rules::own;

/// One finding.
pub(crate) fn finding(value: &Value, vocabulary: &Vocabulary) -> Result<ImportedFinding, Refusal> {
    let owner = account(value, "/accountId")?;
    let kind = required(value, "/type")?;
    let region = text(value, "/region").unwrap_or_default();
    let bucket = first(value, &["/resourcesAffected/s3Bucket/arn", "/resourcesAffected/s3Bucket/name"]);
    let placed = match bucket {
        Some(id) => {
            let kind = Some("AWS::S3::Bucket");
            vocabulary.resources.place(Named { id, kind, account: &owner, region })
        }
        None => resource::account(&owner, owner.as_str(), region),
    };
    let severity = required(value, "/severity/description")?;
    let last_seen = time(value, &["/updatedAt", "/createdAt"])?;
    let first_seen = time(value, &["/createdAt", "/updatedAt"])?;
    let archived = at(value, "/archived").and_then(Value::as_bool).unwrap_or(false);
    Ok(ImportedFinding {
        detector: Detector::Macie,
        external_id: required(value, "/id")?.to_owned(),
        kind: if kind.starts_with("Policy:") {
            FindingKind::Configuration
        } else {
            FindingKind::SensitiveData
        },
        rule: own(Detector::Macie, kind).rule,
        resource: placed.key,
        arn: placed.arn,
        name: String::new(),
        severity: severity_word(severity)
            .ok_or_else(|| Refusal::Wrong(format!("`severity.description` is `{}`", cut(severity))))?,
        record_state: if archived { RecordState::Archived } else { RecordState::Active },
        workflow: None,
        evidence: evidence([
            ("Object", at(value, "/resourcesAffected/s3Object/path")),
            ("Count", at(value, "/count")),
            ("Category", at(value, "/classificationDetails/result/sensitiveData/0/category")),
            ("Action", at(value, "/policyDetails/action")),
        ]),
        text: FindingText {
            title: text(value, "/title").map_or_else(|| cut(kind), cut),
            description: text(value, "/description").map(cut).unwrap_or_default(),
            ..FindingText::default()
        },
        in_security_hub: false,
        first_seen: first_seen.min(last_seen),
        last_seen,
    })
}
