//! A fact as a finding of the AWS Security Finding Format: one shape, whether a scan tells it or the store.

use yagura_model::{
    Compliance, Detector, FindingKind, Outcome, Partition, Reason, RecordState, Region, RequirementRef,
    RuleInfo, Severity, Timestamp, Workflow,
};

use super::finding::{
    AssociatedStandard, ComplianceResult, Fields, Finding, Recommendation, Remediation, Resource, Severe,
    StatusReason, Vulnerability, WorkflowStatus,
};
use super::resource_type::resource_type;
use super::types::types;
use crate::fact::{Fact, Teller};
use crate::line::steps_in;

const TITLE: usize = 256;
const DESCRIPTION: usize = 1024;
const RECOMMENDATION: usize = 512;
const ID: usize = 512;
const FIELD: usize = 2048;
/// Standards and requirements of one finding.
const SERVED: usize = 32;
const REQUIREMENT: usize = 64;

/// The finding.
pub(super) fn finding<'a>(teller: &Teller<'a>, fact: &'a Fact<'a>) -> Finding<'a> {
    let (account, partition) = (fact.resource.account.as_str(), fact.partition(teller));
    let region = home(&fact.resource.region, partition);
    let compliance = compliance(fact.outcome);
    let first_seen = time(fact.life.map_or(teller.now, |it| it.first_seen));
    Finding {
        schema_version: "2018-10-08",
        id: cut(&format!("yagura/{}", fact.id), ID),
        product_arn: format!("arn:{partition}:securityhub:{region}:{account}:product/{account}/default"),
        product_name: "Yagura",
        company_name: "Yagura",
        region: region.to_owned(),
        generator_id: cut(&format!("yagura/{}", fact.code), ID),
        aws_account_id: account,
        types: types(fact),
        first_observed_at: first_seen.clone(),
        last_observed_at: time(fact.life.map_or(teller.now, |it| it.last_seen)),
        created_at: first_seen,
        // Security Hub takes no update that is not newer than what it has.
        updated_at: time(teller.now),
        severity: severity(fact.severity, compliance),
        title: cut(fact.title, TITLE),
        description: description(fact),
        remediation: remediation(teller, fact),
        source_url: fact.foreign_text().map(|it| it.url.as_str()).filter(|it| is_url(it)),
        product_fields: fields(fact),
        resources: [Resource {
            kind: resource_type(fact.resource.resource_type.as_str()),
            id: resource_id(fact),
            partition: partition.as_str(),
            region: region.to_owned(),
        }],
        compliance: (fact.kind == FindingKind::Configuration).then(|| result(teller, fact, compliance)),
        vulnerabilities: fact.vulnerability().map(|id| {
            let url = fact.foreign_text().map(|it| it.url.as_str()).filter(|it| is_url(it));
            [Vulnerability { id, reference_urls: url.map(|it| [it]) }]
        }),
        workflow: WorkflowStatus { status: fact.life.map_or_else(|| workflow(compliance), |it| it.workflow) },
        record_state: match fact.outcome {
            Outcome::NotApplicable => RecordState::Archived,
            _ => fact.life.map_or(RecordState::Active, |it| it.record_state),
        },
    }
}

/// Why there is no plain answer, else why it matters, else what it is.
fn description(fact: &Fact<'_>) -> String {
    let told = [fact.detail.as_deref().unwrap_or_default(), fact.why, fact.title];
    cut(told.into_iter().find(|it| !it.trim().is_empty()).unwrap_or(fact.code), DESCRIPTION)
}

fn fields<'a>(fact: &'a Fact<'a>) -> Fields<'a> {
    let text = |it: String| Some(cut(&it, FIELD)).filter(|it| !it.trim().is_empty());
    let threat = fact.threat();
    let detectors = fact.stored.map(|it| it.detectors);
    let others = detectors.filter(|it| it.iter().any(|it| *it != Detector::Yagura));
    let others: Vec<&str> = others.into_iter().flatten().map(|it| it.as_str()).collect();
    Fields {
        rule: fact.code,
        outcome: (fact.kind == FindingKind::Configuration).then(|| fact.outcome.as_str()),
        resource_type: fact.resource.resource_type.as_str(),
        resource_id: cut(&fact.resource.id, FIELD),
        resource_name: text(fact.name.to_owned()),
        evidence: fact.evidence.map(|it| cut(&it.to_string(), FIELD)),
        detectors: text(others.join(",")),
        incident: threat.and_then(|it| it.incident.as_deref()),
        actor: threat.and_then(|it| text(it.actor.principal.clone())),
        events: threat.map(|it| it.count.to_string()),
        techniques: threat.and_then(|it| text(it.techniques().collect::<Vec<_>>().join(","))),
    }
}

fn result<'a>(teller: &Teller<'a>, fact: &'a Fact<'a>, status: Compliance) -> ComplianceResult<'a> {
    let served = teller.served(fact.rule_id);
    ComplianceResult {
        status,
        status_reasons: fact.detail.as_deref().map(|it| {
            let reason_code = fact.reason.map_or("UNREACHABLE", code);
            [StatusReason { reason_code, description: cut(it, DESCRIPTION) }]
        }),
        security_control_id: fact.rule.and_then(|it| it.aliases.security_hub.first()).map(String::as_str),
        associated_standards: standards(served),
        related_requirements: related(served),
    }
}

/// The frameworks: by the name that Security Hub gives them where it knows them.
fn standards(served: &[RequirementRef]) -> Vec<AssociatedStandard> {
    let first = served.iter().filter(|it| it.nth == 0).take(SERVED);
    let ids = first.map(|it| match &it.security_hub {
        Some(name) => format!("standards/{name}"),
        None => it.framework.clone(),
    });
    ids.map(|standards_id| AssociatedStandard { standards_id }).collect()
}

/// The requirements, as many as the format takes: the first of every framework, then the second of each, so that none is left out for
/// another's sake.
fn related(served: &[RequirementRef]) -> Vec<String> {
    let mut chosen: Vec<(usize, &RequirementRef)> = served.iter().enumerate().collect();
    chosen.sort_by_key(|(place, it)| (it.nth, *place));
    chosen.truncate(SERVED);
    chosen.sort_by_key(|(place, _)| *place);
    chosen.into_iter().map(|(_, it)| cut(&it.path(), REQUIREMENT)).collect()
}

/// The ARN where there is one, else a path that is as unique.
fn resource_id(fact: &Fact<'_>) -> String {
    if fact.arn.trim().is_empty() { cut(&fact.resource.to_string(), ID) } else { cut(fact.arn, ID) }
}

fn compliance(outcome: Outcome) -> Compliance {
    match outcome {
        Outcome::Compliant => Compliance::Passed,
        Outcome::NonCompliant => Compliance::Failed,
        Outcome::InsufficientData => Compliance::Warning,
        Outcome::NotApplicable => Compliance::NotAvailable,
    }
}

/// Security Hub's own passes are informational, whatever a violation would be.
fn severity(severity: Severity, compliance: Compliance) -> Severe {
    let label = if compliance == Compliance::Passed { Severity::Informational } else { severity };
    Severe { label, original: severity }
}

fn workflow(compliance: Compliance) -> Workflow {
    match compliance {
        Compliance::Passed | Compliance::NotAvailable => Workflow::Resolved,
        Compliance::Failed | Compliance::Warning => Workflow::New,
    }
}

fn code(reason: &Reason) -> &'static str {
    match reason {
        Reason::Unread { .. } => "UNREAD",
        Reason::MissingField { .. } => "MISSING_FIELD",
        Reason::Undecidable { .. } => "UNDECIDABLE",
        Reason::RuleFailed { .. } => "RULE_FAILED",
        Reason::NotConcerned => "NOT_CONCERNED",
        Reason::Excepted { .. } => "EXCEPTED",
    }
}

/// What to do, as our rule says it, or else the detector.
fn remediation(teller: &Teller<'_>, fact: &Fact<'_>) -> Option<Remediation> {
    let text = match (fact.rule, fact.foreign_text()) {
        (Some(rule), _) => steps_in(teller.lang, rule),
        (None, Some(text)) => text.remediation.clone(),
        (None, None) => return None,
    };
    let text = Some(cut(&text, RECOMMENDATION)).filter(|it| !it.trim().is_empty());
    let reference = |it: &RuleInfo| it.references.first().cloned();
    let url = fact.rule.and_then(reference).or_else(|| fact.foreign_text().map(|it| it.url.clone()));
    let url = url.filter(|it| !it.trim().is_empty());
    (text.is_some() || url.is_some()).then_some(Remediation { recommendation: Recommendation { text, url } })
}

/// Security Hub refuses a finding whose URL is none.
fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn home(region: &Region, partition: Partition) -> &str {
    if !region.is_global() {
        return region.as_str();
    }
    match partition {
        Partition::Aws => "us-east-1",
        Partition::China => "cn-north-1",
        Partition::UsGov => "us-gov-west-1",
    }
}

fn time(it: Timestamp) -> String {
    it.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// At most `limit` characters, and never empty: Security Hub refuses blank texts.
fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(limit.saturating_sub(3)).collect();
    short.push_str("...");
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_to_its_limit_in_characters() {
        assert_eq!(cut("監査ログ", 4), "監査ログ");
        assert_eq!(cut("監査ログです。", 5), "監査...");
    }

    #[test]
    fn what_belongs_to_no_region_goes_home() {
        assert_eq!(home(&Region::global(), Partition::China), "cn-north-1");
        assert_eq!(home(&Region::from("eu-west-1"), Partition::Aws), "eu-west-1");
    }

    #[test]
    fn of_too_many_requirements_every_framework_keeps_some() {
        let name = yagura_model::Text { en: "F".to_owned(), ja: "F".to_owned() };
        let of = |framework: &str, n: usize| -> Vec<RequirementRef> {
            let one = |nth| RequirementRef {
                nth,
                framework: framework.to_owned(),
                name: name.clone(),
                security_hub: None,
                requirement: nth.to_string(),
            };
            (0..n).map(one).collect()
        };
        let served = [of("large", 40), of("small", 2)].concat();
        let told = related(&served);
        assert_eq!(told.len(), 32);
        assert_eq!(
            (told[0].as_str(), told[30].as_str(), told[31].as_str()),
            ("large/0", "small/0", "small/1")
        );
        assert_eq!(standards(&served).len(), 2);
    }
}
