//! What the body of a queue's message announces. Pure: whoever may write to the queue chose these bytes.
//!
//! Known are S3's event notifications (from the bucket itself, through SNS, through EventBridge), CloudTrail's own
//! notifications, events of CloudTrail and findings of GuardDuty through EventBridge, and Security Lake's notifications.

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::value::RawValue;

/// What a message announces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Announcement {
    /// Objects that were written, or can be read again. Who sent the message chose bucket and key: read only what you
    /// would read anyway.
    Objects(Vec<NewObject>),
    /// A record of CloudTrail, as JSON.
    Event(String),
    /// A finding of GuardDuty, as JSON.
    GuardDutyFinding(String),
    /// Something that is understood, and that nothing has to be done about.
    Nothing(Nothing),
    /// Something else.
    Unknown {
        /// What it looks like: the names of its keys, or its first characters. Fit to be shown.
        excerpt: String,
    },
}

/// Why there is nothing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nothing {
    /// S3 tries whether it may write to the queue.
    Test,
    /// Something happened to objects that makes no new ones: they were deleted, tagged, moved.
    NoNewObject,
    /// SNS asks for, or tells about, a subscription.
    Subscription,
}

/// An object that was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NewObject {
    /// Its bucket.
    pub bucket: String,
    /// Its key, decoded.
    pub key: String,
    /// Its size, where it is told.
    pub size: Option<u64>,
    /// The bucket's region, where it is told.
    pub region: Option<String>,
}

/// An envelope holds an envelope holds an envelope: EventBridge over SNS over SQS is as deep as it gets.
const DEEPEST: usize = 4;
/// So many characters of an unknown text are shown.
const EXCERPT: usize = 80;
/// So many names of keys are shown.
const KEYS: usize = 8;

/// Reads a message's body.
#[must_use]
pub fn announcement(body: &str) -> Announcement {
    read(body, 0).unwrap_or_else(|| Announcement::Unknown { excerpt: excerpt(body) })
}

/// Every key by which a known message is known. Whatever does not fit makes the message an unknown one.
#[derive(Deserialize)]
struct Body<'a> {
    #[serde(rename = "Records", borrow)]
    records: Option<Vec<&'a RawValue>>,
    #[serde(rename = "Event")]
    event: Option<String>,
    #[serde(rename = "Type")]
    sns_type: Option<String>,
    #[serde(rename = "Message")]
    message: Option<String>,
    #[serde(rename = "detail-type")]
    detail_type: Option<String>,
    source: Option<String>,
    region: Option<String>,
    #[serde(borrow)]
    detail: Option<&'a RawValue>,
    #[serde(rename = "s3Bucket")]
    s3_bucket: Option<String>,
    #[serde(rename = "s3ObjectKey")]
    s3_object_key: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Notification {
    #[serde(rename = "eventName")]
    event_name: String,
    #[serde(rename = "awsRegion")]
    region: Option<String>,
    s3: Place,
}

#[derive(Deserialize)]
struct Place {
    bucket: Bucket,
    object: Object,
}

#[derive(Deserialize)]
struct Bucket {
    name: String,
}

#[derive(Deserialize)]
struct Object {
    key: String,
    size: Option<u64>,
}

fn read(body: &str, depth: usize) -> Option<Announcement> {
    if depth >= DEEPEST {
        return None;
    }
    let body: Body<'_> = serde_json::from_str(body).ok()?;
    if let Some(kind) = body.sns_type {
        return match (kind.as_str(), body.message) {
            ("Notification", Some(message)) => read(&message, depth + 1),
            ("SubscriptionConfirmation" | "UnsubscribeConfirmation", _) => {
                Some(Announcement::Nothing(Nothing::Subscription))
            }
            _ => None,
        };
    }
    if body.event.as_deref() == Some("s3:TestEvent") {
        return Some(Announcement::Nothing(Nothing::Test));
    }
    if let Some(records) = body.records {
        return of_buckets(&records);
    }
    if let (Some(bucket), Some(keys)) = (body.s3_bucket, body.s3_object_key) {
        let object = |key| NewObject { bucket: bucket.clone(), key, size: None, region: None };
        return some_objects(keys.into_iter().map(object).collect());
    }
    of_event_bridge(body.source.as_deref()?, body.detail_type.as_deref(), body.region, body.detail?)
}

/// S3's own notifications. They encode keys as forms do.
fn of_buckets(records: &[&RawValue]) -> Option<Announcement> {
    let mut objects = Vec::new();
    for record in records {
        let record: Notification = serde_json::from_str(record.get()).ok()?;
        if is_new(&record.event_name) {
            objects.push(NewObject {
                bucket: record.s3.bucket.name,
                key: decoded(&record.s3.object.key)?,
                size: record.s3.object.size,
                region: record.region,
            });
        }
    }
    some_objects(objects)
}

fn some_objects(objects: Vec<NewObject>) -> Option<Announcement> {
    Some(if objects.is_empty() {
        Announcement::Nothing(Nothing::NoNewObject)
    } else {
        Announcement::Objects(objects)
    })
}

/// Written, or back from an archive.
fn is_new(event: &str) -> bool {
    let event = event.strip_prefix("s3:").unwrap_or(event);
    event.starts_with("ObjectCreated:") || event == "ObjectRestore:Completed"
}

fn decoded(key: &str) -> Option<String> {
    percent_decode_str(&key.replace('+', " ")).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

/// EventBridge's events. The keys of objects are as they are here.
fn of_event_bridge(
    source: &str,
    kind: Option<&str>,
    region: Option<String>,
    detail: &RawValue,
) -> Option<Announcement> {
    let is_object = detail.get().starts_with('{');
    match kind {
        Some(kind) if kind.ends_with(" via CloudTrail") && is_object => {
            Some(Announcement::Event(detail.get().to_owned()))
        }
        Some("GuardDuty Finding") if source == "aws.guardduty" && is_object => {
            Some(Announcement::GuardDutyFinding(detail.get().to_owned()))
        }
        // Security Lake leaves out what kind of event it is.
        Some("Object Created" | "Object Restore Completed") | None if source == "aws.s3" => {
            let Place { bucket, object } = serde_json::from_str(detail.get()).ok()?;
            some_objects(vec![NewObject { bucket: bucket.name, key: object.key, size: object.size, region }])
        }
        Some(_) if source == "aws.s3" => Some(Announcement::Nothing(Nothing::NoNewObject)),
        _ => None,
    }
}

/// What a person needs to see who sends the message, and nothing that could be a secret or command a terminal.
fn excerpt(body: &str) -> String {
    let shown = |text: &str| -> String {
        let fit = |c: char| if c.is_control() || is_invisible(c) { '\u{fffd}' } else { c };
        text.chars().take(EXCERPT).map(fit).collect()
    };
    match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(body) {
        Ok(object) if object.is_empty() => "an empty object".to_owned(),
        Ok(object) => {
            let keys: Vec<String> = object.keys().take(KEYS).map(|key| format!("`{}`", shown(key))).collect();
            let more = if object.len() > KEYS { " and more" } else { "" };
            let kind = object.get("detail-type").and_then(serde_json::Value::as_str);
            let kind = kind.map(|kind| format!(" of EventBridge (`{}`)", shown(kind))).unwrap_or_default();
            format!("an object{kind} with {}{more}", keys.join(", "))
        }
        Err(_) if body.trim_start().starts_with(['{', '[']) => {
            format!("JSON that is broken or no object, {} bytes", body.len())
        }
        Err(_) => {
            let more = if body.chars().nth(EXCERPT).is_some() { "..." } else { "" };
            format!("the text `{}{more}`", shown(body))
        }
    }
}

/// Characters that turn the direction of a text, or that nobody sees.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests;
