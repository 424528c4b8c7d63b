//! Detections: findings out of events, their incidents, and what has to be remembered so that each event counts once.
//!
//! A batch of matches is decided in memory and written in one transaction, together with the marks of what was read: whoever delivers events
//! may forget them when [`DetectionRun::write`] has returned, and not before.

pub(crate) mod listed;
mod profiles;
pub(crate) mod read;
mod write;

use std::collections::HashMap;
use std::sync::Arc;

use sqlx::{AssertSqlSafe, Row as _};
use thiserror::Error;
use yagura_model::{Entity, EntityLink, Incident, ThreatFinding, Timestamp};

use crate::database;
use crate::error::{DatabaseError, Place, undecodable};
use crate::lock::Held;
use crate::store::{Inner, Store};

pub use profiles::{ProfileWrite, StoredProfile, SubjectKey};

/// What tells rule and actor of a finding.
pub type GroupKey = [u8; 16];
/// What tells that a rule matched an event.
pub type MatchDigest = [u8; 16];

/// Why detections cannot be stored.
#[derive(Debug, Error)]
pub enum BeginDetectionError {
    /// Another process stores detections in the same file.
    #[error(
        "another `yagura detect`, or a server, writes detections to `{place}`: wait until it has ended, or name another file"
    )]
    Running {
        /// Which store.
        place: Place,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// How far an object of a source was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadMark {
    /// The directory, bucket or queue.
    pub source: String,
    /// The file or key.
    pub object: String,
    /// The part of the source that is gone through by itself, in the order of its objects.
    pub folder: String,
    /// What tells this content of it from another, or where to go on.
    pub mark: String,
    /// How often it could not be read; 0 when it was.
    pub tries: u32,
    /// Why it could not be read.
    pub why: Option<String>,
}

/// Marks that are of no use any more: a source's folder is only gone through behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmark {
    /// The directory, bucket or queue.
    pub source: String,
    /// The folder.
    pub folder: String,
    /// The last object that need not be marked.
    pub up_to: String,
    /// After so many tries an object is given up; those that are to be tried again keep their marks.
    pub tries: u32,
}

/// What a batch of events comes to.
#[derive(Debug, Clone, Default)]
pub struct DetectionWrite {
    /// The matches that count for the first time.
    pub matches: Vec<MatchDigest>,
    /// Findings that are new or have changed.
    pub findings: Vec<(GroupKey, ThreatFinding)>,
    /// Incidents that are new or have changed, with their findings above.
    pub incidents: Vec<Incident>,
    /// Incidents that became part of others: which, and of which.
    pub merged: Vec<(String, String)>,
    /// Credentials that were made.
    pub links: Vec<EntityLink>,
    /// What was read.
    pub marks: Vec<ReadMark>,
    /// What need not be marked any more.
    pub unmark: Vec<Unmark>,
    /// What has to be remembered, by name.
    pub state: Vec<(String, Vec<u8>)>,
    /// What was learned of the subjects of rules that ask for something new.
    pub profiles: Vec<ProfileWrite>,
}

impl DetectionWrite {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.matches.is_empty()
            && self.findings.is_empty()
            && self.incidents.is_empty()
            && self.merged.is_empty()
            && self.links.is_empty()
            && self.marks.is_empty()
            && self.unmark.is_empty()
            && self.state.is_empty()
            && self.profiles.is_empty()
    }
}

/// The right to store detections; one process has it at a time.
#[derive(Debug)]
pub struct DetectionRun {
    inner: Arc<Inner>,
    #[expect(dead_code, reason = "the right lasts as long as it is held")]
    held: Held,
}

impl Store {
    /// Begins to store detections.
    ///
    /// # Errors
    ///
    /// Another process does so, or the lock cannot be made.
    pub fn begin_detection(&self) -> Result<DetectionRun, BeginDetectionError> {
        let inner = Arc::clone(&self.inner);
        let failed = |error: std::io::Error| DatabaseError::new(&inner.place, sqlx::Error::Io(error));
        let running = || BeginDetectionError::Running { place: inner.place.clone() };
        let held = inner.detection_lock.take().map_err(failed)?.ok_or_else(running)?;
        Ok(DetectionRun { inner, held })
    }
}

/// Milliseconds since 1970.
pub(crate) fn millis(time: Timestamp) -> i64 {
    time.as_millisecond()
}

/// How an entity is called in the tables.
pub(crate) fn entity_name(entity: &Entity) -> String {
    entity.to_string()
}

impl DetectionRun {
    /// Which of the matches were not seen before.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn are_new(&self, digests: &[MatchDigest]) -> Result<Vec<bool>, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut connection = self.inner.readers.acquire().await.map_err(failed)?;
        let mut seen = std::collections::HashSet::new();
        let head = "SELECT digest FROM seen_matches WHERE digest IN (";
        let rows = database::rows_in(&mut connection, head, ")", digests, |values, it| {
            values.add(&it[..])?;
            Ok(())
        });
        for row in rows.await.map_err(failed)? {
            seen.insert(row.try_get::<Vec<u8>, _>(0).map_err(failed)?);
        }
        Ok(digests.iter().map(|it| !seen.contains(&it[..])).collect())
    }

    /// The findings of rules and actors.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn findings_of(&self, keys: &[GroupKey]) -> Result<Vec<ThreatFinding>, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut connection = self.inner.readers.acquire().await.map_err(failed)?;
        let head = format!("SELECT {} FROM threats WHERE group_key IN (", read::FINDING);
        let rows = database::rows_in(&mut connection, &head, ")", keys, |values, it| {
            values.add(&it[..])?;
            Ok(())
        });
        rows.await.and_then(|rows| rows.iter().map(read::finding).collect()).map_err(failed)
    }

    /// The findings with events between two moments, and the others of their incidents.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn findings_around(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<ThreatFinding>, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut connection = self.inner.readers.acquire().await.map_err(failed)?;
        let sql = format!(
            "SELECT {} FROM threats WHERE last_at >= $1 AND first_at <= $2
             UNION SELECT {} FROM threats WHERE incident IN
                 (SELECT incident FROM threats WHERE last_at >= $1 AND first_at <= $2)",
            read::FINDING,
            read::FINDING
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(millis(from))
            .bind(millis(until))
            .fetch_all(&mut *connection)
            .await;
        rows.and_then(|rows| rows.iter().map(read::finding).collect()).map_err(failed)
    }

    /// The links that lead to entities, and those that lead to where these came from.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn links_to(&self, entities: &[Entity]) -> Result<Vec<EntityLink>, DatabaseError> {
        let mut connection = self.inner.readers.acquire().await.map_err(|error| self.inner.failed(error))?;
        read::links_to(&mut connection, entities).await.map_err(|error| self.inner.failed(error))
    }

    /// What was remembered under a name.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn state(&self, name: &str) -> Result<Option<Vec<u8>>, DatabaseError> {
        sqlx::query_scalar("SELECT body FROM detection_state WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.inner.readers)
            .await
            .map_err(|error| self.inner.failed(error))
    }

    /// How far an object was read.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn mark(&self, source: &str, object: &str) -> Result<Option<ReadMark>, DatabaseError> {
        let row = sqlx::query(AssertSqlSafe(format!("SELECT {MARK} WHERE source = $1 AND object = $2")))
            .bind(source)
            .bind(object)
            .fetch_optional(&self.inner.readers)
            .await
            .map_err(|error| self.inner.failed(error))?;
        row.map(|row| read_mark(&row)).transpose().map_err(|error| self.inner.failed(error))
    }

    /// How far each object of a source was read, by object.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn marks(&self, source: &str) -> Result<HashMap<String, ReadMark>, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let rows = sqlx::query(AssertSqlSafe(format!("SELECT {MARK} WHERE source = $1")))
            .bind(source)
            .fetch_all(&self.inner.readers)
            .await
            .map_err(failed)?;
        let marks = rows.iter().map(read_mark).collect::<sqlx::Result<Vec<_>>>().map_err(failed)?;
        Ok(marks.into_iter().map(|it| (it.object.clone(), it)).collect())
    }

    /// How far each folder of a source was read: the last object that was, and the first one that is to be tried again.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn folders(&self, source: &str, tries: u32) -> Result<Vec<ReadFolder>, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let rows = sqlx::query(
            "SELECT folder, MAX(CASE WHEN tries = 0 THEN object END),
                 MIN(CASE WHEN tries BETWEEN 1 AND $2 - 1 THEN object END)
             FROM read_marks WHERE source = $1 GROUP BY folder ORDER BY folder",
        )
        .bind(source)
        .bind(i64::from(tries))
        .fetch_all(&self.inner.readers)
        .await
        .map_err(failed)?;
        let read = |row: &database::Row| {
            Ok(ReadFolder { folder: row.try_get(0)?, last: row.try_get(1)?, again: row.try_get(2)? })
        };
        rows.iter().map(read).collect::<sqlx::Result<_>>().map_err(failed)
    }
}

/// What [`read_mark`] reads.
const MARK: &str = "source, object, folder, mark, tries, why FROM read_marks";

fn read_mark(row: &database::Row) -> sqlx::Result<ReadMark> {
    Ok(ReadMark {
        source: row.try_get(0)?,
        object: row.try_get(1)?,
        folder: row.try_get(2)?,
        mark: row.try_get(3)?,
        tries: u32::try_from(row.try_get::<i64, _>(4)?).map_err(undecodable)?,
        why: row.try_get(5)?,
    })
}

/// How far a folder of a source was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadFolder {
    /// The folder.
    pub folder: String,
    /// The last object that was read.
    pub last: Option<String>,
    /// The first object that is to be tried again.
    pub again: Option<String>,
}
