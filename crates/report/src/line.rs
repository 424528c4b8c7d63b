//! An evaluation as one flat record: what `json`, `ndjson` and `csv` tell about it, under the same names.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;
use yagura_model::{
    Account, AccountId, AccountScan, AccountState, Evaluation, EvaluationRecord, Function, Lang,
    Organization, Outcome, Reason, RecordState, Region, RequirementRef, RequirementsByRule, ResourceKey,
    ResourceType, RuleId, RuleInfo, Severity, Timestamp, Workflow,
};

use crate::{Head, reason_text, state_text};

/// The names of the accounts by id, and the requirements that each rule serves; what is not known is empty.
pub(crate) struct Names<'a> {
    accounts: BTreeMap<&'a AccountId, &'a str>,
    requirements: BTreeMap<&'a RuleId, Vec<String>>,
    standards: BTreeMap<&'a RuleId, Vec<&'a str>>,
}

impl<'a> Names<'a> {
    pub(crate) fn of(head: &'a Head<'a>) -> Self {
        Self::new(head.organization, head.accounts, head.requirements, head.lang)
    }

    pub(crate) fn new(
        organization: &'a Organization,
        accounts: &'a [AccountScan],
        requirements: &'a RequirementsByRule,
        lang: Lang,
    ) -> Self {
        let organization = organization.accounts.values();
        let scanned = accounts.iter().map(|it| &it.account);
        let served = || requirements.iter();
        let standards = served().map(|(rule, served)| {
            let mut names: Vec<&str> = served.iter().map(|it| it.name.get(lang).as_str()).collect();
            names.dedup();
            (rule, names)
        });
        Self {
            accounts: organization.chain(scanned).map(|it| (&it.id, it.name.as_str())).collect(),
            requirements: served()
                .map(|(rule, served)| (rule, served.iter().map(RequirementRef::path).collect()))
                .collect(),
            standards: standards.collect(),
        }
    }

    pub(crate) fn get(&self, id: &AccountId) -> &'a str {
        self.accounts.get(id).copied().unwrap_or_default()
    }

    /// The requirements that a rule serves: `cis-aws-5.0/1.4`.
    pub(crate) fn requirements(&self, rule: &RuleId) -> &[String] {
        self.requirements.get(rule).map_or(&[], Vec::as_slice)
    }

    /// The names of the frameworks that a rule serves.
    pub(crate) fn standards(&self, rule: &RuleId) -> &[&'a str] {
        self.standards.get(rule).map_or(&[], Vec::as_slice)
    }
}

/// One evaluation, flat.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Line<'a> {
    pub(crate) account: &'a AccountId,
    pub(crate) account_name: &'a str,
    pub(crate) region: &'a Region,
    pub(crate) resource_type: &'a ResourceType,
    pub(crate) resource_id: &'a str,
    pub(crate) resource_name: &'a str,
    pub(crate) arn: &'a str,
    pub(crate) rule: &'a RuleId,
    pub(crate) title: &'a str,
    pub(crate) severity: Severity,
    pub(crate) function: Option<Function>,
    pub(crate) outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<&'a Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) evidence: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) finding_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first_seen: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_seen: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) workflow: Option<Workflow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) record_state: Option<RecordState>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub(crate) requirements: &'a [String],
}

impl<'a> Line<'a> {
    pub(crate) fn of(head: &'a Head<'a>, names: &'a Names<'a>, record: &'a EvaluationRecord) -> Self {
        let evaluation = &record.evaluation;
        let rule = head.rules.get(&evaluation.rule);
        let finding = record.finding.as_ref();
        Self {
            account: &evaluation.resource.account,
            account_name: names.get(&evaluation.resource.account),
            region: &evaluation.resource.region,
            resource_type: &evaluation.resource.resource_type,
            resource_id: &evaluation.resource.id,
            resource_name: &evaluation.name,
            arn: &evaluation.arn,
            rule: &evaluation.rule,
            title: title(head, rule, &evaluation.rule),
            severity: evaluation.severity,
            function: rule.map(|it| it.function),
            outcome: evaluation.outcome,
            reason: evaluation.reason.as_ref(),
            reason_text: evaluation.reason.as_ref().map(|it| reason_text(it, head.lang)),
            evidence: evaluation.evidence.as_ref(),
            finding_id: finding.map(|it| it.id.as_str()),
            first_seen: finding.map(|it| it.first_seen),
            last_seen: finding.map(|it| it.last_seen),
            workflow: finding.map(|it| it.workflow),
            record_state: finding.map(|it| it.record_state),
            requirements: names.requirements(&evaluation.rule),
        }
    }
}

/// The rule's title in the report's language; its id when nothing is known about it.
pub(crate) fn title<'a>(head: &Head<'_>, rule: Option<&'a RuleInfo>, id: &'a RuleId) -> &'a str {
    rule.map_or(id.as_str(), |it| it.text.get(head.lang).title.as_str())
}

/// How to put it right, numbered, a step a line.
pub(crate) fn numbered_steps(head: &Head<'_>, rule: &RuleInfo) -> String {
    steps_in(head.lang, rule)
}

/// The same, in a language.
pub(crate) fn steps_in(lang: Lang, rule: &RuleInfo) -> String {
    let steps = rule.fix.steps.get(lang).iter().enumerate();
    steps.map(|(n, step)| format!("{}. {step}", n + 1)).collect::<Vec<_>>().join("\n")
}

/// The accounts about which something was told; evaluations come sorted by account.
#[derive(Debug, Default)]
pub(crate) struct Told(BTreeSet<AccountId>);

impl Told {
    pub(crate) fn add(&mut self, account: &AccountId) {
        if !self.0.contains(account) {
            self.0.insert(account.clone());
        }
    }

    pub(crate) fn contains(&self, account: &AccountId) -> bool {
        self.0.contains(account)
    }
}

/// Why an account could not be read, unless something was told about it all the same.
pub(crate) fn unread_because(head: &Head<'_>, told: &Told, scan: &AccountScan) -> Option<String> {
    let unreachable = matches!(scan.state, AccountState::Unreachable { .. });
    let silent = unreachable && !told.contains(&scan.account.id);
    silent.then(|| state_text(&scan.state, head.lang)).flatten()
}

/// The stable id of an answer that never was a finding.
pub(crate) fn fallback_id(evaluation: &Evaluation) -> String {
    format!("{}/{}", evaluation.rule, evaluation.resource)
}

/// An account that could not be read, as if a rule had asked about it: formats of findings have no other place for it.
/// The rule's name is empty, because no rule answered.
pub(crate) fn unread_account(head: &Head<'_>, account: &Account) -> Evaluation {
    Evaluation {
        resource: ResourceKey {
            account: account.id.clone(),
            region: Region::global(),
            resource_type: ResourceType::new(ResourceType::ACCOUNT),
            id: account.id.to_string(),
        },
        rule: RuleId::new(""),
        arn: format!("arn:{}:iam::{}:root", head.organization.partition, account.id),
        name: account.name.clone(),
        outcome: Outcome::InsufficientData,
        severity: Severity::High,
        reason: None,
        evidence: None,
    }
}
