//! One run: events become notices in the store's outbox, and what is due is sent. Whatever moment a run is cut off at, the next takes it up.
//!
//! Messages are sent one after the other: of all that a killed process had under way, at most one may arrive a second time.

mod deliver;
mod retry;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use thiserror::Error;
use yagura_model::{Finding, FindingKind, Timestamp};
use yagura_store::{DatabaseError, NewMessage, OutboxPair, PlanWrite, QueueEntry, Store};

pub use deliver::{Delivered, Patience, Way, deliver};

use crate::event::FindingEvent;
use crate::incident::Incidents;
use crate::notice::Notice;
use crate::plan::{self, Board, Mark, Pair, Waiting, World};

/// Events that are taken in at once.
pub const EVENTS_AT_ONCE: usize = 1_000;
/// What is due is released in pieces of so many findings.
const DUE_AT_ONCE: usize = 5_000;

/// A clock that may stand at another time, and runs all the same.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    base: Timestamp,
    since: Instant,
}

impl Clock {
    /// A clock that shows this time now.
    #[must_use]
    pub fn at(base: Timestamp) -> Self {
        Self { base, since: Instant::now() }
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.base.checked_add(self.since.elapsed()).unwrap_or(self.base)
    }
}

/// A run could not go on. What was done before is kept.
#[derive(Debug, Error)]
pub enum RunError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] DatabaseError),
    /// The history of findings cannot be read.
    #[error("the history of findings cannot be read")]
    History(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What the store keeps cannot be understood.
    #[error("what the store keeps of a plan cannot be understood")]
    Unreadable(#[from] serde_json::Error),
}

/// Takes in all events since the last time, and draws up the messages that are due. Gives the number of new messages.
///
/// `after` gives the events that follow a number, at most [`EVENTS_AT_ONCE`] of them, in their order.
///
/// # Errors
///
/// [`RunError`]; what was planned before is kept.
pub async fn plan<F>(store: &Store, world: &World<'_>, after: F) -> Result<usize, RunError>
where
    F: AsyncFn(i64) -> Result<Vec<FindingEvent>, Box<dyn std::error::Error + Send + Sync>>,
{
    loop {
        let state = store.plan_state().await?;
        let events = after(state.cursor).await.map_err(RunError::History)?;
        let Some(last) = events.iter().map(|it| it.number).max() else { break };
        let incidents = incidents(store, events.iter().map(|it| &it.finding), BTreeSet::new()).await?;
        let pairs = plan::pairs(world, &incidents, &events);
        let before = board(store, &pairs).await?;
        let mut board = before.clone();
        plan::take(world, &incidents, &events, &mut board);
        let mut write = difference(&before, &board)?;
        write.version = state.version;
        write.cursor = last.max(state.cursor);
        // Who planned meanwhile has moved the cursor: the next round begins there.
        store.write_plan(&write, world.now).await?;
    }
    release(store, world).await
}

async fn release(store: &Store, world: &World<'_>) -> Result<usize, RunError> {
    let mut count = 0;
    loop {
        let state = store.plan_state().await?;
        let due = store.queue_due(world.now, DUE_AT_ONCE).await?;
        if due.is_empty() {
            return Ok(count);
        }
        let pairs: Vec<_> = due.iter().map(|it| it.pair.clone()).collect();
        let told = store.plan_read(&pairs).await?.told;
        let mut all = plan::Due::new();
        for it in due {
            let mark = told.get(&it.pair).map(|it| serde_json::from_str(it)).transpose()?;
            all.insert(it.pair, (serde_json::from_str(&it.body)?, mark));
        }
        let waiting = all.values().map(|(it, _)| it);
        let asked = waiting.clone().filter_map(|it| it.incident.clone()).collect();
        let incidents = incidents(store, waiting.map(|it| &it.finding), asked).await?;
        let released = plan::release(world, &incidents, &all);
        let messages =
            released.notices.iter().map(|it| new_message(&it.destination, it.thread.clone(), &it.notice));
        let write = PlanWrite {
            version: state.version,
            cursor: state.cursor,
            unqueue: pairs,
            queue: Vec::new(),
            told: marks(&released.marks)?,
            messages: messages.collect::<Result<_, _>>()?,
        };
        if store.write_plan(&write, world.now).await? {
            count += write.messages.len();
        }
    }
}

/// The incidents that findings belong to, and others that are asked for.
async fn incidents(
    store: &Store,
    findings: impl Iterator<Item = &Finding>,
    mut asked: BTreeSet<String>,
) -> Result<Incidents, RunError> {
    let threats = findings.filter(|it| it.kind == FindingKind::Threat).map(|it| it.id.clone());
    let of_findings = store.incidents_of(&threats.collect()).await?;
    asked.extend(of_findings.values().cloned());
    Ok(Incidents::new(store.incident_details(&asked).await?, of_findings))
}

/// Puts one notice into the outbox that nobody planned: somebody asked for it.
///
/// # Errors
///
/// [`RunError`]; nothing is put there then.
pub async fn put(store: &Store, destination: &str, notice: &Notice, now: Timestamp) -> Result<(), RunError> {
    loop {
        let state = store.plan_state().await?;
        let write = PlanWrite {
            version: state.version,
            cursor: state.cursor,
            messages: vec![new_message(destination, None, notice)?],
            ..PlanWrite::default()
        };
        if store.write_plan(&write, now).await? {
            return Ok(());
        }
    }
}

fn new_message(
    destination: &str,
    thread: Option<String>,
    notice: &Notice,
) -> Result<NewMessage, serde_json::Error> {
    let (destination, key) = (destination.to_owned(), notice.key.clone());
    Ok(NewMessage { destination, key, thread, body: serde_json::to_string(notice)? })
}

async fn board(store: &Store, pairs: &[Pair]) -> Result<Board, RunError> {
    let read = store.plan_read(pairs).await?;
    fn parsed<T: serde::de::DeserializeOwned>(
        found: BTreeMap<OutboxPair, String>,
    ) -> Result<BTreeMap<Pair, T>, serde_json::Error> {
        found.into_iter().map(|(pair, text)| Ok((pair, serde_json::from_str(&text)?))).collect()
    }
    Ok(Board { marks: parsed::<Mark>(read.told)?, queue: parsed::<Waiting>(read.queue)? })
}

fn difference(before: &Board, after: &Board) -> Result<PlanWrite, serde_json::Error> {
    let mut write = PlanWrite::default();
    for (pair, it) in &after.queue {
        if before.queue.get(pair) != Some(it) {
            let body = serde_json::to_string(it)?;
            write.queue.push(QueueEntry { pair: pair.clone(), due_at: it.due, body });
        }
    }
    write.unqueue = before.queue.keys().filter(|it| !after.queue.contains_key(*it)).cloned().collect();
    let changed = after.marks.iter().filter(|(pair, it)| before.marks.get(*pair) != Some(it));
    write.told = marks(&changed.map(|(pair, it)| (pair.clone(), it.clone())).collect())?;
    Ok(write)
}

fn marks(all: &BTreeMap<Pair, Mark>) -> Result<Vec<(OutboxPair, String)>, serde_json::Error> {
    all.iter().map(|(pair, it)| Ok((pair.clone(), serde_json::to_string(it)?))).collect()
}
