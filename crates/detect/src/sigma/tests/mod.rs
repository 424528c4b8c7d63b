//! Sigma files, and that our events answer as the library's own.

mod files;
mod modifiers;

use proptest::prelude::*;
use rsigma_eval::event::{Event as _, EventValue};
use rsigma_eval::{JsonEvent, evaluate_rule};
use serde_json::{Value as Json, json};

use super::{Fields, Named, load, required::required};
use crate::event::{Event, Paths};

const RULE: &str = r#"
title: Trail stopped
id: 4f1d8e0a-0000-4000-8000-000000000001
logsource: { product: aws, service: cloudtrail }
detection:
  selection:
    eventSource: cloudtrail.amazonaws.com
    eventName:
      - StopLogging
      - DeleteTrail
  filter_ours:
    userIdentity.arn|contains: ':role/ours'
  condition: selection and not 1 of filter_*
level: high
"#;

fn told(text: &str) -> Vec<String> {
    load("r.yml", text).diagnostics.iter().map(ToString::to_string).collect()
}

#[test]
fn a_rule_is_loaded_with_what_it_needs() {
    let loaded = load("r.yml", RULE);
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    let rule = &loaded.rules[0];
    assert_eq!(rule.name, "4f1d8e0a-0000-4000-8000-000000000001");
    let names: Vec<_> = required(&rule.compiled, "eventName").unwrap().into_iter().collect();
    assert_eq!(names, ["deletetrail", "stoplogging"]);
    assert_eq!(required(&rule.compiled, "userIdentity.arn"), None);
}

#[test]
fn a_mistake_is_told_where_it_stands_and_the_other_documents_are_loaded() {
    let broken = RULE.replace("selection and not 1 of filter_*", "selection and nott filter_ours");
    let file = format!("{RULE}---{broken}---\n# nothing\n---{RULE}");
    let loaded = load("r.yml", &file);
    assert_eq!(loaded.rules.len(), 2);
    let place = loaded.diagnostics[0].place.unwrap();
    assert_eq!(
        (loaded.diagnostics.len(), loaded.diagnostics[0].code, place.line),
        (1, "sigma/condition", 27)
    );
    assert_eq!(
        loaded.diagnostics[0].message,
        "the condition goes on in a way that Sigma does not know: the end, `or`, or `and` is expected"
    );
    assert!(told("title: [")[0].contains("error[sigma/yaml]"));
    assert!(told(&RULE.replace("|contains", "|containz"))[0].contains("containz"));
}

#[test]
fn the_texts_of_our_detections_are_passed_over_and_places_stay() {
    let texts =
        "yagura:\n  en: { response: [Start it.] }\n\n  # a remark\n  ja:\n    title: 証跡の\n      停止\n";
    let ours = load("r.yml", &format!("{RULE}{texts}"));
    assert!(ours.diagnostics.is_empty(), "{:?}", ours.diagnostics);
    assert!(ours.rules[0].compiled.custom_attributes.is_empty());
    // Before other keys, too.
    let first = load("r.yml", &format!("{texts}name: trail-stopped{RULE}"));
    assert_eq!(first.rules[0].compiled.title, "Trail stopped");
    let broken = format!("{texts}name: x{}", RULE.replace("not 1 of filter_*", "nott filter_ours"));
    assert_eq!(load("r.yml", &broken).diagnostics[0].place.unwrap().line, 20);
}

/// Whether the rules of a file match an event.
fn matching(rules: &str, event: &Json) -> Vec<bool> {
    let loaded = load("r.yml", rules);
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    let (mut paths, mut fields) = (Paths::default(), Fields::default());
    loaded.rules.iter().for_each(|it| fields.add(&it.compiled, &mut paths));
    let raw = event.to_string();
    let ours = Event::read(raw.as_bytes(), &paths).unwrap();
    let named = Named { event: &ours, fields: &fields };
    loaded.rules.iter().map(|it| evaluate_rule(&it.compiled, &named).is_some()).collect()
}

fn rule_of(detection: &str) -> String {
    format!("title: t\nlogsource: {{ product: aws }}\ndetection:\n  s:\n    {detection}\n  condition: s\n")
}

proptest! {
    /// Whatever an event looks like, a field is what the library finds, with objects as texts.
    #[test]
    fn fields_are_found_alike(
        keys in proptest::collection::vec("[ab]{1,2}", 1..4),
        values in proptest::collection::vec(prop_oneof![Just(json!(null)), Just(json!("x")), Just(json!(1)), Just(json!(true)), Just(json!([{ "a": 1, "b": "x" }, "y"])), Just(json!({ "a": { "b": "x" } }))], 3),
        field in "[ab]{1,2}(\\.[ab]{1,2}){0,2}",
    ) {
        let mut object = serde_json::Map::new();
        for (key, value) in keys.iter().zip(&values) {
            object.insert(key.clone(), value.clone());
        }
        let event = Json::Object(object);
        let loaded = load("r.yml", &rule_of(&format!("{field}: x")));
        let (mut paths, mut fields) = (Paths::default(), Fields::default());
        fields.add(&loaded.rules[0].compiled, &mut paths);
        let raw = event.to_string();
        let ours = Event::read(raw.as_bytes(), &paths).unwrap();
        let named = Named { event: &ours, fields: &fields };
        let theirs = JsonEvent::borrow(&event);
        let texts = |it: EventValue<'_>| match it.to_json() {
            Json::Object(it) => Json::Object(it).to_string().into(),
            Json::Array(items) => items
                .into_iter()
                .map(|it| if it.is_object() { it.to_string().into() } else { it })
                .collect(),
            other => other,
        };
        prop_assert_eq!(named.get_field(&field).map(|it| it.to_json()), theirs.get_field(&field).map(texts));
    }
}
