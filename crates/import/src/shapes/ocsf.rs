//! Findings of the Open Cybersecurity Schema Framework, whoever writes them: classes 2001 to 2004 and 2006.
//!
//! Source: the framework's schema, category Findings; Prowler's and Security Hub's own outputs.

use serde_json::Value;
use yagura_model::{
    AccountId, Detector, FindingKind, FindingText, ImportedFinding, RecordState, ResourceType, Severity,
    Workflow,
};

use super::Refusal;
use super::asff::slug;
use super::field::{account, at, cut, evidence, first, severity_word, text, time};
use crate::Vocabulary;
use crate::resource::{Named, Placed};
use crate::rules::{Check, named, own};

/// Products by a word in their names.
const PRODUCTS: &[(&str, Detector)] = &[
    ("prowler", Detector::Prowler),
    ("guardduty", Detector::GuardDuty),
    ("inspector", Detector::Inspector),
    ("macie", Detector::Macie),
    ("access analyzer", Detector::AccessAnalyzer),
    ("security hub", Detector::SecurityHub),
    ("securityhub", Detector::SecurityHub),
    ("aws config", Detector::AwsConfig),
    ("trusted advisor", Detector::TrustedAdvisor),
    ("trivy", Detector::Trivy),
    ("grype", Detector::Grype),
    ("falco", Detector::Falco),
];

const SECURITY: u64 = 2001;
const VULNERABILITY: u64 = 2002;
const COMPLIANCE: u64 = 2003;
const DETECTION: u64 = 2004;
const DATA_SECURITY: u64 = 2006;

/// One finding.
pub(crate) fn finding(value: &Value, vocabulary: &Vocabulary) -> Result<ImportedFinding, Refusal> {
    let class = at(value, "/class_uid").and_then(Value::as_u64);
    let Some(class @ (SECURITY | VULNERABILITY | COMPLIANCE | DETECTION | DATA_SECURITY)) = class else {
        return Err(Refusal::Wrong(match class {
            Some(other) => format!("`class_uid` is {other}: 2001, 2002, 2003, 2004 or 2006 are findings"),
            None => "`class_uid` is missing".to_owned(),
        }));
    };
    let detector = detector(value)?;
    let external_id = needed(value, &["/finding_info/uid", "/finding/uid"])?.to_owned();
    let title = needed(value, &["/finding_info/title", "/finding/title", "/message"])?;
    let owner = account(value, "/cloud/account/uid")?;
    let placed = placed(value, &owner, vocabulary)?;
    let check = check(value, class, detector, &placed.key.resource_type, vocabulary)?;
    let time_of = |paths: &[&str]| time(value, paths);
    let last_seen =
        time_of(&["/finding_info/last_seen_time", "/finding/last_seen_time", "/time", "/time_dt"])?;
    let first_seen = time_of(&[
        "/finding_info/first_seen_time",
        "/finding/first_seen_time",
        "/finding_info/created_time",
        "/finding/created_time",
        "/finding_info/created_time_dt",
        "/time",
        "/time_dt",
    ])?;
    Ok(ImportedFinding {
        detector,
        external_id,
        kind: kind(class, detector),
        rule: check.rule,
        resource: placed.key,
        arn: placed.arn,
        name: String::new(),
        severity: severity(value)?,
        record_state: record_state(value),
        workflow: workflow(value),
        evidence: evidence([
            ("StatusDetail", at(value, "/status_detail")),
            ("Vulnerabilities", at(value, "/vulnerabilities")),
            ("Actor", at(value, "/actor")),
            ("Attacks", at(value, "/finding_info/attacks")),
        ]),
        text: FindingText {
            title: cut(title),
            description: first(value, &["/finding_info/desc", "/finding/desc", "/status_detail"])
                .map(cut)
                .unwrap_or_default(),
            remediation: first(value, &["/remediation/desc", "/finding/remediation/desc"])
                .map(cut)
                .unwrap_or_default(),
            url: first(
                value,
                &["/remediation/references/0", "/finding_info/src_url", "/unmapped/related_url"],
            )
            .map(cut)
            .unwrap_or_default(),
        },
        in_security_hub: false,
        first_seen: first_seen.min(last_seen),
        last_seen,
    })
}

/// One of these texts.
fn needed<'v>(value: &'v Value, paths: &[&str]) -> Result<&'v str, Refusal> {
    let name = || paths[0].trim_start_matches('/').replace('/', ".");
    first(value, paths).ok_or_else(|| Refusal::Wrong(format!("`{}` is missing", name())))
}

fn detector(value: &Value) -> Result<Detector, Refusal> {
    let told =
        needed(value, &["/metadata/product/name", "/metadata/product/uid", "/metadata/product/vendor_name"])?;
    if told == Detector::Yagura.product() {
        return Err(Refusal::Own);
    }
    let told = told.to_ascii_lowercase();
    let known = PRODUCTS.iter().find(|(word, _)| told.contains(word));
    Ok(known.map_or(Detector::Other, |(_, detector)| *detector))
}

fn placed(value: &Value, owner: &AccountId, vocabulary: &Vocabulary) -> Result<Placed, Refusal> {
    let resource = at(value, "/resources/0")
        .ok_or_else(|| Refusal::Wrong("`resources` is missing or empty".to_owned()))?;
    let id = first(resource, &["/uid", "/name"])
        .ok_or_else(|| Refusal::Wrong("`resources[0].uid` is missing".to_owned()))?;
    let region = text(resource, "/region").or_else(|| text(value, "/cloud/region")).unwrap_or_default();
    let kind = text(resource, "/type").filter(|it| *it != "Other" && *it != "NotDefined");
    Ok(vocabulary.resources.place(Named { id, kind, account: owner, region }))
}

fn check(
    value: &Value,
    class: u64,
    detector: Detector,
    resource: &ResourceType,
    vocabulary: &Vocabulary,
) -> Result<Check, Refusal> {
    if let Some(id) = first(value, &["/vulnerabilities/0/cve/uid", "/vulnerabilities/0/advisory/uid"])
        && (class == VULNERABILITY || class == SECURITY)
    {
        return Ok(own(detector, id));
    }
    let code = || {
        needed(
            value,
            &[
                "/metadata/event_code",
                "/finding_info/analytic/uid",
                "/compliance/control",
                "/finding_info/analytic/name",
                "/finding_info/types/0",
                "/finding/types/0",
            ],
        )
    };
    Ok(match detector {
        Detector::Prowler => vocabulary.rules.prowler(code()?, resource),
        Detector::SecurityHub => {
            let told =
                first(value, &["/compliance/control", "/metadata/event_code", "/finding_info/analytic/uid"]);
            let control = told.map_or_else(code, Ok)?;
            vocabulary.rules.security_hub(control.rsplit('/').next().unwrap_or(control), resource)
        }
        Detector::AwsConfig => vocabulary.rules.aws_config(code()?, None, resource),
        Detector::GuardDuty | Detector::Macie => {
            own(detector, first(value, &["/finding_info/types/0"]).map_or_else(code, Ok)?)
        }
        Detector::Other => named(&slug(text(value, "/metadata/product/name").unwrap_or("other")), code()?),
        _ => own(detector, code()?),
    })
}

fn kind(class: u64, detector: Detector) -> FindingKind {
    match (class, detector) {
        // Prowler tells of configurations in the class of detections.
        (COMPLIANCE, _) | (_, Detector::Prowler | Detector::SecurityHub | Detector::AwsConfig) => {
            FindingKind::Configuration
        }
        (_, Detector::AccessAnalyzer) => FindingKind::Access,
        (VULNERABILITY, _) => FindingKind::Vulnerability,
        (DATA_SECURITY, _) => FindingKind::SensitiveData,
        (DETECTION, _) => FindingKind::Threat,
        _ => FindingKind::Other,
    }
}

fn severity(value: &Value) -> Result<Severity, Refusal> {
    match at(value, "/severity_id").and_then(Value::as_u64) {
        Some(0 | 1) => Ok(Severity::Informational),
        Some(2) => Ok(Severity::Low),
        Some(3) => Ok(Severity::Medium),
        Some(4) => Ok(Severity::High),
        Some(5 | 6) => Ok(Severity::Critical),
        _ => text(value, "/severity")
            .and_then(severity_word)
            .ok_or_else(|| Refusal::Wrong("`severity_id` is missing or none of 0 to 6".to_owned())),
    }
}

/// A pass, a finding that was closed or put right: all are ends.
fn record_state(value: &Value) -> RecordState {
    let number = |path: &str| at(value, path).and_then(Value::as_u64);
    let says = |path: &str, words: &[&str]| {
        text(value, path).is_some_and(|it| words.iter().any(|word| it.eq_ignore_ascii_case(word)))
    };
    let passed = number("/compliance/status_id") == Some(1)
        || says("/status_code", &["pass", "passed"])
        || says("/compliance/status", &["pass", "passed"]);
    let closed = number("/activity_id") == Some(3)
        || matches!(number("/status_id"), Some(4 | 5))
        || number("/state_id") == Some(4);
    if passed || closed { RecordState::Archived } else { RecordState::Active }
}

fn workflow(value: &Value) -> Option<Workflow> {
    let id = at(value, "/status_id").or_else(|| at(value, "/state_id")).and_then(Value::as_u64);
    match id {
        Some(1) => Some(Workflow::New),
        Some(2) => Some(Workflow::Notified),
        Some(3) => Some(Workflow::Suppressed),
        Some(4) => Some(Workflow::Resolved),
        _ => None,
    }
}
