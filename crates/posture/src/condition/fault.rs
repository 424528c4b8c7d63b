//! Why an expression has no value.

use std::collections::BTreeSet;
use std::fmt;
use std::rc::Rc;

use yagura_model::{Gap, Reason};

use super::Node;

/// Facts that were not read. Shared, because lists carry them along.
type Gaps<'a> = Rc<BTreeSet<&'a Gap>>;

/// Why an expression has no value. Earlier variants win when two meet.
#[derive(Debug, Clone)]
pub(crate) enum Fault<'a> {
    /// These facts were not read.
    Unread(Gaps<'a>),
    /// It was read, but its meaning cannot be decided.
    Undecidable(Rc<str>),
    /// AWS left out the field that this node selects.
    Missing(&'a Node),
    /// AWS left out this field, which a function cannot do without.
    MissingField(&'static str),
    /// The condition itself went wrong. Shared, so that a fault stays as small as a value.
    Failed(Rc<Failure>),
}

/// What went wrong in a condition.
#[derive(Debug)]
pub(crate) enum Failure {
    /// An operator or function met a type that it has no meaning for.
    Type {
        what: &'static str,
        got: &'static str,
    },
    /// Two types that an operator cannot bring together.
    Types {
        operator: &'static str,
        left: &'static str,
        right: &'static str,
    },
    Overflow,
    DivisionByZero,
    NoValue,
    OutOfBounds(i64),
    Other(Rc<str>),
}

impl From<Failure> for Fault<'_> {
    fn from(failure: Failure) -> Self {
        Self::Failed(Rc::new(failure))
    }
}

impl<'a> Fault<'a> {
    pub(crate) fn unread(gaps: impl IntoIterator<Item = &'a Gap>) -> Self {
        Self::Unread(Rc::new(gaps.into_iter().collect()))
    }

    pub(crate) fn other(text: impl Into<Rc<str>>) -> Self {
        Failure::Other(text.into()).into()
    }

    pub(crate) fn wrong_type(what: &'static str, got: &'static str) -> Self {
        Failure::Type { what, got }.into()
    }

    /// Whether the fact exists but nobody knows it.
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self, Self::Unread(_) | Self::Undecidable(_))
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Unread(_) => 0,
            Self::Undecidable(_) => 1,
            Self::Missing(_) | Self::MissingField(_) => 2,
            Self::Failed(_) => 3,
        }
    }

    /// Both at once: all that was not read is told.
    #[must_use]
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unread(a), Self::Unread(b)) => Self::Unread(join(a, &b)),
            (a, b) if b.rank() < a.rank() => b,
            (a, _) => a,
        }
    }

    /// What is missing so far, and one more.
    pub(crate) fn together(missing: Option<Self>, fault: Self) -> Self {
        match missing {
            Some(known) => known.and(fault),
            None => fault,
        }
    }

    /// What people and machines are told.
    pub(crate) fn reason(&self) -> Reason {
        match self {
            Self::Unread(gaps) => Reason::Unread { gaps: gaps.iter().map(|gap| (*gap).clone()).collect() },
            Self::Undecidable(what) => Reason::Undecidable { what: what.to_string() },
            Self::Missing(node) => Reason::MissingField { field: node.to_string() },
            Self::MissingField(name) => Reason::MissingField { field: (*name).to_owned() },
            Self::Failed(failure) => Reason::RuleFailed { error: failure.to_string() },
        }
    }
}

/// All gaps of both.
fn join<'a>(a: Gaps<'a>, b: &Gaps<'a>) -> Gaps<'a> {
    if b.is_subset(&a) { a } else { Rc::new(a.union(b).copied().collect()) }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type { what, got } => write!(f, "`{what}` cannot take a {got}"),
            Self::Types { operator, left, right } => {
                write!(f, "`{operator}` cannot take a {left} and a {right}")
            }
            Self::Overflow => f.write_str("a number is too large"),
            Self::DivisionByZero => f.write_str("a division by zero"),
            Self::NoValue => f.write_str("an optional has no value"),
            Self::OutOfBounds(index) => write!(f, "the list has no element {index}"),
            Self::Other(text) => f.write_str(text),
        }
    }
}
