//! Failures of one sort of thing, and how long the next try has to wait.

use std::collections::HashMap;

use jiff::SignedDuration;
use yagura_model::Timestamp;

/// The longest wait, in seconds.
pub(super) const LONGEST: u64 = 900;

/// Failures are forgotten after this time.
const FORGOTTEN: SignedDuration = SignedDuration::from_mins(15);

/// More things than these are not remembered: those that were quiet for longest are forgotten.
pub(super) const REMEMBERED: usize = 10_000;

/// What is counted, as a digest.
pub(super) type Key = [u8; 32];

/// Failures, and how many cost nothing.
#[derive(Debug)]
pub(super) struct Counter {
    free: u32,
    known: HashMap<Key, Failures>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Timestamp,
}

impl Failures {
    /// A clock that jumped, either way, makes nobody wait for longer.
    fn is_over(self, now: Timestamp) -> bool {
        now.duration_since(self.last).abs() >= FORGOTTEN
    }
}

impl Counter {
    pub(super) fn new(free: u32) -> Self {
        Self { free, known: HashMap::new() }
    }

    /// How many seconds are to be waited: 1 after the last failure that is free, then 2, 4, 8...
    pub(super) fn wait(&self, key: &Key, now: Timestamp) -> Option<u64> {
        let failures = self.known.get(key).filter(|it| !it.is_over(now))?;
        let over = failures.count.checked_sub(self.free)?;
        let wait = 1_u64.checked_shl(over).unwrap_or(LONGEST).min(LONGEST);
        let passed = u64::try_from(now.duration_since(failures.last).as_secs()).ok()?;
        Some(wait.saturating_sub(passed)).filter(|left| *left > 0)
    }

    /// One more failure.
    pub(super) fn add(&mut self, key: Key, now: Timestamp) {
        if !self.known.contains_key(&key) && self.known.len() >= REMEMBERED {
            self.make_room(now);
        }
        let failures = self.known.entry(key).or_insert(Failures { count: 0, last: now });
        let count = if failures.is_over(now) { 0 } else { failures.count };
        *failures = Failures { count: count.saturating_add(1), last: now };
    }

    fn make_room(&mut self, now: Timestamp) {
        self.known.retain(|_, it| !it.is_over(now));
        if self.known.len() >= REMEMBERED
            && let Some(oldest) = self.known.iter().min_by_key(|(_, it)| it.last).map(|(key, _)| *key)
        {
            self.known.remove(&oldest);
        }
    }

    /// The last one was no failure.
    pub(super) fn take_back(&mut self, key: &Key) {
        if let Some(failures) = self.known.get_mut(key) {
            failures.count = failures.count.saturating_sub(1);
        }
    }

    /// None of them counts any more.
    pub(super) fn forget(&mut self, key: &Key) {
        self.known.remove(key);
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }
}
