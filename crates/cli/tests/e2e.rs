//! The `yagura` binary against an emulated AWS organisation, a recorded one, and everything that can go wrong.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in a test, a failed unwrap is the assertion"
)]

#[path = "e2e/demo.rs"]
mod demo;
#[path = "e2e/demo_console.rs"]
mod demo_console;
#[path = "e2e/detect.rs"]
mod detect;
#[path = "e2e/docs.rs"]
mod docs;
#[path = "support/emulator.rs"]
mod emulator;
#[path = "../../logs/tests/sources/emulator.rs"]
mod event_sources;
#[path = "e2e/explain.rs"]
mod explain;
#[path = "e2e/exported.rs"]
mod exported;
#[path = "e2e/faults.rs"]
mod faults;
#[path = "e2e/findings.rs"]
mod findings;
#[path = "e2e/frameworks.rs"]
mod frameworks;
#[path = "e2e/incidents.rs"]
mod incidents;
#[path = "e2e/mutelist.rs"]
mod mutelist;
#[path = "e2e/notify.rs"]
mod notify;
#[path = "e2e/novelty.rs"]
mod novelty;
#[path = "e2e/onboard.rs"]
mod onboard;
#[path = "e2e/operators.rs"]
mod operators;
#[path = "e2e/projects.rs"]
mod projects;
#[path = "../../notify/tests/deliveries/receiver.rs"]
mod receiver;
#[path = "e2e/reports.rs"]
mod reports;
#[path = "e2e/resume.rs"]
mod resume;
#[path = "e2e/run.rs"]
mod run;
#[path = "e2e/scan.rs"]
mod scan;
#[path = "e2e/serve.rs"]
mod serve;
#[path = "e2e/serve_live.rs"]
mod serve_live;
#[path = "e2e/serve_messages.rs"]
mod serve_messages;
#[path = "e2e/sources.rs"]
mod sources;
#[path = "e2e/users.rs"]
mod users;
#[path = "e2e/wrong_input.rs"]
mod wrong_input;
