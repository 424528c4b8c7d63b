//! What one account's evaluations, and what is gone, do to its findings.

use std::collections::{BTreeMap, HashMap};

use sqlx::Row as _;
use yagura_model::{Evaluation, Outcome};

use super::Task;
use super::evaluations::Judged;
use super::listed::Listed;
use super::resources::Subjects;
use crate::codes::Code;
use crate::content::Digest;
use crate::database::{self, Row};
use crate::lifecycle::{self, Change, Life, Sight, Step};
use crate::uid::uid;

/// A finding as the tables know it.
struct Known {
    id: i64,
    life: Life,
    /// Where its resource is, or was.
    region_id: i64,
    type_id: i64,
    judged: bool,
}

type ByQuestion = HashMap<(i64, i64), Known>;

const SELECT: &str = "SELECT f.id, f.resource_id, f.rule_id, f.severity, f.record_state, f.workflow,
    f.evidence_digest, f.reopened, r.region_id, r.type_id";

/// Moves the account's findings on.
pub(super) async fn write(
    task: &mut Task<'_>,
    judged: &[Judged<'_>],
    subjects: &Subjects,
    listed: &Listed,
) -> sqlx::Result<()> {
    let mut known = load_active(task).await?;
    load_archived(task, &mut known, judged).await?;
    let mut writes = Writes::new(task).await?;
    for it in judged {
        let finding = known.get_mut(&(it.resource_id, it.rule_id));
        let step = lifecycle::step(finding.as_ref().map(|it| &it.life), sight(it));
        match (finding, step) {
            (Some(finding), step) => {
                finding.judged = true;
                writes.add(finding, step, Some(it));
            }
            (None, Some(step)) => writes.open(step, it),
            (None, None) => {}
        }
    }
    let scope: std::collections::HashSet<i64> = task.run.rules.values().copied().collect();
    let mut left: Vec<_> = known.iter().filter(|(_, it)| !it.judged).collect();
    left.sort_unstable_by_key(|(question, _)| **question);
    for ((resource_id, rule_id), finding) in left {
        let looked = scope.contains(rule_id) && listed.contains(finding.type_id, finding.region_id);
        if looked && !subjects.found(*resource_id) {
            writes.add(finding, lifecycle::step(Some(&finding.life), Sight::Gone), None);
        }
    }
    writes.write(task).await
}

fn sight(judged: &Judged<'_>) -> Sight {
    let Evaluation { outcome, severity, .. } = *judged.evaluation;
    match outcome {
        Outcome::NonCompliant => {
            let evidence = judged.evidence.as_ref().map(|text| Digest::of(text.as_bytes()));
            Sight::Violated { severity, evidence }
        }
        Outcome::Compliant => Sight::Passed,
        Outcome::NotApplicable => Sight::NotApplicable,
        Outcome::InsufficientData => Sight::Unknown,
    }
}

async fn load_active(task: &mut Task<'_>) -> sqlx::Result<ByQuestion> {
    let sql = sqlx::AssertSqlSafe(format!(
        "{SELECT} FROM findings f JOIN resources r ON r.id = f.resource_id
         WHERE f.account_id = $1 AND f.record_state = 0"
    ));
    let rows = sqlx::query(sql).bind(task.account_id).fetch_all(&mut *task.connection).await?;
    let mut known = HashMap::with_capacity(rows.len());
    rows.iter().try_for_each(|row| take(&mut known, row))?;
    Ok(known)
}

/// Loads findings that ended, as far as there is a violation again.
async fn load_archived(
    task: &mut Task<'_>,
    known: &mut ByQuestion,
    judged: &[Judged<'_>],
) -> sqlx::Result<()> {
    let any: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM findings WHERE account_id = $1 AND record_state = 1)",
    )
    .bind(task.account_id)
    .fetch_one(&mut *task.connection)
    .await?;
    if !any {
        return Ok(());
    }
    let missing: Vec<(i64, i64)> = judged
        .iter()
        .filter(|it| it.evaluation.outcome == Outcome::NonCompliant)
        .map(|it| (it.resource_id, it.rule_id))
        .filter(|question| !known.contains_key(question))
        .collect();
    let tail = format!(
        ") {SELECT} FROM wanted JOIN findings f ON f.resource_id = wanted.resource_id
           AND f.rule_id = wanted.rule_id JOIN resources r ON r.id = f.resource_id"
    );
    let head = "WITH wanted (resource_id, rule_id) AS (";
    let rows = database::rows_for(task.connection, head, &tail, 2, &missing, |values, (resource, rule)| {
        values.add(*resource)?.add(*rule)?;
        Ok(())
    })
    .await?;
    rows.iter().try_for_each(|row| take(known, row))
}

fn take(known: &mut ByQuestion, row: &Row) -> sqlx::Result<()> {
    let evidence: Option<&[u8]> = row.try_get(6)?;
    let life = Life {
        severity: Code::decode(row.try_get(3)?)?,
        record_state: Code::decode(row.try_get(4)?)?,
        workflow: Code::decode(row.try_get(5)?)?,
        evidence: evidence.and_then(Digest::from_bytes),
        reopened: row.try_get(7)?,
    };
    let finding = Known {
        id: row.try_get(0)?,
        life,
        region_id: row.try_get(8)?,
        type_id: row.try_get(9)?,
        judged: false,
    };
    known.insert((row.try_get(1)?, row.try_get(2)?), finding);
    Ok(())
}

/// What is to be written, gathered so that many rows go in one statement.
struct Writes<'a> {
    next_id: i64,
    opened: Vec<(i64, Life, &'a Judged<'a>)>,
    /// Seen as they were.
    same: Vec<i64>,
    /// New state, whether it was seen, and its evidence's text when that is new.
    changed: Vec<(i64, Life, bool, Option<Option<&'a str>>)>,
    history: BTreeMap<i64, (Change, String)>,
}

impl<'a> Writes<'a> {
    async fn new(task: &mut Task<'_>) -> sqlx::Result<Self> {
        let next_id = task.next_id("SELECT COALESCE(MAX(id), 0) + 1 FROM findings").await?;
        let (opened, same, changed, history) = Default::default();
        Ok(Self { next_id, opened, same, changed, history })
    }

    fn open(&mut self, step: Step, judged: &'a Judged<'a>) {
        let id = self.next_id;
        self.next_id += 1;
        self.history.extend(step.change.map(|change| (id, change)));
        self.opened.push((id, step.life, judged));
    }

    fn add(&mut self, known: &Known, step: Option<Step>, judged: Option<&'a Judged<'a>>) {
        let Some(step) = step else { return };
        self.history.extend(step.change.map(|change| (known.id, change)));
        if step.seen && step.life == known.life {
            self.same.push(known.id);
            return;
        }
        let new_evidence = step.life.evidence != known.life.evidence;
        let evidence = judged.filter(|_| new_evidence).map(|it| it.evidence.as_deref());
        self.changed.push((known.id, step.life, step.seen, evidence));
    }

    async fn write(self, task: &mut Task<'_>) -> sqlx::Result<()> {
        let scan = task.scan();
        insert(task, &self.opened).await?;
        let head = format!("UPDATE findings SET last_scan = {scan} WHERE id IN (");
        database::for_rows(task.connection, &head, ")", 1, &self.same, |values, id| {
            values.add(*id)?;
            Ok(())
        })
        .await?;
        for change in &self.changed {
            update(task, change).await?;
        }
        let head = "INSERT INTO finding_history (finding_id, scan_id, change, why)";
        let history: Vec<_> = self.history.into_iter().collect();
        database::for_rows(task.connection, head, "", 4, &history, |values, (id, (change, why))| {
            values.add(*id)?.add(scan)?.add(change.as_str())?.add(why.as_str())?;
            Ok(())
        })
        .await
    }
}

async fn insert(task: &mut Task<'_>, opened: &[(i64, Life, &Judged<'_>)]) -> sqlx::Result<()> {
    let (scan, account) = (task.scan(), task.account_id);
    let head = "INSERT INTO findings (id, uid, account_id, resource_id, rule_id, severity, record_state,
        workflow, evidence, evidence_digest, first_scan, last_scan, reopened)";
    database::for_rows(task.connection, head, "", 13, opened, |values, (id, life, it)| {
        let uid = uid(&it.evaluation.rule, &it.evaluation.resource);
        values.add(*id)?.add(uid.as_bytes())?.add(account)?.add(it.resource_id)?.add(it.rule_id)?;
        values.add(life.severity.code())?.add(life.record_state.code())?.add(life.workflow.code())?;
        values.add(it.evidence.as_deref())?.add(life.evidence.as_ref().map(Digest::as_bytes))?;
        values.add(scan)?.add(scan)?.add(i64::from(life.reopened))?;
        Ok(())
    })
    .await
}

async fn update(
    task: &mut Task<'_>,
    (id, life, seen, evidence): &(i64, Life, bool, Option<Option<&str>>),
) -> sqlx::Result<()> {
    let scan = task.scan();
    let archived = life.record_state == yagura_model::RecordState::Archived;
    sqlx::query(
        "UPDATE findings SET severity = $2, record_state = $3, workflow = $4, evidence_digest = $5, reopened = $6,
         last_scan = COALESCE($7, last_scan), resolved_scan = $8 WHERE id = $1",
    )
    .bind(*id)
    .bind(life.severity.code())
    .bind(life.record_state.code())
    .bind(life.workflow.code())
    .bind(life.evidence.as_ref().map(Digest::as_bytes))
    .bind(i64::from(life.reopened))
    .bind(seen.then_some(scan))
    .bind(archived.then_some(scan))
    .execute(&mut *task.connection)
    .await?;
    if let Some(text) = evidence {
        sqlx::query("UPDATE findings SET evidence = $2 WHERE id = $1")
            .bind(*id)
            .bind(*text)
            .execute(&mut *task.connection)
            .await?;
    }
    Ok(())
}
