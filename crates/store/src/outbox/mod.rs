//! Messages to people: what waits to be told, what is on its way, what was told.
//!
//! The bodies are texts that only `yagura-notify` understands. A message is put here in the transaction that marks its findings as told,
//! so that none is lost and none is made twice; it leaves the state *waiting* only when a delivery says how it ended.

mod plan;
mod send;

use yagura_model::Timestamp;

pub use plan::PlanRead;

/// A destination and a finding.
pub type OutboxPair = (String, String);

/// What waits to be told about a finding at a destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueEntry {
    /// The destination and the finding.
    pub pair: OutboxPair,
    /// When it is told.
    pub due_at: Timestamp,
    /// JSON.
    pub body: String,
}

/// A message that is put into the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// Where it goes.
    pub destination: String,
    /// The same key twice is one message.
    pub key: String,
    /// The key of the message that it follows.
    pub thread: Option<String>,
    /// JSON.
    pub body: String,
}

/// How far the history of findings is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanState {
    /// The number of the last event that was taken in.
    pub cursor: i64,
    /// Changes with every plan.
    pub version: i64,
}

/// What a plan changes: all of it, or nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanWrite {
    /// The version that the plan was made from.
    pub version: i64,
    /// The number of the last event that was taken in.
    pub cursor: i64,
    /// What waits now.
    pub queue: Vec<QueueEntry>,
    /// What waits no longer.
    pub unqueue: Vec<OutboxPair>,
    /// What was told, as JSON.
    pub told: Vec<(OutboxPair, String)>,
    /// New messages.
    pub messages: Vec<NewMessage>,
}

/// How a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MessageState {
    /// It has not arrived yet.
    Waiting,
    /// It has arrived.
    Sent,
    /// It never will, unless somebody sends it again.
    Dead,
}

/// A message of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    /// Its number.
    pub id: i64,
    /// Where it goes.
    pub destination: String,
    /// The same key twice is one message.
    pub key: String,
    /// What the other side calls the message that this one follows.
    pub thread: Option<String>,
    /// JSON.
    pub body: String,
    /// How it stands.
    pub state: MessageState,
    /// How often it was tried.
    pub tries: u32,
    /// Since when it is here.
    pub created_at: Timestamp,
    /// When it is tried next.
    pub next_at: Timestamp,
    /// When it arrived.
    pub sent_at: Option<Timestamp>,
    /// Why the last try failed.
    pub error: Option<String>,
    /// What the other side calls it.
    pub reference: Option<String>,
}

/// Who claims messages, and until when nobody else may have what was claimed.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// A text that no other process has.
    pub by: &'a str,
    /// The time.
    pub now: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Destinations to leave alone.
    pub except: &'a [String],
}

impl MessageState {
    /// The word in machine formats.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "WAITING",
            Self::Sent => "SENT",
            Self::Dead => "DEAD",
        }
    }

    fn code(self) -> i64 {
        match self {
            Self::Waiting => 0,
            Self::Sent => 1,
            Self::Dead => 2,
        }
    }

    fn of(code: i64) -> Option<Self> {
        [Self::Waiting, Self::Sent, Self::Dead].into_iter().find(|it| it.code() == code)
    }
}

fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

fn moment(millis: i64) -> sqlx::Result<Timestamp> {
    Timestamp::from_millisecond(millis).map_err(crate::error::undecodable)
}
