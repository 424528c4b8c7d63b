//! Rules that ask for something new: what is learned over days, told when it is known long enough, and survives a restart.

use serde_json::{Value, json};
use yagura_detect::Engines;
use yagura_detect::falco::FieldTable;
use yagura_detect::rule_files::{RuleFile, load};
use yagura_model::{Confidence, Severity, ThreatFinding};
use yagura_store::{IncidentFilter, Store};
use yagura_watch::{AllowList, Aside, Job, Options, Session, Watcher};

use super::{Heard, now};

const RULES: &str = "\
title: New program
id: 00000000-0000-4000-8000-00000000000a
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: GetObject }, condition: s }
level: high
yagura: { new: { of: agent } }
---
title: Trail stopped
id: 00000000-0000-4000-8000-00000000000b
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: StopLogging }, condition: s }
level: high
";

fn event(day: u32, user: &str, agent: &str) -> Value {
    json!({
        "eventVersion": "1.11", "eventID": format!("{day} {user} {agent}"), "eventName": "GetObject", "eventSource": "s3.amazonaws.com",
        "awsRegion": "us-east-1", "eventTime": format!("2026-02-{day:02}T09:00:00Z"), "recipientAccountId": "111122223333",
        "sourceIPAddress": "203.0.113.9", "userAgent": agent,
        "userIdentity": { "type": "IAMUser", "arn": format!("arn:aws:iam::111122223333:user/{user}"), "userName": user },
    })
}

/// What somebody did on some days.
fn days(days: &[u32], agent: &str) -> Vec<Value> {
    days.iter().map(|day| event(*day, "dev", agent)).collect()
}

const USUAL: [u32; 6] = [1, 3, 5, 8, 11, 15];

/// Reads events as a process of its own would.
async fn read(store: &Store, events: &[Value], only_learning: bool) -> Heard {
    let (fields, _) = FieldTable::load(&yagura_packs::Packs::embedded());
    let set = load(&[RuleFile { shown: "r.yml".into(), text: RULES.into(), named: true }], &fields);
    assert!(set.diagnostics.is_empty(), "{:?}", set.diagnostics);
    let engines = Engines::new(&set.falco, &set.sigma, &fields);
    let watcher = Watcher::new(store.begin_detection().unwrap(), AllowList::default());
    let watcher = if only_learning { watcher.only_learning() } else { watcher };
    let options = Options { threads: 2, now: Some(now()), late: None };
    let mut session =
        Session::new(&engines, Vec::new(), Some(watcher), Aside::nowhere(), options, Heard::default());
    let text = events.iter().map(|it| it.to_string() + "\n").collect::<String>();
    session.read(&[Job::record("events".into(), text)]).await.unwrap();
    session.listener
}

async fn findings(store: &Store) -> Vec<ThreatFinding> {
    store.threat_findings(&IncidentFilter::default()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_program_is_told_once_and_the_surer_the_longer_the_user_is_known() {
    for (usual, severity, confidence) in [
        (&USUAL[..], Severity::High, Confidence::High),
        (&[8, 11, 15][..], Severity::Medium, Confidence::Medium),
    ] {
        let store = Store::in_memory().await.unwrap();
        read(&store, &days(usual, "Boto3/1.26"), false).await;
        assert_eq!(findings(&store).await, [], "what is usual is no finding");
        for _ in 0..2 {
            read(&store, &[event(16, "dev", "aws-cli/2.1"), event(16, "dev", "Boto3/1.40")], false).await;
        }
        let found = findings(&store).await;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].severity, found[0].confidence, found[0].count), (severity, Some(confidence), 1));
        read(&store, &[event(17, "dev", "aws-cli/2.2")], false).await;
        assert_eq!(findings(&store).await, found, "the next day it is usual");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_somebody_unknown_everything_is_learned_and_nothing_told() {
    let store = Store::in_memory().await.unwrap();
    read(&store, &days(&USUAL, "Boto3/1.26"), false).await;
    read(&store, &[event(15, "guest", "Boto3/1.26"), event(16, "guest", "aws-cli/2.1")], false).await;
    assert_eq!(findings(&store).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_in_which_the_past_arrives_does_not_matter() {
    let mut past = days(&USUAL, "Boto3/1.26");
    past.push(event(13, "dev", "curl/8"));
    for turn in 0..past.len() {
        let store = Store::in_memory().await.unwrap();
        past.rotate_left(1);
        // All at once, and event by event.
        if turn % 2 == 0 {
            read(&store, &past, true).await;
        } else {
            for it in &past {
                read(&store, std::slice::from_ref(it), true).await;
            }
        }
        read(&store, &[event(16, "dev", "curl/9"), event(17, "dev", "aws-cli/2.1")], false).await;
        let found = findings(&store).await;
        let told: Vec<_> = found.iter().map(|it| (it.samples[0].event.as_str(), it.confidence)).collect();
        assert_eq!(told, [("17 dev aws-cli/2.1", Some(Confidence::High))], "turn {turn}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn priming_learns_and_finds_nothing() {
    let store = Store::in_memory().await.unwrap();
    let mut stopped = event(15, "dev", "Boto3/1.26");
    stopped["eventName"] = json!("StopLogging");
    let mut past = days(&USUAL, "Boto3/1.26");
    past.push(stopped.clone());
    past.push(event(15, "dev", "curl/8"));
    read(&store, &past, true).await;
    assert_eq!(findings(&store).await, []);
    read(&store, &[stopped, event(16, "dev", "curl/8"), event(16, "dev", "aws-cli/2.1")], false).await;
    let mut titles: Vec<_> = findings(&store).await.into_iter().map(|it| it.title).collect();
    titles.sort();
    assert_eq!(titles, ["New program", "Trail stopped"], "what was only learned from still counts");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_again_after_a_crash_is_learned_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("yagura.db");
    let (past, new) = (days(&USUAL, "Boto3/1.26"), event(16, "dev", "aws-cli/2.1"));
    // The first process stored what it had read of a file and ended before the file was marked; the next one begins with the file again.
    for stored in [3, past.len(), past.len() + 1, past.len() + 1] {
        let store = Store::open(&path).await.unwrap();
        let all: Vec<_> = past.iter().chain([&new]).cloned().collect();
        read(&store, &all[..stored], false).await;
        store.close().await;
    }
    let store = Store::open(&path).await.unwrap();
    let found = findings(&store).await;
    assert_eq!(
        found.iter().map(|it| (it.count, it.confidence)).collect::<Vec<_>>(),
        [(1, Some(Confidence::High))]
    );
}
