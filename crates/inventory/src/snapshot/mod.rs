//! Inventories in a directory, to be judged again without AWS.
//!
//! ```text
//! DIR/manifest.json                   what was read when, and how each account fared
//! DIR/accounts/<id>.ndjson.zst        a header, one line for each resource, unlisted type and coverage row, a footer
//! ```
//!
//! # Invariants
//!
//! - **Whole or not there.** A file gets its name when it is complete, and the manifest comes last.
//! - **The same bytes.** Equal content gives equal files, whatever order accounts were written in.
//! - **Nothing is believed.** A reader checks version, counts and digest, and bounds what it unpacks.
//! - **Unasked is not absent.** The manifest says which further fields were asked for; who wants others gets them as unread.

mod format;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use format::{FORMAT_VERSION, SnapshotManifest};
#[cfg(fuzzing)]
pub(crate) use read::read_account;
pub use read::{SnapshotReadError, SnapshotReader};
pub use write::{SnapshotWriteError, SnapshotWriter};
