//! What a reader of a queue does when SQS does not simply answer.

use std::time::Duration;

use yagura_logs::sqs::{Queue, QueueAddress, QueueError};

use crate::server::{Say, Server, json, target};

const MESSAGES: &str = r#"{"Messages":[
    {"MessageId":"m1","ReceiptHandle":"r1","Body":"hello","Attributes":{"ApproximateReceiveCount":"7","SentTimestamp":"1767312000000"}},
    {"MessageId":"m2","ReceiptHandle":"r2","Body":"{}"},
    {"MessageId":"m3","Body":"without a receipt"}]}"#;

async fn queue(server: &Server) -> Queue {
    let client = server.client();
    let address = QueueAddress::parse("https://sqs.eu-west-1.amazonaws.com/111122223333/events").unwrap();
    let queue = Queue::open(&client, &target(&client, "us-east-1"), &address).await.unwrap();
    queue.pauses(Duration::ZERO, Duration::ZERO)
}

fn refusal(code: &str) -> Say {
    json(400, &format!(r#"{{"__type":"com.amazonaws.sqs#{code}","message":"no"}}"#))
}

#[tokio::test]
async fn what_passes_is_waited_out() {
    let server = Server::start(|_, before| match before {
        0..=10 => refusal("ThrottlingException"),
        11..=15 => Say::HangUp,
        16 => refusal("OverLimit"),
        _ => json(200, MESSAGES),
    })
    .await;
    let messages =
        queue(&server).await.hidden_for(Duration::from_secs(90)).receive(Duration::from_secs(60)).await;
    let messages = messages.unwrap();
    assert_eq!(messages.len(), 2);
    assert_eq!((messages[0].receive_count, messages[0].sent_milliseconds), (7, Some(1_767_312_000_000)));
    let asked = server.asked().pop().unwrap();
    assert!(asked.header("authorization").contains("/eu-west-1/sqs/"), "the queue's own region is asked");
    assert_eq!(
        asked.body,
        r#"{"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/111122223333/events","MaxNumberOfMessages":10,"WaitTimeSeconds":20,"MessageSystemAttributeNames":["ApproximateReceiveCount","SentTimestamp"],"VisibilityTimeout":90}"#
    );
}

#[tokio::test]
async fn what_does_not_pass_is_told_at_once_with_what_to_do() {
    let told = async |code: &'static str| {
        let server = Server::start(move |_, _| refusal(code)).await;
        let error = queue(&server).await.receive(Duration::ZERO).await.unwrap_err();
        assert_eq!(server.asked().len(), 1);
        error.to_string()
    };
    assert!(told("QueueDoesNotExist").await.starts_with("the queue `events` does not exist in eu-west-1"));
    assert!(told("AccessDeniedException").await.contains("allow `sqs:ReceiveMessage`"));
    assert_eq!(
        told("KmsAccessDenied").await,
        "the messages of `events` cannot be decrypted (KmsAccessDenied): allow `kms:Decrypt` on the queue's key"
    );
}

#[tokio::test]
async fn what_was_not_deleted_is_given_back_with_the_reason() {
    let server = Server::start(|_, before| match before {
        0 => json(200, MESSAGES),
        1 => json(
            200,
            r#"{"Successful":[{"Id":"0"}],"Failed":[{"Id":"1","Code":"ReceiptHandleIsInvalid","Message":"old","SenderFault":true}]}"#,
        ),
        _ => refusal("AccessDeniedException"),
    })
    .await;
    let queue = queue(&server).await;
    let receipts = queue.receive(Duration::ZERO).await.unwrap().into_iter().map(|it| it.receipt).collect();
    let mut not_done = queue.delete(receipts).await;
    assert_eq!(not_done.len(), 1);
    assert_eq!(not_done[0].error, QueueError::Late("events".into()));
    let again = queue.delete(vec![not_done.remove(0).receipt]).await;
    assert!(again[0].error.to_string().contains("allow `sqs:DeleteMessage`"));
}
