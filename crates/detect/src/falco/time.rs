//! When an event happened, in the forms of Falco's `evt.time` and its like.
//!
//! Falco says most of them in the time zone of its machine. Here they are in UTC: what is said of an event is the same everywhere.

use std::borrow::Cow;

use yagura_model::Timestamp;

use super::value::Value;
use crate::event::{Event, PathId, Paths};

/// One such field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Time {
    path: PathId,
    form: Form,
}

#[derive(Debug, Clone, Copy)]
enum Form {
    /// As `strftime` writes it.
    Written(&'static str),
    Nanoseconds,
    Seconds,
    /// The nanoseconds within the second.
    Fraction,
}

impl Time {
    /// The field of a name, if it is one of these and events of the source tell their time.
    pub(super) fn new(source: &str, name: &str, paths: &mut Paths) -> Option<Self> {
        let form = match name {
            "evt.time" => Form::Written("%H:%M:%S.%9f"),
            "evt.time.s" => Form::Written("%H:%M:%S"),
            "evt.time.iso8601" => Form::Written("%Y-%m-%dT%H:%M:%S.%9f+0000"),
            "evt.datetime" => Form::Written("%Y-%m-%d %H:%M:%S.%9f"),
            "evt.datetime.s" => Form::Written("%Y-%m-%d %H:%M:%S"),
            "evt.rawtime" | "json.rawtime" | "jevt.rawtime" => Form::Nanoseconds,
            "evt.rawtime.s" => Form::Seconds,
            "evt.rawtime.ns" => Form::Fraction,
            _ => return None,
        };
        let key = match source {
            "aws_cloudtrail" => "eventTime",
            "k8s_audit" => "stageTimestamp",
            _ => return None,
        };
        Some(Self { path: paths.add([key]), form })
    }

    pub(super) fn of(self, event: &Event<'_>) -> Option<Value<'static>> {
        let time: Timestamp = event.text(self.path)?.parse().ok()?;
        let text = match self.form {
            Form::Written(form) => time.strftime(form).to_string(),
            Form::Nanoseconds => time.as_nanosecond().to_string(),
            Form::Seconds => time.as_second().to_string(),
            Form::Fraction => time.subsec_nanosecond().to_string(),
        };
        Some(Value::Text(Cow::Owned(text)))
    }
}
