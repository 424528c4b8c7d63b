//! Turns an input into a request and a response into JSON, as the service's protocol wants it.
//!
//! Nothing here signs, sends or retries.

mod form;
mod json;
mod refusal;
mod rest;
mod xml;

use std::fmt::Write;
use std::hash::{BuildHasher, RandomState};

use aws_smithy_runtime_api::http::Headers;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use thiserror::Error;

pub(crate) use refusal::{Refusal, refusal};

use crate::tables::{Operation, Protocol, Service, Structure, StructureId, TimeFormat, nearest};

/// What RFC 3986 leaves as it is, besides letters and digits.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
const UNRESERVED_AND_SLASH: &AsciiSet = &UNRESERVED.remove(b'/');

/// A request without a host, a signature or a time.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: Box<str>,
    /// Path and query, encoded.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// What is put before AWS's host name.
    pub(crate) host_prefix: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Headers,
    pub(crate) body: Vec<u8>,
}

/// An input that does not fit its operation.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum InputError {
    #[error("the input must be an object")]
    NotAnObject,
    #[error("`{at}` is not a parameter{}", .nearest.as_deref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default())]
    Unknown { at: String, nearest: Option<String> },
    #[error("the parameter `{0}` is required")]
    Missing(Box<str>),
    #[error("the parameter `{0}` cannot be part of a host name")]
    BadHost(Box<str>),
}

/// An answer that is not what the protocol allows.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the answer cannot be read: {0}")]
pub(crate) struct AnswerError(pub(crate) String);

/// Writes the request of one call.
pub(crate) fn request(
    service: &Service,
    operation: &Operation,
    input: &Value,
) -> Result<Request, InputError> {
    let empty = serde_json::Map::new();
    let input = match input {
        Value::Object(input) => input,
        Value::Null => &empty,
        _ => return Err(InputError::NotAnObject),
    };
    let shape = operation.input.map(|id| service.structure(id));
    if let Some(shape) = shape {
        check(shape, input)?;
    } else if let Some(name) = input.keys().next() {
        return Err(InputError::Unknown { at: name.clone(), nearest: None });
    }
    let mut request = match service.protocol {
        Protocol::Json => json::request(service, operation, input),
        Protocol::Query | Protocol::Ec2 => form::request(service, operation, input)?,
        Protocol::RestJson | Protocol::RestXml => rest::request(service, operation, input)?,
    };
    if let Some(prefix) = &operation.host_prefix {
        request.host_prefix = Some(host_prefix(prefix, shape, input)?);
    }
    for (name, value) in &service.headers {
        request.headers.push((name.to_string(), value.to_string()));
    }
    Ok(request)
}

/// Reads the answer of a call that succeeded.
pub(crate) fn answer(
    service: &Service,
    operation: &Operation,
    response: &Response,
) -> Result<Value, AnswerError> {
    match service.protocol {
        Protocol::Json => json::answer(service, operation.output, &response.body, json::Strictness::AsSent),
        Protocol::Query | Protocol::Ec2 => xml::answer(service, operation, &response.body),
        Protocol::RestJson | Protocol::RestXml => rest::answer(service, operation, response),
    }
}

fn check(shape: &Structure, input: &serde_json::Map<String, Value>) -> Result<(), InputError> {
    for name in input.keys() {
        if shape.by_name(name).is_none() {
            return Err(unknown_member(name, shape));
        }
    }
    for member in shape.members.iter().filter(|member| member.required && !member.token) {
        if member.default.is_none() && input.get(&*member.name).is_none_or(Value::is_null) {
            return Err(InputError::Missing(member.name.clone()));
        }
    }
    Ok(())
}

fn unknown_member(name: &str, shape: &Structure) -> InputError {
    let nearest = nearest(name, shape.members.iter().map(|member| &*member.name));
    InputError::Unknown { at: name.to_owned(), nearest }
}

fn host_prefix(
    template: &str,
    shape: Option<&Structure>,
    input: &serde_json::Map<String, Value>,
) -> Result<String, InputError> {
    let mut prefix = template.to_owned();
    for member in shape.into_iter().flat_map(|shape| &shape.members).filter(|member| member.host) {
        let value = input.get(&*member.name).and_then(Value::as_str).unwrap_or_default();
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        if value.is_empty() || !value.chars().all(fits) {
            return Err(InputError::BadHost(member.name.clone()));
        }
        prefix = prefix.replace(&format!("{{{}}}", member.name), value);
    }
    Ok(prefix)
}

/// A JSON scalar as text.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn encode_into(out: &mut String, text: &str) {
    let _ = write!(out, "{}", utf8_percent_encode(text, UNRESERVED));
}

/// A fresh version 4 UUID, for idempotency tokens.
fn uuid() -> String {
    let (high, low) = (random(), random());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        (low >> 48) & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}

/// Sixty-four random bits, good enough for tokens and jitter, not for secrets.
pub(crate) fn random() -> u64 {
    RandomState::new().hash_one(0_u8)
}

/// How times are written where the table does not say.
fn time_format(protocol: Protocol) -> TimeFormat {
    match protocol {
        Protocol::Json | Protocol::RestJson => TimeFormat::Epoch,
        Protocol::RestXml | Protocol::Query | Protocol::Ec2 => TimeFormat::Iso8601,
    }
}

/// The output's structure, if it has one.
fn output(service: &Service, id: Option<StructureId>) -> Option<&Structure> {
    id.map(|id| service.structure(id))
}

#[cfg(test)]
mod tests;
