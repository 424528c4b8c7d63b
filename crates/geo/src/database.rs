//! Databases in MaxMind's format, whoever made them: GeoLite2, GeoIP2, DB-IP, IPinfo and others name the same things differently.

use std::net::IpAddr;

use maxminddb::{Reader, WithinOptions};
use serde_json::Value as Json;
use thiserror::Error;
use yagura_model::Origin;

use crate::ranges::country;

/// So large may a database be: the largest that are sold have half of it.
pub(crate) const LARGEST: u64 = 1 << 30;
/// So many of its entries are looked at to learn what it tells.
const LOOKED_AT: usize = 2_000;
/// So long may a name be.
const NAME: usize = 100;

/// Why a database cannot be used.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// It is not in this format, or damaged.
    #[error("this is no database in MaxMind's format, or it is damaged")]
    Format(#[source] maxminddb::MaxMindDbError),
    /// It tells neither country nor autonomous system.
    #[error("the database tells neither countries nor autonomous systems")]
    TellsNothing,
    /// It is too large to be kept in memory.
    #[error("the database has more than {LARGEST} bytes")]
    TooLarge,
}

/// A database.
#[derive(Debug)]
pub struct Database {
    reader: Reader<Vec<u8>>,
    countries: bool,
    systems: bool,
}

impl Database {
    /// Takes a database as it stands in a file.
    ///
    /// # Errors
    ///
    /// It is none, or tells nothing that is asked for.
    pub fn new(bytes: Vec<u8>) -> Result<Self, DatabaseError> {
        if bytes.len() as u64 > LARGEST {
            return Err(DatabaseError::TooLarge);
        }
        let reader = Reader::from_source(bytes).map_err(DatabaseError::Format)?;
        let (mut countries, mut systems) = (false, false);
        for it in reader.networks(WithinOptions::default()).map_err(DatabaseError::Format)?.take(LOOKED_AT) {
            let it = it.map_err(DatabaseError::Format)?;
            let record: Option<Json> = it.decode().map_err(DatabaseError::Format)?;
            let origin = record.as_ref().map(read).unwrap_or_default();
            countries |= origin.country.is_some();
            systems |= origin.asn.is_some();
            if countries && systems {
                break;
            }
        }
        if !countries && !systems {
            return Err(DatabaseError::TellsNothing);
        }
        Ok(Self { reader, countries, systems })
    }

    /// Whether it tells countries.
    #[must_use]
    pub fn has_countries(&self) -> bool {
        self.countries
    }

    /// Whether it tells autonomous systems.
    #[must_use]
    pub fn has_systems(&self) -> bool {
        self.systems
    }

    /// What is known of an address.
    #[must_use]
    pub fn origin(&self, address: IpAddr) -> Origin {
        let record = self.reader.lookup(address).and_then(|it| it.decode::<Json>());
        // A damaged entry is one that nothing is known of.
        record.ok().flatten().as_ref().map(read).unwrap_or_default()
    }
}

/// An entry, whoever made it.
fn read(record: &Json) -> Origin {
    let text = |path: &str| record.pointer(path).and_then(Json::as_str).filter(|it| !it.is_empty());
    let letters = ["/country/iso_code", "/country_code", "/country", "/registered_country/iso_code"]
        .iter()
        .find_map(|it| text(it).and_then(country));
    let asn = ["/autonomous_system_number", "/asn", "/as_number", "/traits/autonomous_system_number"]
        .iter()
        .find_map(|it| record.pointer(it).and_then(number))
        .filter(|it| *it != 0);
    let names = [
        "/autonomous_system_organization",
        "/as_name",
        "/as_organization",
        "/traits/autonomous_system_organization",
        "/name",
    ];
    let name = asn.and_then(|_| names.iter().find_map(|it| text(it)));
    Origin {
        country: letters.map(|it| it.iter().map(|it| char::from(*it)).collect()),
        asn,
        as_name: name.map(|it| it.chars().take(NAME).collect()),
    }
}

/// `64500`, `"64500"`, `"AS64500"`
fn number(value: &Json) -> Option<u32> {
    match value {
        Json::Number(it) => it.as_u64().and_then(|it| u32::try_from(it).ok()),
        Json::String(it) => it.strip_prefix("AS").unwrap_or(it).parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn entries_of_every_maker_are_understood() {
        for (record, expected) in [
            (json!({ "country": { "iso_code": "NL", "names": { "en": "Netherlands" } } }), "NL"),
            (json!({ "registered_country": { "iso_code": "JP" } }), "JP"),
            (json!({ "country_code": "nl" }), "NL"),
            (
                json!({ "country": "NL", "asn": "AS64500", "as_name": "Example", "name": "x" }),
                "NL, AS64500 Example",
            ),
            (
                json!({ "autonomous_system_number": 64500, "autonomous_system_organization": "Example" }),
                "AS64500 Example",
            ),
            (json!({ "country": "Netherlands", "asn": "", "name": "a place" }), ""),
            (json!([1]), ""),
        ] {
            assert_eq!(read(&record).to_string(), expected, "{record}");
        }
    }

    #[test]
    fn what_is_no_database_is_refused() {
        assert!(matches!(Database::new(b"203.0.113.7\n".to_vec()), Err(DatabaseError::Format(_))));
        assert!(matches!(Database::new(Vec::new()), Err(DatabaseError::Format(_))));
    }
}
