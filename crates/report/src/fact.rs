//! What an answer of a scan and a finding of the store have in common: what the formats of others are made of, whoever tells.
//!
//! There is one shape of each format because there is one way into it: [`Fact`]. Nothing is laid out here.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use yagura_model::{
    Detector, Evaluation, EvaluationRecord, Finding, FindingKind, FindingText, Lang, Organization, Outcome,
    Partition, Reason, RecordState, RequirementRef, RequirementsByRule, ResourceKey, RuleId, RuleInfo,
    Severity, ThreatFinding, Timestamp, Workflow,
};

use crate::findings::finding_title;
use crate::line::{Names, fallback_id};
use crate::words::pick;
use crate::{ExportHead, Head, reason_text};

/// Who tells, when, in which language; and what surrounds everything that is told.
pub(crate) struct Teller<'a> {
    pub(crate) version: &'a str,
    pub(crate) lang: Lang,
    /// When it is told.
    pub(crate) now: Timestamp,
    /// Where it comes from: `scan`, `findings`.
    pub(crate) log_name: &'static str,
    pub(crate) organization: &'a Organization,
    pub(crate) names: Names<'a>,
    rules: &'a BTreeMap<RuleId, RuleInfo>,
    requirements: &'a RequirementsByRule,
}

impl<'a> Teller<'a> {
    pub(crate) fn of_scan(head: &'a Head<'a>) -> Self {
        Self {
            version: head.version,
            lang: head.lang,
            now: head.scan.started,
            log_name: "scan",
            organization: head.organization,
            names: Names::of(head),
            rules: head.rules,
            requirements: head.requirements,
        }
    }

    pub(crate) fn of_findings(head: &'a ExportHead<'a>) -> Self {
        Self {
            version: head.version,
            lang: head.lang,
            now: head.now,
            log_name: "findings",
            organization: head.organization,
            names: Names::new(head.organization, &[], head.requirements, head.lang),
            rules: head.rules,
            requirements: head.requirements,
        }
    }

    /// The requirements that a rule serves.
    pub(crate) fn served(&self, rule: &RuleId) -> &'a [RequirementRef] {
        self.requirements.get(rule).map_or(&[], Vec::as_slice)
    }
}

/// The life of a finding, as far as the formats of others tell it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Life {
    pub(crate) first_seen: Timestamp,
    pub(crate) last_seen: Timestamp,
    pub(crate) workflow: Workflow,
    pub(crate) record_state: RecordState,
}

/// What is known of a finding alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stored<'a> {
    pub(crate) detectors: &'a BTreeSet<Detector>,
    pub(crate) text: Option<&'a FindingText>,
    pub(crate) assignee: Option<&'a str>,
    pub(crate) suppression: Option<&'a str>,
    /// What the detection knows that found it.
    pub(crate) threat: Option<&'a ThreatFinding>,
}

/// Something that is told: a rule's answer, or a finding.
pub(crate) struct Fact<'a> {
    /// Stable from scan to scan.
    pub(crate) id: String,
    pub(crate) kind: FindingKind,
    /// What the rule is called: of a detection, the short name.
    pub(crate) code: &'a str,
    /// The rule that findings carry.
    pub(crate) rule_id: &'a RuleId,
    pub(crate) rule: Option<&'a RuleInfo>,
    pub(crate) resource: &'a ResourceKey,
    pub(crate) arn: &'a str,
    pub(crate) name: &'a str,
    /// How bad it is; nobody says so of an account that could not be read.
    pub(crate) severity: Severity,
    pub(crate) is_graded: bool,
    pub(crate) outcome: Outcome,
    pub(crate) reason: Option<&'a Reason>,
    /// Why there is no plain answer.
    pub(crate) detail: Option<String>,
    pub(crate) evidence: Option<&'a Value>,
    pub(crate) title: &'a str,
    /// Why it matters; empty where nobody says so.
    pub(crate) why: &'a str,
    pub(crate) life: Option<Life>,
    /// When it came to be as it is told.
    pub(crate) changed: Timestamp,
    pub(crate) stored: Option<Stored<'a>>,
}

impl<'a> Fact<'a> {
    /// A rule's answer about a resource.
    pub(crate) fn of_record(teller: &Teller<'a>, record: &'a EvaluationRecord) -> Self {
        let evaluation = &record.evaluation;
        let rule = teller.rules.get(&evaluation.rule);
        let life = record.finding.as_ref();
        Self {
            id: life.map_or_else(|| fallback_id(evaluation), |it| it.id.clone()),
            title: rule.map_or(evaluation.rule.as_str(), |it| it.text.get(teller.lang).title.as_str()),
            detail: evaluation.reason.as_ref().map(|it| reason_text(it, teller.lang)),
            life: life.map(|it| Life {
                first_seen: it.first_seen,
                last_seen: it.last_seen,
                workflow: it.workflow,
                record_state: it.record_state,
            }),
            ..Self::of_evaluation(teller, evaluation, rule)
        }
    }

    /// An account that could not be read, as if a rule had asked about it.
    pub(crate) fn of_unread(teller: &Teller<'a>, evaluation: &'a Evaluation, why: String) -> Self {
        Self {
            code: "unread-account",
            title: pick(
                teller.lang,
                "The account could not be read",
                "アカウントの情報を取得できませんでした",
            ),
            detail: Some(why),
            ..Self::of_evaluation(teller, evaluation, None)
        }
    }

    fn of_evaluation(teller: &Teller<'a>, evaluation: &'a Evaluation, rule: Option<&'a RuleInfo>) -> Self {
        Self {
            id: fallback_id(evaluation),
            kind: FindingKind::Configuration,
            code: evaluation.rule.as_str(),
            rule_id: &evaluation.rule,
            rule,
            resource: &evaluation.resource,
            arn: &evaluation.arn,
            name: &evaluation.name,
            severity: evaluation.severity,
            is_graded: rule.is_some(),
            outcome: evaluation.outcome,
            reason: evaluation.reason.as_ref(),
            detail: None,
            evidence: evaluation.evidence.as_ref(),
            title: evaluation.rule.as_str(),
            why: rule.map_or("", |it| it.text.get(teller.lang).why.as_str()),
            life: None,
            changed: teller.now,
            stored: None,
        }
    }

    /// A finding. One that ended keeps its last answer: whether the resource is compliant or gone, it does not tell.
    pub(crate) fn of_finding(
        teller: &Teller<'a>,
        finding: &'a Finding,
        threat: Option<&'a ThreatFinding>,
    ) -> Self {
        let rule = teller.rules.get(&finding.rule);
        let text = finding.text.as_ref();
        let ours = rule.map(|it| it.text.get(teller.lang).why.as_str()).filter(|it| !it.is_empty());
        // The list knows when logs were read, the detection when it happened.
        let last_seen = threat.map_or(finding.last_seen, |it| it.last_seen);
        Self {
            id: finding.id.clone(),
            kind: finding.kind,
            code: rule.map_or(finding.rule.as_str(), |it| it.id.as_str()),
            rule_id: &finding.rule,
            rule,
            resource: &finding.resource,
            arn: &finding.arn,
            name: &finding.name,
            severity: finding.severity,
            is_graded: true,
            outcome: Outcome::NonCompliant,
            reason: None,
            detail: None,
            evidence: finding.evidence.as_ref(),
            title: finding_title(finding, rule, teller.lang),
            why: ours.or(text.map(|it| it.description.as_str())).unwrap_or_default(),
            life: Some(Life {
                first_seen: finding.first_seen,
                last_seen,
                workflow: finding.workflow,
                record_state: finding.record_state,
            }),
            changed: finding.resolved_at.unwrap_or(last_seen).max(last_seen),
            stored: Some(Stored {
                detectors: &finding.detectors,
                text,
                assignee: finding.assignee.as_deref(),
                suppression: finding.suppression.as_deref(),
                threat,
            }),
        }
    }

    pub(crate) fn threat(&self) -> Option<&'a ThreatFinding> {
        self.stored.and_then(|it| it.threat)
    }

    /// What another detector says, where no rule of ours does.
    pub(crate) fn foreign_text(&self) -> Option<&'a FindingText> {
        self.stored.and_then(|it| it.text).filter(|_| self.rule.is_none())
    }

    /// The number of a known weakness: `CVE-2026-1`.
    pub(crate) fn vulnerability(&self) -> Option<&'a str> {
        let id = self.rule_id.as_str();
        (self.kind == FindingKind::Vulnerability).then(|| id.split_once(':').map_or(id, |(_, name)| name))
    }

    /// The partition: as the ARN says it, else the organisation's.
    pub(crate) fn partition(&self, teller: &Teller<'_>) -> Partition {
        let told = self.arn.strip_prefix("arn:").and_then(|it| it.split(':').next());
        let known = [Partition::Aws, Partition::China, Partition::UsGov];
        let known = told.and_then(|told| known.into_iter().find(|it| it.as_str() == told));
        known.unwrap_or(teller.organization.partition)
    }
}
