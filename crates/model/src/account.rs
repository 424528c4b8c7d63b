//! Accounts and the organisation that holds them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountId, Partition};

/// Whether an account can be used, as Organizations says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccountStatus {
    /// In use.
    Active,
    /// Closed by its owner or by AWS; nothing can be read there.
    Suspended,
    /// On its way to being closed.
    PendingClosure,
    /// Invited or created, not yet usable.
    PendingActivation,
}

/// One AWS account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Account {
    /// Its twelve digits.
    pub id: AccountId,
    /// The name given in Organizations; empty when it is not known.
    #[serde(default)]
    pub name: String,
    /// The names of the organisational units from the root down: `Root/Workloads/Prod`.
    #[serde(default)]
    pub ou_path: String,
    /// The ids on the same way: `r-ab12`, `ou-ab12-cdefghij`.
    #[serde(default)]
    pub ou_ids: Vec<String>,
    /// Tags in Organizations.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// Whether it can be used.
    pub status: AccountStatus,
    /// Whether it is the organisation's management account.
    #[serde(default)]
    pub management: bool,
}

impl Account {
    /// An active account of which only the id is known.
    #[must_use]
    pub fn bare(id: AccountId) -> Self {
        Self {
            id,
            name: String::new(),
            ou_path: String::new(),
            ou_ids: Vec::new(),
            tags: BTreeMap::new(),
            status: AccountStatus::Active,
            management: false,
        }
    }
}

/// What a scan knows about the organisation around the accounts.
///
/// `id` is `None` when the caller may not see an organisation or there is none: then nobody but the account itself
/// can be called an insider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Organization {
    /// `o-` and ten or more characters.
    pub id: Option<String>,
    /// The account that pays and rules.
    pub management_account: Option<AccountId>,
    /// Where all accounts live.
    pub partition: Partition,
    /// Every account known, by id: those that are scanned and those that are skipped.
    pub accounts: BTreeMap<AccountId, Account>,
}

impl Organization {
    /// No organisation is known: one account, itself.
    #[must_use]
    pub fn of_one(account: Account, partition: Partition) -> Self {
        let accounts = BTreeMap::from([(account.id.clone(), account)]);
        Self { id: None, management_account: None, partition, accounts }
    }
}
