//! Mails: text and HTML as alternatives, and the table of a summary attached.
//!
//! The Message-ID is made from the notice's key: who gets a mail twice, because a delivery was cut off between sending and noting it,
//! can drop the second.

use jiff::Timestamp;
use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use thiserror::Error;

use super::{csv, html, system_time, text, view};
use crate::notice::{Notice, NoticeKind};
use crate::settings::Mail;
use crate::texts::Texts;

/// A notice on its way into a mail.
#[derive(Debug, Clone, Copy)]
pub struct Posting<'a> {
    /// What it tells.
    pub notice: &'a Notice,
    /// In which words.
    pub texts: &'a Texts,
    /// The destination's name.
    pub destination: &'a str,
    /// Who sends it to whom.
    pub mail: &'a Mail,
    /// The Message-ID of the mail that it follows.
    pub thread: Option<&'a str>,
}

/// No mail can be made.
#[derive(Debug, Error)]
pub enum MailError {
    /// An address cannot be used.
    #[error("`{address}` is no mail address")]
    Address {
        /// Which one.
        address: String,
    },
    /// Nobody would get it.
    #[error(
        "nobody gets this mail: the destination names nobody, and the project has no owner with an address"
    )]
    Nobody,
    /// The mail cannot be put together.
    #[error("the mail cannot be put together")]
    Message(#[from] lettre::error::Error),
}

/// The Message-ID of a notice: the same whenever it is sent.
pub(crate) fn message_id(notice: &Notice, from: &Mailbox) -> String {
    format!("<{}@{}>", notice.key, from.email.domain())
}

/// Whose mail it is.
pub(crate) fn sender(mail: &Mail) -> Result<Mailbox, MailError> {
    mail.from.parse().map_err(|_| MailError::Address { address: mail.from.clone() })
}

/// Puts a mail together.
pub(crate) fn message(posting: &Posting<'_>, now: Timestamp) -> Result<Message, MailError> {
    let Posting { notice, texts, destination, mail, thread } = *posting;
    let view = view::view(notice, texts, destination);
    let from = sender(mail)?;
    let mut builder = Message::builder()
        .message_id(Some(message_id(notice, &from)))
        .from(from)
        .subject(view.subject.clone())
        .date(system_time(now));
    if let Some(id) = thread {
        builder = builder.in_reply_to(id.to_owned()).references(id.to_owned());
    }
    let owners: &[String] = if mail.owners { &notice.mails } else { &[] };
    let mut addresses: Vec<&String> = mail.to.iter().chain(owners).collect();
    let mut seen = std::collections::BTreeSet::new();
    addresses.retain(|it| seen.insert(it.to_lowercase()));
    if addresses.is_empty() {
        return Err(MailError::Nobody);
    }
    for address in addresses {
        let to: Mailbox = address.parse().map_err(|_| MailError::Address { address: address.clone() })?;
        builder = builder.to(to);
    }
    // Holiday notices and the like are not to answer: RFC 3834.
    for (name, value) in [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")] {
        builder =
            builder.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned()));
    }
    let language =
        HeaderValue::new(HeaderName::new_from_ascii_str("Content-Language"), notice.lang.to_string());
    let mut view = view;
    let has_table = notice.kind == NoticeKind::Digest;
    if has_table {
        view.intro = texts.fill(
            notice.lang,
            "intro-digest",
            &[("environment", &yagura_report::one_line(&notice.environment))],
        );
    }
    let bodies = MultiPart::alternative()
        .singlepart(SinglePart::plain(text::text(&view, true)))
        .singlepart(SinglePart::html(html::html(&view, notice.lang)));
    let builder = builder.raw_header(language);
    Ok(if has_table {
        let content = ContentType::parse("text/csv; charset=utf-8").unwrap_or(ContentType::TEXT_PLAIN);
        let table = Attachment::new(table_name(notice)).body(csv::table(notice, texts), content);
        builder.multipart(MultiPart::mixed().multipart(bodies).singlepart(table))?
    } else {
        builder.multipart(bodies)?
    })
}

/// In ASCII, so that no mail program has to decode it.
fn table_name(notice: &Notice) -> String {
    let zone = jiff::tz::TimeZone::get(&notice.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    format!("yagura-{}.csv", notice.at.to_zoned(zone).date())
}
