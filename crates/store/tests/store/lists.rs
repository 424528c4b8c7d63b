//! Resources over all accounts: lists, what they point to, and what is open about them.

use std::collections::BTreeSet;

use serde_json::json;
use yagura_model::{Outcome, Relationship, ResourceLine, Severity};
use yagura_store::{ResourceFilter, Store};

use crate::fixtures::*;

/// Two accounts: three groups and a bucket, one group with a violation and one pointing to another.
async fn two_accounts() -> Store {
    let store = Store::in_memory().await.unwrap();
    let first = scanned(1)
        .types(&[GROUP, BUCKET])
        .group("sg-1", Outcome::NonCompliant)
        .resource(HOME, GROUP, "sg-2", json!({ "Note": "sg-1 is only mentioned here" }))
        .resource(HOME, BUCKET, "logs", json!({}));
    let mut second =
        scanned(2).resource(HOME, GROUP, "sg-3", json!({})).resource(HOME, GROUP, "sg-4", json!({}));
    second.resources[1].relationships.push(Relationship { to: GROUP.into(), id: "sg-3".to_owned() });
    scan(&store, day(1), &[first, second]).await;
    store
}

async fn listed(store: &Store, filter: &ResourceFilter) -> Vec<String> {
    let page = store.resource_page(filter, 100, None).await.unwrap();
    let mut ids: Vec<_> = page.resources.into_iter().map(|it| it.key.id).collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn resources_are_found_by_account_type_and_text() {
    let store = two_accounts().await;
    let all = ResourceFilter::default();
    assert_eq!(listed(&store, &all).await, ["logs", "sg-1", "sg-2", "sg-3", "sg-4"]);
    let of_second = ResourceFilter { accounts: BTreeSet::from([account_id(2)]), ..all.clone() };
    assert_eq!(listed(&store, &of_second).await, ["sg-3", "sg-4"]);
    let buckets = ResourceFilter { types: BTreeSet::from([BUCKET.into()]), ..all.clone() };
    assert_eq!(listed(&store, &buckets).await, ["logs"]);
    let called = |text: &str| ResourceFilter { text: Some(text.to_owned()), ..ResourceFilter::default() };
    assert_eq!(listed(&store, &called("SG-4")).await, ["sg-4"]);
    assert_eq!(listed(&store, &called("' OR 1=1 --")).await, [""; 0]);
    let counts = store.count_resources(&all).await.unwrap();
    let counts: Vec<_> = counts.iter().map(|(it, count)| (it.as_str(), *count)).collect();
    assert_eq!(counts, [(GROUP, 4), (BUCKET, 1)]);
}

#[tokio::test]
async fn a_line_tells_what_is_open_about_its_resource() {
    let store = two_accounts().await;
    let page = store.resource_page(&ResourceFilter::default(), 100, None).await.unwrap();
    let of = |id: &str| page.resources.iter().find(|it| it.key.id == id).unwrap().clone();
    let ResourceLine { findings, worst, is_present, .. } = of("sg-1");
    assert_eq!((findings, worst, is_present), (1, Some(Severity::High), true));
    assert_eq!((of("sg-2").findings, of("sg-2").worst), (0, None));
    let about = store.findings_about(&of("sg-1").key, 10).await.unwrap();
    assert_eq!(about.len(), 1);
    assert_eq!(about[0].rule.as_str(), SSH);
    assert!(store.findings_about(&of("sg-2").key, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn pages_join_to_the_whole_list_without_a_gap() {
    let store = two_accounts().await;
    let filter = ResourceFilter::default();
    let whole = store.resource_page(&filter, 100, None).await.unwrap();
    assert_eq!(whole.next, None);
    let (mut joined, mut after) = (Vec::new(), None);
    loop {
        let page = store.resource_page(&filter, 2, after).await.unwrap();
        joined.extend(page.resources);
        let Some(next) = page.next else { break };
        after = Some(next.to_string().parse().unwrap());
    }
    assert_eq!(joined, whole.resources);
    assert!("1.2.3".parse::<yagura_store::ResourceCursor>().is_err());
}

#[tokio::test]
async fn what_is_gone_has_a_list_of_its_own() {
    let store = two_accounts().await;
    scan(
        &store,
        day(2),
        &[scanned(1).types(&[GROUP, BUCKET]).group("sg-1", Outcome::NonCompliant), scanned(2)],
    )
    .await;
    assert_eq!(listed(&store, &ResourceFilter::default()).await, ["sg-1"]);
    let gone = ResourceFilter { is_gone: true, ..ResourceFilter::default() };
    assert_eq!(listed(&store, &gone).await, ["logs", "sg-2", "sg-3", "sg-4"]);
}

#[tokio::test]
async fn relationships_are_told_from_both_ends_and_mentions_are_none() {
    let store = two_accounts().await;
    let newest = async |account, id: &str| {
        let versions = store.resource_history(&key(account, HOME, GROUP, id)).await.unwrap();
        versions.into_iter().next_back().unwrap().resource.unwrap()
    };
    let (to, from) = store.related(&newest(2, "sg-4").await).await.unwrap();
    assert_eq!((to[0].id.as_str(), to.len(), from.len()), ("sg-3", 1, 0));
    assert_eq!(to[0].resource.as_ref().unwrap().key, key(2, HOME, GROUP, "sg-3"));
    let (to, from) = store.related(&newest(2, "sg-3").await).await.unwrap();
    assert_eq!((to.len(), from[0].id.as_str(), from.len()), (0, "sg-4", 1));
    let (_, from) = store.related(&newest(1, "sg-1").await).await.unwrap();
    assert!(from.is_empty(), "{from:?}");
}
