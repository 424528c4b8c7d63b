//! Where inventories come from: AWS, or a snapshot of it.

use futures::future::BoxFuture;
use thiserror::Error;
use yagura_inventory::{Plan, SnapshotReadError};
use yagura_model::{Account, AccountId, Inventory, Organization};

use crate::{RegionFilter, Selection};

/// Why a source gave no inventory of an account.
#[derive(Debug, Error)]
pub enum SourceError {
    /// Nothing of the account could be read: that is a result, and the others are read all the same.
    #[error("account {account} cannot be read: {error}")]
    Unreachable {
        /// The account.
        account: AccountId,
        /// The role that could not be assumed, if that was it.
        role: Option<String>,
        /// What AWS or the network said; for people, without secrets.
        error: String,
    },
    /// The recording itself is broken: nothing that it says can be relied on.
    #[error(transparent)]
    Recording(#[from] SnapshotReadError),
}

/// Gives the inventory of one account after the other.
///
/// # Contract
///
/// - **Honest.** What could not be read is in the inventory's coverage, unread fields and unlisted types; an account of
///   which nothing could be read is [`SourceError::Unreachable`], and never stops the others.
/// - **Bounded.** An inventory is given away and forgotten.
pub trait Source: Send + Sync {
    /// What is known of the organisation.
    fn organization(&self) -> &Organization;

    /// The accounts to read and those to skip.
    fn selection(&self) -> &Selection;

    /// The regions asked for. Resources elsewhere may be read for what they do there, but are not judged.
    fn regions(&self) -> &RegionFilter;

    /// What shapes the result beside rules and packs: two sources with the same text give the same accounts.
    fn identity(&self) -> String;

    /// Reads one account of the selection.
    fn inventory<'a>(
        &'a self,
        account: &'a Account,
        plan: &'a Plan,
    ) -> BoxFuture<'a, Result<Inventory, SourceError>>;

    /// How many calls were made so far; 0 when none are needed.
    fn calls(&self) -> u64 {
        0
    }
}
