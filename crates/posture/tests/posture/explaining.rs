//! How a rule comes to its answer.

use serde_json::json;
use yagura_posture::Step;

use crate::fixture::*;

fn lines(step: &Step, depth: usize, all: &mut Vec<String>) {
    let value = match &step.value {
        Ok(value) => value.to_string(),
        Err(reason) => reason.to_string(),
    };
    all.push(format!("{}{} -> {value}", "  ".repeat(depth), step.text));
    for part in &step.parts {
        lines(part, depth + 1, all);
    }
}

#[test]
fn every_part_is_shown_with_its_value() {
    let rules = rules(
        &[
            "when: resource.State == 'running'\ncompliant: resource.Ports.all(port, port < params.limit || resource.?Open.orValue(false)) && resource.Policy == 1",
        ],
        &settings(json!({})),
    );
    let mut server = instance("i-1", "us-east-1", json!({ "State": "running", "Ports": [1, 22] }));
    server.unread.insert("Policy".to_owned(), denied("ec2.GetPolicy", "us-east-1"));
    let key = server.key.clone();
    let rule = rules.get("rule-1").unwrap();
    let explanation = rules.explain(rule, &key, &inventory(vec![server]), &organization(), now()).unwrap();
    let mut all = Vec::new();
    for (label, step) in &explanation.conditions {
        all.push(format!("{label}:"));
        lines(step, 1, &mut all);
    }
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn an_example_that_is_wrong_is_explained() {
    let text = format!(
        "{}examples:\n  - {{ name: too large, given: {{ Size: 9 }}, params: {{ limit: 10 }}, expect: NON_COMPLIANT }}\n",
        short("sized", "compliant: resource.Size < params.limit")
    );
    let (rules, _) = load(&[("ec2/sized.yaml", &text)], &settings(json!({})));
    let results = rules.check_examples();
    let [result] = results.as_slice() else { panic!("{results:?}") };
    assert!(!result.is_right());
    assert_eq!((result.name.as_str(), result.place.line), ("too large", 8));
    let (_, step) = &result.explanation.as_ref().unwrap().conditions[0];
    assert_eq!((step.text.as_str(), &step.value), ("resource.Size < params.limit", &Ok(json!(true))));
    assert_eq!(
        step.parts.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(),
        ["resource.Size", "params.limit"]
    );
}
