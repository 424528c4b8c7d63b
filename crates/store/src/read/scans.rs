//! Scans, and what they set out with.

use sqlx::{AssertSqlSafe, Row as _};
use yagura_model::{AccountScan, Organization, RuleInfo, Scan, ScanId, ScanScope};

use super::ReadError;
use crate::database::{Connection, Row};
use crate::error::undecodable;
use crate::store::Store;
use crate::write::About;

const SELECT: &str = "SELECT scans.id, started, finished, documents.body FROM scans
    JOIN documents ON documents.id = scope_id";

impl Store {
    /// The scan with this number.
    ///
    /// # Errors
    ///
    /// [`ReadError`] when it is not there or the database failed.
    pub async fn scan(&self, scan: ScanId) -> Result<Scan, ReadError> {
        let mut snapshot = self.inner.snapshot().await?;
        let found = first(&mut snapshot, "WHERE scans.id = $1", scan.0).await;
        found
            .map_err(|error| self.inner.failed(error))?
            .ok_or_else(|| ReadError::UnknownScan { scan, place: self.inner.place.clone() })
    }

    /// The scan that was finished last.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn latest_scan(&self) -> Result<Option<Scan>, ReadError> {
        let mut snapshot = self.inner.snapshot().await?;
        let newest = "WHERE finish_number IS NOT NULL ORDER BY finish_number DESC LIMIT $1";
        Ok(first(&mut snapshot, newest, 1).await.map_err(|error| self.inner.failed(error))?)
    }

    /// The scan that was finished last of those that were not narrowed for once, if there is one, else the one that was finished last: where everything stands.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn latest_whole_scan(&self) -> Result<Option<Scan>, ReadError> {
        let mut snapshot = self.inner.snapshot().await?;
        let failed = |error| self.inner.failed(error);
        let whole = "WHERE finish_number IS NOT NULL AND NOT EXISTS
              (SELECT 1 FROM documents d WHERE d.id = scans.scope_id AND json_extract(d.body, '$.Narrowed'))
            ORDER BY finish_number DESC LIMIT $1";
        if let Some(scan) = first(&mut snapshot, whole, 1).await.map_err(failed)? {
            return Ok(Some(scan));
        }
        let newest = "WHERE finish_number IS NOT NULL ORDER BY finish_number DESC LIMIT $1";
        Ok(first(&mut snapshot, newest, 1).await.map_err(failed)?)
    }

    /// The newest scans, newest first, finished or not.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn scans(&self, limit: u32) -> Result<Vec<Scan>, ReadError> {
        let mut snapshot = self.inner.snapshot().await?;
        let sql = format!("{SELECT} ORDER BY scans.id DESC LIMIT $1");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(i64::from(limit))
            .fetch_all(&mut *snapshot)
            .await
            .map_err(|error| self.inner.failed(error))?;
        let scans: sqlx::Result<Vec<Scan>> = rows.iter().map(decode).collect();
        Ok(scans.map_err(|error| self.inner.failed(error))?)
    }

    /// The scans that were finished and whose evaluations and counts are still there, the one that was finished last first.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn kept_scans(&self) -> Result<Vec<Scan>, ReadError> {
        let mut snapshot = self.inner.snapshot().await?;
        let sql =
            format!("{SELECT} WHERE finish_number IS NOT NULL AND kept = 1 ORDER BY finish_number DESC");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .fetch_all(&mut *snapshot)
            .await
            .map_err(|error| self.inner.failed(error))?;
        let scans: sqlx::Result<Vec<Scan>> = rows.iter().map(decode).collect();
        Ok(scans.map_err(|error| self.inner.failed(error))?)
    }

    /// How the accounts of a scan fared, by id.
    ///
    /// # Errors
    ///
    /// [`ReadError`] when the scan is not there or the database failed.
    pub async fn accounts(&self, scan: ScanId) -> Result<Vec<AccountScan>, ReadError> {
        self.scan(scan).await?;
        let mut snapshot = self.inner.snapshot().await?;
        let accounts = accounts(&mut snapshot, scan).await;
        Ok(accounts.map_err(|error| self.inner.failed(error))?)
    }

    /// The rules that a scan set out with, by id, as they were then.
    ///
    /// # Errors
    ///
    /// [`ReadError`] when the scan is not there or the database failed.
    pub async fn rules(&self, scan: ScanId) -> Result<Vec<RuleInfo>, ReadError> {
        self.scan(scan).await?;
        let mut snapshot = self.inner.snapshot().await?;
        let rules = rules(&mut snapshot, scan).await;
        Ok(rules.map_err(|error| self.inner.failed(error))?)
    }

    /// The organisation that a scan set out with.
    ///
    /// # Errors
    ///
    /// [`ReadError`] when the scan is not there or the database failed.
    pub async fn organization(&self, scan: ScanId) -> Result<Organization, ReadError> {
        let failed = |error| ReadError::from(self.inner.failed(error));
        let mut snapshot = self.inner.snapshot().await?;
        let body: Option<String> = sqlx::query_scalar(
            "SELECT documents.body FROM scans JOIN documents ON documents.id = organization_id
             WHERE scans.id = $1",
        )
        .bind(scan.0)
        .fetch_optional(&mut *snapshot)
        .await
        .map_err(failed)?;
        let body = body.ok_or_else(|| ReadError::UnknownScan { scan, place: self.inner.place.clone() })?;
        serde_json::from_str(&body).map_err(|error| failed(undecodable(error)))
    }
}

async fn first(
    connection: &mut Connection,
    condition: &'static str,
    value: i64,
) -> sqlx::Result<Option<Scan>> {
    let sql = format!("{SELECT} {condition}");
    let row = sqlx::query(AssertSqlSafe(sql)).bind(value).fetch_optional(connection).await?;
    row.as_ref().map(decode).transpose()
}

fn decode(row: &Row) -> sqlx::Result<Scan> {
    let finished: Option<&str> = row.try_get(2)?;
    let scope: ScanScope = serde_json::from_str(row.try_get(3)?).map_err(undecodable)?;
    Ok(Scan {
        id: ScanId(row.try_get(0)?),
        started: row.try_get::<&str, _>(1)?.parse().map_err(undecodable)?,
        finished: finished.map(str::parse).transpose().map_err(undecodable)?,
        scope,
    })
}

async fn accounts(connection: &mut Connection, scan: ScanId) -> sqlx::Result<Vec<AccountScan>> {
    let rows = sqlx::query(
        "SELECT documents.body, resources FROM account_scans
         JOIN documents ON documents.id = about_id JOIN names ON names.id = account_id
         WHERE scan_id = $1 ORDER BY names.name",
    )
    .bind(scan.0)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let About { account, state, regions, switched_off } =
                serde_json::from_str(row.try_get(0)?).map_err(undecodable)?;
            let resources = u64::try_from(row.try_get::<i64, _>(1)?).unwrap_or_default();
            Ok(AccountScan { account, state, regions, resources, switched_off })
        })
        .collect()
}

async fn rules(connection: &mut Connection, scan: ScanId) -> sqlx::Result<Vec<RuleInfo>> {
    let rows = sqlx::query(
        "SELECT documents.body FROM scan_rules JOIN documents ON documents.id = info_id
         JOIN names ON names.id = rule_id WHERE scan_id = $1 ORDER BY names.name",
    )
    .bind(scan.0)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| serde_json::from_str(row.try_get(0)?).map_err(undecodable)).collect()
}
