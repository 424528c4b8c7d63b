//! Which fields the events of a source have, and what conditions may do with them.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use regex::Regex;
use serde::Deserialize;
use yagura_model::Diagnostic;
use yagura_packs::Packs;

use super::cloudtrail::Made;
use super::condition::{
    ConditionError, Expression, Literal, Modifier, Operand, Operator, Position, Transformer,
};
use super::rules::Fields;
use super::time::Time;
use super::value::{Pointer, Read};
use crate::event::Paths;

/// What a field's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// A text.
    Text,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// An address of a machine.
    Address,
    /// An address that is compared with networks.
    Network,
    /// Bytes.
    Bytes,
    /// Whatever the event holds there.
    Any,
}

/// Whether a field takes something in brackets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Argument {
    #[default]
    None,
    Optional,
    Required,
}

/// What is taken from the place in the event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum As {
    /// A text.
    #[default]
    Text,
    /// Whatever stands there, as JSON.
    Json,
    /// `true` or `false`.
    Flag,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Detailed {
    #[serde(rename = "type")]
    kind: FieldType,
    #[serde(default)]
    list: bool,
    #[serde(default)]
    argument: Argument,
    /// Where in the event it stands: keys with dots between them.
    path: Option<String>,
    #[serde(default, rename = "as")]
    taken_as: As,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Written {
    Short(FieldType),
    Detailed(Detailed),
}

/// A file of `packs/detections/fields/`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sources: Vec<String>,
    fields: BTreeMap<String, Written>,
}

/// The fields of every source that is known.
#[derive(Debug, Clone, Default)]
pub struct FieldTable {
    /// Those that every source has.
    common: BTreeMap<String, Detailed>,
    sources: BTreeMap<String, BTreeMap<String, Detailed>>,
}

/// Fields whose argument may also stand behind a dot: `evt.arg.flags`.
const DOTTED: [&str; 3] = ["evt.arg", "evt.rawarg", "evt.type.is"];

impl FieldTable {
    /// Reads the tables of the packs; a broken one is told and left out.
    #[must_use]
    pub fn load(packs: &Packs) -> (Self, Vec<Diagnostic>) {
        let (mut table, mut diagnostics) = (Self::default(), Vec::new());
        for file in packs.below("detections/fields", "yaml") {
            let read: File = match yagura_packs::parse(file) {
                Ok(read) => read,
                Err(diagnostic) => {
                    diagnostics.push(diagnostic);
                    continue;
                }
            };
            let fields = read.fields.into_iter().map(|(name, it)| match it {
                Written::Short(kind) => {
                    let (list, argument, path, taken_as) = Default::default();
                    (name, Detailed { kind, list, argument, path, taken_as })
                }
                Written::Detailed(detailed) => (name, detailed),
            });
            let fields: BTreeMap<_, _> = fields.collect();
            if read.sources.is_empty() {
                table.common.extend(fields.clone());
            }
            for source in read.sources {
                table.sources.entry(source).or_default().extend(fields.clone());
            }
        }
        (table, diagnostics)
    }

    /// The sources, by name.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        self.sources.keys().map(String::as_str)
    }

    /// The fields that only some sources have.
    pub(crate) fn own(&self, source: &str) -> impl Iterator<Item = &str> {
        self.sources.get(source).into_iter().flat_map(BTreeMap::keys).map(String::as_str)
    }

    /// How a field is read from the events of a source; `None` where they do not tell it.
    pub(crate) fn read(
        &self,
        source: &str,
        name: &str,
        argument: Option<&str>,
        paths: &mut Paths,
    ) -> Option<Read> {
        if source == "syscall" {
            return Some(Read::Alert(Box::new(super::alert::Field::new(name, argument, paths))));
        }
        if let Some(time) = Time::new(source, name, paths) {
            return Some(Read::Time(time));
        }
        if name == "evt.source" {
            return Some(Read::Always(source.to_owned()));
        }
        let field = self.sources.get(source).and_then(|it| it.get(name))?;
        if let Some(path) = &field.path {
            let path = paths.add(path.split('.'));
            return Some(match field.taken_as {
                As::Text => Read::Text(path),
                As::Json => Read::Json(path),
                As::Flag => Read::Flag(path),
            });
        }
        match (source, name) {
            (_, "json.value" | "jevt.value") => Some(match Pointer::new(argument?, paths) {
                Some(pointer) => Read::Pointer(pointer),
                None => Read::Whole,
            }),
            (_, "json.obj" | "jevt.obj") => Some(Read::Whole),
            ("k8s_audit", name) => super::kubernetes::Field::new(name, argument, paths)
                .map(|field| Read::Kubernetes(Box::new(field))),
            ("aws_cloudtrail", name) => {
                Made::new(name, argument, paths).map(|made| Read::Made(Box::new(made)))
            }
            _ => None,
        }
    }

    fn find(&self, source: &str, name: &str, argument: Option<&str>) -> Result<&Detailed, String> {
        let of = self.sources.get(source);
        let find = |name: &str| of.and_then(|it| it.get(name)).or_else(|| self.common.get(name));
        if let Some(field) = find(name) {
            return match (field.argument, argument) {
                (Argument::None, Some(_)) => Err(format!("the field `{name}` takes no argument in brackets")),
                (Argument::Required, None) => {
                    Err(format!("the field `{name}` needs an argument: `{name}[...]`"))
                }
                _ => Ok(field),
            };
        }
        let dotted =
            DOTTED.into_iter().find(|it| name.strip_prefix(it).is_some_and(|rest| rest.starts_with('.')));
        if let Some(field) = dotted.and_then(find).filter(|_| argument.is_none()) {
            return Ok(field);
        }
        let names: BTreeSet<&str> =
            of.into_iter().flat_map(BTreeMap::keys).chain(self.common.keys()).map(String::as_str).collect();
        let near = |it: &str| strsim::normalized_damerau_levenshtein(name, it);
        let nearest =
            names.into_iter().filter(|it| near(it) > 0.7).max_by(|a, b| near(a).total_cmp(&near(b)));
        let hint = nearest.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
        Err(format!("events of the source `{source}` have no field `{name}`{hint}"))
    }

    /// The type of one side of a comparison, and whether it has several values.
    pub(super) fn operand(&self, source: &str, operand: &Operand) -> Result<(FieldType, bool), String> {
        match operand {
            Operand::Field { name, argument } => {
                let field = self.find(source, name, argument.as_deref())?;
                // One of several values, by its number, is one value.
                Ok((field.kind, field.list && argument.is_none()))
            }
            Operand::Transformed { transformer, arguments, .. } => {
                let types: Vec<_> =
                    arguments.iter().map(|it| self.operand(source, it)).collect::<Result<_, _>>()?;
                transformed(*transformer, &types)
            }
            Operand::Value { .. } => Ok((FieldType::Text, false)),
            Operand::List { items } => {
                items.iter().try_for_each(|it| self.operand(source, it).map(drop))?;
                Ok((FieldType::Text, true))
            }
            Operand::Values { .. } => Ok((FieldType::Text, true)),
        }
    }

    fn check_comparison(
        &self,
        source: &str,
        left: &Operand,
        operator: Operator,
        modifier: Option<Modifier>,
        right: &Operand,
    ) -> Result<(), String> {
        let (kind, list) = self.operand(source, left)?;
        if !comparable(kind, list, operator, modifier) {
            let many = if list { " with several values" } else { "" };
            return Err(format!("`{}` cannot compare {}{many}", operator.as_str(), describe(kind)));
        }
        match right {
            Operand::Value { value } => check_value(kind, operator, value),
            Operand::Values { values } => values.iter().try_for_each(|it| check_value(kind, operator, it)),
            other => {
                let (theirs, _) = self.operand(source, other)?;
                let same = kind == theirs || [kind, theirs].contains(&FieldType::Any);
                if same {
                    Ok(())
                } else {
                    Err(format!("{} is compared with {}", describe(kind), describe(theirs)))
                }
            }
        }
    }
}

impl Fields for FieldTable {
    fn has_source(&self, source: &str) -> bool {
        self.sources.contains_key(source)
    }

    fn check_field(&self, source: &str, name: &str, argument: Option<&str>) -> Result<(), String> {
        self.find(source, name, argument).map(drop)
    }

    fn check(&self, source: &str, condition: &Expression) -> Result<(), ConditionError> {
        let told = |at: Position| move |message: String| ConditionError { at, message };
        match condition {
            Expression::And { children } | Expression::Or { children } => {
                children.iter().try_for_each(|it| self.check(source, it))
            }
            Expression::Not { child } => self.check(source, child),
            Expression::Macro { name, at } => Err(told(*at)(format!("there is no macro `{name}` here"))),
            Expression::Exists { left, at } => self.operand(source, left).map(drop).map_err(told(*at)),
            Expression::Check { left, operator, modifier, right, at } => {
                self.check_comparison(source, left, *operator, *modifier, right).map_err(told(*at))
            }
        }
    }
}

fn describe(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text => "a text",
        FieldType::Number => "a number",
        FieldType::Boolean => "true or false",
        FieldType::Address | FieldType::Network => "an address",
        FieldType::Bytes => "bytes",
        FieldType::Any => "a value",
    }
}

fn transformed(transformer: Transformer, of: &[(FieldType, bool)]) -> Result<(FieldType, bool), String> {
    let name = transformer.as_str();
    let only = |needed: FieldType| match of {
        [(kind, list)] if *kind == needed || *kind == FieldType::Any => Ok((needed, *list)),
        [(kind, _)] => {
            Err(format!("`{name}` makes something of {}, not of {}", describe(needed), describe(*kind)))
        }
        _ => Err(format!("`{name}` takes one argument")),
    };
    match transformer {
        Transformer::Lowercase | Transformer::Uppercase | Transformer::Basename => only(FieldType::Text),
        Transformer::Base64 => match of {
            [(FieldType::Text | FieldType::Bytes | FieldType::Any, list)] => Ok((FieldType::Text, *list)),
            _ => Err("`b64` decodes one text".to_owned()),
        },
        Transformer::Length if of.len() == 1 => Ok((FieldType::Number, false)),
        Transformer::Length => Err("`len` takes one argument".to_owned()),
        Transformer::Value => match of {
            [one] => Ok(*one),
            _ => Err("`val` takes one field".to_owned()),
        },
        Transformer::Join if of.len() == 2 => Ok((FieldType::Text, false)),
        Transformer::Join => Err("`join` takes a separator and a list".to_owned()),
        Transformer::Concat if of.len() >= 2 => Ok((FieldType::Text, false)),
        Transformer::Concat => Err("`concat` takes at least two arguments".to_owned()),
        Transformer::GetOptions => Ok((FieldType::Text, true)),
    }
}

/// Which operators a type knows.
fn comparable(kind: FieldType, list: bool, operator: Operator, modifier: Option<Modifier>) -> bool {
    use Operator::{
        AtLeast, AtMost, Contains, ContainsBytes, EndsWith, Equal, Greater, In, Intersects, Less, NotEqual,
        StartsWith, StartsWithBytes,
    };
    if list {
        return matches!(operator, In | Intersects) && modifier.is_none();
    }
    let equality = matches!(operator, Equal | NotEqual | In | Intersects);
    match kind {
        FieldType::Any => true,
        FieldType::Text => !matches!(operator, ContainsBytes | StartsWithBytes),
        FieldType::Number => equality || matches!(operator, Less | AtMost | Greater | AtLeast),
        FieldType::Boolean | FieldType::Address | FieldType::Network => equality,
        FieldType::Bytes => {
            equality || matches!(operator, Contains | StartsWith | EndsWith | ContainsBytes | StartsWithBytes)
        }
    }
}

/// Whether a value can be of a type.
fn check_value(kind: FieldType, operator: Operator, value: &Literal) -> Result<(), String> {
    let text = value.text.as_str();
    let fits = match (kind, operator) {
        (_, Operator::Regex) => {
            return Regex::new(text)
                .map(drop)
                .map_err(|error| format!("`{text}` is no regular expression: {error}"));
        }
        (FieldType::Bytes, Operator::ContainsBytes | Operator::StartsWithBytes) => {
            text.len().is_multiple_of(2) && text.bytes().all(|it| it.is_ascii_hexdigit())
        }
        // Names of constants (`O_RDWR`, `SIGKILL`) are numbers, too.
        (FieldType::Number, _) => !text.is_empty() && !text.contains(char::is_whitespace),
        (FieldType::Boolean, _) => matches!(text, "true" | "false"),
        (FieldType::Address, _) => text.parse::<IpAddr>().is_ok(),
        (FieldType::Network, _) => text.parse::<IpAddr>().is_ok() || text.parse::<ipnet::IpNet>().is_ok(),
        (FieldType::Text | FieldType::Bytes | FieldType::Any, _) => true,
    };
    if fits { Ok(()) } else { Err(format!("`{text}` is not {}", describe(kind))) }
}
