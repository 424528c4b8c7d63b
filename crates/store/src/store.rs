//! Opening a store.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection as _;
use thiserror::Error;
use tokio::sync::Mutex;

use crate::database::{self, Connection, Pool};
use crate::error::{DatabaseError, Place};
use crate::lock::LockPlace;
use crate::names::Names;
use crate::presence::Identity;
use crate::schema;

/// How long to wait for another process that is writing.
const WAIT: Duration = Duration::from_secs(30);

/// Findings, evaluations, resources and scans. Cheap to clone: the clones are the same store.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) place: Place,
    pub(crate) writer: Mutex<Writer>,
    pub(crate) readers: Pool,
    pub(crate) lock: LockPlace,
    pub(crate) detection_lock: LockPlace,
    pub(crate) server_lock: LockPlace,
    /// Of a file, which one it is.
    pub(crate) identity: Option<Identity>,
}

/// The one connection that writes.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) connection: Connection,
    pub(crate) names: Names,
}

/// Why a store could not be opened. The file was not changed.
#[derive(Debug, Error)]
pub enum OpenError {
    /// A newer version of this program wrote it.
    #[error(
        "`{place}` was written by a newer yagura ({written_by}, store format {found}; this one knows formats up to {known}): update yagura, or name another file"
    )]
    Newer {
        /// Which file.
        place: Place,
        /// The version that wrote it.
        written_by: String,
        /// Its format.
        found: i64,
        /// The newest format that this program knows.
        known: i64,
    },
    /// It is the database of another program.
    #[error("`{place}` is the database of another program: name another file")]
    Foreign {
        /// Which file.
        place: Place,
    },
    /// The database itself failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl Store {
    /// Opens the store in the file at `path`, and makes it when there is none.
    ///
    /// # Errors
    ///
    /// [`OpenError`] when the file is not a store, is a newer one, or cannot be opened. Nothing is changed then.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        Self::open_waiting(path, WAIT).await
    }

    /// Like [`open`](Self::open), and waits so long (instead of 30 seconds) when another process is writing.
    ///
    /// # Errors
    ///
    /// See [`open`](Self::open).
    pub async fn open_waiting(path: &Path, wait: Duration) -> Result<Self, OpenError> {
        // An absolute path, because SQLite takes one that begins with `file:` for something else.
        let place = Place::File(Arc::new(path.to_owned()));
        let path: PathBuf =
            std::path::absolute(path).map_err(|error| DatabaseError::new(&place, error.into()))?;
        let locks = [LockPlace::beside(&path), LockPlace::of_detections(&path), LockPlace::of_server(&path)];
        Self::connect(place, Some(&path), &database::file(&path, wait), locks, wait).await
    }

    /// A store that is gone when it is dropped.
    ///
    /// # Errors
    ///
    /// [`OpenError::Database`] when memory or threads are short.
    pub async fn in_memory() -> Result<Self, OpenError> {
        let locks = [LockPlace::memory(), LockPlace::memory(), LockPlace::memory()];
        Self::connect(Place::Memory, None, &database::memory(), locks, WAIT).await
    }

    async fn connect(
        place: Place,
        path: Option<&Path>,
        options: &sqlx::sqlite::SqliteConnectOptions,
        [lock, detection_lock, server_lock]: [LockPlace; 3],
        wait: Duration,
    ) -> Result<Self, OpenError> {
        let mut connection = database::connect(&database::writing(options))
            .await
            .map_err(|error| DatabaseError::new(&place, error))?;
        schema::prepare(&mut connection, &place, wait).await?;
        database::keep_little_in_memory(&mut connection)
            .await
            .map_err(|error| DatabaseError::new(&place, error))?;
        let readers = database::readers(options);
        let writer = Mutex::new(Writer { connection, names: Names::default() });
        let identity = path.map(Identity::of);
        let inner = Inner { place, writer, readers, lock, detection_lock, server_lock, identity };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Which database this is, for people.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.inner.place
    }

    /// Closes the files, so that everything stands in the one file. Does nothing while a clone or a scan still lives.
    pub async fn close(self) {
        if let Some(inner) = Arc::into_inner(self.inner) {
            inner.readers.close().await;
            if let Err(error) = inner.writer.into_inner().connection.close().await {
                // Everything is committed: the next one to open the file tidies up.
                tracing::debug!(place = %inner.place, %error, "the store was not closed tidily");
            }
        }
    }
}

impl Inner {
    /// Says what an error of the driver means for this store.
    pub(crate) fn failed(&self, error: sqlx::Error) -> DatabaseError {
        DatabaseError::new(&self.place, error)
    }
}
