//! What goes on by itself: jobs, scans that run now, sources that are followed.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::jobs::{AskError, JobProgress, JobState, Order, ScanWish, SourceState};
use crate::problem::Problem;
use crate::query::{Body, Part};
use crate::route::AuditNote;
use crate::sign_in::Caller;

/// The job that scans.
const SCAN: &str = "scan";

/// A scan may be narrowed to so many accounts, regions and rules.
const NARROWED: usize = 1_000;

impl From<AskError> for Problem {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Unknown(_) => Self::not_found("job"),
            AskError::Running(_) => Self::conflict(error.to_string()),
        }
    }
}

/// Jobs.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct JobList {
    /// By name.
    jobs: Vec<JobState>,
    /// Why nothing is done at all: what is wrong with the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
    /// What is wrong although everything goes on: mistakes in files, with file and line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}

/// Every job: when it ran last and how that ended, whether it runs, when it runs next.
#[utoipa::path(get, path = "/api/jobs", tag = "jobs",
    responses((status = 200, body = JobList), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(super) async fn list(State(app): State<Arc<App>>) -> Json<JobList> {
    let jobs = &app.settings.jobs;
    Json(JobList { jobs: jobs.list(app.now()), trouble: jobs.trouble(), warnings: jobs.warnings() })
}

/// Runs a job now. `409` when it runs already.
#[utoipa::path(post, path = "/api/jobs/{name}/run", tag = "jobs", params(("name" = String, Path)),
    responses((status = 202), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn run(
    State(app): State<Arc<App>>,
    caller: Caller,
    Part(name): Part<String>,
) -> Result<StatusCode, Problem> {
    ask(&app, &caller, &name, ScanWish::default())
}

fn ask(app: &App, caller: &Caller, name: &str, wish: ScanWish) -> Result<StatusCode, Problem> {
    let order = Order { began: app.now(), by: Some(caller.user().name.clone()), wish };
    app.settings.jobs.ask(name, order)?;
    Ok(StatusCode::ACCEPTED)
}

/// Scans now: everything that the configuration names, or only some of it. `409` when a scan runs.
#[utoipa::path(post, path = "/api/scans", tag = "scans", request_body = ScanWish,
    responses((status = 202), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn scan(
    State(app): State<Arc<App>>,
    caller: Caller,
    Extension(note): Extension<AuditNote>,
    Body(wish): Body<ScanWish>,
) -> Result<StatusCode, Problem> {
    let ScanWish { accounts, regions, rules } = &wish;
    if [accounts, regions, rules].iter().any(|it| it.len() > NARROWED) {
        return Err(Problem::bad_request(format!("at most {NARROWED} of each are taken")));
    }
    let words = |name: &str, list: &[String]| {
        if list.is_empty() { String::new() } else { format!(" {name} {}", list.join(", ")) }
    };
    let narrowed = [words("accounts", accounts), words("regions", regions), words("rules", rules)].concat();
    note.what(if narrowed.is_empty() { "everything".to_owned() } else { narrowed.trim().to_owned() });
    ask(&app, &caller, SCAN, wish)
}

/// The scan that runs now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RunningScan {
    /// How far it has come; none when no scan runs here.
    running: Option<JobProgress>,
}

/// How far the scan has come that runs now.
#[utoipa::path(get, path = "/api/scans/running", tag = "scans",
    responses((status = 200, body = RunningScan), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(super) async fn running(State(app): State<Arc<App>>) -> Json<RunningScan> {
    Json(RunningScan { running: app.settings.jobs.running(SCAN) })
}

/// Sources of events.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SourceList {
    /// In the order of the configuration.
    sources: Vec<SourceState>,
}

/// The sources of events that are followed: how old what comes is, and what is wrong.
#[utoipa::path(get, path = "/api/sources", tag = "jobs",
    responses((status = 200, body = SourceList), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(super) async fn sources(State(app): State<Arc<App>>) -> Json<SourceList> {
    Json(SourceList { sources: app.settings.jobs.sources() })
}
