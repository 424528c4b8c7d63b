//! Questions about fields that the library has no words for. They are written as names of fields, which our events answer.
//!
//! A bar parts a field from its modifiers in Sigma, so no field of a rule is called like this.

use std::fmt;

use rsigma_ir::IrStrOp;

/// A question.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Asked {
    /// Whether a field is there, whatever it holds.
    Exists(String),
    /// A field with objects as objects; elsewhere they are texts.
    Whole(String),
    /// Whether a field is as another one.
    Reference { field: String, other: String, op: IrStrOp, cased: bool },
}

const EXISTS: &str = "|exists";
const WHOLE: &str = "|whole";
const REFERENCE: &str = "|fieldref";

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists(field) => write!(f, "{field}{EXISTS}"),
            Self::Whole(field) => write!(f, "{field}{WHOLE}"),
            Self::Reference { field, other, op, cased } => {
                let op = match op {
                    IrStrOp::Exact => "",
                    IrStrOp::Contains => "|contains",
                    IrStrOp::StartsWith => "|startswith",
                    IrStrOp::EndsWith => "|endswith",
                };
                let cased = if *cased { "|cased" } else { "" };
                write!(f, "{field}{REFERENCE}{op}{cased}: {other}")
            }
        }
    }
}

impl Asked {
    /// Reads a question; `None` for the name of a field.
    pub(super) fn read(name: &str) -> Option<Self> {
        if let Some((field, rest)) = name.split_once(REFERENCE) {
            let (modifiers, other) = rest.split_once(": ")?;
            let op = match modifiers.trim_end_matches("|cased") {
                "" => IrStrOp::Exact,
                "|contains" => IrStrOp::Contains,
                "|startswith" => IrStrOp::StartsWith,
                "|endswith" => IrStrOp::EndsWith,
                _ => return None,
            };
            let cased = modifiers.ends_with("|cased");
            return Some(Self::Reference { field: field.to_owned(), other: other.to_owned(), op, cased });
        }
        let of = |end: &str| name.strip_suffix(end).map(str::to_owned);
        of(EXISTS).map(Self::Exists).or_else(|| of(WHOLE).map(Self::Whole))
    }

    /// The fields that it is about.
    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        let (one, other) = match self {
            Self::Exists(field) | Self::Whole(field) => (field.as_str(), None),
            Self::Reference { field, other, .. } => (field.as_str(), Some(other.as_str())),
        };
        std::iter::once(one).chain(other)
    }

    /// Whether a text is as another one.
    pub(super) fn compare(op: IrStrOp, cased: bool, text: &str, other: &str) -> bool {
        if !cased {
            return Self::compare(op, true, &text.to_lowercase(), &other.to_lowercase());
        }
        match op {
            IrStrOp::Exact => text == other,
            IrStrOp::Contains => text.contains(other),
            IrStrOp::StartsWith => text.starts_with(other),
            IrStrOp::EndsWith => text.ends_with(other),
        }
    }
}
