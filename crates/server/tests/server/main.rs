//! The API as its callers see it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "in tests a failed unwrap is the assertion")]

mod audit;
mod console;
mod description;
mod evaluations;
mod events;
mod files;
mod findings;
mod fixtures;
mod hostile;
mod jobs;
mod messages;
mod openid;
mod proof;
mod reports;
mod roles;
mod scanned;
mod sign_in;
mod standing;
mod strangers;
mod suppressions;
mod telemetry;
mod tls;
