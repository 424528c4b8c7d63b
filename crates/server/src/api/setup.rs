//! The first start: somebody becomes the first administrator.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yagura_model::{Role, User};
use yagura_store::Credentials;

use super::users::check_name;
use crate::app::App;
use crate::problem::Problem;
use crate::query::Body;
use crate::route::AuditNote;
use crate::sign_in::{Address, Attempt, hash, place};

/// Whether somebody has to set the console up.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SetupState {
    /// Nobody can sign in yet.
    is_needed: bool,
}

/// The first administrator.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct SetupRequest {
    /// The secret out of the link that the server printed.
    secret: String,
    /// How the administrator will sign in.
    name: String,
    /// With which password.
    password: String,
}

/// Whether nobody can sign in yet.
#[utoipa::path(get, path = "/api/setup", tag = "sign-in", responses((status = 200, body = SetupState)))]
pub(super) async fn needed(State(app): State<Arc<App>>) -> Result<Json<SetupState>, Problem> {
    Ok(Json(SetupState { is_needed: !app.store.has_users().await? }))
}

/// Makes the first administrator, with the secret that the server printed when it started.
#[utoipa::path(post, path = "/api/setup", tag = "sign-in", request_body = SetupRequest,
    responses((status = 201, body = User), (status = 400, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem),
        (status = 413, body = Problem), (status = 415, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn set_up(
    State(app): State<Arc<App>>,
    Extension(note): Extension<AuditNote>,
    Extension(Address(address)): Extension<Address>,
    Body(asked): Body<SetupRequest>,
) -> Result<(StatusCode, Json<User>), Problem> {
    let attempt = Attempt::new("the first administrator's secret", &place(&address));
    // Nobody guesses the secret; others' tries must not keep its owner out.
    let begun = app.limiter.begin(&attempt, true, app.now());
    begun.map_err(|wait| Problem::too_many(wait.seconds()))?;
    if !app.setup.is_known(&asked.secret) {
        return Err(Problem::forbidden("the link is old or was used: restart the server to get a new one"));
    }
    app.limiter.succeeded(&attempt);
    check_name(&asked.name)?;
    let password = hash(&app, asked.password).await?;
    let user = User::new(asked.name, Role::Administrator, app.now());
    let credentials = Credentials { password: Some(password), ..Credentials::default() };
    app.store.add_user(&user, &credentials, true).await?;
    app.setup.end();
    note.who(&user.name);
    Ok((StatusCode::CREATED, Json(user)))
}
