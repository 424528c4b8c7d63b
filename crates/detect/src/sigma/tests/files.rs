//! Filters and pipelines, which may stand in other files than the rules that they change.

use rsigma_eval::evaluate_rule;
use serde_json::json;

use super::super::{Fields, Loaded, Loader, Named};
use crate::event::{Event, Paths};

const RULES: &str = "
title: First
id: 11111111-0000-4000-8000-000000000001
name: first
logsource: { product: aws, service: cloudtrail }
detection: { a: { eventName: A }, condition: 1 of a* }
---
title: Second
id: 11111111-0000-4000-8000-000000000002
logsource: { product: aws, service: cloudtrail }
detection: { a: { eventName: A }, b: { user: ours }, condition: [all of them, b] }
---
title: Third
id: 11111111-0000-4000-8000-000000000003
logsource: { product: kubernetes, service: audit }
detection: { a: { eventName: A }, condition: a }
";

fn loaded(pipelines: &[&str], files: &[&str]) -> Loaded {
    let mut loader = Loader::default();
    pipelines.iter().for_each(|it| loader.pipeline("p.yml", it));
    for (number, text) in files.iter().enumerate() {
        loader.file(&format!("{number}.yml"), text);
    }
    loader.finish()
}

/// The titles of the rules that match.
fn titles<'l>(loaded: &'l Loaded, event: &serde_json::Value) -> Vec<&'l str> {
    let (mut paths, mut fields) = (Paths::default(), Fields::default());
    loaded.rules.iter().for_each(|it| fields.add(&it.compiled, &mut paths));
    let raw = event.to_string();
    let event = Event::read(raw.as_bytes(), &paths).unwrap();
    let named = Named { event: &event, fields: &fields };
    let matching = loaded.rules.iter().filter(|it| evaluate_rule(&it.compiled, &named).is_some());
    matching.map(|it| it.compiled.title.as_str()).collect()
}

fn told(loaded: &Loaded) -> Vec<String> {
    loaded.diagnostics.iter().map(ToString::to_string).collect()
}

fn filter(rules: &str, condition: &str) -> String {
    format!(
        "title: Not ours\nlogsource: {{ product: aws }}\nfilter:\n  rules: {rules}\n  a_ours: {{ user: ours }}\n  a_role: {{ role: ours }}\n  condition: {condition}\n"
    )
}

#[test]
fn a_filter_changes_the_rules_that_it_names_wherever_they_stand() {
    let (ours, theirs) = (json!({ "eventName": "A", "user": "ours" }), json!({ "eventName": "A" }));
    let all = loaded(&[], &[RULES]);
    assert_eq!(titles(&all, &ours), ["First", "Second", "Third"]);
    // The filter comes first, and names one by its name and one by its id.
    for rules in ["[first, 11111111-0000-4000-8000-000000000002]", "any", "Any", "[]"] {
        for condition in ["not a_ours", "not 1 of them", "not (a_ours or a_role)", "not 1 of a_*"] {
            let loaded = loaded(&[], &[&filter(rules, condition), RULES]);
            assert_eq!(told(&loaded), Vec::<String>::new());
            assert_eq!(loaded.filters, 1);
            // A filter for AWS leaves Kubernetes alone.
            assert_eq!(titles(&loaded, &ours), ["Third"], "{rules} {condition}");
            assert_eq!(titles(&loaded, &theirs), ["First", "Third"], "{rules} {condition}");
        }
    }
    let one = loaded(&[], &[RULES, &filter("first", "not a_ours")]);
    assert_eq!(titles(&one, &ours), ["Second", "Third"]);
    // A condition is added as it is.
    let only = loaded(&[], &[RULES, &filter("any", "a_ours")]);
    assert_eq!(titles(&only, &theirs), ["Third"]);
}

#[test]
fn a_filter_that_does_nothing_is_told() {
    assert_eq!(
        told(&loaded(&[], &[RULES, &filter("[first, frist]", "not a_ours")])),
        [
            "1.yml:4:18: warning[sigma/filter]: no rule has the id or name `frist`\n  help: the file with the rule must be loaded, too"
        ]
    );
    let other = filter("[11111111-0000-4000-8000-000000000003]", "not a_ours");
    assert!(told(&loaded(&[], &[RULES, &other]))[0].contains("is about other logs than this filter"));
    let none = filter("any", "not a_ours").replace("product: aws", "product: gcp");
    assert!(told(&loaded(&[], &[RULES, &none]))[0].contains("the filter is about no rule"));
}

#[test]
fn a_filter_with_a_mistake_is_told_with_its_place() {
    let filter = filter("any", "not a_ours");
    for (text, expected) in [
        (
            filter.replace("  rules: any\n", ""),
            "0.yml:4:3: error[sigma/filter]: a filter needs `rules`: ids or names, or `any`",
        ),
        (
            filter.replace("logsource: { product: aws }\n", ""),
            "0.yml:1:1: error[sigma/filter]: a filter needs a `logsource`",
        ),
        (
            filter.replace("  condition: not a_ours\n", ""),
            "0.yml:4:3: error[sigma/filter]: a filter needs a `condition`",
        ),
        (
            filter.replace("not a_ours", "[a_ours]"),
            "0.yml:7:14: error[sigma/filter]: the `condition` of a filter is one text",
        ),
    ] {
        assert_eq!(told(&loaded(&[], &[&text])), [expected]);
    }
    // The rules are used without it.
    for (from, to, expected) in [
        (
            "not a_ours",
            "not other",
            "1.yml:7:14: error[sigma/filter]: the condition names `other`, but there is no such selection",
        ),
        ("user: ours", "user|re: '['", "1.yml:1:1: error[sigma/filter]: "),
    ] {
        let loaded = loaded(&[], &[RULES, &filter.replace(from, to)]);
        assert!(told(&loaded).len() == 1 && told(&loaded)[0].starts_with(expected), "{:?}", told(&loaded));
        assert_eq!((loaded.rules.len(), loaded.filters), (3, 0));
    }
}

#[test]
fn thousands_of_filters_do_not_nest() {
    let many: Vec<String> =
        (0..2000).map(|n| filter("first", "not a_ours").replace("ours", &format!("u{n}"))).collect();
    let loaded = loaded(&[], &[RULES, &many.join("---\n")]);
    assert_eq!((told(&loaded), loaded.filters), (vec![], 2000));
    assert_eq!(titles(&loaded, &json!({ "eventName": "A", "user": "u1999" })), ["Third"]);
    assert_eq!(titles(&loaded, &json!({ "eventName": "A", "user": "other" })), ["First", "Third"]);
}

const PIPELINE: &str = "
name: ours
priority: 20
vars: { admins: [alice, bob] }
transformations:
  - id: names
    type: field_name_mapping
    mapping: { eventName: event.action, user: actor }
    rule_conditions:
      - { type: logsource, product: aws }
  - type: value_placeholders
";

#[test]
fn a_pipeline_changes_rules_and_the_filters_in_them() {
    let filter = filter("any", "not a_ours");
    let loaded = loaded(&[PIPELINE], &[RULES, &filter]);
    assert_eq!(told(&loaded), Vec::<String>::new());
    assert_eq!(titles(&loaded, &json!({ "event": { "action": "A" } })), ["First"]);
    assert_eq!(titles(&loaded, &json!({ "event": { "action": "A" }, "actor": "ours" })), Vec::<&str>::new());
    assert_eq!(titles(&loaded, &json!({ "eventName": "A" })), ["Third"]);
}

#[test]
fn placeholders_are_what_a_pipeline_says() {
    let rule = "title: t\nlogsource: { product: aws }\ndetection: { s: { user|expand: '%admins%' }, condition: s }\n";
    let loaded = loaded(&[PIPELINE], &[rule]);
    assert_eq!(told(&loaded), Vec::<String>::new());
    assert_eq!(titles(&loaded, &json!({ "actor": "Bob" })), ["t"]);
    assert_eq!(titles(&loaded, &json!({ "actor": "eve" })), Vec::<&str>::new());
}

#[test]
fn pipelines_of_lower_priority_go_first() {
    let first =
        "priority: 1\ntransformations:\n  - { type: field_name_mapping, mapping: { eventName: middle } }\n";
    let then = "priority: 2\ntransformations:\n  - { type: field_name_mapping, mapping: { middle: last } }\n";
    let loaded = loaded(&[then, first], &[RULES]);
    assert_eq!(titles(&loaded, &json!({ "last": "A" })), ["First", "Third"]);
}

#[test]
fn a_mistake_in_a_pipeline_is_told_with_its_place() {
    for (text, expected) in [
        ("transformations: [", "p.yml:1:"),
        ("a: b", "p.yml:1:1: error[sigma/pipeline]: this is no pipeline: there are no `transformations`"),
        (
            "transformations: []\n---\ntransformations: []\n",
            "p.yml:3:1: error[sigma/pipeline]: a pipeline is one document",
        ),
        (
            "transformations:\n  - { type: field_name_mapping, mapping: { a: b } }\n  - { type: nothing }\n  - { type: other }\n",
            "p.yml:3:5: error[sigma/pipeline]: ",
        ),
        (
            "transformations: []\nnames: x\n",
            "p.yml:2:1: warning[sigma/pipeline]: a pipeline has no key `names`",
        ),
        (
            "vars: { a: '${source.b}' }\ntransformations: []\n",
            "p.yml:1:1: error[sigma/pipeline]: values out of other sources",
        ),
    ] {
        let told = told(&loaded(&[text], &[]));
        assert!(told.len() == 1 && told[0].starts_with(expected), "{told:?}");
    }
    let refusing = "transformations:\n  - { type: rule_failure, message: not for us }\n";
    let told = told(&loaded(&[refusing], &[RULES]));
    assert!(told[0].starts_with("0.yml:2:1: error[sigma/pipeline]: a pipeline refuses the rule"), "{told:?}");
}
