//! SNS and SES, as whoever runs the program.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use yagura_aws::CallErrorKind;
use yagura_model::Region;

use super::{Delivery, SendError, Sender, excerpt};
use crate::event::severity_key;
use crate::render::mail::message;
use crate::render::view::view;
use crate::render::{Posting, text};
use crate::settings::Mail;

/// Characters of a subject in SNS.
const MOST_SUBJECT: usize = 99;
/// Bytes of a message in SNS, with room: 256 KiB.
const MOST_MESSAGE: usize = 250_000;

/// Publishes to a topic.
pub(super) async fn publish(
    sender: &Sender,
    delivery: Delivery<'_>,
    topic: &str,
) -> Result<Option<String>, SendError> {
    let view = view(delivery.notice, &sender.texts, &delivery.destination.name);
    let mut message = text::text(&view, false);
    if message.len() > MOST_MESSAGE {
        let mut end = MOST_MESSAGE;
        while !message.is_char_boundary(end) {
            end -= 1;
        }
        message.truncate(end);
    }
    let input = json!({ "TopicArn": topic, "Subject": subject(delivery), "Message": message });
    let region = topic.split(':').nth(3);
    let answer = call(sender, region, "sns.Publish", &input).await?;
    Ok(answer["MessageId"].as_str().map(str::to_owned))
}

/// SNS takes printable ASCII on one line; the subject in the reader's language begins the text.
fn subject(delivery: Delivery<'_>) -> String {
    let notice = delivery.notice;
    let first = notice.alerts.first();
    let incident = first.and_then(|it| it.incident.as_ref()).map(|it| format!("incident {}", it.id));
    let rule = first.map_or("test", |it| it.rule.as_str());
    let rule = incident.as_deref().unwrap_or(rule);
    let more = if notice.alerts.len() > 1 { "..." } else { "" };
    let severity = severity_key(notice.severity());
    let subject = format!("Yagura: {severity} {rule}{more} ({} findings)", notice.count());
    let ascii = subject.chars().map(|it| if it.is_ascii() && !it.is_ascii_control() { it } else { '?' });
    ascii.take(MOST_SUBJECT).collect()
}

/// Sends a mail through SES, and gives its Message-ID.
pub(super) async fn mail(
    sender: &Sender,
    delivery: Delivery<'_>,
    region: Option<&str>,
    configuration_set: Option<&str>,
    mail: &Mail,
) -> Result<Option<String>, SendError> {
    let Delivery { destination, notice, thread, now } = delivery;
    let posting = Posting { notice, texts: &sender.texts, destination: &destination.name, mail, thread };
    let raw = message(&posting, now)?.formatted();
    let mut input = json!({ "Content": { "Raw": { "Data": STANDARD.encode(raw) } } });
    if let Some(set) = configuration_set {
        input["ConfigurationSetName"] = json!(set);
    }
    let answer = call(sender, region, "sesv2.SendEmail", &input).await?;
    // SES gives mails an id of its own, by which those that follow find them.
    Ok(answer["MessageId"].as_str().map(|it| match region {
        Some("us-east-1") => format!("<{it}@email.amazonses.com>"),
        Some(region) => format!("<{it}@{region}.amazonses.com>"),
        None => format!("<{it}@{}.amazonses.com>", caller_region(sender)),
    }))
}

fn caller_region(sender: &Sender) -> &str {
    sender.aws.as_ref().map_or("email", |(_, target)| target.region.as_str())
}

async fn call(sender: &Sender, region: Option<&str>, call: &str, input: &Value) -> Result<Value, SendError> {
    let Some((client, target)) = &sender.aws else {
        return Err(SendError::Retry {
            why: "AWS cannot be reached: there are no credentials".to_owned(),
            after: None,
        });
    };
    let target = match region {
        Some(region) => target.in_region(Region::from(region)),
        None => target.clone(),
    };
    client.deliver(&target, call, input).await.map_err(|error| {
        let why = excerpt(&error.to_string(), 300);
        // Keys that ran out and permissions that are missing are mended by people: the message waits for them.
        let is_mended = matches!(error.kind, CallErrorKind::Credentials | CallErrorKind::Denied { .. });
        if error.is_passing() || is_mended {
            SendError::Retry { why, after: None }
        } else {
            SendError::Refused { why }
        }
    })
}
