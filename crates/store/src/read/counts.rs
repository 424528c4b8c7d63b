//! How often each rule gave each answer, an account at a time: what frameworks and scores are made of.

use std::collections::HashMap;
use std::sync::Arc;

use yagura_model::{AccountCounts, AccountId, Outcome, RuleCount, ScanId, Severity};

use super::evaluations::rows;
use super::filter::Conditions;
use super::words::Words;
use super::{Out, ReadError, Records, accounts_of, produce};
use crate::codes::Code as _;
use crate::database::{Connection, Transaction, all_texts};
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
    for accounts in accounts_of(&mut snapshot, scan).await?.chunks(AT_ONCE) {
        let mut of_accounts = of_accounts(&mut snapshot, scan, accounts).await?;
        let mut records = Vec::with_capacity(accounts.len());
        for (account_id, account) in accounts {
            let mut counts = Vec::new();
            for (rule, outcome, severity, count) in of_accounts.remove(account_id).unwrap_or_default() {
                counts.push(RuleCount { rule: words.rule(rule)?, severity, outcome, count });
            }
            counts.sort_unstable_by(|a, b| {
                (&a.rule, a.outcome, a.severity).cmp(&(&b.rule, b.outcome, b.severity))
            });
            records.push(AccountCounts { account: account.clone(), counts });
        }
        if out.put(records).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// Accounts whose counters are read together.
pub(super) const AT_ONCE: usize = 64;

/// Rule, outcome, severity, how often.
pub(super) type Count = (i64, Outcome, Severity, u64);

/// The counters of some accounts.
pub(super) async fn of_accounts(
    connection: &mut Connection,
    scan: ScanId,
    accounts: &[(i64, AccountId)],
) -> sqlx::Result<HashMap<i64, Vec<Count>>> {
    let mut these = Conditions::default();
    these.one_of("account_id", &accounts.iter().map(|(id, _)| *id).collect::<Vec<_>>());
    let sql = format!(
        "SELECT {} FROM account_details WHERE scan_id = {}{}",
        all_texts("'[' || account_id || ',' || counts || ']'"),
        scan.0,
        these.as_str()
    );
    let mut found = HashMap::new();
    for (account, counts) in rows::<(i64, Vec<(i64, i64, i64, u64)>)>(connection, sql).await? {
        let decode = |(rule, outcome, severity, count)| {
            Ok((rule, Outcome::decode(outcome)?, Severity::decode(severity)?, count))
        };
        found.insert(account, counts.into_iter().map(decode).collect::<sqlx::Result<_>>()?);
    }
    Ok(found)
}
