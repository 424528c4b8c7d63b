//! Suppressions at work: findings that are hidden, and those that come back when nothing hides them any more.

use std::collections::{BTreeMap, HashMap};

use sqlx::{AssertSqlSafe, Row as _};
use yagura_model::{Change, Timestamp, Workflow, glob};

use crate::codes::Code;
use crate::database::{self, Connection};
use crate::error::{DatabaseError, undecodable};
use crate::names::{Kind, Names};
use crate::read::filter::FindingFilter;
use crate::store::{Store, Writer};

/// What a suppression hides, with its names resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hiding {
    /// The suppression's name.
    pub name: String,
    /// Why, for the history.
    pub why: String,
    /// Which findings; `None` where the suppression names accounts and there is none of them.
    pub filter: Option<FindingFilter>,
    /// Globs over the resource's id or ARN; none means any.
    pub resources: Vec<String>,
    /// Globs over the resource's tags, `key=value`; none means any. A resource that was never read has no tags.
    pub tags: Vec<String>,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hidden {
    /// How many active findings each suppression hides now.
    pub by_suppression: BTreeMap<String, u64>,
    /// How many were hidden by this.
    pub hidden: u64,
    /// How many came back.
    pub returned: u64,
}

impl Store {
    /// How many active findings a suppression would hide.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn would_hide(&self, hiding: &Hiding) -> Result<u64, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut connection = self.inner.readers.acquire().await.map_err(failed)?;
        let found = matching(&mut connection, hiding).await.map_err(failed)?;
        Ok(found.len() as u64)
    }

    /// How many active findings each suppression hides now.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn hidden(&self) -> Result<BTreeMap<String, u64>, DatabaseError> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT n.name, COUNT(*) FROM findings f JOIN names n ON n.id = f.suppression_id
             WHERE f.record_state = 0 AND f.workflow = 2 GROUP BY n.name",
        )
        .fetch_all(&self.inner.readers)
        .await
        .map_err(|error| self.inner.failed(error))?;
        Ok(rows.into_iter().map(|(name, count)| (name, count.unsigned_abs())).collect())
    }

    /// Hides what these suppressions hide, and lets go what others hid: those that ended, were taken away, or no longer fit. Where several fit, the
    /// first hides. What a person has hidden by hand stays as it is.
    ///
    /// # Errors
    ///
    /// The database failed; nothing is changed then.
    pub async fn apply_suppressions(
        &self,
        hidings: &[Hiding],
        at: Timestamp,
    ) -> Result<Hidden, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut writer = self.inner.writer.lock().await;
        let Writer { connection, names: shared } = &mut *writer;
        // Those of a transaction that is rolled back are not true.
        let mut names = std::mem::take(shared);
        let mut transaction = database::begin_write(connection).await.map_err(failed)?;
        let hidden = apply(&mut transaction, &mut names, hidings, at).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        *shared = names;
        Ok(hidden)
    }

    /// The suppressions that were made by command: name and text.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn suppressions(&self) -> Result<Vec<(String, String)>, DatabaseError> {
        sqlx::query_as("SELECT name, body FROM suppressions ORDER BY name")
            .fetch_all(&self.inner.readers)
            .await
            .map_err(|error| self.inner.failed(error))
    }

    /// Keeps a suppression that was made by command, in place of one with the same name.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn keep_suppression(&self, name: &str, body: &str) -> Result<(), DatabaseError> {
        let mut writer = self.inner.writer.lock().await;
        sqlx::query(
            "INSERT INTO suppressions (name, body) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET body = excluded.body",
        )
        .bind(name)
        .bind(body)
        .execute(&mut writer.connection)
        .await
        .map(|_| ())
        .map_err(|error| self.inner.failed(error))
    }

    /// Takes a suppression away that was made by command; whether there was one. Its findings come back when suppressions are
    /// [applied](Self::apply_suppressions) next.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn remove_suppression(&self, name: &str) -> Result<bool, DatabaseError> {
        let mut writer = self.inner.writer.lock().await;
        sqlx::query("DELETE FROM suppressions WHERE name = $1")
            .bind(name)
            .execute(&mut writer.connection)
            .await
            .map(|done| done.rows_affected() > 0)
            .map_err(|error| self.inner.failed(error))
    }
}

/// A finding that a suppression could be about.
struct Candidate {
    id: i64,
    workflow: Workflow,
    suppression: Option<i64>,
}

/// The active findings that a suppression fits.
async fn matching(connection: &mut Connection, hiding: &Hiding) -> sqlx::Result<Vec<Candidate>> {
    let Some(filter) = &hiding.filter else { return Ok(Vec::new()) };
    let conditions = filter.conditions(connection).await?;
    let tags = if hiding.tags.is_empty() {
        "NULL"
    } else {
        "(SELECT json_extract(v.body, '$.Tags') FROM resource_versions v
          WHERE v.resource_id = f.resource_id AND v.body IS NOT NULL ORDER BY v.id DESC LIMIT 1)"
    };
    let sql = format!(
        "SELECT f.id, f.workflow, f.suppression_id, r.resource, r.arn, {tags}
         FROM findings f JOIN resources r ON r.id = f.resource_id
         WHERE f.record_state = 0 AND f.workflow <> 3{} ORDER BY f.id",
        conditions.as_str()
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch_all(connection).await?;
    let mut found = Vec::new();
    for row in &rows {
        let (resource, arn): (&str, &str) = (row.try_get(3)?, row.try_get(4)?);
        let fits = |it: &String| glob::matches(it, resource) || glob::matches(it, arn);
        if !(hiding.resources.is_empty() || hiding.resources.iter().any(fits)) {
            continue;
        }
        if !hiding.tags.is_empty() && !has_tag(&hiding.tags, row.try_get(5)?)? {
            continue;
        }
        found.push(Candidate {
            id: row.try_get(0)?,
            workflow: Workflow::decode(row.try_get(1)?)?,
            suppression: row.try_get(2)?,
        });
    }
    Ok(found)
}

fn has_tag(wanted: &[String], tags: Option<&str>) -> sqlx::Result<bool> {
    let Some(text) = tags else { return Ok(false) };
    let tags: BTreeMap<String, String> = serde_json::from_str(text).map_err(undecodable)?;
    let fits = |it: &String| {
        let (key, value) = it.split_once('=').unwrap_or((it, "*"));
        tags.iter().any(|(its_key, its_value)| glob::matches(key, its_key) && glob::matches(value, its_value))
    };
    Ok(wanted.iter().any(fits))
}

async fn apply(
    connection: &mut Connection,
    names: &mut Names,
    hidings: &[Hiding],
    at: Timestamp,
) -> sqlx::Result<Hidden> {
    let mut done = Hidden::default();
    // Which finding is hidden by which, and which of those were hidden before.
    let mut by_finding: HashMap<i64, i64> = HashMap::new();
    for hiding in hidings {
        let number = names.number(connection, Kind::Suppression, &hiding.name).await?;
        let (mut new, mut taken_over) = (Vec::new(), Vec::new());
        for it in matching(connection, hiding).await? {
            let is_by_hand = it.workflow == Workflow::Suppressed && it.suppression.is_none();
            if is_by_hand || by_finding.contains_key(&it.id) {
                continue;
            }
            by_finding.insert(it.id, number);
            match (it.workflow == Workflow::Suppressed, it.suppression == Some(number)) {
                (true, true) => {}
                (true, false) => taken_over.push((it.id, it.workflow)),
                (false, _) => new.push((it.id, it.workflow)),
            }
        }
        done.hidden += new.len() as u64;
        set(connection, Workflow::Suppressed, Some(number), &taken_over).await?;
        let why = |_| format!("still SUPPRESSED: {} ({})", hiding.why, hiding.name);
        write_history(connection, &taken_over, why, at).await?;
        set(connection, Workflow::Suppressed, Some(number), &new).await?;
        let why =
            |before: Workflow| format!("{} to SUPPRESSED: {} ({})", before.as_str(), hiding.why, hiding.name);
        write_history(connection, &new, why, at).await?;
        let count = by_finding.values().filter(|it| **it == number).count() as u64;
        done.by_suppression.insert(hiding.name.clone(), count);
    }
    let hidden: Vec<(i64, String)> = sqlx::query_as(
        "SELECT f.id, n.name FROM findings f JOIN names n ON n.id = f.suppression_id
         WHERE f.record_state = 0 AND f.workflow = 2 ORDER BY f.id",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut back: BTreeMap<String, Vec<(i64, Workflow)>> = BTreeMap::new();
    for (id, name) in hidden.into_iter().filter(|(id, _)| !by_finding.contains_key(id)) {
        back.entry(name).or_default().push((id, Workflow::Suppressed));
    }
    for (name, findings) in back {
        done.returned += findings.len() as u64;
        set(connection, Workflow::New, None, &findings).await?;
        let why = |_| format!("SUPPRESSED to NEW: the suppression `{name}` no longer hides it");
        write_history(connection, &findings, why, at).await?;
    }
    Ok(done)
}

async fn set(
    connection: &mut Connection,
    workflow: Workflow,
    suppression: Option<i64>,
    findings: &[(i64, Workflow)],
) -> sqlx::Result<()> {
    let suppression = suppression.map_or_else(|| "NULL".to_owned(), |it| it.to_string());
    let head = format!(
        "UPDATE findings SET workflow = {}, suppression_id = {suppression} WHERE id IN (",
        workflow.code()
    );
    database::for_rows(connection, &head, ")", 1, findings, |values, (id, _)| {
        values.add(*id)?;
        Ok(())
    })
    .await
}

async fn write_history(
    connection: &mut Connection,
    findings: &[(i64, Workflow)],
    why: impl Fn(Workflow) -> String,
    at: Timestamp,
) -> sqlx::Result<()> {
    let head = "INSERT INTO finding_history (finding_id, at, change, why)";
    database::for_rows(connection, head, "", 4, findings, |values, (id, before)| {
        values.add(*id)?.add(at.as_millisecond())?.add(Change::WorkflowChanged.code())?.add(why(*before))?;
        Ok(())
    })
    .await
}
