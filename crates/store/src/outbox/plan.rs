//! Planning: what waits, what was told, and the transaction that turns the one into messages.

use std::collections::BTreeMap;

use sqlx::Row as _;
use yagura_model::Timestamp;

use super::{OutboxPair, PlanState, PlanWrite, QueueEntry, millis, moment};
use crate::database::{self, Connection};
use crate::error::DatabaseError;
use crate::store::Store;

/// What is known of the pairs that a plan concerns, as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanRead {
    /// What was told.
    pub told: BTreeMap<OutboxPair, String>,
    /// What waits.
    pub queue: BTreeMap<OutboxPair, String>,
}

impl Store {
    /// How far the history of findings is planned.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn plan_state(&self) -> Result<PlanState, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let row = sqlx::query("SELECT cursor, version FROM outbox_plan WHERE id = 1")
            .fetch_one(&self.inner.readers)
            .await
            .map_err(failed)?;
        Ok(PlanState { cursor: row.try_get(0).map_err(failed)?, version: row.try_get(1).map_err(failed)? })
    }

    /// What was told about these pairs, and what waits.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn plan_read(&self, pairs: &[OutboxPair]) -> Result<PlanRead, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut connection = self.inner.readers.acquire().await.map_err(failed)?;
        let mut read = PlanRead::default();
        for (table, column, found) in
            [("told", "mark", &mut read.told), ("outbox_queue", "body", &mut read.queue)]
        {
            *found = of_pairs(&mut connection, table, column, pairs).await.map_err(failed)?;
        }
        Ok(read)
    }

    /// What is due, of one destination at a time, the oldest first.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn queue_due(&self, now: Timestamp, limit: usize) -> Result<Vec<QueueEntry>, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let rows = sqlx::query(
            "SELECT destination, finding, due_at, body FROM outbox_queue
             WHERE due_at <= $1
               AND destination = (SELECT destination FROM outbox_queue WHERE due_at <= $1 ORDER BY due_at LIMIT 1)
             ORDER BY finding LIMIT $2",
        )
        .bind(millis(now))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.inner.readers)
        .await
        .map_err(failed)?;
        let entry = |row: &database::Row| {
            let pair = (row.try_get(0)?, row.try_get(1)?);
            Ok(QueueEntry { pair, due_at: moment(row.try_get(2)?)?, body: row.try_get(3)? })
        };
        rows.iter().map(entry).collect::<sqlx::Result<_>>().map_err(failed)
    }

    /// Writes a plan: all of it, or nothing. `false`: somebody else planned meanwhile, and the plan has to be made anew.
    ///
    /// # Errors
    ///
    /// The database failed; nothing is changed then.
    pub async fn write_plan(&self, plan: &PlanWrite, now: Timestamp) -> Result<bool, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut writer = self.inner.writer.lock().await;
        let mut transaction = database::begin_write(&mut writer.connection).await.map_err(failed)?;
        if !write(&mut transaction, plan, millis(now)).await.map_err(failed)? {
            return Ok(false);
        }
        transaction.commit().await.map_err(failed)?;
        Ok(true)
    }

    /// Forgets messages that arrived before a time.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn forget_sent(&self, before: Timestamp) -> Result<u64, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut writer = self.inner.writer.lock().await;
        let done = sqlx::query("DELETE FROM outbox WHERE state = 1 AND sent_at < $1")
            .bind(millis(before))
            .execute(&mut writer.connection)
            .await
            .map_err(failed)?;
        Ok(done.rows_affected())
    }
}

async fn of_pairs(
    connection: &mut Connection,
    table: &str,
    column: &str,
    pairs: &[OutboxPair],
) -> sqlx::Result<BTreeMap<OutboxPair, String>> {
    let mut found = BTreeMap::new();
    let mut by_destination: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (destination, finding) in pairs {
        by_destination.entry(destination).or_default().push(finding);
    }
    for (destination, findings) in by_destination {
        // The name is quoted as SQL quotes texts; it comes from the configuration.
        let quoted = destination.replace('\'', "''");
        let head =
            format!("SELECT finding, {column} FROM {table} WHERE destination = '{quoted}' AND finding IN (");
        let rows = database::rows_in(connection, &head, ")", &findings, |values, it| {
            values.add(*it)?;
            Ok(())
        })
        .await?;
        for row in rows {
            found.insert((destination.to_owned(), row.try_get(0)?), row.try_get(1)?);
        }
    }
    Ok(found)
}

async fn write(connection: &mut Connection, plan: &PlanWrite, now: i64) -> sqlx::Result<bool> {
    let moved = sqlx::query(
        "UPDATE outbox_plan SET cursor = $1, version = version + 1 WHERE id = 1 AND version = $2",
    )
    .bind(plan.cursor)
    .bind(plan.version)
    .execute(&mut *connection)
    .await?;
    if moved.rows_affected() == 0 {
        return Ok(false);
    }
    for (destination, finding) in &plan.unqueue {
        sqlx::query("DELETE FROM outbox_queue WHERE destination = $1 AND finding = $2")
            .bind(destination)
            .bind(finding)
            .execute(&mut *connection)
            .await?;
    }
    let head = "INSERT INTO outbox_queue (destination, finding, due_at, body)";
    let tail =
        "ON CONFLICT (destination, finding) DO UPDATE SET due_at = excluded.due_at, body = excluded.body";
    database::for_rows(connection, head, tail, 4, &plan.queue, |values, it| {
        values.add(&*it.pair.0)?.add(&*it.pair.1)?.add(millis(it.due_at))?.add(&*it.body)?;
        Ok(())
    })
    .await?;
    let head = "INSERT INTO told (destination, finding, mark)";
    let tail = "ON CONFLICT (destination, finding) DO UPDATE SET mark = excluded.mark";
    database::for_rows(connection, head, tail, 3, &plan.told, |values, (pair, mark)| {
        values.add(&*pair.0)?.add(&*pair.1)?.add(&**mark)?;
        Ok(())
    })
    .await?;
    let head = "INSERT INTO outbox (destination, key, thread, body, state, created_at, next_at)";
    let tail = "ON CONFLICT (key) DO NOTHING";
    database::for_rows(connection, head, tail, 7, &plan.messages, |values, it| {
        values.add(&*it.destination)?.add(&*it.key)?.add(it.thread.as_deref())?.add(&*it.body)?;
        values.add(0_i64)?.add(now)?.add(now)?;
        Ok(())
    })
    .await?;
    Ok(true)
}
