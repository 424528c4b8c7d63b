//! What rules mean, row by row, reasoned out from Sigma's specification: "Sigma Modifiers", "Escape Character", "Special Field Values".

use serde_json::{Value as Json, json};

use super::{load, matching, rule_of};

/// A detection in YAML, an event, and whether it matches.
type Row = (&'static str, Json, bool);

fn check(rows: Vec<Row>) {
    let wrong: Vec<_> = rows
        .iter()
        .filter(|(detection, event, expected)| matching(&rule_of(detection), event) != [*expected])
        .map(|(detection, event, expected)| format!("{detection} / {event} should be {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn values_are_texts_whatever_their_case() {
    check(vec![
        ("a: value", json!({ "a": "VALUE" }), true),
        ("a: ÄRGER", json!({ "a": "ärger" }), true),
        ("a: value", json!({ "a": "values" }), false),
        ("a|cased: Value", json!({ "a": "Value" }), true),
        ("a|cased: Value", json!({ "a": "value" }), false),
        ("a|contains|cased: Al", json!({ "a": "vAlue" }), true),
        ("a|contains|cased: Al", json!({ "a": "value" }), false),
        ("a|cased: V*e", json!({ "a": "Value" }), true),
        ("a|cased: V*e", json!({ "a": "value" }), false),
        ("A: value", json!({ "a": "value" }), false),
        // Truth values and numbers are what they are written as.
        ("a: 'true'", json!({ "a": true }), true),
        ("a: true", json!({ "a": "True" }), true),
        ("a: true", json!({ "a": true }), true),
        ("a: false", json!({ "a": true }), false),
        ("a: true", json!({ "a": "yes" }), false),
        ("a: true", json!({ "a": 1 }), false),
        ("a: '7'", json!({ "a": 7 }), true),
        ("a: 7", json!({ "a": "7" }), true),
        ("a: 7", json!({ "a": 7.0 }), true),
        ("a: 7", json!({ "a": 70 }), false),
        ("a|contains: 7", json!({ "a": 470 }), true),
        ("a|startswith: 47", json!({ "a": 470 }), true),
    ]);
}

#[test]
fn null_is_absent_and_an_empty_text_is_not() {
    check(vec![
        ("a: null", json!({}), true),
        ("a: null", json!({ "a": null }), true),
        ("a: null", json!({ "a": "" }), false),
        ("a: null", json!({ "a": [] }), false),
        ("a:", json!({}), true),
        ("a.b: null", json!({ "a": "text" }), true),
        ("a: ''", json!({ "a": "" }), true),
        ("a: ''", json!({}), false),
        ("a: ''", json!({ "a": null }), false),
        // pySigma links the values with `or`, null among them.
        ("a: [x, null]", json!({}), true),
        ("a: [x, null]", json!({ "a": "X" }), true),
        ("a: [x, null]", json!({ "a": "y" }), false),
    ]);
}

#[test]
fn exists_asks_for_the_field_and_not_for_its_value() {
    check(vec![
        ("a|exists: true", json!({ "a": "x" }), true),
        ("a|exists: true", json!({ "a": null }), true),
        ("a|exists: true", json!({ "a": "" }), true),
        ("a|exists: true", json!({}), false),
        ("a|exists: false", json!({}), true),
        ("a|exists: false", json!({ "a": null }), false),
        ("a.b|exists: true", json!({ "a": [{ "c": 1 }, { "b": null }] }), true),
        ("a.b|exists: true", json!({ "a": { "c": 1 } }), false),
    ]);
}

#[test]
fn neq_is_the_negation_of_the_item() {
    check(vec![
        ("a|neq: x", json!({ "a": "y" }), true),
        ("a|neq: x", json!({ "a": "X" }), false),
        ("a|neq: x", json!({}), true),
        ("a|neq: [x, y]", json!({ "a": "y" }), false),
        ("a|neq: [x, y]", json!({ "a": "z" }), true),
        ("a|neq: 5", json!({ "a": "5" }), false),
        ("a|neq: x", json!({ "a": ["x", "y"] }), false),
        ("a|neq: null", json!({}), false),
        ("a|neq: null", json!({ "a": "x" }), true),
        ("a|contains|neq: x", json!({ "a": "axb" }), false),
    ]);
}

#[test]
fn wildcards_and_their_escapes() {
    check(vec![
        ("a: 'b*d'", json!({ "a": "bcccd" }), true),
        ("a: 'b*d'", json!({ "a": "bd" }), true),
        ("a: 'b*d'", json!({ "a": "bde" }), false),
        ("a: 'b?d'", json!({ "a": "bcd" }), true),
        ("a: 'b?d'", json!({ "a": "bd" }), false),
        ("a: 'b?d'", json!({ "a": "bäd" }), true),
        // Any character, also the end of a line.
        ("a: 'b*d'", json!({ "a": "b\n\nd" }), true),
        ("a: 'b?d'", json!({ "a": "b\nd" }), true),
        ("a|startswith: 'b*d'", json!({ "a": "bcd and more" }), true),
        ("a|startswith: 'b*d'", json!({ "a": "a bcd" }), false),
        ("a|endswith: 'b?d'", json!({ "a": "here is bcd" }), true),
        ("a|endswith: 'b?d'", json!({ "a": "bcd." }), false),
        ("a|contains: 'b?d'", json!({ "a": "a bcd." }), true),
        ("a: '*b'", json!({ "a": "ab" }), true),
        ("a: 'b*'", json!({ "a": "ba" }), true),
        ("a: '*b*'", json!({ "a": "aba" }), true),
        (r"a: 'b\*'", json!({ "a": "b*" }), true),
        (r"a: 'b\*'", json!({ "a": "bc" }), false),
        (r"a: 'b\?'", json!({ "a": "b?" }), true),
        (r"a: 'b\?'", json!({ "a": "bc" }), false),
        (r"a: 'b\\*'", json!({ "a": "b\\anything" }), true),
        (r"a: 'b\\*'", json!({ "a": "b*" }), false),
        (r"a: 'b\\\*'", json!({ "a": "b\\*" }), true),
        (r"a: 'b\\\*'", json!({ "a": "b\\c" }), false),
        (r"a: 'b\c'", json!({ "a": "b\\c" }), true),
        (r"a: 'b\\c'", json!({ "a": "b\\c" }), true),
        (r"a: 'b\\\\c'", json!({ "a": "b\\\\c" }), true),
        ("a: 'b.d'", json!({ "a": "bcd" }), false),
        ("a: '(b*d)'", json!({ "a": "(bcd)" }), true),
    ]);
}

#[test]
fn nothing_but_a_wildcard_is_whatever_there_is() {
    for it in ["a: '*'", "a|contains: '*'", "a|startswith: '*'", "a: '**'"] {
        for (value, expected) in [
            (json!("x"), true),
            (json!(""), true),
            (json!(5), true),
            (json!(false), true),
            (json!(["x"]), true),
            (json!([]), true),
            (json!([[{}]]), true),
            (json!({}), true),
            (json!(null), false),
        ] {
            assert_eq!(matching(&rule_of(it), &json!({ "a": value })), [expected], "{it} / {value}");
        }
        assert_eq!(matching(&rule_of(it), &json!({})), [false], "{it}");
    }
    check(vec![("a: '?*'", json!({ "a": "" }), false), ("a: '?*'", json!({ "a": "x" }), true)]);
}

#[test]
fn an_object_is_its_text() {
    let event = json!({ "a": { "policy": "AdministratorAccess", "tags": [{ "key": "Owner" }], "n": 5 } });
    check(vec![
        ("a|contains: administratoraccess", event.clone(), true),
        ("a|contains: '\"policy\":\"Admin'", event.clone(), true),
        ("a|contains|all: [owner, policy]", event.clone(), true),
        ("a|contains: nothing", event.clone(), false),
        ("a|re: '\"n\":\\d'", event.clone(), true),
        ("a: '*Owner*'", event.clone(), true),
        ("a.tags|contains: owner", event.clone(), true),
        ("a: policy", event, false),
        ("a|contains: '{}'", json!({ "a": {} }), true),
        ("a|contains: inner", json!({ "a": [{ "b": "inner" }, "other"] }), true),
        ("a|contains: inner", json!({ "a": [[{ "b": "inner" }]] }), true),
    ]);
}

#[test]
fn paths_go_through_lists() {
    let event = json!({ "a": [{ "b": 1, "c": ["x", "y"] }, { "b": "two" }], "d.e": "flat", "f": ["p", "q"] });
    check(vec![
        ("a.b: 1", event.clone(), true),
        ("a.b: two", event.clone(), true),
        ("a.b: 3", event.clone(), false),
        ("a.c: y", event.clone(), true),
        ("a.c|contains|all: [x, y]", event.clone(), true),
        ("a.c|contains|all: [x, z]", event.clone(), false),
        ("f: q", event.clone(), true),
        ("f|contains|all: [p, q]", event.clone(), true),
        ("f: null", event.clone(), false),
        ("a.none: null", event.clone(), true),
        ("d.e: flat", event.clone(), true),
        ("a.b|gt: 0", event, true),
    ]);
}

#[test]
fn texts_in_any_of_the_ways_to_compare_them() {
    check(vec![
        ("a|startswith: ab", json!({ "a": "ABC" }), true),
        ("a|startswith: b", json!({ "a": "abc" }), false),
        ("a|endswith: bc", json!({ "a": "ABC" }), true),
        ("a|contains: [x, b]", json!({ "a": "abc" }), true),
        ("a|contains|all: [a, c]", json!({ "a": "abc" }), true),
        ("a|contains|all: [a, d]", json!({ "a": "abc" }), false),
        ("a|re: b.d", json!({ "a": "abcde" }), true),
        ("a|re: ^b.d", json!({ "a": "abcde" }), false),
        ("a|re: B.D", json!({ "a": "bcd" }), false),
        ("a|re|i: B.D", json!({ "a": "bcd" }), true),
        ("a|re: b.d", json!({ "a": "b\nd" }), false),
        ("a|re|s: b.d", json!({ "a": "b\nd" }), true),
        ("a|re: ^d$", json!({ "a": "b\nd" }), false),
        ("a|re|m: ^d$", json!({ "a": "b\nd" }), true),
        ("a|re: '\\d{3}'", json!({ "a": 1234 }), true),
        ("a|cidr: 10.0.0.0/8", json!({ "a": "10.2.3.4" }), true),
        ("a|cidr: 10.0.0.0/8", json!({ "a": "11.2.3.4" }), false),
        ("a|cidr: [192.168.0.0/16, 10.0.0.0/8]", json!({ "a": ["host", "10.1.1.1"] }), true),
        ("a|cidr: 10.0.0.0/8", json!({ "a": "ec2.amazonaws.com" }), false),
        ("a|cidr: '2001:db8::/32'", json!({ "a": "2001:DB8::1" }), true),
        ("a|gt: 5", json!({ "a": 6 }), true),
        ("a|gt: 5", json!({ "a": "5.5" }), true),
        ("a|gte: 5", json!({ "a": 5 }), true),
        ("a|lt: 5", json!({ "a": 5 }), false),
        ("a|lte: 5", json!({ "a": 5 }), true),
        ("a|gt: 5", json!({ "a": "many" }), false),
    ]);
}

#[test]
fn fields_are_compared_with_fields() {
    check(vec![
        ("a|fieldref: b", json!({ "a": "x", "b": "X" }), true),
        ("a|fieldref: b", json!({ "a": "x", "b": "y" }), false),
        ("a|fieldref: b", json!({ "a": "x" }), false),
        ("a|fieldref: b", json!({}), false),
        ("a|fieldref: b", json!({ "a": null, "b": null }), false),
        ("a|fieldref: b", json!({ "a": "5", "b": 5 }), true),
        ("a|fieldref: c.d", json!({ "a": "x", "c": [{ "d": "y" }, { "d": "x" }] }), true),
        ("a.b|fieldref: c", json!({ "a": [{ "b": 1 }, { "b": 2 }], "c": 2 }), true),
        ("a|fieldref|contains: b", json!({ "a": "arn:x:role", "b": "X" }), true),
        ("a|fieldref|startswith: b", json!({ "a": "xyz", "b": "xy" }), true),
        ("a|fieldref|endswith: b", json!({ "a": "xyz", "b": "xy" }), false),
        ("a|fieldref|cased: b", json!({ "a": "x", "b": "X" }), false),
        ("a|fieldref: [b, c]", json!({ "a": "x", "b": "y", "c": "x" }), true),
        ("a|fieldref|all: [b, c]", json!({ "a": "x", "b": "y", "c": "x" }), false),
        ("a|fieldref|neq: b", json!({ "a": "x", "b": "y" }), true),
        ("a|fieldref|neq: b", json!({ "a": "x", "b": "x" }), false),
        ("a|fieldref|neq: [b, c]", json!({ "a": "x", "b": "y", "c": "x" }), false),
    ]);
}

#[test]
fn values_are_encoded_as_they_may_stand_in_a_command() {
    check(vec![
        ("a|windash: ' -s '", json!({ "a": " -s " }), true),
        ("a|windash|contains: ' -enc'", json!({ "a": "p.exe /enc x" }), true),
        ("a|windash|contains: ' /enc'", json!({ "a": "p.exe \u{2014}enc x" }), true),
        ("a|windash|contains: ' -a-b'", json!({ "a": "p.exe /a-b" }), true),
        ("a|windash|contains: ' -a-b'", json!({ "a": "p.exe /a/b" }), false),
        ("a|windash|contains|all: [' -a', ' -b']", json!({ "a": "p /b \u{2013}a" }), true),
        ("a|windash|contains|all: [' -a', ' -b']", json!({ "a": "p /b /c" }), false),
        ("a|windash: '*p -a*'", json!({ "a": "x p /a y" }), true),
        ("a|base64: foo", json!({ "a": "Zm9v" }), true),
        ("a|base64offset|contains: foobar", json!({ "a": "eGZvb2Jhcg==" }), true),
        ("a|base64offset|contains: foobar", json!({ "a": "Zm9vYmFy" }), true),
        ("a|base64offset|contains: foobar", json!({ "a": "nothing" }), false),
        ("a|wide|base64offset|contains: cmd", json!({ "a": "YwBtAGQA" }), true),
        ("a|utf16le|base64offset|contains: cmd", json!({ "a": "YwBtAGQA" }), true),
        ("a|utf16be|base64offset|contains: cmd", json!({ "a": "AGMAbQBk" }), true),
    ]);
}

#[test]
fn parts_of_times() {
    let event = json!({ "a": "2024-02-29T23:05:00Z" });
    check(vec![
        ("a|hour: 23", event.clone(), true),
        ("a|minute: 5", event.clone(), true),
        ("a|day: 29", event.clone(), true),
        ("a|month: 2", event.clone(), true),
        ("a|week: 9", event.clone(), true),
        ("a|year: 2024", event.clone(), true),
        ("a|hour: [1, 2]", event, false),
    ]);
}

#[test]
fn words_may_stand_anywhere_in_an_event() {
    let event = json!({ "text": ["some Keyword here"], "inner": { "number": 4711, "other": "second" } });
    let rule =
        |s: &str| format!("title: t\nlogsource: {{ product: aws }}\ndetection:\n  s: {s}\n  condition: s\n");
    for (selection, expected) in [
        ("[keyword]", true),
        ("[nothing, keyword]", true),
        ("[nothing]", false),
        ("['some*here']", true),
        ("['key?ord']", true),
        ("[4711]", true),
        ("['*']", true),
        // All of them, wherever each stands.
        ("{ '|all': [keyword, second] }", true),
        ("{ '|all': [keyword, third] }", false),
        ("{ '|contains|all': [keyword, second] }", true),
        ("{ '|re': 'K.yword' }", true),
        ("{ '|re': 'k.yword' }", false),
        ("[{ inner.other: second }, keyword]", true),
        ("[{ inner.other: nothing }, keyword]", true),
    ] {
        assert_eq!(matching(&rule(selection), &event), [expected], "{selection}");
    }
}

#[test]
fn conditions_over_selections() {
    let event = json!({ "a": 1, "b": 2 });
    for (condition, expected) in [
        ("1 of them", true),
        ("all of them", false),
        ("any of them", true),
        ("all of selection_*", true),
        ("1 of other_*", false),
        ("not 1 of other_*", true),
        ("all of selection_* and not other_c", true),
        ("not (selection_a and selection_b)", false),
        // Precedence: not, and, or.
        ("other_c and selection_a or selection_b", true),
        ("not other_c and selection_b", true),
        // Selections that begin with `_` are not among `them`.
        ("all of selection_* and 1 of them and not _hidden", true),
    ] {
        let rule = format!(
            "title: t\nlogsource: {{ product: aws }}\ndetection:\n  selection_a: {{ a: 1 }}\n  selection_b: {{ b: 2 }}\n  other_c: {{ c: 3 }}\n  _hidden: {{ d: 4 }}\n  condition: {condition}\n"
        );
        assert_eq!(matching(&rule, &event), [expected], "{condition}");
    }
}

#[test]
fn what_cannot_be_meant_is_told() {
    let told = |detection: &str| {
        let told = load("r.yml", &rule_of(detection)).diagnostics;
        assert_eq!(told.len(), 1, "{detection}: {told:?}");
        told[0].to_string()
    };
    assert_eq!(
        told("a|expand: '%admins%'"),
        "r.yml:1:1: error[sigma/placeholder]: no pipeline says what `%admins%` stands for\n  help: give `--pipeline FILE` with a transformation `value_placeholders`"
    );
    for (detection, part) in [
        ("a|contains|all: one", "all"),
        ("a|re: '['", "regex"),
        ("a|cidr: 10.0.0.0/99", "CIDR"),
        ("a|gt: many", "numeric"),
        ("a|re|contains: x", "at most one operator"),
        ("'|neq': x", "ask about a field"),
        ("a|windash: ' -a -b -c -d -e -f'", "too many dashes"),
    ] {
        let told = told(detection);
        assert!(told.contains(part), "{told}");
    }
    let told = |condition: &str| {
        let rule = rule_of("a: 1").replace("condition: s", &format!("condition: {condition}"));
        load("r.yml", &rule).diagnostics[0].to_string()
    };
    assert!(told("s | count() by a > 5").starts_with(
        "r.yml:6:16: error[sigma/condition]: aggregations behind `|` are no part of Sigma any more"
    ));
    assert_eq!(
        told("s and t"),
        "r.yml:6:14: error[sigma/condition]: the condition names `t`, but there is no such selection"
    );
}
