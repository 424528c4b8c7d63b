//! Sessions of people at a browser.

use sqlx::Row as _;
use yagura_model::{Timestamp, User};

use super::{COLUMNS, moment, user};
use crate::database::Row;
use crate::error::DatabaseError;
use crate::store::Store;

/// The sha-256 of a session's or a token's secret.
pub type SecretDigest = [u8; 32];

/// Whose a session is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who signed in.
    pub user: User,
    /// When they did.
    pub began_at: Timestamp,
    /// Whether they did so with a password that somebody else gave, and have to change it first.
    pub has_given_password: bool,
}

/// Uses within so many milliseconds are not written down.
pub(super) const MINUTE: i64 = 60_000;

impl Store {
    /// Begins a session of somebody; `false` when there is nobody of this name who may sign in.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn begin_session(
        &self,
        digest: &SecretDigest,
        name: &str,
        at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut writer = self.inner.writer.lock().await;
        sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
            .bind(at.as_millisecond())
            .execute(&mut writer.connection)
            .await
            .map_err(failed)?;
        let done = sqlx::query(
            "INSERT INTO sessions (digest, user_id, created_at, used_at, expires_at)
             SELECT $1, id, $3, $3, $4 FROM users WHERE name = $2 AND disabled = 0",
        )
        .bind(&digest[..])
        .bind(name)
        .bind(at.as_millisecond())
        .bind(expires_at.as_millisecond())
        .execute(&mut writer.connection)
        .await
        .map_err(failed)?;
        Ok(done.rows_affected() == 1)
    }

    /// Whose session it is. Sessions that ended, or were not used since `idle_since`, are nobody's.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn session(
        &self,
        digest: &SecretDigest,
        at: Timestamp,
        idle_since: Timestamp,
    ) -> Result<Option<Session>, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let sql = format!(
            "SELECT {COLUMNS}, s.used_at, s.created_at, u.password_given FROM sessions s JOIN users u ON u.id = s.user_id
             WHERE s.digest = $1 AND s.expires_at > $2 AND s.used_at >= $3 AND u.disabled = 0"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(&digest[..])
            .bind(at.as_millisecond())
            .bind(idle_since.as_millisecond())
            .fetch_optional(&self.inner.readers)
            .await
            .map_err(failed)?;
        let Some(row) = row else { return Ok(None) };
        let used_at: i64 = row.try_get(8).map_err(failed)?;
        if at.as_millisecond() - used_at >= MINUTE {
            let mut writer = self.inner.writer.lock().await;
            sqlx::query("UPDATE sessions SET used_at = $2 WHERE digest = $1")
                .bind(&digest[..])
                .bind(at.as_millisecond())
                .execute(&mut writer.connection)
                .await
                .map_err(failed)?;
        }
        session(&row).map(Some).map_err(failed)
    }

    /// Ends a session.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn end_session(&self, digest: &SecretDigest) -> Result<(), DatabaseError> {
        let mut writer = self.inner.writer.lock().await;
        sqlx::query("DELETE FROM sessions WHERE digest = $1")
            .bind(&digest[..])
            .execute(&mut writer.connection)
            .await
            .map(|_| ())
            .map_err(|error| self.inner.failed(error))
    }
}

fn session(row: &Row) -> sqlx::Result<Session> {
    Ok(Session { user: user(row)?, began_at: moment(row.try_get(9)?)?, has_given_password: row.try_get(10)? })
}
