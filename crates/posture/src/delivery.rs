//! What a project says about how its people are told: owners, quiet hours, schedules.
//!
//! Parsed where they are written, so that the rest of the program knows no wrong ones.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::Zoned;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// Somebody who takes care of a project.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// A mail address.
    Mail(String),
    /// A member, or a group (`S0123`), of a Slack workspace by id.
    Slack(String),
}

/// What a project says cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DeliveryError {
    /// Neither a mail address nor a Slack id.
    #[error("`{text}` is neither a mail address nor a Slack id (`slack:U0123ABCD`)")]
    Owner {
        /// What was written.
        text: String,
    },
    /// A time zone that nobody knows.
    #[error("`{text}` is no time zone: IANA's names such as `Asia/Tokyo` are")]
    TimeZone {
        /// What was written.
        text: String,
    },
    /// Not a span of a day.
    #[error("`{text}` is no span of quiet hours: write `22:00-08:00`, or `22:00-08:00, weekends`")]
    QuietHours {
        /// What was written.
        text: String,
    },
    /// Not a schedule.
    #[error(
        "`{text}` is no schedule: write minute, hour, day, month and weekday as cron does, `0 9 * * mon`"
    )]
    Schedule {
        /// What was written.
        text: String,
    },
}

impl FromStr for Owner {
    type Err = DeliveryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || DeliveryError::Owner { text: text.to_owned() };
        let written = text.trim();
        if let Some(id) = written.strip_prefix("slack:") {
            let is_id = id.len() >= 2
                && id.starts_with(['U', 'W', 'S'])
                && id.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit());
            return if is_id { Ok(Self::Slack(id.to_owned())) } else { Err(wrong()) };
        }
        if is_mail_address(written) { Ok(Self::Mail(written.to_owned())) } else { Err(wrong()) }
    }
}

/// A plain address, as people are reached by: what else RFC 5322 allows (quotes, comments, routes) is no good in a list.
fn is_mail_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |it: char| it.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(it);
    let label = |it: &str| {
        !it.is_empty()
            && it.chars().all(|it| it.is_alphanumeric() || it == '-')
            && !it.starts_with('-')
            && !it.ends_with('-')
    };
    (1..=64).contains(&local.len())
        && local.chars().all(plain)
        && domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(label)
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mail(address) => f.write_str(address),
            Self::Slack(id) => write!(f, "slack:{id}"),
        }
    }
}

/// An IANA time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

impl Zone {
    /// UTC.
    #[must_use]
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), zone: TimeZone::UTC }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The zone.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

impl FromStr for Zone {
    type Err = DeliveryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || DeliveryError::TimeZone { text: text.to_owned() };
        let name = text.trim();
        if name.is_empty() {
            return Err(wrong());
        }
        let zone = TimeZone::get(name).map_err(|_| wrong())?;
        // The database forgives capitals; what is shown is its own spelling.
        let name = zone.iana_name().unwrap_or(name).to_owned();
        Ok(Self { name, zone })
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// When only critical findings may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// From this time of a day...
    pub from: Time,
    /// ...to before this one; when it is earlier, of the next day.
    pub to: Time,
    /// Whether Saturdays and Sundays are quiet as a whole.
    pub weekends: bool,
}

impl QuietHours {
    /// Whether it is quiet at a local time.
    #[must_use]
    pub fn holds(&self, local: &Zoned) -> bool {
        let time = local.time();
        let in_span = if self.from < self.to {
            self.from <= time && time < self.to
        } else {
            self.from <= time || time < self.to
        };
        in_span || (self.weekends && matches!(local.weekday(), Weekday::Saturday | Weekday::Sunday))
    }
}

impl FromStr for QuietHours {
    type Err = DeliveryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || DeliveryError::QuietHours { text: text.to_owned() };
        let mut parts = text.split(',').map(str::trim);
        let span = parts.next().unwrap_or_default();
        let weekends = match (parts.next(), parts.next()) {
            (None, _) => false,
            (Some("weekends"), None) => true,
            _ => return Err(wrong()),
        };
        let (from, to) = span.split_once(['-', '–', '〜']).ok_or_else(wrong)?;
        let (from, to) = (clock_time(from).ok_or_else(wrong)?, clock_time(to).ok_or_else(wrong)?);
        if from == to { Err(wrong()) } else { Ok(Self { from, to, weekends }) }
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from, self.to);
        write!(f, "{:02}:{:02}-{:02}:{:02}", from.hour(), from.minute(), to.hour(), to.minute())?;
        f.write_str(if self.weekends { ", weekends" } else { "" })
    }
}

/// `8:00`, `22:30`.
pub fn clock_time(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    let number = |it: &str| (1..=2).contains(&it.len()).then(|| it.parse::<i8>().ok()).flatten();
    Time::new(number(hour)?, number(minute).filter(|_| minute.len() == 2)?, 0, 0).ok()
}

/// When something is done again and again, as cron writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// As it was written.
    text: String,
    /// Minutes of the hour.
    pub minutes: BTreeSet<u8>,
    /// Hours of the day.
    pub hours: BTreeSet<u8>,
    /// Days of the month.
    pub days: BTreeSet<u8>,
    /// Months, January being 1.
    pub months: BTreeSet<u8>,
    /// Days of the week, Sunday being 0.
    pub weekdays: BTreeSet<u8>,
    /// Whether days of the month or of the week are enough each: so it is in cron, when both are narrowed.
    pub either_day: bool,
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

impl FromStr for Schedule {
    type Err = DeliveryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || DeliveryError::Schedule { text: text.to_owned() };
        let fields: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        let [minute, hour, day, month, weekday] = fields.as_slice() else { return Err(wrong()) };
        let field =
            |it: &str, from, to, names: &[&str], first| numbers(it, from, to, names, first).ok_or_else(wrong);
        // Both 0 and 7 are Sunday.
        let weekdays = field(weekday, 0, 7, &WEEKDAYS, 0)?.into_iter().map(|it| it % 7).collect();
        Ok(Self {
            text: fields.join(" "),
            minutes: field(minute, 0, 59, &[], 0)?,
            hours: field(hour, 0, 23, &[], 0)?,
            days: field(day, 1, 31, &[], 0)?,
            months: field(month, 1, 12, &MONTHS, 1)?,
            weekdays,
            either_day: !day.starts_with('*') && !weekday.starts_with('*'),
        })
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// One field of cron: `*`, `*/15`, `1-5`, `mon,wed`.
fn numbers(text: &str, from: u8, to: u8, names: &[&str], first: u8) -> Option<BTreeSet<u8>> {
    let mut all = BTreeSet::new();
    for part in text.split(',') {
        let (span, step) = match part.split_once('/') {
            Some((span, step)) => (span, step.parse::<u8>().ok().filter(|it| *it > 0)?),
            None => (part, 1),
        };
        let number = |it: &str| {
            let named = names.iter().position(|name| *name == it).and_then(|at| u8::try_from(at).ok());
            let number = named.map(|at| at + first).or_else(|| it.parse().ok())?;
            (from..=to).contains(&number).then_some(number)
        };
        let (begin, end) = match span.split_once('-') {
            None if span == "*" => (from, to),
            None if step > 1 => (number(span)?, to),
            None => (number(span)?, number(span)?),
            Some((begin, end)) => (number(begin)?, number(end)?),
        };
        if begin > end {
            return None;
        }
        all.extend((begin..=end).step_by(usize::from(step)));
    }
    Some(all)
}

macro_rules! written_as_text {
    ($($type:ty),*) => {$(
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }
    )*};
}
written_as_text!(Owner, Zone, QuietHours, Schedule);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_addresses_or_ids() {
        for good in ["sato@example.com", "a.b+c@sub.example.co.jp", "slack:U0123ABCD", "slack:S0AB"] {
            assert_eq!(good.parse::<Owner>().map(|it| it.to_string()).as_deref(), Ok(good));
        }
        for wrong in [
            "sato",
            "sato@",
            "@example.com",
            "a b@example.com",
            "a@b",
            "slack:sato",
            "a@-x.com",
            "a@b..c",
            "x@y.z\r\nBcc: q@r.s",
        ] {
            assert!(wrong.parse::<Owner>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn quiet_hours_may_cross_midnight_and_hold_on_weekends() {
        let quiet: QuietHours = "22:00-8:00, weekends".parse().unwrap();
        assert_eq!(quiet.to_string(), "22:00-08:00, weekends");
        let holds = |local: &str| quiet.holds(&local.parse().unwrap());
        assert!(holds("2026-03-02T22:00[Asia/Tokyo]"));
        assert!(holds("2026-03-03T07:59[Asia/Tokyo]"));
        assert!(!holds("2026-03-03T08:00[Asia/Tokyo]"));
        assert!(holds("2026-03-07T12:00[Asia/Tokyo]"), "a Saturday");
        for wrong in ["", "22:00", "25:00-08:00", "8-9", "22:00-22:00", "22:00-08:00, sundays", "22:0-8:00"] {
            assert!(wrong.parse::<QuietHours>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn schedules_are_crons() {
        let monday: Schedule = "0 9 * * Mon".parse().unwrap();
        assert_eq!((monday.weekdays, monday.hours, monday.either_day), ([1].into(), [9].into(), false));
        let often: Schedule = "*/20 8-10,22 1 jan-mar 7".parse().unwrap();
        assert_eq!(often.minutes, [0, 20, 40].into());
        assert_eq!(often.hours, [8, 9, 10, 22].into());
        assert_eq!((often.months, often.weekdays, often.either_day), ([1, 2, 3].into(), [0].into(), true));
        for wrong in ["", "0 9 * *", "60 9 * * *", "0 9 0 * *", "0 9 * * fry", "5-1 * * * *", "*/0 * * * *"] {
            assert!(wrong.parse::<Schedule>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn zones_are_those_of_the_database() {
        assert_eq!("asia/tokyo".parse::<Zone>().unwrap().name(), "Asia/Tokyo");
        assert!("Tokyo".parse::<Zone>().is_err());
        assert!("".parse::<Zone>().is_err());
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_written_reading_ends(text in ".{0,40}") {
            let _ = (text.parse::<Owner>(), text.parse::<Zone>(), text.parse::<QuietHours>(), text.parse::<Schedule>());
        }
    }
}
