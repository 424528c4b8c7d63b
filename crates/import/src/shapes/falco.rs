//! Falco's alerts, one a line.
//!
//! The same rule on the same thing is one report, however often it fires. Command lines may hold secrets: of the fields, only
//! names are taken.

use serde_json::Value;
use yagura_model::{
    AccountId, Detector, FindingKind, FindingText, ImportedFinding, RecordState, Region, ResourceKey,
    ResourceType, Severity,
};

use super::field::{at, cut, evidence, required, text, time};
use super::{Elsewhere, Refusal};
use crate::Vocabulary;
use crate::resource::{Named, Placed};
use crate::rules::own;

/// One alert.
pub(crate) fn finding(
    value: &Value,
    vocabulary: &Vocabulary,
    elsewhere: &Elsewhere,
) -> Result<ImportedFinding, Refusal> {
    let rule = required(value, "/rule")?;
    let fields = &value["output_fields"];
    let placed = placed(value, fields, vocabulary, elsewhere)?;
    let priority = required(value, "/priority")?;
    let seen = time(value, &["/time"])?;
    let field = |name: &str| fields.get(name).filter(|it| !it.is_null());
    Ok(ImportedFinding {
        detector: Detector::Falco,
        external_id: format!("{rule}/{}", placed.key),
        kind: FindingKind::Threat,
        rule: own(Detector::Falco, rule).rule,
        resource: placed.key,
        arn: placed.arn,
        name: String::new(),
        severity: severity(priority)?,
        record_state: RecordState::Active,
        workflow: None,
        evidence: evidence([
            ("Source", at(value, "/source")),
            ("Tags", at(value, "/tags")),
            ("Container", field("container.name")),
            ("Image", field("container.image.repository")),
            ("Process", field("proc.name")),
            ("User", field("user.name").or_else(|| field("ct.user"))),
            ("Event", field("ct.name").or_else(|| field("evt.type"))),
        ]),
        text: FindingText { title: cut(rule), ..FindingText::default() },
        in_security_hub: false,
        first_seen: seen,
        last_seen: seen,
    })
}

fn placed(
    value: &Value,
    fields: &Value,
    vocabulary: &Vocabulary,
    elsewhere: &Elsewhere,
) -> Result<Placed, Refusal> {
    let field = |name: &str| fields.get(name).and_then(Value::as_str).filter(|it| !it.is_empty());
    let told = field("ct.user.accountid").and_then(|it| AccountId::new(it).ok());
    let Some(account) = told.or_else(|| elsewhere.account.clone()) else {
        return Err(Refusal::Wrong(
            "it does not say which account it belongs to: name one with --account".to_owned(),
        ));
    };
    let region = field("ct.region").or(elsewhere.region.as_ref().map(Region::as_str)).unwrap_or_default();
    if let Some(arn) = field("ct.user.arn") {
        return Ok(vocabulary.resources.place(Named { id: arn, kind: None, account: &account, region }));
    }
    let (kind, id) = match (field("container.id").filter(|it| *it != "host"), text(value, "/hostname")) {
        (Some(container), _) => ("Container::Container", container),
        (None, Some(host)) => ("Host::Host", host),
        (None, None) => {
            return Err(Refusal::Wrong("`hostname` and `container.id` are missing".to_owned()));
        }
    };
    let region = if region.is_empty() { Region::global() } else { Region::from(region) };
    let key = ResourceKey { account, region, resource_type: ResourceType::from(kind), id: id.to_owned() };
    Ok(Placed { arn: key.id.clone(), key })
}

fn severity(priority: &str) -> Result<Severity, Refusal> {
    Ok(match priority.to_ascii_lowercase().as_str() {
        "emergency" | "alert" | "critical" => Severity::Critical,
        "error" => Severity::High,
        "warning" => Severity::Medium,
        "notice" => Severity::Low,
        "informational" | "info" | "debug" => Severity::Informational,
        other => return Err(Refusal::Wrong(format!("`priority` is `{}`", cut(other)))),
    })
}
