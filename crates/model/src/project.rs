//! Projects: accounts that belong together, and whether every account is of one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::AccountId;

/// Projects and accounts, put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ProjectMap {
    /// Every project, in the configuration's order.
    pub projects: Vec<ProjectAccounts>,
    /// Accounts in use that are in no project: nobody is told about them.
    pub in_none: Vec<NamedAccount>,
    /// Accounts that are in several.
    pub in_several: Vec<SharedAccount>,
    /// Ids that projects name and the organisation does not have: a mistake, or an account that is gone.
    pub unknown: Vec<UnknownAccount>,
}

/// A project's accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ProjectAccounts {
    /// The project.
    pub name: String,
    /// Its accounts, by id.
    pub accounts: Vec<NamedAccount>,
}

/// An account, as people know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct NamedAccount {
    /// Its id.
    pub id: AccountId,
    /// Its name; empty when it is not known.
    pub name: String,
}

/// An account of several projects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct SharedAccount {
    /// The account.
    #[serde(flatten)]
    pub account: NamedAccount,
    /// The projects' names.
    pub projects: Vec<String>,
}

/// An id that is no account's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct UnknownAccount {
    /// The id.
    pub id: String,
    /// The project that names it.
    pub project: String,
}
