//! One account as a scan found it: checked and digested where it was judged, so that nobody waits for that while the store is written.

use yagura_model::{AccountId, AccountScan, Evaluation, Inventory, ResourceKey};

use super::WriteError;
use super::coverage::{self, Alike};
use super::judgements::{self, Said};
use crate::content::{self, Digest};

/// One account of a scan, ready to be written.
#[derive(Debug)]
pub struct AccountRecord {
    pub(super) scan: AccountScan,
    pub(super) inventory: Option<Inventory>,
    pub(super) evaluations: Vec<Evaluation>,
    /// Of each resource, in the order of the inventory.
    pub(super) digests: Vec<Digest>,
    pub(super) coverage: Vec<Alike>,
    pub(super) said: Vec<Said>,
}

impl AccountRecord {
    /// Checks and digests an account.
    ///
    /// `inventory` is `None` when nothing could be read. Evaluations are best given in the order of outputs; then they
    /// are written as they come.
    ///
    /// # Errors
    ///
    /// [`WriteError`] for what would make the tables lie: a resource of another account, or two answers to one question.
    pub fn new(
        scan: AccountScan,
        inventory: Option<Inventory>,
        evaluations: Vec<Evaluation>,
    ) -> Result<Self, WriteError> {
        let resources = || inventory.iter().flat_map(|it| &it.resources);
        let account = &scan.account.id;
        check(account, resources().map(|it| &it.key), &evaluations)?;
        let failed = |source| WriteError::Text { account: account.clone(), source };
        let digests = resources().map(content::digest).collect::<serde_json::Result<_>>().map_err(failed)?;
        let said = judgements::gather(&evaluations).map_err(failed)?;
        let coverage = inventory.as_ref().map(|it| coverage::gather(&it.coverage)).unwrap_or_default();
        Ok(Self { scan, inventory, evaluations, digests, coverage, said })
    }

    /// How the account fared.
    pub fn scan(&self) -> &AccountScan {
        &self.scan
    }

    /// What the rules say.
    pub fn evaluations(&self) -> &[Evaluation] {
        &self.evaluations
    }
}

/// Refuses what would make the tables lie.
fn check<'a>(
    account: &AccountId,
    resources: impl Iterator<Item = &'a ResourceKey>,
    evaluations: &'a [Evaluation],
) -> Result<(), WriteError> {
    let mut keys = resources.chain(evaluations.iter().map(|it| &it.resource));
    if let Some(resource) = keys.find(|key| key.account != *account) {
        let resource = Box::new(resource.clone());
        return Err(WriteError::Elsewhere { account: account.clone(), resource });
    }
    if !evaluations.is_sorted_by(|a, b| a.sort_key() < b.sort_key()) {
        let mut sorted: Vec<&Evaluation> = evaluations.iter().collect();
        sorted.sort_by_key(|it| it.sort_key());
        if let Some([_, it]) = sorted.array_windows().find(|[a, b]| a.sort_key() == b.sort_key()) {
            let resource = Box::new(it.resource.clone());
            return Err(WriteError::JudgedTwice { rule: it.rule.clone(), resource });
        }
    }
    Ok(())
}
