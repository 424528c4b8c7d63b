//! What a scan tells while it runs, and whether it goes on.

use yagura_model::AccountScan;

/// Hears how far a scan has come.
pub trait Progress: Send + Sync {
    /// The scan begins: so many accounts, of which so many were done by an interrupted run before.
    fn begin(&self, accounts: usize, done: usize);

    /// An account is done: what became of it, its violations, and the calls made by the whole scan so far.
    fn account(&self, account: &AccountScan, violations: usize, calls: u64);

    /// All accounts are done.
    fn end(&self);

    /// Whether more accounts are begun. Those that are being read are brought to their end all the same, and the next scan of the same scope takes up the rest.
    fn goes_on(&self) -> bool {
        true
    }
}

/// Says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _accounts: usize, _done: usize) {}

    fn account(&self, _account: &AccountScan, _violations: usize, _calls: u64) {}

    fn end(&self) {}
}
