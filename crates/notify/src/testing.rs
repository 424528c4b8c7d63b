//! What tests stand on, those inside this crate and those beside it: a catalogue of the built-in rules, and findings.

use std::collections::{BTreeMap, BTreeSet};

use yagura_model::{
    Account, AccountId, Actor, Detector, Finding, FindingKind, RecordState, Region, RequirementsByRule,
    ResourceKey, ResourceType, RuleId, RuleInfo, Severity, Text, ThreatFinding, Timestamp, Workflow,
    requirements_by_rule,
};
use yagura_notify::{Catalogue, Destinations, Written, check};
use yagura_packs::Packs;
use yagura_posture::{Frameworks, Project, Rules, Settings};
use yagura_report::{DetectionWords, KnownDetections};

/// The built-in rules, or none.
#[derive(Default)]
pub(crate) struct Known {
    rules: Rules,
    requirements: RequirementsByRule,
    detections: KnownDetections,
    pub(crate) accounts: BTreeMap<AccountId, Account>,
}

impl Known {
    /// With one account of this name.
    pub(crate) fn built_in(account_name: &str) -> Self {
        let packs = Packs::embedded();
        let (rules, _) = Rules::load(&packs, &Settings::default());
        let (frameworks, _) = Frameworks::load(&packs, &rules);
        let mut account = Account::bare(account());
        account_name.clone_into(&mut account.name);
        Self {
            requirements: requirements_by_rule(frameworks.iter()),
            rules,
            detections: detections(),
            accounts: [(account.id.clone(), account)].into(),
        }
    }
}

impl Catalogue for Known {
    fn rule(&self, id: &RuleId) -> Option<RuleInfo> {
        self.rules.get(id.as_str()).map(|it| it.info().clone())
    }

    fn requirements(&self) -> &RequirementsByRule {
        &self.requirements
    }

    fn account(&self, id: &AccountId) -> Option<&Account> {
        self.accounts.get(id)
    }

    fn detections(&self) -> &KnownDetections {
        &self.detections
    }
}

/// What two detections of the sample are called, and the first step of their response.
fn detections() -> KnownDetections {
    let both = |en: &str, ja: &str| Text { en: en.to_owned(), ja: ja.to_owned() };
    let words = |name: &str, title, step: Text| DetectionWords {
        name: name.to_owned(),
        title,
        response: Text { en: vec![step.en], ja: vec![step.ja] },
        ..DetectionWords::default()
    };
    let key = words(
        "iam-access-key-created-for-another-user",
        both("Access key made for another IAM user", "別の IAM ユーザーのアクセスキーの作成"),
        both("Deactivate the new key.", "新しいアクセスキーを無効化します。"),
    );
    let trail = words(
        "cloudtrail-trail-stopped",
        both("CloudTrail trail stopped or deleted", "CloudTrail 証跡の停止・削除"),
        both("Start the trail again.", "証跡のログ記録を再開します。"),
    );
    [("36dd56be-cb0f-4aa4-bb4f-ac3ce673c8ac", key), ("59764bda-12f7-4ea9-a874-bd4ea32b784f", trail)]
        .map(|(id, words)| (id.to_owned(), words))
        .into()
}

pub(crate) fn account() -> AccountId {
    AccountId::new("111122223333").unwrap()
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An open finding about a resource of this id.
pub(crate) fn finding(rule: &str, resource: &str, severity: Severity) -> Finding {
    let at = time("2026-03-02T00:00:00Z");
    Finding {
        id: format!("{rule}-{resource}"),
        kind: FindingKind::Configuration,
        rule: RuleId::new(rule),
        resource: ResourceKey {
            account: account(),
            region: Region::from("ap-northeast-1"),
            resource_type: ResourceType::new("AWS::EC2::Instance"),
            id: resource.to_owned(),
        },
        arn: format!("arn:aws:ec2:ap-northeast-1:111122223333:instance/{resource}"),
        name: String::new(),
        severity,
        record_state: RecordState::Active,
        workflow: Workflow::New,
        assignee: None,
        suppression: None,
        detectors: [Detector::Yagura].into(),
        evidence: None,
        text: None,
        in_security_hub: false,
        first_seen: at,
        opened_at: at,
        last_seen: at,
        resolved_at: None,
        reopened: 0,
    }
}

/// A step of an attack at a stage, in an account.
pub(crate) fn threat(account: &str, stage: &str, id: &str, severity: Severity) -> ThreatFinding {
    let at = time("2026-03-02T02:00:00Z");
    ThreatFinding {
        id: format!("{id:0>32}"),
        rule: format!("rule-{id}"),
        title: format!("{stage} {id}"),
        severity,
        confidence: None,
        actor: Actor {
            principal: "arn:aws:iam::111122223333:user/kenji".to_owned(),
            name: "kenji".to_owned(),
            account: Some("111122223333".to_owned()),
        },
        accounts: BTreeSet::from([account.to_owned()]),
        regions: BTreeSet::from(["ap-northeast-1".to_owned()]),
        tags: vec![format!("attack.{stage}")],
        first_seen: at,
        last_seen: at,
        count: 1,
        failed: 0,
        entities: BTreeSet::new(),
        samples: Vec::new(),
        record_state: RecordState::Active,
        workflow: Workflow::New,
        incident: None,
    }
}

/// A step as it stands in the list of findings.
pub(crate) fn listed(it: &ThreatFinding) -> Finding {
    let mut finding = finding(&it.rule, &it.id, it.severity);
    finding.id.clone_from(&it.id);
    finding.kind = FindingKind::Threat;
    finding.workflow = it.workflow;
    finding
}

/// Destinations out of TOML, without mistakes.
pub(crate) fn destinations(text: &str) -> Destinations {
    let written: BTreeMap<String, Written> = toml::from_str(text).unwrap();
    let (all, mistakes) = check(&written);
    assert_eq!(mistakes, []);
    all
}

/// A project out of TOML.
pub(crate) fn project(text: &str) -> Project {
    toml::from_str(text).unwrap()
}
