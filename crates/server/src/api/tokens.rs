//! Tokens of programs. Everybody has their own; administrators see and take away all.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yagura_model::{ApiToken, Permission};
use yagura_store::NewToken;

use crate::app::App;
use crate::problem::Problem;
use crate::query::{Body, Part};
use crate::route::AuditNote;
use crate::sign_in::{Caller, Secret, digest, new_secret, prove};

/// Tokens live at most so many days.
const LONGEST_DAYS: u32 = 366;

/// Tokens.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TokenList {
    /// The oldest first.
    tokens: Vec<ApiToken>,
}

/// A token that is to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct TokenRequest {
    /// What it is for.
    name: String,
    /// The most that it allows; never more than its owner may.
    permission: Permission,
    /// After so many days it ends, at most 366.
    days: u32,
    /// The owner's present password; people of an identity provider have none, and need to have signed in within the last ten minutes.
    #[serde(default)]
    password: Option<String>,
    /// The code of the owner's authenticator, for those who have one.
    #[serde(default)]
    code: Option<String>,
}

/// A new token.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MadeToken {
    /// Its number.
    id: i64,
    /// What programs send. It is not shown again.
    secret: String,
}

fn owner(caller: &Caller) -> Option<&str> {
    (caller.permission() < Permission::Administer).then_some(caller.user().name.as_str())
}

/// One's tokens; an administrator's are everybody's.
#[utoipa::path(get, path = "/api/tokens", tag = "users",
    responses((status = 200, body = TokenList), (status = 401, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<TokenList>, Problem> {
    Ok(Json(TokenList { tokens: app.store.tokens(owner(&caller)).await? }))
}

/// Makes a token. No token does: one that makes tokens never ends. Nor does a session alone, which may be stolen: the owner proves once more who they are.
#[utoipa::path(post, path = "/api/tokens", tag = "users", request_body = TokenRequest,
    responses((status = 201, body = MadeToken), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn make(
    State(app): State<Arc<App>>,
    caller: Caller,
    Extension(note): Extension<AuditNote>,
    Body(asked): Body<TokenRequest>,
) -> Result<(StatusCode, Json<MadeToken>), Problem> {
    note.what(format!("{} to {} for {} days", asked.name, asked.permission, asked.days));
    if !(1..=100).contains(&asked.name.chars().count()) || asked.name.chars().any(char::is_control) {
        return Err(Problem::bad_request("a token's name has 1 to 100 characters"));
    }
    if !(1..=LONGEST_DAYS).contains(&asked.days) {
        return Err(Problem::bad_request(format!("a token lives for 1 to {LONGEST_DAYS} days")));
    }
    if asked.permission > caller.permission() {
        return Err(Problem::forbidden("a token never may do more than its owner"));
    }
    prove(&app, &caller, asked.password, asked.code.as_deref()).await?;
    let Secret(secret) = new_secret("yagura_")?;
    let created_at = app.now();
    let expires_at = created_at + SignedDuration::from_hours(24 * i64::from(asked.days));
    let new = NewToken {
        digest: &digest(&secret),
        owner: &caller.user().name,
        name: &asked.name,
        permission: asked.permission,
        created_at,
        expires_at,
    };
    let id = app.store.add_token(&new).await?;
    Ok((StatusCode::CREATED, Json(MadeToken { id, secret })))
}

/// Takes a token away.
#[utoipa::path(delete, path = "/api/tokens/{id}", tag = "users", params(("id" = i64, Path)),
    responses((status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Part(id): Part<i64>,
) -> Result<StatusCode, Problem> {
    if app.store.remove_token(id, owner(&caller)).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::not_found("token"))
}
