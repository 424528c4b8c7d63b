//! Which findings people mean, and what suppressions hide: names of accounts, projects, rules and frameworks made what the store asks for.
//!
//! The command line and the server read the same names the same way; nothing here knows a terminal or HTTP.

mod names;
mod suppressions;

pub use names::{Known, KnownRules, NameError, is_meant};
pub use suppressions::{
    Applied, Concern, Ending, OfFiles, Placed, StoredError, TooMany, TwiceNamed, apply, stored, unique,
};
