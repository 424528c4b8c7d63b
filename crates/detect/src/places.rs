//! Where addresses are: what rules may ask about the address that an event comes from. Others look it up; nothing here does I/O.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::net::IpAddr;

use serde::Deserialize;
use yagura_model::Origin;

/// What is known of any address at all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PlacesKnown {
    /// Countries.
    pub countries: bool,
    /// Autonomous systems.
    pub systems: bool,
    /// At least one list of addresses.
    pub lists: bool,
}

impl PlacesKnown {
    /// Whether everything is known that somebody asks for.
    #[must_use]
    pub fn answers(self, asked: Self) -> bool {
        (self.countries || !asked.countries)
            && (self.systems || !asked.systems)
            && (self.lists || !asked.lists)
    }
}

/// Tells where addresses are.
///
/// # Contract
///
/// - **Cheap.** It is asked for many events; it does no I/O.
/// - **Unknown is nothing.** An address of which nothing is known has an empty origin and is on no list.
/// - [`Places::known`] says the same as long as the program runs.
pub trait Places: Debug + Send + Sync {
    /// What is known of any address at all: rules that ask for the rest are left out.
    fn known(&self) -> PlacesKnown;
    /// Where an address is.
    fn origin(&self, address: IpAddr) -> Origin;
    /// The names of the lists that an address is on.
    fn lists(&self, address: IpAddr) -> Vec<String>;
}

/// Addresses one by one: for examples and tests.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct FixedPlaces(BTreeMap<IpAddr, FixedPlace>);

/// What is known of one address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct FixedPlace {
    country: Option<String>,
    asn: Option<u32>,
    as_name: Option<String>,
    lists: Vec<String>,
}

impl Places for FixedPlaces {
    fn known(&self) -> PlacesKnown {
        PlacesKnown { countries: true, systems: true, lists: true }
    }

    fn origin(&self, address: IpAddr) -> Origin {
        let found = self.0.get(&address).cloned().unwrap_or_default();
        Origin { country: found.country, asn: found.asn, as_name: found.as_name }
    }

    fn lists(&self, address: IpAddr) -> Vec<String> {
        self.0.get(&address).map(|it| it.lists.clone()).unwrap_or_default()
    }
}
