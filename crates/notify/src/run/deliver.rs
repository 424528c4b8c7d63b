//! Sending what is due, one message after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use jiff::SignedDuration;
use yagura_model::Timestamp;
use yagura_store::{Claim, OutboxMessage, Store};

use super::retry::{MOST_TRIES, wait};
use super::{Clock, RunError};
use crate::notice::Notice;
use crate::send::{Delivery, SendError, Sender};
use crate::settings::{Destination, Destinations};

/// A claim outlives the deadline of its delivery by so much.
const GRACE: Duration = Duration::from_secs(30);
/// The span that `per_minute` counts in.
const MINUTE: Duration = Duration::from_secs(60);

/// How a run of deliveries ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Messages that arrived.
    pub sent: usize,
    /// Messages that are tried again later, with the reason: number, destination, why.
    pub postponed: Vec<(i64, String, String)>,
    /// Messages that are dead now.
    pub dead: Vec<(i64, String, String)>,
    /// Destinations whose rate limit was reached, and where messages wait for the next run.
    pub limited: BTreeSet<String>,
}

/// How long a run may wait for rate limits.
#[derive(Debug, Clone, Copy)]
pub struct Patience(pub Duration);

/// How a run goes about it.
#[derive(Clone, Copy)]
pub struct Way<'a> {
    /// The time.
    pub clock: Clock,
    /// A text that no other process has.
    pub by: &'a str,
    /// How long to wait for rate limits.
    pub patience: Patience,
    /// Destinations to leave alone.
    pub except: &'a BTreeSet<String>,
    /// Whether another message is begun; asked before each.
    pub goes_on: &'a (dyn Fn() -> bool + Sync),
}

impl fmt::Debug for Way<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { clock, by, patience, except, goes_on: _ } = self;
        f.debug_struct("Way")
            .field("clock", clock)
            .field("by", by)
            .field("patience", patience)
            .field("except", except)
            .finish_non_exhaustive()
    }
}

/// Sends what is due. `on_sent` hears of each notice that has arrived.
///
/// After a failure that may pass a destination is left alone for the rest of the run: whoever does not answer costs one deadline, not one for
/// each message.
///
/// # Errors
///
/// [`RunError`] when the store failed; how deliveries failed is in what is returned.
pub async fn deliver(
    store: &Store,
    sender: &Sender,
    destinations: &Destinations,
    way: Way<'_>,
    on_sent: impl AsyncFn(&Notice),
) -> Result<Delivered, RunError> {
    let Way { clock, by, patience, except, goes_on } = way;
    let mut run = Run { store, sender, destinations, by, clock, delivered: Delivered::default() };
    let mut paused = except.clone();
    let mut limited: BTreeMap<String, Timestamp> = BTreeMap::new();
    for destination in destinations.values() {
        run.check_rate(destination, &mut limited).await?;
    }
    let began = clock.now();
    while goes_on() {
        let now = clock.now();
        limited.retain(|_, until| *until > now);
        let except: Vec<String> = paused.iter().chain(limited.keys()).cloned().collect();
        // Which destination it is shows with the message: the longest deadline counts.
        let longest = destinations.values().map(|it| it.timeout).max().unwrap_or_default();
        let until = after(now, longest + GRACE);
        let claim = Claim { by, now, until, except: &except };
        match store.claim_message(claim).await? {
            Some(message) => {
                let name = message.destination.clone();
                if run.one(message, &on_sent).await? {
                    paused.insert(name);
                } else if let Some(destination) = destinations.get(&name) {
                    run.check_rate(destination, &mut limited).await?;
                }
            }
            None => {
                let Some(first) = limited.values().min().copied() else { break };
                let waited_long = first.duration_since(began)
                    > SignedDuration::try_from(patience.0).unwrap_or(SignedDuration::MAX);
                if waited_long || !run.has_waiting(&limited, &paused).await? {
                    break;
                }
                let pause = Duration::try_from(first.duration_since(clock.now())).unwrap_or_default();
                tokio::time::sleep(pause + Duration::from_millis(5)).await;
            }
        }
    }
    run.delivered.limited = limited.into_keys().collect();
    Ok(run.delivered)
}

struct Run<'a> {
    store: &'a Store,
    sender: &'a Sender,
    destinations: &'a Destinations,
    by: &'a str,
    clock: Clock,
    delivered: Delivered,
}

impl Run<'_> {
    /// Sends one message. `true`: the destination should be left alone.
    async fn one(
        &mut self,
        message: OutboxMessage,
        on_sent: &impl AsyncFn(&Notice),
    ) -> Result<bool, RunError> {
        let Some(destination) = self.destinations.get(&message.destination) else {
            return self.bury(message, "the configuration defines no destination of this name").await;
        };
        let Ok(notice) = serde_json::from_str::<Notice>(&message.body) else {
            return self.bury(message, "the message cannot be understood: another version made it").await;
        };
        let thread = message.thread.as_deref();
        let delivery = Delivery { destination, notice: &notice, thread, now: self.clock.now() };
        match self.sender.send(delivery).await {
            Ok(reference) => {
                self.store.message_sent(message.id, self.by, reference.as_deref(), self.clock.now()).await?;
                self.delivered.sent += 1;
                on_sent(&notice).await;
                Ok(false)
            }
            Err(SendError::Refused { why }) => self.bury(message, &why).await,
            Err(SendError::Retry { why, .. }) if message.tries >= MOST_TRIES => {
                let why = format!("given up after {} tries: {why}", message.tries);
                self.bury(message, &why).await
            }
            Err(SendError::Retry { why, after: asked }) => {
                let next = after(self.clock.now(), wait(message.tries, &message.key, asked));
                self.store.message_postponed(message.id, self.by, next, &why).await?;
                if asked.is_some() {
                    self.store.destination_postponed(&message.destination, next).await?;
                }
                self.delivered.postponed.push((message.id, message.destination, why));
                Ok(true)
            }
        }
    }

    async fn bury(&mut self, message: OutboxMessage, why: &str) -> Result<bool, RunError> {
        self.store.message_dead(message.id, self.by, why).await?;
        self.delivered.dead.push((message.id, message.destination, why.to_owned()));
        Ok(false)
    }

    /// Notes until when a destination has had enough.
    async fn check_rate(
        &self,
        destination: &Destination,
        limited: &mut BTreeMap<String, Timestamp>,
    ) -> Result<(), RunError> {
        let since = self.clock.now().checked_sub(MINUTE).unwrap_or(Timestamp::UNIX_EPOCH);
        let (count, first) = self.store.sent_since(&destination.name, since).await?;
        if let (true, Some(first)) = (count >= u64::from(destination.per_minute), first) {
            limited.insert(destination.name.clone(), after(first, MINUTE));
        }
        Ok(())
    }

    /// Whether a message waits for nothing but a rate limit.
    async fn has_waiting(
        &self,
        limited: &BTreeMap<String, Timestamp>,
        paused: &BTreeSet<String>,
    ) -> Result<bool, RunError> {
        let now = self.clock.now();
        for name in limited.keys().filter(|it| !paused.contains(*it)) {
            if self.store.is_message_due(name, now).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn after(at: Timestamp, wait: Duration) -> Timestamp {
    at.checked_add(wait).unwrap_or(Timestamp::MAX)
}
