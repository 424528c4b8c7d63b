//! Functions over lists.

use super::{Function, function, method};
use crate::condition::{Fault, List, Scope, Value, equal};

pub(super) const FUNCTIONS: &[Function] = &[
    function("size", 1..=1, "size(value)", size),
    method("size", 1..=1, "value.size()", size),
    function("flatten", 1..=1, "flatten(lists)", flatten),
    function("distinct", 1..=1, "distinct(list)", distinct),
];

type Answer<'a> = Result<Value<'a>, Fault<'a>>;

fn size<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    let of = &arguments[0];
    let count = match (of.as_str(), of.elements()) {
        (Some(text), _) => text.chars().count(),
        (_, Some(elements)) => {
            elements.complete()?;
            elements.len()
        }
        _ => of.keys()?.ok_or_else(|| Fault::wrong_type("size", of.type_name()))?.len(),
    };
    Ok(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)))
}

fn flatten<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    let of = &arguments[0];
    let lists = of.elements().ok_or_else(|| Fault::wrong_type("flatten", of.type_name()))?;
    let mut all = List { items: Vec::new(), lacking: lists.lacking().cloned() };
    for list in lists.iter() {
        match list.elements() {
            Some(elements) => {
                all.items.extend(elements.iter());
                if let Some(fault) = elements.lacking() {
                    all.lacks(fault);
                }
            }
            None => all.items.push(list),
        }
    }
    Ok(all.into())
}

fn distinct<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    let of = &arguments[0];
    let elements = of.elements().ok_or_else(|| Fault::wrong_type("distinct", of.type_name()))?;
    let mut all = List { items: Vec::new(), lacking: elements.lacking().cloned() };
    'elements: for element in elements.iter() {
        for known in &all.items {
            if equal(known, &element)? {
                continue 'elements;
            }
        }
        all.items.push(element);
    }
    Ok(all.into())
}
