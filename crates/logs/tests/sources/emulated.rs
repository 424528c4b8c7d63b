//! A bucket of 1,100 files and its queue, in the emulator. One test, because the emulator takes a while to start.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::time::Duration;

use serde_json::json;
use yagura_aws::{Client, Credentials, EndpointConfig, ObjectError, RetryPolicy, Target};
use yagura_logs::s3::{Bucket, LogFilter, LogKind, LogObject, ObjectReader, S3Address};
use yagura_logs::sqs::{Announcement, Message, Nothing, Queue, QueueAddress, QueueError};
use yagura_model::{AccountId, Region};

use crate::emulator::Emulator;

async fn listed(bucket: &Bucket, filter: &LogFilter, known: BTreeMap<String, String>) -> Vec<LogObject> {
    let mut objects = bucket.objects(filter, known);
    let mut found = Vec::new();
    while let Some(object) = objects.next().await {
        found.push(object.unwrap());
    }
    found
}

/// Who asks the emulator, without patience.
fn caller(emulator: &Emulator) -> (Client, Target) {
    let text = |name: &str| emulator.told[name].as_str().unwrap();
    let hasty = Duration::ZERO;
    let client = Client::builder()
        .endpoint(EndpointConfig { url: Some(text("endpoint").to_owned()), ..EndpointConfig::default() })
        .credentials(Credentials::from_keys(text("access_key_id"), text("secret_access_key"), None))
        .retry(RetryPolicy { first_pause: hasty, longest_pause: hasty, ..RetryPolicy::default() })
        .build()
        .unwrap();
    let target = Target {
        account: AccountId::new(text("management")).unwrap(),
        region: Region::new(text("region")),
        credentials: client.credentials().clone(),
    };
    (client, target)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_and_its_queue_are_read() {
    let mut emulator = Emulator::start();
    let (client, target) = caller(&emulator);
    files_are_listed(&client, &target).await;
    objects_are_read(&mut emulator, &client, &target).await;
    messages_are_received(&mut emulator, &client, &target).await;
    a_queue_that_vanishes_is_told(&mut emulator, &client, &target).await;
}

async fn files_are_listed(client: &Client, target: &Target) {
    let at = |text: &str| Bucket::new(client, target, S3Address::parse(text).unwrap());
    let trail = at("s3://organisation-trail");
    let all = listed(&trail, &LogFilter::default(), BTreeMap::new()).await;
    assert_eq!(all.len(), 1_094, "what is not in AWS's layout is passed over beside it");
    assert!(all.is_sorted_by(|one, other| one.key < other.key));
    let kinds: BTreeSet<LogKind> = all.iter().filter_map(|it| it.place.as_ref()).map(|it| it.kind).collect();
    assert_eq!(kinds, [LogKind::CloudTrail, LogKind::CloudTrailDigest, LogKind::CloudTrailInsight].into());

    let filter = LogFilter {
        kinds: [LogKind::CloudTrail].into(),
        accounts: [AccountId::new("444455556666").unwrap()].into(),
        regions: [Region::new("us-east-1")].into(),
        since: Some("2026-01-03".parse().unwrap()),
        until: Some("2026-01-05".parse().unwrap()),
    };
    let before = client.stats().requests;
    let some = listed(&trail, &filter, BTreeMap::new()).await;
    let days: Vec<String> =
        some.iter().map(|it| it.place.as_ref().unwrap().day.unwrap().to_string()).collect();
    assert_eq!(days, ["2026-01-03", "2026-01-04", "2026-01-05"]);
    let requests = client.stats().requests - before;
    assert!(requests < 10, "{requests} requests");

    let busy = at("s3://organisation-trail/AWSLogs/o-abcdefghij/111122223333/CloudTrail/eu-west-1");
    let files = listed(&busy, &LogFilter::default(), BTreeMap::new()).await;
    assert_eq!(files.len(), 1_010, "more than a page");
    let known = BTreeMap::from([(files[0].partition.to_string(), files[1_007].key.clone())]);
    assert_eq!(listed(&busy, &LogFilter::default(), known).await, files[1_008..]);

    let plain = listed(&at("s3://organisation-trail/exports"), &LogFilter::default(), BTreeMap::new()).await;
    assert_eq!((plain.len(), plain[0].key.as_str()), (6, "exports/red flower+0.json"));
    let gone = at("s3://no-such-bucket").objects(&LogFilter::default(), BTreeMap::new()).next().await;
    assert_eq!(
        gone.unwrap().unwrap_err().to_string(),
        "`s3://no-such-bucket` does not exist: check the bucket's name"
    );
}

async fn objects_are_read(emulator: &mut Emulator, client: &Client, target: &Target) {
    let bucket = Bucket::new(client, target, S3Address::parse("s3://organisation-trail").unwrap());
    let object = bucket.open("exports/red flower+0.json", 1_000).await.unwrap();
    assert_eq!(object.metadata()["signature"], "00ff");
    let reader = ObjectReader::new(object, tokio::runtime::Handle::current());
    let text = tokio::task::spawn_blocking(move || {
        let (mut text, size) = (String::new(), reader.size());
        yagura_logs::unpack(reader, size).unwrap().read_to_string(&mut text).unwrap();
        text
    });
    assert_eq!(text.await.unwrap(), r#"{"Records":[]}"#);
    assert!(matches!(bucket.open("exports/none.json", 1_000).await, Err(ObjectError::Gone(_))));
    assert!(matches!(bucket.open("archived.json", 1_000).await, Err(ObjectError::Archived(_))));
    emulator.ask(&json!({ "rules": [{ "service": "s3", "kind": "denied" }] }));
    let denied = bucket.open("exports/red flower+0.json", 1_000).await.unwrap_err();
    assert!(
        matches!(&denied, ObjectError::Denied { permission, .. } if &**permission == "s3:GetObject"),
        "{denied}"
    );
    let unlisted = bucket.objects(&LogFilter::default(), BTreeMap::new()).next().await.unwrap().unwrap_err();
    assert!(unlisted.to_string().starts_with("`s3://organisation-trail/` may not be listed: allow `s3:List"));
    emulator.ask(&json!({}));
}

async fn open(client: &Client, target: &Target, text: &str) -> Result<Queue, QueueError> {
    Queue::open(client, target, &QueueAddress::parse(text).unwrap()).await
}

async fn receive(queue: &Queue) -> Vec<Message> {
    queue.receive(Duration::ZERO).await.unwrap()
}

async fn messages_are_received(emulator: &mut Emulator, client: &Client, target: &Target) {
    let queue = open(client, target, "sqs://trail-events?region=eu-west-1").await.unwrap();
    let attributes = queue.attributes().await.unwrap();
    assert_eq!(attributes.visibility_timeout, Duration::from_secs(30));
    assert_eq!(attributes.most_receives, Some(3));
    assert_eq!(attributes.dead_letter_queue.as_deref(), Some("arn:aws:sqs:eu-west-1:123456789012:astray"));

    let test = receive(&queue).await;
    assert_eq!(test[0].announces, Announcement::Nothing(Nothing::Test));
    assert_eq!(queue.delete(test.into_iter().map(|it| it.receipt).collect()).await, []);

    // What the bucket sends by itself, and a dozen messages beside it: more than one batch.
    emulator.ask(
        &json!(["s3", "PutObject", { "Bucket": "organisation-trail", "Key": "a b+c.json", "Body": "{}" }]),
    );
    let url = emulator.told["queue_url"].clone();
    for number in 0..12 {
        let body = json!({ "detail-type": "AWS API Call via CloudTrail", "source": "aws.iam", "detail": { "n": number } });
        emulator.ask(&json!(["sqs", "SendMessage", { "QueueUrl": url, "MessageBody": body.to_string() }]));
    }
    let mut messages = Vec::new();
    while messages.len() < 13 {
        messages.extend(queue.receive(Duration::from_secs(5)).await.unwrap());
    }
    let keys: Vec<&str> = messages
        .iter()
        .filter_map(
            |it| if let Announcement::Objects(new) = &it.announces { Some(&*new[0].key) } else { None },
        )
        .collect();
    assert_eq!(keys, ["a b+c.json"]);
    assert_eq!(queue.attributes().await.unwrap().in_flight, 13);
    assert!(receive(&queue).await.is_empty(), "what is received is hidden");

    // One is given back and comes again; the others are done with.
    let mut receipts: Vec<_> = messages.into_iter().map(|it| (it.id, it.receipt)).collect();
    let (id, back) = receipts.pop().unwrap();
    a_message_is_kept_as_long_as_it_takes(emulator, &queue).await;
    assert_eq!(queue.release(vec![back], Duration::ZERO).await, []);
    assert_eq!(queue.delete(receipts.into_iter().map(|it| it.1).collect()).await, []);
    let again = queue.receive(Duration::from_secs(5)).await.unwrap();
    assert_eq!(again.len(), 1);
    assert_eq!((&again[0].id, again[0].receive_count), (&id, 2));
    assert!(again[0].sent_milliseconds.is_some());
    assert_eq!(queue.delete(again.into_iter().map(|it| it.receipt).collect()).await, []);
    assert_eq!(queue.attributes().await.unwrap().in_flight, 0);
}

async fn a_message_is_kept_as_long_as_it_takes(emulator: &mut Emulator, queue: &Queue) {
    let url = emulator.told["queue_url"].clone();
    emulator.ask(&json!(["sqs", "SendMessage", { "QueueUrl": url, "MessageBody": "{}" }]));
    // Hidden for two seconds, and work takes four.
    let hidden = queue.clone().hidden_for(Duration::from_secs(2));
    let held: Vec<_> = receive(&hidden).await.into_iter().map(|it| it.receipt).collect();
    assert_eq!(held.len(), 1);
    let kept = queue.keep(&held, Duration::from_secs(1), Duration::from_secs(2));
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert!(receive(queue).await.is_empty(), "nobody else gets it meanwhile");
    drop(kept);
    let again = queue.receive(Duration::from_secs(5)).await.unwrap();
    assert_eq!(again.len(), 1, "without anybody who keeps it, it comes again");
    assert_eq!(queue.delete(again.into_iter().map(|it| it.receipt).collect()).await, []);
}

async fn a_queue_that_vanishes_is_told(emulator: &mut Emulator, client: &Client, target: &Target) {
    let told = "the queue `trail-event` does not exist in eu-west-1: check its name, region and account, or create it";
    assert_eq!(open(client, target, "sqs://trail-event").await.unwrap_err().to_string(), told);
    let queue = open(client, target, "arn:aws:sqs:eu-west-1:123456789012:trail-events").await.unwrap();
    emulator.ask(&json!({ "rules": [{ "service": "sqs", "kind": "denied" }] }));
    assert_eq!(
        queue.receive(Duration::ZERO).await.unwrap_err().to_string(),
        "the queue `trail-events` may not be used: allow `sqs:ReceiveMessage` in your policy, or in the queue's own"
    );
    emulator.ask(&json!({}));
    emulator.ask(&json!(["sqs", "DeleteQueue", { "QueueUrl": queue.url() }]));
    assert!(matches!(queue.receive(Duration::ZERO).await, Err(QueueError::Gone { .. })));
}
