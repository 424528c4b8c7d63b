//! What other detectors report, made findings: the same rule and resource are one finding, whoever says so.
//!
//! # Laws
//!
//! - **The same again is the same.** Importing the same report twice changes nothing but when it was seen.
//! - **Only a complete reading ends anything.** What a detector no longer reports ends by [`Store::end_unreported`], which its reader calls for the
//!   accounts and regions that it read to the end.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use sqlx::Row as _;
use yagura_model::{Detector, ImportScope, ImportedFinding, Timestamp};

use crate::codes::Code;
use crate::database::{self, Connection};
use crate::error::DatabaseError;
use crate::merge::{self, Merged, Reported};
use crate::names::{Kind, Names};
use crate::read::filter::Conditions;
use crate::store::{Store, Writer};
use crate::uid::uid;

/// How long a report stands that is not read any more the way it came.
const STANDS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What an import did to findings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Findings that are new.
    pub opened: u64,
    /// Findings that came back.
    pub reopened: u64,
    /// Findings that ended.
    pub ended: u64,
    /// Findings that are as they were.
    pub same: u64,
    /// Reports of the end of something that was never open here.
    pub passed_over: u64,
}

impl std::ops::AddAssign<Merged> for Imported {
    fn add_assign(&mut self, merged: Merged) {
        match merged {
            Merged::Opened => self.opened += 1,
            Merged::Reopened => self.reopened += 1,
            Merged::Ended => self.ended += 1,
            Merged::Same => self.same += 1,
            Merged::PassedOver => self.passed_over += 1,
        }
    }
}

impl Store {
    /// Stores what a detector reports, all of it or nothing. `at` is the moment of the whole import: all of its pages have the same.
    ///
    /// # Errors
    ///
    /// The database failed; nothing is stored then.
    pub async fn import(&self, found: &[ImportedFinding], at: Timestamp) -> Result<Imported, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut writer = self.inner.writer.lock().await;
        let Writer { connection, names: shared } = &mut *writer;
        // Those of a transaction that is rolled back are not true.
        let mut names = std::mem::take(shared);
        let mut transaction = database::begin_write(connection).await.map_err(failed)?;
        let done = import(&mut transaction, &mut names, found, at).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        *shared = names;
        Ok(done)
    }

    /// Ends what `detector` reported before the moment `since`, within what was read to the end, and not since.
    ///
    /// What came another way than what was read stands for a week: whoever passes findings on may hold that some are over which the
    /// detector still reports, and neither ends what the other says.
    ///
    /// # Errors
    ///
    /// The database failed; nothing is ended then.
    pub async fn end_unreported(
        &self,
        detector: Detector,
        within: &ImportScope,
        since: Timestamp,
    ) -> Result<u64, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut writer = self.inner.writer.lock().await;
        let mut transaction = database::begin_write(&mut writer.connection).await.map_err(failed)?;
        let ended = end(&mut transaction, detector, within, since).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        Ok(ended)
    }
}

async fn import(
    connection: &mut Connection,
    names: &mut Names,
    found: &[ImportedFinding],
    at: Timestamp,
) -> sqlx::Result<Imported> {
    let mut by_finding: BTreeMap<[u8; 16], Vec<&ImportedFinding>> = BTreeMap::new();
    for it in found {
        by_finding.entry(uid(&it.rule, &it.resource).bytes()).or_default().push(it);
    }
    let mut done = Imported::default();
    for (uid, reports) in by_finding {
        // The detectors are taken one by one, in a fixed order.
        let mut by_detector: BTreeMap<Detector, Vec<&ImportedFinding>> = BTreeMap::new();
        for it in reports {
            by_detector.entry(it.detector).or_default().push(it);
        }
        for (detector, reports) in by_detector {
            done += merge::merge(
                connection,
                names,
                &Reported { uid: uid.into(), detector, reports: &reports },
                at,
            )
            .await?;
        }
    }
    Ok(done)
}

async fn end(
    connection: &mut Connection,
    detector: Detector,
    within: &ImportScope,
    since: Timestamp,
) -> sqlx::Result<u64> {
    let mut conditions = Conditions::default();
    conditions.named(connection, "f.account_id", Kind::Account, &within.accounts).await?;
    conditions.named(connection, "f.region_id", Kind::Region, &within.regions).await?;
    let sql = format!(
        "SELECT p.finding_id, p.via, p.external_id FROM reports p JOIN findings f ON f.id = p.finding_id
         WHERE p.detector = $1 AND p.record_state = 0
         AND (p.via = $2 AND p.seen_at < $3 OR p.seen_at < $4){} ORDER BY p.finding_id",
        conditions.as_str()
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .persistent(false)
        .bind(detector.code())
        .bind(merge::via(within.via))
        .bind(since.as_millisecond())
        .bind((since - STANDS).as_millisecond())
        .fetch_all(&mut *connection)
        .await?;
    let mut ended = 0;
    let mut touched: BTreeSet<i64> = BTreeSet::new();
    for row in &rows {
        let finding: i64 = row.try_get(0)?;
        sqlx::query(
            "UPDATE reports SET record_state = 1
             WHERE finding_id = $1 AND detector = $2 AND via = $3 AND external_id = $4",
        )
        .bind(finding)
        .bind(detector.code())
        .bind(row.try_get::<i64, _>(1)?)
        .bind(row.try_get::<&str, _>(2)?)
        .execute(&mut *connection)
        .await?;
        touched.insert(finding);
    }
    for finding in touched {
        ended += u64::from(merge::end_unreported(connection, finding, detector, since).await?);
    }
    Ok(ended)
}
