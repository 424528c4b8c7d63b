//! Values of fields, and how they are read from an event.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::cloudtrail::Made;
use super::time::Time;
use crate::event::{Event, Found, PathId, Paths, Scalar};

/// What a field says of an event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'v> {
    Text(Cow<'v, str>),
    Number(f64),
    Texts(Vec<Cow<'v, str>>),
}

impl<'v> Value<'v> {
    pub(super) fn text(text: &'v str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// As outputs say it.
    pub(crate) fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Texts(texts) => Cow::Owned(format!("({})", texts.join(","))),
        }
    }
}

/// How a field is read.
#[derive(Debug, Clone)]
pub(crate) enum Read {
    /// A text; what is no text is an empty one, as Falco's plugins have it.
    Text(PathId),
    /// Any value, as JSON.
    Json(PathId),
    /// `true` or `false`.
    Flag(PathId),
    /// What a JSON pointer leads to.
    Pointer(Pointer),
    /// What is made of several parts of an event.
    Made(Box<Made>),
    /// When the event happened.
    Time(Time),
    /// What every event of the source says.
    Always(String),
    /// A field of Kubernetes' audit events.
    Kubernetes(Box<super::kubernetes::Field>),
    /// A field of an alert.
    Alert(Box<super::alert::Field>),
    /// Everything, as JSON.
    Whole,
}

/// A JSON pointer (RFC 6901), which may go through lists by number.
#[derive(Debug, Clone)]
pub(crate) struct Pointer {
    /// The part that the event keeps: the key at the top.
    top: PathId,
    rest: Vec<String>,
}

impl Pointer {
    /// `/a/b/0`; the slash at the beginning may be missing. `None`: the whole event.
    pub(super) fn new(pointer: &str, paths: &mut Paths) -> Option<Self> {
        let mut keys = pointer
            .strip_prefix('/')
            .unwrap_or(pointer)
            .split('/')
            .map(|it| it.replace("~1", "/").replace("~0", "~"));
        let first = keys.next().filter(|_| !pointer.is_empty())?;
        Some(Self { top: paths.add([first.as_str()]), rest: keys.collect() })
    }

    fn find<'v>(&self, event: &'v Event<'_>) -> Option<Found<'v>> {
        let found = event.get(self.top)?;
        if self.rest.is_empty() {
            return Some(found);
        }
        let Found::Tree(tree) = found else { return None };
        let inner = self.rest.iter().try_fold(tree, |tree, key| match tree {
            Json::Array(items) => items.get(key.parse::<usize>().ok()?),
            other => other.get(key),
        });
        inner.map(Found::Tree)
    }
}

impl Read {
    pub(super) fn of<'v>(&'v self, event: &'v Event<'_>) -> Option<Value<'v>> {
        match self {
            Self::Text(path) => {
                event.get(*path).map(|found| Value::text(as_text(&found).unwrap_or_default()))
            }
            Self::Json(path) => event.get(*path).map(|found| Value::Text(as_json(&found))),
            Self::Flag(path) => {
                event.get(*path).map(|found| Value::text(if as_bool(&found) { "true" } else { "false" }))
            }
            Self::Pointer(pointer) => pointer.find(event).map(|found| match as_text(&found) {
                Some(text) => Value::text(text),
                None => Value::Text(as_json(&found)),
            }),
            Self::Made(made) => made.of(event),
            Self::Time(time) => time.of(event),
            Self::Always(text) => Some(Value::text(text)),
            Self::Kubernetes(field) => field.of(event),
            Self::Alert(field) => field.of(event),
            Self::Whole => Some(Value::Text(String::from_utf8_lossy(event.raw()))),
        }
    }
}

impl Read {
    /// Whether the event says what it is, be it nothing.
    pub(super) fn is_known(&self, event: &Event<'_>) -> bool {
        match self {
            Self::Alert(field) => field.is_known(event),
            _ => true,
        }
    }
}

/// The text that was found, if it is one.
pub(super) fn as_text<'v>(found: &Found<'v>) -> Option<&'v str> {
    match found {
        Found::Scalar(Scalar::Text(text)) => Some(text),
        Found::Tree(Json::String(text)) => Some(text),
        _ => None,
    }
}

fn as_bool(found: &Found<'_>) -> bool {
    matches!(found, Found::Scalar(Scalar::Bool(true)) | Found::Tree(Json::Bool(true)))
}

pub(super) fn as_number(found: &Found<'_>) -> Option<f64> {
    match found {
        #[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^53")]
        Found::Scalar(Scalar::Integer(number)) => Some(*number as f64),
        Found::Scalar(Scalar::Float(number)) => Some(*number),
        Found::Tree(tree) => tree.as_f64(),
        Found::Scalar(_) => None,
    }
}

pub(super) fn as_json<'v>(found: &Found<'v>) -> Cow<'v, str> {
    Cow::Owned(match found {
        Found::Tree(tree) => tree.to_string(),
        Found::Scalar(Scalar::Null) => return Cow::Borrowed("null"),
        Found::Scalar(Scalar::Bool(value)) => return Cow::Borrowed(if *value { "true" } else { "false" }),
        Found::Scalar(Scalar::Integer(number)) => number.to_string(),
        Found::Scalar(Scalar::Float(number)) => Json::from(*number).to_string(),
        Found::Scalar(Scalar::Text(text)) => Json::from(text.as_ref()).to_string(),
    })
}
