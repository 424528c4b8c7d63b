//! How often a sign-in may be tried: guessing must not pay.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::SignedDuration;
use yagura_model::Timestamp;

/// So many tries cost nothing.
const FREE: u32 = 5;

/// The longest wait, in seconds.
const LONGEST: u64 = 900;

/// Failures are forgotten after this time.
const FORGOTTEN: SignedDuration = SignedDuration::from_mins(15);

/// More names and addresses than these are not remembered: the oldest are forgotten.
const REMEMBERED: usize = 10_000;

/// Failed tries by what was tried: a name, or an address.
#[derive(Debug, Default)]
pub(crate) struct Limiter(Mutex<HashMap<String, Failures>>);

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Timestamp,
}

impl Failures {
    /// How many seconds are to be waited: 1 after the fifth failure, then 2, 4, 8...
    fn wait(self, now: Timestamp) -> Option<u64> {
        let over = self.count.checked_sub(FREE)?;
        let wait = 1_u64.checked_shl(over).unwrap_or(LONGEST).min(LONGEST);
        let passed = now.duration_since(self.last).as_secs();
        // A clock that was turned back does not lock anybody out for longer.
        let left = wait.saturating_sub(u64::try_from(passed).unwrap_or(wait));
        (left > 0 && passed >= 0).then_some(left)
    }
}

impl Limiter {
    /// For how many seconds none of these may be tried.
    pub(crate) fn wait(&self, keys: &[String], now: Timestamp) -> Option<u64> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.iter().filter_map(|key| known.get(key)?.wait(now)).max()
    }

    /// A try failed.
    pub(crate) fn failed(&self, keys: &[String], now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, it| now.duration_since(it.last) < FORGOTTEN);
        if known.len() >= REMEMBERED
            && let Some(oldest) = known.iter().min_by_key(|(_, it)| it.last).map(|(key, _)| key.clone())
        {
            known.remove(&oldest);
        }
        for key in keys {
            let failures = known.entry(key.clone()).or_insert(Failures { count: 0, last: now });
            *failures = Failures { count: failures.count.saturating_add(1), last: now };
        }
    }

    /// A try succeeded: what failed before was a slip.
    pub(crate) fn succeeded(&self, keys: &[String]) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            known.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_slips_cost_nothing_and_each_further_one_twice_as_much() {
        let (limiter, start) = (Limiter::default(), Timestamp::UNIX_EPOCH);
        let keys = ["name taro".to_owned(), "address 192.0.2.1".to_owned()];
        let mut waits = Vec::new();
        for _ in 0..17 {
            limiter.failed(&keys, start);
            waits.push(limiter.wait(&keys[..1], start).unwrap_or_default());
        }
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
        let later = start + SignedDuration::from_secs(899);
        assert_eq!(limiter.wait(&keys, later), Some(1));
        assert_eq!(limiter.wait(&["name hanako".to_owned()], start), None);
        limiter.succeeded(&keys[..1]);
        assert_eq!(limiter.wait(&keys[..1], start), None);
    }

    #[test]
    fn a_clock_that_is_turned_back_locks_nobody_out() {
        let (limiter, start) = (Limiter::default(), Timestamp::UNIX_EPOCH + SignedDuration::from_hours(9));
        let keys = ["name taro".to_owned()];
        (0..30).for_each(|_| limiter.failed(&keys, start));
        assert_eq!(limiter.wait(&keys, Timestamp::UNIX_EPOCH), None);
    }
}
