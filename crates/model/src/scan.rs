//! A scan: what was asked for, how far it came, what it counted.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    Account, AccountId, AccountStatus, Function, Outcome, Region, ResourceType, RuleId, Severity, Timestamp,
};

/// A scan's number in its store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ScanId(pub i64);

impl fmt::Display for ScanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What a scan set out to look at. A finding outside it is neither confirmed nor ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// How one account fared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "State", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "PascalCase")]
pub enum AccountState {
    /// Read; gaps, if any, are in its coverage.
    Scanned,
    /// Suspended or closing: there is nothing to read.
    Skipped {
        /// What Organizations says of the account.
        reason: AccountStatus,
    },
    /// Nothing could be read: the role could not be assumed, the network failed.
    Unreachable {
        /// The role that could not be assumed, if that was it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<String>,
        /// What AWS or the network said, without secrets.
        error: String,
    },
}

/// One account of a scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// A scan, as outputs and the store know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

    /// Counts one evaluation.
    pub fn add(&mut self, evaluation: &crate::Evaluation, function: Function) {
        let account = &evaluation.resource.account;
        let outcome = evaluation.outcome;
        *self.outcomes.entry(outcome).or_default() += 1;
        *self.functions.entry(function).or_default().entry(outcome).or_default() += 1;
        *self.accounts.entry(account.clone()).or_default().entry(outcome).or_default() += 1;
        *self.rules.entry(evaluation.rule.clone()).or_default().entry(outcome).or_default() += 1;
        if outcome == Outcome::NonCompliant {
            let severity = evaluation.severity;
            *self.severities.entry(severity).or_default() += 1;
            *self.account_severities.entry(account.clone()).or_default().entry(severity).or_default() += 1;
        }
    }
}
