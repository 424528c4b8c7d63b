//! Who sends a request: a person with a session's cookie, or a program with a token.

mod cookie;
mod limit;
mod password;
mod proof;
mod register;
mod secret;
mod setup;
mod totp;

use std::collections::BTreeSet;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use yagura_model::{AccountId, Permission, Role, Timestamp, User};
use yagura_store::{SecretDigest, Session};

use crate::app::App;
use crate::problem::Problem;

pub(crate) use cookie::CookieName;
pub(crate) use limit::{Attempt, Limiter, Wait, place};
pub(crate) use password::{given, hash, verify};
pub(crate) use proof::{confirmed, prove};
pub(crate) use register::Register;
pub(crate) use secret::{Secret, digest, hex, is_same, new_secret, random};
pub(crate) use setup::Setup;
pub(crate) use totp::{Authenticator, step_of};

/// The session's cookie.
pub(crate) const COOKIE: CookieName = CookieName("__Host-yagura_session");

/// From where a request came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Address(pub(crate) String);

/// Who sends a request, and what they may.
#[derive(Debug, Clone)]
pub struct Caller {
    user: User,
    permission: Permission,
    /// The accounts that they see; `None` for all.
    accounts: Option<BTreeSet<AccountId>>,
    /// What the secret of their session or token is known by.
    digest: SecretDigest,
    by: By,
}

/// What says who somebody is.
#[derive(Debug, Clone)]
enum By {
    /// The cookie of a session.
    Session {
        /// When they signed in.
        began_at: Timestamp,
        /// What a browser has to send along.
        csrf: String,
        /// Whether somebody else gave the password.
        has_given_password: bool,
    },
    /// A program's token.
    Token,
}

impl Caller {
    fn new(app: &App, user: User, permission: Permission, digest: SecretDigest, by: By) -> Self {
        let is_member = user.role == Role::ProjectMember;
        let accounts = is_member.then(|| app.world().accounts_of(&user.projects));
        Self { permission: permission.min(user.role.permission()), user, accounts, digest, by }
    }

    /// Who it is.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.user
    }

    /// The most that they may do.
    #[must_use]
    pub fn permission(&self) -> Permission {
        self.permission
    }

    /// Whether they see their projects and nothing else.
    #[must_use]
    pub fn is_member(&self) -> bool {
        self.accounts.is_some()
    }

    /// The accounts that they see; `None` for all.
    pub(crate) fn accounts(&self) -> Option<&BTreeSet<AccountId>> {
        self.accounts.as_ref()
    }

    /// Whether they see this account.
    #[must_use]
    pub fn sees(&self, account: &AccountId) -> bool {
        self.accounts.as_ref().is_none_or(|it| it.contains(account))
    }

    /// Whether they are told of this project. An account may be in several: members learn of their own.
    pub(crate) fn is_told_of(&self, project: &str) -> bool {
        !self.is_member() || self.user.projects.contains(project)
    }

    /// What of these accounts they see; with none named, all that they see. `None`: there is nothing that they may see, which is not the same as an
    /// empty set, which means everything.
    pub(crate) fn narrow(&self, named: BTreeSet<AccountId>) -> Option<BTreeSet<AccountId>> {
        let Some(accounts) = &self.accounts else { return Some(named) };
        let narrowed: BTreeSet<AccountId> =
            if named.is_empty() { accounts.clone() } else { named.intersection(accounts).cloned().collect() };
        (!narrowed.is_empty()).then_some(narrowed)
    }

    /// What a browser has to send along; `None` for programs.
    pub(crate) fn csrf(&self) -> Option<&str> {
        match &self.by {
            By::Session { csrf, .. } => Some(csrf),
            By::Token => None,
        }
    }

    /// Whether they have to change their password before anything else: somebody else gave it, and knows it.
    pub(crate) fn has_given_password(&self) -> bool {
        matches!(self.by, By::Session { has_given_password: true, .. })
    }

    /// When they signed in; `None` for programs.
    fn began_at(&self) -> Option<Timestamp> {
        match self.by {
            By::Session { began_at, .. } => Some(began_at),
            By::Token => None,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Option<Self>>().cloned().flatten();
        caller.ok_or_else(|| Problem::unauthorized("sign in, or send a token"))
    }
}

/// Who sends a request with these headers; `None` when nobody says so. A token or a session that is not true any more is an error: who sends one
/// wants to know.
pub(crate) async fn caller(app: &App, headers: &HeaderMap) -> Result<Option<Caller>, Problem> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let token = value.to_str().ok().and_then(|it| it.strip_prefix("Bearer "));
        let secret = token.ok_or_else(|| Problem::unauthorized("only `Bearer TOKEN` is understood"))?;
        let digest = digest(secret.trim());
        let found = app.store.token(&digest, app.now()).await?;
        let (token, owner) =
            found.ok_or_else(|| Problem::unauthorized("the token is unknown or has ended"))?;
        return Ok(Some(Caller::new(app, owner, token.permission, digest, By::Token)));
    }
    let Some(secret) = cookie(headers, app.settings.is_secure) else { return Ok(None) };
    let now = app.now();
    let digest = digest(secret);
    let session = app.store.session(&digest, now, now - app.settings.idle).await?;
    Ok(session.map(|Session { user, began_at, has_given_password }| {
        let by = By::Session { began_at, csrf: csrf_of(secret), has_given_password };
        Caller::new(app, user, Permission::Administer, digest, by)
    }))
}

/// The session's secret out of the cookies.
pub(crate) fn cookie(headers: &HeaderMap, is_secure: bool) -> Option<&str> {
    COOKIE.value(headers, is_secure)
}

/// What the page has to send along: it tells nothing about the session's secret.
pub(crate) fn csrf_of(secret: &str) -> String {
    secret::hex(&digest(&format!("csrf {secret}")))
}
