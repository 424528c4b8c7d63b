//! The store as its users see it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "in tests a failed unwrap is the assertion")]

mod columns;
mod files;
mod findings;
mod fixtures;
mod imports;
mod incidents;
mod lists;
mod model;
mod presence;
mod profiles;
mod reading;
mod resources;
mod resume;
mod suppressions;
mod threats;
mod triage;
mod users;
