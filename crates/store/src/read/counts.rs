//! How often each rule gave each answer, an account at a time: what frameworks and scores are made of.

use std::sync::Arc;

use yagura_model::{AccountCounts, Outcome, RuleCount, ScanId, Severity};

use super::evaluations::json;
use super::words::Words;
use super::{Out, ReadError, Records, accounts_of, produce};
use crate::codes::Code as _;
use crate::database::{Connection, Transaction};
use crate::store::Store;

impl Store {
    /// The counts of a scan, one record for each of its accounts, by id; accounts in which no rule judged anything too.
    ///
    /// # Errors
    ///
    /// [`ReadError`] when the scan is not there, its counts were dropped, or the database failed; the stream's own records can be
    /// errors too.
    pub async fn counts(&self, scan: ScanId) -> Result<Records<AccountCounts>, ReadError> {
        let inner = Arc::clone(&self.inner);
        let mut snapshot = inner.snapshot().await?;
        inner.check_kept(&mut snapshot, scan).await?;
        Ok(produce(&self.inner, move |out| async move {
            send(snapshot, scan, out).await.map_err(|error| inner.failed(error).into())
        }))
    }
}

async fn send(mut snapshot: Transaction<'static>, scan: ScanId, out: Out<AccountCounts>) -> sqlx::Result<()> {
    let words = Words::load(&mut snapshot).await?;
    for (account_id, account) in accounts_of(&mut snapshot, scan).await? {
        let mut counts = Vec::new();
        for (rule, outcome, severity, count) in of_account(&mut snapshot, scan, account_id).await? {
            counts.push(RuleCount { rule: words.rule(rule)?, severity, outcome, count });
        }
        counts
            .sort_unstable_by(|a, b| (&a.rule, a.outcome, a.severity).cmp(&(&b.rule, b.outcome, b.severity)));
        if out.put(vec![AccountCounts { account, counts }]).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// The counters of one account: rule, outcome, severity, how often.
pub(super) async fn of_account(
    connection: &mut Connection,
    scan: ScanId,
    account_id: i64,
) -> sqlx::Result<Vec<(i64, Outcome, Severity, u64)>> {
    let sql = "SELECT counts FROM account_details WHERE account_id = $1 AND scan_id = $2";
    let text: Option<String> =
        sqlx::query_scalar(sql).bind(account_id).bind(scan.0).fetch_optional(connection).await?;
    let counts: Option<Vec<(i64, i64, i64, u64)>> = json(text)?;
    counts
        .unwrap_or_default()
        .into_iter()
        .map(|(rule, outcome, severity, count)| {
            Ok((rule, Outcome::decode(outcome)?, Severity::decode(severity)?, count))
        })
        .collect()
}
