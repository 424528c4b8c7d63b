//! Fields of other products' JSON: there, or missing with their names.

use serde_json::{Map, Value};
use yagura_model::{AccountId, Severity, Timestamp};

use super::Refusal;

/// Texts are kept so long: Security Hub allows 1,024 characters, others set no limit.
const LONGEST: usize = 4_096;

/// Elements of a list of evidence.
const MOST: usize = 20;

/// Levels of evidence.
const DEEPEST: usize = 8;

/// The value at a path such as `/Severity/Label`.
pub(super) fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    value.pointer(path).filter(|it| !it.is_null())
}

/// A text that is there and not empty.
pub(super) fn text<'v>(value: &'v Value, path: &str) -> Option<&'v str> {
    at(value, path)?.as_str().filter(|it| !it.trim().is_empty())
}

/// The first of these texts that is there.
pub(super) fn first<'v>(value: &'v Value, paths: &[&str]) -> Option<&'v str> {
    paths.iter().find_map(|path| text(value, path))
}

/// A text, or who is to be told that it is missing.
pub(super) fn required<'v>(value: &'v Value, path: &str) -> Result<&'v str, Refusal> {
    text(value, path).ok_or_else(|| missing(value, path))
}

fn missing(value: &Value, path: &str) -> Refusal {
    let name = named(path);
    Refusal::Wrong(match value.pointer(path) {
        None | Some(Value::Null) => format!("`{name}` is missing"),
        Some(Value::String(_)) => format!("`{name}` is empty"),
        Some(_) => format!("`{name}` is not a text"),
    })
}

/// `Severity.Label` of `/Severity/Label`.
fn named(path: &str) -> String {
    path.trim_start_matches('/').replace('/', ".")
}

/// An account's id.
pub(super) fn account(value: &Value, path: &str) -> Result<AccountId, Refusal> {
    let told = required(value, path)?;
    AccountId::new(told).map_err(|error| Refusal::Wrong(format!("`{}`: {error}", named(path))))
}

/// The first of these times that is there: RFC 3339, or numbers of seconds or milliseconds since 1970.
pub(super) fn time(value: &Value, paths: &[&str]) -> Result<Timestamp, Refusal> {
    let found = paths.iter().find_map(|path| Some((path, at(value, path)?)));
    let Some((path, told)) = found else {
        let names: Vec<_> = paths.iter().map(|path| format!("`{}`", named(path))).collect();
        return Err(Refusal::Wrong(format!("{} is missing", names.join(" or "))));
    };
    let read = match told {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_f64().and_then(moment),
        _ => None,
    };
    read.ok_or_else(|| Refusal::Wrong(format!("`{}` is no time", named(path))))
}

/// Whoever writes numbers writes seconds or milliseconds; in seconds, the latter would be after the year 4000.
fn moment(number: f64) -> Option<Timestamp> {
    const SECONDS_END: f64 = 64_000_000_000.0;
    let milliseconds = if number.abs() < SECONDS_END { number * 1_000.0 } else { number };
    #[expect(clippy::cast_possible_truncation, reason = "out of range is told by the timestamp")]
    Timestamp::from_millisecond(milliseconds as i64).ok()
}

/// The five words, and what others say instead of them.
pub(super) fn severity_word(word: &str) -> Option<Severity> {
    match word.to_ascii_lowercase().as_str() {
        "critical" | "fatal" => Some(Severity::Critical),
        "high" => Some(Severity::High),
        "medium" | "moderate" => Some(Severity::Medium),
        "low" => Some(Severity::Low),
        "informational" | "info" | "negligible" | "unknown" | "untriaged" | "none" => {
            Some(Severity::Informational)
        }
        _ => None,
    }
}

/// A text of bounded length.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

/// Evidence out of these fields, as far as they are there, none of them without bounds.
pub(super) fn evidence<'v>(fields: impl IntoIterator<Item = (&'v str, Option<&'v Value>)>) -> Option<Value> {
    let there = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), bounded(value?, 0))));
    let evidence: Map<String, Value> = there.collect();
    (!evidence.is_empty()).then_some(Value::Object(evidence))
}

/// A value of bounded size.
pub(super) fn bounded(value: &Value, depth: usize) -> Value {
    match value {
        Value::Array(_) | Value::Object(_) if depth >= DEEPEST => Value::from("..."),
        Value::Array(list) => list.iter().take(MOST).map(|it| bounded(it, depth + 1)).collect(),
        Value::Object(map) => {
            let entries = map.iter().take(5 * MOST).map(|(name, it)| (name.clone(), bounded(it, depth + 1)));
            Value::Object(entries.collect())
        }
        Value::String(text) => Value::String(cut(text)),
        other => other.clone(),
    }
}
