//! Numbers for whoever watches over the server.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::problem::Problem;
use crate::telemetry::{FORMAT, scraped};

/// Numbers in the text format of OpenMetrics, which Prometheus reads.
#[utoipa::path(get, path = "/api/metrics", tag = "server",
    responses((status = 200, body = String, content_type = "application/openmetrics-text"), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn metrics(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let text = scraped(&app).await.map_err(|error| Problem::internal(&error))?;
    Ok(([(header::CONTENT_TYPE, FORMAT)], text).into_response())
}
