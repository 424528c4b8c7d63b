//! `ocsf`: a JSON array of Compliance Findings (class 2003) of the Open Cybersecurity Schema Framework 1.6.
//!
//! `metadata.event_code` is the rule, `cloud.account.uid` and `cloud.region` say where, `resources[0].uid` is the ARN and
//! `resources[0].name` the id. `compliance.status_id` is 1 for a pass, 3 for a failure, 0 with `status_detail` when it
//! could not be known, and 99 ("Not Applicable") where the rule has nothing to say. An account that could not be read
//! is one finding without a rule.

mod event;

use std::io::{self, Write};

use yagura_model::{
    CallCoverage, Evaluation, EvaluationRecord, FindingBrief, Function, Outcome, RecordState, RuleInfo,
    Severity, Workflow,
};

use self::event::{
    Account, Analytic, Cloud, Compliance, ComplianceFinding, Evidence, EvidenceData, FindingInfo, Metadata,
    Organization, Product, Remediation, Resource, Unmapped,
};
use crate::format::Sink;
use crate::json::List;
use crate::line::{Names, Told, fallback_id, title, unread_because};
use crate::words::pick;
use crate::{Head, Tail, Writer, reason_text};

const VERSION: &str = "1.6.0";

pub(crate) struct Ocsf<'a> {
    head: &'a Head<'a>,
    names: Names<'a>,
    list: List<'a>,
    told: Told,
}

impl<'a> Ocsf<'a> {
    pub(crate) fn begin(head: &'a Head<'a>, mut out: Sink<'a>) -> io::Result<Self> {
        out.write_all(b"[")?;
        Ok(Self { head, names: Names::of(head), list: List::new(out), told: Told::default() })
    }
}

impl Writer for Ocsf<'_> {
    fn evaluation(&mut self, record: &EvaluationRecord) -> io::Result<()> {
        let evaluation = &record.evaluation;
        self.told.add(&evaluation.resource.account);
        let id = record.finding.as_ref().map_or_else(|| fallback_id(evaluation), |it| it.id.clone());
        let detail = evaluation.reason.as_ref().map(|it| reason_text(it, self.head.lang));
        let rule = self.head.rules.get(&evaluation.rule);
        let facts = Facts {
            evaluation,
            finding: record.finding.as_ref(),
            rule,
            code: Some(evaluation.rule.as_str()),
            title: title(self.head, rule, &evaluation.rule),
            id: &id,
            detail: detail.as_deref(),
        };
        let event = facts.event(self.head, &self.names);
        self.list.element(&event)
    }

    fn coverage(&mut self, _row: &CallCoverage) -> io::Result<()> {
        // What was not read and mattered is the reason of an evaluation.
        Ok(())
    }

    fn end(&mut self, _tail: &Tail<'_>) -> io::Result<()> {
        for scan in self.head.accounts {
            let Some(why) = unread_because(self.head, &self.told, scan) else { continue };
            let evaluation = crate::line::unread_account(self.head, &scan.account);
            let facts = Facts {
                evaluation: &evaluation,
                finding: None,
                rule: None,
                code: Some("unread-account"),
                title: pick(
                    self.head.lang,
                    "The account could not be read",
                    "アカウントの情報を取得できませんでした",
                ),
                id: &format!("unread-account/{}", scan.account.id),
                detail: Some(&why),
            };
            let event = facts.event(self.head, &self.names);
            self.list.element(&event)?;
        }
        self.list.out.write_all(b"\n]\n")?;
        self.list.out.flush()
    }
}

/// What one event is made of.
struct Facts<'a> {
    evaluation: &'a Evaluation,
    finding: Option<&'a FindingBrief>,
    rule: Option<&'a RuleInfo>,
    code: Option<&'a str>,
    title: &'a str,
    id: &'a str,
    detail: Option<&'a str>,
}

impl<'a> Facts<'a> {
    fn event(&self, head: &'a Head<'a>, names: &'a Names<'a>) -> ComplianceFinding<'a>
    where
        Self: 'a,
    {
        let evaluation = self.evaluation;
        let (activity_id, activity_name) = self.activity(head);
        let (severity_id, severity) =
            if self.rule.is_some() { severity(evaluation.severity) } else { (0, "Unknown") };
        let status = self.finding.map(|it| workflow_status(it.workflow));
        ComplianceFinding {
            activity_id,
            activity_name,
            category_uid: 2,
            category_name: "Findings",
            class_uid: 2003,
            class_name: "Compliance Finding",
            type_uid: 200_300 + u32::from(activity_id),
            type_name: format!("Compliance Finding: {activity_name}"),
            time: head.scan.started.as_millisecond(),
            severity_id,
            severity,
            status_id: status.map(|it| it.0),
            status: status.map(|it| it.1),
            status_code: evaluation.outcome.as_str(),
            status_detail: self.detail,
            message: self.title,
            metadata: Metadata {
                version: VERSION,
                profiles: ["cloud"],
                event_code: self.code,
                product: Product {
                    name: "Yagura",
                    uid: "yagura",
                    vendor_name: "Yagura",
                    version: head.version,
                    lang: head.lang.as_str(),
                },
                log_provider: "Yagura",
                log_name: "scan",
                original_time: head.scan.started.to_string(),
                tenant_uid: head.organization.id.as_deref(),
            },
            cloud: cloud(head, names, evaluation),
            compliance: self.compliance(head, names),
            finding_info: self.finding_info(head),
            resources: [resource(head, evaluation)],
            evidences: evaluation
                .evidence
                .as_ref()
                .map(|evidence| [Evidence { data: EvidenceData { evidence } }]),
            remediation: self
                .rule
                .filter(|_| evaluation.outcome == Outcome::NonCompliant)
                .map(|it| remediation(head, it)),
            unmapped: Unmapped {
                outcome: evaluation.outcome.as_str(),
                resource_name: &evaluation.name,
                aliases: self.rule.map(|it| it.aliases.qualified().collect()).unwrap_or_default(),
                reason: evaluation.reason.as_ref(),
                workflow: self.finding.map(|it| it.workflow.as_str()),
                record_state: self.finding.map(|it| it.record_state.as_str()),
            },
        }
    }

    /// Create, Update or Close, as far as this scan can tell.
    fn activity(&self, head: &Head<'_>) -> (u8, &'static str) {
        match self.finding {
            Some(finding) if finding.record_state == RecordState::Archived => (3, "Close"),
            Some(finding) if finding.first_seen < head.scan.started => (2, "Update"),
            _ => (1, "Create"),
        }
    }

    fn compliance(&self, head: &Head<'_>, names: &'a Names<'a>) -> Compliance<'a> {
        let (status_id, status) = match self.evaluation.outcome {
            Outcome::Compliant => (1, "Pass"),
            Outcome::NonCompliant => (3, "Fail"),
            Outcome::InsufficientData => (0, "Unknown"),
            Outcome::NotApplicable => (99, "Not Applicable"),
        };
        Compliance {
            status_id,
            status,
            status_detail: self.detail,
            status_details: self.detail.map(|it| [it]),
            control: self.code,
            desc: self.rule.map_or("", |it| it.text.get(head.lang).why.as_str()),
            // A rule that serves no framework still has its function in this one.
            standards: Some(names.standards(&self.evaluation.rule))
                .filter(|it| !it.is_empty())
                .unwrap_or(&["NIST CSF"]),
            category: self.rule.map(|it| function(it.function)),
            requirements: names.requirements(&self.evaluation.rule),
        }
    }

    fn finding_info(&self, head: &Head<'_>) -> FindingInfo<'a> {
        let first = self.finding.map(|it| it.first_seen.as_millisecond());
        FindingInfo {
            uid: self.id,
            title: self.title,
            desc: self.rule.map_or("", |it| it.text.get(head.lang).why.as_str()),
            created_time: first,
            first_seen_time: first,
            last_seen_time: self.finding.map(|it| it.last_seen.as_millisecond()),
            types: ["Posture"],
            analytic: self.code.map(|uid| Analytic { uid, name: self.title, kind: "Rule", type_id: 1 }),
        }
    }
}

fn cloud<'a>(head: &'a Head<'a>, names: &Names<'a>, evaluation: &'a Evaluation) -> Cloud<'a> {
    let account = &evaluation.resource.account;
    Cloud {
        provider: "AWS",
        cloud_partition: head.organization.partition.as_str(),
        region: evaluation.resource.region.as_str(),
        account: Account {
            uid: account.as_str(),
            name: names.get(account),
            kind: "AWS Account",
            type_id: 10,
        },
        org: head.organization.id.as_deref().map(|uid| Organization {
            uid,
            ou_name: head.organization.accounts.get(account).map_or("", |it| it.ou_path.as_str()),
        }),
    }
}

fn resource<'a>(head: &Head<'_>, evaluation: &'a Evaluation) -> Resource<'a> {
    Resource {
        // What has no ARN, and what may be there but was not listed, has only its id.
        uid: if evaluation.arn.is_empty() { &evaluation.resource.id } else { &evaluation.arn },
        name: &evaluation.resource.id,
        kind: evaluation.resource.resource_type.as_str(),
        region: evaluation.resource.region.as_str(),
        cloud_partition: head.organization.partition.as_str(),
        labels: Some(evaluation.name.as_str()).filter(|it| !it.is_empty()).into_iter().collect(),
    }
}

fn remediation<'a>(head: &Head<'_>, rule: &'a RuleInfo) -> Remediation<'a> {
    let mut desc = crate::line::numbered_steps(head, rule);
    if let Some(cli) = &rule.fix.cli {
        desc.push('\n');
        desc.push_str(cli);
    }
    Remediation { desc, references: &rule.references }
}

fn severity(severity: Severity) -> (u8, &'static str) {
    match severity {
        Severity::Informational => (1, "Informational"),
        Severity::Low => (2, "Low"),
        Severity::Medium => (3, "Medium"),
        Severity::High => (4, "High"),
        Severity::Critical => (5, "Critical"),
    }
}

fn workflow_status(workflow: Workflow) -> (u8, &'static str) {
    match workflow {
        Workflow::New => (1, "New"),
        Workflow::Notified => (2, "In Progress"),
        Workflow::Suppressed => (3, "Suppressed"),
        Workflow::Resolved => (4, "Resolved"),
    }
}

fn function(function: Function) -> &'static str {
    crate::words::function(function).en
}
