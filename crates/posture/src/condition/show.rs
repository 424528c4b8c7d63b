//! Expressions as text again, for messages and explanations.

use std::fmt;

use serde_json::Value as Json;

use super::tree::{Item, Kind, Node};
use super::value::duration_text;

/// How tightly an expression holds together; what is looser needs parentheses inside it.
fn tightness(kind: &Kind) -> u8 {
    use super::tree::Operator::{Add, Divide, Modulo, Multiply, Subtract};
    match kind {
        Kind::If(_) => 0,
        Kind::Or(_) => 1,
        Kind::And(_) => 2,
        Kind::Binary(Add | Subtract, _) => 4,
        Kind::Binary(Multiply | Divide | Modulo, _) => 5,
        Kind::Binary(..) => 3,
        Kind::Not(_) | Kind::Negate(_) => 6,
        _ => 7,
    }
}

/// One expression inside another that holds its parts this tightly.
struct Inside<'n>(&'n Node, u8);

impl fmt::Display for Inside<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if tightness(&self.0.kind) < self.1 { write!(f, "({})", self.0) } else { write!(f, "{}", self.0) }
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.optional { "?" } else { "" }, self.node)
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = tightness(&self.kind);
        match &self.kind {
            Kind::Constant(json) => constant(json, f),
            Kind::Time(time) => write!(f, "timestamp(\"{time}\")"),
            Kind::Duration(duration) => write!(f, "duration(\"{}\")", duration_text(*duration)),
            Kind::Variable(variable) => write!(f, "{variable}"),
            Kind::Local { name, .. } => f.write_str(name),
            Kind::Select { of, field } => write!(f, "{}.{field}", Inside(of, 7)),
            Kind::Has { of, field } => write!(f, "has({}.{field})", Inside(of, 7)),
            Kind::OptionalSelect { of, field } => write!(f, "{}.?{field}", Inside(of, 7)),
            Kind::Index { of, index, optional } => {
                write!(f, "{}[{}{index}]", Inside(of, 7), if *optional { "?" } else { "" })
            }
            Kind::And(two) => write!(f, "{} && {}", Inside(&two[0], own), Inside(&two[1], own)),
            Kind::Or(two) => write!(f, "{} || {}", Inside(&two[0], own), Inside(&two[1], own)),
            Kind::Not(of) => write!(f, "!{}", Inside(of, own)),
            Kind::Negate(of) => write!(f, "-{}", Inside(of, own)),
            Kind::If(three) => {
                write!(f, "{} ? {} : {}", Inside(&three[0], 1), Inside(&three[1], 1), three[2])
            }
            Kind::Binary(operator, two) => {
                write!(f, "{} {} {}", Inside(&two[0], own), operator.symbol(), Inside(&two[1], own + 1))
            }
            Kind::List(items) => {
                f.write_str("[")?;
                separated(items, f)?;
                f.write_str("]")
            }
            Kind::Map(entries) => {
                f.write_str("{")?;
                for (n, (key, item)) in entries.iter().enumerate() {
                    let comma = if n > 0 { ", " } else { "" };
                    write!(f, "{comma}{}{key}: {}", if item.optional { "?" } else { "" }, item.node)?;
                }
                f.write_str("}")
            }
            Kind::Macro(it) => {
                write!(f, "{}.{}({}", Inside(&it.over, 7), it.fold.name(), it.name)?;
                for part in it.condition.iter().chain(&it.transform) {
                    write!(f, ", {part}")?;
                }
                f.write_str(")")
            }
            Kind::Matches(of, pattern) => {
                write!(f, "{}.matches({})", Inside(of, 7), Json::from(pattern.as_str()))
            }
            Kind::Call(function, arguments) => {
                let mut arguments = arguments.as_slice();
                if let (true, [receiver, rest @ ..]) = (function.is_method, arguments) {
                    write!(f, "{}.", Inside(receiver, 7))?;
                    arguments = rest;
                }
                write!(f, "{}(", function.name)?;
                separated(arguments, f)?;
                f.write_str(")")
            }
            Kind::None => f.write_str("optional.none()"),
            Kind::OrValue(two) => write!(f, "{}.orValue({})", Inside(&two[0], 7), two[1]),
            Kind::OrOptional(two) => write!(f, "{}.or({})", Inside(&two[0], 7), two[1]),
        }
    }
}

fn separated(parts: &[impl fmt::Display], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (n, part) in parts.iter().enumerate() {
        write!(f, "{}{part}", if n > 0 { ", " } else { "" })?;
    }
    Ok(())
}

/// A literal; JSON's spelling is CEL's, but for the point that tells a double from an int.
fn constant(json: &Json, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match json {
        Json::Number(number) => match number.as_i64() {
            Some(int) => write!(f, "{int}"),
            None => write!(f, "{:?}", number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::Array(items) => {
            f.write_str("[")?;
            for (n, item) in items.iter().enumerate() {
                f.write_str(if n > 0 { ", " } else { "" })?;
                constant(item, f)?;
            }
            f.write_str("]")
        }
        Json::Object(map) => {
            f.write_str("{")?;
            for (n, (key, item)) in map.iter().enumerate() {
                write!(f, "{}{}: ", if n > 0 { ", " } else { "" }, Json::from(key.as_str()))?;
                constant(item, f)?;
            }
            f.write_str("}")
        }
        _ => write!(f, "{json}"),
    }
}
