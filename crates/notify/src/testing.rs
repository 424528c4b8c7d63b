//! What tests stand on, those inside this crate and those beside it: a catalogue of the built-in rules, and findings.

use std::collections::BTreeMap;

use yagura_model::{
    Account, AccountId, Detector, Finding, FindingKind, RecordState, Region, RequirementsByRule, ResourceKey,
    ResourceType, RuleId, RuleInfo, Severity, Timestamp, Workflow, requirements_by_rule,
};
use yagura_notify::{Catalogue, Destinations, Written, check};
use yagura_packs::Packs;
use yagura_posture::{Frameworks, Project, Rules, Settings};

/// The built-in rules, or none.
#[derive(Default)]
pub(crate) struct Known {
    rules: Rules,
    requirements: RequirementsByRule,
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
