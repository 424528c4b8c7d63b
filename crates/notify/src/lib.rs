//! Telling people what was found: who is told what, when, in which words, and that it arrives.
//!
//! Events of findings are taken in ([`plan`]), what is due is drawn up as [`Notice`]s and put into the store's outbox, and [`deliver`] sends
//! what is there: mail, Slack, Teams, SNS, PagerDuty, webhooks, issues.
//!
//! # Invariants
//!
//! - **Told once.** Where a finding stands is told once per destination until it changes.
//! - **One attack is one message.** Findings of an incident are told with it and never by themselves.
//! - **Nothing is lost.** Findings are marked as told in the transaction that puts their message into the outbox, and a message stays there
//!   until a receiver has taken it or refused it for good. Whoever is cut off between sending and noting it sends one message twice, with the
//!   same id.
//! - **Nothing suppressed is told.**
//! - **No secrets** in the configuration file, in the outbox, in errors or logs.
//! - **What AWS returned is untrusted**: every rendering escapes it.

mod event;
mod incident;
mod notice;
mod plan;
mod render;
mod run;
mod sample;
mod send;
mod settings;
#[cfg(test)]
extern crate self as yagura_notify;
#[cfg(test)]
mod testing;
mod texts;

pub use event::{Change, FindingEvent};
pub use incident::{IncidentState, Incidents, Step, Story};
pub use notice::{Alert, Catalogue, Detected, Facts, Notice, NoticeKind, Told, facts, told};
pub use plan::{
    Board, Due, Mark, Pair, Release, Released, Stand, Waiting, World, addressed, pairs, release, take,
};
pub use render::{Look, MailError, look};
pub use run::{Clock, Delivered, EVENTS_AT_ONCE, Patience, RunError, Way, deliver, plan, put};
pub use sample::{about, about_incident, sample, sample_incident, test_notice};
pub use send::{Delivery, SendError, Sender, WorldError};
pub use settings::{
    Address, Destination, Destinations, Digest, Kind, Mail, Mistake, Secret, SecretError, SecretText,
    Security, Smtp, Written, check,
};
pub use texts::{Texts, TextsError};
