//! Counts of findings that were asked for already. They hold until something happens to a finding: its number is that of the newest event.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;
use yagura_store::{FindingCounts, FindingFilter, ReadError, Store};

/// So many filters are remembered.
const KEPT: usize = 256;

type Cell = Arc<OnceCell<Arc<FindingCounts>>>;

/// What was counted.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// The event that was the newest.
    event: i64,
    by_filter: HashMap<String, Cell>,
}

impl Counted {
    fn cell(&self, event: i64, filter: &FindingFilter) -> Cell {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.event != event || kept.by_filter.len() >= KEPT {
            *kept = Kept { event, by_filter: HashMap::new() };
        }
        // Every field is in it, and sets are in order.
        Arc::clone(kept.by_filter.entry(format!("{filter:?}")).or_default())
    }

    /// How many findings a filter lets through. Who asks the same at the same time waits for one count.
    pub(crate) async fn of(
        &self,
        store: &Store,
        filter: &FindingFilter,
    ) -> Result<Arc<FindingCounts>, ReadError> {
        let cell = self.cell(store.newest_event().await?, filter);
        let counted = cell.get_or_try_init(async || store.count_findings(filter).await.map(Arc::new));
        counted.await.cloned()
    }
}
