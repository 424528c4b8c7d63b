//! What a generic webhook gets: the whole notice as JSON, and a signature.
//!
//! The signature is HMAC-SHA256 over the timestamp, a full stop and the body, as docs/notifications.md tells receivers.

use ring::hmac;
use serde_json::{Value, json};

use crate::incident::{Step, Story};
use crate::notice::{Alert, Notice, NoticeKind, Told};
use crate::settings::SecretText;

/// The version of the body's shape: keys are only ever added.
const VERSION: u32 = 1;

/// The body.
pub(crate) fn body(notice: &Notice) -> Value {
    let kind = match notice.kind {
        NoticeKind::Alert => "alert",
        NoticeKind::Digest => "digest",
        NoticeKind::Test => "test",
    };
    json!({
        "version": VERSION,
        "id": notice.key,
        "type": kind,
        "time": notice.at,
        "language": notice.lang,
        "project": notice.project,
        "environment": notice.environment,
        "alerts": notice.alerts.iter().map(alert).collect::<Vec<_>>(),
    })
}

fn alert(it: &Alert) -> Value {
    let mut alert = json!({
        "event": it.change.as_str(),
        "severity": it.severity.as_str(),
        "kind": it.kind.as_str(),
        "rule": it.rule.as_str(),
        "title": it.facts.title,
        "why": it.facts.why,
        "steps": it.facts.steps,
        "impact_of_fix": it.facts.impact,
        "references": it.facts.references,
        "requirements": it.facts.requirements,
        "findings": it.findings.iter().map(finding).collect::<Vec<_>>(),
    });
    if let Some(it) = &it.incident {
        alert["incident"] = incident(it);
    }
    alert
}

fn incident(it: &Story) -> Value {
    let accounts: Vec<_> = it.accounts.iter().map(|(id, name)| json!({ "id": id, "name": name })).collect();
    json!({
        "id": it.id,
        "part_of": it.part_of,
        "who": it.who,
        "from": it.from,
        "accounts": accounts,
        "since": it.since,
        "until": it.until,
        "stages": it.stages,
        "new_stages": it.new_stages,
        "story": it.steps.iter().map(step).collect::<Vec<_>>(),
        "left_out": it.left_out,
        "made": it.made,
    })
}

fn step(it: &Step) -> Value {
    json!({ "time": it.at, "stage": it.stage, "title": it.title, "deed": it.deed, "said": it.said })
}

fn finding(it: &Told) -> Value {
    let mut finding = json!({
        "id": it.id,
        "time": it.at,
        "severity": it.severity.as_str(),
        "account": it.account.as_str(),
        "account_name": it.account_name,
        "region": it.region.as_str(),
        "resource_type": it.resource_type.as_str(),
        "resource": it.resource,
        "name": it.name,
        "arn": it.arn,
        "detectors": it.detectors,
    });
    if let Some(it) = &it.detected {
        finding["rule"] = json!(it.rule.as_str());
        finding["title"] = json!(it.title);
    }
    finding
}

/// The value of the header `Yagura-Signature`.
pub(crate) fn signature(secret: &SecretText, seconds: i64, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    let mut context = hmac::Context::with_key(&key);
    context.update(format!("{seconds}.").as_bytes());
    context.update(body);
    let hex: String = context.sign().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={seconds},v1={hex}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_what_other_programs_make_of_it() {
        // python3 -c 'import hmac; print(hmac.new(b"key", b"1767225600.{}", "sha256").hexdigest())'
        let made = signature(&SecretText::new("key"), 1_767_225_600, b"{}");
        assert_eq!(made, "t=1767225600,v1=df344de429b8ee672e1863e0008fdbd0080000536fbccdf0e4f89846acbbe872");
    }
}
