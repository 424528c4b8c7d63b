//! Counts of findings: what they are counted by is kept in memory, and what was counted is remembered until something happens to a finding.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OnceCell, RwLock, RwLockReadGuard};
use yagura_store::{BySeverity, FindingColumns, FindingCounts, FindingFilter, ReadError, Store};

/// So many filters are remembered.
const KEPT: usize = 256;

/// What was counted.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    columns: RwLock<FindingColumns>,
    /// Answers by what was asked.
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// The event that was the newest.
    event: i64,
    /// Who asks the same at the same time waits for one answer.
    by_filter: HashMap<String, Arc<OnceCell<Arc<FindingCounts>>>>,
}

impl Counted {
    /// How many findings a filter lets through, by everything that lists are narrowed by.
    pub(crate) async fn of(
        &self,
        store: &Store,
        filter: &FindingFilter,
    ) -> Result<Arc<FindingCounts>, ReadError> {
        let cell = self.cell(store.newest_event().await?, filter);
        let counted = cell.get_or_try_init(async || self.count(store, filter).await.map(Arc::new));
        counted.await.cloned()
    }

    /// How many findings a filter lets through, by severity alone.
    pub(crate) async fn severities(
        &self,
        store: &Store,
        filter: &FindingFilter,
    ) -> Result<BySeverity, ReadError> {
        Ok(self.of(store, filter).await?.severities.clone())
    }

    /// Reads what the next ones who ask would wait for.
    pub(crate) async fn prepare(&self, store: &Store) -> Result<(), ReadError> {
        self.columns(store).await.map(drop)
    }

    fn cell(&self, event: i64, filter: &FindingFilter) -> Arc<OnceCell<Arc<FindingCounts>>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // Every field is in it, and sets are in order.
        let filter = format!("{filter:?}");
        let is_full = kept.by_filter.len() >= KEPT && !kept.by_filter.contains_key(&filter);
        if kept.event != event || is_full {
            *kept = Kept { event, by_filter: HashMap::new() };
        }
        Arc::clone(kept.by_filter.entry(filter).or_default())
    }

    async fn count(&self, store: &Store, filter: &FindingFilter) -> Result<FindingCounts, ReadError> {
        if let Some(counts) = self.columns(store).await?.count(filter) {
            return Ok(counts);
        }
        store.count_findings(filter).await
    }

    /// The columns as the store is now.
    async fn columns(&self, store: &Store) -> Result<RwLockReadGuard<'_, FindingColumns>, ReadError> {
        let event = store.newest_event().await?;
        let columns = self.columns.read().await;
        if columns.event() >= event {
            return Ok(columns);
        }
        drop(columns);
        let mut columns = self.columns.write().await;
        // Whoever waited finds it done.
        if columns.event() < event {
            columns.refresh(store).await?;
        }
        Ok(columns.downgrade())
    }
}
