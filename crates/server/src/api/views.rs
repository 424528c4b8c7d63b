//! What people saved to come back to.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yagura_model::{Permission, SavedView};
use yagura_store::ViewSaved;

use crate::app::App;
use crate::problem::Problem;
use crate::query::{Body, Part};
use crate::route::AuditNote;
use crate::sign_in::Caller;

/// Views.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ViewList {
    /// By name.
    views: Vec<SavedView>,
}

/// The caller's views, and those that others share.
#[utoipa::path(get, path = "/api/views", tag = "views",
    responses((status = 200, body = ViewList), (status = 401, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<ViewList>, Problem> {
    let mut views = app.store.views(&caller.user().name).await?;
    // What others narrow a list by names accounts and projects.
    views.retain(|it| !caller.is_member() || it.owner == caller.user().name);
    Ok(Json(ViewList { views }))
}

/// A view to save.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ViewRequest {
    /// What it is called, at most 100 characters.
    name: String,
    /// The page of the console: `findings`.
    page: String,
    /// The query of its address, at most 4,000 characters.
    query: String,
    /// Whether everybody sees it, but for members of projects; it takes the permission to triage.
    #[serde(default)]
    shared: bool,
}

/// Saves a view, in place of the caller's one of the same name.
#[utoipa::path(post, path = "/api/views", tag = "views", request_body = ViewRequest,
    responses((status = 201, body = SavedView), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn save(
    State(app): State<Arc<App>>,
    caller: Caller,
    Extension(note): Extension<AuditNote>,
    Body(asked): Body<ViewRequest>,
) -> Result<(StatusCode, Json<SavedView>), Problem> {
    let ViewRequest { name, page, query, shared } = asked;
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Problem::bad_request("`Name` has one to 100 characters"));
    }
    if page.is_empty() || page.len() > 40 || !page.bytes().all(|it| it.is_ascii_lowercase() || it == b'-') {
        return Err(Problem::bad_request("`Page` names a page of the console: `findings`"));
    }
    if query.chars().count() > 4_000 {
        return Err(Problem::bad_request("`Query` has at most 4,000 characters"));
    }
    if shared && (caller.is_member() || caller.permission() < Permission::Triage) {
        return Err(Problem::forbidden("to share a view takes the permission to triage, in all projects"));
    }
    let mut view = SavedView { id: 0, owner: caller.user().name.clone(), name, page, query, shared };
    note.what(format!("view `{}`", view.name));
    match app.store.save_view(&view).await? {
        ViewSaved::Saved(id) => view.id = id,
        ViewSaved::TooMany => {
            return Err(Problem::conflict("you have as many views as one may have: take one away first"));
        }
    }
    Ok((StatusCode::CREATED, Json(view)))
}

/// Takes a view away: one's own, or, as an administrator, anybody's.
#[utoipa::path(delete, path = "/api/views/{id}", tag = "views", params(("id" = i64, Path)),
    responses((status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Part(id): Part<i64>,
) -> Result<StatusCode, Problem> {
    let is_administrator = caller.permission() == Permission::Administer;
    let owner = (!is_administrator).then_some(caller.user().name.as_str());
    match app.store.remove_view(id, owner).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::not_found("view")),
    }
}
