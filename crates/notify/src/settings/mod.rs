//! `[destinations.NAME]`: where people are told, and how often. Checked whole, each mistake with the path of its key.
//!
//! Secrets are never written here: a key that ends in `_env` names an environment variable, one that ends in `_file` a file.

mod keys;
mod read;
mod secret;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::civil::Time;
use serde_json::{Map, Value};
use yagura_model::Severity;

pub(crate) use read::wrong_url;
pub use secret::{Secret, SecretError, SecretText};

use crate::event::Change;

/// A destination as it is written.
pub type Written = Map<String, Value>;

/// Every destination, by name.
pub type Destinations = BTreeMap<String, Destination>;

/// Where people are told.
#[derive(Debug, Clone, PartialEq)]
pub struct Destination {
    /// What projects call it.
    pub name: String,
    /// What it is, with the keys of its type.
    pub kind: Kind,
    /// How often what is not urgent is told.
    pub digest: Digest,
    /// The local time of daily digests.
    pub digest_at: Time,
    /// From this severity on, a finding is told at once whatever `digest` says.
    pub immediate_severity: Severity,
    /// Messages in a minute at most.
    pub per_minute: u32,
    /// What is told.
    pub events: BTreeSet<Change>,
    /// How long one delivery may take.
    pub timeout: Duration,
}

/// How often what is not urgent is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    /// Everything at once.
    Immediate,
    /// At full hours.
    Hourly,
    /// Once a day.
    Daily,
}

/// How a connection to a mail server is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS after `STARTTLS`, which is insisted on.
    StartTls,
    /// None.
    Plain,
}

/// The envelope of mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Who sends them: `Yagura <yagura@example.com>`.
    pub from: String,
    /// Who gets them besides the owners of the project.
    pub to: Vec<String>,
    /// Whether owners of the project get them.
    pub owners: bool,
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smtp {
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
    /// How the connection is secured.
    pub security: Security,
    /// Who signs in.
    pub user: Option<String>,
    /// With which password.
    pub password: Option<Secret>,
    /// The envelope.
    pub mail: Mail,
}

/// An address on the web: in clear, or a secret itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// Written in the file.
    Clear(String),
    /// Whoever knows it may post.
    Secret(Secret),
}

/// What a destination is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Mail through a server.
    Smtp(Smtp),
    /// Mail through Amazon SES.
    Ses {
        /// The region; the caller's when it is left out.
        region: Option<String>,
        /// A configuration set of SES.
        configuration_set: Option<String>,
        /// The envelope.
        mail: Mail,
    },
    /// A room of Slack, by an incoming webhook.
    SlackWebhook {
        /// The webhook.
        url: Secret,
    },
    /// A room of Slack, by a bot: threads are possible.
    SlackBot {
        /// The bot's token.
        token: Secret,
        /// The room's id.
        channel: String,
        /// Where Slack's interface is.
        api_url: String,
    },
    /// A room of Microsoft Teams, by a webhook of Workflows.
    Teams {
        /// The webhook.
        url: Secret,
        /// Whether owners of the project are mentioned.
        owners: bool,
    },
    /// A topic of Amazon SNS.
    Sns {
        /// The topic.
        topic_arn: String,
    },
    /// A service of PagerDuty, by Events API v2.
    PagerDuty {
        /// The integration's key.
        routing_key: Secret,
        /// Where the interface is.
        url: String,
    },
    /// Anything that takes JSON.
    Webhook {
        /// Where to post.
        url: Address,
        /// What signs the body.
        secret: Option<Secret>,
    },
    /// Issues of Jira.
    Jira {
        /// The site: `https://example.atlassian.net`.
        url: String,
        /// Whose token it is.
        user: String,
        /// The token.
        token: Secret,
        /// The key of the project.
        project: String,
        /// The type of the issues.
        issue_type: String,
        /// Labels of the issues.
        labels: Vec<String>,
    },
    /// Issues of GitHub.
    GitHub {
        /// `owner/name`.
        repository: String,
        /// The token.
        token: Secret,
        /// Where the interface is.
        api_url: String,
        /// Labels of the issues.
        labels: Vec<String>,
    },
}

/// What of a destination cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The path of the key: `destinations.chat.url`.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// Checks all destinations. What has a mistake is left out.
#[must_use]
pub fn check(written: &BTreeMap<String, Written>) -> (Destinations, Vec<Mistake>) {
    let (mut all, mut mistakes) = (Destinations::new(), Vec::new());
    for (name, keys) in written {
        match read::destination(name, keys) {
            Ok(it) => drop(all.insert(name.clone(), it)),
            Err(found) => mistakes.extend(found),
        }
    }
    (all, mistakes)
}

impl Kind {
    /// The word in the file.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Smtp(_) => "smtp",
            Self::Ses { .. } => "ses",
            Self::SlackWebhook { .. } => "slack-webhook",
            Self::SlackBot { .. } => "slack-bot",
            Self::Teams { .. } => "teams",
            Self::Sns { .. } => "sns",
            Self::PagerDuty { .. } => "pagerduty",
            Self::Webhook { .. } => "webhook",
            Self::Jira { .. } => "jira",
            Self::GitHub { .. } => "github",
        }
    }

    /// Whether a message of several rules makes sense there: an incident or an issue is about one thing.
    #[must_use]
    pub fn takes_digests(&self) -> bool {
        !matches!(self, Self::PagerDuty { .. } | Self::Jira { .. } | Self::GitHub { .. })
    }

    /// Whether each finding has a message of its own, so that each can be resolved by itself.
    #[must_use]
    pub fn is_by_finding(&self) -> bool {
        matches!(self, Self::PagerDuty { .. })
    }

    /// The envelope, of what sends mails.
    #[must_use]
    pub fn mail(&self) -> Option<&Mail> {
        match self {
            Self::Smtp(Smtp { mail, .. }) | Self::Ses { mail, .. } => Some(mail),
            _ => None,
        }
    }
}

impl Digest {
    /// The word in the file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Immediate => "immediate",
            Self::Hourly => "hourly",
            Self::Daily => "daily",
        }
    }
}

#[cfg(test)]
mod tests;
