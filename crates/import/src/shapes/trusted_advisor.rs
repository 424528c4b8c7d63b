//! What checks of AWS Trusted Advisor flag.
//!
//! Source: AWS Support API Reference, `TrustedAdvisorResourceDetail`: a status, and texts under the check's own headings.

use serde_json::Value;
use yagura_model::{
    AccountId, Detector, FindingKind, FindingText, ImportedFinding, RecordState, Severity, Timestamp,
    Workflow,
};

use super::Refusal;
use super::field::{at, cut, required, text};
use crate::Vocabulary;
use crate::resource::{self, Named, Placed};
use crate::rules::own;

/// Headings under which the id of a resource stands.
const HEADINGS: &[(&str, &str)] = &[
    ("Security Group ID", "AWS::EC2::SecurityGroup"),
    ("Bucket Name", "AWS::S3::Bucket"),
    ("Instance ID", "AWS::EC2::Instance"),
    ("Volume ID", "AWS::EC2::Volume"),
    ("IAM User", "AWS::IAM::User"),
    ("DB Instance", "AWS::RDS::DBInstance"),
    ("DB Instance Name", "AWS::RDS::DBInstance"),
    ("Load Balancer Name", "AWS::ElasticLoadBalancing::LoadBalancer"),
    ("Distribution ID", "AWS::CloudFront::Distribution"),
    ("Hosted Zone ID", "AWS::Route53::HostedZone"),
    ("Function ARN", "AWS::Lambda::Function"),
    ("Snapshot ID", "AWS::EC2::Snapshot"),
    ("Trail Name", "AWS::CloudTrail::Trail"),
];

/// One flagged resource of a check; `seen` is when the check was made.
pub(crate) fn flagged(
    resource: &Value,
    check: &Value,
    owner: &AccountId,
    seen: Timestamp,
    vocabulary: &Vocabulary,
) -> Result<ImportedFinding, Refusal> {
    let id = required(check, "/id")?;
    let external = required(resource, "/resourceId")?;
    let placed = placed(resource, check, owner, vocabulary);
    let (severity, record_state) = colour(required(resource, "/status")?)?;
    let hidden = at(resource, "/isSuppressed").and_then(Value::as_bool).unwrap_or(false);
    Ok(ImportedFinding {
        detector: Detector::TrustedAdvisor,
        external_id: format!("{owner}/{id}/{external}"),
        kind: FindingKind::Configuration,
        rule: own(Detector::TrustedAdvisor, id).rule,
        resource: placed.key,
        arn: placed.arn,
        name: String::new(),
        severity,
        record_state,
        workflow: hidden.then_some(Workflow::Suppressed),
        evidence: None,
        text: FindingText {
            title: text(check, "/name").map_or_else(|| cut(id), cut),
            description: text(check, "/description").map(cut).unwrap_or_default(),
            ..FindingText::default()
        },
        in_security_hub: false,
        first_seen: seen,
        last_seen: seen,
    })
}

/// Red: action recommended; yellow: investigation recommended; green: nothing detected.
fn colour(status: &str) -> Result<(Severity, RecordState), Refusal> {
    match status {
        "error" => Ok((Severity::High, RecordState::Active)),
        "warning" => Ok((Severity::Medium, RecordState::Active)),
        "ok" => Ok((Severity::Informational, RecordState::Archived)),
        other => Err(Refusal::Wrong(format!("`status` is `{}`", cut(other)))),
    }
}

/// What is not known by its heading is filed under the check.
fn placed(resource: &Value, check: &Value, owner: &AccountId, vocabulary: &Vocabulary) -> Placed {
    let list = |value: &Value| -> Vec<String> {
        let texts = value.as_array().into_iter().flatten();
        texts.map(|it| it.as_str().unwrap_or_default().to_owned()).collect()
    };
    let (headings, texts) = (list(&check["metadata"]), list(&resource["metadata"]));
    let region = text(resource, "/region").unwrap_or_default();
    let place = |id: &str, kind| vocabulary.resources.place(Named { id, kind, account: owner, region });
    if let Some(arn) = texts.iter().find(|it| it.starts_with("arn:")) {
        return place(arn, None);
    }
    for (heading, told) in headings.iter().zip(&texts) {
        let known = HEADINGS.iter().find(|(known, _)| known.eq_ignore_ascii_case(heading));
        // `sg-1 (vpc-2)`
        if let (Some((_, kind)), Some(id)) = (known, told.split_whitespace().next()) {
            return place(id, Some(kind));
        }
    }
    match text(check, "/id") {
        Some(id) if !headings.is_empty() => vocabulary.resources.place(Named {
            id,
            kind: Some("AWS::Support::TrustedAdvisorCheck"),
            account: owner,
            region: "",
        }),
        _ => resource::account(owner, owner.as_str(), region),
    }
}
