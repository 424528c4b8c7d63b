//! Secrets inside of what AWS tells: variables by name, lists of names and values, and JSON that is written in a text, such as
//! the definition of a state machine.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};

use crate::{Secret, find, redact};

/// How AWS calls the two halves of a variable, an output, an option: in small letters.
const HALVES: [(&str, &str); 4] =
    [("name", "value"), ("key", "value"), ("outputkey", "outputvalue"), ("optionname", "value")];

/// Redacts the secrets in every text below; `name` is what the value itself is called.
pub fn redact_json(name: &str, value: &mut Json) {
    match value {
        Json::String(text) if name.eq_ignore_ascii_case("UserData") => redact_script(text),
        Json::String(text) => {
            if let Cow::Owned(kept) = redact(name, text) {
                *text = kept;
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| redact_json(name, item)),
        Json::Object(object) => {
            let variable = variable(object);
            for (key, value) in object.iter_mut() {
                match &variable {
                    Some((name, half)) if half == key => redact_json(name, value),
                    _ => redact_json(key, value),
                }
            }
        }
        _ => {}
    }
}

/// The first secret in every text below; `name` is what the value itself is called.
fn find_json(name: &str, value: &Json) -> Option<Secret> {
    match value {
        Json::String(text) => find(name, text),
        Json::Array(items) => items.iter().find_map(|item| find_json(name, item)),
        Json::Object(object) => {
            let variable = variable(object);
            object.iter().find_map(|(key, value)| match &variable {
                Some((name, half)) if half == key => find_json(name, value),
                _ => find_json(key, value),
            })
        }
        _ => None,
    }
}

/// The name of a variable that is written as a name and a value, and the key of its value.
fn variable(object: &Map<String, Json>) -> Option<(String, String)> {
    HALVES.iter().find_map(|(name, value)| {
        let said = object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?.1.as_str()?;
        let key = object.keys().find(|key| key.eq_ignore_ascii_case(value))?;
        Some((said.to_owned(), key.clone()))
    })
}

/// The first secret in a text that is JSON.
pub(crate) fn find_in(text: &str) -> Option<Secret> {
    find_json("", &parsed(text)?)
}

/// A text that is JSON, without its secrets; `None` when it is none, or holds none.
pub(crate) fn redact_text(text: &str) -> Option<String> {
    let mut value = parsed(text)?;
    find_json("", &value)?;
    redact_json("", &mut value);
    Some(value.to_string())
}

/// The text as JSON, if it is an object or a list.
fn parsed(text: &str) -> Option<Json> {
    text.trim_start().starts_with(['{', '[']).then(|| serde_json::from_str(text).ok())?
}

/// A script that an instance runs when it starts, in base64: written anew where it holds a secret.
fn redact_script(text: &mut String) {
    let Some(script) = STANDARD.decode(text.as_bytes()).ok().and_then(|it| String::from_utf8(it).ok()) else {
        return;
    };
    if find("", &script).is_some() {
        *text = STANDARD.encode(redact("", &script).as_bytes());
    }
}
