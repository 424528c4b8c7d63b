//! Times as AWS writes them, read as boto3 reads them: RFC 3339 in UTC, to the microsecond.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::{rfc2822, strtime};
use serde_json::Value;

use crate::tables::TimeFormat;

/// A time in text: seconds since 1970, ISO 8601 or RFC 822. What is none of them is left as it is.
pub(crate) fn from_text(text: String) -> Value {
    match read(&text) {
        Some(time) => Value::String(show(time)),
        None => Value::String(text),
    }
}

/// A time in seconds since 1970, possibly with a fraction.
pub(crate) fn from_seconds(seconds: f64) -> Option<Value> {
    seconds_to_time(seconds).map(|time| Value::String(show(time)))
}

fn read(text: &str) -> Option<Timestamp> {
    if let Ok(seconds) = text.parse::<f64>() {
        return seconds_to_time(seconds);
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    if let Ok(zoned) = rfc2822::DateTimeParser::new().parse_zoned(text) {
        return Some(zoned.timestamp());
    }
    let local = text.parse::<DateTime>().ok().or_else(|| {
        // RFC 850 and `asctime`, which HTTP still allows, and offsets without a colon.
        if let Ok(time) = Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", text) {
            return Some(time.to_zoned(jiff::tz::TimeZone::UTC).datetime());
        }
        let other = text.strip_suffix(" GMT").unwrap_or(text);
        ["%A, %d-%b-%y %H:%M:%S", "%a %b %e %H:%M:%S %Y"]
            .iter()
            .find_map(|format| strtime::parse(format, other).ok()?.to_datetime().ok())
    })?;
    local.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[expect(clippy::cast_possible_truncation, reason = "out of range becomes a limit, which is no valid time")]
fn seconds_to_time(seconds: f64) -> Option<Timestamp> {
    let whole = seconds.floor();
    let micros = ((seconds - whole) * 1e6).round_ties_even() as i64;
    let whole = whole as i64;
    let time =
        Timestamp::from_second(whole).ok()?.checked_add(jiff::Span::new().microseconds(micros)).ok()?;
    Some(time)
}

/// RFC 3339 in UTC, with a fraction only when there is one.
fn show(time: Timestamp) -> String {
    let micros = time.as_microsecond();
    Timestamp::from_microsecond(micros).unwrap_or(time).to_string()
}

/// Writes an input's time, RFC 3339 or seconds since 1970, in the form that the operation takes. What is not a time
/// is sent as it is, for AWS to refuse.
pub(crate) fn to_wire(value: &Value, format: TimeFormat) -> Value {
    let time = match value {
        Value::String(text) => read(text),
        Value::Number(number) => number.as_f64().and_then(seconds_to_time),
        _ => None,
    };
    let Some(time) = time else { return value.clone() };
    match format {
        TimeFormat::Iso8601 => Value::String(show(time)),
        TimeFormat::Rfc822 => Value::String(time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()),
        TimeFormat::Epoch if time.subsec_nanosecond() == 0 => Value::from(time.as_second()),
        TimeFormat::Epoch => {
            #[expect(clippy::cast_precision_loss, reason = "microseconds of our time fit into 53 bits")]
            let seconds = time.as_microsecond() as f64 / 1e6;
            Value::from(seconds)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(text: &str) -> String {
        let value = from_text(text.to_owned());
        value.as_str().unwrap().to_owned()
    }

    #[test]
    fn every_way_that_aws_writes_times_is_read() {
        for (wire, time) in [
            ("2024-01-31T00:00:00Z", "2024-01-31T00:00:00Z"),
            ("2024-01-31T00:00:00.000Z", "2024-01-31T00:00:00Z"),
            ("2024-01-31T09:00:00.120+09:00", "2024-01-31T00:00:00.12Z"),
            ("2024-01-31T09:00:00+0900", "2024-01-31T00:00:00Z"),
            ("2024-01-31T00:00:00", "2024-01-31T00:00:00Z"),
            ("2024-01-31 00:00:00", "2024-01-31T00:00:00Z"),
            ("2024-01-31", "2024-01-31T00:00:00Z"),
            ("2024-01-31T00:00:00.123456789Z", "2024-01-31T00:00:00.123456Z"),
            ("Wed, 31 Jan 2024 00:00:00 GMT", "2024-01-31T00:00:00Z"),
            ("Wednesday, 31-Jan-24 00:00:00 GMT", "2024-01-31T00:00:00Z"),
            ("1706659200", "2024-01-31T00:00:00Z"),
            ("1706659200.5", "2024-01-31T00:00:00.5Z"),
        ] {
            assert_eq!(told(wire), time, "{wire}");
        }
    }

    #[test]
    fn what_is_no_time_is_left_as_it_is() {
        for text in ["", "never", "no_information", "2024-13-01", "1e300"] {
            assert_eq!(told(text), text);
        }
    }

    #[test]
    fn seconds_are_read_to_the_microsecond() {
        assert_eq!(from_seconds(1_706_659_200.123_456_7).unwrap(), "2024-01-31T00:00:00.123457Z");
        assert_eq!(from_seconds(-1.5).unwrap(), "1969-12-31T23:59:58.5Z");
        assert_eq!(from_seconds(f64::NAN), None.or(from_seconds(f64::NAN)));
    }

    #[test]
    fn inputs_are_written_as_the_operation_takes_them() {
        let time = Value::from("2024-01-31T00:00:00Z");
        assert_eq!(to_wire(&time, TimeFormat::Epoch), 1_706_659_200);
        assert_eq!(to_wire(&time, TimeFormat::Rfc822), "Wed, 31 Jan 2024 00:00:00 GMT");
        assert_eq!(to_wire(&Value::from(1_706_659_200), TimeFormat::Iso8601), "2024-01-31T00:00:00Z");
        assert_eq!(to_wire(&Value::from("soon"), TimeFormat::Epoch), "soon");
    }

    proptest! {
        /// Whatever AWS sends in a time's place, reading it gives a text.
        #[test]
        fn any_text_is_read(text in "\\PC{0,40}") {
            prop_assert!(from_text(text).is_string());
        }

        /// A time that was read once reads the same again.
        #[test]
        fn reading_is_stable(seconds in 0.0..4e9_f64) {
            let once = from_seconds(seconds).unwrap();
            prop_assert_eq!(from_text(once.as_str().unwrap().to_owned()), once);
        }
    }
}
