//! GuardDuty's own findings: as its API gives them, as the command line prints them, as EventBridge carries them.
//!
//! Source: Amazon GuardDuty User Guide, "Finding details" and "Severity levels of findings".

use serde_json::Value;
use yagura_model::{AccountId, Detector, FindingKind, FindingText, ImportedFinding, RecordState, Severity};

use super::Refusal;
use super::field::{account, at, bounded, cut, first, required, text, time};
use crate::Vocabulary;
use crate::resource::{self, Named, Placed};
use crate::rules::own;

/// Whether this is one, in either spelling.
pub(super) fn is_one(value: &Value) -> bool {
    let has = |upper: &str, lower: &str| value.get(upper).or_else(|| value.get(lower)).is_some();
    has("AccountId", "accountId")
        && has("Type", "type")
        && has("Service", "service")
        && has("Resource", "resource")
}

/// One finding.
pub(crate) fn finding(value: &Value, vocabulary: &Vocabulary) -> Result<ImportedFinding, Refusal> {
    // The command line spells names with a capital, events and exports with a small letter.
    let lowered;
    let value = if value.get("AccountId").is_some() {
        lowered = small(value);
        &lowered
    } else {
        value
    };
    let owner = account(value, "/accountId")?;
    let kind = required(value, "/type")?;
    let placed = placed(value, &owner, vocabulary);
    let archived = at(value, "/service/archived").and_then(Value::as_bool).unwrap_or(false);
    let last_seen = time(value, &["/updatedAt", "/service/eventLastSeen", "/createdAt"])?;
    let first_seen = time(value, &["/service/eventFirstSeen", "/createdAt", "/updatedAt"])?;
    Ok(ImportedFinding {
        detector: Detector::GuardDuty,
        external_id: first(value, &["/arn", "/id"]).map_or_else(|| required(value, "/id"), Ok)?.to_owned(),
        kind: FindingKind::Threat,
        rule: own(Detector::GuardDuty, kind).rule,
        resource: placed.key,
        arn: placed.arn,
        name: String::new(),
        severity: severity(value)?,
        record_state: if archived { RecordState::Archived } else { RecordState::Active },
        workflow: None,
        evidence: at(value, "/service/action").map(|it| bounded(it, 0)),
        text: FindingText {
            title: text(value, "/title").map_or_else(|| cut(kind), cut),
            description: text(value, "/description").map(cut).unwrap_or_default(),
            remediation: String::new(),
            url: String::new(),
        },
        in_security_hub: false,
        first_seen: first_seen.min(last_seen),
        last_seen,
    })
}

/// Names with a small first letter, all the way down.
fn small(value: &Value) -> Value {
    match value {
        Value::Array(list) => list.iter().map(small).collect(),
        Value::Object(map) => {
            let lowered = map.iter().map(|(name, value)| {
                let mut letters = name.chars();
                let first = letters.next().map(|it| it.to_ascii_lowercase());
                (first.into_iter().chain(letters).collect::<String>(), small(value))
            });
            Value::Object(lowered.collect())
        }
        other => other.clone(),
    }
}

fn placed(value: &Value, owner: &AccountId, vocabulary: &Vocabulary) -> Placed {
    let told = at(value, "/resource").unwrap_or(&Value::Null);
    let region = text(value, "/region").unwrap_or_default();
    let place =
        |id: &str, kind| vocabulary.resources.place(Named { id, kind: Some(kind), account: owner, region });
    // Where a finding names several resources, the one that its type is about.
    let of = |kind: &str| -> Option<Placed> {
        match kind {
            "Instance" => text(told, "/instanceDetails/instanceId").map(|id| place(id, "AWS::EC2::Instance")),
            "AccessKey" => principal(told, owner, region, vocabulary),
            "S3Bucket" | "S3Object" => first(told, &["/s3BucketDetails/0/arn", "/s3BucketDetails/0/name"])
                .map(|id| place(id, "AWS::S3::Bucket")),
            "EKSCluster" | "KubernetesCluster" => {
                first(told, &["/eksClusterDetails/arn", "/eksClusterDetails/name"])
                    .map(|id| place(id, "AWS::EKS::Cluster"))
            }
            "ECSCluster" => text(told, "/ecsClusterDetails/arn").map(|id| place(id, "AWS::ECS::Cluster")),
            "RDSDBInstance" => first(
                told,
                &["/rdsDbInstanceDetails/dbInstanceArn", "/rdsDbInstanceDetails/dbInstanceIdentifier"],
            )
            .map(|id| place(id, "AWS::RDS::DBInstance")),
            "Lambda" => first(told, &["/lambdaDetails/functionArn", "/lambdaDetails/functionName"])
                .map(|id| place(id, "AWS::Lambda::Function")),
            "EBSSnapshot" => {
                text(told, "/ebsSnapshotDetails/snapshotArn").map(|id| place(id, "AWS::EC2::Snapshot"))
            }
            _ => None,
        }
    };
    let kind = text(told, "/resourceType").unwrap_or_default();
    let order = ["EKSCluster", "ECSCluster", "Instance", "RDSDBInstance", "Lambda", "S3Bucket", "AccessKey"];
    of(kind)
        .or_else(|| order.into_iter().find_map(of))
        .unwrap_or_else(|| resource::account(owner, owner.as_str(), region))
}

/// Whose credentials did it.
fn principal(told: &Value, owner: &AccountId, region: &str, vocabulary: &Vocabulary) -> Option<Placed> {
    let details = at(told, "/accessKeyDetails")?;
    let name = first(details, &["/userName", "/principalId"])?;
    let kind = match text(details, "/userType").unwrap_or_default() {
        "IAMUser" => "AWS::IAM::User",
        "Role" | "AssumedRole" => "AWS::IAM::Role",
        _ => return Some(resource::account(owner, owner.as_str(), region)),
    };
    Some(vocabulary.resources.place(Named { id: name, kind: Some(kind), account: owner, region }))
}

/// Critical from 9, high from 7, medium from 4.
fn severity(value: &Value) -> Result<Severity, Refusal> {
    let number = at(value, "/severity").and_then(Value::as_f64);
    match number {
        Some(it) if it >= 9.0 => Ok(Severity::Critical),
        Some(it) if it >= 7.0 => Ok(Severity::High),
        Some(it) if it >= 4.0 => Ok(Severity::Medium),
        Some(it) if it > 0.0 => Ok(Severity::Low),
        _ => Err(Refusal::Wrong("`severity` is missing or no number from 1 to 10".to_owned())),
    }
}
