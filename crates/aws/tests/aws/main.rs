//! The client against servers: one that follows a script, and the emulator next to boto3.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in tests a failed unwrap is the assertion"
)]

mod behaviour;
mod objects;
mod parity;
mod permissions;
mod server;
