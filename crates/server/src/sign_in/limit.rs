//! How often a sign-in may be tried: guessing must not pay, and nobody's guesses may keep others out.
//!
//! Three things are counted: a name from a place, strictly; a name from all places, and a place over all names, loosely. The first stops who guesses one
//! password, the second who guesses it from many places, the third who tries one password with many names. An office shares its place: a few slips of one do
//! not make others wait. Who signed in from a place before is not kept out of it by what others try elsewhere.

mod counter;

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use yagura_model::Timestamp;

use counter::{Counter, Key};

/// So many tries of one name from one place cost nothing.
const OF_PAIR: u32 = 5;

/// So many tries of one name cost nothing, whatever the places.
const OF_NAME: u32 = 20;

/// So many tries from one place cost nothing, whatever the names.
const OF_PLACE: u32 = 50;

/// Who tries, as it is counted. Names may be long, and are somebody's: digests stand for them.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pair: Key,
    name: Key,
    place: Key,
}

impl Attempt {
    /// Somebody of this name, from this place.
    pub(crate) fn new(name: &str, place: &str) -> Self {
        let name = name.to_lowercase();
        let digest = |parts: &[&str]| {
            let mut hash = Sha256::new();
            for part in parts {
                hash.update(part.len().to_le_bytes());
                hash.update(part);
            }
            hash.finalize().into()
        };
        Self { pair: digest(&[&name, place]), name: digest(&[&name]), place: digest(&[place]) }
    }
}

/// What counts as one place: an address, and of IPv6 the network that one household or machine has to itself.
pub(crate) fn place(address: &str) -> String {
    match address.parse::<IpAddr>().map(|it| it.to_canonical()) {
        Ok(IpAddr::V6(it)) => {
            let [a, b, c, d, ..] = it.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(it) => it.to_string(),
        Err(_) => address.to_owned(),
    }
}

/// Why a try has to wait, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// This name was tried too often: who is known to come from this place need not wait.
    Name(u64),
    /// This name was tried too often from this place, or too many were.
    Place(u64),
}

impl Wait {
    /// How long.
    pub(crate) fn seconds(self) -> u64 {
        match self {
            Self::Name(seconds) | Self::Place(seconds) => seconds,
        }
    }
}

/// Failed tries.
#[derive(Debug)]
pub(crate) struct Limiter(Mutex<Counters>);

#[derive(Debug)]
struct Counters {
    pairs: Counter,
    names: Counter,
    places: Counter,
}

impl Default for Limiter {
    fn default() -> Self {
        let (pairs, names, places) = (Counter::new(OF_PAIR), Counter::new(OF_NAME), Counter::new(OF_PLACE));
        Self(Mutex::new(Counters { pairs, names, places }))
    }
}

impl Limiter {
    /// Begins a try. It counts as one that failed until it is known to be right, so that many at once are many.
    ///
    /// # Errors
    ///
    /// It has to wait, and was not counted.
    pub(crate) fn begin(&self, attempt: &Attempt, is_known: bool, now: Timestamp) -> Result<(), Wait> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let here = all.pairs.wait(&attempt.pair, now).max(all.places.wait(&attempt.place, now));
        if let Some(seconds) = here {
            return Err(Wait::Place(seconds));
        }
        if let Some(seconds) = all.names.wait(&attempt.name, now).filter(|_| !is_known) {
            return Err(Wait::Name(seconds));
        }
        all.pairs.add(attempt.pair, now);
        all.places.add(attempt.place, now);
        all.names.add(attempt.name, now);
        Ok(())
    }

    /// It could not be told whether the try was right: it does not count.
    pub(crate) fn take_back(&self, attempt: &Attempt) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.pairs.take_back(&attempt.pair);
        all.places.take_back(&attempt.place);
        all.names.take_back(&attempt.name);
    }

    /// The try was right. What failed before from this place was a slip; what others tried still counts.
    pub(crate) fn succeeded(&self, attempt: &Attempt) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.pairs.forget(&attempt.pair);
        all.places.take_back(&attempt.place);
        all.names.take_back(&attempt.name);
    }
}

#[cfg(test)]
mod tests;
