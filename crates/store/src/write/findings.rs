//! What one account's evaluations, and what is gone, do to its findings.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sqlx::Row as _;
use yagura_model::{Change, Detector, Evaluation, FindingKind, Outcome, RecordState};

use super::Task;
use super::counters;
use super::evaluations::Judged;
use super::listed::Listed;
use super::resources::Subjects;
use super::settled::{Before, Settled};
use super::sights::{self, Member, Moved, Seen};
use crate::codes::Code;
use crate::content::Digest;
use crate::database;
use crate::error::undecodable;
use crate::lifecycle::{self, Detectors, Life, Sight, Step};
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

/// What the scan found, and where it looked.
pub(super) struct Places<'a> {
    pub(super) subjects: &'a Subjects,
    pub(super) listed: &'a Listed,
}

/// How findings are left.
pub(super) struct Left {
    /// The sight that holds those that were seen.
    pub(super) sight: i64,
    /// The rules of those of ours that are active and were not seen.
    pub(super) unseen: BTreeSet<i64>,
    /// Whether active findings changed from one sight to another.
    pub(super) is_disturbing: bool,
}

/// Moves the account's findings on, but for those that are settled.
pub(super) async fn write(
    task: &mut Task<'_>,
    judged: &[Judged<'_>],
    places: &Places<'_>,
    before: &Before,
    settled: &Settled,
) -> sqlx::Result<Left> {
    let Places { subjects, listed } = places;
    let mut known = load_active(task, settled).await?;
    if before.has_archived {
        load_archived(task, &mut known, judged).await?;
    }
    let mut writes = Writes::default();
    for it in judged {
        let finding = known.get_mut(&(it.resource_id, it.rule_id));
        let step = lifecycle::step(finding.as_ref().map(|it| &it.life), Detector::Yagura, sight(it));
        match (finding, step) {
            (Some(finding), step) => {
                finding.judged = true;
                writes.add(it.rule_id, finding, step, Some(it));
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
        writes.add(*rule_id, finding, lifecycle::step(Some(&finding.life), Detector::Yagura, sight), None);
    }
    writes.write(task, settled.sight).await
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

async fn load_active(task: &mut Task<'_>, settled: &Settled) -> sqlx::Result<ByQuestion> {
    let sql = format!(
        "SELECT {} FROM findings f WHERE f.account_id = $1 AND f.record_state = 0
         AND f.rule_id IN (SELECT value FROM json_each($2))",
        database::all_rows(COLUMNS)
    );
    let text: String = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(task.account_id)
        .bind(serde_json::to_string(&settled.others).map_err(undecodable)?)
        .fetch_one(&mut *task.connection)
        .await?;
    let rows: Vec<FindingRow> = serde_json::from_str(&text).map_err(undecodable)?;
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
#[derive(Default)]
struct Writes<'a> {
    opened: Vec<(Step, &'a Judged<'a>)>,
    seen: Seen,
    /// The rules of active findings of ours that were not seen.
    unseen_rules: BTreeSet<i64>,
    /// Where findings stand now, and whether they begin to be open.
    changed: BTreeMap<i64, (Life, bool)>,
    /// Evidence that is new.
    evidence: Vec<(i64, Option<Digest>, Option<&'a str>)>,
    history: BTreeMap<i64, (Change, String)>,
}

impl<'a> Writes<'a> {
    fn open(&mut self, step: Step, judged: &'a Judged<'a>) {
        self.opened.push((step, judged));
    }

    fn add(&mut self, rule_id: i64, known: &Known, step: Option<Step>, judged: Option<&'a Judged<'a>>) {
        let member = Member { finding: known.id, sight: known.sight_id };
        let left = step.as_ref().map_or(known.life, |it| it.life);
        let is_ours = left.detectors.holds(Detectors::only(Detector::Yagura));
        if left.record_state == RecordState::Active && is_ours && !step.as_ref().is_some_and(|it| it.seen) {
            self.unseen_rules.insert(rule_id);
        }
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
        let Life { evidence, .. } = step.life;
        if evidence != known.life.evidence {
            self.evidence.push((known.id, evidence, judged.and_then(|it| it.evidence.as_deref())));
        }
        if step.life != (Life { evidence, ..known.life }) {
            self.changed.insert(known.id, (step.life, step.opens));
        }
    }

    async fn write(mut self, task: &mut Task<'_>, settled: Option<i64>) -> sqlx::Result<Left> {
        let Moved { main, changes, is_disturbing } =
            sights::move_on(task, &self.seen, settled, !self.opened.is_empty()).await?;
        self.insert(task, main).await?;
        update(task, &self.changed, &changes).await?;
        let mut moved: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for (finding, sight) in changes.iter().filter(|(it, _)| !self.changed.contains_key(it)) {
            moved.entry(*sight).or_default().push(*finding);
        }
        for (sight, mut findings) in moved {
            findings.sort_unstable();
            sights::put(task.connection, sight, &findings).await?;
        }
        update_evidence(task, &self.evidence).await?;
        let (scan, at) = (task.scan(), task.at());
        let head = "INSERT OR ROLLBACK INTO finding_history (finding_id, at, scan_id, change, why)";
        let history: Vec<_> = self.history.into_iter().collect();
        database::for_rows(task.connection, head, "", 5, &history, |values, (id, (change, why))| {
            values.add(*id)?.add(at)?.add(scan)?.add(change.code())?.add(why.as_str())?;
            Ok(())
        })
        .await?;
        Ok(Left { sight: main, unseen: self.unseen_rules, is_disturbing })
    }

    /// Writes new findings.
    async fn insert(&mut self, task: &mut Task<'_>, sight_id: i64) -> sqlx::Result<()> {
        if self.opened.is_empty() {
            return Ok(());
        }
        let first = task.next_id("SELECT COALESCE(MAX(id), 0) + 1 FROM findings").await?;
        let opened: Vec<(i64, Step, &Judged<'_>)> =
            (first..).zip(self.opened.drain(..)).map(|(id, (step, judged))| (id, step, judged)).collect();
        let (at, account) = (task.at(), task.account_id);
        let head = "INSERT INTO findings (id, uid, kind, account_id, region_id, type_id, resource_id, rule_id, severity,
            record_state, workflow, detectors, evidence, evidence_digest, first_at, opened_at, sight_id, reopened)";
        database::for_rows(task.connection, head, "", 18, &opened, |values, (id, Step { life, .. }, it)| {
            let uid = uid(&it.evaluation.rule, &it.evaluation.resource);
            values.add(*id)?.add(uid.as_bytes())?.add(FindingKind::Configuration.code())?;
            values.add(account)?.add(it.region_id)?.add(it.type_id)?.add(it.resource_id)?.add(it.rule_id)?;
            values.add(life.severity.code())?.add(life.record_state.code())?.add(life.workflow.code())?;
            values.add(life.detectors.0)?;
            values.add(it.evidence.as_deref())?.add(life.evidence.as_ref().map(Digest::as_bytes))?;
            values.add(at)?.add(at)?.add(sight_id)?.add(i64::from(life.reopened))?;
            Ok(())
        })
        .await?;
        let counted = |(_, step, it): &(i64, Step, &Judged<'_>)| {
            (account, it.rule_id, step.life.severity, FindingKind::Configuration)
        };
        counters::add(task.connection, opened.iter().map(counted)).await?;
        self.history.extend(opened.into_iter().filter_map(|(id, step, _)| Some((id, step.change?))));
        Ok(())
    }
}

/// Writes where findings stand now, and the sights that they change to.
///
/// If it fails, the whole account is rolled back anyway: then SQLite need not be ready to take back the statement alone.
async fn update(
    task: &mut Task<'_>,
    changed: &BTreeMap<i64, (Life, bool)>,
    sights: &HashMap<i64, i64>,
) -> sqlx::Result<()> {
    let at = task.at();
    let head = "WITH c (id, severity, record_state, workflow, detectors, reopened, opened_at, ended_at, sight_id) AS (";
    let tail = ") UPDATE OR ROLLBACK findings SET severity = c.severity, record_state = c.record_state, workflow = c.workflow,
        detectors = c.detectors, reopened = c.reopened, opened_at = COALESCE(c.opened_at, findings.opened_at),
        ended_at = c.ended_at, sight_id = COALESCE(c.sight_id, findings.sight_id) FROM c WHERE findings.id = c.id";
    let rows: Vec<_> = changed.iter().collect();
    database::for_rows(task.connection, head, tail, 9, &rows, |values, (id, (life, opens))| {
        let is_archived = life.record_state == RecordState::Archived;
        values.add(**id)?.add(life.severity.code())?.add(life.record_state.code())?;
        values.add(life.workflow.code())?.add(life.detectors.0)?.add(i64::from(life.reopened))?;
        values.add(opens.then_some(at))?.add(is_archived.then_some(at))?.add(sights.get(id).copied())?;
        Ok(())
    })
    .await
}

async fn update_evidence(
    task: &mut Task<'_>,
    evidence: &[(i64, Option<Digest>, Option<&str>)],
) -> sqlx::Result<()> {
    let head = "WITH c (id, digest, evidence) AS (";
    let tail = ") UPDATE OR ROLLBACK findings SET evidence_digest = c.digest, evidence = c.evidence FROM c WHERE findings.id = c.id";
    database::for_rows(task.connection, head, tail, 3, evidence, |values, (id, digest, text)| {
        values.add(*id)?.add(digest.as_ref().map(Digest::as_bytes))?.add(*text)?;
        Ok(())
    })
    .await
}
