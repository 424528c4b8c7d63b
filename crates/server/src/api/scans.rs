//! Scans, and what they could not see.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use futures::TryStreamExt as _;
use serde::Serialize;
use utoipa::ToSchema;
use yagura_model::{CallCoverage, ScanId, Timestamp};

use crate::app::App;
use crate::problem::Problem;
use crate::query::Part;
use crate::sign_in::Caller;

/// So many scans are listed.
const LISTED: u32 = 200;

/// So many gaps are told; a scan with more has one cause many times.
const GAPS: usize = 10_000;

/// A scan, in one line.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ScanLine {
    /// Its number.
    id: ScanId,
    /// When it began.
    started: Timestamp,
    /// When it was done; none while it runs or when it was interrupted.
    finished: Option<Timestamp>,
    /// How many accounts it looked at.
    accounts: usize,
    /// By how many rules it judged.
    rules: usize,
}

/// Scans.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ScanList {
    /// The newest first.
    scans: Vec<ScanLine>,
}

/// The newest scans.
#[utoipa::path(get, path = "/api/scans", tag = "scans",
    responses((status = 200, body = ScanList), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn list(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<ScanList>, Problem> {
    let scans = app.store.scans(LISTED).await?.into_iter().map(|it| ScanLine {
        id: it.id,
        started: it.started,
        finished: it.finished,
        accounts: it.scope.accounts.iter().filter(|account| caller.sees(account)).count(),
        rules: it.scope.rules.len(),
    });
    Ok(Json(ScanList { scans: scans.collect() }))
}

/// What a scan could not see.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CoverageList {
    /// How many calls were answered.
    read: u64,
    /// Calls that were not, by account, region and call.
    gaps: Vec<CallCoverage>,
    /// Whether there are more gaps than are told.
    is_cut: bool,
}

/// What a scan could not see, and why.
#[utoipa::path(get, path = "/api/scans/{id}/coverage", tag = "scans", params(("id" = i64, Path)),
    responses((status = 200, body = CoverageList), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn coverage(
    State(app): State<Arc<App>>,
    caller: Caller,
    Part(id): Part<i64>,
) -> Result<Json<CoverageList>, Problem> {
    let mut rows = app.store.coverage(ScanId(id)).await?;
    let mut list = CoverageList { read: 0, gaps: Vec::new(), is_cut: false };
    while let Some(row) = rows.try_next().await? {
        if !caller.sees(&row.account) {
            continue;
        }
        if row.status.is_known() {
            list.read += row.count;
        } else if list.gaps.len() < GAPS {
            list.gaps.push(row);
        } else {
            list.is_cut = true;
        }
    }
    Ok(Json(list))
}
