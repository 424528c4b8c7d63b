//! Batches of matches to findings and incidents in the store.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use jiff::SignedDuration;
use yagura_detect::threats::{group, join};
use yagura_model::{Entity, EntityLink, Incident, ThreatFinding, Timestamp};
use yagura_store::{DatabaseError, DetectionRun, DetectionWrite, ReadMark, Unmark};

use crate::allow::AllowList;
use crate::novelty::{self, Learned};
use crate::piece::{Piece, Sighting};

/// Findings so far around a batch are looked at for what belongs together: twice the window, because those in between are steps, too.
const AROUND: SignedDuration = SignedDuration::from_hours(48);
/// So many matches, or links, make a batch.
const BATCH: usize = 4_000;
/// With the first batch, and after so many more, what is old is forgotten.
const FORGET_EVERY: u64 = 64;

/// What was read since the last write.
#[derive(Debug, Default)]
pub struct Batch {
    /// Matches.
    pub sightings: Vec<Sighting>,
    /// Credentials that were made.
    pub links: Vec<EntityLink>,
    /// What was read to its end.
    pub marks: Vec<ReadMark>,
    /// What need not be marked any more.
    pub unmark: Vec<Unmark>,
    /// What has to be remembered, by name.
    pub state: Vec<(String, Vec<u8>)>,
    /// Whether correlations have counted anything.
    pub has_counted: bool,
}

impl Batch {
    /// Adds what a piece holds.
    pub fn add(&mut self, piece: &mut Piece) {
        self.sightings.append(&mut piece.sightings);
        self.links.append(&mut piece.links);
        self.has_counted |= piece.has_counted;
    }

    /// Whether there is nothing to store.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sightings.is_empty()
            && self.links.is_empty()
            && self.marks.is_empty()
            && self.unmark.is_empty()
            && self.state.is_empty()
    }

    /// Whether it should be written before more is read.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.sightings.len() >= BATCH || self.links.len() >= BATCH
    }
}

/// What a batch came to.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    /// Matches that counted.
    pub new: u64,
    /// Matches that were seen before.
    pub again: u64,
    /// Matches that an allow-list allows.
    pub allowed: u64,
    /// What was new of something of which too little is known yet: it is learned, and not told.
    pub unsure: u64,
    /// Findings that are new, or to which something was added.
    pub findings: Vec<ThreatFinding>,
    /// Incidents that are new, or to which something was added.
    pub incidents: Vec<Incident>,
}

/// Takes matches and keeps what comes of them.
#[derive(Debug)]
pub struct Watcher {
    run: DetectionRun,
    allow: AllowList,
    batches: u64,
    learned: Arc<Learned>,
    /// Whether everything is only learned.
    primes: bool,
}

impl Watcher {
    /// Begins.
    #[must_use]
    pub fn new(run: DetectionRun, allow: AllowList) -> Self {
        Self { run, allow, batches: 0, learned: Arc::default(), primes: false }
    }

    /// Only learns what is seen, for rules that ask for something new: no findings, and nothing is marked as read.
    #[must_use]
    pub fn only_learning(mut self) -> Self {
        self.primes = true;
        self
    }

    /// What need not be handed over again.
    #[must_use]
    pub fn learned(&self) -> Arc<Learned> {
        Arc::clone(&self.learned)
    }

    /// The store's side.
    #[must_use]
    pub fn run(&self) -> &DetectionRun {
        &self.run
    }

    /// Stores what a batch comes to. When this has returned, whoever delivered the events may forget them.
    ///
    /// # Errors
    ///
    /// The store failed; then nothing of the batch is stored, and nothing may be acknowledged.
    pub async fn take(&mut self, mut batch: Batch, now: Timestamp) -> Result<Taken, DatabaseError> {
        let mut taken = Taken::default();
        if self.primes {
            let sightings = std::mem::take(&mut batch.sightings);
            batch = Batch { sightings, ..Batch::default() };
        }
        let mut judged = novelty::judge(&self.run, batch.sightings, now).await?;
        if self.primes {
            judged.counting.clear();
        }
        taken.unsure = judged.unsure;
        let mut write = DetectionWrite {
            marks: batch.marks,
            unmark: batch.unmark,
            state: batch.state,
            links: distinct(batch.links),
            profiles: judged.profiles,
            ..DetectionWrite::default()
        };
        let fresh = self.fresh(judged.counting, now, &mut taken, &mut write).await?;
        if !fresh.is_empty() {
            self.judge(&fresh, now, &mut taken, &mut write).await?;
        }
        self.run.write(&write, now).await?;
        self.learned.add(judged.learned);
        if self.batches.is_multiple_of(FORGET_EVERY) {
            self.run.forget(now).await?;
        }
        self.batches += 1;
        Ok(taken)
    }

    /// Those matches that are neither allowed nor known.
    async fn fresh(
        &self,
        sightings: Vec<Sighting>,
        now: Timestamp,
        taken: &mut Taken,
        write: &mut DetectionWrite,
    ) -> Result<Vec<Sighting>, DatabaseError> {
        let mut asked = HashSet::new();
        let (mut kept, mut digests) = (Vec::new(), Vec::new());
        for it in sightings {
            if self.allow.allows(&it.matched, &it.facts, now) {
                taken.allowed += 1;
                continue;
            }
            let digest = group::digest(&it.matched.rule, &it.facts.event);
            if asked.insert(digest) {
                digests.push(digest);
                kept.push(it);
            } else {
                taken.again += 1;
            }
        }
        let new = self.run.are_new(&digests).await?;
        let mut fresh = Vec::with_capacity(kept.len());
        for ((it, digest), new) in kept.into_iter().zip(digests).zip(new) {
            if new {
                write.matches.push(digest);
                fresh.push(it);
            } else {
                taken.again += 1;
            }
        }
        taken.new = fresh.len() as u64;
        Ok(fresh)
    }

    /// Findings and incidents of new matches.
    async fn judge(
        &self,
        fresh: &[Sighting],
        now: Timestamp,
        taken: &mut Taken,
        write: &mut DetectionWrite,
    ) -> Result<(), DatabaseError> {
        let key = |rule: &str, principal: &str| group::key(rule, principal).0;
        let keys: BTreeSet<_> =
            fresh.iter().map(|it| key(&it.matched.rule, &it.facts.actor.principal)).collect();
        let known = self.run.findings_of(&keys.into_iter().collect::<Vec<_>>()).await?;
        let mut groups = group::Groups::of(known);
        for it in fresh {
            groups.add_sure(&it.matched, &it.facts, it.confidence, now);
        }
        let changed = groups.into_changed();
        let touched: BTreeSet<String> = changed.iter().map(|it| it.id.clone()).collect();
        let from = changed.iter().map(|it| it.first_seen).min().unwrap_or(now);
        let until = changed.iter().map(|it| it.last_seen).max().unwrap_or(now);
        let earlier = from.checked_sub(AROUND).unwrap_or(Timestamp::MIN);
        let later = until.checked_add(AROUND).unwrap_or(Timestamp::MAX);
        let mut all = self.run.findings_around(earlier, later).await?;
        all.retain(|it| !touched.contains(&it.id));
        all.extend(changed);
        let before: BTreeMap<String, Option<String>> =
            all.iter().map(|it| (it.id.clone(), it.incident.clone())).collect();
        let entities: BTreeSet<Entity> = all.iter().flat_map(|it| it.entities.iter().cloned()).collect();
        let mut links = self.run.links_to(&entities.into_iter().collect::<Vec<_>>()).await?;
        links.extend(write.links.iter().cloned());
        let incidents = join::incidents(&mut all, &links);
        let moved = |it: &ThreatFinding| before.get(&it.id).is_some_and(|old| *old != it.incident);
        write.merged = merged(&all, &before);
        for it in all {
            if touched.contains(&it.id) || moved(&it) {
                let key = key(&it.rule, &it.actor.principal);
                write.findings.push((key, it.clone()));
                taken.findings.push(it);
            }
        }
        let of_changed: BTreeSet<&str> =
            taken.findings.iter().filter_map(|it| it.incident.as_deref()).collect();
        let changed = |it: &Incident| of_changed.contains(it.id.as_str());
        write.incidents = incidents.into_iter().filter(changed).collect();
        taken.incidents.clone_from(&write.incidents);
        Ok(())
    }
}

/// Incidents that have become part of others.
fn merged(all: &[ThreatFinding], before: &BTreeMap<String, Option<String>>) -> Vec<(String, String)> {
    let still: BTreeSet<&str> = all.iter().filter_map(|it| it.incident.as_deref()).collect();
    let mut merged = BTreeMap::new();
    for it in all {
        if let (Some(Some(old)), Some(new)) = (before.get(&it.id), &it.incident)
            && old != new
            && !still.contains(old.as_str())
        {
            merged.insert(old.clone(), new.clone());
        }
    }
    merged.into_iter().collect()
}

/// One link for each entity and moment: a table has no room for more.
fn distinct(links: Vec<EntityLink>) -> Vec<EntityLink> {
    let by_key: BTreeMap<_, _> =
        links.into_iter().map(|it| ((it.to.clone(), it.time.as_millisecond()), it)).collect();
    by_key.into_values().collect()
}
