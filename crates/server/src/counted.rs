//! Counts of findings that were asked for already. They hold until something happens to a finding: its number is that of the newest event.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;
use yagura_store::{BySeverity, FindingCounts, FindingFilter, ReadError, Store};

/// So many filters are remembered.
const KEPT: usize = 256;

/// Answers by what was asked. Who asks the same at the same time waits for one answer.
type Remembered<T> = Mutex<Kept<T>>;

/// What was counted.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    whole: Remembered<FindingCounts>,
    severities: Remembered<BySeverity>,
}

#[derive(Debug)]
struct Kept<T> {
    /// The event that was the newest.
    event: i64,
    by_filter: HashMap<String, Arc<OnceCell<Arc<T>>>>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { event: 0, by_filter: HashMap::new() }
    }
}

fn cell<T>(kept: &Remembered<T>, event: i64, filter: &FindingFilter) -> Arc<OnceCell<Arc<T>>> {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.event != event || kept.by_filter.len() >= KEPT {
        *kept = Kept { event, by_filter: HashMap::new() };
    }
    // Every field is in it, and sets are in order.
    Arc::clone(kept.by_filter.entry(format!("{filter:?}")).or_default())
}

impl Counted {
    /// How many findings a filter lets through, by everything that lists are narrowed by.
    pub(crate) async fn of(
        &self,
        store: &Store,
        filter: &FindingFilter,
    ) -> Result<Arc<FindingCounts>, ReadError> {
        let cell = cell(&self.whole, store.newest_event().await?, filter);
        let counted = cell.get_or_try_init(async || store.count_findings(filter).await.map(Arc::new));
        counted.await.cloned()
    }

    /// How many findings a filter lets through, by severity alone.
    pub(crate) async fn severities(
        &self,
        store: &Store,
        filter: &FindingFilter,
    ) -> Result<Arc<BySeverity>, ReadError> {
        let cell = cell(&self.severities, store.newest_event().await?, filter);
        let counted = cell.get_or_try_init(async || store.count_severities(filter).await.map(Arc::new));
        counted.await.cloned()
    }
}
