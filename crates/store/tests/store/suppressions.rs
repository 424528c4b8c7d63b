//! Suppressions at work.

use std::collections::{BTreeMap, BTreeSet};

use yagura_model::{Outcome, Workflow};
use yagura_store::{FindingFilter, Hiding, LetGo, Requested, Store, SuppressionRequest};

use crate::fixtures::*;

use Outcome::{Compliant, NonCompliant};

fn hiding(name: &str, resources: &[&str]) -> Hiding {
    Hiding {
        name: name.to_owned(),
        why: "accepted".to_owned(),
        filter: Some(FindingFilter::default()),
        resources: resources.iter().map(|it| (*it).to_owned()).collect(),
        tags: vec![],
    }
}

async fn three() -> Store {
    let store = Store::in_memory().await.unwrap();
    let sketch =
        scanned(1).group("sg-1", NonCompliant).group("sg-2", NonCompliant).group("sg-10", NonCompliant);
    scan(&store, day(1), &[sketch]).await;
    store
}

async fn states(store: &Store) -> Vec<(String, Workflow, Option<String>)> {
    let all = all_findings(store).await;
    all.into_iter().map(|it| (it.resource.id, it.workflow, it.suppression)).collect()
}

#[tokio::test]
async fn a_resource_is_exact_unless_a_glob_is_written() {
    let store = three().await;
    assert_eq!(store.would_hide(&hiding("a", &["sg-1"])).await.unwrap(), 1);
    assert_eq!(store.would_hide(&hiding("a", &["sg-1*"])).await.unwrap(), 2);
    assert_eq!(store.would_hide(&hiding("a", &["arn:sg-2"])).await.unwrap(), 1);
    assert_eq!(store.would_hide(&Hiding { filter: None, ..hiding("a", &[]) }).await.unwrap(), 0);
    assert_eq!(
        store.would_hide(&Hiding { tags: vec!["x".to_owned()], ..hiding("a", &[]) }).await.unwrap(),
        0
    );
}

#[tokio::test]
async fn the_first_that_fits_hides_and_what_nothing_hides_returns() {
    let store = three().await;
    let both = [hiding("first", &["sg-1"]), hiding("second", &["sg-1*"])];
    let done = store.apply_suppressions(&both, day(2)).await.unwrap();
    assert_eq!((done.hidden, done.returned), (2, 0));
    assert_eq!(done.by_suppression, BTreeMap::from([("first".to_owned(), 1), ("second".to_owned(), 1)]));
    // The first one ended: the second takes over what it fits too, and nobody hears of that.
    let done = store.apply_suppressions(&both[1..], day(3)).await.unwrap();
    assert_eq!((done.hidden, done.returned), (0, 0));
    assert_eq!(store.hidden().await.unwrap(), BTreeMap::from([("second".to_owned(), 2)]));
    let done = store.apply_suppressions(&[], day(4)).await.unwrap();
    assert_eq!(done.returned, 2);
    assert!(states(&store).await.iter().all(|(_, workflow, by)| *workflow == Workflow::New && by.is_none()));
    let id = &all_findings(&store).await[0].id;
    let last = store.finding_history(id).await.unwrap().pop().unwrap();
    assert_eq!(last.change, yagura_model::Change::WorkflowChanged);
    assert_eq!(last.why, "SUPPRESSED to NEW: the suppression `second` no longer hides it");
}

#[tokio::test]
async fn what_nobody_can_say_anything_about_stays_hidden() {
    let store = three().await;
    let both = [hiding("lost", &["sg-1"]), hiding("ended", &["sg-2"])];
    store.apply_suppressions(&both, day(2)).await.unwrap();
    let (known, more) = (BTreeSet::from(["ended".to_owned(), "new".to_owned()]), [hiding("new", &["sg-10"])]);
    let done = store.apply_suppressions_as_read(&more, LetGo::Of(&known), None, day(3)).await.unwrap();
    let done = done.unwrap();
    assert_eq!((done.hidden, done.returned), (1, 1));
    assert_eq!(done.by_suppression, BTreeMap::from([("lost".to_owned(), 1), ("new".to_owned(), 1)]));
    assert_eq!(store.hidden().await.unwrap(), done.by_suppression);
}

#[tokio::test]
async fn who_read_the_suppressions_before_somebody_agreed_to_one_undoes_nothing() {
    let store = three().await;
    let read = store.suppressions().await.unwrap();
    store.keep_suppression("agreed", "{}").await.unwrap();
    store.apply_suppressions(&[hiding("agreed", &["sg-1"])], day(2)).await.unwrap();
    let late = store.apply_suppressions_as_read(&[], LetGo::All, Some(&read), day(2)).await.unwrap();
    assert_eq!(late, None);
    assert_eq!(store.hidden().await.unwrap(), BTreeMap::from([("agreed".to_owned(), 1)]));
    let read = store.suppressions().await.unwrap();
    let done = store.apply_suppressions_as_read(&[], LetGo::All, Some(&read), day(2)).await.unwrap();
    assert_eq!(done.unwrap().returned, 1);
}

#[tokio::test]
async fn what_a_person_has_hidden_stays_so() {
    let store = three().await;
    let id = all_findings(&store).await[0].id.clone();
    store.set_workflow(&id, Workflow::Suppressed, day(2), "by hand").await.unwrap();
    store.apply_suppressions(&[hiding("all", &[])], day(3)).await.unwrap();
    assert_eq!(states(&store).await[0].2, None, "it is the person's word, and not the suppression's");
    store.apply_suppressions(&[], day(4)).await.unwrap();
    assert_eq!(states(&store).await[0].1, Workflow::Suppressed);
}

#[tokio::test]
async fn what_ended_meanwhile_is_hidden_again_when_it_comes_back() {
    let store = three().await;
    let these = [hiding("one", &["sg-1"])];
    store.apply_suppressions(&these, day(2)).await.unwrap();
    scan(&store, day(3), &[scanned(1).group("sg-1", Compliant)]).await;
    scan(&store, day(4), &[scanned(1).group("sg-1", NonCompliant)]).await;
    store.apply_suppressions(&these, day(4)).await.unwrap();
    let hidden = FindingFilter { suppressions: BTreeSet::from(["one".to_owned()]), ..Default::default() };
    assert_eq!(store.count_findings(&hidden).await.unwrap().total(), 1);
}

#[tokio::test]
async fn those_made_by_command_are_kept_replaced_and_taken_away() {
    let store = Store::in_memory().await.unwrap();
    store.keep_suppression("a", "{}").await.unwrap();
    store.keep_suppression("a", "{1}").await.unwrap();
    assert_eq!(store.suppressions().await.unwrap(), [("a".to_owned(), "{1}".to_owned())]);
    assert!(store.remove_suppression("a").await.unwrap());
    assert!(!store.remove_suppression("a").await.unwrap());
}

fn request(name: &str) -> SuppressionRequest {
    let (body, requester) = (format!(r#"{{"name":"{name}"}}"#), "taro".to_owned());
    SuppressionRequest { name: name.to_owned(), body, requester, requested_at: day(1) }
}

/// Taro asks.
async fn ask(store: &Store, name: &str) -> Requested {
    store.request_suppression(&request(name), 3).await.unwrap()
}

#[tokio::test]
async fn so_many_requests_of_one_person_wait_and_no_more() {
    let store = three().await;
    for name in ["a", "b", "c"] {
        assert_eq!(ask(&store, name).await, Requested::Waits);
    }
    assert_eq!(ask(&store, "d").await, Requested::TooMany);
    let hers = SuppressionRequest { requester: "hanako".to_owned(), ..request("d") };
    assert_eq!(
        store.request_suppression(&hers, 3).await.unwrap(),
        Requested::Waits,
        "others are not concerned"
    );
    assert!(store.approve_suppression(&request("a"), "agreed").await.unwrap());
    assert_eq!(ask(&store, "e").await, Requested::Waits, "one waits no longer");
    assert!(store.drop_suppression_request("b").await.unwrap());
    assert_eq!(ask(&store, "f").await, Requested::Waits);
    assert_eq!(ask(&store, "g").await, Requested::TooMany);
}

#[tokio::test]
async fn a_request_becomes_a_suppression_once_and_only_as_it_was_read() {
    let store = three().await;
    assert_eq!(ask(&store, "bastion").await, Requested::Waits);
    assert_eq!(ask(&store, "bastion").await, Requested::Taken);
    assert_eq!(store.suppression_requests().await.unwrap(), [request("bastion")]);
    assert!(store.suppressions().await.unwrap().is_empty(), "nobody has agreed");
    let other = SuppressionRequest { body: "{}".to_owned(), ..request("bastion") };
    assert!(!store.approve_suppression(&other, "{}").await.unwrap(), "somebody changed it meanwhile");
    assert!(store.approve_suppression(&request("bastion"), "agreed").await.unwrap());
    assert!(!store.approve_suppression(&request("bastion"), "twice").await.unwrap());
    assert_eq!(store.suppressions().await.unwrap(), [("bastion".to_owned(), "agreed".to_owned())]);
    assert_eq!(ask(&store, "bastion").await, Requested::Taken, "there is one of the name");
}

#[tokio::test]
async fn a_request_waits_when_a_command_took_its_name() {
    let store = three().await;
    assert_eq!(ask(&store, "bastion").await, Requested::Waits);
    store.keep_suppression("bastion", "by command").await.unwrap();
    assert!(!store.approve_suppression(&request("bastion"), "agreed").await.unwrap());
    assert_eq!(store.suppressions().await.unwrap(), [("bastion".to_owned(), "by command".to_owned())]);
    assert!(store.drop_suppression_request("bastion").await.unwrap());
    assert!(!store.drop_suppression_request("bastion").await.unwrap());
}
