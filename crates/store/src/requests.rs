//! Suppressions that somebody asked for, and nobody has agreed to yet: they hide nothing.

use sqlx::Row as _;
use yagura_model::Timestamp;

use crate::database;
use crate::error::DatabaseError;
use crate::store::Store;
use crate::users::moment;

/// A suppression that waits for somebody to agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuppressionRequest {
    /// The suppression's name.
    pub name: String,
    /// Its text, as [`Store::keep_suppression`] takes it, without an approver.
    pub body: String,
    /// Who asked for it.
    pub requester: String,
    /// When.
    pub requested_at: Timestamp,
}

/// What came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requested {
    /// It waits for somebody to agree.
    Waits,
    /// A suppression or a request has the name already.
    Taken,
    /// As many of the same person wait as may.
    TooMany,
}

impl Store {
    /// The suppressions that wait for somebody to agree, by name.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn suppression_requests(&self) -> Result<Vec<SuppressionRequest>, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let sql = "SELECT name, body, requester, requested_at FROM suppression_requests ORDER BY name";
        let rows = sqlx::query(sql).fetch_all(&self.inner.readers).await.map_err(failed)?;
        let read = |row: &database::Row| -> sqlx::Result<SuppressionRequest> {
            Ok(SuppressionRequest {
                name: row.try_get(0)?,
                body: row.try_get(1)?,
                requester: row.try_get(2)?,
                requested_at: moment(row.try_get(3)?)?,
            })
        };
        rows.iter().map(read).collect::<sqlx::Result<_>>().map_err(failed)
    }

    /// Keeps what somebody asks for, of whom at most so many wait. Unless it [waits](Requested::Waits), nothing is changed.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn request_suppression(
        &self,
        request: &SuppressionRequest,
        most: u32,
    ) -> Result<Requested, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut writer = self.inner.writer.lock().await;
        let mut transaction = database::begin_write(&mut writer.connection).await.map_err(failed)?;
        let waiting: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM suppression_requests WHERE requester = $1")
                .bind(&request.requester)
                .fetch_one(&mut *transaction)
                .await
                .map_err(failed)?;
        if waiting >= i64::from(most) {
            return Ok(Requested::TooMany);
        }
        let done = sqlx::query(
            "INSERT INTO suppression_requests (name, body, requester, requested_at)
             SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT 1 FROM suppressions WHERE name = $1)
             ON CONFLICT (name) DO NOTHING",
        )
        .bind(&request.name)
        .bind(&request.body)
        .bind(&request.requester)
        .bind(request.requested_at.as_millisecond())
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        if done.rows_affected() == 0 {
            return Ok(Requested::Taken);
        }
        transaction.commit().await.map_err(failed)?;
        Ok(Requested::Waits)
    }

    /// Makes a request a suppression with this text; `false` when it is no longer as it was read, and nothing is changed.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn approve_suppression(
        &self,
        request: &SuppressionRequest,
        body: &str,
    ) -> Result<bool, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut writer = self.inner.writer.lock().await;
        let mut transaction = database::begin_write(&mut writer.connection).await.map_err(failed)?;
        let taken = sqlx::query("DELETE FROM suppression_requests WHERE name = $1 AND body = $2")
            .bind(&request.name)
            .bind(&request.body)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        if taken.rows_affected() == 0 {
            return Ok(false);
        }
        let kept = sqlx::query(
            "INSERT INTO suppressions (name, body) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
        )
        .bind(&request.name)
        .bind(body)
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        if kept.rows_affected() == 0 {
            // Somebody made one of that name by command meanwhile.
            return Ok(false);
        }
        transaction.commit().await.map_err(failed)?;
        Ok(true)
    }

    /// Takes a request away; whether there was one.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn drop_suppression_request(&self, name: &str) -> Result<bool, DatabaseError> {
        let mut writer = self.inner.writer.lock().await;
        sqlx::query("DELETE FROM suppression_requests WHERE name = $1")
            .bind(name)
            .execute(&mut writer.connection)
            .await
            .map(|done| done.rows_affected() > 0)
            .map_err(|error| self.inner.failed(error))
    }
}
