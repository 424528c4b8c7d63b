//! What is told to somebody: everything that a message of any kind shows, in the reader's language, and no secret.
//!
//! A notice is what the outbox keeps. It is drawn up when it is planned, so that what was promised is what is sent, and rendered when it is sent.

use serde::{Deserialize, Serialize};
use yagura_model::{
    Account, AccountId, Detector, Finding, FindingKind, Lang, Region, RequirementsByRule, ResourceType,
    RuleId, RuleInfo, Severity, Timestamp,
};
use yagura_report::KnownDetections;

use crate::event::Change;
use crate::incident::Story;

/// One message to one destination.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Stable: the same message has the same key however often it is sent.
    pub key: String,
    /// What sort of message it is.
    pub kind: NoticeKind,
    /// The language of its readers.
    pub lang: Lang,
    /// Their time zone, by IANA's name.
    pub time_zone: String,
    /// The project; empty for findings of accounts in none.
    pub project: String,
    /// What its people call its environment.
    pub environment: String,
    /// Addresses of its owners.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mails: Vec<String>,
    /// Slack ids of its owners.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<String>,
    /// When the newest of what it tells happened.
    pub at: Timestamp,
    /// What it tells, by rule and change.
    pub alerts: Vec<Alert>,
}

/// What sort of message it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// Something happened that should be told now.
    Alert,
    /// What happened since the last one.
    Digest,
    /// Somebody tries whether messages arrive.
    Test,
}

/// What happened to findings of one rule, or to an incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// What happened.
    pub change: Change,
    /// The worst of the findings.
    pub severity: Severity,
    /// What sort of trouble it is.
    pub kind: FindingKind,
    /// The rule; of an incident, the one of its worst finding.
    pub rule: RuleId,
    /// What people read about it.
    pub facts: Facts,
    /// The findings.
    pub findings: Vec<Told>,
    /// The story, when all of this is about an incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<Story>,
}

/// What people read about a rule, in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// What is wrong.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// What may break when it is put right.
    pub impact: String,
    /// Steps that put it right.
    pub steps: Vec<String>,
    /// Where to read more.
    pub references: Vec<String>,
    /// The requirements that it violates: `CIS AWS Foundations Benchmark 5.0: 5.2`.
    pub requirements: Vec<String>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// The finding's id: what people call the alert's id.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// How bad it is.
    pub severity: Severity,
    /// The account.
    pub account: AccountId,
    /// The account's name.
    pub account_name: String,
    /// The region.
    pub region: Region,
    /// The type of the resource.
    pub resource_type: ResourceType,
    /// Its id.
    pub resource: String,
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Who reports it.
    pub detectors: Vec<Detector>,
    /// What detected it, when it is told among the findings of an incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detected: Option<Detected>,
}

/// A detection, as people call it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detected {
    /// The rule.
    pub rule: RuleId,
    /// What it found.
    pub title: String,
}

impl Notice {
    /// How many findings it tells about.
    #[must_use]
    pub fn count(&self) -> usize {
        self.alerts.iter().map(|it| it.findings.len()).sum()
    }

    /// The worst severity that it tells about.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.alerts.iter().map(|it| it.severity).max().unwrap_or(Severity::Informational)
    }
}

/// What is known of rules and accounts when a notice is drawn up.
pub trait Catalogue {
    /// What there is to tell about a rule or a detection; `None` when it is not one of ours.
    fn rule(&self, id: &RuleId) -> Option<RuleInfo>;
    /// The requirements of CIS's benchmarks by rule.
    fn requirements(&self) -> &RequirementsByRule;
    /// An account.
    fn account(&self, id: &AccountId) -> Option<&Account>;
    /// What the stories of incidents call detections, and what to do about each.
    fn detections(&self) -> &KnownDetections;
}

/// The name of an account; empty where it is not known.
pub(crate) fn named(catalogue: &dyn Catalogue, account: &AccountId) -> String {
    catalogue.account(account).map(|it| it.name.clone()).unwrap_or_default()
}

/// What people read about a finding.
#[must_use]
pub fn facts(catalogue: &dyn Catalogue, finding: &Finding, lang: Lang) -> Facts {
    let mut facts = match catalogue.rule(&finding.rule) {
        Some(info) => of_rule(&info, lang),
        None => finding.text.as_ref().map(of_text).unwrap_or_default(),
    };
    if facts.title.is_empty() {
        facts.title = finding.rule.to_string();
    }
    let served = catalogue.requirements().get(&finding.rule);
    facts.requirements = served
        .into_iter()
        .flatten()
        .filter(|it| it.framework.starts_with("cis-aws"))
        .map(|it| format!("{}: {}", it.name.get(lang), it.requirement))
        .collect();
    facts
}

fn of_rule(info: &RuleInfo, lang: Lang) -> Facts {
    let text = info.text.get(lang);
    Facts {
        title: text.title.clone(),
        why: text.why.clone(),
        impact: text.impact_of_fix.clone(),
        steps: info.fix.steps.get(lang).clone(),
        references: info.references.clone(),
        requirements: Vec::new(),
    }
}

/// What another detector says, in its own language.
fn of_text(text: &yagura_model::FindingText) -> Facts {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned()).into_iter().collect();
    Facts {
        title: text.title.clone(),
        why: text.description.clone(),
        impact: String::new(),
        steps: some(&text.remediation),
        references: some(&text.url),
        requirements: Vec::new(),
    }
}

/// A finding as it is told.
#[must_use]
pub fn told(catalogue: &dyn Catalogue, finding: &Finding, at: Timestamp) -> Told {
    let account = &finding.resource.account;
    Told {
        id: finding.id.clone(),
        at,
        severity: finding.severity,
        account: account.clone(),
        account_name: named(catalogue, account),
        region: finding.resource.region.clone(),
        resource_type: finding.resource.resource_type.clone(),
        resource: finding.resource.id.clone(),
        name: finding.name.clone(),
        arn: finding.arn.clone(),
        detectors: finding.detectors.iter().copied().collect(),
        detected: None,
    }
}
