//! What is told when AWS refuses.

use super::{TABLES, response};
use crate::protocol::refusal;

/// Code, message and request id, as people are told them.
fn told(call: &str, status: u16, headers: &[(&'static str, &'static str)], body: &str) -> String {
    let operation = TABLES.operation(call).unwrap();
    let refusal = refusal(operation.service(), &response(status, headers, body));
    format!("{} / {} / {}", refusal.code, refusal.message, refusal.request_id.unwrap_or_default())
}

#[test]
fn every_protocol_has_its_way_to_refuse() {
    let query = "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>no</Message></Error>\
                 <RequestId>q</RequestId></ErrorResponse>";
    assert_eq!(told("iam.GetRole", 404, &[], query), "NoSuchEntity / no / q");
    let ec2 = "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors>\
               <RequestID>e</RequestID></Response>";
    assert_eq!(told("ec2.DescribeVpcs", 403, &[], ec2), "UnauthorizedOperation / no / e");
    let s3 = "<Error><Code>NoSuchBucketPolicy</Code><Message>none</Message><RequestId>s</RequestId></Error>";
    assert_eq!(told("s3.GetBucketPolicy", 404, &[], s3), "NoSuchBucketPolicy / none / s");
    let json = r#"{"__type":"com.amazonaws.kms#NotFoundException","message":"gone"}"#;
    assert_eq!(
        told("kms.DescribeKey", 400, &[("x-amzn-requestid", "j")], json),
        "NotFoundException / gone / j"
    );
    let header = [("x-amzn-errortype", "ResourceNotFoundException:http://internal.amazon.com/")];
    assert_eq!(
        told("lambda.GetPolicy", 404, &header, r#"{"Message":"no policy"}"#),
        "ResourceNotFoundException / no policy / "
    );
}

#[test]
fn services_that_changed_their_protocol_keep_their_old_codes() {
    let headers = [("x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender")];
    let body = r#"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"no"}"#;
    assert_eq!(
        told("sqs.GetQueueAttributes", 400, &headers, body),
        "AWS.SimpleQueueService.NonExistentQueue / no / "
    );
}

#[test]
fn without_a_code_the_status_stands_for_it() {
    assert_eq!(told("s3.HeadBucket", 403, &[("x-amz-request-id", "h")], ""), "403 / Forbidden / h");
    assert_eq!(told("kms.ListKeys", 503, &[], "<html><b>busy</b></html>"), "503 / Service Unavailable / ");
    assert_eq!(told("iam.GetRole", 502, &[], "<h1>Bad Gateway</h1>"), "502 / Bad Gateway / ");
    assert_eq!(told("kms.ListKeys", 400, &[], "plain text"), "400 / plain text / ");
}
