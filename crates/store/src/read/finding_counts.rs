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

async fn count(connection: &mut Connection, filter: &FindingFilter) -> sqlx::Result<FindingCounts> {
    let conditions = filter.conditions(connection).await?;
    let (from, number) = if filter.is_counted() {
        ("finding_counts f", "SUM(f.findings)")
    } else if filter.text.is_some() {
        ("findings f JOIN resources r ON r.id = f.resource_id", "COUNT(*)")
    } else {
        ("findings f", "COUNT(*)")
    };
    let words = Words::load(connection).await?;
    let mut counts = FindingCounts::default();
    let by = async |connection: &mut Connection, columns: &str| -> sqlx::Result<Vec<(i64, i64, u64)>> {
        let sql = format!(
            "SELECT {columns}, {number} FROM {from} WHERE 1 = 1{} GROUP BY 1, 2",
            conditions.as_str()
        );
        let rows: Vec<(i64, i64, i64)> =
            sqlx::query_as(AssertSqlSafe(sql)).persistent(false).fetch_all(connection).await?;
        Ok(rows.into_iter().filter(|it| it.2 > 0).map(|(a, b, n)| (a, b, n.unsigned_abs())).collect())
    };
    for (account, severity, number) in by(connection, "f.account_id, f.severity").await? {
        let severity = Severity::decode(severity)?;
        *counts.severities.entry(severity).or_default() += number;
        counts.accounts.entry(words.account(account)?).or_default().insert(severity, number);
    }
    for (rule, severity, number) in by(connection, "f.rule_id, f.severity").await? {
        counts.rules.entry(words.rule(rule)?).or_default().insert(Severity::decode(severity)?, number);
    }
    for (workflow, kind, number) in by(connection, "f.workflow, f.kind").await? {
        *counts.workflows.entry(Workflow::decode(workflow)?).or_default() += number;
        *counts.kinds.entry(FindingKind::decode(kind)?).or_default() += number;
    }
    Ok(counts)
}
