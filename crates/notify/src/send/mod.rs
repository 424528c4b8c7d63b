//! Deliveries: one notice to one destination, within its deadline.
//!
//! # Contract
//!
//! - **Bounded.** A delivery ends within the destination's timeout.
//! - **Told whether trying again can help**: [`SendError::Retry`] or [`SendError::Refused`].
//! - **No secrets in errors.** They are stored next to the message.

mod aws;
mod chat;
mod http;
mod issues;
mod smtp;

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use thiserror::Error;
use yagura_aws::{Client, Target};
use yagura_report::one_line;

use crate::notice::Notice;
use crate::render::cut;
use crate::settings::{Destination, Kind, SecretError};
use crate::texts::Texts;
use http::Http;

/// What deliveries need.
#[derive(Debug, Clone)]
pub struct Sender {
    texts: Texts,
    http: Http,
    aws: Option<(Client, Target)>,
}

/// Deliveries cannot begin at all.
#[derive(Debug, Error)]
pub enum WorldError {
    /// A file of certificates cannot be read.
    #[error("cannot read the certificates in `{}`", file.display())]
    Trust {
        /// Which file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Certificates cannot be used.
    #[error("`AWS_CA_BUNDLE` holds no usable certificates")]
    Tls,
}

/// A message has not arrived.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SendError {
    /// It may the next time.
    #[error("{why}")]
    Retry {
        /// What went wrong.
        why: String,
        /// After how long, as the other side asks.
        after: Option<Duration>,
    },
    /// It never will, unless something is changed.
    #[error("{why}")]
    Refused {
        /// What is wrong.
        why: String,
    },
}

/// One delivery.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// Where it goes.
    pub destination: &'a Destination,
    /// What it tells.
    pub notice: &'a Notice,
    /// What the other side calls the message that it follows.
    pub thread: Option<&'a str>,
    /// The time.
    pub now: Timestamp,
}

impl Sender {
    /// Reaches out; `aws` is needed for SNS and SES alone.
    ///
    /// # Errors
    ///
    /// [`WorldError`] when the certificates of the environment cannot be used.
    pub fn new(texts: Texts, aws: Option<(Client, Target)>) -> Result<Self, WorldError> {
        Ok(Self { texts, http: Http::new()?, aws })
    }

    /// Sends one notice, and gives what the other side calls it.
    ///
    /// # Errors
    ///
    /// [`SendError`] when it did not arrive, as far as is known.
    pub async fn send(&self, delivery: Delivery<'_>) -> Result<Option<String>, SendError> {
        let timeout = delivery.destination.timeout;
        let late = |_| SendError::Retry {
            why: format!("no answer within {} seconds", timeout.as_secs()),
            after: None,
        };
        tokio::time::timeout(timeout, self.dispatch(delivery)).await.map_err(late)?
    }

    async fn dispatch(&self, delivery: Delivery<'_>) -> Result<Option<String>, SendError> {
        match &delivery.destination.kind {
            Kind::Smtp(settings) => smtp::send(&self.texts, settings, delivery).await,
            Kind::Ses { region, configuration_set, mail } => {
                let set = configuration_set.as_deref();
                aws::mail(self, delivery, region.as_deref(), set, mail).await
            }
            Kind::Sns { topic_arn } => aws::publish(self, delivery, topic_arn).await,
            Kind::SlackWebhook { url } => chat::slack_webhook(self, delivery, url).await,
            Kind::SlackBot { token, channel, api_url } => {
                chat::slack_bot(self, delivery, token, channel, api_url).await
            }
            Kind::Teams { url, owners } => chat::teams(self, delivery, url, *owners).await,
            Kind::PagerDuty { routing_key, url } => chat::pagerduty(self, delivery, routing_key, url).await,
            Kind::Webhook { url, secret } => chat::webhook(self, delivery, url, secret.as_ref()).await,
            Kind::Jira { .. } => issues::jira(self, delivery).await,
            Kind::GitHub { .. } => issues::github(self, delivery).await,
        }
    }
}

/// A text of the other side, on one line.
fn excerpt(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(&one_line(&text), most)
}

/// A secret that is not there now may be there the next time: somebody forgot to set a variable.
impl From<SecretError> for SendError {
    fn from(error: SecretError) -> Self {
        Self::Retry { why: error.to_string(), after: None }
    }
}

impl From<crate::render::MailError> for SendError {
    fn from(error: crate::render::MailError) -> Self {
        let mut why = error.to_string();
        if let Some(cause) = std::error::Error::source(&error) {
            why = format!("{why}: {cause}");
        }
        Self::Refused { why }
    }
}
