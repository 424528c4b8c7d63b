//! Reports about projects: which there can be, and one of them; and how findings went on, week by week.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde::{Deserialize, Serialize};
use tokio::io::AsyncReadExt as _;
use utoipa::{IntoParams, ToSchema};
use yagura_model::{Lang, Progress};

use crate::app::App;
use crate::problem::Problem;
use crate::query::Query;
use crate::reports::{MadeReport, ReportError, ReportFormat, ReportSchedule, ReportWish};
use crate::sign_in::Caller;

/// The most weeks that progress goes back.
const LONGEST_WEEKS: usize = 260;

/// The weeks where nothing is said.
const WEEKS: usize = 26;

/// So much of a file is sent at a time.
const PIECE: usize = 64 * 1024;

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
        (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 500, body = Problem), (status = 503, body = Problem)))]
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
    let wish = ReportWish { project, format, lang, weeks, with_ended: ended, now: app.now() };
    let turn = Arc::clone(&app.reporting).acquire_owned().await;
    // Whoever hangs up does not make room before the work is done.
    let making = tokio::spawn(async move {
        let _turn = turn;
        reports.make(wish).await
    });
    let made = making.await.map_err(|error| Problem::internal(&error))??;
    Ok(sent(made))
}

fn weeks(asked: Option<usize>) -> Result<usize, Problem> {
    let weeks = asked.unwrap_or(WEEKS);
    if (1..=LONGEST_WEEKS).contains(&weeks) {
        return Ok(weeks);
    }
    Err(Problem::bad_request(format!("progress goes back 1 to {LONGEST_WEEKS} weeks")))
}

/// Sends a file to be kept, and never to be shown as a page of this server.
fn sent(MadeReport { name, media_type, file }: MadeReport) -> Response {
    let length = file.metadata().map(|it| it.len());
    let file = tokio::fs::File::from_std(file);
    let body = Body::from_stream(stream::try_unfold(file, async |mut file| {
        let mut piece = vec![0; PIECE];
        let length = file.read(&mut piece).await?;
        piece.truncate(length);
        Ok::<_, std::io::Error>((length > 0).then(|| (Bytes::from(piece), file)))
    }));
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(length) = length {
        headers.insert(header::CONTENT_LENGTH, length.into());
    }
    if let Ok(value) = HeaderValue::from_str(&disposition(&name)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// What a browser calls the file (RFC 6266): plainly for old ones, whole for all others.
fn disposition(name: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_');
    let plain: String = name.chars().map(|it| if is_plain(it) { it } else { '_' }).collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        if is_plain(char::from(byte)) {
            whole.push(char::from(byte));
        } else {
            whole.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_file_keeps_its_signs_and_breaks_no_header() {
        assert_eq!(
            disposition("yagura-決済-2026-06-01.xlsx"),
            "attachment; filename=\"yagura-__-2026-06-01.xlsx\"; filename*=UTF-8''yagura-%E6%B1%BA%E6%B8%88-2026-06-01.xlsx"
        );
        assert!(disposition("a\"\r\nset-cookie: x").is_ascii());
        assert!(!disposition("a\"\r\nset-cookie: x").contains('\r'));
    }
}
