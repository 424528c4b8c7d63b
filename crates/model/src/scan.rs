//! A scan: what was asked for, how far it came, what it counted.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Account, AccountId, AccountStatus, Function, Outcome, Percent, Region, ResourceType, RuleId, Severity,
    Tally, Timestamp,
};

/// A scan's number in its store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub struct ScanId(pub i64);

impl fmt::Display for ScanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What a scan set out to look at. A finding outside it is neither confirmed nor ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ScanScope {
    /// The accounts, by id.
    pub accounts: BTreeSet<AccountId>,
    /// The regions; empty means every enabled one.
    pub regions: BTreeSet<Region>,
    /// The rules.
    pub rules: BTreeSet<RuleId>,
    /// The types that were collected; empty means all.
    pub types: BTreeSet<ResourceType>,
    /// A digest of everything else that shapes the result: packs, parameters, exceptions, the source. Two scans with
    /// the same scope are the same job, so an interrupted one can be taken up again.
    pub digest: String,
    /// A digest of what was asked for: the organisation, and how the scan was narrowed. Accounts that were added and rules that came
    /// with a new version do not change it. Empty in scans of versions that did not write it down.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
    /// Whether somebody wanted to look at a part once: where everything stands is told by other scans.
    #[serde(default, rename = "Narrowed", skip_serializing_if = "std::ops::Not::not")]
    pub is_narrowed: bool,
}

impl ScanScope {
    /// Whether two scans asked for the same, so that their results can be set side by side.
    #[must_use]
    pub fn is_comparable(&self, other: &Self) -> bool {
        if !self.question.is_empty() && !other.question.is_empty() {
            return self.question == other.question;
        }
        (&self.accounts, &self.regions, &self.rules, &self.types)
            == (&other.accounts, &other.regions, &other.rules, &other.types)
    }
}

/// How one account fared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "State", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccountState {
    /// Read; gaps, if any, are in its coverage.
    Scanned,
    /// Suspended or closing: there is nothing to read.
    Skipped {
        /// What Organizations says of the account.
        #[serde(rename = "Reason")]
        reason: AccountStatus,
    },
    /// Nothing could be read: the role could not be assumed, the network failed.
    Unreachable {
        /// The role that could not be assumed, if that was it.
        #[serde(default, rename = "Role", skip_serializing_if = "Option::is_none")]
        role: Option<String>,
        /// What AWS or the network said, without secrets.
        #[serde(rename = "Error")]
        error: String,
    },
}

/// One account of a scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct AccountScan {
    /// The account.
    pub account: Account,
    /// How it fared.
    pub state: AccountState,
    /// Regions that were looked at.
    pub regions: Vec<Region>,
    /// How many resources were found.
    pub resources: u64,
    /// Rules of the scan that the configuration switches off in this account.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub switched_off: BTreeSet<RuleId>,
}

/// A scan, as outputs and the store know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Scan {
    /// Its number.
    pub id: ScanId,
    /// When it was begun; with `--now`, that time.
    pub started: Timestamp,
    /// When it was done; `None` while it runs or when it was interrupted.
    pub finished: Option<Timestamp>,
    /// What it looked at.
    pub scope: ScanScope,
}

/// The counts that every output shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Summary {
    /// Evaluations by outcome.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// Violations by severity.
    pub severities: BTreeMap<Severity, u64>,
    /// Evaluations by CSF function and outcome.
    pub functions: BTreeMap<Function, BTreeMap<Outcome, u64>>,
    /// Evaluations by account and outcome.
    pub accounts: BTreeMap<AccountId, BTreeMap<Outcome, u64>>,
    /// Violations by account and severity.
    pub account_severities: BTreeMap<AccountId, BTreeMap<Severity, u64>>,
    /// Evaluations by rule and outcome.
    pub rules: BTreeMap<RuleId, BTreeMap<Outcome, u64>>,
    /// Passes and violations by rule and severity: what scores are made of. Empty in scans of versions that did not count it.
    #[serde(default, skip_serializing_if = "Tally::is_empty")]
    pub judged: Tally,
    /// The score of each account in which something was judged.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub account_scores: BTreeMap<AccountId, Percent>,
    /// Resources found.
    pub resources: u64,
    /// Calls by how they ended: the words of [`crate::ReadStatus::word`].
    pub calls: BTreeMap<String, u64>,
}

impl Summary {
    /// Evaluations with this outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> u64 {
        self.outcomes.get(&outcome).copied().unwrap_or_default()
    }

    /// Counts one evaluation. Scores of accounts need all of an account at once, and are not kept up here.
    pub fn add(&mut self, evaluation: &crate::Evaluation, function: Function) {
        let account = &evaluation.resource.account;
        let outcome = evaluation.outcome;
        *self.outcomes.entry(outcome).or_default() += 1;
        *self.functions.entry(function).or_default().entry(outcome).or_default() += 1;
        *self.accounts.entry(account.clone()).or_default().entry(outcome).or_default() += 1;
        *self.rules.entry(evaluation.rule.clone()).or_default().entry(outcome).or_default() += 1;
        self.judged.add(&evaluation.rule, evaluation.severity, outcome, 1);
        if outcome == Outcome::NonCompliant {
            let severity = evaluation.severity;
            *self.severities.entry(severity).or_default() += 1;
            *self.account_severities.entry(account.clone()).or_default().entry(severity).or_default() += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The store keeps summaries for ever.
    #[test]
    fn a_summary_of_an_earlier_version_is_read() {
        let text = r#"{"Outcomes":{"COMPLIANT":2},"Severities":{},"Functions":{},"Accounts":{},"AccountSeverities":{},
            "Rules":{"restricted-ssh":{"COMPLIANT":2}},"Resources":2,"Calls":{}}"#;
        let summary: Summary = serde_json::from_str(text).unwrap();
        assert!(summary.judged.is_empty() && summary.account_scores.is_empty());
        assert_eq!(summary.count(Outcome::Compliant), 2);
    }

    #[test]
    fn scans_that_asked_the_same_can_be_compared_whatever_has_been_added_since() {
        let scope = |rules: &[&str], question: &str| ScanScope {
            accounts: BTreeSet::new(),
            regions: BTreeSet::new(),
            rules: rules.iter().map(|it| RuleId::from(*it)).collect(),
            types: BTreeSet::new(),
            digest: String::new(),
            question: question.to_owned(),
            is_narrowed: false,
        };
        assert!(scope(&["a"], "all").is_comparable(&scope(&["a", "b"], "all")));
        assert!(!scope(&["a"], "all").is_comparable(&scope(&["a"], "one rule")));
        // Where one of them does not say what was asked, only the same is the same.
        assert!(scope(&["a"], "").is_comparable(&scope(&["a"], "all")));
        assert!(!scope(&["a"], "").is_comparable(&scope(&["a", "b"], "all")));
    }
}
