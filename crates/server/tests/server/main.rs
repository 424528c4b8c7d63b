//! The API as its callers see it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "in tests a failed unwrap is the assertion")]

mod audit;
mod description;
mod events;
mod findings;
mod fixtures;
mod hostile;
mod openid;
mod roles;
mod sign_in;
mod telemetry;
mod tls;
