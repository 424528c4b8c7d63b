//! Runs the jobs: looks every second what is due, does it on a thread of its own, and remembers how it ended.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use yagura_model::Timestamp;
use yagura_server::{Begun, Clock, JobEnd, Jobs, Stand};
use yagura_store::{DatabaseError, Presence, Store};

use super::setup::{IMPORT, NOTIFY, REPORTS, SCAN, Setup};
use super::stop::Stop;
use super::telling::{Telling, Todo};
use super::work::{Unfinished, Work};
use crate::failure::Failure;
use crate::terminal;

/// The clock is looked at so often: it may jump, and the machine may sleep.
const LOOK: Duration = Duration::from_secs(1);

/// How a run ended.
struct Ended {
    name: &'static str,
    end: JobEnd,
    told: String,
}

/// Runs the jobs of a server.
pub struct Runner {
    store: Store,
    jobs: Jobs,
    setup: watch::Receiver<Arc<Setup>>,
    stop: Stop,
    clock: Clock,
    /// Told when findings may have changed.
    changed: Arc<Notify>,
    telling: Arc<Telling>,
    running: JoinSet<Ended>,
}

impl Runner {
    /// A runner over this store.
    pub fn new(
        store: Store,
        jobs: Jobs,
        setup: watch::Receiver<Arc<Setup>>,
        stop: Stop,
        clock: Clock,
        changed: Arc<Notify>,
        telling: Arc<Telling>,
    ) -> Self {
        Self { store, jobs, setup, stop, clock, changed, telling, running: JoinSet::new() }
    }

    /// Runs until it is stopped, and what is under way has ended.
    pub async fn run(mut self) {
        let mut is_set = false;
        while !self.stop.is_asked() {
            if self.jobs.trouble().is_none() && self.store.presence() == Presence::Here {
                is_set = is_set || self.set().await;
                if is_set {
                    self.look().await;
                }
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = self.jobs.woken() => {}
                Some(ended) = self.running.join_next() => self.ended(ended.ok()).await,
                Ok(()) = self.setup.changed() => is_set = false,
                () = self.stop.asked() => {}
            }
        }
        while let Some(ended) = self.running.join_next().await {
            self.ended(ended.ok()).await;
        }
    }

    /// Takes over which jobs there are; whether the store told how they stand.
    async fn set(&mut self) -> bool {
        let setup = Arc::clone(&self.setup.borrow_and_update());
        let now = (self.clock)();
        let known: Vec<String> = self.jobs.list(now).into_iter().map(|it| it.name).collect();
        let mut stands = BTreeMap::new();
        for (name, _) in setup.jobs().into_iter().filter(|(name, _)| !known.iter().any(|it| it == name)) {
            match self.take_up(name, now).await {
                Ok(stand) => drop(stands.insert(name, stand)),
                Err(error) => {
                    self.trouble(&error);
                    return false;
                }
            }
        }
        self.jobs.set(setup.jobs(), |name| stands.get(name).cloned().unwrap_or_default());
        true
    }

    /// How a job stands, as the last process left it.
    async fn take_up(&self, name: &str, now: Timestamp) -> Result<Stand, DatabaseError> {
        let stand = match self.store.remembered(&key(name)).await? {
            Some(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                terminal::say(&format!("{name}: how it stood cannot be read, and it begins anew: {error}"));
                Stand::default()
            }),
            None => Stand::default(),
        };
        let stand = stand.taken_up(now);
        // Since when it is waited for the first run counts, too.
        self.remember(name, &stand).await?;
        Ok(stand)
    }

    /// Begins what is due.
    async fn look(&mut self) {
        let now = (self.clock)();
        let setup = Arc::clone(&self.setup.borrow());
        let is_busy = [SCAN, IMPORT].iter().any(|it| self.jobs.running(it).is_some());
        let todo = match self.telling.todo(&self.store, &setup, is_busy, now).await {
            Ok(todo) => todo,
            Err(error) => return self.trouble(&error),
        };
        self.jobs.set_moment(NOTIFY, todo.map(|_| now));
        self.jobs.set_moment(REPORTS, self.next_report(&setup).await);
        for begun in self.jobs.begin_due(now) {
            self.begin(begun, &setup, todo.unwrap_or(Todo::Everything)).await;
        }
    }

    /// When a report is due: there has to be a scan that it tells of.
    async fn next_report(&self, setup: &Setup) -> Option<Timestamp> {
        if setup.config.reports().is_empty() || !setup.store_stays {
            return None;
        }
        self.store.latest_scan().await.ok()??;
        let now = (self.clock)();
        // What cannot be read is told by the run.
        setup.next_report(now).unwrap_or(Some(now))
    }

    async fn begin(&mut self, Begun { name, order, stand }: Begun, setup: &Arc<Setup>, todo: Todo) {
        // A process that is killed must know later that it had begun.
        if let Err(error) = self.remember(name, &stand).await {
            self.trouble(&error);
            let told = chain(&error);
            self.jobs.end(name, JobEnd::Failed, told, (self.clock)());
            return;
        }
        if name != NOTIFY {
            let by = order.by.as_ref().map(|it| format!(", {it} asked for it")).unwrap_or_default();
            terminal::say(&format!("{name}: begun{by}"));
        }
        let work = Work {
            setup: Arc::clone(setup),
            store: self.store.clone(),
            jobs: self.jobs.clone(),
            telling: Arc::clone(&self.telling),
            todo,
            stop: self.stop.clone(),
            clock: Arc::clone(&self.clock),
            now: (self.clock)(),
        };
        let runtime = Handle::current();
        self.running.spawn_blocking(move || {
            let done = AssertUnwindSafe(work.run(name, &order)).catch_unwind();
            let (end, told) = match runtime.block_on(done) {
                Ok(Ok(told)) => (JobEnd::Succeeded, told),
                Ok(Err(Unfinished::Stopped)) => (JobEnd::Stopped, String::new()),
                Ok(Err(Unfinished::Failed(failure))) => (JobEnd::Failed, told(&failure)),
                Err(_) => (JobEnd::Failed, "a bug of ours: the log has more of it".to_owned()),
            };
            Ended { name, end, told }
        });
    }

    async fn ended(&mut self, ended: Option<Ended>) {
        let Some(Ended { name, end, told }) = ended else { return };
        let line = match end {
            JobEnd::Succeeded if told.is_empty() => "done".to_owned(),
            JobEnd::Succeeded => told.clone(),
            JobEnd::Failed => format!("failed: {told}"),
            JobEnd::Stopped => "stopped; the next start goes on with it".to_owned(),
            JobEnd::Interrupted => "interrupted".to_owned(),
        };
        if name != NOTIFY || !told.is_empty() {
            terminal::say(&format!("{name}: {line}"));
        }
        let stand = self.jobs.end(name, end, told, (self.clock)());
        if let Some(stand) = stand
            && let Err(error) = self.remember(name, &stand).await
        {
            self.trouble(&error);
        }
        self.changed.notify_one();
    }

    async fn remember(&self, name: &str, stand: &Stand) -> Result<(), DatabaseError> {
        let body = serde_json::to_vec(stand).unwrap_or_default();
        self.store.remember(&key(name), &body).await
    }

    /// The store failed: nothing begins until it answers again.
    fn trouble(&self, error: &dyn std::error::Error) {
        let told = chain(error);
        if self.jobs.set_trouble(Some(told.clone())) {
            terminal::say(&format!("nothing is done until the store answers again: {told}"));
        }
    }
}

/// Under which name the store remembers how a job stands.
fn key(name: &str) -> String {
    format!("serve/{name}")
}

/// An error with what caused it, in a line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |it| it.source());
    causes.fold(error.to_string(), |told, it| format!("{told}: {it}"))
}

/// A failure in a line, with what to do.
pub fn told(failure: &Failure) -> String {
    let report: &dyn miette::Diagnostic = failure.report.as_ref();
    let help = report.help().map(|it| format!(" ({it})")).unwrap_or_default();
    let causes = failure.report.chain().map(ToString::to_string);
    causes.collect::<Vec<_>>().join(": ") + &help
}
