//! Resources as they are and as they were.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yagura_model::{AccountId, Region, Resource, ResourceKey, ResourceType, ScanId, Timestamp};

use crate::app::App;
use crate::problem::Problem;
use crate::query::Query;
use crate::sign_in::Caller;

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
    let account = AccountId::new(&asked.account).map_err(|error| Problem::bad_request(error.to_string()))?;
    if !caller.sees(&account) {
        return Err(Problem::not_found("resource"));
    }
    let key = ResourceKey {
        account,
        region: Region::from(asked.region.as_str()),
        resource_type: ResourceType::from(asked.resource_type.as_str()),
        id: asked.id,
    };
    let found = app.store.resource_history(&key).await?;
    if found.is_empty() {
        return Err(Problem::not_found("resource"));
    }
    let versions = found.into_iter().map(|it| Version { scan: it.scan, at: it.at, resource: it.resource });
    Ok(Json(VersionList { versions: versions.collect() }))
}
