//! Functions over texts.

use regex::Regex;

use super::{Function, function, method, text};
use crate::condition::{Fault, List, Scope, Value};
use yagura_model::glob;

pub(super) const FUNCTIONS: &[Function] = &[
    method("contains", 2..=2, "text.contains(part)", contains),
    method("startsWith", 2..=2, "text.startsWith(part)", starts_with),
    method("endsWith", 2..=2, "text.endsWith(part)", ends_with),
    method("matches", 2..=2, "text.matches(expression)", matches),
    function("matches", 2..=2, "matches(text, expression)", matches),
    function("glob", 2..=2, "glob(text, pattern)", glob),
    function("lower", 1..=1, "lower(text)", lower),
    function("words", 1..=1, "words(text)", words),
    function("secret", 2..=2, "secret(name, value)", secret),
    function("secret_in", 1..=1, "secret_in(text)", secret_in),
];

type Answer<'a> = Result<Value<'a>, Fault<'a>>;

fn contains<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    two("contains", arguments, |text, part| text.contains(part))
}

fn starts_with<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    two("startsWith", arguments, |text, part| text.starts_with(part))
}

fn ends_with<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    two("endsWith", arguments, |text, part| text.ends_with(part))
}

fn glob<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    two("glob", arguments, |text, pattern| glob::matches(pattern, text))
}

fn two<'a>(name: &'static str, arguments: &[Value<'a>], ask: impl Fn(&str, &str) -> bool) -> Answer<'a> {
    Ok(Value::Bool(ask(text(name, &arguments[0])?, text(name, &arguments[1])?)))
}

fn matches<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    let (of, pattern) = (text("matches", &arguments[0])?, text("matches", &arguments[1])?);
    let pattern =
        Regex::new(pattern).map_err(|_| Fault::other(format!("`{pattern}` is not a regular expression")))?;
    Ok(Value::Bool(pattern.is_match(of)))
}

fn secret<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    two("secret", arguments, |name, value| yagura_secrets::find(name, value).is_some())
}

fn secret_in<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    Ok(Value::Bool(yagura_secrets::find_in(text("secret_in", &arguments[0])?).is_some()))
}

fn lower<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    Ok(Value::text(text("lower", &arguments[0])?.to_lowercase()))
}

/// The parts between commas and white space, as AWS Config writes lists in parameters.
fn words<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    let parts = text("words", &arguments[0])?.split(|it: char| it == ',' || it.is_whitespace());
    Ok(List::of(parts.filter(|part| !part.is_empty()).map(Value::text).collect()))
}
