//! Who did what.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yagura_model::AuditEntry;
use yagura_store::AuditFilter;

use crate::app::App;
use crate::problem::Problem;
use crate::query::Query;

/// Which entries are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditParams {
    /// Of this person.
    who: Option<String>,
    /// Older than the entry with this number.
    before: Option<i64>,
    /// So many at most; 100 where nothing is said, 1,000 at most.
    limit: Option<u32>,
}

/// A page of the audit log.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AuditPage {
    /// The newest first.
    entries: Vec<AuditEntry>,
}

/// Every change and sign-in, also those that were refused.
#[utoipa::path(get, path = "/api/audit-log", tag = "users", params(AuditParams),
    responses((status = 200, body = AuditPage), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Query(asked): Query<AuditParams>,
) -> Result<Json<AuditPage>, Problem> {
    let limit = asked.limit.unwrap_or(100).clamp(1, 1_000);
    let filter = AuditFilter { who: asked.who, before: asked.before, limit };
    Ok(Json(AuditPage { entries: app.store.audit_log(&filter).await? }))
}
