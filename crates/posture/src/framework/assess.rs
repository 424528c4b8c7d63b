//! From counts of answers to how far a framework is met. Accounts come one by one and only their totals stay.
//!
//! # Laws
//!
//! - **A violation is never hidden.** One violated rule fails the requirement, whatever else is not known.
//! - **Unknown is never a pass.** An account that was not read, a rule that was not used, a fact that is missing leave the requirement
//!   [unknown](yagura_model::Answer::InsufficientData), with the [reason](Doubt).
//! - **The organisation's answer is the join of its accounts'.** An account that was skipped, because there is nothing to read in it, changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use yagura_model::{
    AccountAssessment, AccountCounts, AccountId, AccountScan, AccountState, Answer, Assessment, Doubt,
    DoubtCount, Framework, GroupAssessment, Outcome, Requirement, RequirementAnswer, RequirementAssessment,
    RequirementKind, RuleAssessment, RuleId, Tally, Totals,
};

/// Assesses one framework.
#[derive(Debug)]
pub struct Assessor<'f> {
    framework: &'f Framework,
    rules: BTreeMap<&'f RuleId, RuleTally>,
    requirements: Vec<RequirementTally>,
    accounts: BTreeMap<AccountId, Totals>,
    judged: Tally,
}

/// What a rule said so far.
#[derive(Debug)]
struct RuleTally {
    used: bool,
    outcome: Outcome,
    evaluations: BTreeMap<Outcome, u64>,
    accounts: BTreeMap<Outcome, u64>,
}

/// What a requirement's answers are so far.
#[derive(Debug)]
struct RequirementTally {
    outcome: Outcome,
    accounts: BTreeMap<Outcome, u64>,
    doubts: BTreeMap<Doubt, u64>,
}

/// What a rule says in one account.
struct Said {
    outcome: Outcome,
    doubt: Option<Doubt>,
}

impl<'f> Assessor<'f> {
    /// Begins with no account; `used` are the rules that the scan judged by.
    #[must_use]
    pub fn new(framework: &'f Framework, used: &BTreeSet<RuleId>) -> Self {
        let rule = |rule: &'f RuleId| {
            let (evaluations, accounts) = Default::default();
            let used = used.contains(rule);
            (rule, RuleTally { used, outcome: Outcome::NotApplicable, evaluations, accounts })
        };
        let requirement = |_: &Requirement| {
            let (accounts, doubts) = Default::default();
            RequirementTally { outcome: Outcome::NotApplicable, accounts, doubts }
        };
        Self {
            framework,
            rules: framework.rules().into_iter().map(rule).collect(),
            requirements: framework.requirements.iter().map(requirement).collect(),
            accounts: BTreeMap::new(),
            judged: Tally::default(),
        }
    }

    /// Takes one account in: how it fared, and what the rules said in it.
    pub fn account(&mut self, scan: &AccountScan, counts: &AccountCounts) -> AccountAssessment {
        let said = self.said(scan, counts);
        let mut totals = Totals::default();
        let mut answers = Vec::with_capacity(self.framework.requirements.len());
        for (requirement, tally) in self.framework.requirements.iter().zip(&mut self.requirements) {
            let answer = answer(requirement, &said);
            totals.add(answer.answer);
            if let Some(outcome) = outcome(answer.answer) {
                tally.outcome = tally.outcome.and(outcome);
                *tally.accounts.entry(outcome).or_default() += 1;
            }
            for doubt in &answer.doubts {
                *tally.doubts.entry(doubt.clone()).or_default() += 1;
            }
            answers.push(answer);
        }
        self.accounts.insert(scan.account.id.clone(), totals);
        AccountAssessment { account: scan.account.id.clone(), totals, requirements: answers }
    }

    /// The answers of all accounts together; those by project are for the caller to add.
    #[must_use]
    pub fn finish(self) -> Assessment {
        let framework = self.framework;
        let mut totals = Totals::default();
        let mut requirements = Vec::with_capacity(self.requirements.len());
        for (requirement, tally) in framework.requirements.iter().zip(self.requirements) {
            let kind = requirement.kind();
            let answer = if kind == RequirementKind::Manual { Answer::Manual } else { tally.outcome.into() };
            totals.add(answer);
            let doubts = tally.doubts.into_iter().map(|(doubt, accounts)| DoubtCount { doubt, accounts });
            requirements.push(RequirementAssessment {
                requirement: requirement.id.clone(),
                kind,
                answer,
                accounts: tally.accounts,
                doubts: doubts.collect(),
            });
        }
        let by_hand = framework.requirements.iter().filter(|it| it.manual.is_some()).count();
        let rules = self.rules.into_iter().map(|(rule, it)| {
            let (used, evaluations, accounts) = (it.used, it.evaluations, it.accounts);
            (rule.clone(), RuleAssessment { answer: it.outcome.into(), used, evaluations, accounts })
        });
        Assessment {
            totals,
            passed_percent: totals.passed_percent(),
            evaluated_percent: totals.evaluated_percent(),
            score: self.judged.score(),
            to_check_by_hand: by_hand as u64,
            groups: groups(framework, &requirements),
            requirements,
            rules: rules.collect(),
            accounts: self.accounts,
            projects: Vec::new(),
            framework: framework.clone(),
        }
    }

    /// What every rule of the framework says in an account; counts it, too.
    fn said(&mut self, scan: &AccountScan, counts: &AccountCounts) -> BTreeMap<&'f RuleId, Said> {
        let mut said: BTreeMap<&'f RuleId, Said> = BTreeMap::new();
        for (rule, tally) in &self.rules {
            let doubt = match scan.state {
                AccountState::Skipped { .. } => None,
                AccountState::Unreachable { .. } => Some(Doubt::AccountNotRead),
                AccountState::Scanned if !tally.used => Some(Doubt::RuleNotUsed { rule: (*rule).clone() }),
                AccountState::Scanned if scan.switched_off.contains(*rule) => {
                    Some(Doubt::RuleSwitchedOff { rule: (*rule).clone() })
                }
                AccountState::Scanned => None,
            };
            let outcome = if doubt.is_some() { Outcome::InsufficientData } else { Outcome::NotApplicable };
            said.insert(rule, Said { outcome, doubt });
        }
        for it in counts.counts.iter().filter(|it| it.count > 0) {
            let Some(said) = said.get_mut(&it.rule) else { continue };
            said.outcome = said.outcome.and(it.outcome);
            if it.outcome == Outcome::InsufficientData && said.doubt.is_none() {
                said.doubt = Some(Doubt::NotKnown { rule: it.rule.clone() });
            }
        }
        for (rule, tally) in &mut self.rules {
            if let Some(said) = said.get(*rule) {
                tally.outcome = tally.outcome.and(said.outcome);
                *tally.accounts.entry(said.outcome).or_default() += 1;
            }
        }
        for it in &counts.counts {
            if let Some(tally) = self.rules.get_mut(&it.rule) {
                *tally.evaluations.entry(it.outcome).or_default() += it.count;
                self.judged.add(&it.rule, it.severity, it.outcome, it.count);
            }
        }
        said
    }
}

/// The join of what a requirement's rules say.
fn answer(requirement: &Requirement, said: &BTreeMap<&RuleId, Said>) -> RequirementAnswer {
    let id = requirement.id.clone();
    if requirement.kind() == RequirementKind::Manual {
        return RequirementAnswer { requirement: id, answer: Answer::Manual, doubts: Vec::new() };
    }
    let rules = || requirement.rules.iter().filter_map(|rule| said.get(rule));
    let outcome = rules().fold(Outcome::NotApplicable, |so_far, it| so_far.and(it.outcome));
    let doubts: BTreeSet<&Doubt> = match outcome {
        Outcome::InsufficientData => rules().filter_map(|it| it.doubt.as_ref()).collect(),
        _ => BTreeSet::new(),
    };
    RequirementAnswer {
        requirement: id,
        answer: outcome.into(),
        doubts: doubts.into_iter().cloned().collect(),
    }
}

fn outcome(answer: Answer) -> Option<Outcome> {
    Outcome::ALL.into_iter().find(|it| Answer::from(*it) == answer)
}

/// The answers by chapter: a requirement counts in its group and in all around it.
fn groups(framework: &Framework, requirements: &[RequirementAssessment]) -> Vec<GroupAssessment> {
    let mut totals: BTreeMap<&str, Totals> = BTreeMap::new();
    for (requirement, it) in framework.requirements.iter().zip(requirements) {
        for group in framework.around(requirement.group.as_deref()) {
            totals.entry(&group.id).or_default().add(it.answer);
        }
    }
    let of = |id: &str| totals.get(id).copied().unwrap_or_default();
    framework.groups.iter().map(|it| GroupAssessment { group: it.id.clone(), totals: of(&it.id) }).collect()
}
