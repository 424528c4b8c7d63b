//! The counts of a scan, from counters that are kept per account: no evaluation is read for them.

use std::collections::{BTreeMap, HashMap};

use futures::TryStreamExt as _;
use sqlx::Row as _;
use yagura_model::{AccountId, Function, Outcome, RuleId, RuleInfo, ScanId, Severity, Summary};

use super::ReadError;
use crate::codes::Code;
use crate::database::{Connection, Row};
use crate::error::{Unexpected, undecodable};
use crate::store::Store;

/// How many calls ended how, by the words of [`yagura_model::ReadStatus::word`].
pub(crate) type Calls = BTreeMap<String, u64>;

impl Store {
    /// The counts of a scan. Those of a finished scan are kept for ever.
    ///
    /// # Errors
    ///
    /// [`ReadError`] when the scan is not there or was never finished and dropped, or the database failed.
    pub async fn summary(&self, scan: ScanId) -> Result<Summary, ReadError> {
        let failed = |error| ReadError::from(self.inner.failed(error));
        let mut snapshot = self.inner.snapshot().await?;
        let kept: Option<Option<String>> = sqlx::query_scalar("SELECT summary FROM scans WHERE id = $1")
            .bind(scan.0)
            .fetch_optional(&mut *snapshot)
            .await
            .map_err(failed)?;
        if let Some(text) = kept.flatten() {
            return serde_json::from_str(&text).map_err(|error| failed(undecodable(error)));
        }
        self.inner.check_kept(&mut snapshot, scan).await?;
        count(&mut snapshot, scan).await.map_err(failed)
    }
}

/// Adds the counters up. The database does most of it: there are as many counters as accounts times rules.
pub(crate) async fn count(connection: &mut Connection, scan: ScanId) -> sqlx::Result<Summary> {
    let functions = functions(connection, scan).await?;
    let mut summary = Summary::default();
    let sums = "SELECT rule_id, outcome, severity, SUM(evaluations) FROM counts WHERE scan_id = $1
        GROUP BY rule_id, outcome, severity";
    let mut rows = sqlx::query(sums).bind(scan.0).fetch(&mut *connection);
    while let Some(row) = rows.try_next().await? {
        let rule_id: i64 = row.try_get(0)?;
        let (rule, function) = functions.get(&rule_id).ok_or_else(|| Unexpected::decode("rule", rule_id))?;
        let (outcome, severity, count) = counter(&row)?;
        *summary.outcomes.entry(outcome).or_default() += count;
        *summary.functions.entry(*function).or_default().entry(outcome).or_default() += count;
        *summary.rules.entry(rule.clone()).or_default().entry(outcome).or_default() += count;
        if outcome == Outcome::NonCompliant {
            *summary.severities.entry(severity).or_default() += count;
        }
    }
    drop(rows);
    let sums = "SELECT account.name, outcome, severity, SUM(evaluations) FROM counts
        JOIN names account ON account.id = account_id WHERE scan_id = $1 GROUP BY account.name, outcome, severity";
    let mut rows = sqlx::query(sums).bind(scan.0).fetch(&mut *connection);
    while let Some(row) = rows.try_next().await? {
        let account = AccountId::new(row.try_get(0)?).map_err(undecodable)?;
        let (outcome, severity, count) = counter(&row)?;
        if outcome == Outcome::NonCompliant {
            let severities = summary.account_severities.entry(account.clone()).or_default();
            *severities.entry(severity).or_default() += count;
        }
        *summary.accounts.entry(account).or_default().entry(outcome).or_default() += count;
    }
    drop(rows);
    add_accounts(connection, scan, &mut summary).await?;
    Ok(summary)
}

/// Columns two to four of a sum.
fn counter(row: &Row) -> sqlx::Result<(Outcome, Severity, u64)> {
    let count = u64::try_from(row.try_get::<i64, _>(3)?).unwrap_or_default();
    Ok((Outcome::decode(row.try_get(1)?)?, Severity::decode(row.try_get(2)?)?, count))
}

async fn add_accounts(connection: &mut Connection, scan: ScanId, summary: &mut Summary) -> sqlx::Result<()> {
    let rows = sqlx::query("SELECT resources, calls FROM account_scans WHERE scan_id = $1")
        .bind(scan.0)
        .fetch_all(connection)
        .await?;
    for row in &rows {
        summary.resources += u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or_default();
        let calls: Calls = serde_json::from_str(row.try_get(1)?).map_err(undecodable)?;
        for (word, count) in calls {
            *summary.calls.entry(word).or_default() += count;
        }
    }
    Ok(())
}

/// The scan's rules by number, with the function that each belongs to.
async fn functions(
    connection: &mut Connection,
    scan: ScanId,
) -> sqlx::Result<HashMap<i64, (RuleId, Function)>> {
    let rows = sqlx::query(
        "SELECT rule_id, documents.body FROM scan_rules JOIN documents ON documents.id = info_id
         WHERE scan_id = $1",
    )
    .bind(scan.0)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let info: RuleInfo = serde_json::from_str(row.try_get(1)?).map_err(undecodable)?;
            Ok((row.try_get(0)?, (info.id, info.function)))
        })
        .collect()
}
