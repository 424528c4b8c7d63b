//! What happens to findings, in order: what deliveries follow.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::AssertSqlSafe;
use sqlx::Row as _;
use yagura_model::{AccountId, Change, Finding, Timestamp};

use super::filter::Conditions;
use super::findings::{moment, numbered};
use super::words::Words;
use super::{PAGE, ReadError};
use crate::codes::Code as _;
use crate::database::Connection;
use crate::names::Kind;
use crate::store::Store;

/// Something that happened to a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct FindingEvent {
    /// Its number: later events have greater ones.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub change: Change,
    /// The person or the program that did it; `None` when a scan, a detection or an import did.
    pub who: Option<String>,
    /// Why, in a few words.
    pub why: String,
    /// The finding as it is now.
    pub finding: Finding,
}

impl Store {
    /// What happened after the event with this number, at most `limit` events, in order.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn events_after(&self, number: i64, limit: usize) -> Result<Vec<FindingEvent>, ReadError> {
        let mut snapshot = self.inner.snapshot().await?;
        events(&mut snapshot, number, limit).await.map_err(|error| self.inner.failed(error).into())
    }

    /// Whether anything happened to findings in these accounts behind event `after`, up to `until`.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn happened_in(
        &self,
        accounts: &BTreeSet<AccountId>,
        after: i64,
        until: i64,
    ) -> Result<bool, ReadError> {
        // To a filter, no account is every account.
        if accounts.is_empty() {
            return Ok(false);
        }
        let failed = |error| self.inner.failed(error);
        let mut snapshot = self.inner.snapshot().await?;
        let mut these = Conditions::default();
        these.named(&mut snapshot, "f.account_id", Kind::Account, accounts).await.map_err(failed)?;
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM finding_history h JOIN findings f ON f.id = h.finding_id
             WHERE h.id > $1 AND h.id <= $2{})",
            these.as_str()
        );
        let asked = sqlx::query_scalar(AssertSqlSafe(sql)).persistent(false).bind(after).bind(until);
        Ok(asked.fetch_one(&mut *snapshot).await.map_err(failed)?)
    }

    /// The number of the newest event; 0 when nothing ever happened.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn newest_event(&self) -> Result<i64, ReadError> {
        sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) FROM finding_history")
            .fetch_one(&self.inner.readers)
            .await
            .map_err(|error| self.inner.failed(error).into())
    }
}

async fn events(connection: &mut Connection, number: i64, limit: usize) -> sqlx::Result<Vec<FindingEvent>> {
    let rows = sqlx::query(
        "SELECT h.id, h.at, h.change, n.name, h.why, h.finding_id FROM finding_history h
         LEFT JOIN names n ON n.id = h.who_id WHERE h.id > $1 ORDER BY h.id LIMIT $2",
    )
    .bind(number)
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(&mut *connection)
    .await?;
    let mut wanted = BTreeSet::new();
    for row in &rows {
        wanted.insert(row.try_get::<i64, _>(5)?);
    }
    let wanted: Vec<i64> = wanted.into_iter().collect();
    let words = Words::load(connection).await?;
    let mut findings: BTreeMap<i64, Finding> = BTreeMap::new();
    for page in wanted.chunks(PAGE) {
        findings.extend(page.iter().copied().zip(numbered(connection, &words, page).await?));
    }
    let mut events = Vec::with_capacity(rows.len());
    for row in &rows {
        // Findings are never deleted.
        let Some(finding) = findings.get(&row.try_get(5)?) else { continue };
        events.push(FindingEvent {
            number: row.try_get(0)?,
            at: moment(row.try_get(1)?)?,
            change: Change::decode(row.try_get(2)?)?,
            who: row.try_get(3)?,
            why: row.try_get(4)?,
            finding: finding.clone(),
        });
    }
    Ok(events)
}
