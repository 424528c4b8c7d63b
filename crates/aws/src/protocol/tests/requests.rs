//! What is sent for an input.

use serde_json::json;

use super::{sent, try_sent};

#[test]
fn json_names_its_operation_in_a_header() {
    assert_eq!(
        sent("kms.ListKeys", &json!({ "Limit": 3 })),
        "POST /\ncontent-type: application/x-amz-json-1.1\nx-amz-target: TrentService.ListKeys\n\n{\"Limit\":3}"
    );
    assert!(sent("kms.ListKeys", &json!({})).ends_with("\n\n{}"));
}

#[test]
fn json_sends_times_in_seconds() {
    let input = json!({ "StartTime": "2024-01-31T00:00:00Z", "EndTime": 1_706_659_200 });
    let text = sent("cloudtrail.LookupEvents", &input);
    assert!(text.ends_with(r#"{"StartTime":1706659200,"EndTime":1706659200}"#), "{text}");
}

#[test]
fn query_numbers_the_elements_of_lists() {
    let text = sent("elbv2.DescribeLoadBalancers", &json!({ "Names": ["a b", "c/d"], "PageSize": 2 }));
    assert_eq!(
        text.rsplit_once('\n').unwrap().1,
        "Action=DescribeLoadBalancers&Version=2015-12-01&Names.member.1=a%20b&Names.member.2=c%2Fd&PageSize=2"
    );
    let empty = sent("elbv2.DescribeLoadBalancers", &json!({ "Names": [] }));
    assert!(empty.ends_with("&Names="), "{empty}");
}

#[test]
fn query_sends_structures_with_dots_and_times_as_iso_8601() {
    let input = json!({ "Filters": [{ "Name": "n", "Values": ["1", "2"] }] });
    let text = sent("rds.DescribeDBInstances", &input);
    assert!(
        text.ends_with(
            "&Filters.Filter.1.Name=n&Filters.Filter.1.Values.Value.1=1&Filters.Filter.1.Values.Value.2=2"
        ),
        "{text}"
    );
}

#[test]
fn ec2_has_names_of_its_own() {
    let input = json!({
        "Filters": [{ "Name": "vpc-id", "Values": ["vpc-1"] }],
        "InstanceIds": ["i-1", "i-2"],
        "MaxResults": 5,
    });
    let text = sent("ec2.DescribeInstances", &input);
    assert_eq!(
        text.rsplit_once('\n').unwrap().1,
        "Action=DescribeInstances&Version=2016-11-15&Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1\
         &InstanceId.1=i-1&InstanceId.2=i-2&MaxResults=5"
    );
}

#[test]
fn rest_puts_parameters_where_they_belong() {
    assert_eq!(
        sent(
            "lambda.ListAliases",
            &json!({ "FunctionName": "arn:aws:lambda:x:1:function:f", "MaxItems": 3 })
        ),
        "GET /2015-03-31/functions/arn%3Aaws%3Alambda%3Ax%3A1%3Afunction%3Af/aliases?MaxItems=3"
    );
    assert_eq!(
        sent("guardduty.GetFindings", &json!({ "DetectorId": "d", "FindingIds": ["f"] })),
        "POST /detector/d/findings/get\ncontent-type: application/json\n\n{\"findingIds\":[\"f\"]}"
    );
    assert_eq!(
        sent("s3.GetBucketPolicy", &json!({ "Bucket": "b", "ExpectedBucketOwner": "111122223333" })),
        "GET /b?policy\nx-amz-expected-bucket-owner: 111122223333"
    );
    assert_eq!(
        sent("s3.ListObjectsV2", &json!({ "Bucket": "b", "Prefix": "a/b c", "MaxKeys": 1 })),
        "GET /b?list-type=2&max-keys=1&prefix=a%2Fb%20c"
    );
    assert_eq!(sent("s3.GetObject", &json!({ "Bucket": "b", "Key": "a/b c" })), "GET /b/a/b%20c");
    assert_eq!(
        sent("apigateway.GetApiKeys", &json!({ "includeValues": true })),
        "GET /apikeys?includeValues=true\naccept: application/json"
    );
}

#[test]
fn what_services_want_beside_their_protocol_is_heeded() {
    assert_eq!(
        sent("route53.GetHostedZone", &json!({ "Id": "/hostedzone/Z1" })),
        "GET /2013-04-01/hostedzone/Z1"
    );
    assert_eq!(sent("glacier.ListVaults", &json!({})), "GET /-/vaults\nx-amz-glacier-version: 2012-06-01");
    assert_eq!(
        sent("s3control.GetPublicAccessBlock", &json!({ "AccountId": "111122223333" })),
        "GET /v20180820/configuration/publicAccessBlock before the host: 111122223333.\n\
         x-amz-account-id: 111122223333"
    );
}

#[test]
fn an_input_that_does_not_fit_is_told_before_anything_is_sent() {
    let told = |call, input| try_sent(call, &input).unwrap_err();
    assert_eq!(told("s3.GetBucketPolicy", json!({})), "the parameter `Bucket` is required");
    assert_eq!(
        told("s3.GetBucketPolicy", json!({ "bucket": "b" })),
        "`bucket` is not a parameter; did you mean `Bucket`?"
    );
    assert_eq!(
        told("ec2.DescribeInstances", json!({ "Filters": [{ "Nam": "x" }] })),
        "`Nam` is not a parameter; did you mean `Name`?"
    );
    assert_eq!(told("kms.ListKeys", json!([])), "the input must be an object");
    assert_eq!(
        told("s3control.GetPublicAccessBlock", json!({ "AccountId": "evil.example/" })),
        "the parameter `AccountId` cannot be part of a host name"
    );
}

#[test]
fn tokens_that_nobody_gave_are_fresh_uuids() {
    let token = crate::protocol::uuid();
    assert_eq!(token.len(), 36);
    assert_eq!(token.as_bytes()[14], b'4');
    assert!(matches!(token.as_bytes()[19], b'8' | b'9' | b'a' | b'b'), "{token}");
    assert_ne!(token, crate::protocol::uuid());
}
