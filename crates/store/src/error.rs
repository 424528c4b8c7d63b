//! What can go wrong in the database itself, told with the file's name and the way out.
//!
//! Nothing here shows stored values: the database's own messages speak of tables and files only.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;

/// Which database is meant, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file.
    File(Arc<PathBuf>),
    /// Nowhere: it is gone when the store is dropped.
    Memory,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Memory => f.write_str("memory"),
        }
    }
}

/// The database did not do what it was asked for. What was committed before is kept, and the failed step left nothing.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// The file is something else.
    #[error("`{place}` is not a database: name another file, or move this one away")]
    NotADatabase {
        /// Which file.
        place: Place,
    },
    /// The file is damaged.
    #[error("`{place}` is damaged ({detail}): restore it from a backup, or move it away and scan again")]
    Corrupt {
        /// Which file.
        place: Place,
        /// What was found.
        detail: String,
    },
    /// The file or its directory cannot be written.
    #[error(
        "`{place}` cannot be written: check the permissions of the file and of its directory, or name another file"
    )]
    ReadOnly {
        /// Which file.
        place: Place,
    },
    /// There is no room left.
    #[error(
        "no space is left for `{place}`: free some and run the same command again, what was stored before is kept"
    )]
    DiskFull {
        /// Which file.
        place: Place,
    },
    /// Another process writes and did not let go in time.
    #[error(
        "`{place}` is in use by another process: wait until that has ended and try again, or name another file"
    )]
    Busy {
        /// Which file.
        place: Place,
    },
    /// The file cannot be opened at all.
    #[error(
        "`{place}` cannot be opened ({detail}): check that its directory exists and that the file may be read and written"
    )]
    CannotOpen {
        /// Which file.
        place: Place,
        /// What the system said.
        detail: String,
    },
    /// Anything else.
    #[error("the database `{place}` failed")]
    Failed {
        /// Which file.
        place: Place,
        /// What the database said.
        source: sqlx::Error,
    },
}

impl DatabaseError {
    /// Tells what an error of the driver means for this database.
    pub(crate) fn new(place: &Place, error: sqlx::Error) -> Self {
        let place = place.clone();
        match &error {
            sqlx::Error::Database(inner) => match primary_code(&**inner) {
                code if is_busy(code) => Self::Busy { place },
                3 | 8 => Self::ReadOnly { place },
                11 => Self::Corrupt { place, detail: inner.message().to_owned() },
                13 => Self::DiskFull { place },
                14 => Self::CannotOpen { place, detail: inner.message().to_owned() },
                26 => Self::NotADatabase { place },
                _ => Self::Failed { place, source: error },
            },
            sqlx::Error::Io(inner) => Self::CannotOpen { place, detail: inner.to_string() },
            // Only this crate writes, so a value that does not fit its type was damaged or written by hand.
            sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } => {
                Self::Corrupt { place, detail: error.to_string() }
            }
            _ => Self::Failed { place, source: error },
        }
    }
}

/// SQLite's primary result code: the low byte of what it reports (<https://www.sqlite.org/rescode.html>).
pub(crate) fn primary_code(error: &dyn sqlx::error::DatabaseError) -> u32 {
    error.code().and_then(|code| code.parse::<u32>().ok()).unwrap_or_default() & 0xff
}

/// Whether another connection is in the way.
pub(crate) fn is_busy(code: u32) -> bool {
    matches!(code, 5 | 6)
}

/// A stored value that means nothing to this program.
pub(crate) fn undecodable(error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}

/// A number or a reference that is out of place.
#[derive(Debug, Error)]
#[error("unexpected {what} {value}")]
pub(crate) struct Unexpected {
    pub(crate) what: &'static str,
    pub(crate) value: i64,
}

impl Unexpected {
    pub(crate) fn decode(what: &'static str, value: i64) -> sqlx::Error {
        undecodable(Self { what, value })
    }
}
