//! One scan at a time: two that write into the same store would take up each other's work.
//!
//! The lock is the operating system's, on a file beside the database, so it ends with the process however that ends.
//! The database file itself is never opened here: closing it would drop the locks that SQLite holds on it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where the lock of a store is.
#[derive(Debug)]
pub(crate) enum LockPlace {
    /// In a file.
    File(PathBuf),
    /// In this process.
    Memory(Arc<AtomicBool>),
}

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub(crate) enum Held {
    File(#[expect(dead_code, reason = "the lock lives as long as the open file")] File),
    Memory(Arc<AtomicBool>),
}

impl LockPlace {
    /// The lock of the database at `path`.
    pub(crate) fn beside(path: &Path) -> Self {
        let mut name = path.as_os_str().to_owned();
        name.push("-lock");
        Self::File(name.into())
    }

    /// The lock of detections in the database at `path`: they may run beside a scan, but not beside each other.
    pub(crate) fn of_detections(path: &Path) -> Self {
        let mut name = path.as_os_str().to_owned();
        name.push("-detect-lock");
        Self::File(name.into())
    }

    /// The lock of the server of the database at `path`.
    pub(crate) fn of_server(path: &Path) -> Self {
        let mut name = path.as_os_str().to_owned();
        name.push("-serve-lock");
        Self::File(name.into())
    }

    /// The lock of a database that only this process sees.
    pub(crate) fn memory() -> Self {
        Self::Memory(Arc::default())
    }

    /// Takes the lock; `None` when somebody else holds it.
    pub(crate) fn take(&self) -> io::Result<Option<Held>> {
        match self {
            Self::File(path) => {
                let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
                match file.try_lock() {
                    Ok(()) => Ok(Some(Held::File(file))),
                    Err(TryLockError::WouldBlock) => Ok(None),
                    Err(TryLockError::Error(error)) => Err(error),
                }
            }
            Self::Memory(taken) => {
                let free = taken.compare_exchange(false, true, Ordering::AcqRel, Ordering::Acquire).is_ok();
                Ok(free.then(|| Held::Memory(Arc::clone(taken))))
            }
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Self::Memory(taken) = self {
            taken.store(false, Ordering::Release);
        }
    }
}
