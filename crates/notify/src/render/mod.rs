//! From a notice to what a destination takes. Pure: the same notice gives the same bytes.

pub(crate) mod csv;
pub(crate) mod html;
mod incident;
pub(crate) mod issue;
pub(crate) mod mail;
pub(crate) mod pagerduty;
pub(crate) mod slack;
pub(crate) mod teams;
pub(crate) mod text;
pub(crate) mod view;
pub(crate) mod webhook;

use jiff::Timestamp;
use serde_json::Value;

use crate::notice::Notice;
use crate::settings::Mail;
use crate::texts::Texts;

pub use mail::{MailError, Posting};

/// How a notice can be looked at before it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// The mail as it goes out, headers and all.
    Mail,
    /// The text of a mail.
    Text,
    /// The HTML of a mail.
    Html,
    /// Slack's blocks.
    Slack,
    /// Teams' card.
    Teams,
    /// What a webhook gets.
    Webhook,
}

/// Renders a notice for people to look at.
///
/// # Errors
///
/// [`MailError`] when no mail can be made of it.
pub fn look(notice: &Notice, texts: &Texts, destination: &str, look: Look) -> Result<String, MailError> {
    let view = view::view(notice, texts, destination);
    let json = |value: Value| format!("{value:#}\n");
    Ok(match look {
        Look::Text => text::text(&view, true),
        Look::Html => html::html(&view, notice.lang),
        Look::Slack => json(slack::slack(&view, &notice.mentions)),
        Look::Teams => json(teams::teams(&view, &notice.mails)),
        Look::Webhook => json(webhook::body(notice)),
        Look::Mail => {
            let envelope = Mail {
                from: "Yagura <yagura@example.com>".to_owned(),
                to: vec!["you@example.com".to_owned()],
                owners: true,
            };
            let posting = Posting { notice, texts, destination, mail: &envelope, thread: None };
            String::from_utf8_lossy(&mail::message(&posting, notice.at)?.formatted()).into_owned()
        }
    })
}

/// The moment of a notice, for headers.
pub(crate) fn system_time(at: Timestamp) -> std::time::SystemTime {
    std::time::SystemTime::from(at)
}

/// A text of at most so many characters, with a sign where something is missing.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// Whether a text is an address on the web.
pub(crate) fn is_web(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && !text.contains(|it: char| it.is_whitespace() || it.is_control() || matches!(it, '"' | '<' | '>'))
}

#[cfg(test)]
mod tests;
