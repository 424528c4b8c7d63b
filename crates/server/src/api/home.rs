//! Everything that the first page of the console shows, in one answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jiff::ToSpan as _;
use serde::Serialize;
use utoipa::ToSchema;
use yagura_model::{
    Incident, RecordState, ScanId, Severity, Timestamp, Trend, TrendPart, TrendPoint, Workflow,
};
use yagura_store::{FindingFilter, IncidentFilter};

use super::findings::{Count, counts};
use super::incidents::is_seen;
use crate::app::App;
use crate::derived::Gaps;
use crate::problem::Problem;
use crate::sign_in::Caller;

/// So many accounts, projects, rules and incidents are named.
const NAMED: usize = 8;

/// So many of the scans that the score is told of.
const POINTS: usize = 120;

/// Findings, by how bad they are.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Amount {
    /// All of them.
    total: u64,
    /// Of each severity.
    severities: BTreeMap<Severity, u64>,
}

/// The last scan.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct LastScan {
    /// Its number.
    id: ScanId,
    /// When it began.
    started: Timestamp,
    /// When it ended.
    finished: Option<Timestamp>,
    /// How many accounts it looked at.
    accounts: usize,
    /// By how many rules it judged.
    rules: usize,
}

/// Where the caller's accounts stand.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Home {
    /// The last scan; none when none has ended yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    scan: Option<LastScan>,
    /// The score after each comparable scan, the oldest first; only the last for members of projects.
    points: Vec<TrendPoint>,
    /// By how much the score changed over these scans.
    change: Option<f64>,
    /// The five functions of the NIST Cybersecurity Framework.
    functions: Vec<TrendPart>,
    /// What is open.
    open: Amount,
    /// What of it opened in the last 24 hours.
    new: Amount,
    /// What of it is open for longer than its severity allows.
    overdue: Amount,
    /// What of it nobody takes care of.
    unassigned: Amount,
    /// What ended in the last 24 hours.
    ended: Amount,
    /// How many incidents nobody has closed.
    open_incidents: usize,
    /// The newest of them.
    incidents: Vec<Incident>,
    /// The accounts with the worst findings.
    accounts: Vec<Count>,
    /// The projects with the worst findings.
    projects: Vec<Count>,
    /// The rules with the worst findings.
    rules: Vec<Count>,
    /// What the last scan could not see.
    gaps: Gaps,
}

/// Where the caller's accounts stand: scores, what is open, new and overdue, incidents, and what could not be seen.
#[utoipa::path(get, path = "/api/home", tag = "home",
    responses((status = 200, body = Home), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn show(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Home>, Problem> {
    let world = app.world();
    let now = app.this_minute();
    let yesterday = now - 24.hours();
    let Some(accounts) = caller.narrow(Default::default()) else {
        return Err(Problem::conflict("none of your projects holds an account yet"));
    };
    let open = FindingFilter { accounts, ..FindingFilter::open() };
    let new = FindingFilter { opened_since: Some(yesterday), ..open.clone() };
    let overdue = FindingFilter { opened_before: world.due.opened_before(now), ..open.clone() };
    let unassigned = FindingFilter { is_unassigned: true, ..open.clone() };
    let ended = FindingFilter {
        record_states: [RecordState::Archived].into(),
        workflows: Default::default(),
        ended_since: Some(yesterday),
        ..open.clone()
    };
    let incidents = IncidentFilter::default();
    let store = &app.store;
    let (derived, all, new, overdue, unassigned, ended, incidents) = tokio::try_join!(
        app.derived.of(store, &world, Some(&caller)),
        async { Ok(app.counted.of(store, &open).await?) },
        amount(&app, &new),
        amount(&app, &overdue),
        amount(&app, &unassigned),
        amount(&app, &ended),
        async { Ok(store.incidents(&incidents).await?) },
    )?;
    let open = Amount { total: all.total(), severities: all.severities.clone() };
    let worst = counts(&world, &caller, &all);
    let is_open = |it: &Incident| {
        it.record_state == RecordState::Active && matches!(it.workflow, Workflow::New | Workflow::Notified)
    };
    let incidents: Vec<Incident> =
        incidents.into_iter().filter(|it| is_open(it) && is_seen(&caller, it)).collect();
    let (scan, trend, gaps) = match &derived {
        Some(it) => (Some(&it.scan), it.trend.clone(), it.gaps.clone()),
        None => (None, Trend::default(), Gaps::default()),
    };
    let behind = trend.scans.len().saturating_sub(POINTS);
    Ok(Json(Home {
        scan: scan.map(|it| LastScan {
            id: it.id,
            started: it.started,
            finished: it.finished,
            accounts: it.scope.accounts.iter().filter(|account| caller.sees(account)).count(),
            rules: it.scope.rules.len(),
        }),
        points: trend.scans.into_iter().skip(behind).collect(),
        change: trend.change,
        functions: trend.functions,
        open,
        new,
        overdue,
        unassigned,
        ended,
        open_incidents: incidents.len(),
        incidents: incidents.into_iter().take(NAMED).collect(),
        accounts: worst.accounts.into_iter().take(NAMED).collect(),
        projects: worst.projects.into_iter().take(NAMED).collect(),
        rules: worst.rules.into_iter().take(NAMED).collect(),
        gaps,
    }))
}

async fn amount(app: &App, filter: &FindingFilter) -> Result<Amount, Problem> {
    let severities = app.counted.severities(&app.store, filter).await?;
    Ok(Amount { total: severities.values().sum(), severities })
}

/// Scores over time, as a whole and by function, account, project and framework, and the rules that made the difference.
#[utoipa::path(get, path = "/api/scores", tag = "home",
    responses((status = 200, body = Trend), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn scores(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Trend>, Problem> {
    let derived = app.derived.of(&app.store, &app.world(), Some(&caller)).await?;
    derived.map(|it| Json(it.trend.clone())).ok_or_else(|| Problem::not_found("finished scan"))
}
