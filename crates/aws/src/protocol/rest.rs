//! The REST protocols: members travel in the path, the query, headers, the status and the body.

use std::fmt::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::utf8_percent_encode;
use serde_json::{Map, Value};

use super::{
    AnswerError, InputError, Request, Response, UNRESERVED, UNRESERVED_AND_SLASH, encode_into, json, output,
    text, uuid, xml,
};
use crate::tables::{Member, Operation, Place, Protocol, Service, Structure, TimeFormat, Type};
use crate::time;

/// Writes a request.
pub(super) fn request(
    service: &Service,
    operation: &Operation,
    input: &Map<String, Value>,
) -> Result<Request, InputError> {
    let shape = operation.input.map(|id| service.structure(id));
    let mut request = Request {
        method: operation.method.clone(),
        target: target(operation, shape, input)?,
        headers: Vec::new(),
        body: Vec::new(),
        host_prefix: None,
    };
    if let Some(shape) = shape {
        headers(shape, input, &mut request);
        body(service, shape, input, &mut request);
    }
    Ok(request)
}

fn target(
    operation: &Operation,
    shape: Option<&Structure>,
    input: &Map<String, Value>,
) -> Result<String, InputError> {
    let mut target = String::with_capacity(64);
    for part in &operation.path.parts {
        match part {
            crate::tables::PathPart::Text(text) => target.push_str(text),
            crate::tables::PathPart::Label { name, greedy } => {
                let value = label(name, shape, input)?;
                let kept = if *greedy { UNRESERVED_AND_SLASH } else { UNRESERVED };
                let _ = write!(target, "{}", utf8_percent_encode(&value, kept));
            }
        }
    }
    let mut separator = '?';
    if !operation.path.query.is_empty() {
        target.push(separator);
        target.push_str(&operation.path.query);
        separator = '&';
    }
    let members = shape.map(|shape| shape.members.as_slice()).unwrap_or_default();
    for member in members.iter().filter(|member| member.place == Place::Query) {
        let Some(value) = input.get(&*member.name).filter(|value| !value.is_null()) else { continue };
        for (name, value) in query_pairs(member, value) {
            target.push(separator);
            separator = '&';
            encode_into(&mut target, &name);
            target.push('=');
            encode_into(&mut target, &value);
        }
    }
    Ok(target)
}

fn label(name: &str, shape: Option<&Structure>, input: &Map<String, Value>) -> Result<String, InputError> {
    let missing = || InputError::Missing(name.into());
    let member = shape
        .and_then(|shape| shape.members.iter().find(|it| it.place == Place::Path && *it.wire == *name))
        .ok_or_else(missing)?;
    let value = match (input.get(&*member.name), &member.default) {
        (Some(value), _) if !value.is_null() => placed_text(&member.shape, value, TimeFormat::Iso8601),
        (_, Some(default)) => default.to_string(),
        _ => return Err(InputError::Missing(member.name.clone())),
    };
    if value.is_empty() {
        return Err(InputError::Missing(member.name.clone()));
    }
    Ok(if member.last { value.rsplit('/').next().unwrap_or_default().to_owned() } else { value })
}

fn query_pairs(member: &Member, value: &Value) -> Vec<(String, String)> {
    let format = TimeFormat::Iso8601;
    let name = || member.wire.to_string();
    match (&member.shape, value) {
        (Type::List(list), Value::Array(elements)) => {
            elements.iter().map(|it| (name(), placed_text(&list.element, it, format))).collect()
        }
        (Type::Map(map), Value::Object(entries)) => entries
            .iter()
            .flat_map(|(key, value)| match value {
                Value::Array(values) => values.iter().map(|it| (key.clone(), text(it))).collect(),
                value => vec![(key.clone(), placed_text(&map.value, value, format))],
            })
            .collect(),
        (shape, value) => vec![(name(), placed_text(shape, value, format))],
    }
}

/// A value outside the body, as text.
fn placed_text(shape: &Type, value: &Value, times: TimeFormat) -> String {
    match shape {
        Type::Time(format) => text(&time::to_wire(value, format.unwrap_or(times))),
        Type::JsonHeader => STANDARD.encode(value.to_string()),
        Type::List(list) => {
            let elements = value.as_array().map(Vec::as_slice).unwrap_or_default();
            let texts: Vec<String> =
                elements.iter().map(|element| placed_text(&list.element, element, times)).collect();
            texts.join(",")
        }
        _ => text(value),
    }
}

fn headers(shape: &Structure, input: &Map<String, Value>, request: &mut Request) {
    for member in &shape.members {
        let Some(value) = input.get(&*member.name).filter(|value| !value.is_null()) else { continue };
        match (member.place, value) {
            (Place::Header, value) => {
                let value = placed_text(&member.shape, value, TimeFormat::Rfc822);
                request.headers.push((member.wire.to_ascii_lowercase(), value));
            }
            (Place::Headers, Value::Object(entries)) => {
                for (name, value) in entries {
                    let name = format!("{}{name}", member.wire).to_ascii_lowercase();
                    request.headers.push((name, text(value)));
                }
            }
            _ => {}
        }
    }
    for member in shape.members.iter().filter(|it| it.token && it.place == Place::Header) {
        if !input.contains_key(&*member.name) {
            request.headers.push((member.wire.to_ascii_lowercase(), uuid()));
        }
    }
}

fn body(service: &Service, shape: &Structure, input: &Map<String, Value>, request: &mut Request) {
    let payload = shape.payload.map(|index| &shape.members[index]);
    if let Some(member) = payload {
        let value = input.get(&*member.name).filter(|value| !value.is_null());
        match (&member.shape, value) {
            (Type::Blob | Type::Text, Some(value)) => request.body = text(value).into_bytes(),
            (Type::Blob | Type::Text, None) => {}
            (Type::Structure(id), Some(Value::Object(members))) if service.protocol == Protocol::RestJson => {
                request.body = json::body(service, service.structure(*id), members);
            }
            (shape, Some(value)) if service.protocol == Protocol::RestJson => {
                request.body = json::to_wire(service, shape, value).to_string().into_bytes();
            }
            (_, _) if service.protocol == Protocol::RestJson => request.body = b"{}".to_vec(),
            _ => {}
        }
    } else if service.protocol == Protocol::RestJson
        && shape.members.iter().any(|member| member.place == Place::Body)
    {
        request.body = json::body(service, shape, input);
    }
    let is_json = !matches!(payload.map(|member| &member.shape), Some(Type::Blob | Type::Text));
    if is_json && !request.body.is_empty() {
        request.headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
}

/// Reads an answer.
pub(super) fn answer(
    service: &Service,
    operation: &Operation,
    response: &Response,
) -> Result<Value, AnswerError> {
    let Some(shape) = output(service, operation.output) else { return Ok(Value::Object(Map::new())) };
    let mut out = Map::new();
    if shape.has_placed {
        placed(service, shape, response, &mut out);
    }
    match (shape.payload.map(|index| &shape.members[index]), operation.output) {
        (Some(payload), _) => {
            let value = match &payload.shape {
                Type::Text => Value::String(String::from_utf8_lossy(&response.body).into_owned()),
                Type::Blob => Value::String(STANDARD.encode(&response.body)),
                shape => body_value(service, shape, &response.body)?,
            };
            out.insert(payload.name.to_string(), value);
        }
        (None, Some(id)) => {
            if let Value::Object(members) = body_value(service, &Type::Structure(id), &response.body)? {
                for (name, value) in members {
                    out.entry(name).or_insert(value);
                }
            }
        }
        (None, None) => {}
    }
    Ok(Value::Object(out))
}

fn body_value(service: &Service, shape: &Type, body: &[u8]) -> Result<Value, AnswerError> {
    match (service.protocol, shape) {
        (Protocol::RestXml, Type::Structure(id)) => {
            xml::body(service, *id, body)?.ok_or_else(|| AnswerError("it is an error".to_owned()))
        }
        (Protocol::RestXml, _) => Err(AnswerError("its body is not a structure".to_owned())),
        (protocol, shape) => json::read(service, shape, body, json::strictness(protocol)),
    }
}

fn placed(service: &Service, shape: &Structure, response: &Response, out: &mut Map<String, Value>) {
    for member in &shape.members {
        let value = match member.place {
            Place::Status => Some(Value::from(response.status)),
            Place::Header => response
                .headers
                .get(member.wire.to_ascii_lowercase())
                .map(|value| header_value(service, &member.shape, value)),
            Place::Headers => {
                let prefix = member.wire.to_ascii_lowercase();
                let entries = response
                    .headers
                    .iter()
                    .filter_map(|(name, value)| Some((name.strip_prefix(&prefix)?, value)))
                    .map(|(name, value)| (name.to_owned(), Value::from(value)));
                Some(Value::Object(entries.collect()))
            }
            _ => None,
        };
        if let Some(value) = value {
            out.insert(member.name.to_string(), value);
        }
    }
}

fn header_value(service: &Service, shape: &Type, value: &str) -> Value {
    match shape {
        Type::JsonHeader => STANDARD
            .decode(value)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_else(|| Value::from(value)),
        Type::List(list) => {
            value.split(',').map(|it| header_value(service, &list.element, it.trim())).collect()
        }
        Type::Boolean if service.protocol == Protocol::RestJson => {
            Value::Bool(value.eq_ignore_ascii_case("true"))
        }
        shape => xml::scalar(shape, value.to_owned()),
    }
}
