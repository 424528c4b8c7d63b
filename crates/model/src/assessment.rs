//! How far a framework is met: each requirement's answer, in each account and in the organisation.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountId, Framework, Outcome, Percent, RequirementKind, RuleId, Severity};

/// How often a rule gave an answer in one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCount {
    /// The rule.
    pub rule: RuleId,
    /// The severity that it has there.
    pub severity: Severity,
    /// The answer.
    pub outcome: Outcome,
    /// How often.
    pub count: u64,
}

/// What the rules said in one account, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountCounts {
    /// The account.
    pub account: AccountId,
    /// By rule; a rule that judged nothing there is not in here.
    pub counts: Vec<RuleCount>,
}

/// A requirement's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Answer {
    /// No rule is violated, everything that decides is known, and something was judged.
    Compliant,
    /// A rule is violated.
    NonCompliant,
    /// There is nothing that its rules could judge.
    NotApplicable,
    /// Something that decides is not known.
    InsufficientData,
    /// No rule answers it: a person must.
    Manual,
}

impl Answer {
    /// Every answer, in the order of tables.
    pub const ALL: [Self; 5] =
        [Self::Compliant, Self::NonCompliant, Self::NotApplicable, Self::InsufficientData, Self::Manual];

    /// The word in machine formats.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compliant => "COMPLIANT",
            Self::NonCompliant => "NON_COMPLIANT",
            Self::NotApplicable => "NOT_APPLICABLE",
            Self::InsufficientData => "INSUFFICIENT_DATA",
            Self::Manual => "MANUAL",
        }
    }
}

impl From<Outcome> for Answer {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Compliant => Self::Compliant,
            Outcome::NonCompliant => Self::NonCompliant,
            Outcome::NotApplicable => Self::NotApplicable,
            Outcome::InsufficientData => Self::InsufficientData,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why a requirement's answer is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(tag = "Kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Doubt {
    /// Nothing could be read in the account.
    AccountNotRead,
    /// The scan did not use the rule: it was narrowed, or the configuration switches the rule off.
    RuleNotUsed {
        /// Which rule.
        #[serde(rename = "Rule")]
        rule: RuleId,
    },
    /// The configuration switches the rule off in the account.
    RuleSwitchedOff {
        /// Which rule.
        #[serde(rename = "Rule")]
        rule: RuleId,
    },
    /// The rule lacks data about some resources.
    NotKnown {
        /// Which rule.
        #[serde(rename = "Rule")]
        rule: RuleId,
    },
}

/// How many requirements have each answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Totals {
    /// Met, as far as rules can tell.
    pub compliant: u64,
    /// Not met.
    pub non_compliant: u64,
    /// There is nothing they could be about.
    pub not_applicable: u64,
    /// Not known.
    pub insufficient_data: u64,
    /// Left to a person.
    pub manual: u64,
}

impl Totals {
    /// Counts one answer.
    pub fn add(&mut self, answer: Answer) {
        let count = match answer {
            Answer::Compliant => &mut self.compliant,
            Answer::NonCompliant => &mut self.non_compliant,
            Answer::NotApplicable => &mut self.not_applicable,
            Answer::InsufficientData => &mut self.insufficient_data,
            Answer::Manual => &mut self.manual,
        };
        *count += 1;
    }

    /// How many have this answer.
    #[must_use]
    pub fn of(&self, answer: Answer) -> u64 {
        match answer {
            Answer::Compliant => self.compliant,
            Answer::NonCompliant => self.non_compliant,
            Answer::NotApplicable => self.not_applicable,
            Answer::InsufficientData => self.insufficient_data,
            Answer::Manual => self.manual,
        }
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> u64 {
        Answer::ALL.into_iter().map(|it| self.of(it)).sum()
    }

    /// Those that were evaluated: met and not met.
    #[must_use]
    pub fn evaluated(&self) -> u64 {
        self.compliant + self.non_compliant
    }

    /// The share that is met of what was evaluated.
    #[must_use]
    pub fn passed_percent(&self) -> Option<Percent> {
        Percent::of(self.compliant, self.evaluated())
    }

    /// The share that could be evaluated at all, of what applies.
    #[must_use]
    pub fn evaluated_percent(&self) -> Option<Percent> {
        Percent::of(self.evaluated(), self.all() - self.not_applicable)
    }
}

/// One requirement's answer in one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct RequirementAnswer {
    /// The requirement's number.
    pub requirement: String,
    /// The answer.
    pub answer: Answer,
    /// Why it is not known; empty for every other answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Doubt>,
}

/// How far one account meets a framework.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct AccountAssessment {
    /// The account.
    pub account: AccountId,
    /// How many requirements have each answer.
    pub totals: Totals,
    /// The answers, in the framework's order.
    pub requirements: Vec<RequirementAnswer>,
}

/// What a rule of a framework said in all accounts together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct RuleAssessment {
    /// The answer: the join of the accounts'.
    pub answer: Answer,
    /// Whether the scan used it.
    pub used: bool,
    /// Evaluations by outcome.
    pub evaluations: BTreeMap<Outcome, u64>,
    /// Accounts by the rule's answer there.
    pub accounts: BTreeMap<Outcome, u64>,
}

/// A requirement's answer in the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct RequirementAssessment {
    /// The requirement's number.
    pub requirement: String,
    /// How much of it rules can answer.
    pub kind: RequirementKind,
    /// The answer: the join of the accounts'.
    pub answer: Answer,
    /// Accounts by the requirement's answer there; empty when a person must check it.
    pub accounts: BTreeMap<Outcome, u64>,
    /// Why it is not known in some accounts, and in how many.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<DoubtCount>,
}

/// A doubt, and in how many accounts there is it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct DoubtCount {
    /// Why.
    #[serde(flatten)]
    pub doubt: Doubt,
    /// In how many accounts.
    pub accounts: u64,
}

/// How far a group of requirements is met, with those of the groups inside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct GroupAssessment {
    /// The group's number.
    pub group: String,
    /// How many requirements have each answer in the organisation.
    pub totals: Totals,
}

/// How far the accounts of one project meet a framework.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ProjectAssessment {
    /// The project's name.
    pub project: String,
    /// Its accounts in the scan.
    pub accounts: BTreeSet<AccountId>,
    /// How many requirements have each answer.
    pub totals: Totals,
    /// The share that is met of what was evaluated.
    pub passed_percent: Option<Percent>,
    /// The share that could be evaluated at all, of what applies.
    pub evaluated_percent: Option<Percent>,
    /// The score over the framework's rules, by severity and resources.
    pub score: Option<Percent>,
    /// The answers, each the join of the project's accounts', in the framework's order.
    pub requirements: Vec<RequirementAssessment>,
}

impl ProjectAssessment {
    /// What was assessed over the accounts of a project alone.
    #[must_use]
    pub fn new(project: &str, of: Assessment) -> Self {
        Self {
            project: project.to_owned(),
            accounts: of.accounts.into_keys().collect(),
            totals: of.totals,
            passed_percent: of.passed_percent,
            evaluated_percent: of.evaluated_percent,
            score: of.score,
            requirements: of.requirements,
        }
    }
}

/// How far an organisation meets a framework.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Assessment {
    /// The framework.
    pub framework: Framework,
    /// How many requirements have each answer.
    pub totals: Totals,
    /// The share that is met of what was evaluated.
    pub passed_percent: Option<Percent>,
    /// The share that could be evaluated at all, of what applies.
    pub evaluated_percent: Option<Percent>,
    /// The score over its rules, by severity and resources.
    pub score: Option<Percent>,
    /// How many requirements a person must check, wholly or in part.
    pub to_check_by_hand: u64,
    /// By chapter.
    pub groups: Vec<GroupAssessment>,
    /// The answers, in the framework's order.
    pub requirements: Vec<RequirementAssessment>,
    /// What its rules said.
    pub rules: BTreeMap<RuleId, RuleAssessment>,
    /// How many requirements have each answer, by account.
    pub accounts: BTreeMap<AccountId, Totals>,
    /// The answers in each project of the configuration; an account can be in several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub projects: Vec<ProjectAssessment>,
}
