//! Prowler's mutelists: a file that says which findings are accepted, read as Prowler reads it.
//!
//! [`Mutelist::read`] takes the file's text and tells every mistake with its place. Whether a violation is muted is decided by
//! [`Chain::mutes`]; which checks a rule stands for, by the rule's aliases (`prowler:NAME`).
//!
//! # Invariants
//!
//! - **Prowler's answer.** The order of the checks, the exceptions that end the search, the joining of `*` with an account's own entries,
//!   regular expressions that are searched for: all as Prowler 5.46 does it. A property test holds it against the simplest form of that.
//! - **No pattern takes long.** Matching is linear in the text; patterns for which it cannot be are refused.
//! - **Unknown is never a pass.** Only violations are muted, and where tags were not read, an exception by tag is taken to hold.

mod file;
mod known;
mod mute;
mod pattern;
mod read;
mod suppressions;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use yagura_model::Place;

pub(crate) use self::mute::{Chain, Found, Muted};
use self::pattern::Pattern;

/// One mutelist, checked and ready.
#[derive(Debug, Clone)]
pub struct Mutelist {
    /// The file, as a person can open it.
    file: Arc<str>,
    /// The file's text: two mutelists with the same text say the same.
    text: String,
    accounts: Vec<Block>,
}

impl PartialEq for Mutelist {
    fn eq(&self, other: &Self) -> bool {
        (&self.file, &self.text) == (&other.file, &other.text)
    }
}

/// What is said about one account, or about all of them.
#[derive(Debug, Clone)]
struct Block {
    account: String,
    /// In the file's order.
    entries: Vec<Arc<Entry>>,
}

/// What is said about one check, or about several.
#[derive(Debug)]
struct Entry {
    account: String,
    check: Check,
    place: Place,
    regions: Vec<Pattern>,
    resources: Vec<Pattern>,
    /// All must fit; none means any tags.
    tags: Vec<Pattern>,
    exceptions: Option<Exceptions>,
    description: String,
}

/// The key of an entry.
#[derive(Debug)]
struct Check {
    written: String,
    pattern: Pattern,
}

/// Where an entry does not hold.
#[derive(Debug)]
struct Exceptions {
    accounts: Vec<Pattern>,
    regions: Vec<Pattern>,
    resources: Vec<Pattern>,
    tags: Vec<Pattern>,
}

/// The key that means every account, and every check.
const EVERY: &str = "*";

impl Check {
    /// Whether a check of this name is meant.
    fn means(&self, name: &str) -> bool {
        self.written == EVERY || self.pattern.fits(name)
    }
}

impl Mutelist {
    /// The file's text, for whoever wants to know whether two scans had the same mutelist.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    fn entries(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.accounts.iter().flat_map(|block| &block.entries)
    }
}
