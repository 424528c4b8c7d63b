//! The history of findings as those read it who tell people.

use sqlx::Row as _;
use yagura_model::{Finding, Timestamp};

use crate::error::{Unexpected, undecodable};
use crate::lifecycle::Change;
use crate::read::ReadError;
use crate::store::Store;

/// One entry of the history of findings.
#[derive(Debug, Clone, PartialEq)]
pub struct FindingEvent {
    /// Its number: later entries have larger ones.
    pub number: i64,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub change: Change,
    /// Who did it, of people.
    pub who: Option<String>,
    /// Why.
    pub why: String,
    /// The finding as it is now.
    pub finding: Finding,
}

impl Store {
    /// What happened to findings after the entry of this number, in order, at most so many entries.
    ///
    /// # Errors
    ///
    /// [`ReadError`] when the database failed.
    pub async fn changes_after(&self, number: i64, limit: usize) -> Result<Vec<FindingEvent>, ReadError> {
        let failed = |error| ReadError::from(self.inner.failed(error));
        let rows = sqlx::query(
            "SELECT h.id, lower(hex(f.uid)), h.at, h.change, h.why FROM finding_history h JOIN findings f ON f.id = h.finding_id
             WHERE h.id > $1 ORDER BY h.id LIMIT $2",
        )
        .bind(number)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.inner.readers)
        .await
        .map_err(failed)?;
        let mut events = Vec::new();
        for row in rows {
            let number: i64 = row.try_get(0).map_err(failed)?;
            let id: String = row.try_get(1).map_err(failed)?;
            let Some(finding) = self.finding(&id).await? else { continue };
            let at: Option<String> = row.try_get(2).map_err(failed)?;
            let at = match at {
                Some(at) => at.parse().map_err(|error: jiff::Error| failed(undecodable(error)))?,
                None => finding.resolved_at.unwrap_or(finding.last_seen),
            };
            let word: String = row.try_get(3).map_err(failed)?;
            let change = Change::ALL.into_iter().find(|it| it.as_str() == word);
            let change = change.ok_or_else(|| failed(Unexpected::decode("change of a finding", number)))?;
            let why = row.try_get(4).map_err(failed)?;
            events.push(FindingEvent { number, at, change, who: None, why, finding });
        }
        Ok(events)
    }
}
