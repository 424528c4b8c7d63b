//! The JSON protocols: requests by target header, and JSON bodies read straight into their final form.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::{AnswerError, Request, time_format, uuid};
use crate::tables::{Operation, Protocol, Service, Structure, StructureId, Type};
use crate::time;

/// Writes a request of the `json` protocol.
pub(super) fn request(service: &Service, operation: &Operation, input: &Map<String, Value>) -> Request {
    let body = match operation.input {
        Some(id) => body(service, service.structure(id), input),
        None => b"{}".to_vec(),
    };
    let mut headers = vec![
        ("content-type".to_owned(), format!("application/x-amz-json-{}", service.json_version)),
        ("x-amz-target".to_owned(), format!("{}.{}", service.target_prefix, operation.name)),
    ];
    if service.query_codes {
        headers.push(("x-amzn-query-mode".to_owned(), "true".to_owned()));
    }
    Request { method: "POST".into(), target: "/".to_owned(), headers, body, host_prefix: None }
}

/// A structure of the input as a JSON body; members that travel elsewhere are left out.
pub(super) fn body(service: &Service, shape: &Structure, input: &Map<String, Value>) -> Vec<u8> {
    Value::Object(structure(service, shape, input)).to_string().into_bytes()
}

fn structure(service: &Service, shape: &Structure, input: &Map<String, Value>) -> Map<String, Value> {
    let mut out = Map::new();
    for (name, value) in input.iter().filter(|(_, value)| !value.is_null()) {
        match shape.by_name(name) {
            Some(member) if member.place != crate::tables::Place::Body => {}
            Some(member) => {
                out.insert(member.wire.to_string(), to_wire(service, &member.shape, value));
            }
            None => {
                out.insert(name.clone(), value.clone());
            }
        }
    }
    for member in shape.members.iter().filter(|member| member.token) {
        out.entry(&*member.wire).or_insert_with(|| Value::String(uuid()));
    }
    out
}

/// A value of the input as it travels in JSON.
pub(super) fn to_wire(service: &Service, shape: &Type, value: &Value) -> Value {
    match (shape, value) {
        (Type::Time(format), value) => time::to_wire(value, format.unwrap_or(time_format(service.protocol))),
        (Type::Structure(id), Value::Object(members)) => {
            Value::Object(structure(service, service.structure(*id), members))
        }
        (Type::List(list), Value::Array(elements)) => {
            elements.iter().map(|element| to_wire(service, &list.element, element)).collect()
        }
        (Type::Map(map), Value::Object(entries)) => Value::Object(
            entries.iter().map(|(key, value)| (key.clone(), to_wire(service, &map.value, value))).collect(),
        ),
        (_, value) => value.clone(),
    }
}

/// Whether scalars are taken as they were sent, or made what the table says. boto3 does the one for `json` and the
/// other for `rest-json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    AsSent,
    AsDescribed,
}

/// Reads a body.
pub(super) fn answer(
    service: &Service,
    output: Option<StructureId>,
    body: &[u8],
    strictness: Strictness,
) -> Result<Value, AnswerError> {
    let Some(output) = output else { return Ok(Value::Object(Map::new())) };
    read(service, &Type::Structure(output), body, strictness)
}

/// Reads a body of any type; no body at all is an empty object.
pub(super) fn read(
    service: &Service,
    shape: &Type,
    body: &[u8],
    strictness: Strictness,
) -> Result<Value, AnswerError> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(Map::new()));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = Shaped { service, shape, strictness }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| AnswerError(error.to_string()))?;
    match (value, shape) {
        (Value::Null, Type::Structure(_)) => Ok(Value::Object(Map::new())),
        (Value::Object(members), Type::Structure(_)) => Ok(Value::Object(members)),
        (_, Type::Structure(_)) => Err(AnswerError("an object is expected".to_owned())),
        (value, _) => Ok(value),
    }
}

/// Reads JSON by its type: members under their own names, times as RFC 3339, nothing where AWS sent `null`.
#[derive(Clone, Copy)]
struct Shaped<'a> {
    service: &'a Service,
    shape: &'a Type,
    strictness: Strictness,
}

impl<'a> Shaped<'a> {
    fn with(self, shape: &'a Type) -> Self {
        Self { shape, ..self }
    }

    fn described(self) -> bool {
        self.strictness == Strictness::AsDescribed
    }

    fn number(self, number: Number) -> Value {
        match self.shape {
            Type::Time(_) => {
                let time = number.as_f64().and_then(time::from_seconds);
                time.unwrap_or(Value::Number(number))
            }
            Type::Float if self.described() => {
                number.as_f64().and_then(Number::from_f64).map_or(Value::Number(number), Value::Number)
            }
            Type::Integer if self.described() && number.is_f64() => {
                #[expect(clippy::cast_possible_truncation, reason = "as boto3 does")]
                let whole = number.as_f64().unwrap_or_default() as i64;
                Value::from(whole)
            }
            Type::Boolean if self.described() => Value::Bool(false),
            _ => Value::Number(number),
        }
    }

    fn text(self, text: String) -> Value {
        match self.shape {
            Type::Time(_) => time::from_text(text),
            Type::Boolean if self.described() => Value::Bool(text.eq_ignore_ascii_case("true")),
            Type::Integer if self.described() => match text.trim().parse::<i64>() {
                Ok(number) => Value::from(number),
                Err(_) => Value::String(text),
            },
            Type::Float if self.described() => {
                match text.trim().parse::<f64>().ok().and_then(Number::from_f64) {
                    Some(number) => Value::Number(number),
                    None => Value::String(text),
                }
            }
            Type::Policy | Type::JsonOrText => super::xml::scalar(self.shape, text),
            _ => Value::String(text),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Shaped<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Shaped<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(match self.shape {
            Type::Integer if self.described() => Value::from(i64::from(value)),
            _ => Value::Bool(value),
        })
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(self.number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(self.number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, |number| self.number(number)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(self.text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(self.text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let element = match self.shape {
            Type::List(list) => &list.element,
            _ => &Type::Document,
        };
        let mut out = Vec::with_capacity(elements.size_hint().unwrap_or_default());
        while let Some(value) = elements.next_element_seed(self.with(element))? {
            out.push(value);
        }
        Ok(Value::Array(out))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut out = Map::new();
        match self.shape {
            Type::Structure(id) => {
                let structure = self.service.structure(*id);
                while let Some(key) = entries.next_key::<std::borrow::Cow<'de, str>>()? {
                    let member = structure.by_key(&key);
                    let shape = member.map_or(&Type::Document, |member| &member.shape);
                    let value = entries.next_value_seed(self.with(shape))?;
                    if value.is_null() || (member.is_none() && key == "__type") {
                        continue;
                    }
                    match member {
                        Some(member) => {
                            out.insert(member.name.to_string(), value);
                        }
                        // What the table does not know is kept, but never in the place of what it knows.
                        None if structure.by_name(&key).is_none() => {
                            out.insert(key.into_owned(), value);
                        }
                        None => {}
                    }
                }
            }
            shape => {
                let value_shape = match shape {
                    Type::Map(map) => &map.value,
                    _ => &Type::Document,
                };
                while let Some(key) = entries.next_key::<String>()? {
                    out.insert(key, entries.next_value_seed(self.with(value_shape))?);
                }
            }
        }
        Ok(Value::Object(out))
    }
}

/// How strict boto3 is with the scalars of a protocol.
pub(super) fn strictness(protocol: Protocol) -> Strictness {
    if protocol == Protocol::RestJson { Strictness::AsDescribed } else { Strictness::AsSent }
}
