//! Resources of all accounts and regions: as they are, as they were, and what they have to do with one another.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yagura_model::{
    AccountId, Finding, Region, Resource, ResourceKey, ResourceLine, ResourceType, ScanId, Timestamp,
};
use yagura_store::{Related, ResourceFilter};

use crate::app::App;
use crate::problem::Problem;
use crate::query::Query;
use crate::sign_in::Caller;

/// The most resources of a page.
const LARGEST_PAGE: usize = 500;

/// So many findings about a resource are told.
const FINDINGS: usize = 500;

/// Which resource.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ResourceParams {
    /// Its account's id.
    account: String,
    /// Its region, or `global`.
    region: String,
    /// Its type: `AWS::EC2::SecurityGroup`.
    #[serde(rename = "type")]
    #[param(rename = "type")]
    resource_type: String,
    /// Its id.
    id: String,
}

impl ResourceParams {
    /// The resource that is meant.
    pub(super) fn key(self) -> Result<ResourceKey, Problem> {
        let account =
            AccountId::new(&self.account).map_err(|error| Problem::bad_request(error.to_string()))?;
        Ok(ResourceKey {
            account,
            region: Region::from(self.region.as_str()),
            resource_type: ResourceType::from(self.resource_type.as_str()),
            id: self.id,
        })
    }
}

/// Which resources are wanted; lists are keys that come several times.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListParams {
    /// In these accounts: ids, or globs over their names.
    account: Vec<String>,
    /// In the accounts of these projects.
    project: Vec<String>,
    /// In these regions.
    region: Vec<String>,
    /// Of these types.
    #[serde(rename = "type")]
    #[param(rename = "type")]
    resource_type: Vec<String>,
    /// Whose id, name or ARN holds this text.
    text: Option<String>,
    /// Those that are gone, and not those that are there.
    #[param(required = false)]
    gone: bool,
    /// So many at most; 50 where nothing is said, 500 at most.
    limit: Option<usize>,
    /// Where the page begins: `Next` of the one before.
    after: Option<String>,
}

impl ListParams {
    fn filter(&self, app: &App, caller: &Caller) -> Option<ResourceFilter> {
        let world = app.world();
        let named = world.known(&Default::default()).accounts_named(&self.account, &self.project).ok()?;
        Some(ResourceFilter {
            accounts: caller.narrow(named)?,
            regions: self.region.iter().map(|it| Region::from(it.as_str())).collect(),
            types: self.resource_type.iter().map(|it| ResourceType::from(it.as_str())).collect(),
            text: self.text.clone().filter(|it| !it.is_empty()),
            is_gone: self.gone,
        })
    }
}

/// A page of resources.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ResourceList {
    /// By type, account and region.
    resources: Vec<ResourceLine>,
    /// Where the next page begins; none behind the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A page of resources.
#[utoipa::path(get, path = "/api/resources", tag = "resources", params(ListParams),
    responses((status = 200, body = ResourceList), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(asked): Query<ListParams>,
) -> Result<Json<ResourceList>, Problem> {
    let after = asked.after.as_deref().map(str::parse).transpose();
    let after =
        after.map_err(|error: yagura_store::ResourceCursorError| Problem::bad_request(error.to_string()))?;
    let Some(filter) = asked.filter(&app, &caller) else { return Ok(Json(ResourceList::default())) };
    let limit = asked.limit.unwrap_or(50).clamp(1, LARGEST_PAGE);
    let page = app.store.resource_page(&filter, limit, after).await?;
    Ok(Json(ResourceList { resources: page.resources, next: page.next.map(|it| it.to_string()) }))
}

/// Resources, counted.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ResourceCounts {
    /// All of them.
    total: u64,
    /// By type.
    types: BTreeMap<ResourceType, u64>,
}

/// How many resources there are of each type; the page's keys change nothing.
#[utoipa::path(get, path = "/api/resources/counts", tag = "resources", params(ListParams),
    responses((status = 200, body = ResourceCounts), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn count(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(asked): Query<ListParams>,
) -> Result<Json<ResourceCounts>, Problem> {
    let Some(filter) = asked.filter(&app, &caller) else { return Ok(Json(ResourceCounts::default())) };
    let types = app.store.count_resources(&filter).await?;
    Ok(Json(ResourceCounts { total: types.values().sum(), types }))
}

/// A resource as it was from some moment on.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Version {
    /// The scan that found it so.
    scan: ScanId,
    /// When that scan began.
    at: Timestamp,
    /// The resource; none when it was gone.
    resource: Option<Resource>,
}

/// The versions of a resource.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct VersionList {
    /// The oldest first.
    versions: Vec<Version>,
}

/// A resource with its configuration, as it is and as it was.
#[utoipa::path(get, path = "/api/resources/versions", tag = "resources", params(ResourceParams),
    responses((status = 200, body = VersionList), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn versions(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(asked): Query<ResourceParams>,
) -> Result<Json<VersionList>, Problem> {
    let key = asked.key()?;
    if !caller.sees(&key.account) {
        return Err(Problem::not_found("resource"));
    }
    let found = app.store.resource_history(&key).await?;
    if found.is_empty() {
        return Err(Problem::not_found("resource"));
    }
    let versions = found.into_iter().map(|it| Version { scan: it.scan, at: it.at, resource: it.resource });
    Ok(Json(VersionList { versions: versions.collect() }))
}

/// A resource at the other end of an arrow.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RelatedResource {
    /// Its type.
    resource_type: ResourceType,
    /// Its id or ARN, as the relationship has it.
    id: String,
    /// The resource; none where it was never read.
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<ResourceLine>,
}

impl From<Related> for RelatedResource {
    fn from(Related { resource_type, id, resource }: Related) -> Self {
        Self { resource_type, id, resource }
    }
}

/// What a resource has to do with others, and what is wrong with it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Surroundings {
    /// What it points to.
    points_to: Vec<RelatedResource>,
    /// What of its account points to it.
    pointed_to_by: Vec<RelatedResource>,
    /// The findings about it, those that are open and worst first.
    findings: Vec<Finding>,
}

/// What a resource points to, what points to it, and the findings about it.
#[utoipa::path(get, path = "/api/resources/related", tag = "resources", params(ResourceParams),
    responses((status = 200, body = Surroundings), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn related(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(asked): Query<ResourceParams>,
) -> Result<Json<Surroundings>, Problem> {
    let key = asked.key()?;
    if !caller.sees(&key.account) {
        return Err(Problem::not_found("resource"));
    }
    let findings = app.store.findings_about(&key, FINDINGS).await?;
    let versions = app.store.resource_history(&key).await?;
    // What is gone is told with what it had to do with others last.
    let resource = versions.into_iter().rev().find_map(|it| it.resource);
    if resource.is_none() && findings.is_empty() {
        return Err(Problem::not_found("resource"));
    }
    let (to, from) = match &resource {
        Some(resource) => app.store.related(resource).await?,
        None => Default::default(),
    };
    Ok(Json(Surroundings {
        points_to: to.into_iter().map(RelatedResource::from).collect(),
        pointed_to_by: from.into_iter().map(RelatedResource::from).collect(),
        findings,
    }))
}
