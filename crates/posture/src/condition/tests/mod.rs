//! The language: by examples, against the library's interpreter, and under facts that were not read.

mod grammar;
mod language;
mod library;
mod unknown;

use serde_json::{Map, Value as Json, json};
use yagura_model::{Inventory, Reason};

use super::{Frame, Scope, Value, compile};
use crate::surroundings::Surroundings;
use crate::testing::{inventory, now, organization, resource};

/// What a condition answers about the first resource of an inventory.
fn judge(text: &str, inventory: &Inventory) -> Result<Json, Reason> {
    let node = compile(text, &Map::new()).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"));
    let organization = organization();
    let around = Surroundings::new(inventory, &organization, now());
    let params = json!({});
    let judged = inventory.resources.iter().find(|it| it.key.id == "judged").unwrap();
    let mut frame = Frame::new(Scope { resource: judged, params: &params, around: &around });
    frame.value(&node).map(|value| comparable(&value)).map_err(|fault| fault.reason())
}

/// The value of a condition about one resource with this configuration.
fn value(text: &str, configuration: Json) -> Result<Json, Reason> {
    judge(text, &inventory(vec![resource("AWS::Test::Thing", "judged", configuration).1]))
}

/// JSON that keeps an optional apart from what it holds.
fn comparable(value: &Value<'_>) -> Json {
    match value {
        Value::Optional(None) => json!({ "optional": [] }),
        Value::Optional(Some(it)) => json!({ "optional": [comparable(it)] }),
        Value::List(list) => list.items.iter().map(comparable).collect(),
        Value::Map(map) => map.iter().map(|(key, value)| (key.to_string(), comparable(value))).collect(),
        other => other.to_json(),
    }
}
