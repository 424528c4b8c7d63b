//! When reports are made: the five fields of cron, in a time zone.
//!
//! Minute, hour, day of the month, month, day of the week; `*`, lists, ranges, steps, and English names of months and days.
//! As in cron, when both the day of the month and the day of the week are narrowed, either is enough.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use thiserror::Error;

/// So many days are looked through for the next run: a leap day comes within eight years, also over a year like 2100.
const DAYS: i32 = 8 * 366 + 1;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// Why a text is no schedule.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ScheduleError {
    /// Not five fields.
    #[error(
        "`{text}` is no schedule: write minute, hour, day, month and weekday as cron does, `0 9 * * mon`"
    )]
    Fields {
        /// What was written.
        text: String,
    },
    /// One of them cannot be read.
    #[error("`{field}` is no {name}: {allowed}")]
    Field {
        /// What was written.
        field: String,
        /// Which field.
        name: &'static str,
        /// What it may be.
        allowed: &'static str,
    },
    /// There is no such day, as the 31st of February.
    #[error("`{text}` names a day that never comes")]
    Never {
        /// What was written.
        text: String,
    },
}

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    text: String,
    minutes: Field,
    hours: Field,
    days: Field,
    months: Field,
    weekdays: Field,
}

/// The numbers that a field lets through, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Field {
    bits: u64,
    /// Whether it was left open with `*`.
    open: bool,
}

impl Field {
    fn has(self, n: i8) -> bool {
        u32::try_from(n).is_ok_and(|n| self.bits & (1 << n) != 0)
    }
}

/// What a field may hold.
struct Kind {
    name: &'static str,
    allowed: &'static str,
    first: u32,
    last: u32,
    words: &'static [&'static str],
}

const MINUTE: Kind = Kind { name: "minute", allowed: "0 to 59", first: 0, last: 59, words: &[] };
const HOUR: Kind = Kind { name: "hour", allowed: "0 to 23", first: 0, last: 23, words: &[] };
const DAY: Kind = Kind { name: "day of the month", allowed: "1 to 31", first: 1, last: 31, words: &[] };
const MONTH: Kind =
    Kind { name: "month", allowed: "1 to 12, or jan to dec", first: 1, last: 12, words: &MONTHS };
/// Sunday is 0, and 7 too.
const WEEKDAY: Kind =
    Kind { name: "day of the week", allowed: "0 to 7, or sun to sat", first: 0, last: 7, words: &WEEKDAYS };

impl Kind {
    fn read(&self, field: &str) -> Result<Field, ScheduleError> {
        let wrong =
            || ScheduleError::Field { field: field.to_owned(), name: self.name, allowed: self.allowed };
        let mut bits = 0_u64;
        for part in field.split(',') {
            let (range, step) = match part.split_once('/') {
                Some((range, step)) => (range, Some(step.parse::<u32>().map_err(|_| wrong())?)),
                None => (part, None),
            };
            let (first, last) = match range.split_once('-') {
                _ if range == "*" => (self.first, self.last),
                Some((first, last)) => {
                    (self.number(first).ok_or_else(wrong)?, self.number(last).ok_or_else(wrong)?)
                }
                None => {
                    let only = self.number(range).ok_or_else(wrong)?;
                    // `5/10` is from 5 on, every tenth.
                    (only, if step.is_some() { self.last } else { only })
                }
            };
            let step = step.unwrap_or(1);
            if first > last || step == 0 {
                return Err(wrong());
            }
            let mut n = first;
            while n <= last {
                bits |= 1 << n;
                n = n.saturating_add(step);
            }
        }
        Ok(Field { bits, open: field.starts_with('*') })
    }

    fn number(&self, text: &str) -> Option<u32> {
        let word = text.to_ascii_lowercase();
        let named = self.words.iter().position(|it| *it == word);
        let named = named.and_then(|at| u32::try_from(at).ok()).map(|at| at + self.first);
        let is_number = !text.is_empty() && text.len() <= 2 && text.bytes().all(|it| it.is_ascii_digit());
        named
            .or_else(|| is_number.then(|| text.parse().ok()).flatten())
            .filter(|it| (self.first..=self.last).contains(it))
    }
}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let &[minute, hour, day, month, weekday] = fields.as_slice() else {
            return Err(ScheduleError::Fields { text: text.to_owned() });
        };
        let mut weekdays = WEEKDAY.read(weekday)?;
        weekdays.bits |= weekdays.bits >> 7 & 1;
        let schedule = Self {
            text: fields.join(" "),
            minutes: MINUTE.read(minute)?,
            hours: HOUR.read(hour)?,
            days: DAY.read(day)?,
            months: MONTH.read(month)?,
            weekdays,
        };
        // A leap year has every day that there is.
        let mut days = (0..366).filter_map(|n| jiff::civil::date(2028, 1, 1).checked_add(n.days()).ok());
        if days.any(|it| schedule.is_on(it)) {
            Ok(schedule)
        } else {
            Err(ScheduleError::Never { text: text.to_owned() })
        }
    }
}

impl Schedule {
    fn is_on(&self, date: Date) -> bool {
        let day = self.days.has(date.day());
        let weekday = self.weekdays.has(date.weekday().to_sunday_zero_offset());
        let fits = if self.days.open || self.weekdays.open { day && weekday } else { day || weekday };
        fits && self.months.has(date.month())
    }

    /// The first run after a moment. Where clocks are put forward over it, it is that much later; where an hour comes twice, it is in
    /// the first.
    #[must_use]
    pub fn next(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let today = after.to_zoned(zone.clone()).date();
        // A day earlier: a run that clocks moved over midnight belongs to the day before.
        let days = (-1..DAYS).filter_map(|n| today.checked_add(n.days()).ok());
        for date in days.filter(|it| self.is_on(*it)) {
            let hours = (0..24_i8).filter(|it| self.hours.has(*it));
            let times = hours.flat_map(|hour| {
                (0..60_i8)
                    .filter(|it| self.minutes.has(*it))
                    .filter_map(move |it| Time::new(hour, it, 0, 0).ok())
            });
            // Where clocks were moved, later by the clock need not be later.
            let moments = times.filter_map(|time| {
                zone.to_ambiguous_zoned(DateTime::from_parts(date, time)).compatible().ok()
            });
            if let Some(first) = moments.map(|it| it.timestamp()).filter(|it| *it > after).min() {
                return Some(first);
            }
        }
        None
    }

    /// Whether a run is due that was not made since `last`. Several that were missed are one.
    #[must_use]
    pub fn is_due(&self, last: Timestamp, now: Timestamp, zone: &TimeZone) -> bool {
        self.next(last, zone).is_some_and(|next| next <= now)
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn next(schedule: &str, zone: &str, after: &str) -> String {
        let zone = TimeZone::get(zone).unwrap();
        let next = schedule.parse::<Schedule>().unwrap().next(after.parse().unwrap(), &zone).unwrap();
        next.to_zoned(zone).strftime("%a %F %R %Z").to_string()
    }

    #[test]
    fn the_next_run_is_told_by_the_clock_of_the_zone() {
        let after = "2026-03-05T03:00:00Z";
        assert_eq!(next("0 9 * * mon", "Asia/Tokyo", after), "Mon 2026-03-09 09:00 JST");
        assert_eq!(next("30 8 1 * *", "Asia/Tokyo", after), "Wed 2026-04-01 08:30 JST");
        assert_eq!(next("*/20 * * * *", "UTC", after), "Thu 2026-03-05 03:20 UTC");
        assert_eq!(next("0 0 29 feb *", "UTC", after), "Tue 2028-02-29 00:00 UTC");
        assert_eq!(next("0 9 13 * fri", "UTC", "2026-03-02T00:00:00Z"), "Fri 2026-03-06 09:00 UTC");
        assert_eq!(next("0 9 * * 7", "UTC", after), "Sun 2026-03-08 09:00 UTC");
        assert_eq!(next("0 9-17/4 * 1,6-dec mon-fri", "UTC", after), "Mon 2026-06-01 09:00 UTC");
    }

    #[test]
    fn clocks_that_are_moved_neither_lose_nor_double_a_run() {
        // On 8 March 2026, 02:00 to 03:00 does not exist in New York; on 1 November, 01:00 to 02:00 comes twice.
        assert_eq!(
            next("30 2 * * *", "America/New_York", "2026-03-08T05:00:00Z"),
            "Sun 2026-03-08 03:30 EDT"
        );
        assert_eq!(
            next("30 1 * * *", "America/New_York", "2026-11-01T04:00:00Z"),
            "Sun 2026-11-01 01:30 EDT"
        );
        assert_eq!(
            next("30 1 * * *", "America/New_York", "2026-11-01T05:30:00Z"),
            "Mon 2026-11-02 01:30 EST"
        );
    }

    #[test]
    fn what_was_missed_is_due_once() {
        let schedule: Schedule = "0 9 * * *".parse().unwrap();
        let at = |it: &str| it.parse::<Timestamp>().unwrap();
        let due = |last, now| schedule.is_due(at(last), at(now), &TimeZone::UTC);
        assert!(due("2026-03-01T09:00:00Z", "2026-03-05T08:00:00Z"));
        assert!(!due("2026-03-05T09:00:00Z", "2026-03-05T23:00:00Z"));
        assert!(due("2026-03-05T08:59:59Z", "2026-03-05T09:00:00Z"));
    }

    #[test]
    fn a_mistake_is_told_with_what_is_allowed() {
        let error = |text: &str| text.parse::<Schedule>().unwrap_err().to_string();
        assert!(error("0 9 * *").starts_with("`0 9 * *` is no schedule"));
        assert_eq!(error("0 24 * * *"), "`24` is no hour: 0 to 23");
        assert_eq!(error("0 9 * * monday"), "`monday` is no day of the week: 0 to 7, or sun to sat");
        assert_eq!(error("*/0 9 * * *"), "`*/0` is no minute: 0 to 59");
        assert_eq!(error("0 9 31 feb *"), "`0 9 31 feb *` names a day that never comes");
        for wrong in [
            "",
            "a b c d e",
            "+5 9 * * *",
            "5- 9 * * *",
            "9-5 9 * * *",
            "0 9 0 * *",
            "0 9 * * 8",
            "0 , * * *",
        ] {
            assert!(wrong.parse::<Schedule>().is_err(), "{wrong}");
        }
    }

    proptest! {
        /// Nothing that is written makes the reader fall, and what is read is read again from its own text.
        #[test]
        fn any_text_is_read_or_refused(text in "[0-9a-z*/, -]{0,30}|\\PC{0,20}") {
            if let Ok(schedule) = text.parse::<Schedule>() {
                prop_assert_eq!(schedule.to_string().parse::<Schedule>().unwrap(), schedule);
            }
        }

        /// The next run is later, is on the schedule, and none is between.
        #[test]
        fn the_next_run_is_the_next(minute in 0..60_i8, hour in 0..24_i8, weekday in 0..7_i8, second in 1_700_000_000..1_800_000_000_i64) {
            let zone = TimeZone::get("Asia/Tokyo").unwrap();
            let schedule: Schedule = format!("{minute} {hour} * * {weekday}").parse().unwrap();
            let after = Timestamp::from_second(second).unwrap();
            let next = schedule.next(after, &zone).unwrap();
            prop_assert!(next > after && next.as_second() - after.as_second() <= 7 * 86_400);
            let local = next.to_zoned(zone);
            prop_assert_eq!((local.minute(), local.hour(), local.weekday().to_sunday_zero_offset()), (minute, hour, weekday));
        }
    }
}
