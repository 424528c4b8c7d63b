//! Destinations, and messages about one finding or incident that somebody asks for.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yagura_model::Lang;

use super::incidents;
use crate::app::App;
use crate::messages::{MessageAbout, MessageDestination, MessageError, MessageLook, Messages};
use crate::problem::Problem;
use crate::query::{Body, Part, Query};
use crate::route::AuditNote;
use crate::sign_in::Caller;

impl From<MessageError> for Problem {
    fn from(error: MessageError) -> Self {
        match error {
            MessageError::Unknown(what) => Self::not_found(what),
            MessageError::Refused(why) => Self::conflict(why),
            MessageError::Failed => Self::internal(&error),
        }
    }
}

fn messages(app: &App) -> Result<Arc<dyn Messages>, Problem> {
    app.settings.messages.clone().ok_or_else(|| Problem::conflict("this server sends no messages"))
}

/// Where people can be told.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DestinationList {
    /// By name.
    destinations: Vec<MessageDestination>,
}

/// The destinations of the configuration, without what they are reached by.
#[utoipa::path(get, path = "/api/destinations", tag = "deliveries",
    responses((status = 200, body = DestinationList), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(super) async fn destinations(State(app): State<Arc<App>>) -> Json<DestinationList> {
    let known = app.settings.messages.as_ref();
    Json(DestinationList { destinations: known.map(|it| it.destinations()).unwrap_or_default() })
}

/// A test of a destination.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", default, deny_unknown_fields)]
pub(super) struct TestOrder {
    /// As if it were about this project, with its owners.
    project: Option<String>,
    /// In which language; the project's where it is left out.
    lang: Option<Lang>,
}

/// Sends a test message, and waits until it has arrived: a conflict tells why it has not.
#[utoipa::path(post, path = "/api/destinations/{name}/test", tag = "deliveries", params(("name" = String, Path)), request_body = TestOrder,
    responses((status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 500, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn test(
    State(app): State<Arc<App>>,
    Extension(note): Extension<AuditNote>,
    Part(name): Part<String>,
    Body(asked): Body<TestOrder>,
) -> Result<StatusCode, Problem> {
    note.what(format!("a test to {name}"));
    messages(&app)?.test(name, asked.project, asked.lang).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which message is to be shown.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PreviewParams {
    /// About this finding...
    finding: Option<String>,
    /// ...or about this incident.
    incident: Option<String>,
    /// As what.
    #[param(inline, required = false)]
    format: MessageLook,
    /// In which language; the project's where it is left out.
    lang: Option<Lang>,
}

/// What would be sent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Preview {
    /// The message, as it is asked for.
    text: String,
}

/// What would be sent about a finding or an incident.
#[utoipa::path(get, path = "/api/messages/preview", tag = "deliveries", params(PreviewParams),
    responses((status = 200, body = Preview), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 500, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn preview(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(asked): Query<PreviewParams>,
) -> Result<Json<Preview>, Problem> {
    let about = match (asked.finding, asked.incident) {
        (Some(finding), None) => MessageAbout::Finding(finding),
        (None, Some(incident)) => MessageAbout::Incident(incident),
        _ => return Err(Problem::bad_request("name a `finding` or an `incident`")),
    };
    let about = seen(&app, &caller, about).await?;
    Ok(Json(Preview { text: messages(&app)?.preview(about, asked.format, asked.lang).await? }))
}

/// A message that is to be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct MessageOrder {
    /// About what.
    about: MessageAbout,
    /// To which destination.
    destination: String,
    /// In which language; the project's where it is left out.
    #[serde(default)]
    lang: Option<Lang>,
}

/// Sends a message about one finding or incident: an issue of Jira or GitHub, a room, a mail. It waits in the outbox until it has arrived.
#[utoipa::path(post, path = "/api/deliveries", tag = "deliveries", request_body = MessageOrder,
    responses((status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 500, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn send(
    State(app): State<Arc<App>>,
    caller: Caller,
    Extension(note): Extension<AuditNote>,
    Body(asked): Body<MessageOrder>,
) -> Result<StatusCode, Problem> {
    let MessageOrder { about, destination, lang } = asked;
    let (MessageAbout::Finding(id) | MessageAbout::Incident(id)) = &about;
    note.what(format!("{id} to {destination}"));
    let about = seen(&app, &caller, about).await?;
    messages(&app)?.send(about, destination, lang).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the caller may know of, by its whole id.
async fn seen(app: &App, caller: &Caller, about: MessageAbout) -> Result<MessageAbout, Problem> {
    match about {
        MessageAbout::Finding(id) => {
            let finding = app.store.finding(&id).await?.filter(|it| caller.sees(&it.resource.account));
            finding.map(|it| MessageAbout::Finding(it.id)).ok_or_else(|| Problem::not_found("finding"))
        }
        MessageAbout::Incident(id) => {
            let found = incidents::called(app, caller, &id).await?;
            Ok(MessageAbout::Incident(found.incident.id))
        }
    }
}
