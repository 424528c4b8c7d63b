//! Deliveries to receivers as they are in the world, through an outbox that survives restarts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in a test, a failed unwrap is the assertion"
)]

mod fixture;
mod incidents;
mod outbox;
mod receiver;
#[path = "../../src/testing.rs"]
mod testing;
mod wire;
