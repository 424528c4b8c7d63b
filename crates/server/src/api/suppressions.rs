//! Suppressions: findings that are accepted for a time. Somebody asks, somebody else agrees, and only then anything is hidden.

mod scope;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yagura_model::{Permission, RuleId, Timestamp};
use yagura_posture::{HIDDEN_UNSAID, Suppression};
use yagura_store::{Requested, SuppressionRequest};
use yagura_triage::{Concern, Known, Placed, StoredError};

use crate::app::App;
use crate::problem::Problem;
use crate::query::{Body, Part};
use crate::route::AuditNote;
use crate::sign_in::Caller;
use scope::{LONGEST, MOST, Scope};

/// So many of one person wait for somebody to agree: whoever agrees looks at each.
const WAITING: u32 = 100;

/// How a suppression stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum SuppressionState {
    /// Nobody has agreed yet: it hides nothing.
    Requested,
    /// It hides.
    Active,
    /// Its last day is over: it hides nothing any more.
    Ended,
}

/// A suppression, and how it stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SuppressionLine {
    /// What it is called.
    name: String,
    /// How it stands.
    state: SuppressionState,
    /// Which findings it means.
    scope: Scope,
    /// Why they are accepted.
    reason: String,
    /// What protects instead.
    compensating_control: String,
    /// Who asked for it.
    requester: String,
    /// When; none for those that were made by command or stand in a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    requested_at: Option<Timestamp>,
    /// Who agreed to it; empty until somebody has.
    approver: String,
    /// The last day (UTC) on which it holds.
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Date>,
    /// Whole days until then; negative when it is over.
    days_left: i64,
    /// Whether it ends within two weeks.
    ends_soon: bool,
    /// How many findings it hides now, or would hide.
    hides: u64,
    /// The file that it stands in, and has to be changed in; none for those of the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

/// Suppressions.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SuppressionList {
    /// Those that wait for somebody first, then those that end first.
    suppressions: Vec<SuppressionLine>,
}

/// Suppressions as they stand now, and what names in them stand for.
struct Standing<'w> {
    known: Known<'w>,
    all: Vec<Placed>,
    requests: Vec<SuppressionRequest>,
    hidden: BTreeMap<String, u64>,
    now: Timestamp,
}

impl<'w> Standing<'w> {
    async fn read(app: &App, known: Known<'w>) -> Result<Self, Problem> {
        Ok(Self {
            known,
            all: all(app).await?,
            requests: app.store.suppression_requests().await?,
            hidden: app.store.hidden().await?,
            now: app.now(),
        })
    }

    fn line(&self, it: &Suppression, state: SuppressionState) -> SuppressionLine {
        SuppressionLine {
            name: it.name.clone(),
            state,
            scope: Scope::of(it),
            reason: it.reason.clone(),
            compensating_control: it.compensating_control.clone(),
            requester: it.requester.clone(),
            requested_at: None,
            approver: it.approver.clone(),
            until: it.until,
            days_left: it.days_left(self.now),
            ends_soon: it.ends_soon(self.now),
            hides: self.hidden.get(&it.name).copied().unwrap_or_default(),
            file: None,
        }
    }

    fn placed(&self, Placed { suppression, file }: &Placed) -> SuppressionLine {
        let holds = suppression.holds(self.now);
        let state = if holds { SuppressionState::Active } else { SuppressionState::Ended };
        SuppressionLine { file: file.clone(), ..self.line(suppression, state) }
    }

    async fn requested(&self, app: &App, it: &SuppressionRequest) -> Result<SuppressionLine, Problem> {
        let suppression = read(it)?;
        let hides = app.store.would_hide(&self.known.hiding(&suppression)).await?;
        let line = self.line(&suppression, SuppressionState::Requested);
        Ok(SuppressionLine { requested_at: Some(it.requested_at), hides, ..line })
    }

    /// Whether a caller may know of a suppression: members, of those that are about their accounts and no others.
    fn is_seen(&self, caller: &Caller, it: &Suppression) -> bool {
        if !caller.is_member() {
            return true;
        }
        let accounts = self.known.hiding(it).filter.map(|it| it.accounts).unwrap_or_default();
        !accounts.is_empty() && accounts.iter().all(|it| caller.sees(it))
    }
}

/// Every suppression that somebody agreed to.
async fn all(app: &App) -> Result<Vec<Placed>, Problem> {
    let mut all = app.world().suppressions.all.clone();
    all.extend(yagura_triage::stored(&app.store).await.map_err(unreadable)?);
    Ok(yagura_triage::unique(all).0)
}

fn unreadable(error: StoredError) -> Problem {
    match error {
        StoredError::Database(error) => error.into(),
        error @ StoredError::Unreadable { .. } => Problem::internal(&error),
    }
}

fn read(request: &SuppressionRequest) -> Result<Suppression, Problem> {
    serde_json::from_str(&request.body).map_err(|error| Problem::internal(&error))
}

/// Suppressions: those that wait for somebody to agree, those that hide, and those that ended.
#[utoipa::path(get, path = "/api/suppressions", tag = "suppressions",
    responses((status = 200, body = SuppressionList), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<SuppressionList>, Problem> {
    let (world, reported) = (app.world(), app.store.reported_rules().await?);
    let standing = Standing::read(&app, world.known(&reported)).await?;
    let mut lines = Vec::new();
    for it in &standing.requests {
        if standing.is_seen(&caller, &read(it)?) {
            lines.push(standing.requested(&app, it).await?);
        }
    }
    let placed = standing.all.iter().filter(|it| standing.is_seen(&caller, &it.suppression));
    lines.extend(placed.map(|it| standing.placed(it)));
    lines.sort_by(|a, b| (a.state, a.days_left, &a.name).cmp(&(b.state, b.days_left, &b.name)));
    Ok(Json(SuppressionList { suppressions: lines }))
}

/// A suppression that somebody asks for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct SuppressionDraft {
    /// What it is called; no other has the name.
    name: String,
    /// Which findings it means. Members of projects name accounts or projects of theirs.
    scope: Scope,
    /// Why they are accepted.
    reason: String,
    /// What protects instead.
    #[serde(default)]
    compensating_control: String,
    /// The last day (UTC) on which it holds: `2026-12-31`.
    #[schema(value_type = String, format = Date)]
    until: Date,
    /// How many findings it hides, where that is more than 20.
    #[serde(default)]
    expected: Option<u64>,
    /// Only tells how many findings it would hide; nothing is asked for.
    #[serde(default)]
    dry_run: bool,
}

/// What came of asking.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SuppressionAsked {
    /// How many findings it would hide now.
    would_hide: u64,
    /// Of which rules, at most 50.
    rules: Vec<RuleId>,
    /// Whether it waits for somebody to agree now; not after a dry run.
    requested: bool,
}

/// Asks for a suppression. It hides nothing until somebody else agrees to it.
#[utoipa::path(post, path = "/api/suppressions", tag = "suppressions", request_body = SuppressionDraft,
    responses((status = 200, body = SuppressionAsked), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn request(
    State(app): State<Arc<App>>,
    caller: Caller,
    Extension(note): Extension<AuditNote>,
    Body(asked): Body<SuppressionDraft>,
) -> Result<Json<SuppressionAsked>, Problem> {
    let SuppressionDraft { name, scope, reason, compensating_control, until, expected, dry_run } = asked;
    let is_short = [&name, &reason, &compensating_control].into_iter().all(|it| it.len() <= LONGEST);
    if !is_short || !scope.is_small() {
        let told = format!("a text has at most {LONGEST} bytes, and a list {MOST} entries");
        return Err(Problem::bad_request(told));
    }
    let requester = caller.user().name.clone();
    let (name, until) = (name.trim().to_owned(), Some(until));
    let mut suppression =
        Suppression { name, reason, compensating_control, requester, until, ..scope.into_suppression() };
    note.what(format!("suppression `{}`", suppression.name));
    let (world, reported) = (app.world(), app.store.reported_rules().await?);
    let wrong =
        |error: yagura_posture::SuppressionError| Problem::bad_request(format!("{error}: {}", error.help()));
    suppression.check_request(&world.projects).map_err(wrong)?;
    if !suppression.holds(app.now()) {
        return Err(Problem::bad_request("it would have ended already: name a later day in `Until`"));
    }
    let standing = Standing::read(&app, world.known(&reported)).await?;
    if !standing.is_seen(&caller, &suppression) {
        return Err(Problem::not_found("account or project that it could be about"));
    }
    let hiding = standing.known.hiding(&suppression);
    let would_hide = app.store.would_hide(&hiding).await?;
    let rules = match &hiding.filter {
        // What other detectors report elsewhere is not for members to know.
        Some(filter) if caller.is_member() => {
            app.counted.of(&app.store, filter).await?.rules.keys().take(50).cloned().collect()
        }
        Some(filter) => filter.rules.iter().take(50).cloned().collect(),
        None => Vec::new(),
    };
    if dry_run {
        return Ok(Json(SuppressionAsked { would_hide, rules, requested: false }));
    }
    if would_hide > HIDDEN_UNSAID && expected.is_none_or(|it| it < would_hide) {
        return Err(Problem::conflict(format!(
            "it would hide {would_hide} findings: narrow it, or say that all of them are meant with `Expected`"
        )));
    }
    suppression.may_hide = (would_hide > HIDDEN_UNSAID).then_some(would_hide);
    if standing.all.iter().any(|it| it.suppression.name == suppression.name) {
        return Err(taken(&suppression.name));
    }
    let body = serde_json::to_string(&suppression).map_err(|error| Problem::internal(&error))?;
    let request = SuppressionRequest {
        name: suppression.name.clone(),
        body,
        requester: suppression.requester.clone(),
        requested_at: app.now(),
    };
    match app.store.request_suppression(&request, WAITING).await? {
        Requested::Waits => Ok(Json(SuppressionAsked { would_hide, rules, requested: true })),
        Requested::Taken => Err(taken(&suppression.name)),
        Requested::TooMany => Err(Problem::too_many_waiting(WAITING)),
    }
}

fn taken(name: &str) -> Problem {
    Problem::conflict(format!("there is a suppression `{name}` already: give this one another name"))
}

/// What came of a change: how many findings were hidden, and how many came back.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SuppressionDone {
    /// So many were hidden.
    hidden: u64,
    /// So many came back.
    returned: u64,
}

/// Agrees to a suppression that somebody else asked for: it hides from now on.
#[utoipa::path(post, path = "/api/suppressions/{name}/approve", tag = "suppressions", params(("name" = String, Path)),
    responses((status = 200, body = SuppressionDone), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn approve(
    State(app): State<Arc<App>>,
    caller: Caller,
    Extension(note): Extension<AuditNote>,
    Part(name): Part<String>,
) -> Result<Json<SuppressionDone>, Problem> {
    note.what(format!("suppression `{name}`"));
    // One at a time: each applies all that there are.
    let _turn = app.suppressing.lock().await;
    let requests = app.store.suppression_requests().await?;
    let request = requests.into_iter().find(|it| it.name == name);
    let request =
        request.ok_or_else(|| Problem::not_found("suppression that waits for somebody to agree"))?;
    let suppression = Suppression { approver: caller.user().name.clone(), ..read(&request)? };
    let (world, reported) = (app.world(), app.store.reported_rules().await?);
    suppression
        .check(&world.projects)
        .map_err(|error| Problem::conflict(format!("{error}: {}", error.help())))?;
    if !suppression.holds(app.now()) {
        return Err(Problem::conflict("its last day is over: refuse it, and let it be asked for again"));
    }
    let known = world.known(&reported);
    let would = app.store.would_hide(&known.hiding(&suppression)).await?;
    if would > suppression.may_hide.unwrap_or(HIDDEN_UNSAID) {
        return Err(Problem::conflict(format!(
            "it would hide {would} findings by now, which is more than was asked for: refuse it, and let it be asked for again"
        )));
    }
    let body = serde_json::to_string(&suppression).map_err(|error| Problem::internal(&error))?;
    if !app.store.approve_suppression(&request, &body).await? {
        return Err(Problem::conflict("somebody changed it meanwhile: look again"));
    }
    apply(&app, &known, None).await.map(Json)
}

async fn apply(app: &App, known: &Known<'_>, removed: Option<&str>) -> Result<SuppressionDone, Problem> {
    let (world, concern) = (app.world(), Concern::Own { removed });
    let done = yagura_triage::apply(&app.store, &world.suppressions, concern, known, app.now()).await;
    let done = done.map_err(unreadable)?;
    Ok(SuppressionDone { hidden: done.hidden.hidden, returned: done.hidden.returned })
}

/// Takes a suppression away, and its findings come back; or refuses one that was asked for. Requests may be taken back by whoever asked; everything
/// else takes the permission to approve.
#[utoipa::path(delete, path = "/api/suppressions/{name}", tag = "suppressions", params(("name" = String, Path)),
    responses((status = 200, body = SuppressionDone), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn remove(
    State(app): State<Arc<App>>,
    caller: Caller,
    Extension(note): Extension<AuditNote>,
    Part(name): Part<String>,
) -> Result<Json<SuppressionDone>, Problem> {
    note.what(format!("suppression `{name}`"));
    let _turn = app.suppressing.lock().await;
    let (world, reported) = (app.world(), app.store.reported_rules().await?);
    let standing = Standing::read(&app, world.known(&reported)).await?;
    let may_approve = caller.permission() >= Permission::Approve;
    if let Some(request) = standing.requests.iter().find(|it| it.name == name) {
        if !standing.is_seen(&caller, &read(request)?) {
            return Err(Problem::not_found("suppression"));
        }
        if !may_approve && request.requester != caller.user().name {
            return Err(Problem::forbidden("only who asked for it, or an approver, takes it back"));
        }
        app.store.drop_suppression_request(&name).await?;
        return Ok(Json(SuppressionDone { hidden: 0, returned: 0 }));
    }
    let found = standing.all.iter().find(|it| it.suppression.name == name);
    let found = found.filter(|it| standing.is_seen(&caller, &it.suppression));
    let found = found.ok_or_else(|| Problem::not_found("suppression"))?;
    if !may_approve {
        return Err(Problem::forbidden("to take a suppression away takes the permission to approve"));
    }
    if let Some(file) = &found.file {
        return Err(Problem::conflict(format!("it stands in `{file}`: take it out there")));
    }
    app.store.remove_suppression(&name).await?;
    apply(&app, &standing.known, Some(&name)).await.map(Json)
}
