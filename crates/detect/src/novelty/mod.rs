//! What was never seen before: rules whose match only counts when a value is new for whoever acted.
//!
//! A rule says so with `new` under its key `yagura` ([`New`]). Of an event that it matches a small [`Novel`] is made, anywhere and in parallel;
//! [`Novel::see`] holds it against the [`Profile`]s of what was seen before, which somebody keeps.
//!
//! # Invariants
//!
//! - **No clock, no I/O.** Days are those of the events.
//! - **What is not known long enough is learned and not told** ([`Confidence::Low`]).
//! - **A value that cannot be told is no value**: without a country nothing is learned, and nothing is new.

mod agent;
mod definition;
mod derive;
mod profile;

use std::collections::HashMap;

use yagura_model::{Confidence, Timestamp};

pub use agent::family;
pub use definition::{New, Subject, Trait};
pub(crate) use derive::{FIELDS, Seen, address_field, public};
pub use profile::{KnownValue, Profile, REMEMBERED, VALUES, day};

/// What tells a rule, what it compares, and whose it is.
pub type SubjectKey = [u8; 16];

/// A value that an event shows of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Aspect {
    /// Whose.
    pub subject: SubjectKey,
    /// What tells the value from others.
    pub value: i64,
}

/// A match of a rule that asks for something new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Novel {
    /// What has to be new, all of it.
    pub aspects: Vec<Aspect>,
    /// When, if the event says so.
    pub time: Option<Timestamp>,
    /// After so many days of learning it is said for sure.
    pub after: u16,
}

impl Novel {
    /// Takes the match on a day. When everything is new that has to be, says how much is known to say so from.
    pub fn see(&self, day: i64, profiles: &mut HashMap<SubjectKey, Profile>) -> Option<Confidence> {
        let mut surest = Some(Confidence::High);
        // Everything is learned, also after something that is not new.
        for it in &self.aspects {
            let new = profiles.entry(it.subject).or_default().see(it.value, day, self.after);
            surest = surest.min(new);
        }
        surest
    }
}
