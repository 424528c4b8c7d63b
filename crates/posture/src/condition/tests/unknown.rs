//! The law of the unknown: an answer that is given although facts are missing is the answer whatever they are.

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use yagura_model::{Inventory, Reason, Region, Relationship, Resource, ResourceType, Unlisted};

use super::grammar::{FIELDS, World, condition, configuration};
use super::judge;
use crate::testing::{gap, inventory, resource};

const OTHER: &str = "AWS::Test::Other";

/// What is true, and what of it was read.
#[derive(Debug, Clone)]
struct Views {
    truth: Inventory,
    seen: Inventory,
}

/// One resource: its configuration, which fields are hidden, and whether it is itself hidden.
type Grown = (Json, [bool; 7], bool, bool);

fn grown() -> impl Strategy<Value = Grown> {
    (configuration(), any::<[bool; 7]>(), any::<bool>(), any::<bool>())
}

/// With `hiding`, some resources could not be listed either.
fn views(hiding: bool) -> impl Strategy<Value = Views> {
    (grown(), prop::collection::vec(grown(), 0..3), any::<bool>(), any::<bool>()).prop_map(
        move |(judged, others, could_be_more, tagged)| {
            let mut truth = Vec::new();
            let mut seen = Vec::new();
            let mut unlisted = hiding && could_be_more;
            let mut whole = resource("AWS::Test::Thing", "judged", judged.0.clone()).1;
            if tagged {
                whole.tags.insert("a".to_owned(), "b".to_owned());
            }
            seen.push(hide(&whole, &judged.1, judged.2, hiding));
            truth.push(whole);
            for (n, (configuration, hidden, related, missing)) in others.into_iter().enumerate() {
                let mut whole = resource(OTHER, &format!("other-{n}"), configuration).1;
                if related {
                    whole.relationships = vec![Relationship {
                        to: ResourceType::from("AWS::Test::Thing"),
                        id: "judged".to_owned(),
                    }];
                }
                if hiding && missing {
                    unlisted = true;
                } else {
                    seen.push(hide(&whole, &hidden, false, hiding));
                }
                truth.push(whole);
            }
            let (mut truth, mut seen) = (inventory(truth), inventory(seen));
            for view in [&mut truth, &mut seen] {
                view.types.insert(ResourceType::from(OTHER));
            }
            if unlisted {
                seen.unlisted.push(Unlisted {
                    resource_type: ResourceType::from(OTHER),
                    region: Region::from("eu-west-1"),
                    gap: gap("test.ListOthers"),
                });
            }
            Views { truth, seen }
        },
    )
}

/// The resource without some of its fields, and perhaps without the relationships that they would have told.
fn hide(whole: &Resource, hidden: &[bool; 7], tags: bool, relationships: bool) -> Resource {
    let mut seen = whole.clone();
    for (field, _) in FIELDS.iter().zip(hidden).filter(|(_, hidden)| **hidden) {
        seen.configuration.remove(*field);
        seen.unread.insert((*field).to_owned(), gap(&format!("test.Get{field}")));
    }
    if tags {
        seen.tags.clear();
        seen.unread.insert("Tags".to_owned(), gap("test.ListTags"));
    }
    if relationships && !seen.unread.is_empty() {
        seen.relationships.clear();
    }
    seen
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn an_answer_does_not_depend_on_fields_that_were_not_read(
        text in condition(World::Around),
        views in views(false),
    ) {
        if let Ok(Json::Bool(answer)) = judge(&text, &views.seen) {
            prop_assert_eq!(judge(&text, &views.truth), Ok(Json::Bool(answer)), "{}", text);
        }
    }

    /// A resource that nobody saw may make `map` or `filter` fail, but never turns the answer round.
    #[test]
    fn an_answer_is_never_contradicted_by_resources_that_were_not_listed(
        text in condition(World::Around),
        views in views(true),
    ) {
        if let (Ok(answer), Ok(truth)) = (judge(&text, &views.seen), judge(&text, &views.truth))
            && answer.is_boolean()
        {
            prop_assert_eq!(answer, truth, "{}", text);
        }
    }

    /// And when everything was read, nothing is called unread.
    #[test]
    fn nothing_is_unread_when_everything_was_read(text in condition(World::Around), views in views(true)) {
        if let Err(reason) = judge(&text, &views.truth) {
            prop_assert!(!matches!(reason, Reason::Unread { .. }), "{text}: {reason}");
        }
    }
}

fn seen(unread: &[&str], configuration: Json) -> Inventory {
    let mut judged = resource("AWS::Test::Thing", "judged", configuration).1;
    for field in unread {
        judged.unread.insert((*field).to_owned(), gap(&format!("test.Get{field}")));
    }
    inventory(vec![judged])
}

#[test]
fn one_side_that_decides_is_enough() {
    let inventory = seen(&["Policy"], json!({ "Open": false, "Rules": [1, 2] }));
    for (text, answer) in [
        ("resource.Open && resource.Policy", false),
        ("resource.Policy && resource.Open", false),
        ("!resource.Open || has(resource.Policy)", true),
        ("resource.Rules.exists(it, it == resource.?Policy.orValue(2) || it == 1)", true),
        ("resource.Rules.all(it, it == 1 && has(resource.Policy))", false),
    ] {
        assert_eq!(judge(text, &inventory), Ok(json!(answer)), "{text}");
    }
}

#[test]
fn everything_else_that_touches_it_is_unknown() {
    let inventory = seen(&["Policy"], json!({ "Open": true }));
    for text in [
        "has(resource.Policy)",
        "resource.?Policy.hasValue()",
        "resource.?Policy.orValue(1) == 1",
        "'Policy' in resource",
        "resource.Open && resource.Policy == 1",
        "resource.Open ? resource.Policy == 1 : true",
        "[resource.Policy].exists(it, it == 1)",
        "size(resource) == 1",
        "resource == {}",
        "resource.exists(key, key == 'Nothing')",
        "public(resource.Policy)",
    ] {
        let reason = judge(text, &inventory).unwrap_err();
        assert_eq!(
            reason.to_string(),
            "not read: test.GetPolicy in eu-west-1: denied: test:GetPolicy is missing",
            "{text}"
        );
    }
}

#[test]
fn every_fact_that_was_missing_is_told_once_and_in_order() {
    let inventory = seen(&["B", "A"], json!({}));
    let reason =
        judge("resource.B == 1 && (resource.A == resource.B || resource.X)", &inventory).unwrap_err();
    let Reason::Unread { gaps } = reason else { panic!("{reason}") };
    assert_eq!(gaps, [gap("test.GetA"), gap("test.GetB")]);
}

#[test]
fn what_was_read_of_a_list_still_decides() {
    let mut inventory = seen(&[], json!({}));
    inventory.types.insert(ResourceType::from(OTHER));
    inventory.resources.push(resource(OTHER, "known", json!({ "n": 1 })).1);
    inventory.unlisted.push(Unlisted {
        resource_type: ResourceType::from(OTHER),
        region: Region::from("eu-west-1"),
        gap: gap("test.List"),
    });
    for (text, answer) in [
        ("account('AWS::Test::Other').exists(it, it.n == 1)", Some(true)),
        ("account('AWS::Test::Other').all(it, it.n == 2)", Some(false)),
        ("account('AWS::Test::Other').map(it, it.n).filter(n, n > 0).exists(n, n == 1)", Some(true)),
        ("1 in account('AWS::Test::Other').map(it, it.n)", Some(true)),
        (
            "distinct(flatten([account('AWS::Test::Other').map(it, it.n)]) + [2]).exists(n, n == 2)",
            Some(true),
        ),
        ("account('AWS::Test::Other').exists(it, it.n == 2)", None),
        ("account('AWS::Test::Other').all(it, it.n == 1)", None),
        ("size(account('AWS::Test::Other')) == 1", None),
        ("account('AWS::Test::Other') == []", None),
        ("account('AWS::Test::Other')[0].n == 1", None),
        ("account('AWS::Test::Other').exists_one(it, it.n == 1)", None),
        ("2 in account('AWS::Test::Other').map(it, it.n)", None),
    ] {
        match (judge(text, &inventory), answer) {
            (Ok(ours), Some(answer)) => assert_eq!(ours, json!(answer), "{text}"),
            (Err(Reason::Unread { gaps }), None) => assert_eq!(gaps, [gap("test.List")], "{text}"),
            (other, _) => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn a_type_that_nobody_asked_for_is_not_taken_for_empty() {
    let reason = judge("account('AWS::Test::Other').exists(it, true)", &seen(&[], json!({}))).unwrap_err();
    assert_eq!(
        reason.to_string(),
        "cannot be decided: resources of type AWS::Test::Other were not collected"
    );
}
