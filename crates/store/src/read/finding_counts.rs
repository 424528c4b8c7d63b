//! How many findings there are, by severity, account, rule and state of work.

use std::collections::BTreeMap;

use sqlx::AssertSqlSafe;
use yagura_model::{AccountId, FindingKind, RuleId, Severity, Workflow};

use super::ReadError;
use super::filter::FindingFilter;
use super::words::Words;
use crate::codes::Code;
use crate::database::Connection;
use crate::store::Store;

/// How many findings of each severity.
pub type BySeverity = BTreeMap<Severity, u64>;

/// Findings, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingCounts {
    /// All of them.
    pub severities: BySeverity,
    /// By state of work.
    pub workflows: BTreeMap<Workflow, u64>,
    /// By sort.
    pub kinds: BTreeMap<FindingKind, u64>,
    /// By account: projects are sums of accounts.
    pub accounts: BTreeMap<AccountId, BySeverity>,
    /// By rule: frameworks are sums of rules.
    pub rules: BTreeMap<RuleId, BySeverity>,
}

impl FindingCounts {
    /// How many there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.severities.values().sum()
    }
}

impl FindingFilter {
    /// Whether the counters that are kept tell all of what is asked.
    fn is_counted(&self) -> bool {
        let rest = Self {
            record_states: Default::default(),
            workflows: Default::default(),
            kinds: Default::default(),
            min_severity: None,
            accounts: Default::default(),
            rules: Default::default(),
            ..self.clone()
        };
        rest == Self::default()
    }
}

impl Store {
    /// Counts the findings that `filter` lets through.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn count_findings(&self, filter: &FindingFilter) -> Result<FindingCounts, ReadError> {
        let mut snapshot = self.inner.snapshot().await?;
        count(&mut snapshot, filter).await.map_err(|error| self.inner.failed(error).into())
    }
}

/// Where to count, and which rows of the counters.
struct Counting {
    from: &'static str,
    number: &'static str,
    conditions: String,
    is_counted: bool,
    has_accounts: bool,
    has_rules: bool,
}

impl Counting {
    async fn new(connection: &mut Connection, filter: &FindingFilter) -> sqlx::Result<Self> {
        let conditions = filter.conditions(connection).await?;
        let is_counted = filter.is_counted();
        let (from, number) = match (is_counted, conditions.joins_resources()) {
            (true, _) => ("finding_counts f", "SUM(f.findings)"),
            (false, true) => ("findings f JOIN resources r ON r.id = f.resource_id", "COUNT(*)"),
            (false, false) => ("findings f", "COUNT(*)"),
        };
        Ok(Self {
            from,
            number,
            conditions: conditions.as_str().to_owned(),
            is_counted,
            has_accounts: !filter.accounts.is_empty(),
            has_rules: !filter.rules.is_empty(),
        })
    }

    /// Counts by two columns. `of_accounts` and `of_rules` tell by what: the counters of all accounts, and of all rules, are used where the filter and
    /// the columns do not ask for one of them.
    async fn by(
        &self,
        connection: &mut Connection,
        columns: &str,
        (of_accounts, of_rules): (bool, bool),
    ) -> sqlx::Result<Vec<(i64, i64, u64)>> {
        let (by_account, by_rule) = (of_accounts || self.has_accounts, of_rules || self.has_rules);
        let rows_of = match (self.is_counted, by_account, by_rule) {
            (false, ..) => "",
            (true, true, true) => " AND f.account_id > 0 AND f.rule_id > 0",
            (true, false, true) => " AND f.account_id = 0",
            (true, _, false) => " AND f.account_id > 0 AND f.rule_id = 0",
        };
        let Self { from, number, conditions, .. } = self;
        let sql =
            format!("SELECT {columns}, {number} FROM {from} WHERE 1 = 1{conditions}{rows_of} GROUP BY 1, 2");
        let rows: Vec<(i64, i64, i64)> =
            sqlx::query_as(AssertSqlSafe(sql)).persistent(false).fetch_all(connection).await?;
        Ok(rows.into_iter().filter(|it| it.2 > 0).map(|(a, b, n)| (a, b, n.unsigned_abs())).collect())
    }
}

async fn count(connection: &mut Connection, filter: &FindingFilter) -> sqlx::Result<FindingCounts> {
    let counting = Counting::new(connection, filter).await?;
    let words = Words::load(connection).await?;
    let mut counts = FindingCounts::default();
    let by_account = counting.by(connection, "f.account_id, f.severity", (true, false)).await?;
    for (account, severity, number) in by_account {
        let severity = Severity::decode(severity)?;
        *counts.severities.entry(severity).or_default() += number;
        counts.accounts.entry(words.account(account)?).or_default().insert(severity, number);
    }
    for (rule, severity, number) in counting.by(connection, "f.rule_id, f.severity", (false, true)).await? {
        counts.rules.entry(words.rule(rule)?).or_default().insert(Severity::decode(severity)?, number);
    }
    for (workflow, kind, number) in counting.by(connection, "f.workflow, f.kind", (false, false)).await? {
        *counts.workflows.entry(Workflow::decode(workflow)?).or_default() += number;
        *counts.kinds.entry(FindingKind::decode(kind)?).or_default() += number;
    }
    Ok(counts)
}
