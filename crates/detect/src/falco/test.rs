//! Conditions, ready to be asked of events.

use std::borrow::Cow;
use std::collections::HashSet;
use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ipnet::IpNet;
use memchr::memmem::Finder;
use regex::{Regex, RegexBuilder};

use super::condition::{Expression, Modifier, Operand, Operator, Transformer};
use super::fields::{FieldTable, FieldType};
use super::value::{Read, Value};
use crate::event::{Event, Paths};

/// A condition over the events of one source.
#[derive(Debug, Clone)]
pub(crate) enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    /// Whether there is a value.
    Exists(Side),
    /// A comparison with what is known beforehand.
    Compare(Side, Comparison),
    /// A comparison of two parts of the event.
    Sides(Side, Operator, Side),
}

/// One side of a comparison.
#[derive(Debug, Clone)]
pub(crate) enum Side {
    Field(Read),
    /// What events of this source never tell.
    Nothing,
    Constant(String),
    Transformed(Transformer, Vec<Side>),
    List(Vec<Side>),
}

/// What a value is compared with.
#[derive(Debug, Clone)]
pub(crate) enum Comparison {
    One(Single),
    /// Texts of which the value must be one; of several values all must be.
    In(HashSet<String>),
    /// Texts of which one of the values must be one.
    Intersects(HashSet<String>),
    /// So many of the comparisons must hold.
    Several(Modifier, Vec<Single>),
}

/// A comparison with one value.
#[derive(Debug, Clone)]
pub(crate) enum Single {
    Equal(String),
    NotEqual(String),
    /// Of texts by their bytes.
    Ordered(Operator, String),
    Number(Operator, f64),
    Contains(Box<Finder<'static>>),
    ContainsAnyCase(String),
    StartsWith(String),
    EndsWith(String),
    Matches(Regex),
    /// A path, or one above it.
    Path(Vec<Regex>),
    Address(IpNet, bool),
    Never,
}

/// Makes conditions ready.
pub(crate) struct Compiler<'c> {
    pub(crate) fields: &'c FieldTable,
    pub(crate) source: &'c str,
    pub(crate) paths: &'c mut Paths,
}

impl Compiler<'_> {
    /// A condition that [`super::rules::Fields::check`] found right.
    pub(crate) fn test(&mut self, condition: &Expression) -> Test {
        match condition {
            Expression::And { children } => Test::All(children.iter().map(|it| self.test(it)).collect()),
            Expression::Or { children } => Test::Any(children.iter().map(|it| self.test(it)).collect()),
            Expression::Not { child } => Test::Not(Box::new(self.test(child))),
            // There is none left when macros are put in.
            Expression::Macro { .. } => Test::Any(Vec::new()),
            Expression::Exists { left, .. } => Test::Exists(self.side(left)),
            Expression::Check { left, operator, modifier, right, .. } => {
                let kind = self.fields.operand(self.source, left).map_or(FieldType::Any, |(kind, _)| kind);
                let side = self.side(left);
                match right {
                    Operand::Value { value } => {
                        let texts = [value.text.as_str()];
                        Test::Compare(side, comparison(kind, *operator, *modifier, &texts))
                    }
                    Operand::Values { values } => {
                        let texts: Vec<_> = values.iter().map(|it| it.text.as_str()).collect();
                        Test::Compare(side, comparison(kind, *operator, *modifier, &texts))
                    }
                    other => {
                        let right = self.side(other);
                        Test::Sides(side, *operator, right)
                    }
                }
            }
        }
    }

    pub(crate) fn side(&mut self, operand: &Operand) -> Side {
        match operand {
            Operand::Field { name, argument } => {
                match self.fields.read(self.source, name, argument.as_deref(), self.paths) {
                    Some(read) => Side::Field(read),
                    None => Side::Nothing,
                }
            }
            Operand::Value { value } => Side::Constant(value.text.clone()),
            Operand::Values { values } => {
                Side::List(values.iter().map(|it| Side::Constant(it.text.clone())).collect())
            }
            Operand::List { items } => Side::List(items.iter().map(|it| self.side(it)).collect()),
            Operand::Transformed { transformer, arguments, .. } => {
                Side::Transformed(*transformer, arguments.iter().map(|it| self.side(it)).collect())
            }
        }
    }
}

fn comparison(
    kind: FieldType,
    operator: Operator,
    modifier: Option<Modifier>,
    values: &[&str],
) -> Comparison {
    let singles = |operator: Operator| values.iter().map(|it| single(kind, operator, it)).collect();
    match (modifier, operator) {
        (Some(modifier), _) => Comparison::Several(modifier, singles(operator)),
        // Numbers and networks are not told apart by their texts.
        (None, Operator::In | Operator::Intersects)
            if matches!(kind, FieldType::Number | FieldType::Address | FieldType::Network) =>
        {
            Comparison::Several(Modifier::AnyOf, singles(Operator::Equal))
        }
        (None, Operator::In) => Comparison::In(values.iter().map(|it| (*it).to_owned()).collect()),
        (None, Operator::Intersects) => {
            Comparison::Intersects(values.iter().map(|it| (*it).to_owned()).collect())
        }
        (None, Operator::PathMatch) => Comparison::Several(Modifier::AnyOf, singles(operator)),
        (None, operator) => {
            Comparison::One(values.first().map_or(Single::Never, |it| single(kind, operator, it)))
        }
    }
}

fn single(kind: FieldType, operator: Operator, text: &str) -> Single {
    use Operator::{
        AtLeast, AtMost, Contains, ContainsAnyCase, ContainsBytes, EndsWith, Equal, Glob, GlobAnyCase,
        Greater, In, Intersects, Less, NotEqual, PathMatch, StartsWith, StartsWithBytes,
    };
    if kind == FieldType::Number {
        let operator = if matches!(operator, In | Intersects) { Equal } else { operator };
        return number(text).map_or(Single::Never, |number| Single::Number(operator, number));
    }
    if matches!(kind, FieldType::Address | FieldType::Network) {
        let net = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
        return net.map_or(Single::Never, |net| Single::Address(net, operator != NotEqual));
    }
    let pattern = |pattern: &str, any_case: bool| {
        let built = RegexBuilder::new(pattern).case_insensitive(any_case).build();
        built.map_or(Single::Never, Single::Matches)
    };
    match operator {
        Equal | In | Intersects => Single::Equal(text.to_owned()),
        NotEqual => Single::NotEqual(text.to_owned()),
        Less | AtMost | Greater | AtLeast => Single::Ordered(operator, text.to_owned()),
        Contains => Single::Contains(Box::new(Finder::new(text.as_bytes()).into_owned())),
        ContainsAnyCase => Single::ContainsAnyCase(text.to_lowercase()),
        StartsWith => Single::StartsWith(text.to_owned()),
        EndsWith => Single::EndsWith(text.to_owned()),
        Glob => pattern(&glob(text), false),
        GlobAnyCase => pattern(&glob(text), true),
        Operator::Regex => pattern(&format!(r"\A(?:{text})\z"), false),
        PathMatch => {
            let parts = text.split('/').filter(|it| !it.is_empty()).map(|it| Regex::new(&glob(it)));
            parts.collect::<Result<_, _>>().map_or(Single::Never, Single::Path)
        }
        // Bytes in hexadecimal digits: a text holds them as it is.
        ContainsBytes | StartsWithBytes => {
            let bytes: Vec<u8> = (0..text.len() / 2)
                .filter_map(|at| u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok())
                .collect();
            match (operator, String::from_utf8(bytes)) {
                (StartsWithBytes, Ok(bytes)) => Single::StartsWith(bytes),
                (_, Ok(bytes)) => Single::Contains(Box::new(Finder::new(bytes.as_bytes()).into_owned())),
                (_, Err(_)) => Single::Never,
            }
        }
    }
}

fn number(text: &str) -> Option<f64> {
    let hexadecimal = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    match hexadecimal {
        #[expect(clippy::cast_precision_loss, reason = "sizes and ids are far below 2^53")]
        Some(digits) => u64::from_str_radix(digits, 16).ok().map(|it| it as f64),
        None => text.parse().ok(),
    }
}

/// A shell pattern, as `fnmatch` reads it, as a regular expression for a whole text.
fn glob(pattern: &str) -> String {
    let mut regex = String::from(r"(?s)\A");
    let mut rest = pattern.chars();
    while let Some(character) = rest.next() {
        match character {
            '*' => regex.push_str(".*"),
            '?' => regex.push('.'),
            '\\' => regex.push_str(&regex::escape(&rest.next().unwrap_or('\\').to_string())),
            '[' => {
                let inside = rest.as_str();
                // A bracket right at the beginning is one of the characters.
                let from = usize::from(inside.starts_with(['!', '^']));
                let from = from + usize::from(inside[from..].starts_with(']'));
                match inside[from..].find(']').map(|end| from + end) {
                    Some(end) => {
                        let (set, behind) = (&inside[..end], &inside[end + 1..]);
                        let (not, set) = match set.strip_prefix(['!', '^']) {
                            Some(set) => ("^", set),
                            None => ("", set),
                        };
                        let set = set
                            .replace('\\', r"\\")
                            .replace('[', r"\[")
                            .replace(']', r"\]")
                            .replace("&&", r"\&&");
                        regex.push_str(&format!("[{not}{set}]"));
                        rest = behind.chars();
                    }
                    None => regex.push_str(r"\["),
                }
            }
            other => regex.push_str(&regex::escape(&other.to_string())),
        }
    }
    regex.push_str(r"\z");
    regex
}

impl Test {
    /// Whether an event fulfils it.
    pub(crate) fn holds(&self, event: &Event<'_>) -> bool {
        match self {
            Self::All(tests) => tests.iter().all(|it| it.holds(event)),
            Self::Any(tests) => tests.iter().any(|it| it.holds(event)),
            Self::Not(test) => !test.holds(event),
            Self::Exists(side) => side.of(event).is_some(),
            Self::Compare(side, comparison) => side.of(event).is_some_and(|it| comparison.holds(&it)),
            Self::Sides(left, operator, right) => match (left.of(event), right.of(event)) {
                (Some(left), Some(right)) => sides(&left, *operator, &right),
                _ => false,
            },
        }
    }
}

/// Compares two parts of the same event.
fn sides(left: &Value<'_>, operator: Operator, right: &Value<'_>) -> bool {
    match (left, operator, right) {
        (Value::Number(left), _, Value::Number(right)) => ordered(left.partial_cmp(right), operator),
        (left, Operator::In | Operator::Intersects, Value::Texts(texts)) => {
            let set: HashSet<String> = texts.iter().map(|it| it.to_string()).collect();
            let comparison =
                if operator == Operator::In { Comparison::In(set) } else { Comparison::Intersects(set) };
            comparison.holds(left)
        }
        (left, operator, right) => {
            Comparison::One(single(FieldType::Text, operator, &right.shown())).holds(left)
        }
    }
}

fn ordered(order: Option<std::cmp::Ordering>, operator: Operator) -> bool {
    let Some(order) = order else { return false };
    match operator {
        Operator::Less => order.is_lt(),
        Operator::AtMost => order.is_le(),
        Operator::Greater => order.is_gt(),
        Operator::AtLeast => order.is_ge(),
        Operator::NotEqual => order.is_ne(),
        _ => order.is_eq(),
    }
}

impl Side {
    /// What it is in an event.
    pub(crate) fn of<'v>(&'v self, event: &'v Event<'_>) -> Option<Value<'v>> {
        match self {
            Self::Field(read) => read.of(event),
            Self::Nothing => None,
            Self::Constant(text) => Some(Value::text(text)),
            Self::List(sides) => {
                Some(Value::Texts(sides.iter().filter_map(|it| texts(it.of(event)?)).flatten().collect()))
            }
            Self::Transformed(transformer, arguments) => transformed(*transformer, arguments, event),
        }
    }
}

fn texts(value: Value<'_>) -> Option<Vec<Cow<'_, str>>> {
    match value {
        Value::Text(text) => Some(vec![text]),
        Value::Texts(texts) => Some(texts),
        Value::Number(number) => Some(vec![Cow::Owned(number.to_string())]),
    }
}

fn transformed<'v>(
    transformer: Transformer,
    arguments: &'v [Side],
    event: &'v Event<'_>,
) -> Option<Value<'v>> {
    let first = arguments.first()?.of(event)?;
    let each = |change: &dyn Fn(&str) -> Option<String>| match &first {
        Value::Text(text) => change(text).map(|it| Value::Text(Cow::Owned(it))),
        Value::Texts(texts) => {
            let texts: Option<Vec<_>> = texts.iter().map(|it| change(it).map(Cow::Owned)).collect();
            texts.map(Value::Texts)
        }
        Value::Number(_) => None,
    };
    match transformer {
        Transformer::Value => Some(first),
        Transformer::Lowercase => each(&|it| Some(it.to_lowercase())),
        Transformer::Uppercase => each(&|it| Some(it.to_uppercase())),
        Transformer::Basename => each(&|it| Some(it.rsplit('/').next().unwrap_or_default().to_owned())),
        Transformer::Base64 => each(&|it| String::from_utf8(STANDARD.decode(it).ok()?).ok()),
        Transformer::Length => match &first {
            #[expect(clippy::cast_precision_loss, reason = "no text is that long")]
            Value::Text(text) => Some(Value::Number(text.len() as f64)),
            #[expect(clippy::cast_precision_loss, reason = "no list is that long")]
            Value::Texts(texts) => Some(Value::Number(texts.len() as f64)),
            Value::Number(_) => None,
        },
        Transformer::Join => {
            let list = texts(arguments.get(1)?.of(event)?)?;
            Some(Value::Text(Cow::Owned(list.join(&first.shown()))))
        }
        Transformer::Concat => {
            let all: Option<Vec<_>> = arguments.iter().map(|it| texts(it.of(event)?)).collect();
            Some(Value::Text(Cow::Owned(all?.concat().concat())))
        }
        // The options of a command line are told only where there are command lines.
        Transformer::GetOptions => None,
    }
}

impl Comparison {
    fn holds(&self, value: &Value<'_>) -> bool {
        match (self, value) {
            (Self::In(set) | Self::Intersects(set), Value::Text(text)) => set.contains(text.as_ref()),
            (Self::In(set), Value::Texts(texts)) => texts.iter().all(|it| set.contains(it.as_ref())),
            (Self::Intersects(set), Value::Texts(texts)) => texts.iter().any(|it| set.contains(it.as_ref())),
            (Self::In(set) | Self::Intersects(set), Value::Number(_)) => set.contains(value.shown().as_ref()),
            (Self::One(single), value) => single.holds(value),
            (Self::Several(modifier, singles), value) => match modifier {
                Modifier::AnyOf => singles.iter().any(|it| it.holds(value)),
                Modifier::AllOf => !singles.is_empty() && singles.iter().all(|it| it.holds(value)),
                Modifier::OneOf => singles.iter().filter(|it| it.holds(value)).take(2).count() == 1,
            },
        }
    }
}

impl Single {
    fn holds(&self, value: &Value<'_>) -> bool {
        let text = match (self, value) {
            (Self::Number(operator, number), Value::Number(value)) => {
                return ordered(value.partial_cmp(number), *operator);
            }
            (_, Value::Text(text)) => text.as_ref(),
            (_, Value::Number(_)) => return self.holds(&Value::Text(value.shown())),
            (_, Value::Texts(_)) => return false,
        };
        match self {
            Self::Equal(other) => text == other,
            Self::NotEqual(other) => text != other,
            Self::Ordered(operator, other) => ordered(Some(text.cmp(other)), *operator),
            Self::Number(operator, number) => {
                text.parse::<f64>().is_ok_and(|value| ordered(value.partial_cmp(number), *operator))
            }
            Self::Contains(finder) => finder.find(text.as_bytes()).is_some(),
            Self::ContainsAnyCase(other) => text.to_lowercase().contains(other),
            Self::StartsWith(other) => text.starts_with(other),
            Self::EndsWith(other) => text.ends_with(other),
            Self::Matches(regex) => regex.is_match(text),
            Self::Path(parts) => {
                let mut found = text.split('/').filter(|it| !it.is_empty());
                parts.iter().all(|part| found.next().is_some_and(|it| part.is_match(it)))
            }
            Self::Address(net, inside) => {
                text.parse::<IpAddr>().is_ok_and(|address| net.contains(&address) == *inside)
            }
            Self::Never => false,
        }
    }
}
