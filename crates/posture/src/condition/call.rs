//! Calls: macros, optionals and functions.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr};
use jiff::Timestamp;
use regex::{Regex, RegexBuilder};
use serde_json::Value as Json;

use super::compile::Compiler;
use super::tree::{Fold, Kind, Macro, Node};
use crate::functions::{self, Function};
use crate::nearest::did_you_mean;

/// Names that calls can have besides those of the functions.
const BUILT_IN: [&str; 9] =
    ["has", "all", "exists", "exists_one", "existsOne", "filter", "map", "orValue", "or"];

pub(super) fn compile(compiler: &mut Compiler<'_>, call: &CallExpr, offset: usize) -> Node {
    if let Some(kind) = built_in(compiler, call, offset) {
        return Node { kind, offset };
    }
    let mut arguments: Vec<Node> = call.target.iter().map(|target| compiler.node(target)).collect();
    let is_method = call.target.is_some();
    arguments.extend(call.args.iter().map(|argument| compiler.node(argument)));
    let Some(function) = functions::find(&call.func_name, is_method) else {
        return unknown(compiler, call, offset);
    };
    if !function.arguments.contains(&arguments.len()) {
        let message = format!("`{}` is called as `{}`", call.func_name, function.usage);
        return compiler.refuse(offset, "rule/function-arguments", message, None);
    }
    match prepared(function, &arguments) {
        Ok(Some(kind)) => Node { kind, offset },
        Ok(None) => Node { kind: Kind::Call(function, arguments), offset },
        Err(message) => {
            compiler.refuse(arguments[arguments.len() - 1].offset, "rule/condition-type", message, None)
        }
    }
}

fn unknown(compiler: &mut Compiler<'_>, call: &CallExpr, offset: usize) -> Node {
    let name = &call.func_name;
    let is_method = call.target.is_some();
    let help = match functions::find(name, !is_method) {
        Some(function) => Some(format!("it is called as `{}`", function.usage)),
        None => did_you_mean(name, functions::names().chain(BUILT_IN)),
    };
    let what = if is_method { "method" } else { "function" };
    compiler.refuse(offset, "rule/unknown-function", format!("there is no {what} `{name}`"), help)
}

/// What is no function: its arguments are not simply evaluated one after the other.
fn built_in(compiler: &mut Compiler<'_>, call: &CallExpr, offset: usize) -> Option<Kind> {
    let arguments = call.args.as_slice();
    Some(match (call.func_name.as_str(), call.target.as_deref(), arguments) {
        ("has", None, [of]) => has(compiler, of, offset),
        ("none", Some(target), []) if is_optional_namespace(target) => Kind::None,
        ("of", Some(target), [_]) if is_optional_namespace(target) => {
            let function = functions::find("optional.of", false)?;
            Kind::Call(function, vec![compiler.node(&arguments[0])])
        }
        ("orValue", Some(target), [other]) => {
            Kind::OrValue(Box::new([compiler.node(target), compiler.node(other)]))
        }
        ("or", Some(target), [other]) => {
            Kind::OrOptional(Box::new([compiler.node(target), compiler.node(other)]))
        }
        ("all", Some(target), [name, body]) => fold(compiler, Fold::All, target, name, Some(body), None),
        ("exists", Some(target), [name, body]) => {
            fold(compiler, Fold::Exists, target, name, Some(body), None)
        }
        ("exists_one" | "existsOne", Some(target), [name, body]) => {
            fold(compiler, Fold::ExistsOne, target, name, Some(body), None)
        }
        ("filter", Some(target), [name, body]) => {
            fold(compiler, Fold::Filter, target, name, Some(body), None)
        }
        ("map", Some(target), [name, body]) => fold(compiler, Fold::Map, target, name, None, Some(body)),
        ("map", Some(target), [name, condition, body]) => {
            fold(compiler, Fold::Map, target, name, Some(condition), Some(body))
        }
        (macro_name, target, _) if BUILT_IN.contains(&macro_name) => {
            let usage = match (macro_name, target) {
                ("has", _) => "has(a.b)".to_owned(),
                ("orValue" | "or", _) => format!("value.{macro_name}(other)"),
                _ => format!("list.{macro_name}(name, expression)"),
            };
            let message = format!("`{macro_name}` is called as `{usage}`");
            compiler.refuse(offset, "rule/function-arguments", message, None).kind
        }
        _ => return None,
    })
}

fn is_optional_namespace(target: &IdedExpr) -> bool {
    matches!(&target.expr, Expr::Ident(name) if name == "optional")
}

fn has(compiler: &mut Compiler<'_>, of: &IdedExpr, offset: usize) -> Kind {
    match compiler.node(of).kind {
        Kind::Select { of, field } => Kind::Has { of, field },
        _ => {
            let message = "`has` asks for a field: `has(a.b)`";
            compiler.refuse(offset, "rule/function-arguments", message, None).kind
        }
    }
}

fn fold(
    compiler: &mut Compiler<'_>,
    fold: Fold,
    over: &IdedExpr,
    name: &IdedExpr,
    condition: Option<&IdedExpr>,
    transform: Option<&IdedExpr>,
) -> Kind {
    let over = compiler.node(over);
    let Expr::Ident(name) = &name.expr else {
        let message = format!("the first argument of `{}` is a plain name", fold.name());
        return compiler.refuse(over.offset, "rule/function-arguments", message, None).kind;
    };
    let slot = compiler.next_slot();
    let (condition, transform) = compiler.with_name(name, |compiler| {
        (condition.map(|it| compiler.node(it)), transform.map(|it| compiler.node(it)))
    });
    Kind::Macro(Box::new(Macro { fold, over, slot, name: name.as_str().into(), condition, transform }))
}

/// Calls whose answer, or the costly part of it, is known beforehand.
fn prepared(function: &Function, arguments: &[Node]) -> Result<Option<Kind>, String> {
    let Some(Kind::Constant(Json::String(text))) = arguments.last().map(|argument| &argument.kind) else {
        return Ok(None);
    };
    match function.name {
        "timestamp" => match text.parse::<Timestamp>() {
            Ok(time) => Ok(Some(Kind::Time(time))),
            Err(_) => Err(format!("`{text}` is not a time such as 2026-01-31T00:00:00Z")),
        },
        "duration" => match functions::parse_duration(text) {
            Some(duration) => Ok(Some(Kind::Duration(duration))),
            None => Err(format!("`{text}` is not a duration such as 90m or 36h")),
        },
        "matches" => match pattern(text) {
            Ok(pattern) => Ok(Some(Kind::Matches(Box::new(arguments[0].clone()), pattern))),
            Err(_) => Err(format!("`{text}` is not a regular expression")),
        },
        _ => Ok(None),
    }
}

/// Memory that one pattern may use, on each thread, to be faster.
const CACHE: usize = 64 * 1024;

/// A pattern, made once however many conditions write it: most stand twice in a rule, in its condition and in its evidence.
fn pattern(text: &str) -> Result<Regex, regex::Error> {
    static MADE: LazyLock<Mutex<HashMap<Box<str>, Regex>>> = LazyLock::new(Mutex::default);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = made.get(text) {
        return Ok(known.clone());
    }
    let new = RegexBuilder::new(text).dfa_size_limit(CACHE).build()?;
    made.insert(text.into(), new.clone());
    Ok(new)
}
