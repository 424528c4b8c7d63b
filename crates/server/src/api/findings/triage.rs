//! What people do about findings, one or many at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yagura_model::{Permission, Workflow};
use yagura_store::{Selection, Triage};

use super::filter::FilterParams;
use crate::app::App;
use crate::problem::Problem;
use crate::query::Body;
use crate::route::AuditNote;
use crate::sign_in::Caller;

/// So many findings are named one by one.
const NAMED: usize = 1_000;

/// So many characters has a comment at most.
const LONGEST: usize = 10_000;

/// What is to be done about which findings.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct TriageRequest {
    /// These findings, at most 1,000.
    #[serde(default)]
    ids: BTreeSet<String>,
    /// Or whatever this lets through: the members are the list's keys.
    #[serde(default)]
    filter: Option<FilterParams>,
    /// With a filter, how many findings the person saw. When there are others by now, nothing is done.
    #[serde(default)]
    expected: Option<u64>,
    /// The new state of work. To accept findings by hand (`SUPPRESSED`) takes an approver.
    #[serde(default)]
    workflow: Option<Workflow>,
    /// Who takes care of them from now on; an empty name means nobody.
    #[serde(default)]
    assignee: Option<String>,
    /// The reason, or a comment by itself.
    #[serde(default)]
    comment: Option<String>,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TriageResult {
    /// How many findings were meant.
    meant: u64,
    /// How many of them changed.
    changed: u64,
}

/// Assigns findings, comments on them, or moves them on.
#[utoipa::path(post, path = "/api/findings/triage", tag = "findings", request_body = TriageRequest,
    responses((status = 200, body = TriageResult), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn triage(
    State(app): State<Arc<App>>,
    caller: Caller,
    Extension(note): Extension<AuditNote>,
    Body(asked): Body<TriageRequest>,
) -> Result<Json<TriageResult>, Problem> {
    let what = Triage { workflow: asked.workflow, assignee: asked.assignee, comment: asked.comment };
    check(&what, &caller)?;
    let which = match (asked.ids.is_empty(), &asked.filter) {
        (false, None) => named(&app, &caller, asked.ids).await?,
        (true, Some(filter)) => {
            let Some(filter) = filter.filter(&app, &caller).await? else {
                return Ok(Json(TriageResult { meant: 0, changed: 0 }));
            };
            let Some(expected) = asked.expected else {
                return Err(Problem::bad_request(
                    "with a filter, `Expected` says how many findings are meant",
                ));
            };
            Selection::Counted(Box::new(filter), expected)
        }
        _ => return Err(Problem::bad_request("either `Ids` or `Filter` says which findings are meant")),
    };
    let done = app.store.triage(&which, &what, &caller.user().name, app.now()).await?;
    note.what(told(&which, &what, done.changed));
    Ok(Json(TriageResult { meant: done.meant, changed: done.changed }))
}

fn check(what: &Triage, caller: &Caller) -> Result<(), Problem> {
    if *what == Triage::default() {
        return Err(Problem::bad_request("`Workflow`, `Assignee` or `Comment` says what is to be done"));
    }
    let texts = [what.assignee.as_deref(), what.comment.as_deref()].into_iter().flatten();
    if texts.clone().any(|it| it.chars().count() > LONGEST) {
        return Err(Problem::bad_request(format!("a text has at most {LONGEST} characters")));
    }
    if what.workflow == Some(Workflow::Suppressed) && caller.permission() < Permission::Approve {
        return Err(Problem::forbidden("to accept findings takes the permission to approve"));
    }
    Ok(())
}

/// Findings by their ids, when the caller sees all of them.
async fn named(app: &App, caller: &Caller, ids: BTreeSet<String>) -> Result<Selection, Problem> {
    if ids.len() > NAMED {
        return Err(Problem::bad_request(format!(
            "at most {NAMED} findings are named at once; a filter means more"
        )));
    }
    if caller.is_member() {
        for id in &ids {
            let finding = app.store.finding(id).await?;
            if finding.is_none_or(|it| !caller.sees(&it.resource.account)) {
                return Err(Problem::not_found("finding"));
            }
        }
    }
    Ok(Selection::Ids(ids))
}

/// For the audit log.
fn told(which: &Selection, what: &Triage, changed: u64) -> String {
    let which = match which {
        Selection::Ids(ids) => ids.iter().take(20).cloned().collect::<Vec<_>>().join(" "),
        Selection::Filter(_) | Selection::Counted(..) => "by filter".to_owned(),
    };
    let mut told = format!("{changed} findings ({which})");
    if let Some(workflow) = what.workflow {
        told.push_str(&format!(", to {}", workflow.as_str()));
    }
    if let Some(assignee) = &what.assignee {
        told.push_str(&format!(", to {}", if assignee.is_empty() { "nobody" } else { assignee }));
    }
    if what.comment.is_some() {
        told.push_str(", with a comment");
    }
    told
}
