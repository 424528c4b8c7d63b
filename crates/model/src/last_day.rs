//! Last days in settings: texts or TOML dates, for `serde(with)`.

use std::fmt;

use jiff::civil::Date;
use serde::Deserializer;
use serde::de::{Error, MapAccess, Visitor};

/// Reads a day.
///
/// # Errors
///
/// It is none.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    from.deserialize_any(LastDay).map(Some)
}

struct LastDay;

impl<'de> Visitor<'de> for LastDay {
    type Value = Date;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date such as 2026-03-31")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Date, E> {
        text.parse().map_err(|_| E::custom(format!("`{text}` is not a date such as 2026-03-31")))
    }

    // The `toml` crate hands a date over as a map with one entry, whose value is the text.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Date, A::Error> {
        match map.next_entry::<String, String>()? {
            Some((_, text)) => self.visit_str(&text),
            None => Err(A::Error::custom("a date such as 2026-03-31 is expected")),
        }
    }
}
