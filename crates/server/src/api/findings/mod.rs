//! Findings: lists, counts, one with its story, and what people do about them.

mod counts;
mod file;
pub(super) mod filter;
mod triage;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use yagura_model::{Finding, FindingChange, RuleInfo, requirements_by_rule};
use yagura_store::{FindingOrder, FindingQuery};

use crate::app::App;
use crate::problem::Problem;
use crate::query::Part;
use crate::sign_in::Caller;
use filter::{FilterParams, ListQuery, Order, PageParams};

pub(super) use counts::{__path_count, Count, count, counts};
pub(super) use file::{__path_file, file};
pub(super) use triage::{__path_triage, triage};

/// The most findings of a page.
const LARGEST_PAGE: usize = 500;

/// A page of findings.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct FindingList {
    /// The worst first.
    findings: Vec<Finding>,
    /// Where the next page begins; none behind the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A page of findings, the worst first.
#[utoipa::path(get, path = "/api/findings", tag = "findings", params(FilterParams, PageParams),
    responses((status = 200, body = FindingList), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    asked: ListQuery,
) -> Result<Json<FindingList>, Problem> {
    let after = asked.page.after.as_deref().map(str::parse).transpose();
    let after = after.map_err(|error: yagura_store::CursorError| Problem::bad_request(error.to_string()))?;
    let Some(filter) = asked.filter.filter(&app, &caller).await? else {
        return Ok(Json(FindingList::default()));
    };
    let order = match asked.page.order {
        Order::Newest => FindingOrder::NewestFirst,
        Order::Oldest => FindingOrder::OldestFirst,
    };
    let limit = asked.page.limit.unwrap_or(50).clamp(1, LARGEST_PAGE);
    let page = app.store.finding_page(&FindingQuery { filter, order, limit, after }).await?;
    Ok(Json(FindingList { findings: page.findings, next: page.next.map(|it| it.to_string()) }))
}

/// A requirement that a finding stands against.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Against {
    /// The framework's id.
    pub(crate) framework: String,
    /// The requirement's number.
    pub(crate) requirement: String,
}

/// A finding, and everything that is told about it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct FindingDetail {
    /// The finding.
    finding: Finding,
    /// The account's name; empty where it is not known.
    account_name: String,
    /// The rule: why it matters, and how to put it right. None for what only other detectors check.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<RuleInfo>,
    /// The requirements that it stands against.
    requirements: Vec<Against>,
    /// What happened to it, the oldest first.
    history: Vec<FindingChange>,
}

/// A finding with its rule and its history.
#[utoipa::path(get, path = "/api/findings/{id}", tag = "findings", params(("id" = String, Path)),
    responses((status = 200, body = FindingDetail), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    Part(id): Part<String>,
) -> Result<Json<FindingDetail>, Problem> {
    let finding = app.store.finding(&id).await?.filter(|it| caller.sees(&it.resource.account));
    let Some(finding) = finding else { return Err(Problem::not_found("finding")) };
    let history = app.store.finding_history(&finding.id).await?;
    let world = app.world();
    let by_rule = requirements_by_rule(world.frameworks.iter());
    let against = by_rule.get(&finding.rule).into_iter().flatten();
    Ok(Json(FindingDetail {
        account_name: world.account_name(&finding.resource.account),
        rule: world.rules.get(&finding.rule).cloned(),
        requirements: against
            .map(|it| Against { framework: it.framework.clone(), requirement: it.requirement.clone() })
            .collect(),
        history,
        finding,
    }))
}
