//! The compact tree that conditions are compiled to.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use regex::Regex;
use serde_json::Value as Json;

use crate::functions::Function;

/// One expression.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// Where it stands in the condition's text, in bytes.
    pub(crate) offset: usize,
}

/// What an expression does.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// A literal, or a list or map of literals.
    Constant(Json),
    /// `timestamp("...")` of a literal.
    Time(Timestamp),
    /// `duration("...")` of a literal.
    Duration(SignedDuration),
    /// A variable of every condition.
    Variable(Variable),
    /// A variable of a macro around it.
    Local { slot: usize, name: Box<str> },
    /// `of.field`.
    Select { of: Box<Node>, field: Box<str> },
    /// `has(of.field)`.
    Has { of: Box<Node>, field: Box<str> },
    /// `of.?field`.
    OptionalSelect { of: Box<Node>, field: Box<str> },
    /// `of[index]`, `of[?index]`.
    Index { of: Box<Node>, index: Box<Node>, optional: bool },
    /// `a && b`.
    And(Box<[Node; 2]>),
    /// `a || b`.
    Or(Box<[Node; 2]>),
    /// `!a`.
    Not(Box<Node>),
    /// `-a`.
    Negate(Box<Node>),
    /// `a ? b : c`.
    If(Box<[Node; 3]>),
    /// Two values and an operator between them.
    Binary(Operator, Box<[Node; 2]>),
    /// `[a, ?b]`.
    List(Vec<Item>),
    /// `{"a": b, ?"c": d}`.
    Map(Vec<(Node, Item)>),
    /// `over.all(name, ...)` and the like.
    Macro(Box<Macro>),
    /// `text.matches("...")` with a literal pattern.
    Matches(Box<Node>, Regex),
    /// A function of `functions`.
    Call(&'static Function, Vec<Node>),
    /// `optional.none()`.
    None,
    /// `value.orValue(other)`, where `other` is only evaluated when it is needed.
    OrValue(Box<[Node; 2]>),
    /// `value.or(other)`, likewise.
    OrOptional(Box<[Node; 2]>),
}

/// An element of a list or a value of a map; with `optional`, it may have no value and is then left out.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) node: Node,
    pub(crate) optional: bool,
}

/// `over.all(name, body)`.
#[derive(Debug, Clone)]
pub(crate) struct Macro {
    pub(crate) fold: Fold,
    pub(crate) over: Node,
    pub(crate) slot: usize,
    pub(crate) name: Box<str>,
    /// The condition of `all`, `exists`, `exists_one`, `filter` and the three-part `map`.
    pub(crate) condition: Option<Node>,
    /// What `map` makes of an element.
    pub(crate) transform: Option<Node>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fold {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}

impl Fold {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Exists => "exists",
            Self::ExistsOne => "exists_one",
            Self::Filter => "filter",
            Self::Map => "map",
        }
    }
}

/// The variables that every condition sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Variable {
    Resource,
    Tags,
    Meta,
    Params,
    Org,
    Now,
}

impl Variable {
    pub(crate) const ALL: [Self; 6] =
        [Self::Resource, Self::Tags, Self::Meta, Self::Params, Self::Org, Self::Now];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Resource => "resource",
            Self::Tags => "tags",
            Self::Meta => "meta",
            Self::Params => "params",
            Self::Org => "org",
            Self::Now => "now",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

impl Operator {
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::In => "in",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Modulo => "%",
        }
    }
}

impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Node {
    /// The parts of this expression, in the order they are written.
    pub(crate) fn parts(&self) -> Vec<&Node> {
        match &self.kind {
            Kind::Constant(_)
            | Kind::Time(_)
            | Kind::Duration(_)
            | Kind::Variable(_)
            | Kind::Local { .. }
            | Kind::None => Vec::new(),
            Kind::Select { of, .. } | Kind::Has { of, .. } | Kind::OptionalSelect { of, .. } => vec![of],
            Kind::Not(of) | Kind::Negate(of) | Kind::Matches(of, _) => vec![of],
            Kind::Index { of, index, .. } => vec![of, index],
            Kind::And(two) | Kind::Or(two) | Kind::Binary(_, two) => two.iter().collect(),
            Kind::OrValue(two) | Kind::OrOptional(two) => two.iter().collect(),
            Kind::If(three) => three.iter().collect(),
            Kind::List(items) => items.iter().map(|item| &item.node).collect(),
            Kind::Map(entries) => entries.iter().flat_map(|(key, item)| [key, &item.node]).collect(),
            Kind::Macro(it) => {
                [Some(&it.over), it.condition.as_ref(), it.transform.as_ref()].into_iter().flatten().collect()
            }
            Kind::Call(_, arguments) => arguments.iter().collect(),
        }
    }
}
