//! What one account is told.

use std::sync::Arc;

use serde_json::json;
use yagura_model::{Links, ResourceType};

use crate::fixture::*;

#[test]
fn every_resource_is_judged_by_every_rule_in_the_order_of_outputs() {
    let rules = rules(
        &[
            "compliant: resource.Size < params.limit\nevidence: '{\"Size\": resource.Size}'",
            "when: resource.State == 'running'\ncompliant: resource.Token",
        ],
        &settings(json!({})),
    );
    let inventory = inventory(vec![
        instance("i-2", "us-east-1", json!({ "Size": 5, "State": "stopped" })),
        instance("i-1", "us-east-1", json!({ "Size": 1, "State": "running", "Token": false })),
        instance("i-3", "eu-west-1", json!({ "State": "running", "Token": "yes" })),
    ]);
    insta::assert_snapshot!(judged(&rules, &inventory).join("\n"), @r#"
    eu-west-1 i-3 rule-1 HIGH INSUFFICIENT_DATA (AWS did not say `resource.Size`)
    eu-west-1 i-3 rule-2 HIGH INSUFFICIENT_DATA (the rule failed: `a condition` cannot take a string)
    us-east-1 i-1 rule-1 HIGH COMPLIANT
    us-east-1 i-1 rule-2 HIGH NON_COMPLIANT
    us-east-1 i-2 rule-1 HIGH NON_COMPLIANT ({"Size":5})
    us-east-1 i-2 rule-2 HIGH NOT_APPLICABLE (the rule does not apply)
    "#);
}

#[test]
fn what_could_not_be_listed_is_one_answer_for_each_region() {
    let rules = rules(&["compliant: 'true'"], &settings(json!({})));
    let mut inventory = inventory(vec![instance("i-1", "us-east-1", json!({}))]);
    for (region, call) in
        [("eu-west-1", "ec2.DescribeInstances"), ("eu-west-1", "ec2.B"), ("us-east-1", "ec2.A")]
    {
        inventory.unlisted.push(unlisted("AWS::EC2::Instance", region, call));
    }
    inventory.unlisted.push(unlisted("AWS::EC2::VPC", "eu-west-1", "ec2.DescribeVpcs"));
    insta::assert_snapshot!(judged(&rules, &inventory).join("\n"), @"
    eu-west-1 * rule-1 HIGH INSUFFICIENT_DATA (not read: ec2.B in eu-west-1: denied: ec2:B is missing; ec2.DescribeInstances in eu-west-1: denied: ec2:DescribeInstances is missing)
    us-east-1 * rule-1 HIGH INSUFFICIENT_DATA (not read: ec2.A in us-east-1: denied: ec2:A is missing)
    us-east-1 i-1 rule-1 HIGH COMPLIANT
    ");
}

#[test]
fn a_type_that_was_not_collected_is_not_taken_for_empty() {
    let rules = rules(&["compliant: 'true'"], &settings(json!({})));
    let mut inventory = inventory(vec![]);
    assert_eq!(judged(&rules, &inventory), [""; 0]);
    inventory.types.clear();
    assert_eq!(
        judged(&rules, &inventory),
        [
            "global * rule-1 HIGH INSUFFICIENT_DATA (cannot be decided: resources of type AWS::EC2::Instance were not collected)"
        ]
    );
}

#[test]
fn evidence_that_cannot_be_told_changes_nothing() {
    let rules = rules(&["compliant: 'false'\nevidence: resource.Nothing"], &settings(json!({})));
    let inventory = inventory(vec![instance("i-1", "us-east-1", json!({}))]);
    assert_eq!(judged(&rules, &inventory), ["us-east-1 i-1 rule-1 HIGH NON_COMPLIANT"]);
}

#[test]
fn parameters_and_severities_hold_where_the_settings_say() {
    let conditions = ["compliant: resource.Size < params.limit", "compliant: 'false'", "compliant: 'false'"];
    let settings = settings(json!({ "rules": {
        "rule-1": {
            "params": { "limit": 10 },
            "for": [
                { "ou": ["Root/Sandbox/*"], "params": { "limit": 100 } },
                { "accounts": ["111122223333"], "severity": "low" },
            ],
        },
        "rule-*": { "severity": "critical", "params": { "limit": 1 } },
        "rule-2": { "enabled": false },
        "rule-3": { "for": [{ "ou": ["Root/Workloads/*"], "enabled": false }] },
    } }));
    let rules = rules(&conditions, &settings);
    let inventory = inventory(vec![instance("i-1", "us-east-1", json!({ "Size": 9 }))]);
    assert_eq!(judged(&rules, &inventory), ["us-east-1 i-1 rule-1 LOW COMPLIANT"]);
}

#[test]
fn an_accepted_violation_is_not_counted_but_told() {
    let settings = settings(json!({ "exceptions": [
        { "rules": ["rule-*"], "tags": ["allow=pub*"], "because": "a public site" },
        { "resources": ["*:instance/i-2"], "regions": ["us-*"], "because": "on its way out", "until": "2026-01-31" },
        { "resources": ["i-3"], "because": "over since yesterday", "until": "2025-12-31" },
        { "rules": ["rule-2"], "because": "another rule" },
    ] }));
    let rules = rules(&["compliant: resource.?Good.orValue(false)", "compliant: 'true'"], &settings);
    let rules = rules.select(&yagura_posture::Selection::of(["rule-1"])).unwrap();
    let mut tagged = instance("i-1", "us-east-1", json!({}));
    tagged.tags.insert("allow".to_owned(), "public".to_owned());
    let mut unread = instance("i-4", "us-east-1", json!({}));
    unread.unread.insert("Good".to_owned(), denied("ec2.GetGood", "us-east-1"));
    unread.tags.insert("allow".to_owned(), "public".to_owned());
    let inventory = inventory(vec![
        tagged,
        instance("i-2", "us-east-1", json!({})),
        instance("i-3", "us-east-1", json!({})),
        unread,
    ]);
    insta::assert_snapshot!(judged(&rules, &inventory).join("\n"), @"
    us-east-1 i-1 rule-1 HIGH NOT_APPLICABLE (excepted by tag allow=pub*: a public site)
    us-east-1 i-2 rule-1 HIGH NOT_APPLICABLE (excepted by resource *:instance/i-2, region us-*: on its way out)
    us-east-1 i-3 rule-1 HIGH NON_COMPLIANT
    us-east-1 i-4 rule-1 HIGH INSUFFICIENT_DATA (not read: ec2.GetGood in us-east-1: denied: ec2:GetGood is missing)
    ");
}

#[test]
fn other_resources_are_reached_by_account_region_and_relationship() {
    let rules = rules(
        &[
            "compliant: account('AWS::EC2::Volume').exists(it, meta(it).region != meta.region)",
            "compliant: region('AWS::EC2::Volume').all(it, meta(it).region == meta.region)",
            "compliant: related('AWS::EC2::Volume').map(it, meta(it).id) == ['vol-1', 'vol-3']",
            "compliant: related('AWS::EC2::Volume').exists(it, tags(it).?Owner.orValue('') == 'web')",
        ],
        &settings(json!({})),
    );
    let names =
        |to: &str, id: &str| yagura_model::Relationship { to: ResourceType::from(to), id: id.to_owned() };
    let mut server = instance("i-1", "us-east-1", json!({}));
    server.relationships = vec![names("AWS::EC2::Volume", "vol-1"), names("AWS::EC2::VPC", "vpc-1")];
    let volume = |id, region| resource("AWS::EC2::Volume", id, region, json!({}));
    let mut naming = volume("vol-3", "us-east-1");
    naming.relationships = vec![names("AWS::EC2::Instance", &server.arn)];
    naming.tags.insert("Owner".to_owned(), "web".to_owned());
    let mut elsewhere = volume("vol-4", "eu-west-1");
    elsewhere.relationships = vec![names("AWS::EC2::Instance", "i-1")];
    let resources = vec![
        server,
        volume("vol-1", "us-east-1"),
        volume("vol-1", "eu-west-1"),
        volume("vol-2", "us-east-1"),
        naming,
        elsewhere,
    ];
    insta::assert_snapshot!(judged(&rules, &inventory(resources)).join("\n"), @"
    us-east-1 i-1 rule-1 HIGH COMPLIANT
    us-east-1 i-1 rule-2 HIGH COMPLIANT
    us-east-1 i-1 rule-3 HIGH COMPLIANT
    us-east-1 i-1 rule-4 HIGH COMPLIANT
    ");
}

#[test]
fn a_list_that_was_denied_in_another_region_leaves_this_one_alone() {
    let rules = rules(
        &[
            "compliant: region('AWS::EC2::Volume').all(it, true)",
            "compliant: account('AWS::EC2::Volume').all(it, true)",
        ],
        &settings(json!({})),
    );
    let mut inventory = inventory(vec![instance("i-1", "us-east-1", json!({}))]);
    inventory.types.insert(ResourceType::from("AWS::EC2::Volume"));
    inventory.unlisted.push(unlisted("AWS::EC2::Volume", "eu-west-1", "ec2.DescribeVolumes"));
    insta::assert_snapshot!(judged(&rules, &inventory).join("\n"), @"
    us-east-1 i-1 rule-1 HIGH COMPLIANT
    us-east-1 i-1 rule-2 HIGH INSUFFICIENT_DATA (not read: ec2.DescribeVolumes in eu-west-1: denied: ec2:DescribeVolumes is missing)
    ");
}

#[test]
fn a_field_that_was_not_read_hides_only_the_names_that_it_may_hold() {
    let rules = rules(
        &["compliant: related('AWS::EC2::Volume').all(volume, volume.Encrypted)"],
        &settings(json!({})),
    );
    let mut judged_one = instance("i-1", "us-east-1", json!({}));
    judged_one.unread.insert("UserData".into(), denied("ec2.DescribeInstanceAttribute", "us-east-1"));
    let mut inventory = inventory(vec![judged_one]);
    inventory.types.insert("AWS::EC2::Volume".into());
    let answer = |inventory: &_| judged(&rules, inventory).join("\n");
    assert!(answer(&inventory).contains("INSUFFICIENT_DATA"), "whatever a field may hold is not known");

    let mut links = Links::default();
    links.add("AWS::EC2::Instance".into(), "BlockDeviceMappings".into(), "AWS::EC2::Volume".into());
    inventory.links = Some(Arc::new(links.clone()));
    assert_eq!(answer(&inventory), "us-east-1 i-1 rule-1 HIGH COMPLIANT");

    links.add("AWS::EC2::Instance".into(), "UserData".into(), "AWS::EC2::Volume".into());
    inventory.links = Some(Arc::new(links));
    assert!(answer(&inventory).contains("INSUFFICIENT_DATA"));
}

#[test]
fn the_same_state_gives_the_same_answers() {
    let rules = rules(&["compliant: resource.Size < 3\nevidence: resource"], &settings(json!({})));
    let resources: Vec<_> =
        (0..50).map(|n| instance(&format!("i-{n}"), "us-east-1", json!({ "Size": n % 5 }))).collect();
    let mut turned = resources.clone();
    turned.reverse();
    assert_eq!(judged(&rules, &inventory(resources)), judged(&rules, &inventory(turned)));
}
