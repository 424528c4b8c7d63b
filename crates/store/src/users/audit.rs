//! The audit log: what somebody did or tried to do, written before it is done.

use sqlx::Row as _;
use yagura_model::{AuditEntry, Timestamp};

use super::moment;
use crate::database::Row;
use crate::error::DatabaseError;
use crate::store::Store;

/// What somebody is about to do.
#[derive(Debug, Clone, Copy)]
pub struct Deed<'a> {
    /// When.
    pub at: Timestamp,
    /// Who; empty where nobody signed in.
    pub who: &'a str,
    /// From where.
    pub address: &'a str,
    /// The route.
    pub action: &'a str,
    /// What exactly.
    pub what: &'a str,
}

/// Which entries a reader wants, the newest first.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Of this person.
    pub who: Option<String>,
    /// Older than the entry with this number.
    pub before: Option<i64>,
    /// So many at most.
    pub limit: u32,
}

fn entry(row: &Row) -> sqlx::Result<AuditEntry> {
    let status: Option<i64> = row.try_get(6)?;
    Ok(AuditEntry {
        id: row.try_get(0)?,
        at: moment(row.try_get(1)?)?,
        who: row.try_get(2)?,
        address: row.try_get(3)?,
        action: row.try_get(4)?,
        what: row.try_get(5)?,
        status: status.and_then(|it| u16::try_from(it).ok()),
    })
}

impl Store {
    /// Writes down what somebody is about to do; the entry's number.
    ///
    /// # Errors
    ///
    /// The database failed: then it must not be done.
    pub async fn begin_deed(&self, deed: &Deed<'_>) -> Result<i64, DatabaseError> {
        let mut writer = self.inner.writer.lock().await;
        sqlx::query_scalar(
            "INSERT INTO audit_log (at, who, address, action, what) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        )
        .bind(deed.at.as_millisecond())
        .bind(deed.who)
        .bind(deed.address)
        .bind(deed.action)
        .bind(deed.what)
        .fetch_one(&mut writer.connection)
        .await
        .map_err(|error| self.inner.failed(error))
    }

    /// Takes a deed out of the log again that was not even tried.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn forget_deed(&self, id: i64) -> Result<(), DatabaseError> {
        let mut writer = self.inner.writer.lock().await;
        sqlx::query("DELETE FROM audit_log WHERE id = $1")
            .bind(id)
            .execute(&mut writer.connection)
            .await
            .map_err(|error| self.inner.failed(error))?;
        Ok(())
    }

    /// Writes down how it was answered, and, where more is known by now, who did what.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn end_deed(
        &self,
        id: i64,
        status: u16,
        (who, what): (Option<&str>, Option<&str>),
    ) -> Result<(), DatabaseError> {
        let mut writer = self.inner.writer.lock().await;
        sqlx::query(
            "UPDATE audit_log SET status = $2, who = COALESCE($3, who), what = COALESCE($4, what) WHERE id = $1",
        )
        .bind(id)
        .bind(i64::from(status))
        .bind(who)
        .bind(what)
        .execute(&mut writer.connection)
        .await
        .map(|_| ())
        .map_err(|error| self.inner.failed(error))
    }

    /// The audit log, the newest entry first.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn audit_log(&self, filter: &AuditFilter) -> Result<Vec<AuditEntry>, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let rows = sqlx::query(
            "SELECT id, at, who, address, action, what, status FROM audit_log
             WHERE ($1 IS NULL OR who = $1) AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3",
        )
        .bind(&filter.who)
        .bind(filter.before)
        .bind(i64::from(filter.limit))
        .fetch_all(&self.inner.readers)
        .await
        .map_err(failed)?;
        rows.iter().map(entry).collect::<sqlx::Result<_>>().map_err(failed)
    }
}
