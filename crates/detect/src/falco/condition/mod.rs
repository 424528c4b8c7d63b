//! Falco's conditions: their syntax tree, and the parser that makes it.
//!
//! The language is that of Falco's libraries, with their precedence, quoting and limits of nesting. Nothing here knows
//! fields: whether `ct.name` exists, and what may be compared with it, is for the compiler.
//!
//! Source: <https://falco.org/docs/concepts/rules/conditions/>

mod cursor;
mod display;
mod parse;
#[cfg(test)]
mod tests;

use serde::Serialize;
use thiserror::Error;

pub use parse::{parse, parse_operand};

/// A condition, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "Kind", rename_all = "PascalCase", rename_all_fields = "PascalCase")]
pub enum Expression {
    /// All of them.
    And {
        /// At least two.
        children: Vec<Expression>,
    },
    /// One of them.
    Or {
        /// At least two.
        children: Vec<Expression>,
    },
    /// Not this.
    Not {
        /// What is denied.
        child: Box<Expression>,
    },
    /// A macro, by its name.
    Macro {
        /// The name.
        name: String,
        /// Where it stands.
        #[serde(skip)]
        at: Position,
    },
    /// Whether a field has a value.
    Exists {
        /// What is looked at.
        left: Operand,
        /// Where it stands.
        #[serde(skip)]
        at: Position,
    },
    /// A comparison.
    Check {
        /// What is looked at.
        left: Operand,
        /// How it is compared.
        operator: Operator,
        /// Whether a list on the right is gone through, and how.
        #[serde(skip_serializing_if = "Option::is_none")]
        modifier: Option<Modifier>,
        /// What it is compared with.
        right: Operand,
        /// Where it stands.
        #[serde(skip)]
        at: Position,
    },
}

/// One side of a comparison, or an argument of a transformer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "Kind", rename_all = "PascalCase", rename_all_fields = "PascalCase")]
pub enum Operand {
    /// A field of the event.
    Field {
        /// Its name: `ct.request.name`.
        name: String,
        /// What stands in brackets: `proc.aname[3]`.
        #[serde(skip_serializing_if = "Option::is_none")]
        argument: Option<String>,
    },
    /// Something made of fields and values.
    Transformed {
        /// How.
        transformer: Transformer,
        /// Of what.
        arguments: Vec<Operand>,
        /// What stands in brackets behind it.
        #[serde(skip_serializing_if = "Option::is_none")]
        argument: Option<String>,
    },
    /// A value. A bare word may name a list.
    Value {
        /// The value.
        value: Literal,
    },
    /// Values to compare with.
    Values {
        /// In order.
        values: Vec<Literal>,
    },
    /// A list as a transformer takes it.
    List {
        /// In order.
        items: Vec<Operand>,
    },
}

/// A value as it is meant: without quotes and escapes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Literal {
    /// The text.
    pub text: String,
    /// Whether it stood in quotes: then it names no list.
    #[serde(skip)]
    pub quoted: bool,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        pub enum $name {
            $($(#[$each])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// Every one of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word that people write.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }
    };
}

words! {
    /// How two sides are compared. `==` is `=`.
    Operator {
        /// Equal.
        Equal = "=",
        /// Not equal.
        NotEqual = "!=",
        /// At most.
        AtMost = "<=",
        /// Less.
        Less = "<",
        /// At least.
        AtLeast = ">=",
        /// Greater.
        Greater = ">",
        /// Holds a text.
        Contains = "contains",
        /// Holds a text, in any case.
        ContainsAnyCase = "icontains",
        /// Holds bytes, written in hexadecimal digits.
        ContainsBytes = "bcontains",
        /// Begins with a text.
        StartsWith = "startswith",
        /// Begins with bytes, written in hexadecimal digits.
        StartsWithBytes = "bstartswith",
        /// Ends with a text.
        EndsWith = "endswith",
        /// Fits a pattern with `*`, `?` and `[...]`.
        Glob = "glob",
        /// The same in any case.
        GlobAnyCase = "iglob",
        /// Fits a regular expression, from its beginning to its end.
        Regex = "regex",
        /// Is one of a list; of a field with several values, all are.
        In = "in",
        /// Has a value in common with a list.
        Intersects = "intersects",
        /// Is a path below one of a list.
        PathMatch = "pmatch",
    }
}

words! {
    /// How an operator for texts goes through a list.
    Modifier {
        /// Exactly one of the values fits.
        OneOf = "oneof",
        /// Any of the values fits.
        AnyOf = "anyof",
        /// All of the values fit.
        AllOf = "allof",
    }
}

words! {
    /// What makes a value of others.
    Transformer {
        /// The value as it is: a field on the right of a comparison.
        Value = "val",
        /// In small letters.
        Lowercase = "tolower",
        /// In capitals.
        Uppercase = "toupper",
        /// Decoded from base64.
        Base64 = "b64",
        /// The last part of a path.
        Basename = "basename",
        /// The length of a text, or how many values there are.
        Length = "len",
        /// A list with a separator between its parts.
        Join = "join",
        /// One text of all.
        Concat = "concat",
        /// The options of a command line.
        GetOptions = "getopt",
    }
}

/// A place in a condition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// In bytes.
    pub offset: usize,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
}

/// Why a condition is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct ConditionError {
    /// Where.
    pub at: Position,
    /// What is wrong.
    pub message: String,
}
