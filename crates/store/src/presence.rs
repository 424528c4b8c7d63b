//! For whoever keeps a store open for long: what they remember in it, and whether it is still there.
//!
//! Where files can be removed while they are open, SQLite goes on with one that has no name any more, and what is written then is gone with the process: only
//! the directory tells.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::DatabaseError;
use crate::store::Store;

/// Whether the file of a store is where it was when it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is.
    Here,
    /// Nothing is there: what is written now is lost with the process.
    Gone,
    /// Another file is there; this one has no name any more.
    Replaced,
}

/// A file, and what tells it from others of its name.
#[derive(Debug)]
pub(crate) struct Identity {
    path: PathBuf,
    number: Option<(u64, u64)>,
}

impl Identity {
    /// The file that is there now.
    pub(crate) fn of(path: &Path) -> Self {
        Self { path: path.to_owned(), number: number(path) }
    }

    fn presence(&self) -> Presence {
        match number(&self.path) {
            None if !self.path.exists() => Presence::Gone,
            now if now == self.number => Presence::Here,
            _ => Presence::Replaced,
        }
    }
}

/// Device and number of a file, where the system tells. The file is not opened: closing it would drop SQLite's locks.
#[cfg(unix)]
fn number(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).ok().map(|it| (it.dev(), it.ino()))
}

#[cfg(not(unix))]
fn number(_path: &Path) -> Option<(u64, u64)> {
    None
}

/// A file that took the place of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Successor {
    /// Its size in bytes.
    pub size: u64,
    /// When it was changed last.
    pub changed: Option<SystemTime>,
    /// The log that lies beside it. SQLite would take it for this file's, and it may be the other's.
    pub log: Option<PathBuf>,
}

impl Store {
    /// What lies where this store was, if anything.
    #[must_use]
    pub fn successor(&self) -> Option<Successor> {
        let path = &self.inner.identity.as_ref()?.path;
        let found = std::fs::metadata(path).ok()?;
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let log = Some(PathBuf::from(log)).filter(|it| it.exists());
        Some(Successor { size: found.len(), changed: found.modified().ok(), log })
    }

    /// Whether the file is still where it was when it was opened.
    #[must_use]
    pub fn presence(&self) -> Presence {
        self.inner.identity.as_ref().map_or(Presence::Here, Identity::presence)
    }

    /// What was remembered under a name.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn remembered(&self, name: &str) -> Result<Option<Vec<u8>>, DatabaseError> {
        sqlx::query_scalar("SELECT body FROM detection_state WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.inner.readers)
            .await
            .map_err(|error| self.inner.failed(error))
    }

    /// Remembers something under a name, instead of what was remembered before.
    ///
    /// # Errors
    ///
    /// The database failed; nothing is changed then.
    pub async fn remember(&self, name: &str, body: &[u8]) -> Result<(), DatabaseError> {
        let sql = "INSERT INTO detection_state (name, body) VALUES ($1, $2)
                   ON CONFLICT (name) DO UPDATE SET body = excluded.body";
        let mut writer = self.inner.writer.lock().await;
        let done = sqlx::query(sql).bind(name).bind(body).execute(&mut writer.connection).await;
        done.map(|_| ()).map_err(|error| self.inner.failed(error))
    }
}
