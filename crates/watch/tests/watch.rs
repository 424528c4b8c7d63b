//! Batches of events, in whatever order and however often they come, to findings and incidents in a store.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the assertion")]

#[path = "watch/novelty.rs"]
mod novelty;

use std::io;

use serde_json::{Value, json};
use yagura_detect::Engines;
use yagura_detect::falco::FieldTable;
use yagura_detect::rule_files::{RuleFile, RuleSet, load};
use yagura_model::{Severity, Timestamp};
use yagura_store::{IncidentFilter, Store};
use yagura_watch::{Allow, AllowList, Aside, Job, Listener, Options, Session, Taken, Watcher, local};

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
---
title: Secret read
id: 00000000-0000-4000-8000-000000000003
name: secret_read
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: GetSecretValue }, condition: s }
level: low
---
title: Many secrets read
id: 00000000-0000-4000-8000-000000000004
correlation:
  type: event_count
  rules: secret_read
  group-by: userIdentity.arn
  timespan: 10m
  condition: { gte: 3 }
tags: [attack.credential-access]
level: high
";

fn rules() -> (RuleSet, FieldTable) {
    let (fields, _) = FieldTable::load(&yagura_packs::Packs::embedded());
    let set = load(&[RuleFile { shown: "r.yml".into(), text: RULES.into(), named: true }], &fields);
    assert!(set.diagnostics.is_empty(), "{:?}", set.diagnostics);
    (set, fields)
}

fn now() -> Timestamp {
    "2026-03-01T00:00:00Z".parse().unwrap()
}

fn event(id: &str, name: &str, user: &str, key: &str, minute: u32) -> Value {
    json!({
        "eventVersion": "1.11", "eventID": id, "eventName": name, "eventSource": "iam.amazonaws.com", "awsRegion": "us-east-1",
        "eventTime": format!("2026-02-06T19:{minute:02}:00Z"), "recipientAccountId": "111122223333", "sourceIPAddress": "203.0.113.9",
        "userIdentity": { "type": "IAMUser", "arn": format!("arn:aws:iam::111122223333:user/{user}"), "userName": user, "accessKeyId": key },
    })
}

/// Remembers what it is told.
#[derive(Debug, Default)]
struct Heard {
    lines: Vec<String>,
    new: u64,
    again: u64,
    allowed: u64,
    /// After so many pieces it wants no more.
    patience: Option<u64>,
}

impl Listener for Heard {
    fn say(&mut self, line: &str) {
        self.lines.push(line.to_owned());
    }

    fn lines(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn taken(&mut self, taken: Taken) -> io::Result<()> {
        self.new += taken.new;
        self.again += taken.again;
        self.allowed += taken.allowed;
        Ok(())
    }

    fn goes_on(&mut self) -> bool {
        self.patience.as_mut().is_none_or(|it| {
            *it = it.saturating_sub(1);
            *it > 0
        })
    }
}

/// Reads with a session of its own, as a process of its own would.
async fn with_session<T>(
    store: &Store,
    allow: AllowList,
    aside: Aside,
    read: impl AsyncFnOnce(&mut Session<'_, Heard>) -> T,
) -> (T, Heard) {
    let (set, fields) = rules();
    let engines = Engines::new(&set.falco, &set.sigma, &fields);
    let watcher = Watcher::new(store.begin_detection().unwrap(), allow);
    let options = Options { threads: 2, now: Some(now()), late: None };
    let mut session =
        Session::new(&engines, set.correlations, Some(watcher), aside, options, Heard::default());
    session.resume().await.unwrap();
    let done = read(&mut session).await;
    let heard = std::mem::take(&mut session.listener);
    (done, heard)
}

async fn take(store: &Store, events: &[Value]) -> Heard {
    take_with(store, events, AllowList::default()).await
}

async fn take_with(store: &Store, events: &[Value], allow: AllowList) -> Heard {
    let text = events.iter().map(|it| it.to_string() + "\n").collect::<String>();
    let jobs = [Job::record("events".into(), text)];
    let (ends, heard) =
        with_session(store, allow, Aside::nowhere(), async |session| session.read(&jobs).await.unwrap())
            .await;
    assert!(ends.iter().all(|it| it.problem.is_none()), "{ends:?}");
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_comes_again_counts_once_even_for_another_process() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("yagura.db");
    let events =
        [event("1", "CreateAccessKey", "dev", "AKIA1", 1), event("2", "CreateAccessKey", "dev", "AKIA1", 2)];
    for (round, again) in [(1, 0), (2, 2)] {
        let store = Store::open(&path).await.unwrap();
        let heard = take(&store, &events).await;
        assert_eq!((heard.again, heard.new), (again, 2 - again), "round {round}");
        let found = store.threat_findings(&IncidentFilter::default()).await.unwrap();
        assert_eq!(found.iter().map(|it| it.count).collect::<Vec<_>>(), [2]);
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_later_joins_the_incident_whatever_the_order() {
    // The second user's key was made by the first.
    let mut made = event("1", "CreateAccessKey", "dev", "AKIA1", 1);
    made["responseElements"] = json!({ "accessKey": { "accessKeyId": "AKIA2" } });
    let mut used = event("3", "StopLogging", "backdoor", "AKIA2", 30);
    used["sourceIPAddress"] = json!("198.51.100.7");
    let events = [made, event("2", "StopLogging", "dev", "AKIA1", 5), used];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let store = Store::in_memory().await.unwrap();
        for index in order {
            take(&store, &events[index..=index]).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn a_correlation_goes_on_after_a_restart_and_counts_each_event_once() {
    let store = Store::in_memory().await.unwrap();
    let events: Vec<_> =
        (1..=3).map(|n| event(&n.to_string(), "GetSecretValue", "dev", "AKIA1", n)).collect();
    take(&store, &events[..2]).await;
    // The same again: still two.
    take(&store, &events[..2]).await;
    assert!(store.threat_findings(&IncidentFilter::default()).await.unwrap().is_empty());
    take(&store, &events[2..]).await;
    let found = store.threat_findings(&IncidentFilter::default()).await.unwrap();
    assert_eq!(found.iter().map(|it| it.title.as_str()).collect::<Vec<_>>(), ["Many secrets read"]);
    assert_eq!(
        (found[0].actor.name.as_str(), found[0].tags[0].as_str()),
        ("dev", "attack.credential-access")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_allowed_is_counted_and_nothing_more() {
    let store = Store::in_memory().await.unwrap();
    let entry = Allow {
        principals: vec!["*:user/deploy".into()],
        because: "the pipeline".into(),
        ..Allow::default()
    };
    let allow = AllowList::new(&[entry]).unwrap();
    let events = [
        event("1", "CreateAccessKey", "deploy", "AKIA1", 1),
        event("2", "CreateAccessKey", "dev", "AKIA2", 2),
    ];
    let heard = take_with(&store, &events, allow).await;
    assert_eq!((heard.allowed, heard.new), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_is_followed_and_each_line_is_read_once() {
    let store = Store::in_memory().await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let (log, broken) = (directory.path().join("audit.log"), directory.path().join("bad.json.gz"));
    let line = |id: &str| event(id, "StopLogging", "dev", "AKIA1", 1).to_string() + "\n";
    std::fs::write(&log, line("1")).unwrap();
    std::fs::write(&broken, b"\x1f\x8b\x08\x00cut off").unwrap();
    // It has been there for a while.
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
    std::fs::File::options().write(true).open(&broken).unwrap().set_modified(old).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let aside = elsewhere.path().join("aside");
    let round = async |read: usize| {
        let follow = async |session: &mut Session<'_, Heard>| {
            let count = local::follow_once(session, directory.path()).await.unwrap();
            (count, session.status.events)
        };
        let ((count, events), heard) =
            with_session(&store, AllowList::default(), Aside::in_directory(aside.clone()), follow).await;
        assert_eq!(count, read, "{heard:?}");
        (events, heard)
    };
    assert_eq!(round(2).await.0, 1);
    // Nothing new but the file that is broken, which is tried again.
    assert_eq!(round(1).await.0, 0);
    std::fs::write(&log, line("1") + &line("2") + &line("3")).unwrap();
    assert_eq!(round(2).await.0, 2, "only the new lines are read");
    round(1).await;
    let (_, heard) = round(1).await;
    assert!(heard.lines.iter().any(|it| it.contains("given up after 5 tries")), "{heard:?}");
    round(0).await;
    assert_eq!(std::fs::read_dir(aside).unwrap().count(), 1);
    let found = store.threat_findings(&IncidentFilter::default()).await.unwrap();
    assert_eq!(found[0].count, 3);
}

#[tokio::test]
async fn two_processes_never_write_detections_into_one_store() {
    let store = Store::in_memory().await.unwrap();
    let first = store.begin_detection().unwrap();
    assert!(store.begin_detection().unwrap_err().to_string().contains("another `yagura detect`"));
    drop(first);
    store.begin_detection().unwrap();
}

/// What was not stored when somebody stopped it is read again, and nothing of it twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_stopped_marks_nothing_that_it_did_not_store() {
    let (directory, store) = (tempfile::tempdir().unwrap(), Store::in_memory().await.unwrap());
    for n in 0..8 {
        let user = format!("dev{n}");
        let event = event(&n.to_string(), "CreateAccessKey", &user, "AKIA1", 1);
        std::fs::write(directory.path().join(format!("{n}.jsonl")), event.to_string() + "\n").unwrap();
    }
    let follow = async |patience| {
        let allow = AllowList::default();
        with_session(&store, allow, Aside::nowhere(), async |session| {
            session.listener.patience = patience;
            yagura_watch::local::follow_once(session, directory.path()).await
        })
        .await
    };
    let (read, heard) = follow(Some(4)).await;
    assert!(matches!(read, Err(yagura_watch::WatchError::Stopped)), "{read:?}");
    assert_eq!(heard.new, 0);
    let (read, heard) = follow(None).await;
    assert_eq!((read.unwrap(), heard.new, heard.again), (8, 8, 0));
}
