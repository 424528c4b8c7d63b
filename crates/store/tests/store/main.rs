//! The store as its users see it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "in tests a failed unwrap is the assertion")]

mod findings;
mod fixtures;
mod reading;
mod resources;
