//! What a project says about how its people are told: owners, quiet hours, schedules.
//!
//! Parsed where they are written, so that the rest of the program knows no wrong ones.

use std::fmt;
use std::str::FromStr;

use jiff::Zoned;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::schedule::Schedule;

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
