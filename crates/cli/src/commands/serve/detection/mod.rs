//! Live detection: what `yagura detect --follow` does, in the server, source by source.
//!
//! A source that fails is told, rests, and is tried again; the others go on. When the store or the rules fail, all of them rest. What was read is marked in the
//! transaction that stores what came of it, so that a stop at any moment loses nothing.

mod ear;
mod sources;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::watch;
use yagura_detect::Engines;
use yagura_server::{Clock, Jobs, SourceCondition};
use yagura_store::{Presence, Store};
use yagura_watch::{Options, Session, WatchError, Watcher};

use super::runner::told;
use super::setup::Setup;
use super::stop::Stop;
use super::telling::Telling;
use crate::commands::detect::{LATE, aside, busy};
use crate::commands::detections;
use crate::commands::store::StorePlace;
use crate::failure::{Failure, Told};
use crate::terminal;
use ear::Ear;
use sources::{Doors, Sources};

/// When nothing can be followed at all, it is tried again after so long, then twice as long each time...
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// ...up to so long.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// Files about addresses are looked at so often.
const REFRESH: Duration = Duration::from_secs(60);

/// What live detection works with.
#[derive(Clone)]
pub struct Detection {
    pub store: Store,
    pub place: Arc<StorePlace>,
    pub jobs: Jobs,
    pub setup: watch::Receiver<Arc<Setup>>,
    pub stop: Stop,
    pub clock: Clock,
    pub telling: Arc<Telling>,
}

impl Detection {
    /// Follows the sources of the configuration, until it is stopped; also after a bug of ours.
    pub async fn keep_following(self) {
        while !self.stop.is_asked() {
            let (of_thread, runtime) = (self.clone(), Handle::current());
            // Reading events keeps its thread busy, and what it holds stays on it.
            let followed = tokio::task::spawn_blocking(move || runtime.block_on(of_thread.follow())).await;
            if followed.is_err() {
                let told = "detection ended in a bug of ours: the log has more of it";
                terminal::say(&format!("{told}; it begins again in {} seconds", LONGEST_PAUSE.as_secs()));
                self.failing(&self.setup.borrow().config.serve().detect.sources, told, LONGEST_PAUSE);
                self.clone().wait(Some(LONGEST_PAUSE)).await;
            }
        }
    }

    /// Follows the sources of the configuration, until it is stopped.
    async fn follow(mut self) {
        let mut doors = Doors::default();
        let mut pause = FIRST_PAUSE;
        while !self.stop.is_asked() {
            let setup = Arc::clone(&self.setup.borrow_and_update());
            let sources = &setup.config.serve().detect.sources;
            self.jobs.set_sources(sources.iter().cloned());
            doors.keep(sources);
            if sources.is_empty() {
                self.wait(None).await;
                continue;
            }
            if !self.may_read() {
                self.wait(Some(Duration::from_secs(1))).await;
                continue;
            }
            let began = Instant::now();
            let Err(failure) = self.session(&setup, &mut doors).await else { continue };
            if began.elapsed() > LONGEST_PAUSE {
                pause = FIRST_PAUSE;
            }
            let told = told(&failure);
            terminal::say(&format!("detection: {told}; it is tried again in {} seconds", pause.as_secs()));
            self.failing(sources, &told, pause);
            self.wait(Some(pause)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// What is read is acknowledged when it is stored: a store that is gone, or takes nothing, may get nothing.
    fn may_read(&self) -> bool {
        self.jobs.trouble().is_none() && self.store.presence() == Presence::Here
    }

    /// Waits for a while, or for another configuration, or for the end.
    async fn wait(&mut self, pause: Option<Duration>) {
        let pause = async {
            match pause {
                Some(pause) => tokio::time::sleep(pause).await,
                None => std::future::pending().await,
            }
        };
        let (stop, setup) = (&self.stop, &mut self.setup);
        tokio::select! {
            () = pause => {}
            changed = setup.changed() => if changed.is_err() { stop.asked().await },
            () = stop.asked() => {}
        }
    }

    /// All sources fail for one reason.
    fn failing(&self, sources: &[String], told: &str, pause: Duration) {
        let now = (self.clock)();
        for name in sources {
            self.jobs.change_source(name, |it| {
                it.condition = SourceCondition::Failing;
                it.error = Some(told.to_owned());
                it.error_at = Some(now);
                it.retry_at = now.checked_add(pause).ok();
            });
        }
    }

    /// Follows the sources until somebody wants something else.
    async fn session(&self, setup: &Arc<Setup>, doors: &mut Doors) -> Result<(), Failure> {
        let (config, arguments) = (&setup.config, setup.detect()?);
        let fields = detections::fields(&arguments.common, config)?;
        let set = detections::rules(&arguments.common, config, &fields)?;
        let geography = Arc::new(config.geography()?);
        let engines = Engines::new(&set.falco, &set.sigma, &fields)
            .with_places(&(Arc::clone(&geography) as Arc<dyn yagura_detect::Places>));
        if engines.is_empty() && set.correlations.is_empty() {
            return Err(Told::new("there is no rule to detect by")
                .help("`[serve.detect] rules` adds files")
                .usage());
        }
        let known = detections::words(&setup.packs)?;
        let names = known.iter().map(|(id, it)| (id.clone(), it.name.clone())).collect();
        let allow = config.allow_list((self.clock)())?.with_names(names);
        let watcher = Watcher::new(self.store.begin_detection().map_err(busy)?, allow);
        let ear = Ear::new(self.jobs.clone(), Arc::clone(&self.telling), self.stop.clone());
        let pulse = ear.pulse();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let mut sources = Sources::new(&arguments, setup, doors)?;
        let threads = if sources.are_remote() { (4 * cores).max(8) } else { cores };
        let threads = arguments.threads.unwrap_or(threads);
        let options = Options { threads, now: arguments.now, late: Some(LATE) };
        let aside = aside(&arguments, &self.place);
        let mut session = Session::new(&engines, set.correlations, Some(watcher), aside, options, ear);
        session.resume().await.map_err(unkept)?;
        let mut refreshed = Instant::now();
        while !self.stop.is_asked() && !self.setup.has_changed().unwrap_or(true) && self.may_read() {
            if refreshed.elapsed() > REFRESH {
                geography.refresh().iter().for_each(|it| terminal::say(it));
                refreshed = Instant::now();
            }
            match sources.round(&mut session, &pulse, self).await {
                Ok(()) => {}
                // What was not stored is read again.
                Err(WatchError::Stopped) => return Ok(()),
                Err(error) => return Err(unkept(error)),
            }
        }
        Ok(())
    }
}

fn unkept(error: WatchError) -> Failure {
    Told::new("what is detected cannot be stored").because(error).other()
}
