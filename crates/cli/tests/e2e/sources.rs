//! Events from a bucket and a queue of the emulator: all of them, each once, whatever happens to the process.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::event_sources::Emulator;
use crate::run::{Ended, run, yagura};

fn text<'e>(emulator: &'e Emulator, name: &str) -> &'e str {
    emulator.told[name].as_str().unwrap()
}

/// Messages that wait, and those that somebody has received.
fn messages(emulator: &mut Emulator) -> (u64, u64) {
    let url = text(emulator, "queue_url").to_owned();
    let told =
        emulator.ask(&json!(["sqs", "GetQueueAttributes", { "QueueUrl": url, "AttributeNames": ["All"] }]));
    let count = |name: &str| told["Attributes"][name].as_str().unwrap().parse().unwrap();
    (count("ApproximateNumberOfMessages"), count("ApproximateNumberOfMessagesNotVisible"))
}

/// The binary, with the emulator for AWS.
pub fn with(emulator: &Emulator, directory: &Path) -> Command {
    let mut command = yagura();
    command
        .current_dir(directory)
        .env("AWS_ENDPOINT_URL", text(emulator, "endpoint"))
        .env("AWS_ACCESS_KEY_ID", text(emulator, "access_key_id"))
        .env("AWS_SECRET_ACCESS_KEY", text(emulator, "secret_access_key"))
        .env("AWS_REGION", text(emulator, "region"));
    command
}

const RULE: &str = "\
- rule: Trail stopped
  desc: Somebody stops a trail.
  condition: ct.name = StopLogging
  output: stopped
  priority: CRITICAL
  source: aws_cloudtrail
";

fn records(file: usize, events: usize) -> String {
    let event = |n: usize| {
        json!({
            "eventVersion": "1.11", "eventID": format!("{file}-{n}"), "eventTime": "2026-01-09T03:04:05Z", "eventName": "StopLogging",
            "eventSource": "cloudtrail.amazonaws.com", "awsRegion": "eu-west-1", "recipientAccountId": "111122223333",
            "sourceIPAddress": "203.0.113.9",
            "userIdentity": { "type": "IAMUser", "userName": format!("u{}", file % 7), "arn": format!("arn:aws:iam::111122223333:user/u{}", file % 7) },
        })
    };
    json!({ "Records": (0..events).map(event).collect::<Vec<_>>() }).to_string()
}

fn key(file: usize) -> String {
    format!(
        "AWSLogs/o-abcdefghij/111122223333/CloudTrail/eu-west-1/2026/01/09/111122223333_CloudTrail_eu-west-1_20260109T{:02}{:02}Z_{file}.json",
        file / 60 % 24,
        file % 60
    )
}

/// How many events the incidents of a store count, and how many findings.
fn counted(emulator: &Emulator, directory: &Path) -> (u64, u64) {
    let list =
        run(&mut with(emulator, directory), &["incidents", "list", "--store", "y.db", "--output", "json"]);
    let incidents = list.json();
    let sum = |name: &str| incidents.as_array().unwrap().iter().map(|it| it[name].as_u64().unwrap()).sum();
    (sum("Events"), sum("Findings"))
}

#[test]
fn every_event_counts_once_however_often_the_process_is_killed() {
    const FILES: usize = 1000;
    const KILLS: usize = 10;
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("rule.yaml"), RULE).unwrap();
    let mut emulator = Emulator::start();
    let url = text(&emulator, "queue_url").to_owned();
    // What a killed process has received comes again soon, and never goes astray.
    let attributes = json!({ "VisibilityTimeout": "2", "RedrivePolicy": "" });
    emulator.ask(&json!(["sqs", "SetQueueAttributes", { "QueueUrl": url, "Attributes": attributes }]));
    emulator.ask(&json!(["sqs", "PurgeQueue", { "QueueUrl": url }]));
    let bucket = text(&emulator, "bucket").to_owned();
    for file in 0..FILES {
        let put =
            json!(["s3", "PutObject", { "Bucket": bucket, "Key": key(file), "Body": records(file, 3) }]);
        assert!(emulator.ask(&put)["error"].is_null());
    }
    assert_eq!(messages(&mut emulator), (FILES as u64, 0));

    let detect = ["detect", "sqs://trail-events", "--only-rules", "--rules", "rule.yaml", "--store", "y.db"];
    let mut left = FILES as u64;
    for kill in 1..=KILLS {
        let mut child = with(&emulator, directory.path())
            .args(detect)
            .args(["--follow", "--output", "json"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Somewhere in the work: when some messages were taken, or some of them dealt with.
        let taken = |(waiting, received): (u64, u64), before: u64| {
            if kill % 2 == 0 { received > 0 } else { waiting + received < before }
        };
        while !taken(messages(&mut emulator), left) && child.try_wait().unwrap().is_none() {}
        child.kill().unwrap();
        child.wait().unwrap();
        let (waiting, received) = messages(&mut emulator);
        left = waiting + received;
    }
    assert!(left > 0, "the process was done before it was killed {KILLS} times");
    while messages(&mut emulator) != (0, 0) {
        let ended: Ended = run(&mut with(&emulator, directory.path()), &detect);
        assert_eq!(ended.status, 0, "{}", ended.err);
    }
    assert_eq!(counted(&emulator, directory.path()), (3 * FILES as u64, 7));

    // The same bucket once more, by listing it: everything is known.
    let at = format!("s3://{bucket}/AWSLogs/o-abcdefghij/111122223333/");
    let listed = [
        "detect",
        at.as_str(),
        "--since",
        "2026-01-09",
        "--only-rules",
        "--rules",
        "rule.yaml",
        "--store",
        "y.db",
    ];
    let ended = run(&mut with(&emulator, directory.path()), &listed);
    assert_eq!(ended.status, 0, "{}", ended.err);
    assert!(ended.err.contains("3000 events of 1000 files"), "{}", ended.err);
    assert!(ended.err.contains("3000 matches known already"), "{}", ended.err);
    assert_eq!(counted(&emulator, directory.path()), (3 * FILES as u64, 7));

    bad_messages_are_kept_aside_and_the_rest_goes_on(&mut emulator, directory.path(), &bucket, &url);
    what_cannot_be_used_is_told(&mut emulator, directory.path(), &url);
}

fn bad_messages_are_kept_aside_and_the_rest_goes_on(
    emulator: &mut Emulator,
    directory: &Path,
    bucket: &str,
    url: &str,
) {
    let send = |emulator: &mut Emulator, body: &str| {
        emulator.ask(&json!(["sqs", "SendMessage", { "QueueUrl": url, "MessageBody": body }]));
    };
    send(emulator, "{\"hello\": \"\u{1b}[31mworld\"}");
    let gone = json!({ "Records": [{ "eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "eventVersion": "2.1",
        "s3": { "bucket": { "name": bucket }, "object": { "key": "gone.json" } } }] });
    send(emulator, &gone.to_string());
    let put = json!(["s3", "PutObject", { "Bucket": bucket, "Key": key(5000), "Body": records(5000, 2) }]);
    emulator.ask(&put);
    // What fails is given back for half a minute; here it comes at once.
    let detect = [
        "detect",
        "sqs://trail-events",
        "--only-rules",
        "--rules",
        "rule.yaml",
        "--store",
        "y.db",
        "--aside",
        "aside",
    ];
    let ended = run(&mut with(emulator, directory), &detect);
    assert_eq!(ended.status, 1, "{}", ended.err);
    assert!(ended.err.contains("gone.json` is gone") && ended.err.contains("2 matches"), "{}", ended.err);
    assert!(!ended.err.contains('\u{1b}'));
    assert_eq!(counted(emulator, directory).0, 3002);
    let (waiting, received) = messages(emulator);
    assert_eq!(waiting + received, 2, "what is not done is not acknowledged");
}

fn what_cannot_be_used_is_told(emulator: &mut Emulator, directory: &Path, url: &str) {
    emulator.ask(&json!(["sqs", "DeleteQueue", { "QueueUrl": url }]));
    let common = ["--only-rules", "--rules", "rule.yaml", "--store", "y.db"];
    for (source, said) in [
        ("sqs://trail-events", "the queue `trail-events` does not exist in eu-west-1"),
        ("s3://no-such-bucket-here/x", "`s3://no-such-bucket-here` does not exist"),
        ("sqs://a b", "is not the name of a queue"),
    ] {
        let ended = run(&mut with(emulator, directory), &[&["detect", source], &common[..]].concat());
        assert_ne!(ended.status, 0, "{source}");
        assert!(ended.err.contains(said), "`{said}` is missing in {}", ended.err);
    }
}
