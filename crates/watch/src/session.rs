//! One run: things to read, past the rules, through correlations, into the store.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::runtime::Handle;
use yagura_detect::Engines;
use yagura_detect::sigma::{Correlation, CorrelationMatch, Correlations, Limits, State};
use yagura_detect::threats::group::{Matched, severity};
use yagura_model::Timestamp;
use yagura_store::DatabaseError;

use crate::aside::Aside;
use crate::job::Job;
use crate::piece::{Counted, End, Looking, Piece, Sighting, Wanted};
use crate::watcher::{Batch, Taken, Watcher};

/// Under this name the store keeps what correlations remember.
const STATE: &str = "correlations";

/// Why a run ends.
#[derive(Debug, Error)]
pub enum WatchError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] DatabaseError),
    /// What correlations remember cannot be written down.
    #[error("what correlations remember cannot be stored")]
    State(#[source] serde_json::Error),
    /// Nobody takes the result any more, or it cannot be written.
    #[error(transparent)]
    Output(std::io::Error),
    /// What is kept aside cannot be written, so nothing may be given up.
    #[error("what cannot be read cannot be kept aside either")]
    Aside(#[source] std::io::Error),
    /// It was told to stop: what was read since the last write is read again by the next run.
    #[error("the run was stopped")]
    Stopped,
}

/// What a run has read so far.
#[derive(Debug, Clone, Default)]
pub struct Status {
    /// Events.
    pub events: u64,
    /// Files, objects and messages that were read to their end.
    pub read: u64,
    /// Those that could not be read, or not to their end.
    pub unread: u64,
    /// Those that were given up and kept aside.
    pub given_up: u64,
    /// Records that are none.
    pub broken: u64,
    /// Records of a kind that nobody knows.
    pub unknown: u64,
    /// Matches.
    pub matches: u64,
    /// Rules that matched.
    pub rules: BTreeSet<String>,
    /// The newest time that an event tells.
    pub newest: Option<Timestamp>,
}

/// Told while a run goes on.
pub trait Listener {
    /// Something for people: what could not be read, and what was done about it.
    fn say(&mut self, line: &str);
    /// Matches as lines of JSON, when they are wanted.
    ///
    /// # Errors
    ///
    /// They cannot be written: the run ends.
    fn lines(&mut self, lines: &[u8]) -> std::io::Result<()>;
    /// What a batch came to. It is stored.
    ///
    /// # Errors
    ///
    /// It cannot be told: the run ends.
    fn taken(&mut self, taken: Taken) -> std::io::Result<()>;
    /// Whether more is read; asked after each piece.
    fn goes_on(&mut self) -> bool {
        true
    }
}

/// How a run reads.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Threads that read.
    pub threads: usize,
    /// The time of the run, instead of the clock's.
    pub now: Option<Timestamp>,
    /// How late events may come, for a run that goes on; without it they may come in any order, as from files.
    pub late: Option<Duration>,
}

/// A run.
pub struct Session<'e, L> {
    looking: Looking<'e>,
    correlations: Correlations,
    /// Correlations, as findings know them.
    known: BTreeMap<String, Arc<Matched>>,
    watcher: Option<Watcher>,
    aside: Aside,
    options: Options,
    /// What was read so far.
    pub status: Status,
    /// Who is told.
    pub listener: L,
}

impl<'e, L: Listener> Session<'e, L> {
    /// Begins. Without a watcher, matches are told and nothing is stored.
    pub fn new(
        engines: &'e Engines,
        correlations: Vec<Correlation>,
        watcher: Option<Watcher>,
        aside: Aside,
        options: Options,
        listener: L,
    ) -> Self {
        let of = |it: &Correlation| {
            let (rule, title, tags) = (it.name.clone(), it.title.clone(), it.tags.clone());
            (it.name.clone(), Arc::new(Matched { rule, title, severity: severity(&it.level), tags }))
        };
        let known = correlations.iter().map(of).collect();
        let wanted = if watcher.is_some() { Wanted::Findings } else { Wanted::Matches };
        let looking = Looking { engines, forced: None, wanted, learned: None };
        let correlations =
            Correlations::new(correlations, Limits { late: options.late, ..Limits::default() });
        Self { looking, correlations, known, watcher, aside, options, status: Status::default(), listener }
    }

    /// Takes everything for events of one kind, whatever it looks like.
    #[must_use]
    pub fn forced(mut self, source: Option<yagura_detect::Source>) -> Self {
        self.looking.forced = source;
        self
    }

    /// Goes on with what correlations remembered when the last run ended.
    ///
    /// # Errors
    ///
    /// The store failed.
    pub async fn resume(&mut self) -> Result<(), WatchError> {
        let Some(watcher) = &self.watcher else { return Ok(()) };
        let Some(bytes) = watcher.run().state(STATE).await? else { return Ok(()) };
        match serde_json::from_slice::<State>(&bytes) {
            Ok(state) => drop(self.correlations.restore(state)),
            Err(_) => self.listener.say("what correlations remembered cannot be read: they begin anew"),
        }
        Ok(())
    }

    /// The store's side of the run, if there is one.
    pub fn watcher(&self) -> Option<&Watcher> {
        self.watcher.as_ref()
    }

    /// What is kept aside.
    pub fn aside(&self) -> &Aside {
        &self.aside
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.options.now.unwrap_or_else(Timestamp::now)
    }

    /// What correlations could not count: matches without a time, and what had to be forgotten.
    pub fn uncounted(&self) -> (u64, u64) {
        (self.correlations.without_time(), self.correlations.forgotten())
    }

    /// How many rules there are.
    pub fn rules(&self) -> usize {
        self.looking.engines.len() + self.correlations.len()
    }

    /// Reads things to their ends; what came of them is stored when this has returned, with the marks of those that could be read.
    ///
    /// Returns how each of them ended, in their order.
    ///
    /// # Errors
    ///
    /// The store, or the output, failed: nothing may be acknowledged then.
    pub async fn read(&mut self, jobs: &[Job]) -> Result<Vec<End>, WatchError> {
        let runtime = Handle::current();
        let learned = self.watcher.as_ref().map(Watcher::learned);
        let looking = Looking { learned: learned.as_deref(), ..self.looking };
        let numbered: Vec<(usize, &Job)> = jobs.iter().enumerate().collect();
        let (mut batch, mut ends) = (Batch::default(), Vec::new());
        let threads = self.options.threads;
        // The threads of the runtime go on with their work while this one waits for the readers.
        tokio::task::block_in_place(|| {
            let look = |(number, job): &(usize, &Job), give: &mut dyn FnMut(Piece) -> bool| {
                looking.at(*number, job, &runtime, give);
            };
            yagura_logs::in_order(&numbered, threads, look, |mut piece: Piece| {
                if !self.listener.goes_on() {
                    return Err(WatchError::Stopped);
                }
                self.correlate(&mut piece);
                self.account(&piece)?;
                batch.add(&mut piece);
                if let Some(end) = piece.end {
                    if end.problem.is_none() {
                        batch.marks.extend(jobs[end.job].mark.clone());
                    }
                    ends.push(end);
                }
                if batch.is_full() {
                    runtime.block_on(self.store(std::mem::take(&mut batch), false))?;
                }
                Ok::<(), WatchError>(())
            })
        })?;
        self.store(batch, true).await?;
        Ok(ends)
    }

    /// Stores marks, and nothing else.
    ///
    /// # Errors
    ///
    /// The store failed.
    pub async fn mark(&mut self, marks: Vec<yagura_store::ReadMark>) -> Result<(), WatchError> {
        self.store(Batch { marks, ..Batch::default() }, false).await
    }

    /// Forgets marks, and nothing else.
    ///
    /// # Errors
    ///
    /// The store failed.
    pub async fn unmark(&mut self, unmark: Vec<yagura_store::Unmark>) -> Result<(), WatchError> {
        self.store(Batch { unmark, ..Batch::default() }, false).await
    }

    async fn store(&mut self, mut batch: Batch, is_last: bool) -> Result<(), WatchError> {
        let now = self.now();
        let Some(watcher) = &mut self.watcher else { return Ok(()) };
        // What correlations remember is stored with what was read: nothing is counted twice after a crash, and nothing is missing.
        if (is_last || !batch.marks.is_empty()) && batch.has_counted {
            if self.options.late.is_some() {
                let newest = self.status.newest.map_or(now, |it| it.min(now));
                self.correlations.forget_late(newest);
            }
            let state = serde_json::to_vec(&self.correlations.state()).map_err(WatchError::State)?;
            batch.state.push((STATE.to_owned(), state));
        }
        if !batch.is_empty() {
            let taken = watcher.take(batch, now).await?;
            self.listener.taken(taken).map_err(WatchError::Output)?;
        }
        Ok(())
    }

    /// Counts, and tells what could not be read.
    fn account(&mut self, piece: &Piece) -> Result<(), WatchError> {
        let status = &mut self.status;
        status.events += piece.events;
        status.unknown += piece.unknown;
        status.matches += piece.matches;
        status.broken += piece.broken.len() as u64;
        status.newest = status.newest.max(piece.newest);
        for rule in &piece.rules {
            if !status.rules.contains(rule) {
                status.rules.insert(rule.clone());
            }
        }
        for (shown, broken) in &piece.broken {
            self.listener.say(&format!(
                "{shown}: bytes {} to {}: {}",
                broken.place.start, broken.place.end, broken.message
            ));
            self.aside.record(shown, broken).map_err(WatchError::Aside)?;
        }
        if let Some(end) = &piece.end {
            match &end.problem {
                None => status.read += 1,
                Some(problem) => {
                    status.unread += 1;
                    self.listener.say(problem);
                }
            }
        }
        if !piece.lines.is_empty() {
            self.listener.lines(&piece.lines).map_err(WatchError::Output)?;
        }
        Ok(())
    }

    /// What the matches complete.
    fn correlate(&mut self, piece: &mut Piece) {
        for counted in std::mem::take(&mut piece.counted) {
            // The same event in another file, or after a crash, counts once: correlations know events by their ids.
            for it in self.correlations.feed(&counted.fed) {
                piece.matched(&it.rule);
                match self.looking.wanted {
                    Wanted::Matches => piece.line(&it.rule, &it.event_id, &it.time.to_string()),
                    Wanted::Findings => piece.sightings.extend(self.sighting(&it, &counted)),
                }
            }
            piece.has_counted = true;
        }
    }

    /// A correlation that holds is a match of its own: its last event says who and what.
    fn sighting(&self, it: &CorrelationMatch, counted: &Counted) -> Option<Sighting> {
        let (_, facts) = counted.seen.as_ref()?;
        let mut facts = facts.clone();
        if facts.event != it.event_id {
            facts.event.clone_from(&it.event_id);
            facts.time = Some(it.time);
        }
        // What was counted, for people: the values of the group.
        let group = it.group.iter().filter_map(|(_, value)| value.clone());
        for value in group {
            if !facts.targets.contains(&value) && facts.targets.len() < 4 && value != facts.actor.principal {
                facts.targets.push(value);
            }
        }
        Some(Sighting::new(Arc::clone(self.known.get(&it.rule)?), facts))
    }
}
