//! `notify`: hides what is accepted, marks what is overdue, and tells people, as soon as there is something to tell.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use yagura_model::{Diagnostic, Timestamp};
use yagura_notify::{Clock, Delivered, Patience, Texts, Way};
use yagura_server::Jobs;
use yagura_store::{DatabaseError, ReadError, Store};

use super::known::KnownNow;
use super::setup::Setup;
use super::work::Work;
use crate::commands::notify::{claimant, draw_up, send_due, sender, settle};
use crate::failure::{Failure, Told};
use crate::terminal;

/// A destination that did not take a message is left alone for so long; messages have pauses of their own besides.
const REST: SignedDuration = SignedDuration::from_secs(60);

/// One whose rate limit is reached.
const LIMITED: SignedDuration = SignedDuration::from_secs(15);

/// Two runs are so far apart, and five times as far as the last one took...
const APART: Duration = Duration::from_secs(2);

/// ...but no further.
const FURTHEST: Duration = Duration::from_secs(30);

/// How much is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Todo {
    /// What happened is to be told.
    Everything,
    /// Only what is drawn up already: a scan goes on, and what it finds is told as one when it has ended.
    Deliveries,
}

/// What is remembered between two runs.
#[derive(Default)]
pub struct Telling {
    /// Something was detected: that does not wait for scans.
    urgent: AtomicBool,
    seen: Mutex<Seen>,
    known: Arc<KnownNow>,
}

/// Up to where everything is settled.
#[derive(Default)]
struct Seen {
    /// The last entry of the findings' history.
    event: Option<i64>,
    /// The hour: suppressions end and due dates pass without anybody doing anything.
    hour: i64,
    setup: Option<Arc<Setup>>,
    /// Destinations that are left alone, and until when.
    resting: BTreeMap<String, Timestamp>,
    /// The pause after the last run.
    pause: Option<Pause>,
}

/// After a run others have the store for a while.
#[derive(Debug, Clone, Copy)]
struct Pause {
    since: Instant,
    took: Duration,
}

impl Pause {
    /// Whether it is over. What is urgent does not wait because the last run had much to do.
    fn is_over(self, now: Instant, is_urgent: bool) -> bool {
        let whole = APART.max(self.took.saturating_mul(5)).min(FURTHEST);
        now.duration_since(self.since) >= if is_urgent { APART } else { whole }
    }
}

fn hour(now: Timestamp) -> i64 {
    now.as_second().div_euclid(3600)
}

impl Telling {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What messages tell, for others who draw some up.
    pub fn known(&self) -> Arc<KnownNow> {
        Arc::clone(&self.known)
    }

    /// Something was detected: people hear of it now, whatever else goes on.
    pub fn hurry(&self) {
        self.urgent.store(true, Ordering::Relaxed);
    }

    /// What there is to do, if anything: asked every second, so it only looks. `is_busy`: a scan or an import goes on.
    ///
    /// # Errors
    ///
    /// The store failed.
    pub async fn todo(
        &self,
        store: &Store,
        setup: &Arc<Setup>,
        is_busy: bool,
        now: Timestamp,
    ) -> Result<Option<Todo>, ReadError> {
        let newest = store.newest_event().await?;
        let except = {
            let mut seen = self.seen();
            let is_urgent = self.urgent.load(Ordering::Relaxed);
            if seen.pause.is_some_and(|it| !it.is_over(Instant::now(), is_urgent)) {
                return Ok(None);
            }
            let is_same = seen.setup.as_ref().is_some_and(|it| Arc::ptr_eq(it, setup));
            let is_later = seen.hour != hour(now) || !is_same || is_urgent;
            if is_later || seen.event != Some(newest) && !is_busy {
                return Ok(Some(Todo::Everything));
            }
            // A clock that was put back makes nobody rest for long.
            seen.resting.retain(|_, until| *until > now && until.duration_since(now) <= REST);
            seen.resting.keys().cloned().collect()
        };
        let is_due = is_due(store, setup, &except, now).await?;
        Ok(is_due.then_some(if is_busy { Todo::Deliveries } else { Todo::Everything }))
    }

    /// Does what there is to do; what it came to.
    ///
    /// # Errors
    ///
    /// The store or the packs failed. What could not be delivered waits in the outbox, and is no error.
    pub async fn tell(&self, work: &Work) -> Result<String, Failure> {
        let began = Instant::now();
        let told = self.done(work).await;
        self.seen().pause = Some(Pause { since: Instant::now(), took: began.elapsed() });
        told
    }

    async fn done(&self, work: &Work) -> Result<String, Failure> {
        let Work { store, setup, jobs, stop, todo, now, .. } = work;
        let (todo, now) = (*todo, *now);
        let unread = |error| Told::new("the findings cannot be read from the store").because(error).other();
        let config = &setup.config;
        let mut planned = 0;
        if todo == Todo::Everything {
            // Before anything is looked at: what happens meanwhile is looked at once more.
            self.urgent.store(false, Ordering::Relaxed);
            let newest = store.newest_event().await.map_err(unread)?;
            warn(jobs, &settle(store, &setup.packs, config, now).await?);
            if !config.destinations().is_empty() {
                planned = self.plan(store, setup, now).await?;
            }
            self.settled(setup, newest, now);
        }
        let except: BTreeSet<String> = self.seen().resting.keys().cloned().collect();
        let is_due = is_due(store, setup, &except, now).await;
        if !is_due.map_err(|error| unread(error.into()))? {
            return Ok(if planned == 0 { String::new() } else { format!("{planned} new messages") });
        }
        let texts = Texts::load(&setup.packs)
            .map_err(|error| Told::new("the sentences of messages cannot be used").because(error).usage())?;
        let sender = sender(&setup.packs, texts, config).await?;
        let goes_on = || !stop.is_asked();
        let way = Way {
            clock: Clock::at(now),
            by: &claimant(),
            patience: Patience(Duration::ZERO),
            except: &except,
            goes_on: &goes_on,
        };
        let done = send_due(store, &sender, config, way).await?;
        self.rest(&done, now);
        Ok(told(planned, &done))
    }

    /// Draws up messages; how many.
    async fn plan(&self, store: &Store, setup: &Arc<Setup>, now: Timestamp) -> Result<usize, Failure> {
        let known = self.known.of(store, setup).await?;
        draw_up(store, &known, &setup.config, now).await
    }

    fn settled(&self, setup: &Arc<Setup>, event: i64, now: Timestamp) {
        let mut seen = self.seen();
        (seen.event, seen.hour, seen.setup) = (Some(event), hour(now), Some(Arc::clone(setup)));
    }

    fn rest(&self, done: &Delivered, now: Timestamp) {
        let mut seen = self.seen();
        let until = |pause| now.checked_add(pause).unwrap_or(now);
        seen.resting.extend(done.limited.iter().map(|it| (it.clone(), until(LIMITED))));
        seen.resting.extend(done.postponed.iter().map(|(_, name, _)| (name.clone(), until(REST))));
    }
}

/// Says what is wrong with files of suppressions, when that is news. It is told for as long as it is so; what they hid stays hidden.
fn warn(jobs: &Jobs, mistakes: &[Diagnostic]) {
    if jobs.set_warnings(mistakes.iter().map(ToString::to_string).collect()) {
        terminal::diagnostics(mistakes);
    }
}

/// Whether a message is due, or something that waited for its summary.
async fn is_due(
    store: &Store,
    setup: &Setup,
    except: &BTreeSet<String>,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let destinations = setup.config.destinations();
    if destinations.is_empty() {
        return Ok(false);
    }
    if !store.queue_due(now, 1).await?.is_empty() {
        return Ok(true);
    }
    for name in destinations.keys().filter(|it| !except.contains(*it)) {
        if store.is_message_due(name, now).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How deliveries went, in a line.
fn told(planned: usize, done: &Delivered) -> String {
    let Delivered { sent, postponed, dead, limited } = done;
    let mut told = format!("{planned} new messages, {sent} sent");
    for (count, what) in [(postponed.len(), "to be tried again"), (dead.len(), "dead")] {
        if count > 0 {
            told.push_str(&format!(", {count} {what}"));
        }
    }
    if !limited.is_empty() {
        told.push_str(", some wait for rate limits");
    }
    for (id, destination, why) in postponed.iter().chain(dead).take(5) {
        told.push_str(&format!("; message {id} to `{destination}`: {why}"));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_follows_what_the_last_run_took_up_to_half_a_minute_and_what_is_urgent_ends_it() {
        let since = Instant::now();
        let lasts = |took: u64, is_urgent: bool| {
            let pause = Pause { since, took: Duration::from_secs(took) };
            (0..10_000).find(|it| pause.is_over(since + Duration::from_secs(*it), is_urgent)).unwrap()
        };
        let calm: Vec<_> = [0, 1, 4, 6, 60, 86_400].map(|it| lasts(it, false)).into();
        assert_eq!(calm, [2, 5, 20, 30, 30, 30]);
        assert!([0, 1, 60, 86_400].into_iter().all(|it| lasts(it, true) == 2));
    }
}
