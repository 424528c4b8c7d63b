//! Secrets inside of what AWS tells: variables by name, and lists of names and values.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

use crate::{find_in, redact};

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
            let named = HALVES.iter().find_map(|(name, value)| {
                let said = object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?.1.as_str()?;
                let key = object.keys().find(|key| key.eq_ignore_ascii_case(value))?;
                Some((said.to_owned(), key.clone()))
            });
            for (key, value) in object.iter_mut() {
                match &named {
                    Some((name, half)) if half == key => redact_json(name, value),
                    _ => redact_json(key, value),
                }
            }
        }
        _ => {}
    }
}

/// A script that an instance runs when it starts, in base64: written anew where it holds a secret.
fn redact_script(text: &mut String) {
    let Some(script) = STANDARD.decode(text.as_bytes()).ok().and_then(|it| String::from_utf8(it).ok()) else {
        return;
    };
    if find_in(&script).is_some() {
        *text = STANDARD.encode(redact("", &script).as_bytes());
    }
}
