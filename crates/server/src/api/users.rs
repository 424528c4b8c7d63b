//! Who may sign in, and as what.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yagura_model::{Lang, Role, User};
use yagura_store::UserError;

use crate::app::App;
use crate::problem::Problem;
use crate::query::{Body, Part};
use crate::route::AuditNote;
use crate::sign_in::{Caller, given};

/// Everybody who may sign in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UserList {
    /// By name.
    users: Vec<User>,
}

/// Somebody new.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct NewUser {
    /// How they sign in.
    name: String,
    /// As what.
    role: Role,
    /// A project member's projects.
    #[serde(default)]
    projects: BTreeSet<String>,
    /// The language they read.
    #[serde(default)]
    lang: Option<Lang>,
    /// A first password, which they have to change before anything else.
    password: String,
}

/// What is to change; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct UserChange {
    /// As what they sign in.
    #[serde(default)]
    role: Option<Role>,
    /// A project member's projects.
    #[serde(default)]
    projects: Option<BTreeSet<String>>,
    /// Whether they may not sign in any more.
    #[serde(default)]
    is_disabled: Option<bool>,
    /// A new password for somebody else, who has to change it before anything else; it signs them out, and takes their authenticator and their tokens away.
    #[serde(default)]
    password: Option<String>,
}

/// Whether somebody can be called so: names are letters, digits and a few signs, none of which looks like nothing.
pub(crate) fn is_name(name: &str) -> bool {
    let is_plain = |it: char| it.is_alphanumeric() || matches!(it, '.' | '-' | '_' | '@' | '+');
    (1..=100).contains(&name.chars().count()) && name.chars().all(is_plain)
}

/// Refuses names that would look like another's, or like nothing.
pub(crate) fn check_name(name: &str) -> Result<(), Problem> {
    if is_name(name) {
        return Ok(());
    }
    Err(Problem::bad_request("a name has 1 to 100 letters, digits and . - _ @ +"))
}

fn check_projects(app: &App, role: Role, projects: &BTreeSet<String>) -> Result<(), Problem> {
    let world = app.world();
    if let Some(unknown) = projects.iter().find(|it| !world.projects.iter().any(|known| known.name == **it)) {
        return Err(Problem::bad_request(format!("there is no project `{unknown}`")));
    }
    if (role == Role::ProjectMember) == projects.is_empty() {
        return Err(Problem::bad_request("a project member has projects, and nobody else does"));
    }
    Ok(())
}

/// Everybody who may sign in.
#[utoipa::path(get, path = "/api/users", tag = "users",
    responses((status = 200, body = UserList), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn list(State(app): State<Arc<App>>) -> Result<Json<UserList>, Problem> {
    Ok(Json(UserList { users: app.store.users().await? }))
}

/// Adds somebody.
#[utoipa::path(post, path = "/api/users", tag = "users", request_body = NewUser,
    responses((status = 201, body = User), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn add(
    State(app): State<Arc<App>>,
    Extension(note): Extension<AuditNote>,
    Body(asked): Body<NewUser>,
) -> Result<(StatusCode, Json<User>), Problem> {
    note.what(format!("{} as {}", asked.name, asked.role));
    check_name(&asked.name)?;
    check_projects(&app, asked.role, &asked.projects)?;
    let NewUser { name, role, projects, lang, password } = asked;
    let credentials = given(&app, password).await?;
    let user = User { projects, lang, ..User::new(name, role, app.now()) };
    app.store.add_user(&user, &credentials, false).await?;
    Ok((StatusCode::CREATED, Json(user)))
}

/// Changes what somebody is.
#[utoipa::path(patch, path = "/api/users/{name}", tag = "users", params(("name" = String, Path)), request_body = UserChange,
    responses((status = 200, body = User), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    Extension(note): Extension<AuditNote>,
    Part(name): Part<String>,
    Body(asked): Body<UserChange>,
) -> Result<Json<User>, Problem> {
    let UserChange { role, projects, is_disabled, password } = asked;
    let credentials = match password {
        Some(password) => Some(given(&app, password).await?),
        None => None,
    };
    let openid = app.openid();
    let provider = openid.as_ref().map(|it| it.settings().issuer.as_str());
    let changed = app.store.change_user(&name, provider, credentials.as_ref(), |user| {
        let role = role.unwrap_or(user.role);
        let projects = match projects {
            Some(projects) => projects,
            None if role == Role::ProjectMember => user.projects.clone(),
            None => BTreeSet::new(),
        };
        check_projects(&app, role, &projects)?;
        // Whoever has an administrator's session does not get hold of their password with it.
        if credentials.is_some() && user.name == caller.user().name {
            return Err(Problem::forbidden("one's own password is changed at POST /api/session/password"));
        }
        if user.is_external && (role != user.role || projects != user.projects) {
            return Err(UserError::External(user.name).into());
        }
        let is_disabled = is_disabled.unwrap_or(user.is_disabled);
        let state = if is_disabled { "disabled" } else { "enabled" };
        let how = if credentials.is_some() { ", with a new password" } else { "" };
        note.what(format!("{} as {role}, {state}{how}", user.name));
        Ok::<_, Problem>(User { role, projects, is_disabled, ..user })
    });
    Ok(Json(changed.await?))
}

/// Takes somebody away, with their sessions and tokens.
#[utoipa::path(delete, path = "/api/users/{name}", tag = "users", params(("name" = String, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn remove(
    State(app): State<Arc<App>>,
    Part(name): Part<String>,
) -> Result<StatusCode, Problem> {
    let openid = app.openid();
    app.store.remove_user(&name, openid.as_ref().map(|it| it.settings().issuer.as_str())).await?;
    Ok(StatusCode::NO_CONTENT)
}
