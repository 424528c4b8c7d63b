//! Whether a failed attempt is worth another one, and when.

use std::time::Duration;

/// How patient calls are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts of a call that is throttled.
    pub throttled: u32,
    /// Attempts of a call that ends in a server's error.
    pub server: u32,
    /// Attempts of a call that the network loses.
    pub network: u32,
    /// The first pause is at most this; each next one at most twice as long.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            throttled: 8,
            server: 3,
            network: 4,
            first_pause: Duration::from_millis(300),
            longest_pause: Duration::from_secs(20),
        }
    }
}

/// Why an attempt failed, as far as retrying goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// AWS asked for patience.
    Throttled,
    /// AWS failed.
    Server,
    /// The network did.
    Network,
    /// Nobody listens there; asking again soon helps little.
    Refused,
    /// The same request would fail again.
    Lasting,
}

impl RetryPolicy {
    /// The pause before the next attempt, or `None` when this was the last. `random` chooses anywhere between no pause
    /// and the longest that is due, so that many callers do not come back together.
    pub(crate) fn pause(&self, failure: Failure, attempt: u32, random: u64) -> Option<Duration> {
        let attempts = match failure {
            Failure::Throttled => self.throttled,
            Failure::Server => self.server,
            Failure::Network => self.network,
            Failure::Refused => self.network.min(2),
            Failure::Lasting => 1,
        };
        if attempt >= attempts {
            return None;
        }
        let doubled = self.first_pause.saturating_mul(1_u32.checked_shl(attempt - 1).unwrap_or(u32::MAX));
        let longest = doubled.min(self.longest_pause);
        #[expect(clippy::cast_precision_loss, reason = "a random part needs no more than 53 bits")]
        let part = random as f64 / u64::MAX as f64;
        Some(longest.mul_f64(part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throttled_calls_get_more_attempts_than_others_and_lasting_failures_none() {
        let policy = RetryPolicy::default();
        let attempts =
            |failure| (1..).take_while(|attempt| policy.pause(failure, *attempt, 0).is_some()).count() + 1;
        assert_eq!(attempts(Failure::Throttled), 8);
        assert_eq!(attempts(Failure::Server), 3);
        assert_eq!(attempts(Failure::Refused), 2);
        assert_eq!(attempts(Failure::Lasting), 1);
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_are_spread() {
        let policy = RetryPolicy { throttled: 50, ..RetryPolicy::default() };
        let longest = |attempt| policy.pause(Failure::Throttled, attempt, u64::MAX).unwrap();
        assert_eq!(longest(1), Duration::from_millis(300));
        assert_eq!(longest(3), Duration::from_millis(1200));
        assert_eq!(longest(40), Duration::from_secs(20));
        assert_eq!(policy.pause(Failure::Throttled, 3, 0), Some(Duration::ZERO));
        assert_eq!(policy.pause(Failure::Throttled, 3, u64::MAX / 2), Some(Duration::from_millis(600)));
    }
}
