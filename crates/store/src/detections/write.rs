//! Writing a batch of detections: all of it, or nothing.

use std::collections::BTreeMap;

use sqlx::Row as _;
use yagura_model::{Incident, Timestamp};

use super::{DetectionRun, DetectionWrite, entity_name, listed, millis, profiles};
use crate::codes::Code;
use crate::database::{self, Connection};
use crate::error::DatabaseError;
use crate::store::Writer;

/// Matches are remembered for so long: S3 and SQS deliver again within two weeks at most.
const REMEMBERED: i64 = 30 * DAY;
/// Milliseconds.
const DAY: i64 = 24 * 3600 * 1000;
/// And so many of them: some 500 MB.
const MATCHES: i64 = 8_000_000;
/// So many links are kept.
const LINKS: i64 = 200_000;

impl DetectionRun {
    /// Writes a batch. What was read may be forgotten by whoever delivered it when this has returned.
    ///
    /// A person's word about a finding or an incident, written meanwhile, stays.
    ///
    /// # Errors
    ///
    /// The database failed; nothing of the batch is stored then.
    pub async fn write(&self, batch: &DetectionWrite, now: Timestamp) -> Result<(), DatabaseError> {
        if batch.is_empty() {
            return Ok(());
        }
        let failed = |error| self.inner.failed(error);
        let mut writer = self.inner.writer.lock().await;
        let Writer { connection, names: shared } = &mut *writer;
        // Those of a transaction that is rolled back are not true.
        let mut names = std::mem::take(shared);
        let mut transaction = database::begin_write(connection).await.map_err(failed)?;
        let before = incidents_before(&mut transaction, batch).await.map_err(failed)?;
        write(&mut transaction, batch, millis(now)).await.map_err(failed)?;
        let findings = || batch.findings.iter().map(|(_, it)| it);
        listed::list(&mut transaction, &mut names, findings(), now).await.map_err(failed)?;
        // A new one that is a step of an incident from the first is told as new, and not as joined besides.
        let joined: Vec<_> = findings()
            .filter(|it| before.get(&it.id).is_some_and(|old| *old != it.incident))
            .filter_map(|it| Some((it.id.as_str(), it.incident.as_deref()?)))
            .collect();
        listed::joined(&mut transaction, &joined, now).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        *shared = names;
        Ok(())
    }

    /// Forgets the oldest of what is only remembered for a while.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn forget(&self, now: Timestamp) -> Result<(), DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut writer = self.inner.writer.lock().await;
        let mut transaction = database::begin_write(&mut writer.connection).await.map_err(failed)?;
        forget(&mut transaction, millis(now)).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }
}

async fn write(connection: &mut Connection, batch: &DetectionWrite, now: i64) -> sqlx::Result<()> {
    let head = "INSERT INTO seen_matches (digest, seen)";
    let tail = "ON CONFLICT (digest) DO NOTHING";
    database::for_rows(connection, head, tail, 2, &batch.matches, |values, it| {
        values.add(&it[..])?.add(now)?;
        Ok(())
    })
    .await?;
    profiles::write(connection, &batch.profiles).await?;
    findings(connection, batch).await?;
    incidents(connection, &batch.incidents).await?;
    for (part, whole) in &batch.merged {
        // Whatever became a part of the part is a part of the whole.
        sqlx::query("UPDATE incidents SET merged_into = $2 WHERE uid = $1 OR merged_into = $1")
            .bind(part)
            .bind(whole)
            .execute(&mut *connection)
            .await?;
    }
    let head = "INSERT INTO entity_links (entity, at, body)";
    let tail = "ON CONFLICT (entity, at) DO UPDATE SET body = excluded.body";
    database::for_rows(connection, head, tail, 3, &batch.links, |values, it| {
        values.add(entity_name(&it.to))?.add(millis(it.time))?.add(serde_json::to_string(it)?)?;
        Ok(())
    })
    .await?;
    let head = "INSERT INTO read_marks (source, object, mark, tries, why, at, folder)";
    let tail = "ON CONFLICT (source, object) DO UPDATE
        SET mark = excluded.mark, tries = excluded.tries, why = excluded.why, at = excluded.at, folder = excluded.folder";
    database::for_rows(connection, head, tail, 7, &batch.marks, |values, it| {
        values.add(&*it.source)?.add(&*it.object)?.add(&*it.mark)?;
        values.add(i64::from(it.tries))?.add(it.why.as_deref())?.add(now)?.add(&*it.folder)?;
        Ok(())
    })
    .await?;
    for it in &batch.unmark {
        sqlx::query(
            "DELETE FROM read_marks
             WHERE source = $1 AND folder = $2 AND object <= $3 AND (tries = 0 OR tries >= $4)",
        )
        .bind(&it.source)
        .bind(&it.folder)
        .bind(&it.up_to)
        .bind(i64::from(it.tries))
        .execute(&mut *connection)
        .await?;
    }
    let head = "INSERT INTO detection_state (name, body)";
    let tail = "ON CONFLICT (name) DO UPDATE SET body = excluded.body";
    database::for_rows(connection, head, tail, 2, &batch.state, |values, (name, body)| {
        values.add(name.as_str())?.add(body.as_slice())?;
        Ok(())
    })
    .await
}

/// The incidents that the findings of a batch belonged to until now; those that are new are not among them.
async fn incidents_before(
    connection: &mut Connection,
    batch: &DetectionWrite,
) -> sqlx::Result<BTreeMap<String, Option<String>>> {
    let head = "SELECT uid, incident FROM threats WHERE uid IN (";
    let rows = database::rows_in(connection, head, ")", &batch.findings, |values, (_, it)| {
        values.add(&*it.id)?;
        Ok(())
    })
    .await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

async fn findings(connection: &mut Connection, batch: &DetectionWrite) -> sqlx::Result<()> {
    let head = "INSERT INTO threats (uid, group_key, severity, record_state, workflow, first_at, last_at, incident, body)";
    // What a person said of it is left alone.
    let tail = "ON CONFLICT (uid) DO UPDATE SET severity = excluded.severity, first_at = excluded.first_at,
        last_at = excluded.last_at, incident = excluded.incident, body = excluded.body";
    database::for_rows(connection, head, tail, 9, &batch.findings, |values, (key, it)| {
        values.add(&*it.id)?.add(&key[..])?.add(it.severity.code())?;
        values.add(it.record_state.code())?.add(it.workflow.code())?;
        values.add(millis(it.first_seen))?.add(millis(it.last_seen))?;
        values.add(it.incident.as_deref())?.add(serde_json::to_string(it)?)?;
        Ok(())
    })
    .await
}

async fn incidents(connection: &mut Connection, incidents: &[Incident]) -> sqlx::Result<()> {
    let head = "INSERT INTO incidents (uid, severity, record_state, workflow, first_at, last_at, body)";
    // More that happens after somebody has called it resolved makes it a matter for somebody again.
    let tail = "ON CONFLICT (uid) DO UPDATE SET severity = excluded.severity, first_at = excluded.first_at,
        last_at = excluded.last_at, body = excluded.body, merged_into = NULL,
        workflow = CASE WHEN workflow = 3 AND excluded.last_at > last_at THEN 0 ELSE workflow END";
    database::for_rows(connection, head, tail, 7, incidents, |values, it| {
        values.add(&*it.id)?.add(it.severity.code())?;
        values.add(it.record_state.code())?.add(it.workflow.code())?;
        values.add(millis(it.first_seen))?.add(millis(it.last_seen))?.add(serde_json::to_string(it)?)?;
        Ok(())
    })
    .await
}

async fn forget(connection: &mut Connection, now: i64) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM seen_matches WHERE seen < $1")
        .bind(now - REMEMBERED)
        .execute(&mut *connection)
        .await?;
    over(connection, "seen_matches", "seen", "digest", MATCHES).await?;
    over(connection, "entity_links", "at", "entity, at", LINKS).await?;
    profiles::forget(connection, now.div_euclid(DAY)).await
}

/// Deletes the oldest rows of a table that has too many.
pub(super) async fn over(
    connection: &mut Connection,
    table: &str,
    age: &str,
    key: &str,
    most: i64,
) -> sqlx::Result<()> {
    let count = format!("SELECT COUNT(*) FROM {table}");
    let rows: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(count)).fetch_one(&mut *connection).await?;
    if rows <= most {
        return Ok(());
    }
    let delete =
        format!("DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} ORDER BY {age} LIMIT $1)");
    // Some more than must be, so that it is not done again for every batch.
    sqlx::query(sqlx::AssertSqlSafe(delete))
        .bind(rows - most + most / 10)
        .execute(connection)
        .await
        .map(|_| ())
}
