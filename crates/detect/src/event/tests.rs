//! What is read of an event is what is in it.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{Event, Found, PathId, Paths, Scalar};

fn as_json(found: &Found<'_>) -> Json {
    match found {
        Found::Tree(tree) => (*tree).clone(),
        Found::Scalar(scalar) => match scalar {
            Scalar::Null => Json::Null,
            Scalar::Bool(value) => json!(value),
            Scalar::Integer(value) => json!(value),
            Scalar::Float(value) => json!(value),
            Scalar::Text(text) => json!(text),
        },
    }
}

fn all(event: &Event<'_>, path: PathId) -> Vec<Json> {
    let mut found = Vec::new();
    event.each(path, |it| found.push(as_json(&it)));
    found
}

#[test]
fn only_what_is_read_is_kept() {
    let mut paths = Paths::default();
    let name = paths.add(["eventName"]);
    let user = paths.add(["userIdentity", "userName"]);
    let request = paths.add(["requestParameters"]);
    let inside = paths.add(["requestParameters", "a", "b"]);
    let items = paths.add(["responseElements", "items", "id"]);
    let raw =
        br#"{"eventName":"Get\u0041","userIdentity":{"type":"x","userName":null},"other":[1,{"eventName":2}],
        "requestParameters":{"a":{"b":5}},"responseElements":{"items":[{"id":1},{"no":2},{"id":"3"}]}}"#;
    let event = Event::read(raw, &paths).unwrap();
    assert_eq!(event.text(name), Some("GetA"));
    assert_eq!(event.get(user), Some(Found::Scalar(&Scalar::Null)));
    assert_eq!(all(&event, request), [json!({ "a": { "b": 5 } })]);
    assert_eq!(all(&event, inside), [json!(5)]);
    assert_eq!(all(&event, items), [json!(1), json!("3")]);
    assert_eq!(event.get(items), None, "a list is on the way");
    assert_eq!(event.whole()["other"][0], 1);
}

#[test]
fn what_is_no_event_is_refused() {
    let paths = Paths::default();
    for raw in ["[1]", "{\"a\":", "{} {}", "", "{\"a\":1,}"] {
        assert!(Event::read(raw.as_bytes(), &paths).is_err(), "{raw}");
    }
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        "[a-z\"\\\\é.]{0,6}".prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            proptest::collection::vec(("[a-c]", inner), 0..4)
                .prop_map(|it| Json::Object(it.into_iter().collect())),
        ]
    })
}

/// What is at a path, looked up in the whole event.
fn expected(json: &Json, keys: &[String], found: &mut Vec<Json>) {
    let Some((key, rest)) = keys.split_first() else { return found.push(json.clone()) };
    match json {
        Json::Object(object) => {
            if let Some(inner) = object.get(key) {
                expected(inner, rest, found);
            }
        }
        Json::Array(items) => items.iter().for_each(|it| expected(it, keys, found)),
        _ => {}
    }
}

proptest! {
    #[test]
    fn a_path_finds_what_is_there(
        object in proptest::collection::vec(("[a-c]", any_json()), 0..4),
        wanted in proptest::collection::vec(proptest::collection::vec("[a-c]", 1..4), 1..6),
    ) {
        let json = Json::Object(object.into_iter().collect());
        let raw = json.to_string();
        let mut paths = Paths::default();
        let ids: Vec<_> = wanted.iter().map(|keys| paths.add(keys.iter().map(String::as_str))).collect();
        let event = Event::read(raw.as_bytes(), &paths).unwrap();
        for (keys, id) in wanted.iter().zip(ids) {
            let mut there = Vec::new();
            expected(&json, keys, &mut there);
            prop_assert_eq!(all(&event, id), there);
            prop_assert_eq!(paths.keys(id), keys.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}
