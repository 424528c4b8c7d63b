//! Sigma correlations: rules over the matches of other rules, counted or put in order within a span of time.
//!
//! Reading and matching of events know nothing of time. Of every match that a correlation asks for a small [`Fed`] is made, anywhere and
//! in parallel; [`Correlations`] takes them one after the other and keeps what it needs of them.
//!
//! # Semantics
//!
//! As the Sigma Correlation Rules Specification 2.1 says, and where it leaves a choice:
//!
//! - **Time is the event's.** A window ends at an event and goes back by the timespan, both ends included. Events may be fed in any order:
//!   one that comes late is counted in every window that it belongs to.
//! - **One match for each group and timespan.** What goes on within a timespan of a match is the same match.
//! - **What has no value is a value.** Events without a field of `group-by` are a group; those with a list of values are in the group of each.
//! - **An event counts once** in a group, however many files it stands in.
//!
//! # Invariants
//!
//! - **Bounded.** [`Limits`] hold whatever is fed; what had to be forgotten is counted.
//! - **No clock.** Only events say what time it is.
//!
//! Source: <https://github.com/SigmaHQ/sigma-specification>

mod correlations;
mod definition;
mod fed;
mod group;
mod read;
mod resolve;
mod state;
#[cfg(test)]
mod tests;

use yagura_model::Place;

pub use correlations::{CorrelationMatch, Correlations, Limits};
pub use fed::Fed;
pub(super) use read::{Draft, read};
pub(super) use resolve::resolve;
pub use state::State;

use definition::Definition;

/// A correlation that is ready.
#[derive(Debug, Clone)]
pub struct Correlation {
    /// Its id, else its title.
    pub name: String,
    /// Its title.
    pub title: String,
    /// How urgent it is.
    pub level: String,
    /// ATT&CK tactics and techniques.
    pub tags: Vec<String>,
    /// The file.
    pub file: String,
    /// Where it begins.
    pub at: Place,
    /// Whether its matches are told: those of a correlation that only serves another are not.
    pub shown: bool,
    definition: Definition,
}
