//! How an operation goes from page to page: as botocore tells, or as the names of its members tell.

use serde_json::{Map, Value, json};

use super::table::object;

/// Names of a token in the input and in the output, tried in this order where botocore tells nothing.
const TOKENS: &[(&str, &str)] = &[
    ("NextToken", "NextToken"),
    ("nextToken", "nextToken"),
    ("NextPageToken", "NextPageToken"),
    ("nextPageToken", "nextPageToken"),
    ("PageToken", "NextPageToken"),
    ("pageToken", "nextPageToken"),
    ("PaginationToken", "PaginationToken"),
    ("paginationToken", "paginationToken"),
    ("Marker", "NextMarker"),
    ("Marker", "Marker"),
    ("marker", "nextMarker"),
    ("marker", "marker"),
    ("NextMarker", "NextMarker"),
    ("nextMarker", "nextMarker"),
    ("position", "position"),
];

/// The way from page to page, or nothing when there is one page.
pub fn pages(told: &Value, input: Option<&Value>, output: Option<&Value>, shapes: &Value) -> Option<Value> {
    if told.is_null() {
        return guessed(input?, output?, shapes);
    }
    let mut pages = Map::new();
    pages.insert("in".into(), list(&told["input_token"]));
    pages.insert("out".into(), list(&told["output_token"]));
    pages.insert("items".into(), list(&told["result_key"]));
    for (key, short) in [("more_results", "more"), ("limit_key", "size")] {
        if !told[key].is_null() {
            pages.insert(short.into(), told[key].clone());
        }
    }
    if !told["non_aggregate_keys"].is_null() {
        pages.insert("once".into(), list(&told["non_aggregate_keys"]));
    }
    Some(Value::Object(pages))
}

fn guessed(input: &Value, output: &Value, shapes: &Value) -> Option<Value> {
    let is_text = |shape: &Value, name: &str| {
        shape["members"][name]["shape"].as_str().is_some_and(|member| shapes[member]["type"] == "string")
    };
    let (from, to) = TOKENS.iter().find(|(from, to)| is_text(input, from) && is_text(output, to))?;
    let items: Vec<&String> = object(&output["members"])
        .filter(|(_, member)| {
            let shape = &shapes[member["shape"].as_str().unwrap_or_default()];
            shape["type"] == "list" || shape["type"] == "map"
        })
        .map(|(name, _)| name)
        .collect();
    if items.is_empty() {
        return None;
    }
    Some(json!({ "in": [from], "out": [to], "items": items, "guessed": true }))
}

fn list(value: &Value) -> Value {
    if value.is_array() { value.clone() } else { json!([value]) }
}
