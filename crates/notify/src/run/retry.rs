//! When a message that did not arrive is tried again.

use std::time::Duration;

use sha2::{Digest as _, Sha256};

/// The first wait; each next is twice as long.
const FIRST: Duration = Duration::from_secs(30);
/// No wait is longer, unless the other side asks for it.
const LONGEST: Duration = Duration::from_secs(3_600);
/// What another side may ask for at most.
const MOST_ASKED: Duration = Duration::from_secs(24 * 3_600);
/// So often a message is tried: for a day.
pub(super) const MOST_TRIES: u32 = 30;

/// How long to wait after so many tries.
///
/// Waits differ by up to a quarter between messages, so that they do not all come back at once; the same message waits the same.
pub(super) fn wait(tries: u32, key: &str, asked: Option<Duration>) -> Duration {
    if let Some(asked) = asked {
        return asked.clamp(Duration::from_secs(1), MOST_ASKED);
    }
    let doubled = FIRST.saturating_mul(1_u32.checked_shl(tries.saturating_sub(1)).unwrap_or(u32::MAX));
    let wait = doubled.min(LONGEST);
    let digest = Sha256::digest(format!("{key}/{tries}"));
    let share = f64::from(digest.first().copied().unwrap_or_default()) / 255.0;
    wait.mul_f64(0.75 + share / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_an_hour_and_differ() {
        let seconds = |tries, key| wait(tries, key, None).as_secs();
        for key in ["a", "b", "c"] {
            assert!((22..=38).contains(&seconds(1, key)));
            assert!((45..=75).contains(&seconds(2, key)));
            assert!((2_700..=4_500).contains(&seconds(20, key)));
            assert!((2_700..=4_500).contains(&seconds(40, key)));
        }
        assert_ne!(wait(1, "a", None), wait(1, "b", None));
        assert_eq!(wait(1, "a", None), wait(1, "a", None));
    }

    #[test]
    fn what_the_other_side_asks_for_is_kept() {
        assert_eq!(wait(1, "a", Some(Duration::from_secs(7_200))).as_secs(), 7_200);
        assert_eq!(wait(1, "a", Some(Duration::from_secs(1_000_000))), MOST_ASKED);
        assert_eq!(wait(1, "a", Some(Duration::ZERO)).as_secs(), 1);
    }
}
