//! Deliveries: claiming a message, and saying how it ended.
//!
//! A claim runs out, so that the messages of a process that was killed are sent by the next; until then no other process has them. How a
//! delivery ended counts only while its claim is the message's own.

use sqlx::{AssertSqlSafe, Row as _};
use yagura_model::Timestamp;

use super::{Claim, MessageState, OutboxMessage, millis, moment};
use crate::database::{self, Row};
use crate::error::{DatabaseError, Unexpected};
use crate::store::Store;

const COLUMNS: &str =
    "outbox.id, outbox.destination, outbox.key, root.reference, outbox.body, outbox.state, outbox.tries,
    outbox.created_at, outbox.next_at, outbox.sent_at, outbox.error, outbox.reference";
const FROM: &str = "FROM outbox LEFT JOIN outbox AS root ON root.key = outbox.thread";

impl Store {
    /// Claims the message that is due for longest. A message that follows another waits until that has arrived or is dead.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn claim_message(&self, claim: Claim<'_>) -> Result<Option<OutboxMessage>, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut writer = self.inner.writer.lock().await;
        let mut transaction = database::begin_write(&mut writer.connection).await.map_err(failed)?;
        let gaps: Vec<String> = (0..claim.except.len()).map(|it| format!("${}", it + 2)).collect();
        let except = if gaps.is_empty() {
            String::new()
        } else {
            format!("AND outbox.destination NOT IN ({})", gaps.join(", "))
        };
        let sql = format!(
            "SELECT {COLUMNS} {FROM}
             WHERE outbox.state = 0 AND outbox.next_at <= $1 AND outbox.claimed_to <= $1 {except}
               AND (root.state IS NULL OR root.state != 0)
             ORDER BY outbox.next_at, outbox.id LIMIT 1"
        );
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(millis(claim.now));
        for it in claim.except {
            query = query.bind(it);
        }
        let row = query.fetch_optional(&mut *transaction).await.map_err(failed)?;
        let Some(row) = row else { return Ok(None) };
        let found = message(&row).map_err(failed)?;
        sqlx::query("UPDATE outbox SET claim = $2, claimed_to = $3, tries = tries + 1 WHERE id = $1")
            .bind(found.id)
            .bind(claim.by)
            .bind(millis(claim.until))
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        Ok(Some(OutboxMessage { tries: found.tries + 1, ..found }))
    }

    /// A message has arrived, and the other side calls it so. `false`: the claim had run out.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn message_sent(
        &self,
        id: i64,
        claim: &str,
        reference: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, DatabaseError> {
        let sql = "UPDATE outbox SET state = 1, sent_at = $3, reference = $4, error = NULL, claim = NULL, claimed_to = 0
                   WHERE id = $1 AND claim = $2 AND state = 0";
        let query = sqlx::query(sql).bind(id).bind(claim).bind(millis(now)).bind(reference);
        self.ended(query).await
    }

    /// A try failed, and the next comes at this time. `false`: the claim had run out.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn message_postponed(
        &self,
        id: i64,
        claim: &str,
        next_at: Timestamp,
        error: &str,
    ) -> Result<bool, DatabaseError> {
        let sql = "UPDATE outbox SET next_at = $3, error = $4, claim = NULL, claimed_to = 0
                   WHERE id = $1 AND claim = $2 AND state = 0";
        let query = sqlx::query(sql).bind(id).bind(claim).bind(millis(next_at)).bind(error);
        self.ended(query).await
    }

    /// No message of a destination is tried before this time: the other side asked for patience.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn destination_postponed(
        &self,
        destination: &str,
        until: Timestamp,
    ) -> Result<(), DatabaseError> {
        let sql = "UPDATE outbox SET next_at = $2 WHERE destination = $1 AND state = 0 AND next_at < $2";
        self.ended(sqlx::query(sql).bind(destination).bind(millis(until))).await.map(|_| ())
    }

    /// Whether a message to a destination is due that nobody sends now.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn is_message_due(&self, destination: &str, now: Timestamp) -> Result<bool, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let sql = "SELECT EXISTS (SELECT 1 FROM outbox WHERE destination = $1 AND state = 0 AND next_at <= $2 AND claimed_to <= $2)";
        let found: i64 = sqlx::query_scalar(sql)
            .bind(destination)
            .bind(millis(now))
            .fetch_one(&self.inner.readers)
            .await
            .map_err(failed)?;
        Ok(found != 0)
    }

    /// Trying again cannot help. `false`: the claim had run out.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn message_dead(&self, id: i64, claim: &str, error: &str) -> Result<bool, DatabaseError> {
        let sql = "UPDATE outbox SET state = 2, error = $3, claim = NULL, claimed_to = 0
                   WHERE id = $1 AND claim = $2 AND state = 0";
        self.ended(sqlx::query(sql).bind(id).bind(claim).bind(error)).await
    }

    /// Sends a dead message again, or a waiting one at once. `false`: there is no such message, or it has arrived.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn resend_message(&self, id: i64, now: Timestamp) -> Result<bool, DatabaseError> {
        let sql = "UPDATE outbox SET state = 0, tries = 0, next_at = $2 WHERE id = $1 AND state != 1 AND claimed_to <= $2";
        self.ended(sqlx::query(sql).bind(id).bind(millis(now))).await
    }

    /// Messages of a state, or of every one, the newest first.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn outbox(
        &self,
        state: Option<MessageState>,
        limit: usize,
    ) -> Result<Vec<OutboxMessage>, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let sql = format!(
            "SELECT {COLUMNS} {FROM} WHERE $1 IS NULL OR outbox.state = $1 ORDER BY outbox.id DESC LIMIT $2"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(state.map(MessageState::code))
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.inner.readers)
            .await
            .map_err(failed)?;
        rows.iter().map(message).collect::<sqlx::Result<_>>().map_err(failed)
    }

    /// How many messages arrived at a destination since a time, and when the first of them did.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn sent_since(
        &self,
        destination: &str,
        since: Timestamp,
    ) -> Result<(u64, Option<Timestamp>), DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let row =
            sqlx::query("SELECT COUNT(*), MIN(sent_at) FROM outbox WHERE destination = $1 AND sent_at > $2")
                .bind(destination)
                .bind(millis(since))
                .fetch_one(&self.inner.readers)
                .await
                .map_err(failed)?;
        let count: i64 = row.try_get(0).map_err(failed)?;
        let first: Option<i64> = row.try_get(1).map_err(failed)?;
        let first = first.map(moment).transpose().map_err(failed)?;
        Ok((count.unsigned_abs(), first))
    }

    async fn ended(
        &self,
        query: sqlx::query::Query<'_, database::Db, sqlx::sqlite::SqliteArguments>,
    ) -> Result<bool, DatabaseError> {
        let mut writer = self.inner.writer.lock().await;
        let done = query.execute(&mut writer.connection).await.map_err(|error| self.inner.failed(error))?;
        Ok(done.rows_affected() > 0)
    }
}

fn message(row: &Row) -> sqlx::Result<OutboxMessage> {
    let state: i64 = row.try_get(5)?;
    let tries: i64 = row.try_get(6)?;
    let sent_at: Option<i64> = row.try_get(9)?;
    Ok(OutboxMessage {
        id: row.try_get(0)?,
        destination: row.try_get(1)?,
        key: row.try_get(2)?,
        thread: row.try_get(3)?,
        body: row.try_get(4)?,
        state: MessageState::of(state).ok_or_else(|| Unexpected::decode("state of a message", state))?,
        tries: u32::try_from(tries).map_err(crate::error::undecodable)?,
        created_at: moment(row.try_get(7)?)?,
        next_at: moment(row.try_get(8)?)?,
        sent_at: sent_at.map(moment).transpose()?,
        error: row.try_get(10)?,
        reference: row.try_get(11)?,
    })
}
