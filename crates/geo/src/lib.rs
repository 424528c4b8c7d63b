//! Where addresses are: countries and autonomous systems out of databases, and lists of addresses that somebody keeps.
//!
//! The files are the user's; there are none inside of the program. They are read again when they have changed.
//!
//! # Invariants
//!
//! - **A lookup does no I/O.** Whoever runs the detections says when to look for changed files: [`Files::refresh`].
//! - **What is broken costs itself.** A line that cannot be read is told with its place, and the others count. A file that
//!   cannot be read any more leaves what was read of it before.
//! - **Nothing is guessed.** An address that no file knows has no country.

mod database;
mod files;
mod list;
mod ranges;
mod text;

pub use database::{Database, DatabaseError};
pub use files::{Files, PlacesError};
pub use list::List;
pub use ranges::Ranges;
