//! Everybody who is in, looked at at once: whoever answers many for long asks this and not for each.

use std::collections::HashMap;

use sqlx::Row as _;
use yagura_model::{Permission, Timestamp, User};

use super::sessions::SecretDigest;
use super::{COLUMNS, user};
use crate::codes::Code as _;
use crate::database::Row;
use crate::error::{DatabaseError, undecodable};
use crate::store::Store;

/// Somebody who is in, by a session or a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Who.
    pub user: User,
    /// The most that the token allows; `None` for a session.
    pub permission: Option<Permission>,
}

impl Store {
    /// Everybody who is in, by what their secret is known by. That it was looked is no use of a session or a token, and not written down as one.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn who_is_in(
        &self,
        at: Timestamp,
        idle_since: Timestamp,
    ) -> Result<HashMap<SecretDigest, Standing>, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let sql = format!(
            "SELECT {COLUMNS}, s.digest, NULL FROM sessions s JOIN users u ON u.id = s.user_id
             WHERE s.expires_at > $1 AND s.used_at >= $2 AND u.disabled = 0
             UNION ALL
             SELECT {COLUMNS}, t.digest, t.permission FROM api_tokens t JOIN users u ON u.id = t.user_id
             WHERE t.expires_at > $1 AND u.disabled = 0"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(at.as_millisecond())
            .bind(idle_since.as_millisecond())
            .fetch_all(&self.inner.readers)
            .await
            .map_err(failed)?;
        rows.iter().map(standing).collect::<sqlx::Result<_>>().map_err(failed)
    }
}

fn standing(row: &Row) -> sqlx::Result<(SecretDigest, Standing)> {
    let digest: &[u8] = row.try_get(8)?;
    let permission: Option<i64> = row.try_get(9)?;
    let permission = permission.map(Permission::decode).transpose()?;
    Ok((digest.try_into().map_err(undecodable)?, Standing { user: user(row)?, permission }))
}
