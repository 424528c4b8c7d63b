//! How many findings there are, by whatever a list is narrowed by.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use yagura_model::{FindingKind, Severity, Workflow};
use yagura_store::{BySeverity, FindingCounts};

use super::filter::FilterParams;
use crate::app::App;
use crate::problem::Problem;
use crate::query::Query;
use crate::sign_in::Caller;
use crate::world::World;

/// How many findings something has.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Count {
    /// Its id.
    pub(crate) id: String,
    /// What people call it; empty where it has no name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) name: String,
    /// How many.
    pub(crate) total: u64,
    /// How many of each severity.
    pub(crate) severities: BTreeMap<Severity, u64>,
}

/// Findings, counted.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Counts {
    /// All of them.
    pub(crate) total: u64,
    /// By severity.
    pub(crate) severities: BTreeMap<Severity, u64>,
    /// By state of work.
    workflows: BTreeMap<Workflow, u64>,
    /// By sort.
    kinds: BTreeMap<FindingKind, u64>,
    /// By account, the one with the worst first.
    pub(crate) accounts: Vec<Count>,
    /// By project, the one with the worst first.
    pub(crate) projects: Vec<Count>,
    /// By rule, the one with the worst first.
    pub(crate) rules: Vec<Count>,
    /// By framework, the one with the worst first.
    frameworks: Vec<Count>,
}

/// How many findings there are, by severity, state, sort, account, project, rule and framework.
#[utoipa::path(get, path = "/api/findings/counts", tag = "findings", params(FilterParams),
    responses((status = 200, body = Counts), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn count(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(asked): Query<FilterParams>,
) -> Result<Json<Counts>, Problem> {
    let world = app.world();
    let Some(filter) = asked.filter(&app, &caller).await? else { return Ok(Json(Counts::default())) };
    let counted = app.counted.of(&app.store, &filter).await?;
    Ok(Json(counts(&world, &caller, &counted)))
}

pub(crate) fn counts(world: &World, caller: &Caller, counted: &FindingCounts) -> Counts {
    let accounts =
        counted.accounts.iter().map(|(id, it)| row(id.as_str(), world.account_name(id), it.clone()));
    let rules = counted.rules.iter().map(|(id, it)| row(id.as_str(), String::new(), it.clone()));
    let of_project = |project: &yagura_posture::Project| {
        let held = world.accounts.values().filter(|it| project.holds(it) && caller.sees(&it.id));
        sum(held.filter_map(|it| counted.accounts.get(&it.id)))
    };
    let told = world.projects.iter().filter(|it| caller.is_told_of(&it.name));
    let projects = told.map(|it| row(&it.name, String::new(), of_project(it)));
    let frameworks = world.frameworks.iter().map(|it| {
        let of = it.rules().into_iter().filter_map(|rule| counted.rules.get(rule));
        row(&it.id, it.name.en.clone(), sum(of))
    });
    Counts {
        accounts: worst_first(accounts),
        projects: worst_first(projects),
        rules: worst_first(rules),
        frameworks: worst_first(frameworks),
        total: counted.total(),
        severities: counted.severities.clone(),
        workflows: counted.workflows.clone(),
        kinds: counted.kinds.clone(),
    }
}

fn row(id: &str, name: String, severities: BySeverity) -> Count {
    Count { id: id.to_owned(), name, total: severities.values().sum(), severities }
}

fn sum<'s>(all: impl Iterator<Item = &'s BySeverity>) -> BySeverity {
    let mut sums = BySeverity::new();
    for (severity, number) in all.flatten() {
        *sums.entry(*severity).or_default() += number;
    }
    sums
}

/// Those that have findings.
fn worst_first(rows: impl Iterator<Item = Count>) -> Vec<Count> {
    let mut rows: Vec<Count> = rows.filter(|it| it.total > 0).collect();
    let badness = |it: &Count| {
        let of = |severity: &Severity| it.severities.get(severity).copied().unwrap_or_default();
        Severity::ALL.iter().rev().map(of).collect::<Vec<u64>>()
    };
    rows.sort_by_cached_key(|it| (Reverse(badness(it)), it.id.clone()));
    rows
}
