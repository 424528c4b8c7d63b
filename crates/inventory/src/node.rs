//! YAML with the place of every key and value, so that each mistake in a file can be told where it stands.
//!
//! Nothing here knows what a collector is.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};
use serde_saphyr::{Location, Spanned};
use yagura_model::{Diagnostic, Level, Place};

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) value: NodeValue,
}

/// A YAML value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NodeValue {
    Scalar(Value),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// A map's key and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Key {
    pub(crate) place: Place,
    pub(crate) text: String,
}

fn place(location: &Location) -> Place {
    let number = |it: u64| u32::try_from(it).unwrap_or(u32::MAX);
    Place { line: number(location.line()), column: number(location.column()) }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<NodeValue>::deserialize(deserializer)?;
        Ok(Self { place: place(&spanned.referenced), value: spanned.value })
    }
}

impl<'de> Deserialize<'de> for NodeValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = NodeValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<NodeValue, E> {
        Ok(NodeValue::Scalar(Value::Null))
    }

    fn visit_none<E>(self) -> Result<NodeValue, E> {
        Ok(NodeValue::Scalar(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<NodeValue, D::Error> {
        deserializer.deserialize_any(Self)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<NodeValue, E> {
        Ok(NodeValue::Scalar(Value::Bool(yes)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<NodeValue, E> {
        Ok(NodeValue::Scalar(Value::from(number)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<NodeValue, E> {
        Ok(NodeValue::Scalar(Value::from(number)))
    }

    fn visit_f64<E>(self, number: f64) -> Result<NodeValue, E> {
        Ok(NodeValue::Scalar(Number::from_f64(number).map_or(Value::Null, Value::Number)))
    }

    fn visit_str<E>(self, text: &str) -> Result<NodeValue, E> {
        Ok(NodeValue::Scalar(Value::from(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<NodeValue, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element()? {
            elements.push(element);
        }
        Ok(NodeValue::List(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<NodeValue, A::Error> {
        let mut fields = Vec::new();
        while let Some((key, value)) = map.next_entry::<Spanned<String>, Node>()? {
            fields.push((Key { place: place(&key.referenced), text: key.value }, value));
        }
        Ok(NodeValue::Map(fields))
    }
}

impl Node {
    /// What it is, for people.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.value {
            NodeValue::Scalar(Value::Null) => "nothing",
            NodeValue::Scalar(Value::Bool(_)) => "a truth value",
            NodeValue::Scalar(Value::Number(_)) => "a number",
            NodeValue::Scalar(_) => "a text",
            NodeValue::List(_) => "a list",
            NodeValue::Map(_) => "a map",
        }
    }

    /// Its text, if it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            NodeValue::Scalar(value) => value.as_str(),
            _ => None,
        }
    }

    /// The JSON value, without places.
    pub(crate) fn to_json(&self) -> Value {
        match &self.value {
            NodeValue::Scalar(value) => value.clone(),
            NodeValue::List(elements) => elements.iter().map(Self::to_json).collect(),
            NodeValue::Map(fields) => {
                Value::Object(fields.iter().map(|(key, value)| (key.text.clone(), value.to_json())).collect())
            }
        }
    }
}

/// The mistakes found in one file.
#[derive(Debug)]
pub(crate) struct Problems<'a> {
    file: &'a str,
    pub(crate) found: Vec<Diagnostic>,
}

impl<'a> Problems<'a> {
    pub(crate) fn new(file: &'a str) -> Self {
        Self { file, found: Vec::new() }
    }

    pub(crate) fn error(&mut self, place: Place, code: &'static str, message: String, help: Option<String>) {
        let file = self.file.to_owned();
        self.found.push(Diagnostic { file, place: Some(place), level: Level::Error, code, message, help });
    }
}

/// The keys of a map, taken one by one; what is left over at the end is unknown.
pub(crate) struct Fields<'a> {
    place: Place,
    what: &'static str,
    left: Vec<&'a (Key, Node)>,
    known: BTreeSet<&'static str>,
}

impl<'a> Fields<'a> {
    /// The fields of a map; anything else is told and gives `None`.
    pub(crate) fn of(node: &'a Node, what: &'static str, problems: &mut Problems<'_>) -> Option<Self> {
        let NodeValue::Map(fields) = &node.value else {
            wrong_kind(node, what, "a map", problems);
            return None;
        };
        Some(Self { place: node.place, what, left: fields.iter().collect(), known: BTreeSet::new() })
    }

    /// Where the map begins.
    pub(crate) fn place(&self) -> Place {
        self.place
    }

    /// The value of a key, if it is there.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<&'a Node> {
        self.known.insert(key);
        let at = self.left.iter().position(|(it, _)| it.text == key)?;
        Some(&self.left.swap_remove(at).1)
    }

    /// The text of a key, if it is there; anything else is told.
    pub(crate) fn text(
        &mut self,
        key: &'static str,
        problems: &mut Problems<'_>,
    ) -> Option<(&'a str, Place)> {
        let node = self.take(key)?;
        let text = node.text();
        if text.is_none() {
            wrong_kind(node, key, "a text", problems);
        }
        Some((text?, node.place))
    }

    /// Tells a key that must be there.
    pub(crate) fn missing(&self, key: &str, problems: &mut Problems<'_>) {
        problems.error(self.place, "collector/missing-key", format!("{} needs `{key}`", self.what), None);
    }

    /// Tells every key that nobody took.
    pub(crate) fn finish(mut self, problems: &mut Problems<'_>) {
        self.left.sort_by_key(|(key, _)| key.place);
        for (key, _) in &self.left {
            let message = format!("{} has no key `{}`", self.what, key.text);
            let near = self.known.iter().filter_map(|it| Some((distance(it, &key.text)?, *it))).min();
            let help = match near {
                Some((_, near)) => format!("did you mean `{near}`?"),
                None => {
                    format!("these are known: {}", self.known.iter().copied().collect::<Vec<_>>().join(", "))
                }
            };
            problems.error(key.place, "collector/unknown-key", message, Some(help));
        }
    }
}

/// Tells that something else was expected.
pub(crate) fn wrong_kind(node: &Node, what: &str, expected: &str, problems: &mut Problems<'_>) {
    let message = format!("`{what}` is {}, {expected} is expected", node.kind());
    problems.error(node.place, "collector/wrong-kind", message, None);
}

/// How many letters two words differ by, when those are few.
pub(crate) fn distance(a: &str, b: &str) -> Option<usize> {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(!x.eq_ignore_ascii_case(y));
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    let distance = row[b.len()];
    (distance <= 1 + a.len() / 6).then_some(distance)
}
