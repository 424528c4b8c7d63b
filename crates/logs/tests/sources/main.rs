//! Event sources against the emulator, and against a server that follows a script where the emulator lacks something.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in tests a failed unwrap is the assertion"
)]

mod digests;
mod emulated;
mod emulator;
mod queue;
#[path = "../../../aws/tests/aws/server.rs"]
#[allow(dead_code, reason = "the tests of calls need more of it")]
mod server;
