//! What rules have to have read.

use serde_json::json;
use yagura_model::{Needs, WantedFields};

use crate::fixture::{rules, settings};

/// The needs of a rule with these conditions, as lines.
fn needs(conditions: &str) -> String {
    told(&rules(&[conditions], &settings(json!({}))).needs())
}

fn told(needs: &Needs) -> String {
    let Needs::Types(types) = needs else { return "everything".to_owned() };
    let fields = |wanted: &WantedFields| match wanted {
        WantedFields::All => "all".to_owned(),
        WantedFields::Some(fields) => fields.iter().cloned().collect::<Vec<_>>().join(" "),
    };
    types.iter().map(|(name, wanted)| format!("{name}: {}", fields(wanted))).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_field_that_is_named_is_wanted() {
    assert_eq!(
        needs(
            "when: resource.A\ncompliant: resource['B'] || has(resource.C) || 'D' in resource\nevidence: resource.?E"
        ),
        "AWS::EC2::Instance: A B C D E"
    );
}

#[test]
fn the_whole_resource_is_all_of_its_fields() {
    for condition in
        ["size(resource) > 0", "resource == {}", "resource[meta.id] == 1", "resource.exists(key, true)"]
    {
        assert_eq!(needs(&format!("compliant: {condition}")), "AWS::EC2::Instance: all", "{condition}");
    }
}

#[test]
fn other_types_are_wanted_with_the_fields_that_are_named() {
    assert_eq!(
        needs(
            "compliant: account('AWS::EC2::Volume').exists(it, it.Size > resource.Limit && meta(it).id != '')"
        ),
        "AWS::EC2::Instance: Limit Size id\nAWS::EC2::Volume: Limit Size id"
    );
    assert_eq!(
        needs("compliant: related('AWS::EC2::Volume').all(it, opens(it, 22))"),
        "AWS::EC2::Instance: \nAWS::EC2::Volume: all"
    );
    assert_eq!(
        needs("compliant: region('AWS::EC2::Volume').filter(it, it.A).exists(it, it == resource.B)"),
        "AWS::EC2::Instance: A B\nAWS::EC2::Volume: all"
    );
    assert_eq!(needs("compliant: account('AWS::' + meta.id).exists(it, it.A)"), "everything");
}

#[test]
fn tags_are_wanted_where_they_may_be() {
    assert_eq!(
        needs("compliant: has(tags.Owner)"),
        "AWS::EC2::Instance: Owner TagList TagSet Tags tagSet tags"
    );
    let by_tag = settings(json!({ "exceptions": [{ "tags": ["allow"], "because": "x" }] }));
    let needs = rules(&["compliant: resource.A"], &by_tag).needs();
    assert_eq!(told(&needs), "AWS::EC2::Instance: A TagList TagSet Tags tagSet tags");
    let muted = |more: &str| {
        let text = format!(
            "Mutelist: {{ Accounts: {{ '*': {{ Checks: {{ '*': {{ Regions: ['*'], Resources: [x], {more} }} }} }} }} }}"
        );
        let (mutelist, problems) = yagura_posture::Mutelist::read("mutelist.yaml", &text);
        assert_eq!(problems, []);
        let settings = yagura_posture::Settings { mutelists: vec![mutelist.into()], ..Default::default() };
        told(&rules(&["compliant: resource.A"], &settings).needs())
    };
    assert_eq!(muted("Description: no tags"), "AWS::EC2::Instance: A");
    for by_tag in ["Tags: ['a=1']", "Exceptions: { Tags: ['a=1'] }"] {
        assert_eq!(muted(by_tag), "AWS::EC2::Instance: A TagList TagSet Tags tagSet tags");
    }
}

#[test]
fn who_is_an_outsider_depends_on_our_networks() {
    assert_eq!(
        needs("compliant: outsiders(resource.Policy) == []"),
        "AWS::EC2::Instance: Policy\nAWS::EC2::VPC: \nAWS::EC2::VPCEndpoint: "
    );
}
