//! Accounts and the projects that they belong to.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use yagura_model::{Account, AccountScan, ProjectAccounts};

use crate::app::App;
use crate::problem::Problem;
use crate::sign_in::Caller;

/// An account, and how the last scan fared there.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AccountDetail {
    /// The account.
    account: Account,
    /// The projects that hold it.
    projects: Vec<String>,
    /// How the last scan fared there; none when it left the account out.
    #[serde(skip_serializing_if = "Option::is_none")]
    scan: Option<AccountScan>,
}

/// Accounts.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AccountList {
    /// By id.
    accounts: Vec<AccountDetail>,
}

/// The accounts of the organisation, and how the last scan fared in each.
#[utoipa::path(get, path = "/api/accounts", tag = "accounts",
    responses((status = 200, body = AccountList), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn accounts(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<AccountList>, Problem> {
    let mut scanned = match app.store.latest_whole_scan().await? {
        Some(scan) => app.store.accounts(scan.id).await?,
        None => Vec::new(),
    };
    let world = app.world();
    let accounts = world.accounts.values().filter(|it| caller.sees(&it.id)).map(|account| {
        let place = scanned.iter().position(|it| it.account.id == account.id);
        let held = world.projects.iter().filter(|it| it.holds(account) && caller.is_told_of(&it.name));
        AccountDetail {
            projects: held.map(|it| it.name.clone()).collect(),
            scan: place.map(|place| scanned.swap_remove(place)),
            account: account.clone(),
        }
    });
    Ok(Json(AccountList { accounts: accounts.collect() }))
}

/// Projects.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ProjectList {
    /// In the order of the configuration.
    projects: Vec<ProjectAccounts>,
}

/// The projects that the caller sees, and their accounts.
#[utoipa::path(get, path = "/api/projects", tag = "accounts",
    responses((status = 200, body = ProjectList), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn projects(State(app): State<Arc<App>>, caller: Caller) -> Json<ProjectList> {
    let world = app.world();
    let projects = world.projects.iter().filter(|it| caller.is_told_of(&it.name)).map(|project| {
        let held = world.accounts.values().filter(|it| project.holds(it));
        let named = held.map(|it| yagura_model::NamedAccount { id: it.id.clone(), name: it.name.clone() });
        ProjectAccounts { name: project.name.clone(), accounts: named.collect() }
    });
    Json(ProjectList { projects: projects.collect() })
}
