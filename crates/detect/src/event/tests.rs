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

#[test]
fn of_a_key_that_stands_twice_the_last_counts() {
    let mut paths = Paths::default();
    let (whole, b, c) = (paths.add(["a"]), paths.add(["a", "b"]), paths.add(["a", "c"]));
    let event = Event::read(br#"{"a":{"b":1},"a":{"c":2}}"#, &paths).unwrap();
    assert_eq!((all(&event, b), all(&event, c)), (vec![], vec![json!(2)]));
    assert_eq!(all(&event, whole), [json!({ "c": 2 })]);
    let event = Event::read(br#"{"a":{"b":1},"a":"x"}"#, &paths).unwrap();
    assert_eq!((all(&event, b), all(&event, whole)), (vec![], vec![json!("x")]));
}

#[test]
fn an_event_ends_where_the_next_begins() {
    let mut paths = Paths::default();
    let a = paths.add(["a"]);
    let (event, length) = Event::read_first(br#" {"a":"}"},{"a":2}"#, &paths).unwrap();
    assert_eq!((event.text(a), event.raw(), length), (Some("}"), &br#" {"a":"}"}"#[..], 10));
    assert!(Event::read_first(br#"{"a":"}","b":[1"#, &paths).is_none(), "it goes on");
}

/// Texts that are JSON, nearly JSON, or nothing of the kind.
fn nearly_json() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop_oneof![
        "[\\[\\]{}:,\" \n-]{1,3}",
        "[0-9.eE+-]{1,6}",
        Just("true".to_owned()),
        Just("null".to_owned()),
        Just("1e400".to_owned()),
        Just("\\ud800".to_owned()),
        Just("\\u00e9\\n\\/".to_owned()),
        Just("é\u{7f}".to_owned()),
        Just("\u{1}".to_owned()),
        "\"[a-z]{0,20}\"",
    ];
    let noise = proptest::collection::vec(pieces, 0..8).prop_map(|it| it.concat().into_bytes());
    let cut = (any_json(), 0_usize..80, proptest::option::of(any::<u8>())).prop_map(|(json, at, byte)| {
        let mut text = json.to_string().into_bytes();
        match byte {
            Some(byte) if at < text.len() => text[at] = byte,
            Some(_) => {}
            None => text.truncate(at),
        }
        text
    });
    prop_oneof![noise, cut]
}

/// A list in a list, and so on.
fn nested(levels: usize) -> Vec<u8> {
    [vec![b'['; levels], vec![b']'; levels]].concat()
}

#[test]
fn what_is_read_may_be_as_deep_as_the_library_builds_it() {
    for levels in [1, 100, 125, 126, 127, 128, 200, 100_000] {
        let raw = [b"{\"a\":", &nested(levels)[..], b",\"b\":{\"c\":1}}"].concat();
        let mut paths = Paths::default();
        paths.add(["b", "c"]);
        assert!(Event::read(&raw, &paths).is_ok(), "{levels} levels that nobody reads");
        paths.add(["a"]);
        let expected = serde_json::from_slice::<Json>(&raw).is_ok();
        assert_eq!(Event::read(&raw, &paths).is_ok(), expected, "{levels}");
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
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// What nobody reads must look like JSON, as the library looks at what it passes over.
    #[test]
    fn what_nobody_reads_is_checked_as_the_library_does(value in nearly_json()) {
        let raw = [b"{\"a\":", &value[..], b"}"].concat();
        let theirs = serde_json::from_slice::<serde::de::IgnoredAny>(&raw).is_ok();
        prop_assert_eq!(Event::read(&raw, &Paths::default()).is_ok(), theirs, "{}", String::from_utf8_lossy(&raw));
    }

    /// What somebody reads is what the library makes of it.
    #[test]
    fn what_somebody_reads_is_what_the_library_reads(value in nearly_json()) {
        let raw = [b"{\"a\":", &value[..], b"}"].concat();
        let theirs = serde_json::from_slice::<Json>(&raw).ok().map(|it| it["a"].clone());
        let mut paths = Paths::default();
        let a = paths.add(["a"]);
        for below in [false, true] {
            if below {
                paths.add(["a", "b"]);
            }
            let ours = Event::read(&raw, &paths).ok().map(|it| all(&it, a).pop().unwrap_or_default());
            prop_assert_eq!(&ours, &theirs, "{}", String::from_utf8_lossy(&raw));
        }
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
