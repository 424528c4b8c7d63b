//! Conditions as people write them.

use std::fmt;

use super::{Expression, Literal, Operand};

fn joined(f: &mut fmt::Formatter<'_>, children: &[Expression], word: &str) -> fmt::Result {
    for (n, child) in children.iter().enumerate() {
        if n > 0 {
            write!(f, " {word} ")?;
        }
        match child {
            Expression::And { .. } | Expression::Or { .. } => write!(f, "({child})")?,
            _ => write!(f, "{child}")?,
        }
    }
    Ok(())
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And { children } => joined(f, children, "and"),
            Self::Or { children } => joined(f, children, "or"),
            Self::Not { child } => match child.as_ref() {
                Self::And { .. } | Self::Or { .. } => write!(f, "not ({child})"),
                _ => write!(f, "not {child}"),
            },
            Self::Macro { name, .. } => f.write_str(name),
            Self::Exists { left, .. } => write!(f, "{left} exists"),
            Self::Check { left, operator, modifier, right, .. } => {
                write!(f, "{left} {}", operator.as_str())?;
                if let Some(modifier) = modifier {
                    write!(f, " {}", modifier.as_str())?;
                }
                write!(f, " {right}")
            }
        }
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, items: &[Self]| {
            for (n, item) in items.iter().enumerate() {
                write!(f, "{}{item}", if n > 0 { ", " } else { "" })?;
            }
            Ok(())
        };
        match self {
            Self::Field { name, argument } => {
                f.write_str(name)?;
                argument.as_ref().map_or(Ok(()), |argument| write!(f, "[{}]", Quoted(argument)))
            }
            Self::Transformed { transformer, arguments, .. } => {
                write!(f, "{}(", transformer.as_str())?;
                list(f, arguments)?;
                f.write_str(")")
            }
            Self::Value { value } => write!(f, "{value}"),
            Self::Values { values } => {
                f.write_str("(")?;
                for (n, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if n > 0 { ", " } else { "" })?;
                }
                f.write_str(")")
            }
            Self::List { items } => {
                f.write_str("(")?;
                list(f, items)?;
                f.write_str(")")
            }
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Quoted(&self.text))
    }
}

/// A text, in quotes where it needs them.
struct Quoted<'t>(&'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare = |it: char| !it.is_whitespace() && !it.is_control() && !"()[]\"'=,\\".contains(it);
        if !self.0.is_empty() && self.0.chars().all(bare) {
            return f.write_str(self.0);
        }
        f.write_str("\"")?;
        for character in self.0.chars() {
            match character {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                other => write!(f, "{other}")?,
            }
        }
        f.write_str("\"")
    }
}
