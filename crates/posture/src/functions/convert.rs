//! From one type to another; times, durations and optionals.

use jiff::{SignedDuration, Timestamp};

use super::{Function, function, method, text};
use crate::condition::{Failure, Fault, Scope, Value, duration_text};

pub(super) const FUNCTIONS: &[Function] = &[
    function("int", 1..=1, "int(value)", int),
    function("double", 1..=1, "double(value)", double),
    function("string", 1..=1, "string(value)", string),
    function("timestamp", 1..=1, "timestamp(text)", timestamp),
    function("duration", 1..=1, "duration(text)", duration),
    function("age_days", 1..=1, "age_days(time)", age_days),
    function("optional.of", 1..=1, "optional.of(value)", optional_of),
    method("hasValue", 1..=1, "optional.hasValue()", has_value),
    method("value", 1..=1, "optional.value()", value),
];

type Answer<'a> = Result<Value<'a>, Fault<'a>>;

#[expect(clippy::cast_possible_truncation, reason = "the range is checked first, as in the library")]
#[expect(clippy::cast_precision_loss, reason = "the bounds of the range are powers of two")]
fn int<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    let of = &arguments[0];
    Ok(Value::Int(match of {
        Value::Int(it) => *it,
        Value::Double(it) if *it > i64::MIN as f64 && *it < i64::MAX as f64 => *it as i64,
        Value::Double(_) => return Err(Failure::Overflow.into()),
        Value::Time(it) => it.as_second(),
        _ => {
            let text = text("int", of)?;
            text.parse().map_err(|_| Fault::other(format!("`{text}` is not an int")))?
        }
    }))
}

#[expect(clippy::cast_precision_loss, reason = "as in CEL")]
fn double<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    let of = &arguments[0];
    Ok(Value::Double(match of {
        Value::Int(it) => *it as f64,
        Value::Double(it) => *it,
        _ => {
            let text = text("double", of)?;
            text.parse().map_err(|_| Fault::other(format!("`{text}` is not a number")))?
        }
    }))
}

fn string<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    Ok(match &arguments[0] {
        it @ (Value::Str(_) | Value::Text(_)) => it.clone(),
        Value::Bool(it) => Value::text(it.to_string()),
        Value::Int(it) => Value::text(it.to_string()),
        Value::Double(it) => Value::text(it.to_string()),
        Value::Time(it) => Value::text(it.to_string()),
        Value::Duration(it) => Value::text(duration_text(*it)),
        other => return Err(Fault::wrong_type("string", other.type_name())),
    })
}

fn timestamp<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    time("timestamp", &arguments[0]).map(Value::Time)
}

fn time<'a>(name: &'static str, of: &Value<'a>) -> Result<Timestamp, Fault<'a>> {
    if let Value::Time(it) = of {
        return Ok(*it);
    }
    let text = text(name, of)?;
    text.parse().map_err(|_| Fault::other(format!("`{text}` is not a time such as 2026-01-31T00:00:00Z")))
}

fn duration<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    if let Value::Duration(it) = &arguments[0] {
        return Ok(Value::Duration(*it));
    }
    let text = text("duration", &arguments[0])?;
    let duration = parse_duration(text);
    duration
        .map(Value::Duration)
        .ok_or_else(|| Fault::other(format!("`{text}` is not a duration such as 90m")))
}

/// Go's spelling, which CEL took over: `1h30m`, `1.5h`, `-90s`, `0`.
pub(crate) fn parse_duration(text: &str) -> Option<SignedDuration> {
    const UNITS: [(&str, i64); 7] = [
        ("ns", 1),
        ("us", 1_000),
        ("µs", 1_000),
        ("ms", 1_000_000),
        ("h", 3_600_000_000_000),
        ("m", 60_000_000_000),
        ("s", 1_000_000_000),
    ];
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(SignedDuration::ZERO);
    }
    let mut nanos: i128 = 0;
    while !rest.is_empty() || nanos == 0 {
        let digits = rest.find(|it: char| !it.is_ascii_digit() && it != '.')?;
        let (number, behind) = rest.split_at(digits);
        let (unit, size) = UNITS.into_iter().find(|(unit, _)| behind.starts_with(unit))?;
        rest = &behind[unit.len()..];
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.len() > 18 {
            return None;
        }
        let size = i128::from(size);
        nanos += if whole.is_empty() { 0 } else { i128::from(whole.parse::<u64>().ok()?) * size };
        if !fraction.is_empty() {
            let scale = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
            nanos += i128::from(fraction.parse::<u64>().ok()?) * size / scale;
        }
        if rest.is_empty() {
            break;
        }
    }
    let nanos = if negative { -nanos } else { nanos };
    i64::try_from(nanos).ok().map(SignedDuration::from_nanos)
}

fn age_days<'a>(scope: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    let since = time("age_days", &arguments[0])?;
    let age = scope.around.now.duration_since(since);
    // Whole days towards the past: a moment ago is 0, a moment ahead is -1.
    Ok(Value::Int(age.as_secs().div_euclid(24 * 60 * 60)))
}

fn optional_of<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    Ok(Value::some(arguments[0].clone()))
}

fn has_value<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    match &arguments[0] {
        Value::Optional(it) => Ok(Value::Bool(it.is_some())),
        other => Err(Fault::wrong_type("hasValue", other.type_name())),
    }
}

fn value<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    match &arguments[0] {
        Value::Optional(Some(it)) => Ok((**it).clone()),
        Value::Optional(None) => Err(Failure::NoValue.into()),
        other => Err(Fault::wrong_type("value", other.type_name())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_spelled_as_in_go() {
        let seconds = |text| parse_duration(text).map(|it| it.as_secs());
        assert_eq!(seconds("1h30m"), Some(5400));
        assert_eq!(seconds("1.5h"), Some(5400));
        assert_eq!(seconds("-90s"), Some(-90));
        assert_eq!(seconds("0"), Some(0));
        assert_eq!(parse_duration("250ms").map(|it| it.as_millis()), Some(250));
        for wrong in ["", "1", "h", "1d", "1h 30m", "1h30", ".h", "9999999999h"] {
            assert_eq!(parse_duration(wrong), None, "{wrong}");
        }
    }
}
