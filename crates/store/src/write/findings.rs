//! What one account's evaluations, and what is gone, do to its findings.

use std::collections::{BTreeMap, HashMap};

use sqlx::Row as _;
use yagura_model::{Change, Detector, Evaluation, FindingKind, Outcome, RecordState};

use super::Task;
use super::counters;
use super::evaluations::Judged;
use super::listed::Listed;
use super::resources::Subjects;
use super::sights::{self, Member, Seen};
use crate::codes::Code;
use crate::content::Digest;
use crate::database;
use crate::error::undecodable;
use crate::lifecycle::{self, Detectors, Life, Sight, Step};
use crate::read::evaluations::rows;
use crate::uid::uid;

/// A finding as the tables know it.
struct Known {
    id: i64,
    life: Life,
    /// Where its resource is, or was.
    region_id: i64,
    type_id: i64,
    sight_id: i64,
    judged: bool,
}

type ByQuestion = HashMap<(i64, i64), Known>;

/// The columns of [`FindingRow`].
const COLUMNS: &str = "f.id, f.resource_id, f.rule_id, f.severity, f.record_state, f.workflow,
    hex(f.evidence_digest), f.reopened, f.region_id, f.type_id, f.detectors, f.sight_id";

type FindingRow = (i64, i64, i64, i64, i64, i64, String, u32, i64, i64, i64, i64);

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
        let step = lifecycle::step(finding.as_ref().map(|it| &it.life), Detector::Yagura, sight(it));
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
        let is_gone = looked && !subjects.found(*resource_id);
        let sight = if is_gone { Sight::Gone } else { Sight::Unknown };
        writes.add(finding, lifecycle::step(Some(&finding.life), Detector::Yagura, sight), None);
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
    let sql = format!(
        "SELECT {} FROM findings f WHERE f.account_id = {} AND f.record_state = 0",
        database::all_rows(COLUMNS),
        task.account_id
    );
    let rows = rows::<FindingRow>(task.connection, sql).await?;
    let mut known = HashMap::with_capacity(rows.len());
    rows.into_iter().try_for_each(|row| take(&mut known, row))?;
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
        ") SELECT {} FROM wanted JOIN findings f ON f.resource_id = wanted.resource_id
           AND f.rule_id = wanted.rule_id",
        database::all_rows(COLUMNS)
    );
    let head = "WITH wanted (resource_id, rule_id) AS (";
    let batches =
        database::rows_for(task.connection, head, &tail, 2, &missing, |values, (resource, rule)| {
            values.add(*resource)?.add(*rule)?;
            Ok(())
        })
        .await?;
    for batch in &batches {
        let rows: Vec<FindingRow> = serde_json::from_str(batch.try_get(0)?).map_err(undecodable)?;
        rows.into_iter().try_for_each(|row| take(known, row))?;
    }
    Ok(())
}

fn take(known: &mut ByQuestion, row: FindingRow) -> sqlx::Result<()> {
    let (
        id,
        resource,
        rule,
        severity,
        record_state,
        workflow,
        evidence,
        reopened,
        region_id,
        type_id,
        bits,
        sight_id,
    ) = row;
    let life = Life {
        severity: Code::decode(severity)?,
        record_state: Code::decode(record_state)?,
        workflow: Code::decode(workflow)?,
        evidence: Digest::from_hex(&evidence),
        detectors: Detectors(bits),
        reopened,
    };
    known.insert((resource, rule), Known { id, life, region_id, type_id, sight_id, judged: false });
    Ok(())
}

/// What is to be written, gathered so that many rows go in one statement.
struct Writes<'a> {
    next_id: i64,
    opened: Vec<(i64, Life, &'a Judged<'a>)>,
    seen: Seen,
    /// New state, whether it begins to be open, and its evidence's text when that is new.
    changed: Vec<(i64, Life, bool, Option<Option<&'a str>>)>,
    history: BTreeMap<i64, (Change, String)>,
}

impl<'a> Writes<'a> {
    async fn new(task: &mut Task<'_>) -> sqlx::Result<Self> {
        let next_id = task.next_id("SELECT COALESCE(MAX(id), 0) + 1 FROM findings").await?;
        let (opened, seen, changed, history) = Default::default();
        Ok(Self { next_id, opened, seen, changed, history })
    }

    fn open(&mut self, step: Step, judged: &'a Judged<'a>) {
        let id = self.next_id;
        self.next_id += 1;
        self.history.extend(step.change.map(|change| (id, change)));
        self.opened.push((id, step.life, judged));
    }

    fn add(&mut self, known: &Known, step: Option<Step>, judged: Option<&'a Judged<'a>>) {
        let member = Member { finding: known.id, sight: known.sight_id };
        let Some(step) = step else { return self.seen.unseen.push(member) };
        self.history.extend(step.change.map(|change| (known.id, change)));
        if step.seen && known.life.record_state == RecordState::Archived {
            self.seen.back.push(member);
        } else if step.seen {
            self.seen.seen.push(member);
        } else if step.life.record_state == RecordState::Archived {
            self.seen.ended.push(member);
        } else {
            self.seen.unseen.push(member);
        }
        if step.life == known.life {
            return;
        }
        let new_evidence = step.life.evidence != known.life.evidence;
        let evidence = judged.filter(|_| new_evidence).map(|it| it.evidence.as_deref());
        self.changed.push((known.id, step.life, step.opens, evidence));
    }

    async fn write(self, task: &mut Task<'_>) -> sqlx::Result<()> {
        let sight_id = sights::move_on(task, &self.seen, !self.opened.is_empty()).await?;
        insert(task, sight_id, &self.opened).await?;
        let account = task.account_id;
        let counted = |(_, life, it): &(i64, Life, &Judged<'_>)| {
            (account, it.rule_id, life.severity, FindingKind::Configuration)
        };
        counters::add(task.connection, self.opened.iter().map(counted)).await?;
        for change in &self.changed {
            update(task, change).await?;
        }
        let (scan, at) = (task.scan(), task.at());
        let head = "INSERT INTO finding_history (finding_id, at, scan_id, change, why)";
        let history: Vec<_> = self.history.into_iter().collect();
        database::for_rows(task.connection, head, "", 5, &history, |values, (id, (change, why))| {
            values.add(*id)?.add(at)?.add(scan)?.add(change.code())?.add(why.as_str())?;
            Ok(())
        })
        .await
    }
}

async fn insert(task: &mut Task<'_>, sight_id: i64, opened: &[(i64, Life, &Judged<'_>)]) -> sqlx::Result<()> {
    let (at, account) = (task.at(), task.account_id);
    let head = "INSERT INTO findings (id, uid, kind, account_id, region_id, type_id, resource_id, rule_id, severity,
        record_state, workflow, detectors, evidence, evidence_digest, first_at, opened_at, sight_id, reopened)";
    database::for_rows(task.connection, head, "", 18, opened, |values, (id, life, it)| {
        let uid = uid(&it.evaluation.rule, &it.evaluation.resource);
        values.add(*id)?.add(uid.as_bytes())?.add(FindingKind::Configuration.code())?;
        values.add(account)?.add(it.region_id)?.add(it.type_id)?.add(it.resource_id)?.add(it.rule_id)?;
        values.add(life.severity.code())?.add(life.record_state.code())?.add(life.workflow.code())?;
        values.add(life.detectors.0)?;
        values.add(it.evidence.as_deref())?.add(life.evidence.as_ref().map(Digest::as_bytes))?;
        values.add(at)?.add(at)?.add(sight_id)?.add(i64::from(life.reopened))?;
        Ok(())
    })
    .await
}

async fn update(
    task: &mut Task<'_>,
    (id, life, opens, evidence): &(i64, Life, bool, Option<Option<&str>>),
) -> sqlx::Result<()> {
    let at = task.at();
    sqlx::query(
        "UPDATE findings SET severity = $2, record_state = $3, workflow = $4, detectors = $5, evidence_digest = $6,
         reopened = $7, opened_at = COALESCE($8, opened_at), ended_at = $9 WHERE id = $1",
    )
    .bind(*id)
    .bind(life.severity.code())
    .bind(life.record_state.code())
    .bind(life.workflow.code())
    .bind(life.detectors.0)
    .bind(life.evidence.as_ref().map(Digest::as_bytes))
    .bind(i64::from(life.reopened))
    .bind(opens.then_some(at))
    .bind((life.record_state == RecordState::Archived).then_some(at))
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
