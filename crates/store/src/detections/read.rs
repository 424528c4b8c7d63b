//! Reading findings of detections and incidents.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::Row as _;
use yagura_model::{Entity, EntityLink, Incident, RecordState, Severity, ThreatFinding, Timestamp, Workflow};

use super::{entity_name, millis};
use crate::codes::Code;
use crate::database::{self, Connection, Row};
use crate::error::{DatabaseError, undecodable};
use crate::store::Store;

/// What [`finding`] reads.
pub(super) const FINDING: &str = "body, record_state, workflow, incident";
/// So many steps back a chain of credentials is followed.
const CHAIN: usize = 8;

/// Which incidents are wanted.
#[derive(Debug, Clone, Default)]
pub struct IncidentFilter {
    /// Only those at least so bad.
    pub severity: Option<Severity>,
    /// Only those with events since then.
    pub since: Option<Timestamp>,
    /// Only those that have something to do with this account.
    pub account: Option<String>,
}

/// An incident with everything that its story is told from.
#[derive(Debug, Clone)]
pub struct IncidentDetail {
    /// The incident.
    pub incident: Incident,
    /// Its findings, the first one first.
    pub findings: Vec<ThreatFinding>,
    /// The credentials that led from one to the next.
    pub links: Vec<EntityLink>,
    /// The ids of incidents that turned out to be parts of it.
    pub parts: Vec<String>,
}

/// A row of `threats`.
pub(crate) fn finding(row: &Row) -> sqlx::Result<ThreatFinding> {
    let mut read: ThreatFinding = serde_json::from_str(row.try_get(0)?).map_err(undecodable)?;
    read.record_state = RecordState::decode(row.try_get(1)?)?;
    read.workflow = Workflow::decode(row.try_get(2)?)?;
    read.incident = row.try_get(3)?;
    Ok(read)
}

fn incident(row: &Row) -> sqlx::Result<Incident> {
    let mut read: Incident = serde_json::from_str(row.try_get(0)?).map_err(undecodable)?;
    read.record_state = RecordState::decode(row.try_get(1)?)?;
    read.workflow = Workflow::decode(row.try_get(2)?)?;
    Ok(read)
}

async fn rows_of(connection: &mut Connection, head: &str, ids: &BTreeSet<String>) -> sqlx::Result<Vec<Row>> {
    let ids: Vec<&String> = ids.iter().collect();
    database::rows_in(connection, head, ")", &ids, |values, it| {
        values.add(it.as_str())?;
        Ok(())
    })
    .await
}

/// Rows of `incidents` with everything that belongs to each.
async fn details(connection: &mut Connection, rows: &[Row]) -> sqlx::Result<Vec<IncidentDetail>> {
    let incidents: Vec<Incident> = rows.iter().map(incident).collect::<sqlx::Result<_>>()?;
    let head = "SELECT merged_into, uid FROM incidents WHERE merged_into IN (";
    let ids: BTreeSet<String> = incidents.iter().map(|it| it.id.clone()).collect();
    let mut parts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows_of(connection, head, &ids).await? {
        parts.entry(row.try_get(0)?).or_default().push(row.try_get(1)?);
    }
    let mut found = Vec::with_capacity(incidents.len());
    for incident in incidents {
        let sql = format!("SELECT {FINDING} FROM threats WHERE incident = $1 ORDER BY first_at, uid");
        let rows =
            sqlx::query(sqlx::AssertSqlSafe(sql)).bind(&incident.id).fetch_all(&mut *connection).await?;
        let findings: Vec<_> = rows.iter().map(finding).collect::<sqlx::Result<_>>()?;
        let entities: Vec<Entity> = findings.iter().flat_map(|it| it.entities.iter().cloned()).collect();
        let links = links_to(connection, &entities).await?;
        let parts = parts.remove(&incident.id).unwrap_or_default();
        found.push(IncidentDetail { incident, findings, links, parts });
    }
    Ok(found)
}

/// The links that lead to entities, and those that lead to where these came from.
pub(super) async fn links_to(
    connection: &mut Connection,
    entities: &[Entity],
) -> sqlx::Result<Vec<EntityLink>> {
    let mut asked: BTreeSet<String> = BTreeSet::new();
    let mut next: Vec<String> =
        entities.iter().map(entity_name).filter(|it| asked.insert(it.clone())).collect();
    let mut found: Vec<EntityLink> = Vec::new();
    for _ in 0..CHAIN {
        if next.is_empty() {
            break;
        }
        let head = "SELECT body FROM entity_links WHERE entity IN (";
        let rows = database::rows_in(connection, head, ")", &next, |values, it| {
            values.add(it.as_str())?;
            Ok(())
        })
        .await?;
        let mut links: Vec<EntityLink> = Vec::new();
        for row in rows {
            links.push(serde_json::from_str(row.try_get(0)?).map_err(undecodable)?);
        }
        let from = links.iter().flat_map(|it| &it.from).map(entity_name);
        next = from.filter(|it| asked.insert(it.clone())).collect();
        found.extend(links);
    }
    found.sort();
    found.dedup();
    Ok(found)
}

impl Store {
    /// Incidents, the newest first.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn incidents(&self, filter: &IncidentFilter) -> Result<Vec<Incident>, DatabaseError> {
        let severity = filter.severity.map_or(0, Code::code);
        let since = filter.since.map_or(i64::MIN, millis);
        let rows = sqlx::query(
            "SELECT body, record_state, workflow FROM incidents
             WHERE merged_into IS NULL AND severity >= $1 AND last_at >= $2 ORDER BY last_at DESC, uid",
        )
        .bind(severity)
        .bind(since)
        .fetch_all(&self.inner.readers)
        .await
        .and_then(|rows| rows.iter().map(incident).collect::<sqlx::Result<Vec<_>>>())
        .map_err(|error| self.inner.failed(error))?;
        let wanted =
            |it: &Incident| filter.account.as_ref().is_none_or(|account| it.accounts.contains(account));
        Ok(rows.into_iter().filter(wanted).collect())
    }

    /// The incidents whose id begins so, with their findings; an incident that became part of another leads to that one.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn incidents_called(&self, id: &str) -> Result<Vec<IncidentDetail>, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut connection = self.inner.readers.acquire().await.map_err(failed)?;
        let pattern = format!("{}%", id.replace(['%', '_'], ""));
        let rows = sqlx::query(
            "SELECT body, record_state, workflow FROM incidents WHERE merged_into IS NULL AND uid IN
             (SELECT COALESCE(merged_into, uid) FROM incidents WHERE uid LIKE $1) ORDER BY uid",
        )
        .bind(pattern)
        .fetch_all(&mut *connection)
        .await
        .map_err(failed)?;
        details(&mut connection, &rows).await.map_err(failed)
    }

    /// The incidents that these are, with their findings; one that became part of another is not there any more.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn incident_details(
        &self,
        ids: &BTreeSet<String>,
    ) -> Result<Vec<IncidentDetail>, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut connection = self.inner.readers.acquire().await.map_err(failed)?;
        let head =
            "SELECT body, record_state, workflow FROM incidents WHERE merged_into IS NULL AND uid IN (";
        let rows = rows_of(&mut connection, head, ids).await.map_err(failed)?;
        details(&mut connection, &rows).await.map_err(failed)
    }

    /// The incidents to which findings of detections belong, by the findings' ids; those that belong to none are not there.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn incidents_of(
        &self,
        findings: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, String>, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut connection = self.inner.readers.acquire().await.map_err(failed)?;
        let head = "SELECT uid, incident FROM threats WHERE incident IS NOT NULL AND uid IN (";
        let rows = rows_of(&mut connection, head, findings).await.map_err(failed)?;
        let pair = |row: &Row| Ok((row.try_get(0)?, row.try_get(1)?));
        rows.iter().map(pair).collect::<sqlx::Result<_>>().map_err(failed)
    }

    /// What a detection knows of its finding: more than the list of findings does.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn threat_finding(&self, id: &str) -> Result<Option<ThreatFinding>, DatabaseError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {FINDING} FROM threats WHERE uid = $1")))
            .bind(id)
            .fetch_optional(&self.inner.readers)
            .await
            .map_err(|error| self.inner.failed(error))?;
        row.as_ref().map(finding).transpose().map_err(|error| self.inner.failed(error))
    }

    /// Findings of detections, the worst and newest first.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn threat_findings(
        &self,
        filter: &IncidentFilter,
    ) -> Result<Vec<ThreatFinding>, DatabaseError> {
        let sql = format!(
            "SELECT {FINDING} FROM threats WHERE severity >= $1 AND last_at >= $2
             ORDER BY severity DESC, last_at DESC, uid"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(filter.severity.map_or(0, Code::code))
            .bind(filter.since.map_or(i64::MIN, millis))
            .fetch_all(&self.inner.readers)
            .await
            .and_then(|rows| rows.iter().map(finding).collect::<sqlx::Result<Vec<_>>>())
            .map_err(|error| self.inner.failed(error))?;
        let wanted =
            |it: &ThreatFinding| filter.account.as_ref().is_none_or(|account| it.accounts.contains(account));
        Ok(rows.into_iter().filter(wanted).collect())
    }
}
