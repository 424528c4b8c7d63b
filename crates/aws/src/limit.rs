//! How fast one account, region and service may be asked.
//!
//! Nobody is slowed down before AWS throttles. Then the rate is halved, once for each wave of refusals, and grows
//! slowly again with every answer; when it has recovered, the limit is forgotten. So memory holds only what is being
//! throttled, however many accounts a run reads.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use yagura_model::AccountId;

/// The rate, in calls a second, that a limit starts from and is forgotten at.
const FREE: f64 = 40.0;
/// The slowest: one call in two seconds.
const SLOWEST: f64 = 0.5;
/// What every answer adds to the rate, as a part of it.
const RECOVERY: f64 = 0.02;
/// Calls that may go at once when none went for a while.
const BURST: f64 = 5.0;

/// What is limited together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Lane {
    pub(crate) account: AccountId,
    /// The signing region, so that a service without regions has one lane.
    pub(crate) region: Box<str>,
    pub(crate) service: Box<str>,
}

/// One token bucket. Time is an argument.
#[derive(Debug)]
struct Bucket {
    rate: f64,
    tokens: f64,
    filled: Instant,
    halved: Instant,
}

impl Bucket {
    fn new(now: Instant) -> Self {
        Self { rate: FREE / 2.0, tokens: 0.0, filled: now, halved: now }
    }

    fn fill(&mut self, now: Instant) {
        let since = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + since * self.rate).min(BURST);
        self.filled = now;
    }

    /// Takes a token and says how long to wait until it is there.
    fn take(&mut self, now: Instant) -> Duration {
        self.fill(now);
        self.tokens -= 1.0;
        if self.tokens >= 0.0 { Duration::ZERO } else { Duration::from_secs_f64(-self.tokens / self.rate) }
    }

    /// Halves the rate, unless the throttled call was sent before the last halving.
    fn throttled(&mut self, sent: Instant, now: Instant) {
        if sent >= self.halved {
            self.fill(now);
            self.rate = (self.rate / 2.0).max(SLOWEST);
            self.tokens = self.tokens.min(0.0);
            self.halved = now;
        }
    }

    /// Whether the rate has recovered.
    fn answered(&mut self) -> bool {
        self.rate *= 1.0 + RECOVERY;
        self.rate >= FREE
    }
}

/// All limits of a run.
#[derive(Debug, Default, Clone)]
pub(crate) struct Limits {
    buckets: Arc<Mutex<HashMap<Lane, Bucket>>>,
}

impl Limits {
    fn buckets(&self) -> MutexGuard<'_, HashMap<Lane, Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long to wait before the next call on this lane.
    pub(crate) fn take(&self, lane: &Lane, now: Instant) -> Duration {
        self.buckets().get_mut(lane).map_or(Duration::ZERO, |bucket| bucket.take(now))
    }

    /// A call that was sent at `sent` was throttled.
    pub(crate) fn throttled(&self, lane: &Lane, sent: Instant, now: Instant) {
        let mut buckets = self.buckets();
        match buckets.get_mut(lane) {
            Some(bucket) => bucket.throttled(sent, now),
            None => {
                buckets.insert(lane.clone(), Bucket::new(now));
            }
        }
    }

    /// A call was answered.
    pub(crate) fn answered(&self, lane: &Lane) {
        let mut buckets = self.buckets();
        if buckets.get_mut(lane).is_some_and(Bucket::answered) {
            buckets.remove(lane);
        }
    }

    /// How many lanes are slowed down now.
    pub(crate) fn slowed(&self) -> usize {
        self.buckets().len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lane() -> Lane {
        let account = AccountId::new("111122223333").unwrap();
        Lane { account, region: "us-east-1".into(), service: "iam".into() }
    }

    /// How many calls go in ten seconds when each goes as soon as it may.
    fn calls_in_ten_seconds(limits: &Limits, start: Instant) -> usize {
        let end = start + Duration::from_secs(10);
        let (mut now, mut calls) = (start, 0);
        while now < end && calls < 10_000 {
            now += limits.take(&lane(), now);
            calls += 1;
        }
        calls
    }

    #[test]
    fn nobody_waits_before_anything_was_throttled() {
        let limits = Limits::default();
        assert_eq!(calls_in_ten_seconds(&limits, Instant::now()), 10_000);
        assert_eq!(limits.slowed(), 0);
    }

    #[test]
    fn each_wave_of_refusals_halves_the_rate_once() {
        let limits = Limits::default();
        let start = Instant::now();
        limits.throttled(&lane(), start, start);
        assert!((195..=205).contains(&calls_in_ten_seconds(&limits, start)), "20 a second");
        let later = start + Duration::from_secs(60);
        for _ in 0..50 {
            limits.throttled(&lane(), start + Duration::from_secs(59), later);
        }
        assert!((95..=105).contains(&calls_in_ten_seconds(&limits, later)), "10 a second");
    }

    #[test]
    fn answers_bring_the_rate_back_and_then_the_limit_is_forgotten() {
        let limits = Limits::default();
        let now = Instant::now();
        limits.throttled(&lane(), now, now);
        for _ in 0..30 {
            limits.answered(&lane());
        }
        assert_eq!(limits.slowed(), 1);
        for _ in 0..10 {
            limits.answered(&lane());
        }
        assert_eq!(limits.slowed(), 0);
    }

    proptest! {
        /// However calls, refusals and answers follow each other, nobody waits for ever.
        #[test]
        fn a_wait_is_bounded(steps in prop::collection::vec((0_u8..3, 0_u64..2_000), 1..200)) {
            let limits = Limits::default();
            let mut now = Instant::now();
            let mut waiting = 0.0;
            for (kind, pause) in steps {
                now += Duration::from_millis(pause);
                match kind {
                    0 => {
                        waiting += 1.0;
                        prop_assert!(limits.take(&lane(), now).as_secs_f64() <= waiting / SLOWEST);
                    }
                    1 => limits.throttled(&lane(), now, now),
                    _ => limits.answered(&lane()),
                }
            }
        }
    }
}
