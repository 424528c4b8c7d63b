//! One detection run: events of sources go past the rules on several threads, and what comes out becomes findings and incidents in the store.
//!
//! # Invariants
//!
//! - **At least once, shown once.** What was read is marked as read in the transaction that stores its findings; a rule that matches the same
//!   event again, from another file or after a crash, counts nothing.
//! - **The order of arrival does not matter** to which findings and incidents there are.
//! - **Memory is bounded**: pieces of files and batches of matches, never a file or a day.

mod allow;
mod piece;
mod watcher;

pub use allow::{Allow, AllowError, AllowList};
pub use piece::{Piece, RuleCount, Sighting, Wanted, read};
pub use watcher::{Batch, Taken, Watcher};
