//! Reads policy documents: as JSON values, as texts, URL-encoded texts, and texts in texts, as AWS returns them.
//!
//! Refuses to guess: an element that IAM does not have, or of the wrong type, is an error that says where.

use std::borrow::Cow;

use serde_json::{Map, Value};
use yagura_model::Arn;

use crate::document::{Condition, Effect, Policy, Principal, Principals, Scope, Statement};
use crate::error::PolicyError;
use crate::glob;
use crate::key::Key;
use crate::operator::Operator;

type Read<T> = Result<T, PolicyError>;

impl<'a> Policy<'a> {
    /// Reads a policy from what an API returned: an object, or a text that holds one.
    ///
    /// IAM returns documents URL-encoded, API Gateway with escaped quotes; both are understood.
    ///
    /// # Errors
    ///
    /// [`PolicyError`] when the document is not a policy, with the place.
    pub fn parse(value: &'a Value) -> Result<Self, PolicyError> {
        match value {
            Value::Object(document) => read_policy(document),
            Value::String(text) => Self::parse_text(text),
            other => Err(wrong_type("policy", "an object", other)),
        }
    }

    /// Reads a policy from a text.
    ///
    /// # Errors
    ///
    /// [`PolicyError`] when the text is not a policy, with the place.
    pub fn parse_text(text: &str) -> Result<Policy<'static>, PolicyError> {
        match decode(text)? {
            Value::Object(document) => read_policy(&document).map(Policy::into_owned),
            other => Err(wrong_type("policy", "an object", &other)),
        }
    }
}

/// Undoes URL-encoding and one more level of quoting.
fn decode(text: &str) -> Read<Value> {
    let trimmed = text.trim();
    let decoded = if trimmed.starts_with('%') {
        percent_encoding::percent_decode_str(trimmed).decode_utf8_lossy()
    } else if trimmed.starts_with("{\\\"") {
        // API Gateway: the quotes of the document are escaped as if it stood inside a JSON string.
        Cow::Owned(json::<String>(&format!("\"{trimmed}\""))?)
    } else {
        Cow::Borrowed(trimmed)
    };
    match json::<Value>(&decoded)? {
        Value::String(inner) => json(&inner),
        value => Ok(value),
    }
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Read<T> {
    serde_json::from_str(text)
        .map_err(|error| PolicyError::NotJson { line: error.line(), column: error.column() })
}

fn read_policy(document: &Map<String, Value>) -> Read<Policy<'_>> {
    let (mut variables, mut statement) = (false, None);
    for (name, value) in document {
        match name.as_str() {
            "Version" => {
                variables = match value.as_str() {
                    Some("2012-10-17") => true,
                    Some("2008-10-17") => false,
                    Some(word) => {
                        let allowed = "`2012-10-17` or `2008-10-17`";
                        return Err(PolicyError::Word {
                            place: name.clone(),
                            word: word.to_owned(),
                            allowed,
                        });
                    }
                    None => return Err(wrong_type("Version", "a text", value)),
                };
            }
            "Statement" => statement = Some(value),
            "Id" => {}
            _ => return Err(unknown("policy", name)),
        }
    }
    let statements = match statement {
        Some(Value::Array(list)) => list
            .iter()
            .enumerate()
            .map(|(index, value)| read_statement(index, variables, &|| format!("Statement[{index}]"), value))
            .collect::<Read<_>>()?,
        Some(value) => vec![read_statement(0, variables, &|| "Statement".to_owned(), value)?],
        None => return Err(missing("policy", "Statement")),
    };
    Ok(Policy { statements })
}

/// Where we are; written out only for an error.
type Place<'p> = &'p dyn Fn() -> String;

fn read_statement<'a>(
    index: usize,
    variables: bool,
    place: Place<'_>,
    value: &'a Value,
) -> Read<Statement<'a>> {
    let Value::Object(elements) = value else {
        return Err(wrong_type(&place(), "an object", value));
    };
    let (mut sid, mut effect, mut principals) = (None, None, None);
    let (mut actions, mut resources, mut conditions) = (None, None, Vec::new());
    for (name, value) in elements {
        let here = || format!("{}.{name}", place());
        match name.as_str() {
            "Sid" => sid = Some(read_text(&here, value)?).filter(|sid| !sid.is_empty()),
            "Effect" => effect = Some(read_effect(&here, value)?),
            "Principal" => {
                exclusive(place, principals.is_some(), "Principal", "NotPrincipal")?;
                principals = Some(Principals::Named(read_principals(&here, value)?));
            }
            "NotPrincipal" => {
                exclusive(place, principals.is_some(), "Principal", "NotPrincipal")?;
                principals = Some(Principals::Except(read_principals(&here, value)?));
            }
            "Action" => {
                exclusive(place, actions.is_some(), "Action", "NotAction")?;
                actions = Some(Scope::Only(read_texts(&here, value)?));
            }
            "NotAction" => {
                exclusive(place, actions.is_some(), "Action", "NotAction")?;
                actions = Some(Scope::Except(read_texts(&here, value)?));
            }
            "Resource" => {
                exclusive(place, resources.is_some(), "Resource", "NotResource")?;
                resources = Some(Scope::Only(read_texts(&here, value)?));
            }
            "NotResource" => {
                exclusive(place, resources.is_some(), "Resource", "NotResource")?;
                resources = Some(Scope::Except(read_texts(&here, value)?));
            }
            "Condition" => conditions = read_conditions(&here, value)?,
            _ => return Err(unknown(&place(), name)),
        }
    }
    Ok(Statement {
        index,
        variables,
        sid,
        effect: effect.ok_or_else(|| missing(&place(), "Effect"))?,
        principals: principals.unwrap_or(Principals::Unnamed),
        actions: actions.ok_or_else(|| missing(&place(), "Action"))?,
        resources: resources.unwrap_or(Scope::Itself),
        conditions,
    })
}

fn read_effect(place: Place<'_>, value: &Value) -> Read<Effect> {
    match read_text(place, value)?.as_ref() {
        "Allow" => Ok(Effect::Allow),
        "Deny" => Ok(Effect::Deny),
        word => {
            Err(PolicyError::Word { place: place(), word: word.to_owned(), allowed: "`Allow` or `Deny`" })
        }
    }
}

fn read_principals<'a>(place: Place<'_>, value: &'a Value) -> Read<Vec<Principal<'a>>> {
    match value {
        Value::String(text) => Ok(vec![read_aws_principal(place, text.into())?]),
        Value::Object(kinds) => {
            let mut principals = Vec::with_capacity(kinds.len());
            for (kind, value) in kinds {
                let here = || format!("{}.{kind}", place());
                let texts = read_texts(&here, value)?;
                for text in texts {
                    principals.push(match kind.as_str() {
                        "AWS" => read_aws_principal(&here, text)?,
                        "Service" => Principal::Service(text),
                        "Federated" => Principal::Federated(text),
                        "CanonicalUser" => Principal::CanonicalUser(text),
                        _ => return Err(unknown(&place(), kind)),
                    });
                }
            }
            if principals.is_empty() {
                return Err(PolicyError::Empty { place: place() });
            }
            Ok(principals)
        }
        other => Err(wrong_type(&place(), "`*` or an object", other)),
    }
}

/// `*`, an account id, an ARN, or the unique id of a deleted user or role. No part of a name can be a wildcard.
fn read_aws_principal<'a>(place: Place<'_>, text: Cow<'a, str>) -> Read<Principal<'a>> {
    if text == "*" {
        return Ok(Principal::Everyone);
    }
    if is_account(&text) {
        return Ok(Principal::Account(text));
    }
    if text.len() >= 16 && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
        return Ok(Principal::Deleted(text));
    }
    match Arn::parse(&text) {
        Ok(arn) if arn.service == "iam" && arn.resource == "root" && is_account(arn.account) => {
            Ok(Principal::Account(arn.account.to_owned().into()))
        }
        Ok(_) if !glob::wild(&text) => Ok(Principal::Arn(text)),
        _ => {
            let allowed = "`*`, an account id, an ARN without wildcards or the id of a deleted principal";
            Err(PolicyError::Word { place: place(), word: text.into_owned(), allowed })
        }
    }
}

/// Whether a text is an account id.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

fn read_conditions<'a>(place: Place<'_>, value: &'a Value) -> Read<Vec<Condition<'a>>> {
    let Value::Object(operators) = value else {
        return Err(wrong_type(&place(), "an object", value));
    };
    let mut conditions = Vec::with_capacity(operators.len());
    for (operator_name, keys) in operators {
        let Value::Object(keys) = keys else {
            return Err(wrong_type(&format!("{}.{operator_name}", place()), "an object", keys));
        };
        for (key_name, values) in keys {
            let here = || format!("{}.{operator_name}.{key_name}", place());
            conditions.push(Condition {
                operator: Operator::parse(operator_name),
                operator_name: operator_name.into(),
                key: Key::parse(key_name),
                key_name: key_name.into(),
                values: read_texts_or_none(&here, values)?,
            });
        }
    }
    Ok(conditions)
}

fn read_texts<'a>(place: Place<'_>, value: &'a Value) -> Read<Vec<Cow<'a, str>>> {
    let texts = read_texts_or_none(place, value)?;
    if texts.is_empty() { Err(PolicyError::Empty { place: place() }) } else { Ok(texts) }
}

/// One value or a list. A condition may have an empty list, which nothing matches.
fn read_texts_or_none<'a>(place: Place<'_>, value: &'a Value) -> Read<Vec<Cow<'a, str>>> {
    match value {
        Value::Array(list) => {
            let mut texts = Vec::with_capacity(list.len());
            for (at, value) in list.iter().enumerate() {
                texts.push(read_text(&|| format!("{}[{at}]", place()), value)?);
            }
            Ok(texts)
        }
        value => Ok(vec![read_text(place, value)?]),
    }
}

/// Numbers and truth values need no quotes in a policy.
fn read_text<'a>(place: Place<'_>, value: &'a Value) -> Read<Cow<'a, str>> {
    match value {
        Value::String(text) => Ok(text.as_str().into()),
        Value::Bool(true) => Ok("true".into()),
        Value::Bool(false) => Ok("false".into()),
        Value::Number(number) => Ok(number.to_string().into()),
        other => Err(wrong_type(&place(), "a text", other)),
    }
}

fn exclusive(place: Place<'_>, taken: bool, one: &'static str, other: &'static str) -> Read<()> {
    if taken { Err(PolicyError::Both { place: place(), one, other }) } else { Ok(()) }
}

fn missing(place: &str, element: &'static str) -> PolicyError {
    PolicyError::Missing { place: place.to_owned(), element }
}

fn unknown(place: &str, element: &str) -> PolicyError {
    PolicyError::UnknownElement { place: place.to_owned(), element: element.to_owned() }
}

fn wrong_type(place: &str, expected: &'static str, value: &Value) -> PolicyError {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    PolicyError::Type { place: place.to_owned(), expected, found }
}
