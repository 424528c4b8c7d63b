//! Messages as AWS sends them, and what they announce.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn objects(body: &Value) -> Vec<(String, String)> {
    match announcement(&body.to_string()) {
        Announcement::Objects(objects) => objects.into_iter().map(|it| (it.bucket, it.key)).collect(),
        other => panic!("no objects: {other:?}"),
    }
}

fn notification(event: &str, key: &str) -> Value {
    json!({ "Records": [{
        "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "ap-northeast-1", "eventName": event,
        "s3": { "bucket": { "name": "trail" }, "object": { "key": key, "size": 1234, "sequencer": "0055" } },
    }] })
}

fn through_sns(message: &Value) -> Value {
    json!({ "Type": "Notification", "MessageId": "m", "TopicArn": "arn:aws:sns:eu-west-1:111122223333:t",
            "Message": message.to_string(), "Timestamp": "2026-01-02T03:04:05.000Z" })
}

fn event_bridge(source: &str, kind: &str, detail: &Value) -> Value {
    json!({ "version": "0", "id": "i", "detail-type": kind, "source": source, "account": "111122223333",
            "region": "eu-west-1", "resources": [], "detail": detail })
}

#[test]
fn a_buckets_own_notification_names_the_object_with_its_key_decoded() {
    let body = notification("ObjectCreated:Put", "AWSLogs/red+flower%2Bb%C3%A9.json.gz");
    let expected = NewObject {
        bucket: "trail".to_owned(),
        key: "AWSLogs/red flower+bé.json.gz".to_owned(),
        size: Some(1234),
        region: Some("ap-northeast-1".to_owned()),
    };
    assert_eq!(announcement(&body.to_string()), Announcement::Objects(vec![expected]));
}

#[test]
fn the_same_comes_through_sns_and_event_bridge() {
    let own = notification("ObjectCreated:CompleteMultipartUpload", "a+b");
    assert_eq!(objects(&through_sns(&own)), [("trail".to_owned(), "a b".to_owned())]);
    let detail =
        json!({ "version": "0", "bucket": { "name": "trail" }, "object": { "key": "a+b", "size": 5 } });
    let event = event_bridge("aws.s3", "Object Created", &detail);
    assert_eq!(objects(&event), [("trail".to_owned(), "a+b".to_owned())], "EventBridge does not encode keys");
    assert_eq!(objects(&through_sns(&event)), [("trail".to_owned(), "a+b".to_owned())]);
}

#[test]
fn cloudtrails_own_and_security_lakes_notifications_are_understood() {
    let of_trail = json!({ "s3Bucket": "trail", "s3ObjectKey": ["AWSLogs/1.json.gz", "AWSLogs/2.json.gz"] });
    assert_eq!(objects(&through_sns(&of_trail)).len(), 2);
    let of_lake = json!({ "source": "aws.s3", "time": "2026-01-02T00:00:00Z", "region": "ca-central-1",
        "detail": { "bucket": { "name": "lake" }, "object": { "key": "ext/x.parquet", "size": 5 },
                    "requester": "securitylake.amazonaws.com" } });
    assert_eq!(objects(&of_lake), [("lake".to_owned(), "ext/x.parquet".to_owned())]);
}

#[test]
fn an_event_and_a_finding_come_as_they_are() {
    let body = r#"{"detail-type":"AWS API Call via CloudTrail","source":"aws.iam","detail":{ "eventName": "CreateUser", "n": 12345678901234567890123 }}"#;
    let event = r#"{ "eventName": "CreateUser", "n": 12345678901234567890123 }"#;
    assert_eq!(announcement(body), Announcement::Event(event.to_owned()));
    for kind in [
        "AWS Console Sign In via CloudTrail",
        "AWS Insight via CloudTrail",
        "AWS Service Event via CloudTrail",
    ] {
        let body = event_bridge("aws.signin", kind, &json!({ "eventName": "ConsoleLogin" }));
        assert_eq!(
            announcement(&body.to_string()),
            Announcement::Event(r#"{"eventName":"ConsoleLogin"}"#.to_owned())
        );
    }
    let finding = event_bridge("aws.guardduty", "GuardDuty Finding", &json!({ "id": "f", "severity": 8 }));
    let expected = Announcement::GuardDutyFinding(r#"{"id":"f","severity":8}"#.to_owned());
    assert_eq!(announcement(&finding.to_string()), expected);
}

#[test]
fn some_messages_announce_nothing() {
    let test = json!({ "Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "trail" });
    assert_eq!(announcement(&test.to_string()), Announcement::Nothing(Nothing::Test));
    assert_eq!(announcement(&through_sns(&test).to_string()), Announcement::Nothing(Nothing::Test));
    let removed = notification("ObjectRemoved:Delete", "k");
    assert_eq!(announcement(&removed.to_string()), Announcement::Nothing(Nothing::NoNewObject));
    let asked = json!({ "Type": "SubscriptionConfirmation", "Token": "t", "Message": "You have chosen" });
    assert_eq!(announcement(&asked.to_string()), Announcement::Nothing(Nothing::Subscription));
}

#[test]
fn an_unknown_message_shows_what_it_is_but_not_what_it_says() {
    let told = |body: &str| match announcement(body) {
        Announcement::Unknown { excerpt } => excerpt,
        other => panic!("{other:?}"),
    };
    assert_eq!(told(r#"{"password":"hunter2","user":{}}"#), "an object with `password`, `user`");
    assert_eq!(
        told(&event_bridge("aws.ec2", "EC2 Instance State-change", &json!({})).to_string()),
        "an object of EventBridge (`EC2 Instance State-change`) with `version`, `id`, `detail-type`, `source`, \
         `account`, `region`, `resources`, `detail`"
    );
    assert_eq!(told("hello\u{1b}[31m"), "the text `hello\u{fffd}[31m`");
    assert_eq!(told(r#"{"Records": "#), "JSON that is broken or no object, 12 bytes");
    assert_eq!(told("{}"), "an empty object");
    // A key that is no text when decoded names no object.
    assert!(
        told(&notification("ObjectCreated:Put", "%FF").to_string()).starts_with("an object with `Records`")
    );
}

#[test]
fn envelopes_do_not_nest_for_ever() {
    let mut body = notification("ObjectCreated:Put", "k");
    for _ in 0..3 {
        body = through_sns(&body);
    }
    assert_eq!(objects(&body).len(), 1);
    assert!(matches!(announcement(&through_sns(&body).to_string()), Announcement::Unknown { .. }));
}

proptest! {
    /// Any key comes back, however S3 encodes it.
    #[test]
    fn every_key_comes_back(key in "\\PC{1,40}") {
        let encoded = percent_encoding::utf8_percent_encode(&key, percent_encoding::NON_ALPHANUMERIC).to_string();
        let spaced = encoded.replace("%20", "+");
        for encoded in [encoded, spaced] {
            prop_assert_eq!(&objects(&notification("ObjectCreated:Put", &encoded))[0].1, &key);
        }
    }

    /// Whatever is sent, the answer is one that can be shown.
    #[test]
    fn any_text_is_told(body in ".{0,200}") {
        if let Announcement::Unknown { excerpt } = announcement(&body) {
            prop_assert!(!excerpt.chars().any(char::is_control));
            prop_assert!(excerpt.chars().count() < 1_000);
        }
    }
}
