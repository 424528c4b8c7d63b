//! What tells whoever watches over a server how the store does.

use std::path::PathBuf;

use crate::error::{DatabaseError, Place};
use crate::store::Store;

/// Messages that are not where they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutboxCounts {
    /// Not sent yet.
    pub waiting: u64,
    /// Refused for good.
    pub dead: u64,
}

impl Store {
    /// How many messages are not where they should be.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn outbox_counts(&self) -> Result<OutboxCounts, DatabaseError> {
        let (waiting, dead): (i64, i64) =
            sqlx::query_as("SELECT COALESCE(SUM(state = 0), 0), COALESCE(SUM(state = 2), 0) FROM outbox")
                .fetch_one(&self.inner.readers)
                .await
                .map_err(|error| self.inner.failed(error))?;
        Ok(OutboxCounts { waiting: waiting.unsigned_abs(), dead: dead.unsigned_abs() })
    }

    /// How many bytes of disk the store takes, with what is not yet merged into its file; `None` where it is in memory.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        let Place::File(path) = self.place() else { return None };
        let beside = |suffix: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        let files = [path.to_path_buf(), beside("-wal"), beside("-shm")];
        Some(files.iter().filter_map(|it| std::fs::metadata(it).ok()).map(|it| it.len()).sum())
    }
}
