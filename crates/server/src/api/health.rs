//! Whether the server lives, and what it can do.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::problem::Problem;

/// The server's state.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Health {
    /// `ok`.
    status: &'static str,
}

/// Whether the process answers at all.
#[utoipa::path(get, path = "/api/health", tag = "server", responses((status = 200, body = Health)))]
pub(super) async fn live() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Whether the store answers and takes what is written, too.
#[utoipa::path(get, path = "/api/ready", tag = "server",
    responses((status = 200, body = Health), (status = 503, body = Problem)))]
pub(super) async fn ready(State(app): State<Arc<App>>) -> Result<Json<Health>, Problem> {
    // Anybody asks this: paths, and what a database says, are for those who signed in.
    if app.settings.jobs.trouble().is_some() {
        return Err(Problem::unavailable(
            "the store cannot be used: `/api/jobs` tells why to those who signed in, and the server's log does",
        ));
    }
    app.store.has_users().await?;
    Ok(Json(Health { status: "ok" }))
}

/// This description.
#[utoipa::path(get, path = "/api/openapi.json", tag = "server", responses((status = 200, description = "OpenAPI 3.1")))]
pub(super) async fn description(State(app): State<Arc<App>>) -> Result<impl IntoResponse, Problem> {
    let made = match app.description.get() {
        Some(made) => made.clone(),
        None => {
            let made = super::routes(crate::route::Routes::new(Arc::clone(&app))).openapi();
            let made = serde_json::to_vec(&made).map_err(|error| Problem::internal(&error))?;
            app.description.get_or_init(|| made.into()).clone()
        }
    };
    Ok(([(header::CONTENT_TYPE, "application/json")], made))
}
