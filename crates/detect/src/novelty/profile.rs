//! What is known of one subject of one rule: which values it had, and on which days it was seen.
//!
//! Everything is counted in days of event time. So the same events give the same profile in whatever order they come, and a principal that goes
//! on as before changes nothing until the next day.

use yagura_model::{Confidence, Timestamp};

/// So many values are remembered; those not seen for the longest time leave.
pub const VALUES: usize = 64;
/// A subject that was not seen for so many days begins anew.
pub const REMEMBERED: i64 = 90;
/// On so many days a subject must have been seen before anything is said for sure.
const SEEN_ON: u32 = 5;
/// On so many before anything is said at all.
const SEEN_ON_SOME: u32 = 2;

/// The day of a moment, counted from 1970.
#[must_use]
pub fn day(time: Timestamp) -> i64 {
    time.as_second().div_euclid(24 * 3600)
}

/// A value that a subject had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KnownValue {
    /// What tells it from others.
    pub value: i64,
    /// The first day on which it was seen.
    pub first: i64,
    /// The last.
    pub last: i64,
}

/// What is known of one subject of one rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The first day.
    pub began: i64,
    /// The last.
    pub last: i64,
    /// The days on which it was seen: bit n stands for n days before the last one.
    pub days: u128,
    /// The values, in the order of their numbers.
    pub values: Vec<KnownValue>,
}

impl Profile {
    /// Takes a value that the subject has on a day. When it never had it before, says how much is known to say so from.
    pub fn see(&mut self, value: i64, day: i64, after: u16) -> Option<Confidence> {
        if self.days == 0 || day > self.last + REMEMBERED {
            *self = Self { began: day, last: day, days: 1, values: Vec::new() };
        } else if day + REMEMBERED < self.last {
            // Too old to say anything, or to be remembered.
            return None;
        }
        let at = self.values.binary_search_by_key(&value, |it| it.value);
        let is_new = at.is_ok_and(|at| day < self.values[at].first) || at.is_err();
        let confidence = is_new.then(|| self.confidence(day, after));
        match at {
            Ok(at) => {
                let known = &mut self.values[at];
                (known.first, known.last) = (known.first.min(day), known.last.max(day));
            }
            Err(at) => self.values.insert(at, KnownValue { value, first: day, last: day }),
        }
        self.mark(day);
        if self.values.len() > VALUES
            && let Some(oldest) = self.values.iter().min_by_key(|it| (it.last, it.first, it.value)).copied()
        {
            self.values.retain(|it| *it != oldest);
        }
        confidence
    }

    fn mark(&mut self, day: i64) {
        if day > self.last {
            let days = u32::try_from(day - self.last).unwrap_or(u32::MAX);
            self.days = self.days.checked_shl(days).unwrap_or_default() | 1;
            self.last = day;
        } else {
            let days = u32::try_from(self.last - day).unwrap_or(u32::MAX);
            self.days |= 1_u128.checked_shl(days).unwrap_or_default();
        }
        self.began = self.began.min(day);
    }

    /// On how many days before a day the subject was seen.
    fn seen_before(&self, day: i64) -> u32 {
        let from = (self.last - day + 1).max(0);
        self.days.checked_shr(u32::try_from(from).unwrap_or(u32::MAX)).unwrap_or_default().count_ones()
    }

    /// How much is known before a day: how long, on how many days, and how seldom anything was new.
    fn confidence(&self, day: i64, after: u16) -> Confidence {
        let (history, seen) = (day - self.began, self.seen_before(day));
        let after = i64::from(after);
        let enough = SEEN_ON.min(u32::try_from(after).unwrap_or(SEEN_ON));
        let confidence = if history >= after && seen >= enough {
            Confidence::High
        } else if history * 2 >= after && seen >= SEEN_ON_SOME {
            Confidence::Medium
        } else {
            return Confidence::Low;
        };
        // Whoever has so many values that some were forgotten surprises nobody with one more.
        if self.values.len() >= VALUES {
            return Confidence::Low;
        }
        let mut new_on: Vec<i64> =
            self.values.iter().map(|it| it.first).filter(|it| *it > self.began && *it < day).collect();
        new_on.sort_unstable();
        new_on.dedup();
        // Nor does one that has something new on most of its days.
        match (new_on.len() * 3, seen as usize) {
            (new, seen) if new > 2 * seen => Confidence::Low,
            (new, seen) if new > seen => confidence.lower(),
            _ => confidence,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(seen: &[(i64, i64)]) -> Profile {
        let mut profile = Profile::default();
        for (value, day) in seen {
            profile.see(*value, *day, 14);
        }
        profile
    }

    #[test]
    fn the_longer_a_subject_is_known_the_surer_is_what_is_new() {
        let mut known = of(&[(1, 100)]);
        assert_eq!(known.clone().see(2, 100, 14), Some(Confidence::Low), "on its first day anything is new");
        for day in [102, 104, 106] {
            assert_eq!(known.see(1, day, 14), None);
        }
        assert_eq!(known.clone().see(2, 107, 14), Some(Confidence::Medium));
        known.see(1, 108, 14);
        assert_eq!(known.clone().see(2, 114, 14), Some(Confidence::High));
        assert_eq!(known.clone().see(2, 107, 1), Some(Confidence::High), "a rule may be content with less");
    }

    #[test]
    fn a_subject_that_is_seldom_seen_or_changes_all_the_time_is_no_measure() {
        assert_eq!(of(&[(1, 0)]).see(2, 60, 14), Some(Confidence::Low), "seen on one day only");
        let travels: Vec<_> = (0..40).map(|day| (day, day)).collect();
        assert_eq!(of(&travels).see(99, 40, 14), Some(Confidence::Low), "something new every day");
        let some: Vec<_> = (0..40).map(|day| (day / 2, day)).collect();
        assert_eq!(of(&some).see(99, 40, 14), Some(Confidence::Medium), "something new every other day");
        let many: Vec<_> = (0..64).map(|value| (value, 0)).chain((1..30).map(|day| (1, day))).collect();
        assert_eq!(of(&many).see(99, 40, 14), Some(Confidence::Low), "more values than are remembered");
    }

    #[test]
    fn what_lies_before_the_known_history_is_no_news() {
        let known: Vec<_> = (100..130).map(|day| (1, day)).collect();
        assert_eq!(of(&known).see(2, 90, 14), Some(Confidence::Low));
        assert_eq!(of(&known).see(2, 20, 14), None, "too old to be remembered");
        assert_eq!(of(&known).see(1, 90, 14), Some(Confidence::Low));
        // A value that turns out to have come earlier is told for the earlier day.
        let mut later = of(&known);
        assert_eq!(later.see(2, 129, 14), Some(Confidence::High));
        assert_eq!(later.see(2, 127, 14), Some(Confidence::High));
        assert_eq!(later.see(2, 128, 14), None);
    }

    #[test]
    fn after_a_long_absence_a_subject_begins_anew() {
        let mut known = of(&(0..20).map(|day| (1, day)).collect::<Vec<_>>());
        assert_eq!(known.see(2, 19 + REMEMBERED + 1, 14), Some(Confidence::Low));
        assert_eq!(known.values.len(), 1);
    }

    proptest! {
        /// Of the same events the same profile comes, in whatever order they were seen.
        #[test]
        fn the_order_does_not_matter(seen in prop::collection::vec((0i64..20, 0i64..REMEMBERED), 1..60), turn in 0usize..60) {
            let mut turned = seen.clone();
            turned.rotate_left(turn % seen.len());
            prop_assert_eq!(of(&seen), of(&turned));
            turned.reverse();
            prop_assert_eq!(of(&seen), of(&turned));
        }

        /// However many values and days there are, a profile stays small, and what was just seen is known.
        #[test]
        fn a_profile_is_bounded(seen in prop::collection::vec((0i64..1000, 0i64..400), 1..300)) {
            let mut profile = Profile::default();
            for (value, day) in &seen {
                profile.see(*value, *day, 14);
                prop_assert!(profile.values.len() <= VALUES);
                prop_assert!(profile.began <= profile.last && profile.days & 1 == 1);
            }
        }

        /// What is seen twice on a day is new at most once.
        #[test]
        fn nothing_is_new_twice(seen in prop::collection::vec((0i64..20, 0i64..80), 1..60)) {
            let mut profile = Profile::default();
            for (value, day) in &seen {
                profile.see(*value, *day, 14);
                let before = profile.clone();
                prop_assert_eq!(profile.see(*value, *day, 14), None);
                prop_assert_eq!(&profile, &before);
            }
        }
    }
}
