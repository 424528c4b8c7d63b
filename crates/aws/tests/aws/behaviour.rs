//! Retries, pages, roles, regions: what a client does when AWS does not simply answer.

use futures::future::join_all;
use serde_json::json;
use yagura_aws::{Api, CallErrorKind, RoleConfig};
use yagura_model::{AccountId, ReadStatus};

use crate::server::{Asked, Say, Server, json as say_json, target, xml};

const KEYS: &str = r#"{"Keys":[{"KeyId":"k"}],"Truncated":false}"#;
const THROTTLED: &str = r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#;

fn is_assume_role(asked: &Asked) -> bool {
    asked.body.starts_with("Action=AssumeRole&")
}

fn keys_of_role(number: usize) -> Say {
    xml(
        200,
        &format!(
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA{number}</AccessKeyId>\
             <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
             <Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
        ),
    )
}

#[tokio::test]
async fn throttled_calls_are_made_again_until_they_are_answered() {
    let server = Server::start(|_, before| {
        say_json(if before < 3 { 400 } else { 200 }, if before < 3 { THROTTLED } else { KEYS })
    })
    .await;
    let client = server.client();
    let answer = client.call_all(&target(&client, "us-east-1"), "kms.ListKeys", &json!({})).await.unwrap();
    assert_eq!(answer, json!({ "Keys": [{ "KeyId": "k" }] }));
    let stats = client.stats();
    assert_eq!((stats.requests, stats.throttled, stats.retries, stats.slowed), (4, 3, 3, 1));
}

#[tokio::test]
async fn a_call_that_stays_throttled_is_told_so_and_failures_of_the_server_soon_end() {
    let server = Server::start(|asked, _| match asked.header("x-amz-target") {
        "TrentService.ListKeys" => say_json(400, THROTTLED),
        _ => say_json(500, r#"{"__type":"KMSInternalException","message":"oops"}"#),
    })
    .await;
    let client = server.builder().retry(fast(3)).build().unwrap();
    let target = target(&client, "us-east-1");
    let error = client.call_all(&target, "kms.ListKeys", &json!({})).await.unwrap_err();
    assert_eq!((error.status(), client.stats().requests), (ReadStatus::Throttled, 3));
    let error = client.call_all(&target, "kms.ListAliases", &json!({})).await.unwrap_err();
    assert_eq!(error.status(), ReadStatus::Failed { code: "KMSInternalException".to_owned() });
    assert_eq!(client.stats().requests, 3 + 3);
}

fn fast(attempts: u32) -> yagura_aws::RetryPolicy {
    let hasty = std::time::Duration::ZERO;
    yagura_aws::RetryPolicy {
        throttled: attempts,
        first_pause: hasty,
        longest_pause: hasty,
        ..yagura_aws::RetryPolicy::default()
    }
}

#[tokio::test]
async fn a_lost_connection_is_not_the_end() {
    let server = Server::start(|_, before| if before < 2 { Say::HangUp } else { say_json(200, KEYS) }).await;
    let client = server.client();
    client.call_all(&target(&client, "us-east-1"), "kms.ListKeys", &json!({})).await.unwrap();
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn a_denial_is_not_tried_again_and_names_the_permission() {
    let body = r#"{"__type":"AccessDeniedException","message":"User: arn:aws:iam::1:user/u is not authorized to perform: kms:ListKeys because"}"#;
    let server = Server::start(move |_, _| say_json(400, body)).await;
    let client = server.client();
    let error = client.call_all(&target(&client, "us-east-1"), "kms.ListKeys", &json!({})).await.unwrap_err();
    assert_eq!(error.to_string(), "kms.ListKeys in us-east-1: permission `kms:ListKeys` is missing");
    assert_eq!(error.code.as_deref(), Some("AccessDeniedException"));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn all_pages_are_asked_for_and_one_where_one_is_wanted() {
    let server = Server::start(|asked, _| {
        let second = asked.body.contains("\"Marker\":\"m\"");
        say_json(
            200,
            if second { KEYS } else { r#"{"Keys":[{"KeyId":"first"}],"NextMarker":"m","Truncated":true}"# },
        )
    })
    .await;
    let client = server.client();
    let target = target(&client, "us-east-1");
    let whole = client.call_all(&target, "kms.ListKeys", &json!({ "Limit": 1 })).await.unwrap();
    assert_eq!(whole, json!({ "Keys": [{ "KeyId": "first" }, { "KeyId": "k" }] }));
    assert_eq!(server.asked()[1].body, r#"{"Limit":1,"Marker":"m"}"#);
    let page = client.call_once(&target, "kms.ListKeys", &json!({})).await.unwrap();
    assert_eq!(page["NextMarker"], "m");
}

#[tokio::test]
async fn no_more_requests_are_under_way_than_allowed() {
    let server = Server::start(|_, _| say_json(200, KEYS)).await;
    let client = server.builder().in_flight(3).build().unwrap();
    let target = target(&client, "us-east-1");
    let input = json!({});
    let calls = (0..40).map(|_| client.call_all(&target, "kms.ListKeys", &input));
    assert!(join_all(calls).await.iter().all(Result::is_ok));
    let most = server.most_at_once.load(std::sync::atomic::Ordering::SeqCst);
    assert!((1..=3).contains(&most), "{most}");
}

#[tokio::test]
async fn a_role_is_assumed_once_for_everybody_with_external_id_and_session_name() {
    let server =
        Server::start(
            |asked, before| if is_assume_role(asked) { keys_of_role(before) } else { say_json(200, KEYS) },
        )
        .await;
    let client = server.client();
    let caller = target(&client, "eu-west-1");
    let member = AccountId::new("444455556666").unwrap();
    let role = RoleConfig { external_id: Some("our secret".to_owned()), ..RoleConfig::default() };
    let entered = join_all((0..20).map(|_| client.enter(&caller, &member, &role))).await;
    let entered = entered.into_iter().next().unwrap().unwrap();
    client.call_all(&entered, "kms.ListKeys", &json!({})).await.unwrap();
    let asked = server.asked();
    assert_eq!(asked.iter().filter(|asked| is_assume_role(asked)).count(), 1);
    assert_eq!(
        asked[0].body,
        "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A444455556666%3Arole%2FYaguraReadOnly\
         &RoleSessionName=yagura&ExternalId=our%20secret"
    );
    assert!(asked[1].header("authorization").contains("Credential=ASIA0/"), "{:?}", asked[1]);
    assert_eq!(asked[1].header("x-amz-security-token"), "t");
    assert!(!format!("{role:?} {client:?} {entered:?}").contains("our secret"));
}

#[tokio::test]
async fn keys_that_expired_are_fetched_anew() {
    let server = Server::start(|asked, before| match asked.header("authorization") {
        _ if is_assume_role(asked) => keys_of_role(before),
        keys if keys.contains("ASIA0") => {
            say_json(400, r#"{"__type":"ExpiredTokenException","message":"expired"}"#)
        }
        _ => say_json(200, KEYS),
    })
    .await;
    let client = server.client();
    let member = AccountId::new("444455556666").unwrap();
    let entered = client.enter(&target(&client, "us-east-1"), &member, &RoleConfig::default()).await.unwrap();
    client.call_all(&entered, "kms.ListKeys", &json!({})).await.unwrap();
    let lines: Vec<bool> = server.asked().iter().map(is_assume_role).collect();
    assert_eq!(lines, [true, false, true, false]);
}

#[tokio::test]
async fn a_role_that_may_not_be_assumed_is_told_at_once() {
    let body = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::1:user/u is not authorized to \
                perform: sts:AssumeRole on resource: arn:aws:iam::4:role/YaguraReadOnly</Message></Error></ErrorResponse>";
    let server = Server::start(move |_, _| xml(403, body)).await;
    let client = server.client();
    let member = AccountId::new("444455556666").unwrap();
    let error =
        client.enter(&target(&client, "us-east-1"), &member, &RoleConfig::default()).await.unwrap_err();
    assert_eq!(error.kind, CallErrorKind::Denied { permission: "sts:AssumeRole".into() });
}

#[tokio::test]
async fn a_bucket_is_asked_for_where_it_is() {
    let server = Server::start(|asked, _| {
        if asked.header("authorization").contains("/eu-west-1/") {
            return xml(200, r#"{"Version":"2012-10-17"}"#);
        }
        let headers = vec![("x-amz-bucket-region", "eu-west-1".to_owned())];
        Say::Answer(301, headers, "<Error><Code>PermanentRedirect</Code></Error>".to_owned())
    })
    .await;
    let client = server.client();
    let answer =
        client.call_all(&target(&client, "us-east-1"), "s3.GetBucketPolicy", &json!({ "Bucket": "b" })).await;
    assert_eq!(answer.unwrap(), json!({ "Policy": r#"{"Version":"2012-10-17"}"# }));
    let lines: Vec<String> = server.asked().into_iter().map(|asked| asked.line).collect();
    assert_eq!(lines, ["GET /b?policy", "GET /b?policy"]);
}

#[tokio::test]
async fn an_error_under_a_status_of_success_is_an_error() {
    let server = Server::start(|_, before| {
        let hidden = "<?xml version=\"1.0\"?>\n<Error><Code>SlowDown</Code><Message>wait</Message></Error>";
        xml(
            200,
            if before == 0 { hidden } else { "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>" },
        )
    })
    .await;
    let client = server.client();
    let answer = client.call_all(&target(&client, "us-east-1"), "s3.ListBuckets", &json!({})).await.unwrap();
    assert_eq!(answer, json!({ "Buckets": [] }));
    assert_eq!(client.stats().throttled, 1);
}

#[tokio::test]
async fn unknown_keys_in_an_optional_region_mean_that_it_is_off() {
    let server = Server::start(|asked, _| {
        if asked.header("authorization").contains("/us-east-1/") {
            return say_json(200, KEYS);
        }
        say_json(
            400,
            r#"{"__type":"UnrecognizedClientException","message":"The security token is invalid."}"#,
        )
    })
    .await;
    let client = server.client();
    let at = |region: &str| target(&client, region);
    let input = json!({});
    let before = client.call_all(&at("af-south-1"), "kms.ListKeys", &input).await.unwrap_err();
    assert_eq!(before.kind, CallErrorKind::Credentials);
    client.call_all(&at("us-east-1"), "kms.ListKeys", &input).await.unwrap();
    let after = client.call_all(&at("af-south-1"), "kms.ListKeys", &input).await.unwrap_err();
    assert_eq!(after.status(), ReadStatus::RegionOff);
}

#[tokio::test]
async fn a_wrong_clock_is_corrected_by_aws() {
    let server = Server::start(|asked, _| {
        if asked.header("x-amz-date").starts_with("20350131T") {
            return say_json(200, KEYS);
        }
        let body = r#"{"__type":"InvalidSignatureException","message":"Signature expired: 20240101T000000Z is now earlier"}"#;
        Say::Answer(400, vec![("date", "Wed, 31 Jan 2035 12:00:00 GMT".to_owned())], body.to_owned())
    })
    .await;
    let client = server.client();
    client.call_all(&target(&client, "us-east-1"), "kms.ListKeys", &json!({})).await.unwrap();
    client.call_all(&target(&client, "us-east-1"), "kms.ListKeys", &json!({})).await.unwrap();
    assert_eq!(server.asked().len(), 3, "the second call knows AWS's time");
}

#[tokio::test]
async fn nothing_secret_is_in_an_error() {
    let server = Server::start(|_, _| {
        say_json(400, r#"{"__type":"SignatureDoesNotMatch","message":"The signature does not match"}"#)
    })
    .await;
    let client = server.client();
    let error = client.call_all(&target(&client, "us-east-1"), "kms.ListKeys", &json!({})).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "kms.ListKeys in us-east-1: credentials: The signature does not match (SignatureDoesNotMatch): check the keys, \
         and that they belong to this partition"
    );
    assert!(!format!("{error:?} {client:?}").contains("SECRETEXAMPLE"));
}

#[tokio::test]
async fn a_service_without_permission_to_guess_says_what_the_tables_lack() {
    let server = Server::start(|_, _| say_json(200, KEYS)).await;
    let client = server.client();
    let target = target(&client, "us-east-1");
    let told =
        async |call: &str| client.call_all(&target, call, &json!({ "X": 1 })).await.unwrap_err().to_string();
    assert_eq!(
        told("kms.ListKey").await,
        "kms.ListKey in us-east-1: `kms` has no operation `ListKey`; did you mean `ListKeys`?"
    );
    assert_eq!(told("kms.ListKeys").await, "kms.ListKeys in us-east-1: `X` is not a parameter");
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn a_collector_cannot_empty_a_queue() {
    let server = Server::start(|_, _| say_json(200, "{}")).await;
    let client = server.client();
    let input = json!({ "QueueUrl": "q", "ReceiptHandle": "r" });
    let target = target(&client, "us-east-1");
    let error = Api::call(&client, &target, "sqs.DeleteMessage", &input).await.unwrap_err();
    assert_eq!(error.kind, CallErrorKind::Input);
    assert!(server.asked().is_empty());
    client.call_once(&target, "sqs.DeleteMessage", &input).await.unwrap();
}

#[tokio::test]
async fn only_what_delivers_may_change_something() {
    let server =
        Server::start(|_, _| say_json(200, r#"{"FailedCount":0,"SuccessCount":1,"FailedFindings":[]}"#))
            .await;
    let client = server.client();
    let target = target(&client, "us-east-1");
    let (call, input) = ("securityhub.BatchImportFindings", json!({ "Findings": [{ "Id": "1" }] }));
    for refused in [
        Api::call(&client, &target, call, &input).await,
        client.call_all(&target, call, &input).await,
        client.call_once(&target, call, &input).await,
        client.deliver(&target, "sqs.DeleteMessage", &json!({ "QueueUrl": "q", "ReceiptHandle": "r" })).await,
    ] {
        assert_eq!(refused.unwrap_err().kind, CallErrorKind::Input);
    }
    assert!(server.asked().is_empty());
    let answer = client.deliver(&target, call, &input).await.unwrap();
    assert_eq!(answer["SuccessCount"], 1);
}

#[tokio::test]
async fn an_object_is_stored_with_its_checksum() {
    let server = Server::start(|_, before| match before {
        0 => xml(503, "<Error><Code>SlowDown</Code></Error>"),
        _ => Say::Answer(200, vec![("etag", "\"e\"".to_owned())], String::new()),
    })
    .await;
    let client = server.client();
    let input =
        json!({ "Bucket": "reports", "Key": "a b/c.txt", "ContentType": "text/plain; charset=utf-8" });
    let answer = client.put_object(&target(&client, "us-east-1"), &input, b"hello".to_vec()).await.unwrap();
    assert_eq!(answer["ETag"], "\"e\"");
    let asked = server.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!((asked[1].line.as_str(), asked[1].body.as_str()), ("PUT /reports/a%20b/c.txt", "hello"));
    assert_eq!(asked[1].header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(asked[1].header("x-amz-checksum-sha256"), "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=");
}
