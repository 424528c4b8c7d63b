//! Reading what scans stored.
//!
//! Everything that grows with the organisation comes as a stream, in the order of outputs, from one state of the database:
//! what is written meanwhile is not seen, and nothing is missing half-way without an error.

pub(crate) mod counts;
pub(crate) mod coverage;
pub(crate) mod evaluations;
pub(crate) mod events;
pub(crate) mod filter;
pub(crate) mod finding_counts;
pub(crate) mod findings;
pub(crate) mod history;
pub(crate) mod inventory;
pub(crate) mod lives;
pub(crate) mod page;
pub(crate) mod resources;
pub(crate) mod scans;
pub(crate) mod summary;
pub(crate) mod vitals;
pub(crate) mod words;

use std::future::Future;
use std::sync::Arc;

use futures::stream::{self, BoxStream, StreamExt as _};
use sqlx::Row as _;
use thiserror::Error;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use yagura_model::{AccountId, ScanId};

use crate::database::{Connection, Transaction};
use crate::error::{DatabaseError, Place, undecodable};
use crate::store::Inner;

/// Pages that wait for their reader at most.
const AHEAD: usize = 4;

/// Resources, or findings, of one page at most.
const PAGE: usize = 256;

/// Why something could not be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// There is no such scan.
    #[error("there is no scan {scan} in `{place}`")]
    UnknownScan {
        /// Which scan.
        scan: ScanId,
        /// Which store.
        place: Place,
    },
    /// A later scan looked at the same, so only the summary was kept.
    #[error("the evaluations of scan {scan} are no longer kept: a later scan took its place")]
    Dropped {
        /// Which scan.
        scan: ScanId,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Records one after another.
pub type Records<T> = BoxStream<'static, Result<T, ReadError>>;

impl Inner {
    /// One state of the database, which stays the same however long it is read.
    pub(crate) async fn snapshot(&self) -> Result<Transaction<'static>, ReadError> {
        Ok(self.readers.begin().await.map_err(|error| self.failed(error))?)
    }

    /// Refuses a scan that is not there or whose rows were dropped.
    async fn check_kept(&self, connection: &mut Connection, scan: ScanId) -> Result<(), ReadError> {
        let kept: Option<i64> = sqlx::query_scalar("SELECT kept FROM scans WHERE id = $1")
            .bind(scan.0)
            .fetch_optional(connection)
            .await
            .map_err(|error| self.failed(error))?;
        match kept {
            None => Err(ReadError::UnknownScan { scan, place: self.place.clone() }),
            Some(0) => Err(ReadError::Dropped { scan }),
            Some(_) => Ok(()),
        }
    }
}

/// The accounts of a scan with their numbers, in the order of outputs.
async fn accounts_of(connection: &mut Connection, scan: ScanId) -> sqlx::Result<Vec<(i64, AccountId)>> {
    let rows = sqlx::query(
        "SELECT account_id, names.name FROM account_scans JOIN names ON names.id = account_id
         WHERE scan_id = $1 ORDER BY names.name",
    )
    .bind(scan.0)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, AccountId::new(row.try_get(1)?).map_err(undecodable)?)))
        .collect()
}

/// Where a producer puts its records, a page at a time.
pub(crate) struct Out<T>(mpsc::Sender<Vec<T>>);

/// Nobody reads any more.
pub(crate) struct Hangup;

impl<T> Out<T> {
    /// Hands a page over, and waits while the reader is behind.
    pub(crate) async fn put(&self, page: Vec<T>) -> Result<(), Hangup> {
        self.0.send(page).await.map_err(|_| Hangup)
    }
}

/// Runs a producer beside its reader. Whatever ends it early is the stream's last record, so that a part never looks like the whole.
pub(crate) fn produce<T, F>(inner: &Arc<Inner>, start: impl FnOnce(Out<T>) -> F) -> Records<T>
where
    T: Send + 'static,
    F: Future<Output = Result<(), ReadError>> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel(AHEAD);
    let task = tokio::spawn(start(Out(sender)));
    let page = Vec::new().into_iter();
    let state = Producing { page, receiver, task: Some(task), inner: Arc::clone(inner) };
    stream::unfold(state, |mut state| async move {
        loop {
            if let Some(record) = state.page.next() {
                return Some((Ok(record), state));
            }
            let Some(page) = state.receiver.recv().await else { break };
            state.page = page.into_iter();
        }
        let error = match state.task.take()?.await {
            Ok(Ok(())) => return None,
            Ok(Err(error)) => error,
            Err(join) => state.inner.failed(sqlx::Error::Io(join.into())).into(),
        };
        Some((Err(error), state))
    })
    .boxed()
}

struct Producing<T> {
    page: std::vec::IntoIter<T>,
    receiver: mpsc::Receiver<Vec<T>>,
    task: Option<JoinHandle<Result<(), ReadError>>>,
    inner: Arc<Inner>,
}
