//! Exceptions of rules: fields, comparisons and values that take events out.

use std::fmt::Write as _;
use std::sync::Arc;

use yagura_model::Place;

use super::decode::text;
use super::{Code, Fields, Problem};
use crate::falco::condition::{Modifier, Operator};
use crate::yaml::{Kind, Node};

/// One exception of a rule.
#[derive(Debug, Clone)]
pub(super) struct Exception {
    name: String,
    fields: Option<Entry>,
    comparisons: Option<Entry>,
    values: Vec<Entry>,
    pub(super) file: Arc<str>,
    pub(super) at: Place,
}

/// A text, or a list.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    One(String),
    Many(Vec<Entry>),
}

impl Entry {
    fn of(node: &Node) -> Result<Self, Problem> {
        match &node.kind {
            Kind::Scalar(scalar) if !scalar.text.is_empty() => Ok(Self::One(scalar.text.clone())),
            Kind::Sequence(items) => items.iter().map(Self::of).collect::<Result<_, _>>().map(Self::Many),
            Kind::Mapping(_) => Err(Problem::new(
                node.at,
                Code::YamlValidate,
                "an exception holds texts and lists, no mappings",
            )),
            Kind::Scalar(_) | Kind::Null => {
                Err(Problem::new(node.at, Code::YamlValidate, "a text in an exception is empty"))
            }
        }
    }

    /// The texts of a flat list.
    fn texts(&self) -> Option<Vec<&str>> {
        let Self::Many(items) = self else { return None };
        items.iter().map(|it| if let Self::One(text) = it { Some(text.as_str()) } else { None }).collect()
    }
}

/// Reads the exceptions of an item. Those that are appended need no fields: an earlier exception of the name has them.
pub(super) fn read_exceptions(
    item: &Node,
    file: &Arc<str>,
    append: bool,
    warnings: &mut Vec<Problem>,
) -> Result<Vec<Exception>, Problem> {
    let Some(node) = item.get("exceptions") else { return Ok(Vec::new()) };
    let entries = match &node.kind {
        Kind::Null => return Ok(Vec::new()),
        Kind::Sequence(entries) => entries,
        _ => {
            let message = format!("`exceptions` is a list; this is {}", node.describe());
            return Err(Problem::new(node.at, Code::YamlValidate, message));
        }
    };
    let mut exceptions: Vec<Exception> = Vec::new();
    for entry in entries {
        if !matches!(entry.kind, Kind::Mapping(_)) {
            let message = format!("an exception is a mapping; this is {}", entry.describe());
            return Err(Problem::new(entry.at, Code::YamlValidate, message));
        }
        let name = text(entry, "name")?.text.clone();
        if exceptions.iter().any(|it| it.name == name) {
            let message = format!("there is an exception `{name}` in this rule already");
            warnings.push(Problem::new(entry.at, Code::ExceptionNameNotUnique, message));
        }
        let of = |key: &str| entry.get(key).map(Entry::of).transpose();
        let (fields, comparisons) = (of("fields")?, of("comps")?);
        if fields.is_none() && !append {
            let message = format!("the exception `{name}` has no `fields`");
            return Err(Problem::new(entry.at, Code::YamlValidate, message));
        }
        let values = match entry.get("values").map(|it| (it, &it.kind)) {
            None => Vec::new(),
            Some((_, Kind::Sequence(values))) => values.iter().map(Entry::of).collect::<Result<_, _>>()?,
            Some((_, Kind::Null)) => Vec::new(),
            Some((node, _)) => {
                let message = format!("`values` is a list; this is {}", node.describe());
                return Err(Problem::new(node.at, Code::YamlValidate, message));
            }
        };
        if append && values.is_empty() {
            let message = format!("the exception `{name}` appends no values");
            warnings.push(Problem::new(entry.at, Code::AppendNoValues, message));
        }
        let file = Arc::clone(file);
        exceptions.push(Exception { name, fields, comparisons, values, file, at: entry.at });
    }
    Ok(exceptions)
}

/// Earlier exceptions with what is appended to them.
pub(super) fn merged(
    earlier: &[Exception],
    new: Vec<Exception>,
    about: Option<(&dyn Fields, &str)>,
) -> Result<Vec<Exception>, Problem> {
    let mut merged = earlier.to_vec();
    for mut exception in new {
        match merged.iter_mut().find(|it| it.name == exception.name) {
            None => {
                if exception.values.is_empty() {
                    return Err(exception.wrong("has no `values`"));
                }
                exception.complete(about)?;
                merged.push(exception);
            }
            Some(earlier) => {
                if exception.fields.is_some() || exception.comparisons.is_some() {
                    return Err(exception.wrong("is defined earlier: only `values` can be appended"));
                }
                earlier.values.append(&mut exception.values);
            }
        }
    }
    Ok(merged)
}

fn is_comparison(word: &str) -> bool {
    word == "exists"
        || word == "=="
        || Operator::ALL.iter().any(|it| it.as_str() == word)
        || is_modified(word)
}

/// `startswith oneof`
fn is_modified(word: &str) -> bool {
    let Some((operator, modifier)) = word.split_once(' ') else { return false };
    Operator::ALL.iter().any(|it| it.as_str() == operator)
        && Modifier::ALL.iter().any(|it| it.as_str() == modifier.trim())
}

fn takes_list(word: &str) -> bool {
    matches!(word, "in" | "pmatch" | "intersects") || is_modified(word)
}

impl Exception {
    fn wrong(&self, what: &str) -> Problem {
        Problem::new(self.at, Code::Validate, format!("the exception `{}` {what}", self.name))
    }

    /// Fills in the comparisons that are left out, and checks it. `about` is how fields are checked.
    pub(super) fn complete(&mut self, about: Option<(&dyn Fields, &str)>) -> Result<(), Problem> {
        let Some(fields) = &self.fields else { return Err(self.wrong("has no `fields`")) };
        let names: Vec<&str> = match fields {
            Entry::One(field) => {
                let word = match &self.comparisons {
                    None => "in".to_owned(),
                    Some(Entry::One(word)) => word.trim().to_owned(),
                    Some(Entry::Many(_)) => return Err(self.wrong("has one field, so `comps` is one word")),
                };
                if !takes_list(&word) {
                    let message = "has one field, so `comps` is in, pmatch, intersects or one such as `startswith oneof`";
                    return Err(self.wrong(message));
                }
                self.comparisons = Some(Entry::One(word));
                vec![field.as_str()]
            }
            Entry::Many(_) => {
                let Some(names) = fields.texts() else { return Err(self.wrong("has lists in `fields`")) };
                let words: Vec<String> = match &self.comparisons {
                    None => vec!["=".to_owned(); names.len()],
                    Some(given) => match given.texts() {
                        Some(words) => words.into_iter().map(|it| it.trim().to_owned()).collect(),
                        None => return Err(self.wrong("has several fields, so `comps` is a list of words")),
                    },
                };
                if words.len() != names.len() {
                    return Err(self.wrong("has not as many `comps` as `fields`"));
                }
                if let Some(word) = words.iter().find(|it| !is_comparison(it)) {
                    return Err(self.wrong(&format!("compares with `{word}`, which is no operator")));
                }
                self.comparisons = Some(Entry::Many(words.into_iter().map(Entry::One).collect()));
                names
            }
        };
        let Some((known, source)) = about else { return Ok(()) };
        for field in names {
            let (name, argument) = match field.split_once('[') {
                Some((name, argument)) => (name, Some(argument.trim_end_matches(']'))),
                None => (field, None),
            };
            if let Err(message) = known.check_field(source, name, argument) {
                return Err(self.wrong(&format!("cannot be used: {message}")));
            }
        }
        Ok(())
    }

    /// The condition that an event must not fulfil, as a person would write it; empty when there are no values.
    pub(super) fn condition(&self) -> Result<String, Problem> {
        match (&self.fields, &self.comparisons) {
            (Some(Entry::One(field)), Some(Entry::One(word))) => {
                let values: Option<Vec<_>> = self
                    .values
                    .iter()
                    .map(|it| if let Entry::One(text) = it { Some(quoted(text)) } else { None })
                    .collect();
                let Some(values) = values else {
                    return Err(self.wrong("has one field, so `values` is a list of texts"));
                };
                Ok(if values.is_empty() {
                    String::new()
                } else {
                    format!("{field} {word} ({})", values.join(", "))
                })
            }
            (Some(fields), Some(words)) => {
                let (Some(fields), Some(words)) = (fields.texts(), words.texts()) else {
                    return Err(self.wrong("has lists in `fields` or `comps`"));
                };
                let tuples: Result<Vec<_>, _> =
                    self.values.iter().map(|it| self.tuple(&fields, &words, it)).collect();
                Ok(tuples?.join(" or "))
            }
            _ => Err(self.wrong("has no `fields`")),
        }
    }

    /// One entry of `values`: a value for each field.
    fn tuple(&self, fields: &[&str], words: &[&str], values: &Entry) -> Result<String, Problem> {
        let Entry::Many(values) = values else {
            return Err(self.wrong("has several fields, so each of `values` is a list"));
        };
        if values.len() != fields.len() {
            return Err(self.wrong("has not as many values as `fields`"));
        }
        let mut condition = String::new();
        for ((field, word), value) in fields.iter().zip(words).zip(values) {
            let value = match value {
                Entry::Many(_) => match value.texts() {
                    Some(texts) => {
                        format!("({})", texts.into_iter().map(quoted).collect::<Vec<_>>().join(", "))
                    }
                    None => return Err(self.wrong("has lists in lists of `values`")),
                },
                Entry::One(text) if takes_list(word) && !text.starts_with('(') => format!("({text})"),
                Entry::One(text) if takes_list(word) => text.clone(),
                Entry::One(text) => quoted(text),
            };
            let and = if condition.is_empty() { "" } else { " and " };
            // Writing to a text cannot fail.
            let _ = write!(condition, "{and}{field} {word} {value}");
        }
        Ok(format!("({condition})"))
    }
}

/// A value with blanks stands in quotes.
fn quoted(value: &str) -> String {
    if value.contains(' ') && !value.starts_with(['"', '\'']) {
        format!("\"{value}\"")
    } else {
        value.to_owned()
    }
}
