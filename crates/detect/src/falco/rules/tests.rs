//! Files as people write them: what is loaded, and what is told.

use super::{Loaded, Loader, Priority};
use crate::falco::FieldTable;
use crate::falco::condition::{Expression, Operand};

fn load(files: &[&str]) -> Loaded {
    let (fields, diagnostics) = FieldTable::load(&yagura_packs::Packs::embedded());
    assert_eq!(diagnostics, []);
    let mut loader = Loader::new();
    for (n, text) in files.iter().enumerate() {
        loader.file(&format!("{}.yaml", n + 1), text, &fields);
    }
    loader.finish(&fields)
}

/// Every error and warning in one line, without help.
fn told(files: &[&str]) -> Vec<String> {
    let diagnostics = load(files).diagnostics;
    diagnostics
        .iter()
        .map(|it| {
            let place = it.place.unwrap();
            format!("{}:{}:{} {} {}", it.file, place.line, place.column, it.code, it.message)
        })
        .collect()
}

/// A rule with this condition.
fn rule(condition: &str) -> String {
    format!(
        "- rule: r\n  desc: d\n  condition: {condition}\n  output: \"%ct.user\"\n  priority: ERROR\n  source: aws_cloudtrail\n  tags: [a]\n"
    )
}

/// The condition of the only rule, as a person would write it.
fn condition(files: &[&str]) -> String {
    let loaded = load(files);
    let errors: Vec<_> = loaded.diagnostics.iter().filter(|it| it.code.starts_with("LOAD_ERR")).collect();
    assert!(errors.is_empty(), "{errors:?}");
    written(&loaded.rules[0].condition)
}

fn written(expression: &Expression) -> String {
    let joined = |children: &[Expression], word: &str| {
        format!("({})", children.iter().map(written).collect::<Vec<_>>().join(word))
    };
    let side = |operand: &Operand| match operand {
        Operand::Field { name, .. } => name.clone(),
        Operand::Value { value } => value.text.clone(),
        Operand::Values { values } => {
            format!("({})", values.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(", "))
        }
        other => format!("{other:?}"),
    };
    match expression {
        Expression::And { children } => joined(children, " and "),
        Expression::Or { children } => joined(children, " or "),
        Expression::Not { child } => format!("not {}", written(child)),
        Expression::Macro { name, .. } => name.clone(),
        Expression::Exists { left, .. } => format!("{} exists", side(left)),
        Expression::Check { left, operator, right, .. } => {
            format!("{} {} {}", side(left), operator.as_str(), side(right))
        }
    }
}

#[test]
fn lists_and_macros_are_put_in() {
    let names = "- list: more\n  items: [C, 'D E']\n- list: names\n  items: [A, more]\n- macro: other\n  condition: ct.error exists\n- macro: named\n  condition: ct.name in (names, B) or other\n";
    assert_eq!(
        condition(&[names, &rule("not named and ct.user = x")]),
        "(not (ct.name in (A, C, D E, B) or ct.error exists) and ct.user = x)"
    );
}

#[test]
fn a_macro_sees_what_was_defined_before_its_last_change() {
    // `named` stands before `other`, but was changed after it.
    let late = "- macro: named\n  condition: ct.name = A\n- macro: other\n  condition: ct.name = B\n- macro: named\n  condition: or other\n  override: { condition: append }\n";
    assert_eq!(condition(&[late, &rule("named")]), "(ct.name = A or ct.name = B)");
    let early =
        "- macro: named\n  condition: ct.name = A or other\n- macro: other\n  condition: ct.name = B\n";
    assert_eq!(
        told(&[early, &rule("named")])[..2],
        [
            "1.yaml:2:29 LOAD_ERR_VALIDATE there is no macro `other` here",
            "2.yaml:3:14 LOAD_ERR_VALIDATE the macro `named` has mistakes"
        ]
    );
    let loop_ =
        "- macro: a\n  condition: ct.name = A\n- macro: b\n  condition: a\n- macro: a\n  condition: b\n";
    assert!(told(&[loop_])[0].ends_with("the macro `a` leads back to itself"));
}

#[test]
fn exceptions_take_events_out() {
    let with = |exceptions: &str| format!("{}  exceptions:\n{exceptions}", rule("ct.name = A"));
    assert_eq!(
        condition(&[&with("    - name: users\n      fields: ct.user\n      values: [x, 'y z']\n")]),
        "(ct.name = A and not ct.user in (x, y z))"
    );
    let pairs = "    - name: pairs\n      fields: [ct.user, ct.srcip]\n      comps: [=, in]\n      values: [[x, [10.0.0.1, 10.0.0.2]], [y, 10.0.0.3]]\n";
    assert_eq!(
        condition(&[&with(pairs)]),
        "(ct.name = A and not ((ct.user = x and ct.srcip in (10.0.0.1, 10.0.0.2)) or (ct.user = y and ct.srcip in (10.0.0.3))))"
    );
    assert_eq!(
        condition(&[&with("    - name: none\n      fields: [ct.user]\n")]),
        "ct.name = A",
        "no values, no exception"
    );
    let more = "- rule: r\n  exceptions:\n    - name: users\n      values: [z]\n  override: { exceptions: append }\n";
    assert_eq!(
        condition(&[&with("    - name: users\n      fields: ct.user\n      values: [x]\n"), more]),
        "(ct.name = A and not ct.user in (x, z))"
    );
    assert_eq!(
        told(&[&with("    - name: users\n      fields: [ct.user, ct.srcip]\n      values: [[x]]\n")]),
        ["1.yaml:9:7 LOAD_ERR_VALIDATE the exception `users` has not as many values as `fields`"]
    );
    assert!(
        told(&[&with("    - name: users\n      fields: ct.usr\n")])[0]
            .contains("have no field `ct.usr`; did you mean `ct.user`?")
    );
}

#[test]
fn later_files_append_replace_and_switch_off() {
    let base = rule("ct.name = A");
    let append = "- rule: r\n  condition: or ct.name = B\n  tags: [b]\n  override: { condition: append, tags: append }\n";
    let loaded = load(&[&base, append]);
    assert_eq!(written(&loaded.rules[0].condition), "(ct.name = A or ct.name = B)");
    assert_eq!(loaded.rules[0].tags.iter().collect::<Vec<_>>(), ["a", "b"]);
    let replace = "- rule: r\n  priority: info\n  enabled: false\n  override: { priority: replace, enabled: replace }\n";
    let loaded = load(&[&base, replace]);
    assert_eq!((loaded.rules[0].priority, loaded.rules[0].enabled), (Priority::Informational, false));
    assert_eq!(
        told(&[&base, "- rule: r\n  enabled: false\n"]),
        [
            "2.yaml:1:3 LOAD_DEPRECATED_ITEM a rule that only switches an earlier one on or off is deprecated; use `override`"
        ]
    );
    for (item, said) in [
        (
            "- rule: r\n  condition: x\n  priority: info\n  override: { condition: append }\n",
            "2.yaml:3:3 LOAD_ERR_YAML_VALIDATE `priority` is in the item, but `override` does not say what to do with it",
        ),
        (
            "- rule: r\n  priority: info\n  override: { priority: append }\n",
            "2.yaml:3:15 LOAD_ERR_YAML_VALIDATE `priority` cannot be appended to, only replaced",
        ),
        (
            "- rule: s\n  condition: x\n  override: { condition: append }\n",
            "2.yaml:1:3 LOAD_ERR_VALIDATE there is no rule `s` before this that could be changed",
        ),
        (
            "- rule: r\n  condition: x\n  append: true\n  override: { condition: append }\n",
            "2.yaml:3:11 LOAD_ERR_YAML_VALIDATE `append` and `override` cannot both be used",
        ),
    ] {
        assert_eq!(told(&[&base, item])[0], said);
    }
}

#[test]
fn files_of_a_directory_have_no_order() {
    let (fields, _) = FieldTable::load(&yagura_packs::Packs::embedded());
    let mut loader = Loader::unordered();
    loader.file("a.yaml", "- list: names\n  items: [B]\n  override: { items: append }\n", &fields);
    loader.file("b.yaml", &format!("- list: names\n  items: [A]\n{}", rule("ct.name in (names)")), &fields);
    loader.file("c.yaml", "- list: nowhere\n  items: [B]\n  override: { items: append }\n", &fields);
    let loaded = loader.finish(&fields);
    assert_eq!(written(&loaded.rules[0].condition), "ct.name in (A, B)");
    assert!(
        loaded.diagnostics[0].message.starts_with("there is no list `nowhere`"),
        "{:?}",
        loaded.diagnostics
    );
}

#[test]
fn mistakes_are_told_where_they_stand_and_the_rest_is_loaded() {
    let file = format!(
        "- list: unused\n  items: [a]\n- macro: broken\n  condition: ct.name = (\n- rule: half\n  desc: d\n- thing: x\n{}",
        rule(">\n    ct.name = A\n    and ct.nme = B").replace("rule: r", "rule: folded")
    );
    let good = rule("ct.name = A").replace("priority: ERROR", "priority: error\n  prority: x");
    let loaded = load(&[&file, &good]);
    assert_eq!(loaded.rules.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["r"]);
    assert_eq!(
        told(&[&file, &good]),
        [
            "1.yaml:5:3 LOAD_ERR_YAML_VALIDATE the key `condition` is missing",
            "1.yaml:7:3 LOAD_UNKNOWN_ITEM this item is neither a rule nor a macro, a list or a required version, and is ignored",
            "2.yaml:6:3 LOAD_UNKNOWN_KEY the key `prority` is not known and is ignored",
            "1.yaml:4:24 LOAD_ERR_COMPILE_CONDITION a text or a field in a transformer is expected",
            "1.yaml:12:9 LOAD_ERR_COMPILE_CONDITION events of the source `aws_cloudtrail` have no field `ct.nme`; did you mean `ct.name`?",
            "1.yaml:3:3 LOAD_UNUSED_MACRO no rule or macro uses the macro `broken`",
            "1.yaml:1:3 LOAD_UNUSED_LIST no rule, macro or list uses the list `unused`",
        ]
    );
}

#[test]
fn what_is_no_file_of_rules_is_said() {
    assert!(told(&["a: [b"])[0].contains("LOAD_ERR_YAML_PARSE"));
    assert_eq!(
        told(&["a: b"]),
        ["1.yaml:1:1 LOAD_ERR_YAML_VALIDATE a file of rules is a list of items; this is a mapping"]
    );
    assert_eq!(
        told(&["- just a text"]),
        ["1.yaml:1:3 LOAD_ERR_YAML_VALIDATE an item is a mapping; this is a text"]
    );
    assert!(told(&["# nothing\n"]).is_empty());
}

#[test]
fn versions_are_compared_with_the_engine() {
    for version in ["10", "0.57.0", "0.57.0-rc1"] {
        assert!(told(&[&format!("- required_engine_version: {version}\n")]).is_empty(), "{version}");
    }
    assert!(
        told(&["- required_engine_version: 1.0.0\n"])[0]
            .contains("LOAD_ERR_VALIDATE these rules need version 1.0.0")
    );
    assert!(told(&["- required_engine_version: soon\n"])[0].contains("`soon` is no version"));
    assert!(
        told(&["- required_plugin_versions:\n    - name: cloudtrail\n      version: 0.1\n"])[0]
            .contains("`0.1` is no version of the plugin")
    );
}

#[test]
fn doubts_are_told() {
    let doubts = |condition: &str| {
        told(&[&rule(condition).replace("aws_cloudtrail", "k8s_audit").replace("%ct.user", "x")])
    };
    assert!(doubts("ka.verb = <NA>")[0].contains("LOAD_UNSAFE_NA_CHECK"));
    let syscall = |condition: &str| {
        told(&[&rule(condition).replace("aws_cloudtrail", "syscall").replace("%ct.user", "x")])
    };
    assert!(syscall("proc.name = a")[0].contains("LOAD_NO_EVTTYPE"));
    assert!(syscall("evt.type in (open, openat) and proc.name = a").is_empty());
    assert!(
        told(&[&rule("ct.name = A").replace("aws_cloudtrail", "martian")])[0].contains("LOAD_UNKNOWN_SOURCE")
    );
    assert!(syscall("evt.type = open and fd.sip = nowhere")[0].contains("`nowhere` is not an address"));
    assert!(
        syscall("evt.type = open and proc.pid contains 5")[0].contains("`contains` cannot compare a number")
    );
    assert!(syscall("evt.type = open and proc.name regex '('")[0].contains("is no regular expression"));
}
