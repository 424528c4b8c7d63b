//! What each rule says of an account: written once for as long as it says the same.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};
use yagura_model::{Evaluation, Outcome, RuleId, Severity};

use super::Task;
use super::evaluations::{self, Judged};
use super::resources::Subjects;
use super::settled::{Before, Settled};
use crate::codes::Code as _;
use crate::content::{self, SortedValue};
use crate::database;
use crate::error::undecodable;

/// The first half of a sha-256: enough to tell some hundreds of answers apart.
type Digest = [u8; 16];

/// How often a rule gave each answer.
type Counts = Vec<(Outcome, Severity, u64)>;

/// All that one rule says of the account.
pub(super) struct Judgement<'a> {
    pub(super) rule_id: i64,
    /// Its number in the tables.
    pub(super) id: i64,
    /// Whether the tables do not hold it yet.
    is_new: bool,
    said: &'a Said,
}

/// All that the rules say of the account, in the order in which they come first.
pub(super) struct Judgements<'a>(Vec<Judgement<'a>>);

impl<'j> Judgements<'j> {
    /// Finds what was said before.
    pub(super) fn of(said: &'j [Said], rules: &HashMap<RuleId, i64>, before: &Before) -> Self {
        let mut next_id = before.next_judgement;
        let judgements = said.iter().filter_map(|said| {
            let rule_id = *rules.get(&said.rule)?;
            let found = before.judgements.get(&(rule_id, said.digest)).copied();
            let id = found.unwrap_or_else(|| {
                next_id += 1;
                next_id - 1
            });
            Some(Judgement { rule_id, id, is_new: found.is_none(), said })
        });
        Self(judgements.collect())
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Judgement<'j>> {
        self.0.iter()
    }

    /// Their numbers, as a JSON list.
    pub(super) fn numbers(&self) -> sqlx::Result<String> {
        let numbers: Vec<i64> = self.0.iter().map(|it| it.id).collect();
        serde_json::to_string(&numbers).map_err(undecodable)
    }

    /// How often each rule gave each answer, as a JSON list.
    pub(super) fn counts(&self) -> sqlx::Result<String> {
        let counts = self.0.iter().flat_map(|it| {
            let row = |(outcome, severity, count): &(Outcome, Severity, u64)| {
                (it.rule_id, outcome.code(), severity.code(), *count)
            };
            it.said.counts.iter().map(row)
        });
        serde_json::to_string(&counts.collect::<Vec<_>>()).map_err(undecodable)
    }

    /// The evaluations that have to be gone through: all but those that are settled.
    pub(super) async fn news<'a>(
        &self,
        task: &mut Task<'_>,
        subjects: &mut Subjects,
        evaluations: &'a [Evaluation],
        settled: &Settled,
    ) -> sqlx::Result<Vec<Judged<'a>>> {
        let rules = &task.run.rules;
        let numbered = evaluations.iter().filter_map(|it| {
            let rule_id = rules.get(&it.rule).filter(|rule| !settled.rules.contains(rule))?;
            Some((*rule_id, it))
        });
        evaluations::number(task, subjects, numbered).await
    }

    /// Stores what is new; `judged` holds at least all evaluations of those rules.
    pub(super) async fn write(&self, task: &mut Task<'_>, judged: &[Judged<'_>]) -> sqlx::Result<()> {
        let new = || self.0.iter().filter(|it| it.is_new);
        let mut answers: HashMap<i64, Vec<_>> = new().map(|it| (it.rule_id, Vec::new())).collect();
        for it in judged {
            if let Some(answers) = answers.get_mut(&it.rule_id) {
                let Evaluation { outcome, severity, reason, evidence, .. } = it.evaluation;
                let evidence = evidence.as_ref().map(SortedValue);
                answers.push((it.resource_id, outcome.code(), severity.code(), reason, evidence));
            }
        }
        let mut rows = Vec::new();
        for it in new() {
            let answers = serde_json::to_string(&answers.remove(&it.rule_id)).map_err(undecodable)?;
            rows.push((it, answers));
        }
        let account = task.account_id;
        let head = "INSERT OR ROLLBACK INTO judgements (id, account_id, rule_id, digest, answers)";
        database::for_rows(task.connection, head, "", 5, &rows, |values, (it, answers)| {
            values.add(it.id)?.add(account)?.add(it.rule_id)?;
            values.add(it.said.digest.as_slice())?.add(answers.as_str())?;
            Ok(())
        })
        .await
    }
}

/// What one rule says.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) rule: RuleId,
    digest: Digest,
    counts: Counts,
}

/// Gathers evaluations by their rules.
pub(super) fn gather(evaluations: &[Evaluation]) -> serde_json::Result<Vec<Said>> {
    let mut gathered: Vec<(&RuleId, Sha256, Counts)> = Vec::new();
    let mut places: HashMap<&RuleId, usize> = HashMap::new();
    let (mut text, mut about, mut length) = (Vec::new(), None, 0);
    for Evaluation { rule, resource, outcome, severity, reason, evidence, .. } in evaluations {
        let place = *places.entry(rule).or_insert_with(|| {
            gathered.push((rule, Sha256::new(), Counts::new()));
            gathered.len() - 1
        });
        let Some((_, hash, counts)) = gathered.get_mut(place) else { continue };
        // In the order of outputs, all rules of a resource come together.
        if about != Some(resource) {
            text.clear();
            serde_json::to_writer(&mut text, &(&resource.region, &resource.resource_type, &resource.id))?;
            (about, length) = (Some(resource), text.len());
        }
        text.truncate(length);
        let answer = (outcome.code(), severity.code(), reason, evidence.as_ref().map(SortedValue));
        serde_json::to_writer(&mut text, &answer)?;
        hash.update(&text);
        match counts.iter_mut().find(|(o, s, _)| o == outcome && s == severity) {
            Some((_, _, count)) => *count += 1,
            None => counts.push((*outcome, *severity, 1)),
        }
    }
    let said = |(rule, hash, counts): (&RuleId, Sha256, _)| Said {
        rule: rule.clone(),
        digest: content::Digest::finished(hash).short(),
        counts,
    };
    Ok(gathered.into_iter().map(said).collect())
}
