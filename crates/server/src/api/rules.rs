//! Rules and detections: what they look for, and how to put it right.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use yagura_model::{Function, ResourceType, RuleId, RuleInfo, Severity, Text};

use crate::app::App;
use crate::problem::Problem;
use crate::query::Part;

/// A rule, in one line.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RuleLine {
    /// Its id, as findings carry it.
    id: RuleId,
    /// What it is about.
    resource: ResourceType,
    /// How bad a violation is.
    severity: Severity,
    /// Its function in the NIST Cybersecurity Framework.
    function: Function,
    /// What it says, in one line.
    title: Text,
}

/// Rules.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RuleList {
    /// By id.
    rules: Vec<RuleLine>,
}

/// Every rule and detection.
#[utoipa::path(get, path = "/api/rules", tag = "rules",
    responses((status = 200, body = RuleList), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn list(State(app): State<Arc<App>>) -> Json<RuleList> {
    let world = app.world();
    let line = |(id, it): (&RuleId, &RuleInfo)| RuleLine {
        id: id.clone(),
        resource: it.resource.clone(),
        severity: it.severity,
        function: it.function,
        title: Text { en: it.text.en.title.clone(), ja: it.text.ja.title.clone() },
    };
    Json(RuleList { rules: world.rules.iter().map(line).collect() })
}

/// A rule with its reasons and its fix.
#[utoipa::path(get, path = "/api/rules/{id}", tag = "rules", params(("id" = String, Path)),
    responses((status = 200, body = RuleInfo), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Part(id): Part<String>,
) -> Result<Json<RuleInfo>, Problem> {
    let world = app.world();
    let rule = world.rules.get(&RuleId::from(id.as_str()));
    rule.cloned().map(Json).ok_or_else(|| Problem::not_found("rule"))
}
