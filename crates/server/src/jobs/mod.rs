//! What goes on by itself: jobs on their schedules, sources that are followed, and what stands in the way of all of them.
//!
//! The API reads and asks; whoever owns the program runs. Nothing here starts a thread, or reads a clock.

mod board;
mod stand;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use thiserror::Error;
use tokio::sync::{Notify, broadcast};
use yagura_model::Timestamp;

pub use board::{JobNews, JobProgress, JobState, SourceCondition, SourceState};
pub use stand::{JobEnd, JobRun, Order, ScanWish, Stand, Timing};

/// What is told to whoever is slow to listen: the oldest is forgotten.
const NEWS: usize = 64;

/// Why a job is not run now.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AskError {
    /// There is none of this name.
    #[error("there is no job `{0}`")]
    Unknown(String),
    /// It runs, or is about to.
    #[error("`{0}` runs already: wait until it has ended")]
    Running(String),
}

/// The jobs and sources of a program, and the wishes of those who use the API. Cheap to clone: the clones are the same.
#[derive(Debug, Clone)]
pub struct Jobs {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    board: Mutex<Board>,
    news: broadcast::Sender<JobNews>,
    wake: Notify,
}

#[derive(Debug, Default)]
struct Board {
    jobs: BTreeMap<&'static str, Entry>,
    sources: Vec<SourceState>,
    trouble: Option<String>,
    warnings: Vec<String>,
}

#[derive(Debug)]
struct Entry {
    timing: Timing,
    stand: Stand,
    running: Option<JobProgress>,
    asked: Option<Order>,
    /// It left the configuration while it ran.
    is_leaving: bool,
}

/// A run that is to be done now, and what has to be remembered before.
#[derive(Debug, Clone)]
pub struct Begun {
    /// Which job.
    pub name: &'static str,
    /// What to do.
    pub order: Order,
    /// How the job stands.
    pub stand: Stand,
}

impl Default for Jobs {
    /// No jobs, no sources.
    fn default() -> Self {
        let inner =
            Inner { board: Mutex::default(), news: broadcast::Sender::new(NEWS), wake: Notify::new() };
        Self { inner: Arc::new(inner) }
    }
}

impl Jobs {
    fn board(&self) -> MutexGuard<'_, Board> {
        self.inner.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets which jobs there are, and when they run. `stand` tells what is remembered of one that is new; one that left and runs leaves when it has ended.
    pub fn set(&self, jobs: impl IntoIterator<Item = (&'static str, Timing)>, stand: impl Fn(&str) -> Stand) {
        let mut board = self.board();
        let mut before = std::mem::take(&mut board.jobs);
        for (name, timing) in jobs {
            let entry = match before.remove(name) {
                Some(known) => Entry { timing, is_leaving: false, ..known },
                None => Entry { timing, stand: stand(name), running: None, asked: None, is_leaving: false },
            };
            board.jobs.insert(name, entry);
        }
        let leaving = before.into_iter().filter(|(_, it)| it.running.is_some());
        board.jobs.extend(leaving.map(|(name, it)| (name, Entry { is_leaving: true, ..it })));
        drop(board);
        self.inner.wake.notify_one();
    }

    /// Sets the moment of a job that tells its own, unless it has another timing.
    pub fn set_moment(&self, name: &str, moment: Option<Timestamp>) {
        if let Some(Entry { timing: Timing::At(at), .. }) = self.board().jobs.get_mut(name) {
            *at = moment;
        }
    }

    /// Begins what is due or was asked for, and does not run.
    pub fn begin_due(&self, now: Timestamp) -> Vec<Begun> {
        let mut begun = Vec::new();
        for (name, entry) in &mut self.board().jobs {
            if entry.running.is_some() || entry.is_leaving {
                continue;
            }
            let is_due = entry.stand.next(&entry.timing, now).is_some_and(|it| it <= now);
            if !is_due && entry.asked.is_none() {
                continue;
            }
            let order = entry.stand.begin(entry.asked.take(), now);
            let by = order.by.clone();
            entry.running = Some(JobProgress { began: now, by, done: None, total: None });
            begun.push(Begun { name, order, stand: entry.stand.clone() });
        }
        for it in &begun {
            self.tell(JobNews { at: now, name: it.name.to_owned(), end: None, done: None, total: None });
        }
        begun
    }

    /// Says how far a run has come.
    pub fn progress(&self, name: &str, done: u64, total: u64, now: Timestamp) {
        let mut board = self.board();
        let Some(Entry { running: Some(running), .. }) = board.jobs.get_mut(name) else { return };
        (running.done, running.total) = (Some(done), Some(total));
        drop(board);
        self.tell(JobNews {
            at: now,
            name: name.to_owned(),
            end: None,
            done: Some(done),
            total: Some(total),
        });
    }

    /// Ends a run; gives what has to be remembered.
    pub fn end(&self, name: &str, end: JobEnd, told: String, now: Timestamp) -> Option<Stand> {
        let mut board = self.board();
        let entry = board.jobs.get_mut(name)?;
        entry.stand.end(end, told, now);
        entry.running = None;
        let stand = entry.stand.clone();
        if entry.is_leaving {
            board.jobs.remove(name);
        }
        drop(board);
        self.tell(JobNews { at: now, name: name.to_owned(), end: Some(end), done: None, total: None });
        Some(stand)
    }

    /// Asks for a run, now.
    ///
    /// # Errors
    ///
    /// There is no such job, or it runs.
    pub fn ask(&self, name: &str, order: Order) -> Result<(), AskError> {
        let mut board = self.board();
        let entry = board.jobs.get_mut(name).filter(|it| !it.is_leaving);
        let entry = entry.ok_or_else(|| AskError::Unknown(name.to_owned()))?;
        if entry.running.is_some() || entry.asked.is_some() {
            return Err(AskError::Running(name.to_owned()));
        }
        entry.asked = Some(order);
        drop(board);
        self.inner.wake.notify_one();
        Ok(())
    }

    /// Wakes whoever waits for something to do.
    pub fn wake(&self) {
        self.inner.wake.notify_one();
    }

    /// Waits until somebody asks for a run, or jobs change.
    pub async fn woken(&self) {
        self.inner.wake.notified().await;
    }

    /// Every job.
    #[must_use]
    pub fn list(&self, now: Timestamp) -> Vec<JobState> {
        let state = |(name, entry): (&&'static str, &mut Entry)| {
            let (schedule, time_zone) = match &entry.timing {
                Timing::On(schedule, zone) => {
                    (Some(schedule.to_string()), zone.iana_name().map(str::to_owned))
                }
                Timing::Asked | Timing::At(_) => (None, None),
            };
            let next = entry.stand.next(&entry.timing, now);
            JobState {
                name: (*name).to_owned(),
                schedule,
                time_zone,
                next: next.filter(|_| entry.running.is_none()).map(|it| it.max(now)),
                running: entry.running.clone(),
                last: entry.stand.last().cloned(),
                failures: entry.stand.failures(),
            }
        };
        self.board().jobs.iter_mut().map(state).collect()
    }

    /// How far a job has come that runs.
    #[must_use]
    pub fn running(&self, name: &str) -> Option<JobProgress> {
        self.board().jobs.get(name)?.running.clone()
    }

    /// Sets which sources are followed; what is known of those that stay is kept.
    pub fn set_sources(&self, names: impl IntoIterator<Item = String>) {
        let mut board = self.board();
        let before = std::mem::take(&mut board.sources);
        let known = |name: String| {
            let known = before.iter().find(|it| it.name == name).cloned();
            known.unwrap_or_else(|| SourceState::waiting(name))
        };
        board.sources = names.into_iter().map(known).collect();
    }

    /// Changes what is told of a source.
    pub fn change_source(&self, name: &str, change: impl FnOnce(&mut SourceState)) {
        if let Some(it) = self.board().sources.iter_mut().find(|it| it.name == name) {
            change(it);
        }
    }

    /// Every source.
    #[must_use]
    pub fn sources(&self) -> Vec<SourceState> {
        self.board().sources.clone()
    }

    /// Says what stands in the way of everything, if anything does; whether that is new.
    pub fn set_trouble(&self, trouble: Option<String>) -> bool {
        let mut board = self.board();
        let is_new = board.trouble != trouble;
        board.trouble = trouble;
        is_new
    }

    /// What stands in the way of everything.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.board().trouble.clone()
    }

    /// What is wrong although everything goes on; whether that is news.
    pub fn set_warnings(&self, warnings: Vec<String>) -> bool {
        let before = std::mem::replace(&mut self.board().warnings, warnings.clone());
        before != warnings
    }

    /// What is wrong although everything goes on.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        self.board().warnings.clone()
    }

    /// What begins, comes further and ends from now on.
    pub(crate) fn news(&self) -> broadcast::Receiver<JobNews> {
        self.inner.news.subscribe()
    }

    fn tell(&self, news: JobNews) {
        // Nobody need listen.
        let _ = self.inner.news.send(news);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-03-02T03:00:00Z".parse().unwrap()
    }

    fn order() -> Order {
        Order { began: now(), by: Some("hanako".to_owned()), wish: ScanWish::default() }
    }

    #[test]
    fn a_job_runs_once_at_a_time_whoever_asks() {
        let jobs = Jobs::default();
        jobs.set([("scan", Timing::Asked)], |_| Stand::default());
        assert_eq!(jobs.begin_due(now()).len(), 0);
        assert_eq!(jobs.ask("scan", order()), Ok(()));
        assert_eq!(jobs.ask("scan", order()), Err(AskError::Running("scan".to_owned())));
        assert_eq!(jobs.ask("dance", order()), Err(AskError::Unknown("dance".to_owned())));
        let begun = jobs.begin_due(now());
        assert_eq!((begun.len(), begun[0].order.by.as_deref()), (1, Some("hanako")));
        jobs.progress("scan", 3, 7, now());
        assert_eq!(jobs.running("scan").unwrap().done, Some(3));
        assert_eq!(jobs.ask("scan", order()), Err(AskError::Running("scan".to_owned())));
        assert_eq!(jobs.begin_due(now()).len(), 0);
        let stand = jobs.end("scan", JobEnd::Succeeded, "fine".to_owned(), now()).unwrap();
        assert_eq!(stand.last().unwrap().told, "fine");
        assert_eq!(jobs.ask("scan", order()), Ok(()));
    }

    #[test]
    fn a_job_that_leaves_while_it_runs_ends_and_is_gone() {
        let jobs = Jobs::default();
        let every_minute = || Timing::On("* * * * *".parse().unwrap(), jiff::tz::TimeZone::UTC);
        jobs.set([("import", every_minute())], |_| Stand::default());
        assert_eq!(jobs.begin_due(now()).len(), 1);
        jobs.set([], |_| Stand::default());
        assert_eq!(jobs.ask("import", order()), Err(AskError::Unknown("import".to_owned())));
        assert_eq!(jobs.list(now()).len(), 1);
        assert!(jobs.end("import", JobEnd::Failed, String::new(), now()).is_some());
        assert_eq!(jobs.list(now()), []);
    }

    #[test]
    fn what_is_known_of_a_source_outlives_a_new_configuration() {
        let jobs = Jobs::default();
        jobs.set_sources(["logs/".to_owned(), "sqs://trail".to_owned()]);
        jobs.change_source("logs/", |it| it.events = 7);
        jobs.set_sources(["logs/".to_owned()]);
        assert_eq!(jobs.sources().iter().map(|it| it.events).collect::<Vec<_>>(), [7]);
        assert!(jobs.set_trouble(Some("the disk is full".to_owned())));
        assert!(!jobs.set_trouble(Some("the disk is full".to_owned())));
        assert!(jobs.set_warnings(vec!["accepted.yaml:1:1".to_owned()]));
        assert!(!jobs.set_warnings(vec!["accepted.yaml:1:1".to_owned()]));
    }
}
