//! Messages that somebody asks for: whoever owns the program draws them up and sends them, the API asks for them.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;
use yagura_model::{Lang, Severity};

/// Where people are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct MessageDestination {
    /// What the configuration calls it.
    pub name: String,
    /// What it is: `slack`, `smtp`, `jira`.
    pub kind: String,
    /// How often what is not urgent is told: `immediate`, `hourly`, `daily`.
    pub digest: String,
    /// From this severity on, a finding is told at once.
    pub immediate_severity: Severity,
    /// The projects that are told there.
    pub projects: Vec<String>,
}

/// What a message is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub enum MessageAbout {
    /// The finding with this id.
    Finding(String),
    /// The incident with this id.
    Incident(String),
}

/// As what a message is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MessageLook {
    /// The text of a mail.
    #[default]
    Text,
    /// The mail as it goes out, headers and all.
    Mail,
    /// The HTML of a mail.
    Html,
    /// Slack's blocks.
    Slack,
    /// Teams' card.
    Teams,
    /// What a webhook gets.
    Webhook,
}

/// Why there is no message.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MessageError {
    /// There is no such destination, project, finding or incident.
    #[error("there is no such {0}")]
    Unknown(&'static str),
    /// It cannot be sent, for a reason that the asker may know.
    #[error("{0}")]
    Refused(String),
    /// Something failed, which the program's log tells.
    #[error("the message could not be drawn up")]
    Failed,
}

/// What comes of it, once it is waited for.
pub type Messaging<T> = Pin<Box<dyn Future<Output = Result<T, MessageError>> + Send>>;

/// Who draws up messages and sends them.
pub trait Messages: fmt::Debug + Send + Sync {
    /// Where people can be told.
    fn destinations(&self) -> Vec<MessageDestination>;

    /// Sends a test message, and waits until it has arrived.
    fn test(&self, destination: String, project: Option<String>, lang: Option<Lang>) -> Messaging<()>;

    /// What would be sent, in the language of the project where none is named.
    fn preview(&self, about: MessageAbout, look: MessageLook, lang: Option<Lang>) -> Messaging<String>;

    /// Puts a message into the outbox, from where it is sent at once.
    fn send(&self, about: MessageAbout, destination: String, lang: Option<Lang>) -> Messaging<()>;
}
