//! What rules of AWS Config say about resources: evaluation results, of an account or through an aggregator, and events.
//!
//! Source: AWS Config API Reference, `EvaluationResult` and `AggregateEvaluationResult`.

use serde_json::Value;
use yagura_model::{AccountId, Detector, FindingKind, FindingText, ImportedFinding, RecordState, Severity};

use super::Refusal;
use super::field::{account, at, cut, evidence, required, text, time};
use crate::Vocabulary;
use crate::resource::Named;

/// A rule of AWS Config.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Rule<'a> {
    pub(crate) name: &'a str,
    /// Of a managed rule: `INCOMING_SSH_DISABLED`.
    pub(crate) identifier: Option<&'a str>,
    pub(crate) description: &'a str,
}

/// Where an evaluation was made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) region: &'a str,
}

/// One evaluation result. `arn` is the resource's where it is known: ids of AWS Config are not always ours.
pub(crate) fn evaluation(
    result: &Value,
    rule: Rule<'_>,
    place: Place<'_>,
    arn: Option<&str>,
    vocabulary: &Vocabulary,
) -> Result<ImportedFinding, Refusal> {
    let qualifier = "/EvaluationResultIdentifier/EvaluationResultQualifier";
    let kind = required(result, &format!("{qualifier}/ResourceType"))?;
    let id = required(result, &format!("{qualifier}/ResourceId"))?;
    let named =
        Named { id: arn.unwrap_or(id), kind: Some(kind), account: place.account, region: place.region };
    let placed = vocabulary.resources.place(named);
    let check = vocabulary.rules.aws_config(rule.name, rule.identifier, &placed.key.resource_type);
    let seen = time(result, &["/ResultRecordedTime", "/ConfigRuleInvokedTime"])?;
    Ok(ImportedFinding {
        detector: Detector::AwsConfig,
        external_id: format!("{}/{}/{}/{kind}/{id}", place.account, place.region, rule.name),
        kind: FindingKind::Configuration,
        // AWS Config does not say how bad it is.
        severity: check.severity.unwrap_or(Severity::Medium),
        rule: check.rule,
        resource: placed.key,
        arn: placed.arn,
        name: String::new(),
        record_state: state(required(result, "/ComplianceType")?)?,
        workflow: None,
        evidence: evidence([("Annotation", at(result, "/Annotation"))]),
        text: FindingText {
            title: cut(rule.name),
            description: text(result, "/Annotation").map_or_else(|| cut(rule.description), cut),
            ..FindingText::default()
        },
        in_security_hub: false,
        first_seen: seen,
        last_seen: seen,
    })
}

/// What is neither is not told any more: the resource is gone, or the rule does not concern it.
fn state(compliance: &str) -> Result<RecordState, Refusal> {
    match compliance {
        "NON_COMPLIANT" => Ok(RecordState::Active),
        "COMPLIANT" | "NOT_APPLICABLE" => Ok(RecordState::Archived),
        other => Err(Refusal::Wrong(format!("`ComplianceType` is `{}`", cut(other)))),
    }
}

/// The detail of an event `Config Rules Compliance Change`.
pub(super) fn change(detail: &Value, vocabulary: &Vocabulary) -> Result<ImportedFinding, Refusal> {
    let owner = account(detail, "/awsAccountId")?;
    let result = at(detail, "/newEvaluationResult")
        .ok_or_else(|| Refusal::Wrong("`newEvaluationResult` is missing".to_owned()))?;
    let renamed = serde_json::json!({
        "EvaluationResultIdentifier": { "EvaluationResultQualifier": {
            "ResourceType": detail["resourceType"], "ResourceId": detail["resourceId"],
        } },
        "ComplianceType": result["complianceType"],
        "ResultRecordedTime": result["resultRecordedTime"],
        "Annotation": result["annotation"],
    });
    let rule = Rule { name: required(detail, "/configRuleName")?, ..Rule::default() };
    let place = Place { account: &owner, region: text(detail, "/awsRegion").unwrap_or_default() };
    evaluation(&renamed, rule, place, None, vocabulary)
}
