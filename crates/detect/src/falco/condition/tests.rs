//! Conditions as people write them, and as nobody should.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Expression, parse};

fn tree(condition: &str) -> Value {
    serde_json::to_value(parse(condition).unwrap()).unwrap()
}

fn refused(condition: &str) -> String {
    let error = parse(condition).unwrap_err();
    format!("{}:{}: {}", error.at.line, error.at.column, error.message)
}

/// The condition with parentheses around everything: what binds what.
fn bound(condition: &str) -> String {
    fn write(it: &Expression) -> String {
        let all = |children: &[Expression], word: &str| {
            format!("({})", children.iter().map(write).collect::<Vec<_>>().join(word))
        };
        match it {
            Expression::And { children } => all(children, " and "),
            Expression::Or { children } => all(children, " or "),
            Expression::Not { child } => format!("!{}", write(child)),
            Expression::Macro { name, .. } => name.clone(),
            Expression::Exists { .. } | Expression::Check { .. } => "check".to_owned(),
        }
    }
    write(&parse(condition).unwrap())
}

#[test]
fn and_binds_stronger_than_or_and_not_strongest() {
    assert_eq!(bound("a or b and not c or d"), "(a or (b and !c) or d)");
    assert_eq!(bound("(a or b) and c"), "((a or b) and c)");
    assert_eq!(bound("not not a"), "a");
    assert_eq!(bound("not not not a"), "!a");
    assert_eq!(bound("not(a and b) or(c)"), "(!(a and b) or c)");
    assert_eq!(bound("  a\n and\tb "), "(a and b)");
}

#[test]
fn a_check_has_a_field_an_operator_and_a_value() {
    assert_eq!(
        tree(r#"proc.aname[3] = "a \"b\" \x41\n""#),
        json!({
            "Kind": "Check",
            "Left": { "Kind": "Field", "Name": "proc.aname", "Argument": "3" },
            "Operator": "=",
            "Right": { "Kind": "Value", "Value": "a \"b\" A\n" },
        })
    );
    assert_eq!(tree("json.value[/a/b] exists")["Left"]["Argument"], "/a/b");
    assert_eq!(tree("json.value['/a b'] exists")["Left"]["Argument"], "/a b");
    assert!(parse("json.value[/a b] exists").is_err(), "a bare argument holds no blank");
}

#[test]
fn lists_hold_values_or_are_named() {
    let right = |condition: &str| tree(condition)["Right"].clone();
    assert_eq!(
        right("ct.name in (A, 'b c', \"d\")"),
        json!({ "Kind": "Values", "Values": ["A", "b c", "d"] })
    );
    assert_eq!(right("ct.name in ()"), json!({ "Kind": "Values", "Values": [] }));
    assert_eq!(right("ct.name in(names)"), json!({ "Kind": "Values", "Values": ["names"] }));
    assert_eq!(right("ct.name intersects names"), json!({ "Kind": "Value", "Value": "names" }));
}

#[test]
fn modifiers_go_through_lists_and_are_words_elsewhere() {
    let check = tree("proc.name startswith oneof (a, b)");
    assert_eq!((&check["Operator"], &check["Modifier"]), (&json!("startswith"), &json!("oneof")));
    assert_eq!(tree("proc.name contains allof names")["Right"], json!({ "Kind": "Value", "Value": "names" }));
    assert_eq!(tree("proc.name = oneof")["Right"]["Value"], "oneof");
    assert_eq!(bound("proc.name = oneof and a"), "(check and a)");
}

#[test]
fn fields_are_transformed_on_both_sides() {
    assert_eq!(
        tree("toupper(b64(evt.arg.data)) = val(proc.name)"),
        json!({
            "Kind": "Check",
            "Left": {
                "Kind": "Transformed", "Transformer": "toupper",
                "Arguments": [{
                    "Kind": "Transformed", "Transformer": "b64",
                    "Arguments": [{ "Kind": "Field", "Name": "evt.arg.data" }],
                }],
            },
            "Operator": "=",
            "Right": {
                "Kind": "Transformed", "Transformer": "val", "Arguments": [{ "Kind": "Field", "Name": "proc.name" }],
            },
        })
    );
    let joined = tree("join('/', (proc.name, \"x\", 5)) startswith a");
    assert_eq!(joined["Left"]["Arguments"][1]["Items"][2], json!({ "Kind": "Value", "Value": "5" }));
    assert!(parse("len(fd.name) >= 0x1F").is_ok());
}

#[test]
fn mistakes_are_told_with_their_place() {
    assert_eq!(refused(""), "1:1: the condition is empty");
    assert_eq!(refused("a b"), "1:3: unexpected token after `a`: `or` or `and` is expected");
    assert_eq!(refused("a and\n  (b or c"), "2:10: `)` is expected");
    assert_eq!(refused("a andb"), "1:6: a blank or `(` is expected after `and`");
    assert_eq!(refused("ct.name in"), "1:11: a list or the name of one is expected");
    assert_eq!(refused("ct.name = 'a\\q'"), "1:11: there is no escape `\\q`");
    assert_eq!(refused("ct.name = 'a"), "1:11: a text or a field in a transformer is expected");
    assert_eq!(refused("ct.size > many"), "1:11: a number or a field in a transformer is expected");
    assert_eq!(refused("json.value[a = b"), "1:13: `]` is expected");
    assert!(refused("ct.name is a").starts_with("1:9: an operator is expected: exists, =, !=, <=,"));
}

#[test]
fn nesting_has_the_limit_that_falco_has() {
    let nested = |n: usize| format!("{}a{}", "(".repeat(n), ")".repeat(n));
    assert!(parse(&nested(199)).is_ok());
    assert_eq!(parse(&nested(200)).unwrap_err().message, "the condition nests too deep");
}

proptest! {
    /// Whatever is written, the parser answers.
    #[test]
    fn nothing_is_too_odd(condition in r#"[a-z. ()'"\\=<>,\[\]xnot0-9é]{0,60}"#) {
        let _ = parse(&condition);
    }

    /// Parts that are joined come back as they were.
    #[test]
    fn joined_parts_come_back(names in proptest::collection::vec("[a-mp-z][a-z]{0,5}", 2..6)) {
        let Expression::And { children } = parse(&names.join(" and ")).unwrap() else { panic!("no conjunction") };
        let found: Vec<_> = children.iter().map(|it| match it {
            Expression::Macro { name, .. } => name.clone(),
            other => format!("{other:?}"),
        }).collect();
        prop_assert_eq!(found, names);
    }
}

#[test]
fn a_condition_is_written_as_it_is_meant() {
    for condition in [
        "a or (b and not c)",
        "not (a or b)",
        "ct.name in (A, \"b c\", \"\")",
        "json.value[/a/b] exists",
        "json.value[\"/a b\"] = \"x\\\"y\\\\z\"",
        "toupper(ct.name) = val(ct.user)",
        "ct.name startswith oneof (a, b)",
    ] {
        let written = parse(condition).unwrap().to_string();
        assert_eq!(tree(&written), tree(condition), "{written}");
    }
    assert_eq!(parse("a or b and (c or d)").unwrap().to_string(), "a or (b and (c or d))");
}
