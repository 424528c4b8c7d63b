//! Who may use the console and its API, and what they did: users, their sessions and tokens, and the audit log.
//!
//! # Invariants
//!
//! - **No secret can be read back.** Passwords are kept as the caller hashed them, sessions and tokens by their sha-256. The secret of an authenticator
//!   is the exception: codes are made from it.
//! - **Somebody always administers.** The last administrator who may sign in cannot be taken that away. Who comes through an identity provider is one as long
//!   as it is the server's, and it did not say otherwise when they came last.

mod audit;
mod external;
mod places;
mod sessions;
mod standing;
mod tokens;
mod views;

use sqlx::Row as _;
use thiserror::Error;
use yagura_model::{Lang, Role, Timestamp, User};

use crate::codes::Code as _;
use crate::database::{self, Connection, Row};
use crate::error::{DatabaseError, Place, undecodable};
use crate::lock::Held;
use crate::store::Store;

pub use audit::{AuditFilter, Deed};
pub use external::{Admission, AdmitError, Identity};
pub use sessions::{SecretDigest, Session};
pub use standing::Standing;
pub use tokens::NewToken;
pub use views::ViewSaved;

/// Why users were not changed. Nothing is changed then.
#[derive(Debug, Error)]
pub enum UserError {
    /// Somebody else says who they are.
    #[error(
        "`{0}` signs in through the identity provider, which knows their password and says what they are"
    )]
    External(String),
    /// The name is taken.
    #[error("there is a user `{0}` already")]
    Taken(String),
    /// There is nobody of this name.
    #[error("there is no user `{0}`")]
    Unknown(String),
    /// Nobody could administer any more.
    #[error("`{0}` is the only administrator who may sign in: make somebody else one first")]
    LastAdministrator(String),
    /// The first administrator is there already.
    #[error("there are users already: an administrator adds others")]
    SetUp,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// What somebody proves who they are with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    /// The hash of the password, in the PHC string format; `None` where there is no password.
    pub password: Option<String>,
    /// Whether somebody else gave the password, and knows it: then it is to be changed before anything else.
    pub is_given: bool,
    /// The authenticator's secret, in base 32.
    pub totp: Option<String>,
}

/// The columns of [`user`].
const COLUMNS: &str = "u.name, u.role, u.projects, u.lang, u.totp IS NOT NULL, u.disabled, u.created_at,
                       u.issuer IS NOT NULL";

fn user(row: &Row) -> sqlx::Result<User> {
    let lang: Option<&str> = row.try_get(3)?;
    Ok(User {
        name: row.try_get(0)?,
        role: Role::decode(row.try_get(1)?)?,
        projects: serde_json::from_str(row.try_get(2)?).map_err(undecodable)?,
        lang: lang.and_then(|it| Lang::ALL.into_iter().find(|lang| lang.as_str() == it)),
        has_totp: row.try_get(4)?,
        is_disabled: row.try_get(5)?,
        created_at: moment(row.try_get(6)?)?,
        is_external: row.try_get(7)?,
    })
}

pub(crate) fn moment(millis: i64) -> sqlx::Result<Timestamp> {
    Timestamp::from_millisecond(millis).map_err(undecodable)
}

/// Why a server cannot begin.
#[derive(Debug, Error)]
pub enum BeginServingError {
    /// Another process serves the same file.
    #[error("another `yagura serve` has `{place}` open: stop that one first, or name another file")]
    Running {
        /// Which store.
        place: Place,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// The right to serve a store; one process has it at a time, because sign-ins are counted and secrets kept in its memory.
#[derive(Debug)]
pub struct ServingRight {
    #[expect(dead_code, reason = "the right lasts as long as it is held")]
    held: Held,
}

impl Store {
    /// Begins to serve.
    ///
    /// # Errors
    ///
    /// Another process does so, or the lock cannot be made.
    pub fn begin_serving(&self) -> Result<ServingRight, BeginServingError> {
        let place = || self.inner.place.clone();
        let failed = |error: std::io::Error| DatabaseError::new(&place(), sqlx::Error::Io(error));
        let held = self.inner.server_lock.take().map_err(failed)?;
        held.map(|held| ServingRight { held }).ok_or_else(|| BeginServingError::Running { place: place() })
    }

    /// Whether anybody may sign in at all: before, the first administrator sets the console up.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn has_users(&self) -> Result<bool, DatabaseError> {
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users)")
            .fetch_one(&self.inner.readers)
            .await
            .map_err(|error| self.inner.failed(error))
    }

    /// Everybody, by name.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn users(&self) -> Result<Vec<User>, DatabaseError> {
        let sql = format!("SELECT {COLUMNS} FROM users u ORDER BY u.name");
        let failed = |error| self.inner.failed(error);
        let rows =
            sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&self.inner.readers).await.map_err(failed)?;
        rows.iter().map(user).collect::<sqlx::Result<_>>().map_err(failed)
    }

    /// Somebody, and what they prove themselves with.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn user(&self, name: &str) -> Result<Option<(User, Credentials)>, DatabaseError> {
        let sql =
            format!("SELECT {COLUMNS}, u.password, u.totp, u.password_given FROM users u WHERE u.name = $1");
        let failed = |error| self.inner.failed(error);
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(name)
            .fetch_optional(&self.inner.readers)
            .await
            .map_err(failed)?;
        let read = |row: Row| {
            let credentials =
                Credentials { password: row.try_get(8)?, totp: row.try_get(9)?, is_given: row.try_get(10)? };
            Ok((user(&row)?, credentials))
        };
        row.map(read).transpose().map_err(failed)
    }

    /// Adds somebody. With `is_first`, only where nobody is there yet.
    ///
    /// # Errors
    ///
    /// [`UserError`] when the name is taken, or somebody else was first.
    pub async fn add_user(
        &self,
        user: &User,
        credentials: &Credentials,
        is_first: bool,
    ) -> Result<(), UserError> {
        let failed = |error| self.inner.failed(error);
        let mut writer = self.inner.writer.lock().await;
        let mut transaction = database::begin_write(&mut writer.connection).await.map_err(failed)?;
        let is_set_up: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users)")
            .fetch_one(&mut *transaction)
            .await
            .map_err(failed)?;
        if is_first && is_set_up {
            return Err(UserError::SetUp);
        }
        let done = sqlx::query(
            "INSERT INTO users (name, role, projects, lang, password, totp, totp_step, disabled, created_at, password_given)
             VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9) ON CONFLICT DO NOTHING",
        )
        .bind(&user.name)
        .bind(user.role.code())
        .bind(serde_json::to_string(&user.projects).map_err(undecodable).map_err(failed)?)
        .bind(user.lang.map(Lang::as_str))
        .bind(&credentials.password)
        .bind(&credentials.totp)
        .bind(user.is_disabled)
        .bind(user.created_at.as_millisecond())
        .bind(credentials.is_given)
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        if done.rows_affected() == 0 {
            return Err(UserError::Taken(user.name.clone()));
        }
        transaction.commit().await.map_err(failed)?;
        Ok(())
    }

    /// Changes what somebody is: role, projects, language, and whether they may sign in; `change` is told what they are, and nobody else changes it meanwhile.
    /// Who may not sign in is signed out everywhere. With new credentials they are too, and lose their tokens: somebody else may have made them. `provider` is
    /// whom people sign in through now, besides passwords.
    ///
    /// # Errors
    ///
    /// What `change` says; [`UserError`] when there is nobody of this name, nobody would administer any more, or an identity provider says who they are.
    pub async fn change_user<E: From<UserError>>(
        &self,
        name: &str,
        provider: Option<&str>,
        credentials: Option<&Credentials>,
        change: impl FnOnce(User) -> Result<User, E>,
    ) -> Result<User, E> {
        let failed = |error| UserError::from(self.inner.failed(error));
        let mut writer = self.inner.writer.lock().await;
        let mut transaction = database::begin_write(&mut writer.connection).await.map_err(failed)?;
        let sql = format!("SELECT {COLUMNS} FROM users u WHERE u.name = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(name)
            .fetch_optional(&mut *transaction)
            .await
            .map_err(failed)?;
        let row = row.ok_or_else(|| UserError::Unknown(name.to_owned()))?;
        let mut changed = change(user(&row).map_err(failed)?)?;
        let was_administered = is_administered(&mut transaction, provider).await.map_err(failed)?;
        write_user(&mut transaction, name, &changed).await.map_err(failed)?;
        if was_administered && !is_administered(&mut transaction, provider).await.map_err(failed)? {
            return Err(UserError::LastAdministrator(name.to_owned()).into());
        }
        if changed.is_disabled {
            sign_out(&mut transaction, name).await.map_err(failed)?;
        }
        if let Some(credentials) = credentials {
            if changed.is_external {
                return Err(UserError::External(name.to_owned()).into());
            }
            prove_with(&mut transaction, name, credentials).await.map_err(failed)?;
            sqlx::query(TOKENS_OF).bind(name).execute(&mut *transaction).await.map_err(failed)?;
            changed.has_totp = credentials.totp.is_some();
        }
        transaction.commit().await.map_err(failed)?;
        Ok(changed)
    }

    /// Takes somebody away, with their sessions and tokens. Histories keep the name. `provider` is whom people sign in through now, besides passwords.
    ///
    /// # Errors
    ///
    /// [`UserError`] when there is nobody of this name, or nobody would administer any more.
    pub async fn remove_user(&self, name: &str, provider: Option<&str>) -> Result<(), UserError> {
        let failed = |error| self.inner.failed(error);
        let mut writer = self.inner.writer.lock().await;
        let mut transaction = database::begin_write(&mut writer.connection).await.map_err(failed)?;
        let was_administered = is_administered(&mut transaction, provider).await.map_err(failed)?;
        sign_out(&mut transaction, name).await.map_err(failed)?;
        for sql in [
            TOKENS_OF,
            "DELETE FROM sign_in_places WHERE user_id = (SELECT id FROM users WHERE name = $1)",
            "DELETE FROM saved_views WHERE user_id = (SELECT id FROM users WHERE name = $1)",
            "DELETE FROM users WHERE name = $1",
        ] {
            let done = sqlx::query(sql).bind(name).execute(&mut *transaction).await.map_err(failed)?;
            if sql.starts_with("DELETE FROM users") && done.rows_affected() == 0 {
                return Err(UserError::Unknown(name.to_owned()));
            }
        }
        if was_administered && !is_administered(&mut transaction, provider).await.map_err(failed)? {
            return Err(UserError::LastAdministrator(name.to_owned()));
        }
        transaction.commit().await.map_err(failed)?;
        Ok(())
    }

    /// Changes what somebody proves themselves with, and signs them out everywhere.
    ///
    /// # Errors
    ///
    /// [`UserError`] when there is nobody of this name, or an identity provider says who they are.
    pub async fn set_credentials(&self, name: &str, credentials: &Credentials) -> Result<(), UserError> {
        let failed = |error| self.inner.failed(error);
        let mut writer = self.inner.writer.lock().await;
        let mut transaction = database::begin_write(&mut writer.connection).await.map_err(failed)?;
        let is_external: Option<bool> =
            sqlx::query_scalar("SELECT issuer IS NOT NULL FROM users WHERE name = $1")
                .bind(name)
                .fetch_optional(&mut *transaction)
                .await
                .map_err(failed)?;
        if is_external == Some(true) {
            return Err(UserError::External(name.to_owned()));
        }
        if is_external.is_none() {
            return Err(UserError::Unknown(name.to_owned()));
        }
        prove_with(&mut transaction, name, credentials).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        Ok(())
    }

    /// Uses up the code of a time step; `false` when it, or a later one, was used before.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn use_totp_step(&self, name: &str, step: i64) -> Result<bool, DatabaseError> {
        let mut writer = self.inner.writer.lock().await;
        let done = sqlx::query("UPDATE users SET totp_step = $2 WHERE name = $1 AND totp_step < $2")
            .bind(name)
            .bind(step)
            .execute(&mut writer.connection)
            .await
            .map_err(|error| self.inner.failed(error))?;
        Ok(done.rows_affected() == 1)
    }
}

/// Takes somebody's tokens away.
const TOKENS_OF: &str = "DELETE FROM api_tokens WHERE user_id = (SELECT id FROM users WHERE name = $1)";

async fn write_user(connection: &mut Connection, name: &str, user: &User) -> sqlx::Result<()> {
    sqlx::query("UPDATE users SET role = $2, projects = $3, lang = $4, disabled = $5 WHERE name = $1")
        .bind(name)
        .bind(user.role.code())
        .bind(serde_json::to_string(&user.projects).map_err(undecodable)?)
        .bind(user.lang.map(Lang::as_str))
        .bind(user.is_disabled)
        .execute(connection)
        .await
        .map(|_| ())
}

/// Changes what somebody proves themselves with, and signs them out everywhere.
async fn prove_with(connection: &mut Connection, name: &str, credentials: &Credentials) -> sqlx::Result<()> {
    sqlx::query("UPDATE users SET password = $2, totp = $3, password_given = $4 WHERE name = $1")
        .bind(name)
        .bind(&credentials.password)
        .bind(&credentials.totp)
        .bind(credentials.is_given)
        .execute(&mut *connection)
        .await?;
    sign_out(connection, name).await
}

/// Whether somebody may administer who can sign in: with a password, or through this provider, which let them in when they came last.
async fn is_administered(connection: &mut Connection, provider: Option<&str>) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM users WHERE role = $1 AND disabled = 0
            AND (issuer IS NULL AND password IS NOT NULL OR issuer = $2 AND shut_out = 0))",
    )
    .bind(Role::Administrator.code())
    .bind(provider)
    .fetch_one(connection)
    .await
}

async fn sign_out(connection: &mut Connection, name: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sessions WHERE user_id = (SELECT id FROM users WHERE name = $1)")
        .bind(name)
        .execute(connection)
        .await
        .map(|_| ())
}
