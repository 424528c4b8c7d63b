//! Functions that reach other resources of the account.

use super::{Function, function, text};
use crate::condition::{Fault, Scope, Value, tags_of};

pub(super) const FUNCTIONS: &[Function] = &[
    function("account", 1..=1, "account(type)", account),
    function("region", 1..=2, "region(type, name)", region),
    function("related", 1..=1, "related(type)", related),
    function("meta", 1..=1, "meta(resource)", meta),
    function("tags", 1..=1, "tags(resource)", tags),
];

type Answer<'a> = Result<Value<'a>, Fault<'a>>;

fn account<'a>(scope: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    scope.around.account(text("account", &arguments[0])?)
}

fn region<'a>(scope: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    let resource_type = text("region", &arguments[0])?;
    match arguments.get(1) {
        Some(name) => scope.around.region_named(resource_type, text("region", name)?),
        None => scope.around.region(resource_type, &scope.resource.key.region),
    }
}

fn related<'a>(scope: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    scope.around.related(scope.resource, text("related", &arguments[0])?)
}

fn meta<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    match &arguments[0] {
        Value::Resource(resource) => Ok(Value::Meta(resource)),
        other => Err(Fault::wrong_type("meta", other.type_name())),
    }
}

fn tags<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    match &arguments[0] {
        Value::Resource(resource) => tags_of(resource),
        other => Err(Fault::wrong_type("tags", other.type_name())),
    }
}
