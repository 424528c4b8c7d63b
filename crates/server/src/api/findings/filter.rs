//! Which findings a request means.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yagura_model::{Detector, FindingKind, RecordState, Region, ResourceType, Severity, Timestamp, Workflow};
use yagura_store::FindingFilter;

use crate::api::names::Names;
use crate::app::App;
use crate::problem::Problem;
use crate::sign_in::Caller;

/// Whether findings are about the present.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    /// About the present.
    #[default]
    Active,
    /// Ended.
    Archived,
    /// Both.
    All,
}

/// Which findings are wanted; lists are keys that come several times. Without a state of work those are that nobody has accepted or put right, unless
/// findings that ended or a suppression's are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FilterParams {
    /// About the present (`active`), ended (`archived`), or both (`all`).
    #[param(inline, required = false)]
    status: Status,
    /// In these states of work.
    workflow: Vec<Workflow>,
    /// Of these sorts.
    kind: Vec<FindingKind>,
    /// Reported by one of these.
    detector: Vec<Detector>,
    /// At least so severe.
    severity: Option<Severity>,
    /// In these accounts: ids, or globs over their names.
    account: Vec<String>,
    /// In the accounts of these projects.
    project: Vec<String>,
    /// In these regions.
    region: Vec<String>,
    /// Of these rules: ids, globs, or aliases such as `security-hub:EC2.13`.
    rule: Vec<String>,
    /// Of the rules that serve these frameworks.
    framework: Vec<String>,
    /// Of resources of these services: `ec2`.
    service: Vec<String>,
    /// Of resources of these types.
    #[serde(rename = "type")]
    #[param(rename = "type")]
    resource_type: Vec<String>,
    /// Of resources whose id, name or ARN holds this text.
    text: Option<String>,
    /// With one of these people.
    assignee: Vec<String>,
    /// With nobody.
    #[param(required = false)]
    unassigned: bool,
    /// Hidden by one of these suppressions.
    suppression: Vec<String>,
    /// Open for longer than their severity allows.
    #[param(required = false)]
    overdue: bool,
    /// Open since this moment or later.
    #[param(value_type = Option<String>, format = DateTime)]
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Of those that ended, only those that ended at this moment or later.
    #[param(value_type = Option<String>, format = DateTime)]
    #[schema(value_type = Option<String>, format = DateTime)]
    ended: Option<Timestamp>,
}

/// How a page of findings is cut.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageParams {
    /// Those that opened last come first (`newest`), or those that are open for longest (`oldest`); the worst before either.
    #[param(inline, required = false)]
    pub(super) order: Order,
    /// So many at most; 50 where nothing is said, 500 at most.
    pub(super) limit: Option<usize>,
    /// Where the page begins: `Next` of the one before.
    pub(super) after: Option<String>,
}

/// The order of findings that are equally bad.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Order {
    /// Those that opened last come first.
    #[default]
    Newest,
    /// Those that are open for longest come first.
    Oldest,
}

/// The keys of [`PageParams`].
const PAGE_KEYS: [&str; 3] = ["order", "limit", "after"];

/// The query of a list: which findings, and which page of them.
#[derive(Debug)]
pub(crate) struct ListQuery {
    pub(super) filter: FilterParams,
    pub(super) page: PageParams,
}

impl<S: Sync> FromRequestParts<S> for ListQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let (page, filter) = split(parts, &PAGE_KEYS);
        Ok(Self { filter: read(&filter)?, page: read(&page)? })
    }
}

/// The pairs of a query that have one of these keys, and the others.
pub(super) fn split<'p>(parts: &'p Parts, keys: &[&str]) -> (Vec<&'p str>, Vec<&'p str>) {
    let pairs = parts.uri.query().unwrap_or_default().split('&').filter(|it| !it.is_empty());
    pairs.partition(|pair| keys.contains(&pair.split('=').next().unwrap_or_default()))
}

/// Reads pairs of a query.
pub(super) fn read<T: DeserializeOwned>(pairs: &[&str]) -> Result<T, Problem> {
    let read = serde_html_form::from_str(&pairs.join("&"));
    read.map_err(|error| Problem::bad_request(format!("the query of the address: {error}")))
}

impl FilterParams {
    /// The store's filter; `None` when there is nothing that the caller may see. Names that stand for nothing let nothing through: whether something of
    /// that name exists is not told.
    pub(crate) async fn filter(&self, app: &App, caller: &Caller) -> Result<Option<FindingFilter>, Problem> {
        let names = Names {
            accounts: &self.account,
            projects: &self.project,
            rules: &self.rule,
            frameworks: &self.framework,
        };
        let Some((accounts, rules)) = names.meant(app, caller).await? else { return Ok(None) };
        Ok(Some(FindingFilter {
            accounts,
            rules,
            opened_before: if self.overdue {
                app.world().due.opened_before(app.this_minute())
            } else {
                BTreeMap::new()
            },
            ..self.plain()
        }))
    }

    /// What needs no names.
    fn plain(&self) -> FindingFilter {
        let states = match self.status {
            Status::Active => BTreeSet::from([RecordState::Active]),
            Status::Archived => BTreeSet::from([RecordState::Archived]),
            Status::All => BTreeSet::new(),
        };
        let is_open = self.status == Status::Active && self.suppression.is_empty();
        let workflows = match self.workflow.is_empty() {
            true if is_open => BTreeSet::from([Workflow::New, Workflow::Notified]),
            _ => self.workflow.iter().copied().collect(),
        };
        FindingFilter {
            record_states: states,
            workflows,
            kinds: self.kind.iter().copied().collect(),
            detectors: self.detector.iter().copied().collect(),
            min_severity: self.severity,
            regions: self.region.iter().map(|it| Region::from(it.as_str())).collect(),
            services: self.service.iter().cloned().collect(),
            types: self.resource_type.iter().map(|it| ResourceType::from(it.as_str())).collect(),
            text: self.text.clone().filter(|it| !it.is_empty()),
            assignees: self.assignee.iter().cloned().collect(),
            is_unassigned: self.unassigned,
            suppressions: self.suppression.iter().cloned().collect(),
            opened_since: self.since,
            ended_since: self.ended,
            ..FindingFilter::default()
        }
    }
}
