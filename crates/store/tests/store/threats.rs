//! Findings of detections in the one list.

use std::collections::BTreeSet;

use yagura_model::{Actor, Change, FindingKind, RecordState, Severity, ThreatFinding, Timestamp, Workflow};
use yagura_store::{DetectionWrite, FindingFilter, Hiding, IncidentFilter, Store};

use crate::fixtures::*;

const ID: &str = "0123456789abcdef0123456789abcdef";

/// A user of account 1 who made keys for others, last seen on this day.
fn threat(last: u8) -> ThreatFinding {
    ThreatFinding {
        id: ID.to_owned(),
        rule: "5b0ed1f0-2f1a-4bd0-a3fa-0b8f4b1a7d10".to_owned(),
        title: "Access key made for another user".to_owned(),
        severity: Severity::High,
        confidence: None,
        actor: Actor {
            principal: "arn:aws:iam::000000000001:user/ops/mallory".to_owned(),
            name: "mallory".to_owned(),
            account: Some("000000000001".to_owned()),
        },
        accounts: BTreeSet::from(["000000000001".to_owned()]),
        regions: BTreeSet::from(["us-east-1".to_owned()]),
        tags: vec![],
        first_seen: day(1),
        last_seen: day(last),
        count: 1,
        failed: 0,
        entities: BTreeSet::new(),
        samples: vec![],
        record_state: RecordState::Active,
        workflow: Workflow::New,
        incident: None,
    }
}

async fn detect(store: &Store, threat: ThreatFinding, at: Timestamp) {
    let run = store.begin_detection().unwrap();
    let findings = vec![([7; 16], threat)];
    run.write(&DetectionWrite { findings, ..DetectionWrite::default() }, at).await.unwrap();
}

async fn detected() -> Store {
    let store = Store::in_memory().await.unwrap();
    detect(&store, threat(1), day(1)).await;
    store
}

/// What its own row says of the work on it.
async fn own(store: &Store) -> Workflow {
    store.threat_findings(&IncidentFilter::default()).await.unwrap()[0].workflow
}

#[tokio::test]
async fn a_threat_is_in_the_list_under_its_own_id_about_who_acted() {
    let store = detected().await;
    let finding = store.finding(ID).await.unwrap().unwrap();
    assert_eq!((finding.id.as_str(), finding.kind), (ID, FindingKind::Threat));
    let event = store.events_after(0, 10).await.unwrap().remove(0);
    assert_eq!(event.finding.id, ID, "what people hear of has the id by which they find it");
    assert_eq!(finding.resource, key(1, "global", "AWS::IAM::User", "mallory"));
    assert_eq!(finding.text.unwrap().title, "Access key made for another user");
    assert_eq!(all_findings(&store).await[0].id, ID);
    assert_eq!(store.threat_finding(ID).await.unwrap(), Some(threat(1)));
    let threats = FindingFilter { kinds: BTreeSet::from([FindingKind::Threat]), ..FindingFilter::default() };
    assert_eq!(store.count_findings(&threats).await.unwrap().total(), 1);
}

#[tokio::test]
async fn a_scan_leaves_it_alone() {
    let store = detected().await;
    scan(&store, day(2), &[scanned(1)]).await;
    assert_eq!(findings(&store).await, ["mallory ACTIVE NEW seen 01-01"]);
}

#[tokio::test]
async fn what_people_say_of_it_stands_at_the_detection_too() {
    let store = detected().await;
    store.set_workflow(ID, Workflow::Notified, day(2), "").await.unwrap();
    assert_eq!(own(&store).await, Workflow::Notified);
    let accepted = Hiding {
        name: "pentest".to_owned(),
        why: "a test of ours".to_owned(),
        filter: Some(FindingFilter::default()),
        resources: vec!["mallory".to_owned()],
        tags: vec![],
    };
    store.apply_suppressions(&[accepted], day(3)).await.unwrap();
    assert_eq!(own(&store).await, Workflow::Suppressed);
    store.apply_suppressions(&[], day(4)).await.unwrap();
    assert_eq!(own(&store).await, Workflow::New);
}

#[tokio::test]
async fn one_that_was_called_resolved_is_open_again_only_when_it_happens_again() {
    let store = detected().await;
    store.set_workflow(ID, Workflow::Resolved, day(2), "the keys are gone").await.unwrap();
    // Written again because it became part of an incident: nothing has happened.
    detect(&store, ThreatFinding { incident: Some("aa".to_owned()), ..threat(1) }, day(3)).await;
    assert_eq!(own(&store).await, Workflow::Resolved);
    detect(&store, threat(4), day(4)).await;
    assert_eq!(own(&store).await, Workflow::New);
    let last = store.finding_history(ID).await.unwrap().pop().unwrap();
    assert_eq!((last.change, last.why.as_str()), (Change::Reopened, "it happened again"));
}

#[tokio::test]
async fn one_of_no_account_is_among_the_incidents_only() {
    let store = Store::in_memory().await.unwrap();
    let actor = Actor { principal: "system:anonymous".to_owned(), account: None, ..threat(1).actor };
    detect(&store, ThreatFinding { accounts: BTreeSet::new(), actor, ..threat(1) }, day(1)).await;
    assert!(all_findings(&store).await.is_empty());
    assert_eq!(store.threat_findings(&IncidentFilter::default()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn one_that_becomes_a_step_of_an_incident_says_so_once() {
    let store = detected().await;
    let part = |incident: &str| ThreatFinding { incident: Some(incident.to_owned()), ..threat(1) };
    for incident in ["bb", "bb", "aa"] {
        detect(&store, part(incident), day(2)).await;
    }
    let history = store.finding_history(ID).await.unwrap();
    let told: Vec<_> = history.iter().map(|it| (it.change, it.why.as_str())).collect();
    assert_eq!(
        told,
        [(Change::Opened, ""), (Change::Joined, "incident bb"), (Change::Joined, "incident aa")]
    );
    let asked = BTreeSet::from([ID.to_owned(), "ff".to_owned()]);
    assert_eq!(store.incidents_of(&asked).await.unwrap(), [(ID.to_owned(), "aa".to_owned())].into());
}

#[tokio::test]
async fn one_that_is_a_step_from_the_first_is_only_new() {
    let store = Store::in_memory().await.unwrap();
    detect(&store, ThreatFinding { incident: Some("aa".to_owned()), ..threat(1) }, day(1)).await;
    let history = store.finding_history(ID).await.unwrap();
    assert_eq!(history.iter().map(|it| it.change).collect::<Vec<_>>(), [Change::Opened]);
}
