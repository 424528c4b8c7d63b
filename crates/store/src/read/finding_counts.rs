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
    conditions: String,
    is_counted: bool,
    has_accounts: bool,
    has_rules: bool,
}

impl Counting {
    async fn new(connection: &mut Connection, filter: &FindingFilter) -> sqlx::Result<Self> {
        let conditions = filter.conditions(connection).await?;
        let is_counted = filter.is_counted();
        let from = match (is_counted, conditions.joins_resources()) {
            (true, _) => "finding_counts f",
            (false, true) => "findings f JOIN resources r ON r.id = f.resource_id",
            (false, false) => "findings f",
        };
        Ok(Self {
            from,
            conditions: conditions.as_str().to_owned(),
            is_counted,
            has_accounts: !filter.accounts.is_empty(),
            has_rules: !filter.rules.is_empty(),
        })
    }

    /// Counts by account, by rule and by work, going through the findings once.
    async fn at_once(&self, connection: &mut Connection) -> sqlx::Result<[Vec<(i64, i64, u64)>; 3]> {
        let Self { from, conditions, .. } = self;
        let sql = format!(
            "WITH chosen AS MATERIALIZED (
               SELECT f.account_id AS account, f.rule_id AS rule, f.severity AS severity, f.workflow AS workflow, f.kind AS kind
               FROM {from} WHERE 1 = 1{conditions})
             SELECT 0, account, severity, COUNT(*) FROM chosen GROUP BY 2, 3
             UNION ALL SELECT 1, rule, severity, COUNT(*) FROM chosen GROUP BY 2, 3
             UNION ALL SELECT 2, workflow, kind, COUNT(*) FROM chosen GROUP BY 2, 3"
        );
        let rows: Vec<(i64, i64, i64, i64)> =
            sqlx::query_as(AssertSqlSafe(sql)).persistent(false).fetch_all(connection).await?;
        let of = |part: i64| {
            let rows = rows.iter().filter(|it| it.0 == part);
            rows.map(|it| (it.1, it.2, it.3.unsigned_abs())).collect()
        };
        Ok([of(0), of(1), of(2)])
    }

    /// Counts by two columns, from the counters that are kept. `of_accounts` and `of_rules` tell by what: the counters of all accounts, and of all rules, are used where the filter and
    /// the columns do not ask for one of them.
    async fn by(
        &self,
        connection: &mut Connection,
        columns: &str,
        (of_accounts, of_rules): (bool, bool),
    ) -> sqlx::Result<Vec<(i64, i64, u64)>> {
        let (by_account, by_rule) = (of_accounts || self.has_accounts, of_rules || self.has_rules);
        let rows_of = match (by_account, by_rule) {
            (true, true) => " AND f.account_id > 0 AND f.rule_id > 0",
            (false, true) => " AND f.account_id = 0",
            (_, false) => " AND f.account_id > 0 AND f.rule_id = 0",
        };
        let Self { from, conditions, .. } = self;
        let sql = format!(
            "SELECT {columns}, SUM(f.findings) FROM {from} WHERE 1 = 1{conditions}{rows_of} GROUP BY 1, 2"
        );
        let rows: Vec<(i64, i64, i64)> =
            sqlx::query_as(AssertSqlSafe(sql)).persistent(false).fetch_all(connection).await?;
        Ok(rows.into_iter().filter(|it| it.2 > 0).map(|(a, b, n)| (a, b, n.unsigned_abs())).collect())
    }
}

async fn count(connection: &mut Connection, filter: &FindingFilter) -> sqlx::Result<FindingCounts> {
    let counting = Counting::new(connection, filter).await?;
    let words = Words::load(connection).await?;
    let [by_account, by_rule, by_work] = match counting.is_counted {
        true => [
            counting.by(connection, "f.account_id, f.severity", (true, false)).await?,
            counting.by(connection, "f.rule_id, f.severity", (false, true)).await?,
            counting.by(connection, "f.workflow, f.kind", (false, false)).await?,
        ],
        false => counting.at_once(connection).await?,
    };
    let mut counts = FindingCounts::default();
    for (account, severity, number) in by_account {
        let severity = Severity::decode(severity)?;
        *counts.severities.entry(severity).or_default() += number;
        counts.accounts.entry(words.account(account)?).or_default().insert(severity, number);
    }
    for (rule, severity, number) in by_rule {
        counts.rules.entry(words.rule(rule)?).or_default().insert(Severity::decode(severity)?, number);
    }
    for (workflow, kind, number) in by_work {
        *counts.workflows.entry(Workflow::decode(workflow)?).or_default() += number;
        *counts.kinds.entry(FindingKind::decode(kind)?).or_default() += number;
    }
    Ok(counts)
}
