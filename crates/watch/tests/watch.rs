//! Batches of events, in whatever order and however often they come, to findings and incidents in a store.

use std::io::Cursor;

use serde_json::{Value, json};
use yagura_detect::falco::FieldTable;
use yagura_detect::rule_files::{RuleFile, load};
use yagura_detect::{Engine, Source};
use yagura_model::{Severity, Timestamp};
use yagura_store::{IncidentFilter, Store};
use yagura_watch::{Allow, AllowList, Batch, Taken, Wanted, Watcher, read};

const RULES: &str = "\
title: Key made
id: 00000000-0000-4000-8000-000000000001
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: CreateAccessKey }, condition: s }
tags: [attack.persistence, attack.t1098.001]
level: high
---
title: Trail stopped
id: 00000000-0000-4000-8000-000000000002
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: StopLogging }, condition: s }
tags: [attack.defense-evasion]
level: high
";

fn engine() -> Engine {
    let (fields, _) = FieldTable::load(&yagura_packs::Packs::embedded());
    let set = load(&[RuleFile { shown: "r.yml".into(), text: RULES.into(), named: true }], &fields);
    assert!(set.diagnostics.is_empty(), "{:?}", set.diagnostics);
    Engine::new(Source::CloudTrail, &set.falco, &set.sigma, &fields)
}

fn now() -> Timestamp {
    "2026-03-01T00:00:00Z".parse().unwrap()
}

fn event(id: &str, name: &str, user: &str, key: &str, minute: u32) -> Value {
    json!({
        "eventID": id, "eventName": name, "eventSource": "iam.amazonaws.com", "eventTime": format!("2026-02-06T19:{minute:02}:00Z"),
        "recipientAccountId": "111122223333", "sourceIPAddress": "203.0.113.9",
        "userIdentity": { "type": "IAMUser", "arn": format!("arn:aws:iam::111122223333:user/{user}"), "userName": user, "accessKeyId": key },
    })
}

async fn take(watcher: &mut Watcher, events: &[Value]) -> Taken {
    let text = events.iter().map(|it| it.to_string() + "\n").collect::<String>();
    let (engine, mut batch) = (engine(), Batch::default());
    read(&engine, Cursor::new(text.into_bytes()), "events", Wanted::Findings, &mut |mut piece| {
        assert!(piece.problems.is_empty());
        batch.add(&mut piece);
        true
    });
    watcher.take(batch, now()).await.unwrap()
}

#[tokio::test]
async fn an_event_that_comes_again_counts_once_even_for_another_process() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("yagura.db");
    let events =
        [event("1", "CreateAccessKey", "dev", "AKIA1", 1), event("2", "CreateAccessKey", "dev", "AKIA1", 2)];
    for (round, again) in [(1, 0), (2, 2)] {
        let store = Store::open(&path).await.unwrap();
        let mut watcher = Watcher::new(store.begin_detection().unwrap(), AllowList::default());
        let taken = take(&mut watcher, &events).await;
        assert_eq!((taken.again, taken.new), (again, 2 - again), "round {round}");
        let found = store.threat_findings(&IncidentFilter::default()).await.unwrap();
        assert_eq!(found.iter().map(|it| it.count).collect::<Vec<_>>(), [2]);
        drop(watcher);
        store.close().await;
    }
}

#[tokio::test]
async fn what_comes_later_joins_the_incident_whatever_the_order() {
    // The second user's key was made by the first.
    let mut made = event("1", "CreateAccessKey", "dev", "AKIA1", 1);
    made["responseElements"] = json!({ "accessKey": { "accessKeyId": "AKIA2" } });
    let mut used = event("3", "StopLogging", "backdoor", "AKIA2", 30);
    used["sourceIPAddress"] = json!("198.51.100.7");
    let events = [made, event("2", "StopLogging", "dev", "AKIA1", 5), used];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let store = Store::in_memory().await.unwrap();
        let mut watcher = Watcher::new(store.begin_detection().unwrap(), AllowList::default());
        for index in order {
            take(&mut watcher, &events[index..=index]).await;
        }
        let incidents = store.incidents(&IncidentFilter::default()).await.unwrap();
        assert_eq!(incidents.len(), 1, "{order:?}");
        assert_eq!(
            (incidents[0].findings, incidents[0].events, incidents[0].severity),
            (3, 3, Severity::High)
        );
        assert_eq!(incidents[0].actors[0].name, "dev");
        let detail = store.incidents_called(&incidents[0].id[..8]).await.unwrap().remove(0);
        let names: Vec<_> = detail.findings.iter().map(|it| it.actor.name.as_str()).collect();
        assert_eq!(names, ["dev", "dev", "backdoor"]);
    }
}

#[tokio::test]
async fn what_is_allowed_is_counted_and_nothing_more() {
    let store = Store::in_memory().await.unwrap();
    let entry = Allow {
        principals: vec!["*:user/deploy".into()],
        because: "the pipeline".into(),
        ..Allow::default()
    };
    let allow = AllowList::new(&[entry]).unwrap();
    let mut watcher = Watcher::new(store.begin_detection().unwrap(), allow);
    let events = [
        event("1", "CreateAccessKey", "deploy", "AKIA1", 1),
        event("2", "CreateAccessKey", "dev", "AKIA2", 2),
    ];
    let taken = take(&mut watcher, &events).await;
    assert_eq!((taken.allowed, taken.new, taken.findings.len()), (1, 1, 1));
}

#[tokio::test]
async fn two_processes_never_write_detections_into_one_store() {
    let store = Store::in_memory().await.unwrap();
    let first = store.begin_detection().unwrap();
    assert!(store.begin_detection().unwrap_err().to_string().contains("another `yagura detect`"));
    drop(first);
    store.begin_detection().unwrap();
}
