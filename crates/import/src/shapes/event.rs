//! What EventBridge carries: findings in the `detail` of an event.

use serde_json::Value;

use super::field::text;
use super::{Read, Refusal, access_analyzer, asff, aws_config, guardduty, inspector, macie};
use crate::Vocabulary;

/// The findings of one event.
pub(super) fn findings(event: &Value, vocabulary: &Vocabulary) -> Read {
    let detail = &event["detail"];
    let kind = text(event, "/detail-type").unwrap_or_default();
    if let Some(findings) = detail.get("findings").and_then(Value::as_array) {
        return findings.iter().map(|it| asff::passed_on(it, vocabulary)).collect();
    }
    vec![match kind {
        "GuardDuty Finding" => guardduty::finding(detail, vocabulary),
        "Inspector2 Finding" => inspector::finding(detail, vocabulary),
        "Macie Finding" => macie::finding(detail, vocabulary),
        "Access Analyzer Finding" => access_analyzer::finding(detail, vocabulary, text(event, "/region")),
        "Config Rules Compliance Change" => aws_config::change(detail, vocabulary),
        other => Err(Refusal::Wrong(format!("an event of the type `{other}` carries no finding"))),
    }]
}
