//! What a person sees while accounts are read.

use std::sync::atomic::{AtomicU64, Ordering};

use yagura_model::{AccountId, ReadStatus, Region};

/// Hears of every call that ended. Called from many places at once; MUST return at once.
pub trait Progress: Send + Sync {
    /// A call of this account ended so.
    fn call_ended(&self, account: &AccountId, region: &Region, status: &ReadStatus);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn call_ended(&self, _account: &AccountId, _region: &Region, _status: &ReadStatus) {}
}

/// Counts calls for a whole run.
#[derive(Debug, Default)]
pub struct Counters {
    calls: AtomicU64,
    gaps: AtomicU64,
}

impl Counters {
    /// Calls that ended.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Those among them that left a gap.
    pub fn gaps(&self) -> u64 {
        self.gaps.load(Ordering::Relaxed)
    }
}

impl Progress for Counters {
    fn call_ended(&self, _account: &AccountId, _region: &Region, status: &ReadStatus) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        if !status.is_known() {
            self.gaps.fetch_add(1, Ordering::Relaxed);
        }
    }
}
