//! How far to look back: `90d`, `12w`, or a date.

use std::str::FromStr;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// A span that ends with the last scan, or a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// So many days before the last scan.
    Days(i64),
    /// A moment.
    At(Timestamp),
}

impl Since {
    /// The beginning of the span that ends at `end`. What lies before all time is its beginning.
    pub fn before(self, end: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Days(days) => {
                let span = SignedDuration::from_hours(days.saturating_mul(24));
                end.checked_sub(span).unwrap_or(Timestamp::MIN)
            }
        }
    }
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let days = |number: &str, each: i64| {
            let n = number.parse::<u32>().ok().filter(|n| *n > 0)?;
            Some(Self::Days(i64::from(n) * each))
        };
        let span = text
            .strip_suffix('d')
            .and_then(|it| days(it, 1))
            .or_else(|| text.strip_suffix('w').and_then(|it| days(it, 7)));
        let moment = || text.parse::<Timestamp>().ok().map(Self::At);
        let date = || {
            let date = text.parse::<Date>().ok()?;
            date.to_zoned(TimeZone::UTC).ok().map(|it| Self::At(it.timestamp()))
        };
        span.or_else(moment).or_else(date).ok_or_else(|| {
            format!("`{text}` is neither a span such as 90d or 12w nor a date such as 2026-01-31")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_dates_and_moments() {
        let end: Timestamp = "2026-02-01T12:00:00Z".parse().unwrap();
        let since = |text: &str| text.parse::<Since>().unwrap().before(end).to_string();
        assert_eq!(since("90d"), "2025-11-03T12:00:00Z");
        assert_eq!(since("2w"), "2026-01-18T12:00:00Z");
        assert_eq!(since("2026-01-31"), "2026-01-31T00:00:00Z");
        assert_eq!(since("2026-01-31T06:00:00+09:00"), "2026-01-30T21:00:00Z");
        assert_eq!(since("4000000000d"), Timestamp::MIN.to_string());
        for wrong in ["", "d", "0d", "-3d", "yesterday", "2026-13-01"] {
            assert!(wrong.parse::<Since>().unwrap_err().contains("such as 90d"), "{wrong}");
        }
    }
}
