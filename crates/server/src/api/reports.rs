//! Reports about projects: which there can be, and one of them; and how findings went on, week by week.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yagura_model::{Lang, Progress};

use super::download::{sent, under_way};
use crate::app::App;
use crate::problem::Problem;
use crate::query::Query;
use crate::reports::{ReportError, ReportFormat, ReportSchedule, ReportWish};
use crate::sign_in::Caller;

/// The most weeks that progress goes back.
const LONGEST_WEEKS: usize = 260;

/// The weeks where nothing is said.
const WEEKS: usize = 26;

/// Reports that there can be.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ReportList {
    /// Whether this server makes any.
    is_able: bool,
    /// The projects that the caller can have one about.
    projects: Vec<String>,
    /// Whether there can be one about the accounts that are in no project.
    without_project: bool,
    /// Those that are made on a schedule; members of projects see none.
    scheduled: Vec<ReportSchedule>,
}

/// The reports that there can be, and those that are made on a schedule.
#[utoipa::path(get, path = "/api/reports", tag = "reports",
    responses((status = 200, body = ReportList), (status = 401, body = Problem), (status = 403, body = Problem), (status = 500, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<ReportList>, Problem> {
    let reports = app.settings.reports.clone();
    let world = app.world();
    let seen = world.projects.iter().filter(|it| caller.is_told_of(&it.name));
    let scheduled = match &reports {
        Some(reports) if !caller.is_member() => reports.scheduled(app.now())?,
        _ => Vec::new(),
    };
    Ok(Json(ReportList {
        is_able: reports.is_some(),
        projects: seen.map(|it| it.name.clone()).collect(),
        without_project: !caller.is_member(),
        scheduled,
    }))
}

/// Which report.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReportParams {
    /// About this project; about the accounts that are in none where it is left out.
    project: Option<String>,
    /// As what.
    #[param(inline, required = false)]
    format: ReportFormat,
    /// In which language; the project's where it is left out.
    lang: Option<Lang>,
    /// How many weeks its progress goes back; 26 where nothing is said, 260 at most.
    weeks: Option<usize>,
    /// With findings that ended, too.
    #[param(required = false)]
    ended: bool,
}

/// One report, as a file. It is made from the last scan while it is waited for, which may take a minute.
#[utoipa::path(get, path = "/api/reports/file", tag = "reports", params(ReportParams),
    responses((status = 200, description = "the file", content(
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), ("text/csv"), ("text/html"), ("application/pdf"), (Value = "application/json"))), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 429, body = Problem), (status = 500, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn file(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(asked): Query<ReportParams>,
) -> Result<Response, Problem> {
    let ReportParams { project, format, lang, weeks, ended } = asked;
    match &project {
        Some(name) => {
            let is_known = app.world().projects.iter().any(|it| it.name == *name) && caller.is_told_of(name);
            if !is_known {
                return Err(Problem::not_found("project"));
            }
        }
        None if caller.is_member() => {
            return Err(Problem::bad_request(
                "name the `project`: without one it is about the whole organisation",
            ));
        }
        None => {}
    }
    let weeks = self::weeks(weeks)?;
    let Some(reports) = app.settings.reports.clone() else {
        return Err(Problem::conflict("this server makes no reports"));
    };
    let share = under_way(&app, &caller)?;
    let wish = ReportWish { project, format, lang, weeks, with_ended: ended, now: app.now() };
    let turn = Arc::clone(&app.reporting).acquire_owned().await;
    // Whoever hangs up does not make room before the work is done.
    let making = tokio::spawn(async move {
        let _turn = turn;
        reports.make(wish).await
    });
    let made = making.await.map_err(|error| Problem::internal(&error))??;
    Ok(sent(made, share))
}

fn weeks(asked: Option<usize>) -> Result<usize, Problem> {
    let weeks = asked.unwrap_or(WEEKS);
    if (1..=LONGEST_WEEKS).contains(&weeks) {
        return Ok(weeks);
    }
    Err(Problem::bad_request(format!("progress goes back 1 to {LONGEST_WEEKS} weeks")))
}

impl From<ReportError> for Problem {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Refused(why) => Self::conflict(why),
            ReportError::Failed => Self::internal(&error),
        }
    }
}

/// How far progress goes back.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ProgressParams {
    /// How many weeks; 26 where nothing is said, 260 at most.
    weeks: Option<usize>,
}

/// How findings went on: open ones week by week, how long they take, what is overdue, what came back. It is counted anew every ten minutes.
#[utoipa::path(get, path = "/api/progress", tag = "reports", params(ProgressParams),
    responses((status = 200, body = Progress), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn progress(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(asked): Query<ProgressParams>,
) -> Result<Json<Progress>, Problem> {
    let weeks = weeks(asked.weeks)?;
    let progress = app.progress.of(&app.store, &app.world(), &caller, weeks, app.now()).await?;
    Ok(Json(progress.as_ref().clone()))
}
