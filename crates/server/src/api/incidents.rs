//! Incidents and their stories.

use std::cmp::Reverse;
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
    /// So many at most; 200 where nothing is said, 1,000 at most.
    limit: Option<usize>,
    /// Where the page begins: `Next` of the one before.
    after: Option<String>,
}

/// The most incidents of a page.
const LARGEST: usize = 1_000;

/// Incidents.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct IncidentList {
    /// The newest first.
    incidents: Vec<Incident>,
    /// Where the next page begins; none behind the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A place in the list, which stays where it is when incidents come and go: when the last event was, and the id.
type Place = (Reverse<i64>, String);

fn place(incident: &Incident) -> Place {
    (Reverse(incident.last_seen.as_millisecond()), incident.id.clone())
}

fn read_place(text: &str) -> Result<Place, Problem> {
    let read = || {
        let (last, id) = text.split_once('_')?;
        Some((Reverse(last.parse().ok()?), id.to_owned()))
    };
    read().ok_or_else(|| Problem::bad_request("`after` is no place in a list of incidents"))
}

/// Leaves one page of the list, and tells where the next one begins.
fn cut(incidents: &mut Vec<Incident>, after: Option<&Place>, limit: usize) -> Option<String> {
    incidents.retain(|it| after.is_none_or(|after| place(it) > *after));
    let is_more = incidents.len() > limit;
    incidents.truncate(limit);
    let last = incidents.last().filter(|_| is_more)?;
    Some(format!("{}_{}", last.last_seen.as_millisecond(), last.id))
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
    let after = asked.after.as_deref().map(read_place).transpose()?;
    incidents.retain(|it| is_seen(&caller, it));
    let limit = asked.limit.unwrap_or(200).clamp(1, LARGEST);
    let next = cut(&mut incidents, after.as_ref(), limit);
    Ok(Json(IncidentList { incidents, next }))
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
    let IncidentDetail { incident, findings, links, .. } = called(&app, &caller, &id).await?;
    Ok(Json(IncidentStory { incident, findings, links }))
}

/// The one incident whose id begins so, of those that the caller may know of.
pub(super) async fn called(app: &App, caller: &Caller, id: &str) -> Result<IncidentDetail, Problem> {
    if id.is_empty() || !id.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-') {
        return Err(Problem::not_found("incident"));
    }
    let mut found = app.store.incidents_called(id).await?;
    found.retain(|it| is_seen(caller, &it.incident));
    match (found.pop(), found.is_empty()) {
        (Some(detail), true) => Ok(detail),
        _ => Err(Problem::not_found("incident")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incident(id: &str, last_seen: &str) -> Incident {
        Incident { last_seen: last_seen.parse().unwrap(), ..Incident::of(id.to_owned(), &[]) }
    }

    /// As the store has them: the newest first, then by id.
    fn stored() -> Vec<Incident> {
        let (late, early) = ("2026-06-01T09:00:00.123456Z", "1969-06-01T09:00:00.5Z");
        vec![incident("b", late), incident("c", late), incident("a", early), incident("d", early)]
    }

    #[test]
    fn pages_follow_each_other_and_stay_where_they_are_when_an_incident_comes_or_goes() {
        let (mut told, mut after) = (Vec::new(), None);
        loop {
            let mut page = stored();
            if !told.is_empty() {
                page.insert(0, incident("new", "2026-06-02T09:00:00Z"));
                page.retain(|it| it.id != "b");
            }
            let next = cut(&mut page, after.as_ref(), 1);
            told.extend(page.into_iter().map(|it| it.id));
            let Some(next) = next else { break };
            after = Some(read_place(&next).unwrap());
        }
        assert_eq!(told, ["b", "c", "a", "d"]);
        assert!(read_place("1_").is_ok() && read_place("x_1").is_err() && read_place("").is_err());
    }
}
