//! What the jobs do: what the commands of the same names do, into the store that is served.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use yagura_model::{AccountScan, Timestamp};
use yagura_scan::{Progress, ScanError, Source};
use yagura_server::{Clock, Jobs, Order, ScanWish};
use yagura_store::Store;

use super::setup::{IMPORT, NOTIFY, REPORTS, SCAN, Setup};
use super::stop::Stop;
use super::telling::{Telling, Todo};
use crate::commands::judge::{Judge, stopped};
use crate::commands::{import, report};
use crate::failure::{Failure, Told};
use crate::source;

/// Why a job did not do what it was to do.
pub enum Unfinished {
    /// It was stopped, and goes on when the server starts again.
    Stopped,
    /// It failed.
    Failed(Failure),
}

impl From<Failure> for Unfinished {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// What a job works with.
pub struct Work {
    pub setup: Arc<Setup>,
    pub store: Store,
    pub jobs: Jobs,
    pub telling: Arc<Telling>,
    pub todo: Todo,
    pub stop: Stop,
    pub clock: Clock,
    pub now: Timestamp,
}

impl Work {
    /// Does a job, or as much of it as there is time for; what it came to, in a line.
    pub async fn run(&self, name: &'static str, order: &Order) -> Result<String, Unfinished> {
        let work = async {
            match name {
                SCAN => self.scan(order).await,
                IMPORT => self.import().await,
                REPORTS => self.reports().await,
                NOTIFY => Ok(self.telling.tell(self).await?),
                _ => Err(Told::new(format!("nobody knows how to do `{name}`")).other().into()),
            }
        };
        tokio::select! {
            done = work => done,
            // Everything is written in transactions: what is cut off is done again.
            () = self.stop.over() => Err(Unfinished::Stopped),
        }
    }

    async fn scan(&self, order: &Order) -> Result<String, Unfinished> {
        let arguments = self.setup.scan(&order.wish)?;
        let (target, config) = (&arguments.target, &self.setup.config);
        let packs = &self.setup.packs;
        let judge = Judge::prepare(packs, &config.settings(), target, &arguments.judge)?
            .narrowed(order.wish != ScanWish::default())
            .with_suppressions(config.suppressions());
        let (source, now): (Box<dyn Source>, Timestamp) = match &arguments.snapshot {
            Some(directory) => {
                let recorded = source::recorded(directory, target, config)?;
                let now = self.setup.common.now.unwrap_or_else(|| recorded.created());
                (Box::new(recorded), now)
            }
            None => (Box::new(source::live(packs, target, config).await?), self.now),
        };
        let counted = Counted {
            jobs: self.jobs.clone(),
            stop: self.stop.clone(),
            clock: Arc::clone(&self.clock),
            done: AtomicU64::new(0),
            all: AtomicU64::new(0),
            violations: AtomicU64::new(0),
        };
        let fresh = arguments.judge.fresh;
        match judge.scan(&*source, &self.store, target, fresh, now, &counted).await {
            Ok(_) => {}
            Err(ScanError::Stopped { .. }) => return Err(Unfinished::Stopped),
            Err(error) => return Err(stopped(error).into()),
        }
        judge.hide(&self.store, now).await?;
        let violations = counted.violations.into_inner();
        Ok(format!("{} accounts, {violations} violations", counted.all.into_inner()))
    }

    async fn import(&self) -> Result<String, Unfinished> {
        let told = import::into(&self.store, self.setup.import()?, &self.setup.config).await?;
        if told.is_whole {
            return Ok(told.summary);
        }
        let failed = Told::new(format!("not everything could be read: {}", told.summary));
        Err(failed.help("the server's log tells what").other().into())
    }

    async fn reports(&self) -> Result<String, Unfinished> {
        let is_whole = report::make_due(&self.setup.common, &self.setup.config, self.now).await?;
        if is_whole {
            return Ok(String::new());
        }
        let failed = Told::new("a report could not be made or delivered");
        Err(failed.help("the server's log tells which, and why").other().into())
    }
}

/// Tells how far a scan has come, and ends it when the server is to end.
struct Counted {
    jobs: Jobs,
    stop: Stop,
    clock: Clock,
    done: AtomicU64,
    all: AtomicU64,
    violations: AtomicU64,
}

impl Progress for Counted {
    fn begin(&self, accounts: usize, done: usize) {
        self.all.store(accounts as u64, Ordering::Relaxed);
        self.done.store(done as u64, Ordering::Relaxed);
        self.jobs.progress(SCAN, done as u64, accounts as u64, (self.clock)());
    }

    fn account(&self, _account: &AccountScan, violations: usize, _calls: u64) {
        self.violations.fetch_add(violations as u64, Ordering::Relaxed);
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.jobs.progress(SCAN, done, self.all.load(Ordering::Relaxed), (self.clock)());
    }

    fn end(&self) {}

    fn goes_on(&self) -> bool {
        !self.stop.is_asked()
    }
}
