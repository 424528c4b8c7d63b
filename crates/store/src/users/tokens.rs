//! Tokens of programs.

use sqlx::Row as _;
use yagura_model::{ApiToken, Permission, Timestamp, User};

use super::sessions::{MINUTE, SecretDigest};
use super::{COLUMNS, UserError, moment, user};
use crate::codes::Code as _;
use crate::database::Row;
use crate::error::DatabaseError;
use crate::store::Store;

/// A token that is to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewToken<'a> {
    /// The digest of its secret.
    pub digest: &'a SecretDigest,
    /// Whose it is.
    pub owner: &'a str,
    /// What it is for.
    pub name: &'a str,
    /// The most that it allows.
    pub permission: Permission,
    /// When it is made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

const TOKEN: &str = "t.id, u.name, t.name, t.permission, t.created_at, t.expires_at, t.used_at";

fn token(row: &Row, from: usize) -> sqlx::Result<ApiToken> {
    let used_at: Option<i64> = row.try_get(from + 6)?;
    Ok(ApiToken {
        id: row.try_get(from)?,
        owner: row.try_get(from + 1)?,
        name: row.try_get(from + 2)?,
        permission: Permission::decode(row.try_get(from + 3)?)?,
        created_at: moment(row.try_get(from + 4)?)?,
        expires_at: moment(row.try_get(from + 5)?)?,
        used_at: used_at.map(moment).transpose()?,
    })
}

impl Store {
    /// Makes a token; its number.
    ///
    /// # Errors
    ///
    /// [`UserError::Unknown`] when there is nobody of the owner's name.
    pub async fn add_token(&self, new: &NewToken<'_>) -> Result<i64, UserError> {
        let mut writer = self.inner.writer.lock().await;
        let id: Option<i64> = sqlx::query_scalar(
            "INSERT INTO api_tokens (digest, user_id, name, permission, created_at, expires_at)
             SELECT $1, id, $3, $4, $5, $6 FROM users WHERE name = $2 RETURNING id",
        )
        .bind(&new.digest[..])
        .bind(new.owner)
        .bind(new.name)
        .bind(new.permission.code())
        .bind(new.created_at.as_millisecond())
        .bind(new.expires_at.as_millisecond())
        .fetch_optional(&mut writer.connection)
        .await
        .map_err(|error| self.inner.failed(error))?;
        id.ok_or_else(|| UserError::Unknown(new.owner.to_owned()))
    }

    /// The tokens of somebody, or of everybody; those that ended too.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn tokens(&self, owner: Option<&str>) -> Result<Vec<ApiToken>, DatabaseError> {
        let sql = format!(
            "SELECT {TOKEN} FROM api_tokens t JOIN users u ON u.id = t.user_id
             WHERE $1 IS NULL OR u.name = $1 ORDER BY t.id"
        );
        let failed = |error| self.inner.failed(error);
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(owner)
            .fetch_all(&self.inner.readers)
            .await
            .map_err(failed)?;
        rows.iter().map(|row| token(row, 0)).collect::<sqlx::Result<_>>().map_err(failed)
    }

    /// The token with this secret, and its owner, unless it ended or its owner may not sign in.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn token(
        &self,
        digest: &SecretDigest,
        at: Timestamp,
    ) -> Result<Option<(ApiToken, User)>, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let sql = format!(
            "SELECT {COLUMNS}, {TOKEN} FROM api_tokens t JOIN users u ON u.id = t.user_id
             WHERE t.digest = $1 AND t.expires_at > $2 AND u.disabled = 0"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(&digest[..])
            .bind(at.as_millisecond())
            .fetch_optional(&self.inner.readers)
            .await
            .map_err(failed)?;
        let Some(row) = row else { return Ok(None) };
        let token = token(&row, 8).map_err(failed)?;
        let used_at = token.used_at.map_or(0, Timestamp::as_millisecond);
        if at.as_millisecond() - used_at >= MINUTE {
            let mut writer = self.inner.writer.lock().await;
            sqlx::query("UPDATE api_tokens SET used_at = $2 WHERE id = $1")
                .bind(token.id)
                .bind(at.as_millisecond())
                .execute(&mut writer.connection)
                .await
                .map_err(failed)?;
        }
        Ok(Some((token, user(&row).map_err(failed)?)))
    }

    /// Takes a token away; `false` when there is none of this number, or, with `owner`, it is somebody else's.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn remove_token(&self, id: i64, owner: Option<&str>) -> Result<bool, DatabaseError> {
        let mut writer = self.inner.writer.lock().await;
        let done = sqlx::query(
            "DELETE FROM api_tokens
             WHERE id = $1 AND ($2 IS NULL OR user_id = (SELECT id FROM users WHERE name = $2))",
        )
        .bind(id)
        .bind(owner)
        .execute(&mut writer.connection)
        .await
        .map_err(|error| self.inner.failed(error))?;
        Ok(done.rows_affected() == 1)
    }
}
