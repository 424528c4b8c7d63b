//! Incidents and their stories.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yagura_model::{AccountId, EntityLink, Incident, Severity, ThreatFinding, Timestamp};
use yagura_store::{IncidentDetail, IncidentFilter};

use crate::app::App;
use crate::problem::Problem;
use crate::query::{Part, Query};
use crate::sign_in::Caller;

/// Which incidents are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct IncidentParams {
    /// At least so severe.
    severity: Option<Severity>,
    /// With events since then.
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// That have something to do with this account.
    account: Option<String>,
}

/// Incidents.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct IncidentList {
    /// The newest first.
    incidents: Vec<Incident>,
}

/// Whether a caller may know of an incident. Its story is one: members see it when all of it happened in accounts that they see.
pub(super) fn is_seen(caller: &Caller, incident: &Incident) -> bool {
    let sees = |id: &String| AccountId::new(id).is_ok_and(|it| caller.sees(&it));
    !caller.is_member() || (!incident.accounts.is_empty() && incident.accounts.iter().all(sees))
}

/// Incidents, the newest first.
#[utoipa::path(get, path = "/api/incidents", tag = "incidents", params(IncidentParams),
    responses((status = 200, body = IncidentList), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(asked): Query<IncidentParams>,
) -> Result<Json<IncidentList>, Problem> {
    let filter = IncidentFilter { severity: asked.severity, since: asked.since, account: asked.account };
    let mut incidents = app.store.incidents(&filter).await?;
    incidents.retain(|it| is_seen(&caller, it));
    Ok(Json(IncidentList { incidents }))
}

/// An incident, and what its story is told from.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct IncidentStory {
    /// The incident.
    incident: Incident,
    /// Its findings, the first one first.
    findings: Vec<ThreatFinding>,
    /// The credentials that led from one to the next.
    links: Vec<EntityLink>,
}

/// An incident with its findings.
#[utoipa::path(get, path = "/api/incidents/{id}", tag = "incidents", params(("id" = String, Path)),
    responses((status = 200, body = IncidentStory), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    Part(id): Part<String>,
) -> Result<Json<IncidentStory>, Problem> {
    if id.is_empty() || !id.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-') {
        return Err(Problem::not_found("incident"));
    }
    let mut found = app.store.incidents_called(&id).await?;
    found.retain(|it| is_seen(&caller, &it.incident));
    match (found.pop(), found.is_empty()) {
        (Some(IncidentDetail { incident, findings, links, .. }), true) => {
            Ok(Json(IncidentStory { incident, findings, links }))
        }
        _ => Err(Problem::not_found("incident")),
    }
}
