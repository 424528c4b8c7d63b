//! How the calls of a scan ended, and which lists it could not read.

use std::collections::HashMap;
use std::sync::Arc;

use sqlx::Row as _;
use yagura_model::{AccountId, CallCoverage, Gap, ReadStatus, ScanId, Unlisted};

use super::evaluations::json;
use super::words::Words;
use super::{Out, ReadError, Records, accounts_of, produce};
use crate::database::{Connection, Transaction};
use crate::error::{Unexpected, undecodable};
use crate::names::{self, Kind};
use crate::store::Store;
use crate::write::coverage::Rows;

impl Store {
    /// How the calls of a scan ended: by account, region, call and status.
    ///
    /// # Errors
    ///
    /// [`ReadError`] when the scan is not there, its coverage was dropped, or the database failed; the stream's own records
    /// can be errors too.
    pub async fn coverage(&self, scan: ScanId) -> Result<Records<CallCoverage>, ReadError> {
        let inner = Arc::clone(&self.inner);
        let mut snapshot = inner.snapshot().await?;
        inner.check_kept(&mut snapshot, scan).await?;
        Ok(produce(&self.inner, move |out| async move {
            send_coverage(snapshot, scan, out).await.map_err(|error| inner.failed(error).into())
        }))
    }

    /// The lists that a scan could not read, by account, type and region.
    ///
    /// # Errors
    ///
    /// See [`coverage`](Self::coverage).
    pub async fn unlisted(&self, scan: ScanId) -> Result<Records<(AccountId, Unlisted)>, ReadError> {
        let inner = Arc::clone(&self.inner);
        let mut snapshot = inner.snapshot().await?;
        inner.check_kept(&mut snapshot, scan).await?;
        Ok(produce(&self.inner, move |out| async move {
            send_unlisted(snapshot, scan, out).await.map_err(|error| inner.failed(error).into())
        }))
    }
}

/// The words that only coverage has.
struct Calls {
    calls: HashMap<i64, String>,
    statuses: HashMap<i64, ReadStatus>,
}

impl Calls {
    async fn load(connection: &mut Connection) -> sqlx::Result<Self> {
        let calls = names::all(connection, Kind::Call, |name| Ok(name.to_owned())).await?;
        let statuses =
            names::all(connection, Kind::Status, |name| serde_json::from_str(name).map_err(undecodable))
                .await?;
        Ok(Self { calls, statuses })
    }

    fn call(&self, number: i64) -> sqlx::Result<String> {
        self.calls.get(&number).cloned().ok_or_else(|| Unexpected::decode("call", number))
    }

    fn status(&self, number: i64) -> sqlx::Result<ReadStatus> {
        self.statuses.get(&number).cloned().ok_or_else(|| Unexpected::decode("status", number))
    }
}

async fn send_coverage(
    mut snapshot: Transaction<'static>,
    scan: ScanId,
    out: Out<CallCoverage>,
) -> sqlx::Result<()> {
    let words = Words::load(&mut snapshot).await?;
    let calls = Calls::load(&mut snapshot).await?;
    for (account_id, account) in accounts_of(&mut snapshot, scan).await? {
        let sql = "SELECT coverage FROM account_details WHERE account_id = $1 AND scan_id = $2";
        let text: Option<String> =
            sqlx::query_scalar(sql).bind(account_id).bind(scan.0).fetch_optional(&mut *snapshot).await?;
        let rows: Option<Rows> = json(text)?;
        let mut records = Vec::new();
        for (regions, ended_alike) in rows.unwrap_or_default() {
            for region in regions {
                let region = words.region(region)?;
                for (call, status, count) in &ended_alike {
                    records.push(CallCoverage {
                        account: account.clone(),
                        region: region.clone(),
                        call: calls.call(*call)?,
                        status: calls.status(*status)?,
                        count: *count,
                    });
                }
            }
        }
        records.sort_unstable();
        if out.put(records).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

async fn send_unlisted(
    mut snapshot: Transaction<'static>,
    scan: ScanId,
    out: Out<(AccountId, Unlisted)>,
) -> sqlx::Result<()> {
    let words = Words::load(&mut snapshot).await?;
    for (account_id, account) in accounts_of(&mut snapshot, scan).await? {
        let mut records = unlisted_of(&mut snapshot, scan, account_id, &words).await?;
        records.sort_unstable();
        if out.put(records.into_iter().map(|it| (account.clone(), it)).collect()).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// The lists of one account that a scan could not read.
pub(super) async fn unlisted_of(
    connection: &mut Connection,
    scan: ScanId,
    account_id: i64,
    words: &Words,
) -> sqlx::Result<Vec<Unlisted>> {
    let rows = sqlx::query(
        "SELECT type_id, region_id, call_id, gap_region_id, status_id FROM unlisted
         WHERE scan_id = $1 AND account_id = $2",
    )
    .bind(scan.0)
    .bind(account_id)
    .fetch_all(&mut *connection)
    .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let calls = Calls::load(connection).await?;
    rows.iter()
        .map(|row| {
            let region = words.region(row.try_get(3)?)?;
            let gap =
                Gap { call: calls.call(row.try_get(2)?)?, region, status: calls.status(row.try_get(4)?)? };
            let resource_type = words.resource_type(row.try_get(0)?)?;
            Ok(Unlisted { resource_type, region: words.region(row.try_get(1)?)?, gap })
        })
        .collect()
}
