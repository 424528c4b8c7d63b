//! The weeks that progress is told by: from Monday to Monday in the reader's time zone, the last until now.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// Where a moment falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// Before the first week.
    Before,
    /// In the week of this number.
    Week(usize),
}

/// Weeks, oldest first.
#[derive(Debug, Clone)]
pub(super) struct Calendar {
    mondays: Vec<Date>,
    begins: Vec<Timestamp>,
    now: Timestamp,
}

impl Calendar {
    /// So many weeks, the last of which is the one of `now`. Fewer where the calendar itself begins.
    pub(super) fn until(now: Timestamp, zone: &TimeZone, weeks: usize) -> Self {
        let today = now.to_zoned(zone.clone()).date();
        let since_monday = i64::from(today.weekday().to_monday_zero_offset());
        let mut mondays: Vec<Date> = (0..weeks.max(1))
            .map_while(|back| {
                let days = i64::try_from(back).ok()?.checked_mul(7)?.checked_add(since_monday)?;
                today.checked_sub(Span::new().try_days(days).ok()?).ok()
            })
            .collect();
        mondays.reverse();
        // Where a clock is put forward at midnight the day begins later; where a day is skipped, it begins with the next.
        let begin = |it: &Date| it.to_zoned(zone.clone()).ok().map(|it| it.timestamp());
        let begins = mondays.iter().map(|it| begin(it).unwrap_or(Timestamp::MIN)).collect();
        Self { mondays, begins, now }
    }

    pub(super) fn weeks(&self) -> usize {
        self.mondays.len()
    }

    pub(super) fn mondays(&self) -> &[Date] {
        &self.mondays
    }

    /// Where a moment falls; `None` when it is still to come.
    pub(super) fn moment(&self, at: Timestamp) -> Option<Moment> {
        if at > self.now {
            return None;
        }
        let begun = self.begins.partition_point(|begins| *begins <= at);
        Some(begun.checked_sub(1).map_or(Moment::Before, Moment::Week))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday_at_midnight_where_the_reader_is() {
        let tokyo = TimeZone::get("Asia/Tokyo").unwrap();
        // A Sunday evening in London is a Monday morning in Tokyo.
        let now = "2026-03-01T20:00:00Z".parse().unwrap();
        let calendar = Calendar::until(now, &tokyo, 2);
        assert_eq!(calendar.mondays(), [jiff::civil::date(2026, 2, 23), jiff::civil::date(2026, 3, 2)]);
        let moment = |at: &str| calendar.moment(at.parse().unwrap());
        assert_eq!(moment("2026-03-01T15:00:00Z"), Some(Moment::Week(1)));
        assert_eq!(moment("2026-03-01T14:59:59Z"), Some(Moment::Week(0)));
        assert_eq!(moment("2026-02-22T14:59:59Z"), Some(Moment::Before));
        assert_eq!(moment("2026-03-01T20:00:01Z"), None);
    }
}
