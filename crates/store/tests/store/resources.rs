//! Resources over time.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use yagura_model::{Outcome, ResourceType, ScanScope};
use yagura_store::Store;

use crate::fixtures::*;

/// The configurations over time of the one security group that these tests know, with the days.
async fn history(store: &Store) -> Vec<(String, Option<Value>)> {
    let versions = store.resource_history(&key(1, HOME, GROUP, "sg-1")).await.unwrap();
    versions
        .into_iter()
        .map(|it| (it.at.to_string()[8..10].to_owned(), it.resource.map(|it| it.configuration.into())))
        .collect()
}

fn at(day: &str, configuration: Value) -> (String, Option<Value>) {
    (day.to_owned(), Some(configuration))
}

fn gone(day: &str) -> (String, Option<Value>) {
    (day.to_owned(), None)
}

fn group(configuration: Value) -> [Sketch; 1] {
    [scanned(1).resource(HOME, GROUP, "sg-1", configuration)]
}

/// A security group whose field `Rules` could not be read.
fn unread(configuration: Value) -> [Sketch; 1] {
    let [mut sketch] = group(configuration);
    sketch.resources[0].unread.insert("Rules".to_owned(), denied());
    [sketch]
}

/// A scan that asked for some fields of security groups only.
async fn narrow_scan(store: &Store, number: u8, sketches: &[Sketch]) {
    let types = BTreeSet::from([ResourceType::from(GROUP)]);
    scan_of(store, day(number), &ScanScope { types, ..scope(sketches) }, sketches).await;
}

#[tokio::test]
async fn a_version_is_kept_for_each_change_and_none_without() {
    let store = Store::in_memory().await.unwrap();
    for (number, open) in [(1, 22), (2, 22), (3, 443), (4, 443), (5, 22)] {
        scan(&store, day(number), &group(json!({ "Open": open }))).await;
    }
    let expected =
        [at("01", json!({ "Open": 22 })), at("03", json!({ "Open": 443 })), at("05", json!({ "Open": 22 }))];
    assert_eq!(history(&store).await, expected);
}

#[tokio::test]
async fn a_version_is_the_resource_as_it_was_read() {
    let store = Store::in_memory().await.unwrap();
    let [mut sketch] = unread(json!({ "Open": { "b": 1.5, "a": [1, "x", null] } }));
    sketch.resources[0].tags.insert("Owner".to_owned(), "櫓".to_owned());
    sketch.resources[0].name = "web".to_owned();
    sketch.resources[0].relationships =
        vec![yagura_model::Relationship { to: "AWS::EC2::VPC".into(), id: "vpc-1".to_owned() }];
    scan(&store, day(1), std::slice::from_ref(&sketch)).await;
    let versions = store.resource_history(&key(1, HOME, GROUP, "sg-1")).await.unwrap();
    assert_eq!(versions[0].resource.as_ref(), Some(&sketch.resources[0]));
}

#[tokio::test]
async fn a_resource_that_goes_and_comes_back_has_both_in_its_history() {
    let store = Store::in_memory().await.unwrap();
    scan(&store, day(1), &group(json!({}))).await;
    scan(&store, day(2), &[scanned(1)]).await;
    scan(&store, day(3), &[scanned(1)]).await;
    scan(&store, day(4), &group(json!({}))).await;
    assert_eq!(history(&store).await, [at("01", json!({})), gone("02"), at("04", json!({}))]);
}

#[tokio::test]
async fn a_resource_is_gone_only_where_the_scan_looked() {
    let store = Store::in_memory().await.unwrap();
    scan(&store, day(1), &group(json!({}))).await;
    scan(&store, day(2), &[scanned(1).regions(&["us-east-1"])]).await;
    scan(&store, day(3), &[scanned(1).types(&[BUCKET])]).await;
    scan(&store, day(4), &[scanned(1).unlisted(HOME, GROUP)]).await;
    scan(&store, day(5), &[unreachable(1)]).await;
    assert_eq!(history(&store).await, [at("01", json!({}))]);
}

#[tokio::test]
async fn a_field_that_could_not_be_read_did_not_change() {
    let store = Store::in_memory().await.unwrap();
    scan(&store, day(1), &group(json!({ "Open": 22, "Rules": [1] }))).await;
    scan(&store, day(2), &unread(json!({ "Open": 22 }))).await;
    scan(&store, day(3), &group(json!({ "Open": 22, "Rules": [1] }))).await;
    assert_eq!(history(&store).await, [at("01", json!({ "Open": 22, "Rules": [1] }))]);
}

#[tokio::test]
async fn a_field_that_can_be_read_at_last_is_news() {
    let store = Store::in_memory().await.unwrap();
    scan(&store, day(1), &unread(json!({ "Open": 22 }))).await;
    scan(&store, day(2), &unread(json!({ "Open": 22 }))).await;
    scan(&store, day(3), &group(json!({ "Open": 22, "Rules": [1] }))).await;
    let expected = [at("01", json!({ "Open": 22 })), at("03", json!({ "Open": 22, "Rules": [1] }))];
    assert_eq!(history(&store).await, expected);
}

#[tokio::test]
async fn a_change_beside_a_field_that_could_not_be_read_is_kept() {
    let store = Store::in_memory().await.unwrap();
    scan(&store, day(1), &group(json!({ "Open": 22, "Rules": [1] }))).await;
    scan(&store, day(2), &unread(json!({ "Open": 443 }))).await;
    let expected = [at("01", json!({ "Open": 22, "Rules": [1] })), at("02", json!({ "Open": 443 }))];
    assert_eq!(history(&store).await, expected);
}

#[tokio::test]
async fn a_narrow_scan_says_nothing_about_fields_it_did_not_ask_for() {
    let store = Store::in_memory().await.unwrap();
    scan(&store, day(1), &group(json!({ "Open": 22, "Rules": [1] }))).await;
    narrow_scan(&store, 2, &group(json!({ "Open": 22 }))).await;
    narrow_scan(&store, 3, &group(json!({ "Open": 443 }))).await;
    scan(&store, day(4), &group(json!({ "Open": 443 }))).await;
    let expected = [
        at("01", json!({ "Open": 22, "Rules": [1] })),
        at("03", json!({ "Open": 443, "Rules": [1] })),
        at("04", json!({ "Open": 443 })),
    ];
    assert_eq!(history(&store).await, expected);
}

#[tokio::test]
async fn a_resource_that_a_list_names_twice_is_stored_once() {
    let store = Store::in_memory().await.unwrap();
    let [sketch] = group(json!({}));
    let twice =
        sketch.resource(HOME, GROUP, "sg-1", json!({})).judged(HOME, GROUP, "sg-1", SSH, Outcome::Compliant);
    scan(&store, day(1), std::slice::from_ref(&twice)).await;
    scan(&store, day(2), &[twice]).await;
    assert_eq!(history(&store).await, [at("01", json!({}))]);
}

#[tokio::test]
async fn a_resource_that_was_never_read_has_no_history() {
    let store = Store::in_memory().await.unwrap();
    assert_eq!(history(&store).await, []);
}
