//! Evaluations with the numbers of what they are about.

use yagura_model::Evaluation;

use super::Task;
use super::resources::{self, Subjects, Unread};
use crate::content::canonical;
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

/// Finds the number of every evaluation's resource; those that were judged without having been read get one. Evaluations come
/// with the numbers of their rules.
pub(super) async fn number<'a>(
    task: &mut Task<'_>,
    subjects: &mut Subjects,
    evaluations: impl Iterator<Item = (i64, &'a Evaluation)>,
) -> sqlx::Result<Vec<Judged<'a>>> {
    let mut unread: Vec<Unread<'_>> = Vec::new();
    let mut judged: Vec<Judged<'a>> = Vec::new();
    let mut waiting = Vec::new();
    for (rule_id, evaluation) in evaluations {
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
