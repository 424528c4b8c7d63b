//! `asff`: a JSON array of findings in the AWS Security Finding Format, as Security Hub's `BatchImportFindings` takes
//! them (100 a call).
//!
//! What could not be judged is `WARNING`, because Security Hub archives `NOT_AVAILABLE` and so would hide it. Texts are
//! cut where the format sets a limit. A finding is imported in the region of its resource; what belongs to no region
//! goes to the partition's home region.

mod finding;
mod resource_type;

use std::io::{self, Write};

use yagura_model::{
    CallCoverage, Compliance, EvaluationRecord, Outcome, Partition, Reason, RecordState, Region,
    RequirementRef, RuleInfo, Severity, Timestamp, Workflow,
};

use self::finding::{
    AssociatedStandard, ComplianceResult, Fields, Finding, Recommendation, Remediation, Resource, Severe,
    StatusReason, WorkflowStatus,
};
pub use self::resource_type::resource_type;
use crate::format::Sink;
use crate::json::List;
use crate::line::{Told, fallback_id, numbered_steps, title, unread_account, unread_because};
use crate::words::pick;
use crate::{Head, Tail, Writer, reason_text};

const TITLE: usize = 256;
const DESCRIPTION: usize = 1024;
const RECOMMENDATION: usize = 512;
const ID: usize = 512;
const FIELD: usize = 2048;
/// Standards and requirements of one finding.
const SERVED: usize = 32;
const REQUIREMENT: usize = 64;

pub(crate) struct Asff<'a> {
    head: &'a Head<'a>,
    list: List<'a>,
    told: Told,
}

impl<'a> Asff<'a> {
    pub(crate) fn begin(head: &'a Head<'a>, mut out: Sink<'a>) -> io::Result<Self> {
        out.write_all(b"[")?;
        Ok(Self { head, list: List::new(out), told: Told::default() })
    }
}

impl Writer for Asff<'_> {
    fn evaluation(&mut self, record: &EvaluationRecord) -> io::Result<()> {
        let evaluation = &record.evaluation;
        self.told.add(&evaluation.resource.account);
        let rule = self.head.rules.get(&evaluation.rule);
        let title = title(self.head, rule, &evaluation.rule);
        let detail = evaluation.reason.as_ref().map(|it| reason_text(it, self.head.lang));
        self.list.element(&finding(self.head, record, rule, title, detail))
    }

    fn coverage(&mut self, _row: &CallCoverage) -> io::Result<()> {
        // What was not read and mattered is the reason of an evaluation.
        Ok(())
    }

    fn end(&mut self, _tail: &Tail<'_>) -> io::Result<()> {
        for scan in self.head.accounts {
            if let Some(why) = unread_because(self.head, &self.told, scan) {
                let evaluation = unread_account(self.head, &scan.account);
                let record = EvaluationRecord { evaluation, finding: None };
                let title = pick(
                    self.head.lang,
                    "The account could not be read",
                    "アカウントの情報を取得できませんでした",
                );
                self.list.element(&finding(self.head, &record, None, title, Some(why)))?;
            }
        }
        self.list.out.write_all(b"\n]\n")?;
        self.list.out.flush()
    }
}

fn finding<'a>(
    head: &Head<'a>,
    record: &'a EvaluationRecord,
    rule: Option<&'a RuleInfo>,
    title: &str,
    detail: Option<String>,
) -> Finding<'a> {
    let evaluation = &record.evaluation;
    let (account, partition) = (evaluation.resource.account.as_str(), head.organization.partition);
    let region = home(&evaluation.resource.region, partition);
    let compliance = compliance(evaluation.outcome);
    let life = record.finding.as_ref();
    let first_seen = time(life.map_or(head.scan.started, |it| it.first_seen));
    let name = if evaluation.rule.as_str().is_empty() { "unread-account" } else { evaluation.rule.as_str() };
    let id = life.map_or_else(|| fallback_id(evaluation), |it| it.id.clone());
    let why = rule.map_or(title, |it| it.text.get(head.lang).why.as_str());
    Finding {
        schema_version: "2018-10-08",
        id: cut(&format!("yagura/{id}"), ID),
        product_arn: format!("arn:{partition}:securityhub:{region}:{account}:product/{account}/default"),
        product_name: "Yagura",
        company_name: "Yagura",
        region: region.to_owned(),
        generator_id: cut(&format!("yagura/{name}"), ID),
        aws_account_id: account,
        types: ["Software and Configuration Checks/AWS Security Best Practices"],
        first_observed_at: first_seen.clone(),
        last_observed_at: time(life.map_or(head.scan.started, |it| it.last_seen)),
        created_at: first_seen,
        updated_at: time(head.scan.started),
        severity: severity(evaluation.severity, compliance),
        title: cut(title, TITLE),
        description: cut(detail.as_deref().unwrap_or(why), DESCRIPTION),
        remediation: rule.and_then(|it| remediation(head, it)),
        product_fields: Fields {
            rule: name,
            outcome: evaluation.outcome.as_str(),
            resource_type: evaluation.resource.resource_type.as_str(),
            resource_id: cut(&evaluation.resource.id, FIELD),
            resource_name: Some(cut(&evaluation.name, FIELD)).filter(|it| !it.trim().is_empty()),
            evidence: evaluation.evidence.as_ref().map(|it| cut(&it.to_string(), FIELD)),
        },
        resources: [Resource {
            kind: resource_type(evaluation.resource.resource_type.as_str()),
            id: resource_id(record),
            partition: partition.as_str(),
            region: region.to_owned(),
        }],
        compliance: ComplianceResult {
            status: compliance,
            status_reasons: detail.map(|it| {
                let reason_code = evaluation.reason.as_ref().map_or("UNREACHABLE", code);
                [StatusReason { reason_code, description: cut(&it, DESCRIPTION) }]
            }),
            security_control_id: rule.and_then(|it| it.aliases.security_hub.first()).map(String::as_str),
            associated_standards: standards(served(head, rule)),
            related_requirements: related(served(head, rule)),
        },
        workflow: WorkflowStatus { status: life.map_or_else(|| workflow(compliance), |it| it.workflow) },
        record_state: match evaluation.outcome {
            Outcome::NotApplicable => RecordState::Archived,
            _ => life.map_or(RecordState::Active, |it| it.record_state),
        },
    }
}

fn served<'a>(head: &Head<'a>, rule: Option<&RuleInfo>) -> &'a [RequirementRef] {
    rule.and_then(|it| head.requirements.get(&it.id)).map_or(&[], Vec::as_slice)
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
fn resource_id(record: &EvaluationRecord) -> String {
    let evaluation = &record.evaluation;
    if evaluation.arn.trim().is_empty() {
        cut(&evaluation.resource.to_string(), ID)
    } else {
        cut(&evaluation.arn, ID)
    }
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

fn remediation(head: &Head<'_>, rule: &RuleInfo) -> Option<Remediation> {
    let text = Some(cut(&numbered_steps(head, rule), RECOMMENDATION)).filter(|it| !it.trim().is_empty());
    let url = rule.references.first().filter(|it| !it.trim().is_empty()).cloned();
    (text.is_some() || url.is_some()).then_some(Remediation { recommendation: Recommendation { text, url } })
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
