//! What people, and deliveries, do about findings: one of them, or many at once.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::AssertSqlSafe;
use thiserror::Error;
use yagura_model::{Change, RecordState, Severity, Timestamp, Workflow};

use crate::codes::Code;
use crate::database::{self, Connection};
use crate::error::{DatabaseError, Place};
use crate::names::{self, Kind};
use crate::read::filter::{Conditions, FindingFilter};
use crate::store::Store;
use crate::uid::Uid;

/// Which findings something is done about.
#[derive(Debug, Clone)]
pub enum Selection {
    /// Those with these ids.
    Ids(BTreeSet<String>),
    /// Whatever a filter lets through.
    Filter(Box<FindingFilter>),
    /// Whatever a filter lets through, as long as they are so many: somebody looked at these.
    Counted(Box<FindingFilter>, u64),
}

/// What is done. What is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Triage {
    /// The new state of work.
    pub workflow: Option<Workflow>,
    /// Who takes care of it from now on; an empty name means nobody.
    pub assignee: Option<String>,
    /// What there is to say: the reason of the change, or a comment by itself.
    pub comment: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Triaged {
    /// How many findings were meant.
    pub meant: u64,
    /// How many of them changed.
    pub changed: u64,
}

/// Why nothing was done about any finding.
#[derive(Debug, Error)]
pub enum TriageError {
    /// There is no such finding.
    #[error("there is no finding `{id}` in `{place}`")]
    UnknownFinding {
        /// The id that was asked for.
        id: String,
        /// Which store.
        place: Place,
    },
    /// The filter lets more or fewer through than somebody looked at.
    #[error("the filter means {meant} findings by now, not {counted}: look again")]
    Others {
        /// How many somebody looked at.
        counted: u64,
        /// How many there are.
        meant: u64,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl Store {
    /// Does something about findings, and writes down who, when and why. What is so already is left alone.
    ///
    /// # Errors
    ///
    /// [`TriageError`] when an id is not known, others are meant than were counted, or the database failed. Nothing is changed then.
    pub async fn triage(
        &self,
        which: &Selection,
        what: &Triage,
        who: &str,
        at: Timestamp,
    ) -> Result<Triaged, TriageError> {
        let failed = |error| TriageError::Database(self.inner.failed(error));
        let mut writer = self.inner.writer.lock().await;
        let mut transaction = database::begin_write(&mut writer.connection).await.map_err(failed)?;
        let conditions = match which {
            Selection::Ids(ids) => {
                let mut numbers = Vec::with_capacity(ids.len());
                for id in ids {
                    let found = number(&mut transaction, id).await.map_err(failed)?;
                    numbers.push(found.ok_or_else(|| TriageError::UnknownFinding {
                        id: id.clone(),
                        place: self.inner.place.clone(),
                    })?);
                }
                let mut conditions = Conditions::default();
                conditions.one_of("f.id", &numbers);
                conditions
            }
            Selection::Filter(filter) | Selection::Counted(filter, _) => {
                filter.conditions(&mut transaction).await.map_err(failed)?
            }
        };
        let done = apply(&mut transaction, &conditions, what, who, at).await.map_err(failed)?;
        if let Selection::Counted(_, counted) = which
            && done.meant != *counted
        {
            return Err(TriageError::Others { counted: *counted, meant: done.meant });
        }
        transaction.commit().await.map_err(failed)?;
        Ok(done)
    }

    /// Calls findings notified that nobody has looked at yet: their owners were told. Others, and unknown ids, are left alone.
    ///
    /// # Errors
    ///
    /// The database failed; nothing is changed then.
    pub async fn notified(
        &self,
        ids: &BTreeSet<String>,
        who: &str,
        at: Timestamp,
    ) -> Result<Triaged, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let mut writer = self.inner.writer.lock().await;
        let mut transaction = database::begin_write(&mut writer.connection).await.map_err(failed)?;
        let mut numbers = Vec::with_capacity(ids.len());
        for id in ids {
            numbers.extend(number(&mut transaction, id).await.map_err(failed)?);
        }
        let mut conditions = Conditions::default();
        conditions.one_of("f.id", &numbers);
        conditions.codes("f.workflow", &BTreeSet::from([Workflow::New]));
        conditions.codes("f.record_state", &BTreeSet::from([RecordState::Active]));
        let what = Triage { workflow: Some(Workflow::Notified), ..Triage::default() };
        let done = apply(&mut transaction, &conditions, &what, who, at).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        Ok(done)
    }

    /// Writes down of each finding that is open since before its severity's moment that it is overdue: once, until it ends and comes back. What is
    /// accepted is not overdue.
    ///
    /// # Errors
    ///
    /// The database failed; nothing is changed then.
    pub async fn mark_overdue(
        &self,
        opened_before: BTreeMap<Severity, Timestamp>,
        at: Timestamp,
    ) -> Result<u64, DatabaseError> {
        let failed = |error| self.inner.failed(error);
        let filter = FindingFilter { opened_before, ..FindingFilter::open() };
        if filter.opened_before.is_empty() {
            return Ok(0);
        }
        let mut writer = self.inner.writer.lock().await;
        let mut transaction = database::begin_write(&mut writer.connection).await.map_err(failed)?;
        let conditions = filter.conditions(&mut transaction).await.map_err(failed)?;
        let sql = format!(
            "INSERT INTO finding_history (finding_id, at, change, why)
             SELECT f.id, $1, $2, '' FROM findings f WHERE 1 = 1{} AND NOT EXISTS
               (SELECT 1 FROM finding_history h WHERE h.finding_id = f.id AND h.change = $2 AND h.at >= f.opened_at)
             ORDER BY f.id",
            conditions.as_str()
        );
        let done = sqlx::query(AssertSqlSafe(sql))
            .persistent(false)
            .bind(at.as_millisecond())
            .bind(Change::Overdue.code())
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        Ok(done.rows_affected())
    }

    /// Sets a finding's state of work and writes down when and why. Setting the state that it has does nothing.
    ///
    /// # Errors
    ///
    /// [`TriageError`] when there is no such finding or the database failed.
    pub async fn set_workflow(
        &self,
        id: &str,
        workflow: Workflow,
        at: Timestamp,
        why: &str,
    ) -> Result<(), TriageError> {
        let comment = (!why.is_empty()).then(|| why.to_owned());
        let what = Triage { workflow: Some(workflow), comment, ..Triage::default() };
        self.triage(&Selection::Ids(BTreeSet::from([id.to_owned()])), &what, "", at).await.map(|_| ())
    }
}

async fn number(connection: &mut Connection, id: &str) -> sqlx::Result<Option<i64>> {
    let Ok(uid) = id.parse::<Uid>() else { return Ok(None) };
    sqlx::query_scalar("SELECT id FROM findings WHERE uid = $1")
        .bind(uid.as_bytes())
        .fetch_optional(connection)
        .await
}

/// The findings are gathered first: what is done to them may take them out of the filter that chose them.
async fn apply(
    connection: &mut Connection,
    conditions: &Conditions,
    what: &Triage,
    who: &str,
    at: Timestamp,
) -> sqlx::Result<Triaged> {
    let who_id = person(connection, who).await?;
    sqlx::raw_sql("DROP TABLE IF EXISTS temp.meant").execute(&mut *connection).await?;
    let sql = format!(
        "CREATE TEMP TABLE meant AS SELECT f.id, f.workflow, f.assignee_id, 0 AS changed
         FROM findings f JOIN resources r ON r.id = f.resource_id WHERE 1 = 1{}",
        conditions.as_str()
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await?;
    let comment = what.comment.as_deref().unwrap_or_default();
    let mut told = false;
    if let Some(workflow) = what.workflow {
        set_workflow(connection, workflow, comment, who_id, at).await?;
        told = true;
    }
    if let Some(assignee) = &what.assignee {
        assign(connection, assignee, if told { "" } else { comment }, who_id, at).await?;
        told = true;
    }
    if !told && !comment.is_empty() {
        write_history(connection, Change::Commented, comment, "1 = 1", who_id, at).await?;
    }
    let (meant, changed): (i64, i64) =
        sqlx::query_as("SELECT COUNT(*), COALESCE(SUM(changed), 0) FROM temp.meant")
            .fetch_one(&mut *connection)
            .await?;
    sqlx::raw_sql("DROP TABLE temp.meant").execute(connection).await?;
    Ok(Triaged { meant: meant.unsigned_abs(), changed: changed.unsigned_abs() })
}

async fn set_workflow(
    connection: &mut Connection,
    workflow: Workflow,
    comment: &str,
    who_id: Option<i64>,
    at: Timestamp,
) -> sqlx::Result<()> {
    for before in Workflow::ALL.iter().filter(|it| **it != workflow) {
        let what = format!("{} to {}", before.as_str(), workflow.as_str());
        let why = if comment.is_empty() { what } else { format!("{what}: {comment}") };
        let these = format!("workflow = {}", before.code());
        write_history(connection, Change::WorkflowChanged, &why, &these, who_id, at).await?;
    }
    let sql = format!(
        "UPDATE findings SET workflow = {0}, suppression_id = NULL
             WHERE id IN (SELECT id FROM temp.meant WHERE workflow <> {0})",
        workflow.code()
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(|_| ())
}

async fn assign(
    connection: &mut Connection,
    assignee: &str,
    comment: &str,
    who_id: Option<i64>,
    at: Timestamp,
) -> sqlx::Result<()> {
    let new = person(connection, assignee).await?;
    let number = new.map_or_else(|| "NULL".to_owned(), |it| it.to_string());
    let what = if assignee.is_empty() { "to nobody".to_owned() } else { format!("to {assignee}") };
    let why = if comment.is_empty() { what } else { format!("{what}: {comment}") };
    let these = format!("assignee_id IS NOT {number}");
    write_history(connection, Change::Assigned, &why, &these, who_id, at).await?;
    let sql = format!(
        "UPDATE findings SET assignee_id = {number} WHERE id IN (SELECT id FROM temp.meant WHERE {these})"
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(|_| ())
}

/// A line in the history of those of the findings that a condition lets through, which are the changed ones.
async fn write_history(
    connection: &mut Connection,
    change: Change,
    why: &str,
    these: &str,
    who_id: Option<i64>,
    at: Timestamp,
) -> sqlx::Result<()> {
    let sql = format!(
        "INSERT INTO finding_history (finding_id, at, change, who_id, why)
         SELECT id, $1, $2, $3, $4 FROM temp.meant WHERE {these} ORDER BY id"
    );
    sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .bind(at.as_millisecond())
        .bind(change.code())
        .bind(who_id)
        .bind(why)
        .execute(&mut *connection)
        .await?;
    let sql = format!("UPDATE temp.meant SET changed = 1 WHERE {these}");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(|_| ())
}

/// The number of a person's name; `None` for nobody.
async fn person(connection: &mut Connection, name: &str) -> sqlx::Result<Option<i64>> {
    if name.is_empty() {
        return Ok(None);
    }
    // The shared names are not asked: a transaction that is rolled back would leave a number there that is none.
    names::Names::default().number(connection, Kind::Person, name).await.map(Some)
}
