//! Messages to people: what waits, what arrived, what did not.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use yagura_model::Timestamp;
use yagura_store::{MessageState, OutboxMessage};

use crate::app::App;
use crate::problem::Problem;
use crate::query::{Part, Query};
use crate::route::AuditNote;

/// The most messages of a list.
const LARGEST: usize = 1_000;

/// How a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum DeliveryState {
    /// It has not arrived yet.
    Waiting,
    /// It has arrived.
    Sent,
    /// It never will, unless somebody sends it again.
    Dead,
}

impl DeliveryState {
    fn of(state: MessageState) -> Self {
        match state {
            MessageState::Waiting => Self::Waiting,
            MessageState::Sent => Self::Sent,
            MessageState::Dead => Self::Dead,
        }
    }

    fn stored(self) -> MessageState {
        match self {
            Self::Waiting => MessageState::Waiting,
            Self::Sent => MessageState::Sent,
            Self::Dead => MessageState::Dead,
        }
    }
}

/// Which messages are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DeliveryParams {
    /// In this state.
    #[param(inline)]
    state: Option<DeliveryState>,
    /// So many at most; 200 where nothing is said, 1,000 at most.
    limit: Option<usize>,
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Delivery {
    /// Its number.
    id: i64,
    /// Where it goes.
    destination: String,
    /// How it stands.
    state: DeliveryState,
    /// How often it was tried.
    tries: u32,
    /// Since when it is here.
    created_at: Timestamp,
    /// When it is tried next.
    next_at: Timestamp,
    /// When it arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_at: Option<Timestamp>,
    /// Why the last try failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// What the other side calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// The project that it is about; empty where it is about none.
    project: String,
    /// `alert`, `digest` or `test`.
    kind: String,
    /// The rules that it tells about, at most ten.
    rules: Vec<String>,
    /// How many findings it tells about.
    findings: usize,
}

impl From<OutboxMessage> for Delivery {
    fn from(it: OutboxMessage) -> Self {
        let notice: Value = serde_json::from_str(&it.body).unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let alerts = notice.get("alerts").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let findings = alerts.iter().filter_map(|it| it.get("findings")?.as_array());
        Self {
            id: it.id,
            destination: it.destination,
            state: DeliveryState::of(it.state),
            tries: it.tries,
            created_at: it.created_at,
            next_at: it.next_at,
            sent_at: it.sent_at,
            error: it.error,
            reference: it.reference,
            project: notice.get("project").map(text).unwrap_or_default(),
            kind: notice.get("kind").map(text).unwrap_or_default(),
            rules: alerts.iter().filter_map(|it| it.get("rule")).take(10).map(text).collect(),
            findings: findings.map(Vec::len).sum(),
        }
    }
}

/// Messages.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeliveryList {
    /// The newest first.
    deliveries: Vec<Delivery>,
}

/// Messages to people, the newest first.
#[utoipa::path(get, path = "/api/deliveries", tag = "deliveries", params(DeliveryParams),
    responses((status = 200, body = DeliveryList), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Query(asked): Query<DeliveryParams>,
) -> Result<Json<DeliveryList>, Problem> {
    let limit = asked.limit.unwrap_or(200).clamp(1, LARGEST);
    let messages = app.store.outbox(asked.state.map(DeliveryState::stored), limit).await?;
    Ok(Json(DeliveryList { deliveries: messages.into_iter().map(Delivery::from).collect() }))
}

/// Sends a message again that has not arrived.
#[utoipa::path(post, path = "/api/deliveries/{id}/resend", tag = "deliveries", params(("id" = i64, Path)),
    responses((status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn resend(
    State(app): State<Arc<App>>,
    Extension(note): Extension<AuditNote>,
    Part(id): Part<i64>,
) -> Result<StatusCode, Problem> {
    note.what(format!("message {id}"));
    match app.store.resend_message(id, app.now()).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => {
            Err(Problem::conflict(format!("message {id} is not there, has arrived, or is being sent now")))
        }
    }
}
