//! What operators make of two values. The answers are those of the `cel` crate.

use std::cmp::Ordering;

use jiff::SignedDuration;

use super::fault::{Failure, Fault};
use super::tree::Operator;
use super::value::{List, Value};

/// `a operator b`.
pub(super) fn binary<'a>(operator: Operator, a: &Value<'a>, b: &Value<'a>) -> Result<Value<'a>, Fault<'a>> {
    let bool = match operator {
        Operator::Equal => equal(a, b)?,
        Operator::NotEqual => !equal(a, b)?,
        Operator::Less => compare(operator, a, b)? == Ordering::Less,
        Operator::LessEqual => compare(operator, a, b)? != Ordering::Greater,
        Operator::Greater => compare(operator, a, b)? == Ordering::Greater,
        Operator::GreaterEqual => compare(operator, a, b)? != Ordering::Less,
        Operator::In => contains(b, a)?,
        Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Modulo => {
            return calculate(operator, a, b);
        }
    };
    Ok(Value::Bool(bool))
}

fn types<'a>(operator: Operator, a: &Value<'a>, b: &Value<'a>) -> Fault<'a> {
    let (left, right) = (a.type_name(), b.type_name());
    Failure::Types { operator: operator.symbol(), left, right }.into()
}

/// Equality; values of different types are not equal. Fails only when part of a value was not read.
pub(crate) fn equal<'a>(a: &Value<'a>, b: &Value<'a>) -> Result<bool, Fault<'a>> {
    if let (Some(a), Some(b)) = (a.as_str(), b.as_str()) {
        return Ok(a == b);
    }
    Ok(match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Time(a), Value::Time(b)) => a == b,
        (Value::Duration(a), Value::Duration(b)) => a == b,
        (Value::Int(_) | Value::Double(_), Value::Int(_) | Value::Double(_)) => {
            numbers(a, b) == Some(Ordering::Equal)
        }
        (Value::Optional(a), Value::Optional(b)) => match (a, b) {
            (None, None) => true,
            (Some(a), Some(b)) => equal(a, b)?,
            _ => false,
        },
        _ => match (a.elements(), b.elements()) {
            (Some(a), Some(b)) => {
                a.complete()?;
                b.complete()?;
                if a.len() != b.len() {
                    return Ok(false);
                }
                for (a, b) in a.iter().zip(b.iter()) {
                    if !equal(&a, &b)? {
                        return Ok(false);
                    }
                }
                true
            }
            (None, None) if a.is_map() && b.is_map() => equal_maps(a, b)?,
            _ => false,
        },
    })
}

fn equal_maps<'a>(a: &Value<'a>, b: &Value<'a>) -> Result<bool, Fault<'a>> {
    let (Some(mine), Some(theirs)) = (a.keys()?, b.keys()?) else { return Ok(false) };
    if mine.len() != theirs.len() {
        return Ok(false);
    }
    for key in mine {
        let (Some(mine), Some(theirs)) = (a.field(&key), b.field(&key)) else { return Ok(false) };
        match (mine?, theirs?) {
            (Some(mine), Some(theirs)) if equal(&mine, &theirs)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

#[expect(clippy::cast_precision_loss, reason = "the library compares an int with a double this way")]
fn numbers(a: &Value<'_>, b: &Value<'_>) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Double(a), Value::Double(b)) => a.partial_cmp(b),
        (Value::Int(a), Value::Double(b)) => (*a as f64).partial_cmp(b),
        (Value::Double(a), Value::Int(b)) => a.partial_cmp(&(*b as f64)),
        _ => None,
    }
}

fn compare<'a>(operator: Operator, a: &Value<'a>, b: &Value<'a>) -> Result<Ordering, Fault<'a>> {
    if let (Some(a), Some(b)) = (a.as_str(), b.as_str()) {
        return Ok(a.cmp(b));
    }
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
        _ => numbers(a, b),
    }
    .ok_or_else(|| types(operator, a, b))
}

/// `value in container`.
pub(crate) fn contains<'a>(container: &Value<'a>, value: &Value<'a>) -> Result<bool, Fault<'a>> {
    if let Some(elements) = container.elements() {
        let mut unknown: Option<Fault<'a>> = elements.complete().err();
        for element in elements.iter() {
            match equal(&element, value) {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(fault) => unknown = Some(Fault::together(unknown, fault)),
            }
        }
        return unknown.map_or(Ok(false), Err);
    }
    let failed = || types(Operator::In, value, container);
    match value.as_str() {
        Some(key) => Ok(container.field(key).ok_or_else(failed)??.is_some()),
        None if container.is_map() && matches!(value, Value::Bool(_) | Value::Int(_) | Value::Double(_)) => {
            Ok(false)
        }
        None => Err(failed()),
    }
}

fn calculate<'a>(operator: Operator, a: &Value<'a>, b: &Value<'a>) -> Result<Value<'a>, Fault<'a>> {
    use Operator::{Add, Divide, Modulo, Multiply, Subtract};
    let too_large = || Fault::from(Failure::Overflow);
    Ok(match (operator, a, b) {
        (Divide | Modulo, Value::Int(_), Value::Int(0)) => {
            return Err(Failure::DivisionByZero.into());
        }
        (_, Value::Int(a), Value::Int(b)) => Value::Int(
            match operator {
                Add => a.checked_add(*b),
                Subtract => a.checked_sub(*b),
                Multiply => a.checked_mul(*b),
                Divide => a.checked_div(*b),
                _ => a.checked_rem(*b),
            }
            .ok_or_else(too_large)?,
        ),
        (Add, Value::Double(a), Value::Double(b)) => Value::Double(a + b),
        (Subtract, Value::Double(a), Value::Double(b)) => Value::Double(a - b),
        (Multiply, Value::Double(a), Value::Double(b)) => Value::Double(a * b),
        (Divide, Value::Double(a), Value::Double(b)) => Value::Double(a / b),
        (Add, Value::Time(time), Value::Duration(by)) | (Add, Value::Duration(by), Value::Time(time)) => {
            Value::Time(time.checked_add(*by).map_err(|_| too_large())?)
        }
        (Subtract, Value::Time(time), Value::Duration(by)) => {
            Value::Time(time.checked_sub(*by).map_err(|_| too_large())?)
        }
        (Subtract, Value::Time(a), Value::Time(b)) => Value::Duration(a.duration_since(*b)),
        (Add, Value::Duration(a), Value::Duration(b)) => sum(a.checked_add(*b)).ok_or_else(too_large)?,
        (Subtract, Value::Duration(a), Value::Duration(b)) => sum(a.checked_sub(*b)).ok_or_else(too_large)?,
        (Add, ..) => return join(a, b).ok_or_else(|| types(operator, a, b)),
        _ => return Err(types(operator, a, b)),
    })
}

fn sum<'a>(duration: Option<SignedDuration>) -> Option<Value<'a>> {
    duration.map(Value::Duration)
}

/// Two texts or two lists, one behind the other.
fn join<'a>(a: &Value<'a>, b: &Value<'a>) -> Option<Value<'a>> {
    if let (Some(a), Some(b)) = (a.as_str(), b.as_str()) {
        return Some(Value::text(format!("{a}{b}")));
    }
    let (a, b) = (a.elements()?, b.elements()?);
    let mut list = List { items: a.iter().chain(b.iter()).collect(), lacking: None };
    for fault in a.lacking().into_iter().chain(b.lacking()) {
        list.lacks(fault);
    }
    Some(list.into())
}
