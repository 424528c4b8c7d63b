//! What was never seen before: matches of rules that ask for it, held against what the store knows.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{PoisonError, RwLock};

use yagura_detect::novelty::{Aspect, KnownValue, Novel, Profile, SubjectKey, day};
use yagura_model::{Confidence, Timestamp};
use yagura_store::{DatabaseError, DetectionRun, ProfileWrite, StoredProfile};

use crate::piece::Sighting;

/// So many values of days are remembered twice: some 30 MB at most.
const REMEMBERED: usize = 250_000;

/// What a value is on a day.
pub(crate) type OnDay = (Aspect, i64);

/// What this run has stored: threads that read need not hand it over again. Forgetting something costs a question to the store.
#[derive(Debug, Default)]
pub struct Learned {
    known: RwLock<Known>,
}

#[derive(Debug, Default)]
struct Known {
    young: HashSet<OnDay>,
    old: HashSet<OnDay>,
}

impl Learned {
    /// Whether a match tells nothing that is not stored.
    pub(crate) fn knows(&self, novel: &Novel) -> bool {
        let Some(day) = novel.time.map(day) else { return false };
        // Nothing is left half-changed by a thread that ended.
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        novel.aspects.iter().all(|it| known.young.contains(&(*it, day)) || known.old.contains(&(*it, day)))
    }

    pub(crate) fn add(&self, stored: impl IntoIterator<Item = OnDay>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        for it in stored {
            if known.young.len() >= REMEMBERED {
                known.old = std::mem::take(&mut known.young);
            }
            known.young.insert(it);
        }
    }
}

/// What came of matches.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// Those that count: for the others nothing has to be new, or everything that has to be is.
    pub(crate) counting: Vec<Sighting>,
    /// What was new, and not enough was known to say so.
    pub(crate) unsure: u64,
    /// What has changed.
    pub(crate) profiles: Vec<ProfileWrite>,
    /// What will be known when that is stored.
    pub(crate) learned: BTreeSet<OnDay>,
}

/// Holds matches against what is known, those of earlier events first.
pub(crate) async fn judge(
    run: &DetectionRun,
    sightings: Vec<Sighting>,
    now: Timestamp,
) -> Result<Judged, DatabaseError> {
    let (mut asking, counting): (Vec<_>, Vec<_>) = sightings.into_iter().partition(|it| it.novel.is_some());
    let mut judged = Judged { counting, ..Judged::default() };
    if asking.is_empty() {
        return Ok(judged);
    }
    let of =
        |it: &Sighting| it.novel.iter().flat_map(|it| &it.aspects).map(|it| it.subject).collect::<Vec<_>>();
    let subjects: BTreeSet<SubjectKey> = asking.iter().flat_map(of).collect();
    let before = run.profiles(&subjects.into_iter().collect::<Vec<_>>()).await?;
    let mut profiles: HashMap<_, _> = before.iter().map(|(subject, it)| (*subject, profile(it))).collect();
    let time =
        |it: &Sighting| it.novel.as_ref().and_then(|it| it.time).filter(|it| *it <= now).unwrap_or(now);
    asking.sort_by(|a, b| {
        (time(a), &a.facts.event, &a.matched.rule).cmp(&(time(b), &b.facts.event, &b.matched.rule))
    });
    for mut it in asking {
        let today = day(time(&it));
        let Some(novel) = it.novel.take() else { continue };
        let confidence = novel.see(today, &mut profiles);
        judged.learned.extend(novel.aspects.iter().map(|it| (*it, today)));
        match confidence {
            None => {}
            Some(Confidence::Low) => judged.unsure += 1,
            Some(_) => judged.counting.push(Sighting { confidence, ..it }),
        }
    }
    judged.profiles = changed(before, &profiles);
    Ok(judged)
}

/// What has to be written, in the order of the subjects.
fn changed(
    mut before: BTreeMap<SubjectKey, StoredProfile>,
    profiles: &HashMap<SubjectKey, Profile>,
) -> Vec<ProfileWrite> {
    let mut changed: Vec<_> = profiles
        .iter()
        .map(|(subject, it)| ProfileWrite {
            subject: *subject,
            before: before.remove(subject),
            after: stored(it),
        })
        .filter(|it| it.before.as_ref() != Some(&it.after))
        .collect();
    changed.sort_by_key(|it| it.subject);
    changed
}

fn profile(stored: &StoredProfile) -> Profile {
    let value =
        |(value, first, last): &(i64, i64, i64)| KnownValue { value: *value, first: *first, last: *last };
    Profile {
        began: stored.began,
        last: stored.last,
        days: stored.days,
        values: stored.values.iter().map(value).collect(),
    }
}

fn stored(profile: &Profile) -> StoredProfile {
    StoredProfile {
        began: profile.began,
        last: profile.last,
        days: profile.days,
        values: profile.values.iter().map(|it| (it.value, it.first, it.last)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn novel(value: i64, time: &str) -> Novel {
        let aspects = vec![Aspect { subject: [7; 16], value }];
        Novel { aspects, time: time.parse().ok(), after: 14 }
    }

    #[test]
    fn what_is_stored_is_known_for_its_day_and_little_is_remembered() {
        let learned = Learned::default();
        let seen = novel(1, "2026-01-05T09:00:00Z");
        assert!(!learned.knows(&seen));
        learned.add([(seen.aspects[0], day(seen.time.unwrap()))]);
        assert!(learned.knows(&novel(1, "2026-01-05T23:00:00Z")));
        assert!(!learned.knows(&novel(1, "2026-01-06T00:00:00Z")), "another day");
        assert!(!learned.knows(&novel(2, "2026-01-05T09:00:00Z")), "another value");
        assert!(!learned.knows(&novel(1, "")), "nobody knows which day");
        let many = i64::try_from(3 * REMEMBERED).unwrap();
        learned.add((10..many).map(|value| (Aspect { subject: [7; 16], value }, 0)));
        let known = learned.known.read().unwrap();
        assert!(known.young.len() + known.old.len() <= 2 * REMEMBERED);
    }
}
