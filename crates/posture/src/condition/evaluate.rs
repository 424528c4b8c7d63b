//! Evaluates a compiled condition on one resource.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value as Json;
use yagura_model::Resource;

use super::fault::{Failure, Fault};
use super::fold;
use super::operators::binary;
use super::tree::{Item, Kind, Node, Variable};
use super::value::{List, Value, tags_of};
use crate::functions::Function;
use crate::surroundings::Surroundings;

/// What a condition sees.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    /// The resource that is judged.
    pub(crate) resource: &'a Resource,
    /// The rule's parameters: an object.
    pub(crate) params: &'a Json,
    /// The account around it.
    pub(crate) around: &'a Surroundings<'a>,
}

/// One evaluation: the scope and the variables of macros.
pub(crate) struct Frame<'a> {
    pub(crate) scope: Scope<'a>,
    locals: Vec<Value<'a>>,
}

type Answer<'a> = Result<Value<'a>, Fault<'a>>;

impl<'a> Frame<'a> {
    pub(crate) fn new(scope: Scope<'a>) -> Self {
        Self { scope, locals: Vec::new() }
    }

    /// A condition's answer.
    pub(crate) fn bool(&mut self, node: &'a Node) -> Result<bool, Fault<'a>> {
        match self.value(node)? {
            Value::Bool(it) => Ok(it),
            other => Err(Fault::wrong_type("a condition", other.type_name())),
        }
    }

    /// Gives a macro's variable its value; what deeper macros left behind is dropped.
    pub(crate) fn set_local(&mut self, slot: usize, value: Value<'a>) {
        self.locals.truncate(slot);
        self.locals.push(value);
    }

    pub(super) fn local(&self, slot: usize) -> Answer<'a> {
        self.locals.get(slot).cloned().ok_or_else(|| Fault::other("a variable has no value"))
    }

    /// The value of an expression.
    pub(crate) fn value(&mut self, node: &'a Node) -> Answer<'a> {
        match &node.kind {
            Kind::Constant(json) => Ok(Value::from(json)),
            Kind::Time(time) => Ok(Value::Time(*time)),
            Kind::Duration(duration) => Ok(Value::Duration(*duration)),
            Kind::Variable(variable) => self.variable(*variable),
            Kind::Local { slot, .. } => self.local(*slot),
            Kind::Select { of, field } => {
                let of = self.value(of)?;
                select(of, field, node)
            }
            Kind::Has { of, field } => {
                let of = self.value(of)?;
                has(&of, field).map(Value::Bool)
            }
            Kind::OptionalSelect { of, field } => {
                let of = self.value(of)?;
                let Some(of) = unwrapped(&of) else { return Ok(Value::Optional(None)) };
                Ok(Value::Optional(of.field(field).transpose()?.flatten().map(Rc::new)))
            }
            Kind::Index { of, index, optional } => {
                let (of, index) = self.both(of, index)?;
                let optional = *optional || matches!(of, Value::Optional(_));
                let Some(of) = unwrapped(&of) else { return Ok(Value::Optional(None)) };
                match (element(of, &index, node), optional) {
                    (Ok(it), false) => Ok(it),
                    (Ok(it), true) => Ok(Value::some(it)),
                    (Err(fault), true) if !fault.is_unknown() => Ok(Value::Optional(None)),
                    (Err(fault), _) => Err(fault),
                }
            }
            Kind::And(two) => self.logic(two, false),
            Kind::Or(two) => self.logic(two, true),
            Kind::Not(of) => match self.value(of)? {
                Value::Bool(it) => Ok(Value::Bool(!it)),
                other => Err(Fault::wrong_type("!", other.type_name())),
            },
            Kind::Negate(of) => match self.value(of)? {
                Value::Int(it) => it.checked_neg().map(Value::Int).ok_or(Failure::Overflow.into()),
                Value::Double(it) => Ok(Value::Double(-it)),
                other => Err(Fault::wrong_type("-", other.type_name())),
            },
            Kind::If(three) => {
                let [condition, yes, no] = &**three;
                if self.bool(condition)? { self.value(yes) } else { self.value(no) }
            }
            Kind::Binary(operator, two) => {
                let (a, b) = self.both(&two[0], &two[1])?;
                binary(*operator, &a, &b)
            }
            Kind::List(items) => self.list(items),
            Kind::Map(entries) => self.map(entries),
            Kind::Macro(it) => fold::run(self, it),
            Kind::Matches(of, pattern) => {
                let of = self.value(of)?;
                let text = of.as_str().ok_or_else(|| Fault::wrong_type("matches", of.type_name()))?;
                Ok(Value::Bool(pattern.is_match(text)))
            }
            Kind::Call(function, arguments) => self.call(function, arguments),
            Kind::None => Ok(Value::Optional(None)),
            Kind::OrValue(two) => match self.optional("orValue", &two[0])? {
                Some(it) => Ok((*it).clone()),
                None => self.value(&two[1]),
            },
            Kind::OrOptional(two) => match self.optional("or", &two[0])? {
                Some(it) => Ok(Value::Optional(Some(it))),
                None => self.value(&two[1]),
            },
        }
    }

    fn variable(&self, variable: Variable) -> Answer<'a> {
        Ok(match variable {
            Variable::Resource => Value::Resource(self.scope.resource),
            Variable::Tags => return tags_of(self.scope.resource),
            Variable::Meta => Value::Meta(self.scope.resource),
            Variable::Params => Value::from(self.scope.params),
            Variable::Org => Value::from(&self.scope.around.org),
            Variable::Now => Value::Time(self.scope.around.now),
        })
    }

    /// Two values that are needed both. Of two that are missing, both are told.
    fn both(&mut self, a: &'a Node, b: &'a Node) -> Result<(Value<'a>, Value<'a>), Fault<'a>> {
        match self.value(a) {
            Ok(a) => Ok((a, self.value(b)?)),
            Err(fault) => Err(match self.value(b) {
                Ok(_) => fault,
                Err(other) => fault.and(other),
            }),
        }
    }

    /// `&&` with `decides` false, `||` with `decides` true: one side that decides is enough, whatever the other is.
    fn logic(&mut self, two: &'a [Node; 2], decides: bool) -> Answer<'a> {
        let left = self.bool(&two[0]);
        if matches!(left, Ok(it) if it == decides) {
            return Ok(Value::Bool(decides));
        }
        match (left, self.bool(&two[1])) {
            (_, Ok(it)) if it == decides => Ok(Value::Bool(decides)),
            (Ok(_), Ok(_)) => Ok(Value::Bool(!decides)),
            (Err(fault), Ok(_)) | (Ok(_), Err(fault)) => Err(fault),
            (Err(a), Err(b)) => Err(a.and(b)),
        }
    }

    fn optional(&mut self, method: &'static str, node: &'a Node) -> Result<Option<Rc<Value<'a>>>, Fault<'a>> {
        match self.value(node)? {
            Value::Optional(it) => Ok(it),
            other => Err(Fault::wrong_type(method, other.type_name())),
        }
    }

    fn call(&mut self, function: &'static Function, arguments: &'a [Node]) -> Answer<'a> {
        let scope = self.scope;
        match arguments {
            [one] => (function.run)(&scope, &[self.value(one)?]),
            [one, two] => {
                let (one, two) = self.both(one, two)?;
                (function.run)(&scope, &[one, two])
            }
            _ => {
                let values = self.all(arguments.iter())?;
                (function.run)(&scope, &values)
            }
        }
    }

    /// Many values that are all needed. Of those that are missing, all are told.
    fn all(&mut self, nodes: impl Iterator<Item = &'a Node>) -> Result<Vec<Value<'a>>, Fault<'a>> {
        let mut values = Vec::new();
        let mut missing: Option<Fault<'a>> = None;
        for node in nodes {
            match self.value(node) {
                Ok(value) => values.push(value),
                Err(fault) => missing = Some(Fault::together(missing, fault)),
            }
        }
        missing.map_or(Ok(values), Err)
    }

    fn list(&mut self, items: &'a [Item]) -> Answer<'a> {
        let values = self.all(items.iter().map(|item| &item.node))?;
        let kept = values.into_iter().zip(items).filter_map(|(value, item)| kept(value, item.optional));
        Ok(List::of(kept.collect()))
    }

    fn map(&mut self, entries: &'a [(Node, Item)]) -> Answer<'a> {
        let keys = self.all(entries.iter().map(|(key, _)| key));
        let values = self.all(entries.iter().map(|(_, item)| &item.node));
        let (keys, values) = match (keys, values) {
            (Ok(keys), Ok(values)) => (keys, values),
            (Err(a), Err(b)) => return Err(a.and(b)),
            (Err(fault), _) | (_, Err(fault)) => return Err(fault),
        };
        let mut map = BTreeMap::new();
        for ((key, value), (_, item)) in keys.into_iter().zip(values).zip(entries) {
            let text = key.as_str().ok_or_else(|| Fault::wrong_type("the key of a map", key.type_name()))?;
            let Some(value) = kept(value, item.optional) else { continue };
            if map.insert(Rc::from(text), value).is_some() {
                return Err(Fault::other(format!("a map has the key `{text}` twice")));
            }
        }
        Ok(Value::Map(Rc::new(map)))
    }
}

/// An element that may have no value is left out when it has none.
fn kept(value: Value<'_>, optional: bool) -> Option<Value<'_>> {
    match value {
        Value::Optional(it) if optional => it.map(|it| (*it).clone()),
        value => Some(value),
    }
}

/// What an optional holds, or the value itself when it is none; `None` when the optional is empty.
fn unwrapped<'v, 'a>(value: &'v Value<'a>) -> Option<&'v Value<'a>> {
    match value {
        Value::Optional(it) => it.as_deref(),
        value => Some(value),
    }
}

fn select<'a>(of: Value<'a>, field: &str, node: &'a Node) -> Answer<'a> {
    if let Value::Optional(it) = &of {
        let Some(it) = it else { return Ok(of) };
        let found = it.field(field).ok_or_else(|| Fault::wrong_type(".", it.type_name()))??;
        return Ok(Value::Optional(found.map(Rc::new)));
    }
    match of.field(field) {
        Some(found) => found?.ok_or(Fault::Missing(node)),
        None if matches!(of, Value::Null) => Err(Fault::Missing(node)),
        None => Err(Fault::wrong_type(".", of.type_name())),
    }
}

fn has<'a>(of: &Value<'a>, field: &str) -> Result<bool, Fault<'a>> {
    let Some(of) = unwrapped(of) else { return Ok(false) };
    Ok(of.field(field).ok_or_else(|| Fault::wrong_type("has", of.type_name()))??.is_some())
}

/// `of[index]`.
fn element<'a>(of: &Value<'a>, index: &Value<'a>, node: &'a Node) -> Answer<'a> {
    if let Some(elements) = of.elements() {
        let position = position(index)?;
        // Nobody knows which element that would be.
        elements.complete()?;
        return usize::try_from(position)
            .ok()
            .and_then(|position| elements.get(position))
            .ok_or(Failure::OutOfBounds(position).into());
    }
    match (index.as_str(), of.is_map()) {
        (Some(key), true) => of.field(key).transpose()?.flatten().ok_or(Fault::Missing(node)),
        (_, true) => Err(Fault::wrong_type("the key of a map", index.type_name())),
        (_, false) if matches!(of, Value::Null) => Err(Fault::Missing(node)),
        (_, false) => Err(Fault::wrong_type("[]", of.type_name())),
    }
}

/// A whole number may be a double, as in the library.
#[expect(clippy::cast_possible_truncation, reason = "only whole doubles in the range of an int get there")]
fn position<'a>(index: &Value<'a>) -> Result<i64, Fault<'a>> {
    match index {
        Value::Int(it) => Ok(*it),
        Value::Double(it) if it.fract() == 0.0 && it.abs() < 9e15 => Ok(*it as i64),
        other => Err(Fault::wrong_type("[]", other.type_name())),
    }
}
