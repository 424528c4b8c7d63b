//! People who sign in through an identity provider. They are known by who it is and by its name for them, never by a name that it tells.

use std::collections::BTreeSet;

use thiserror::Error;
use yagura_model::{Role, Timestamp, User};

use super::{COLUMNS, TOKENS_OF, is_administered, sign_out, user};
use crate::codes::Code as _;
use crate::database::{self, Connection};
use crate::error::{DatabaseError, undecodable};
use crate::store::Store;

/// As whom an identity provider knows somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity<'a> {
    /// The provider.
    pub issuer: &'a str,
    /// Its own, lasting name for them.
    pub subject: &'a str,
}

/// What an identity provider lets somebody be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission<'a> {
    /// Names to call somebody new by; the first that is free is theirs for good.
    pub names: &'a [String],
    /// As what they sign in.
    pub role: Role,
    /// A project member's projects.
    pub projects: BTreeSet<String>,
}

/// Why somebody whom an identity provider knows does not come in.
#[derive(Debug, Error)]
pub enum AdmitError {
    /// An administrator disabled them.
    #[error("`{0}` may not sign in")]
    Disabled(String),
    /// Every name that they could have is somebody else's.
    #[error("the names {} are taken", .0.join(", "))]
    Taken(Vec<String>),
    /// They are the only administrator, and would not be one any more.
    #[error("`{0}` is the only administrator who may sign in: make somebody else one first")]
    LastAdministrator(String),
    /// There is nobody yet, and they are no administrator.
    #[error("the first who signs in has to be an administrator")]
    NotSetUp,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl Store {
    /// Lets somebody in whom an identity provider knows: changes what they are, or adds them.
    ///
    /// # Errors
    ///
    /// [`AdmitError`] when they may not come in.
    pub async fn admit(
        &self,
        identity: Identity<'_>,
        admission: &Admission<'_>,
        at: Timestamp,
    ) -> Result<User, AdmitError> {
        let failed = |error| self.inner.failed(error);
        let mut writer = self.inner.writer.lock().await;
        let mut transaction = database::begin_write(&mut writer.connection).await.map_err(failed)?;
        let is_first: bool = sqlx::query_scalar("SELECT NOT EXISTS (SELECT 1 FROM users)")
            .fetch_one(&mut *transaction)
            .await
            .map_err(failed)?;
        let provider = Some(identity.issuer);
        let was_administered = is_administered(&mut transaction, provider).await.map_err(failed)?;
        let known = find(&mut transaction, identity).await.map_err(failed)?;
        let admitted = match known {
            Some(user) if user.is_disabled => return Err(AdmitError::Disabled(user.name)),
            Some(user) => {
                update(&mut transaction, &user, admission).await.map_err(failed)?;
                User { role: admission.role, projects: admission.projects.clone(), ..user }
            }
            None => {
                let added = add(&mut transaction, identity, admission, at).await.map_err(failed)?;
                added.ok_or_else(|| AdmitError::Taken(admission.names.to_vec()))?
            }
        };
        // Where nobody administers any more, since the provider shut the last one out, others come in as before.
        if (is_first || was_administered)
            && !is_administered(&mut transaction, provider).await.map_err(failed)?
        {
            let error = AdmitError::LastAdministrator(admitted.name);
            return Err(if is_first { AdmitError::NotSetUp } else { error });
        }
        transaction.commit().await.map_err(failed)?;
        Ok(admitted)
    }

    /// Takes the sessions and tokens of somebody whom an identity provider knows, and lets in no longer; their name, where there is somebody. Until it lets
    /// them in again they administer nothing, whatever they were.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn shut_out(&self, identity: Identity<'_>) -> Result<Option<String>, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut writer = self.inner.writer.lock().await;
        let mut transaction = database::begin_write(&mut writer.connection).await.map_err(failed)?;
        let known = find(&mut transaction, identity).await.map_err(failed)?;
        let Some(user) = known else { return Ok(None) };
        sign_out(&mut transaction, &user.name).await.map_err(failed)?;
        for sql in [TOKENS_OF, "UPDATE users SET shut_out = 1 WHERE name = $1"] {
            sqlx::query(sql).bind(&user.name).execute(&mut *transaction).await.map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)?;
        Ok(Some(user.name))
    }
}

async fn find(connection: &mut Connection, identity: Identity<'_>) -> sqlx::Result<Option<User>> {
    let sql = format!("SELECT {COLUMNS} FROM users u WHERE u.issuer = $1 AND u.subject = $2");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(identity.issuer)
        .bind(identity.subject)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(user).transpose()
}

async fn update(connection: &mut Connection, known: &User, admission: &Admission<'_>) -> sqlx::Result<()> {
    sqlx::query("UPDATE users SET role = $2, projects = $3, shut_out = 0 WHERE name = $1")
        .bind(&known.name)
        .bind(admission.role.code())
        .bind(serde_json::to_string(&admission.projects).map_err(undecodable)?)
        .execute(connection)
        .await
        .map(|_| ())
}

/// Adds somebody under the first name that is free; `None` when none is.
async fn add(
    connection: &mut Connection,
    identity: Identity<'_>,
    admission: &Admission<'_>,
    at: Timestamp,
) -> sqlx::Result<Option<User>> {
    for name in admission.names {
        let done = sqlx::query(
            "INSERT INTO users (name, role, projects, totp_step, disabled, created_at, issuer, subject)
             VALUES ($1, $2, $3, 0, 0, $4, $5, $6) ON CONFLICT (name) DO NOTHING",
        )
        .bind(name)
        .bind(admission.role.code())
        .bind(serde_json::to_string(&admission.projects).map_err(undecodable)?)
        .bind(at.as_millisecond())
        .bind(identity.issuer)
        .bind(identity.subject)
        .execute(&mut *connection)
        .await?;
        if done.rows_affected() == 1 {
            return find(connection, identity).await;
        }
    }
    Ok(None)
}
