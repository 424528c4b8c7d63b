//! Evaluations: a row of numbers each. Reasons and evidence stand apart, once per account.

use std::collections::{BTreeMap, HashMap};

use yagura_model::{Evaluation, Outcome, Severity};

use super::Task;
use super::resources::{self, Subjects, Unread};
use crate::codes::Code;
use crate::content::canonical;
use crate::database;
use crate::error::undecodable;

/// An evaluation whose resource and rule have their numbers.
pub(super) struct Judged<'a> {
    pub(super) evaluation: &'a Evaluation,
    pub(super) resource_id: i64,
    pub(super) region_id: i64,
    pub(super) type_id: i64,
    pub(super) rule_id: i64,
    /// The evidence's text, for violations that have some.
    pub(super) evidence: Option<String>,
}

/// Stores the evaluations, and how many there are of each kind.
pub(super) async fn write<'a>(
    task: &mut Task<'_>,
    subjects: &mut Subjects,
    evaluations: &'a [Evaluation],
) -> sqlx::Result<Vec<Judged<'a>>> {
    let judged = number(task, subjects, evaluations).await?;
    let mut details = Details::new(task).await?;
    let mut rows = Vec::with_capacity(judged.len());
    for it in &judged {
        let reason = match &it.evaluation.reason {
            Some(reason) => Some(details.number(serde_json::to_string(reason).map_err(undecodable)?)),
            None => None,
        };
        let evidence = it.evidence.clone().map(|text| details.number(text));
        rows.push((it, reason, evidence));
    }
    let scan = task.scan();
    let head =
        "INSERT INTO evaluations (scan_id, resource_id, rule_id, outcome, severity, reason_id, evidence_id)";
    database::for_rows(task.connection, head, "", 7, &rows, |values, (it, reason, evidence)| {
        values.add(scan)?.add(it.resource_id)?.add(it.rule_id)?;
        values.add(it.evaluation.outcome.code())?.add(it.evaluation.severity.code())?;
        values.add(*reason)?.add(*evidence)?;
        Ok(())
    })
    .await?;
    details.write(task).await?;
    write_counts(task, &judged).await?;
    Ok(judged)
}

/// Finds the number of every evaluation's resource; those that were judged without having been read get one.
async fn number<'a>(
    task: &mut Task<'_>,
    subjects: &mut Subjects,
    evaluations: &'a [Evaluation],
) -> sqlx::Result<Vec<Judged<'a>>> {
    let mut unread: Vec<Unread<'_>> = Vec::new();
    let mut judged: Vec<Judged<'a>> = Vec::with_capacity(evaluations.len());
    let mut waiting = Vec::new();
    for evaluation in evaluations {
        let key = &evaluation.resource;
        // In the order of outputs, all rules of a resource come together.
        let last = judged.last().filter(|it| it.evaluation.resource == *key);
        let (resource_id, region_id, type_id) = match last {
            Some(it) => (it.resource_id, it.region_id, it.type_id),
            None => {
                let (region_id, type_id) = resources::place_of(task, key).await?;
                let (arn, name) = (evaluation.arn.as_str(), evaluation.name.as_str());
                let known = subjects.get(region_id, type_id, &key.id).map(|subject| subject.id);
                if known.is_none() {
                    unread.push(Unread { region_id, type_id, resource: &key.id, arn, name });
                }
                (known.unwrap_or(UNKNOWN), region_id, type_id)
            }
        };
        if resource_id == UNKNOWN {
            waiting.push(judged.len());
        }
        let rule_id = task.run.rules.get(&evaluation.rule).copied().unwrap_or(UNKNOWN);
        let evidence = evaluation.evidence.as_ref().map(canonical).transpose().map_err(undecodable)?;
        judged.push(Judged { evaluation, resource_id, region_id, type_id, rule_id, evidence });
    }
    subjects.add_unread(task, &unread).await?;
    for place in waiting {
        if let Some(it) = judged.get_mut(place) {
            let found = subjects.get(it.region_id, it.type_id, &it.evaluation.resource.id);
            it.resource_id = found.map_or(UNKNOWN, |subject| subject.id);
        }
    }
    Ok(judged)
}

/// Not a number that a row can have.
const UNKNOWN: i64 = 0;

/// Texts that several evaluations of one account share.
struct Details {
    numbers: HashMap<String, i64>,
    next_id: i64,
}

impl Details {
    async fn new(task: &mut Task<'_>) -> sqlx::Result<Self> {
        let next_id = task.next_id("SELECT COALESCE(MAX(id), 0) + 1 FROM details").await?;
        Ok(Self { numbers: HashMap::new(), next_id })
    }

    fn number(&mut self, text: String) -> i64 {
        let next_id = &mut self.next_id;
        *self.numbers.entry(text).or_insert_with(|| {
            let id = *next_id;
            *next_id += 1;
            id
        })
    }

    async fn write(self, task: &mut Task<'_>) -> sqlx::Result<()> {
        let mut rows: Vec<(String, i64)> = self.numbers.into_iter().collect();
        rows.sort_unstable_by_key(|(_, id)| *id);
        let scan = task.scan();
        let head = "INSERT INTO details (id, scan_id, body)";
        database::for_rows(task.connection, head, "", 3, &rows, |values, (text, id)| {
            values.add(*id)?.add(scan)?.add(text.as_str())?;
            Ok(())
        })
        .await
    }
}

async fn write_counts(task: &mut Task<'_>, judged: &[Judged<'_>]) -> sqlx::Result<()> {
    let mut counts: BTreeMap<(i64, Outcome, Severity), i64> = BTreeMap::new();
    for it in judged {
        *counts.entry((it.rule_id, it.evaluation.outcome, it.evaluation.severity)).or_default() += 1;
    }
    let rows: Vec<_> = counts.into_iter().collect();
    let (scan, account) = (task.scan(), task.account_id);
    let head = "INSERT INTO counts (scan_id, account_id, rule_id, outcome, severity, evaluations)";
    database::for_rows(task.connection, head, "", 6, &rows, |values, ((rule, outcome, severity), count)| {
        values.add(scan)?.add(account)?.add(*rule)?.add(outcome.code())?.add(severity.code())?.add(*count)?;
        Ok(())
    })
    .await
}
