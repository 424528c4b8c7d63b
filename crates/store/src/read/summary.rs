//! The counts of a scan, from counters that are kept per account: no evaluation is read for them.

use std::collections::{BTreeMap, HashMap};

use sqlx::Row as _;
use yagura_model::{Function, Outcome, RuleId, RuleInfo, ScanId, Summary, Tally};

use super::{ReadError, accounts_of, counts};
use crate::database::Connection;
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

/// Adds the counters up, an account at a time: there are as many as accounts times rules.
pub(crate) async fn count(connection: &mut Connection, scan: ScanId) -> sqlx::Result<Summary> {
    let functions = functions(connection, scan).await?;
    let mut summary = Summary::default();
    let accounts = accounts_of(connection, scan).await?;
    let mut of_accounts = HashMap::new();
    for (place, (account_id, account)) in accounts.iter().enumerate() {
        if let Some(next) = accounts.get(place..).filter(|_| place % counts::AT_ONCE == 0) {
            let next = next.get(..counts::AT_ONCE).unwrap_or(next);
            of_accounts = counts::of_accounts(connection, scan, next).await?;
        }
        let mut judged = Tally::default();
        for (rule_id, outcome, severity, count) in of_accounts.remove(account_id).unwrap_or_default() {
            let (rule, function) =
                functions.get(&rule_id).ok_or_else(|| Unexpected::decode("rule", rule_id))?;
            judged.add(rule, severity, outcome, count);
            summary.judged.add(rule, severity, outcome, count);
            *summary.outcomes.entry(outcome).or_default() += count;
            *summary.functions.entry(*function).or_default().entry(outcome).or_default() += count;
            *summary.rules.entry(rule.clone()).or_default().entry(outcome).or_default() += count;
            *summary.accounts.entry(account.clone()).or_default().entry(outcome).or_default() += count;
            if outcome == Outcome::NonCompliant {
                *summary.severities.entry(severity).or_default() += count;
                let severities = summary.account_severities.entry(account.clone()).or_default();
                *severities.entry(severity).or_default() += count;
            }
        }
        if let Some(score) = judged.score() {
            summary.account_scores.insert(account.clone(), score);
        }
    }
    add_accounts(connection, scan, &mut summary).await?;
    Ok(summary)
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
