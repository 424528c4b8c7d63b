//! One detection run: events of sources go past the rules on several threads, and what comes out becomes findings and incidents in the store.
//!
//! # Invariants
//!
//! - **At least once, shown once.** What was read is marked as read in the transaction that stores its findings, and a message is deleted
//!   after it; a rule that matches the same event again, from another file or after a crash, counts nothing.
//! - **The order of arrival does not matter** to which findings and incidents there are.
//! - **Memory is bounded**: pieces of files and batches of matches, never a file or a day.
//! - **Nothing is lost.** What cannot be read is told, kept aside with its place, and the rest goes on.

mod allow;
mod aside;
pub mod bucket;
mod job;
pub mod listen;
pub mod local;
mod novelty;
mod piece;
pub mod queue;
mod session;
mod watcher;

pub use allow::{Allow, AllowError, AllowList};
pub use aside::{Aside, Poison};
pub use job::Job;
pub use novelty::Learned;
pub use piece::{Counted, End, Looking, Piece, Sighting, Wanted, source_of};
pub use session::{Listener, Options, Session, Status, WatchError};
pub use watcher::{Batch, Taken, Watcher};
