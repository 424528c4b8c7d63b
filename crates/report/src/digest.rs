//! Counts by rule and by gap, with an example of each: what `table` and `html` show instead of a million lines.
//!
//! The size depends on how many rules, calls and permissions there are, never on how many resources.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use yagura_model::{
    AccountId, CallCoverage, Evaluation, Lang, Outcome, ReadStatus, Reason, Region, RuleId, Severity,
};

use crate::status_text;

/// One resource of a group.
#[derive(Debug, Clone)]
pub(crate) struct Example {
    pub(crate) account: AccountId,
    pub(crate) region: Region,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) reason: Option<Reason>,
}

/// How many, in how many accounts and regions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spread {
    pub(crate) count: u64,
    pub(crate) accounts: u64,
    pub(crate) regions: BTreeSet<Region>,
    last_account: Option<AccountId>,
}

impl Spread {
    /// Counts; accounts must come one after the other.
    fn add(&mut self, account: &AccountId, region: &Region, count: u64) {
        self.count += count;
        if self.last_account.as_ref() != Some(account) {
            self.last_account = Some(account.clone());
            self.accounts += 1;
        }
        if !self.regions.contains(region) {
            self.regions.insert(region.clone());
        }
    }
}

/// The evaluations of one rule with the same outcome and severity.
#[derive(Debug, Clone, Default)]
pub(crate) struct Group {
    pub(crate) spread: Spread,
    pub(crate) example: Option<Example>,
}

/// Evaluations by outcome, severity and rule.
#[derive(Debug, Default)]
pub(crate) struct Groups(BTreeMap<(Outcome, Reverse<Severity>, RuleId), Group>);

impl Groups {
    pub(crate) fn add(&mut self, evaluation: &Evaluation) {
        let key = (evaluation.outcome, Reverse(evaluation.severity), evaluation.rule.clone());
        let group = self.0.entry(key).or_default();
        let resource = &evaluation.resource;
        group.spread.add(&resource.account, &resource.region, 1);
        if group.example.is_none() {
            group.example = Some(Example {
                account: resource.account.clone(),
                region: resource.region.clone(),
                id: resource.id.clone(),
                name: evaluation.name.clone(),
                reason: evaluation.reason.clone(),
            });
        }
    }

    /// The groups of an outcome, worst first: by severity, then by how many.
    pub(crate) fn worst_first(&self, outcome: Outcome) -> Vec<(Severity, &RuleId, &Group)> {
        let mut groups: Vec<_> = self
            .0
            .iter()
            .filter(|((it, _, _), _)| *it == outcome)
            .map(|((_, severity, rule), group)| (severity.0, rule, group))
            .collect();
        groups
            .sort_by_key(|(severity, rule, group)| (Reverse(*severity), Reverse(group.spread.count), *rule));
        groups
    }
}

/// One kind of gap: the same permission, or the same call that ended alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct GapKind {
    pub(crate) status: ReadStatus,
    /// Empty where the status says it all: a permission, a region that is off.
    pub(crate) call: String,
}

/// What was read and what was not.
#[derive(Debug, Default)]
pub(crate) struct CoverageDigest {
    /// Gaps by kind.
    pub(crate) gaps: BTreeMap<GapKind, Spread>,
    /// Calls by account: known, not known.
    pub(crate) accounts: BTreeMap<AccountId, (u64, u64)>,
    /// All calls.
    pub(crate) calls: u64,
}

impl CoverageDigest {
    pub(crate) fn add(&mut self, row: &CallCoverage) {
        self.calls += row.count;
        let known = row.status.is_known();
        let counts = self.accounts.entry(row.account.clone()).or_default();
        if known {
            counts.0 += row.count;
            return;
        }
        counts.1 += row.count;
        let call = match row.status {
            ReadStatus::Denied { .. } | ReadStatus::RegionOff => String::new(),
            _ => row.call.clone(),
        };
        let kind = GapKind { status: row.status.clone(), call };
        self.gaps.entry(kind).or_default().add(&row.account, &row.region, row.count);
    }

    /// The gaps of one status, most frequent first.
    pub(crate) fn most_first(&self, word: &str) -> Vec<(&GapKind, &Spread)> {
        let mut gaps: Vec<_> = self.gaps.iter().filter(|(kind, _)| kind.status.word() == word).collect();
        gaps.sort_by_key(|(kind, spread)| (Reverse(spread.count), *kind));
        gaps
    }
}

impl GapKind {
    /// What is missing: a permission, a call with its error code, a region.
    pub(crate) fn label(&self, spread: &Spread) -> String {
        match &self.status {
            ReadStatus::Denied { permission } => permission.clone(),
            ReadStatus::Failed { code } => format!("{} ({code})", self.call),
            ReadStatus::RegionOff => spread.regions.iter().map(Region::as_str).collect::<Vec<_>>().join(", "),
            _ => self.call.clone(),
        }
    }

    /// The whole gap as one sentence: what, how often, where.
    pub(crate) fn sentence(&self, spread: &Spread, lang: Lang) -> String {
        let status = status_text(&self.status, lang);
        let what = if self.call.is_empty() { status } else { format!("{}: {status}", self.call) };
        let regions = spread.regions.iter().map(Region::as_str).collect::<Vec<_>>().join(", ");
        match lang {
            Lang::En => {
                format!("{what} (calls: {}, accounts: {}, regions: {regions})", spread.count, spread.accounts)
            }
            Lang::Ja => {
                format!(
                    "{what} (呼び出し {} 回、{} アカウント、リージョン: {regions})",
                    spread.count, spread.accounts
                )
            }
        }
    }
}
