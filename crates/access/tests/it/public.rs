//! Who everybody is, and what keeps everybody out.

use serde_json::{Value, json};

use crate::support::{ORG, OWN, World, allow, allow_all, document, list, public};
use yagura_access::Policy;

/// One condition on an allow to everybody, and whether it leaves the policy public.
fn check(cases: &[(&str, Value, &str)]) {
    for (why, condition, expected) in cases {
        assert_eq!(public(&allow_all(condition)), *expected, "{why}: {condition}");
    }
}

/// The examples and the list of S3 User Guide, "The meaning of public".
#[test]
fn as_s3_defines_it() {
    check(&[
        ("no condition", json!({}), "yes"),
        ("a fixed VPC", json!({ "StringEquals": { "aws:SourceVpc": "vpc-91237329" } }), "no"),
        ("a wildcard is not fixed", json!({ "StringLike": { "aws:SourceVpc": "vpc-*" } }), "yes"),
        ("a fixed endpoint", json!({ "StringEquals": { "aws:SourceVpce": ["vpce-1", "vpce-2"] } }), "no"),
        ("an organisation", json!({ "StringEquals": { "aws:PrincipalOrgID": ORG } }), "no"),
        ("an account", json!({ "StringEquals": { "aws:PrincipalAccount": OWN } }), "no"),
        ("the source account", json!({ "StringEquals": { "aws:SourceAccount": OWN } }), "no"),
        ("the source owner", json!({ "StringEquals": { "AWS:SourceOwner": OWN } }), "no"),
        (
            "the source ARN",
            json!({ "ArnEquals": { "aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:t" } }),
            "no",
        ),
        ("a user id", json!({ "StringEquals": { "aws:userid": "AIDACKCEVSQ6C2EXAMPLE" } }), "no"),
        ("a role's sessions", json!({ "StringLike": { "aws:userid": "AROADBQP57FF2AEXAMPLE:*" } }), "yes"),
        ("an access point's account", json!({ "StringEquals": { "s3:DataAccessPointAccount": OWN } }), "no"),
        (
            "any access point of an account",
            json!({ "ArnLike": { "s3:DataAccessPointArn": "arn:aws:s3:eu-west-1:111122223333:accesspoint/*" } }),
            "no",
        ),
        (
            "any access point of anybody",
            json!({ "ArnLike": { "s3:DataAccessPointArn": "arn:aws:s3:eu-west-1:*:accesspoint/*" } }),
            "yes",
        ),
        (
            "a fixed key",
            json!({ "StringEquals": { "s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:eu-west-1:111122223333:key/1" } }),
            "no",
        ),
        ("an address range", json!({ "IpAddress": { "aws:SourceIp": "203.0.113.0/24" } }), "no"),
        ("a range broader than /8", json!({ "IpAddress": { "aws:SourceIp": "0.0.0.0/1" } }), "yes"),
        ("a /8", json!({ "IpAddress": { "aws:SourceIp": "12.0.0.0/8" } }), "no"),
    ]);
}

#[test]
fn a_wildcard_behind_a_fixed_account_still_binds() {
    check(&[
        (
            "roles of an account",
            json!({ "ArnLike": { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/app-*" } }),
            "no",
        ),
        (
            "roles of any account",
            json!({ "ArnLike": { "aws:PrincipalArn": "arn:aws:iam::*:role/app" } }),
            "yes",
        ),
        ("a role's name", json!({ "StringLike": { "aws:PrincipalArn": "*role/Admin" } }), "yes"),
        (
            "sources in an account",
            json!({ "ArnLike": { "aws:SourceArn": "arn:aws:sns:*:111122223333:*" } }),
            "no",
        ),
        ("a bucket by name", json!({ "ArnLike": { "aws:SourceArn": "arn:aws:s3:*:*:our-bucket" } }), "no"),
        ("any bucket that begins so", json!({ "ArnLike": { "aws:SourceArn": "arn:aws:s3:::our-*" } }), "no"),
        (
            "paths of an organisation",
            json!({ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*" } }),
            "no",
        ),
        (
            "a unit of any organisation",
            json!({ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "*/ou-ab12-11111111/*" } }),
            "yes",
        ),
        ("any organisation", json!({ "StringLike": { "aws:PrincipalOrgID": "o-*" } }), "yes"),
    ]);
}

#[test]
fn what_the_caller_chooses_does_not_bind() {
    check(&[
        ("a web page", json!({ "StringLike": { "aws:Referer": "https://example.com/*" } }), "yes"),
        ("a user agent", json!({ "StringEquals": { "aws:UserAgent": "secret" } }), "yes"),
        (
            "a tag, which strangers set at home",
            json!({ "StringEquals": { "aws:PrincipalTag/team": "x" } }),
            "yes",
        ),
        ("a user's name", json!({ "StringEquals": { "aws:username": "alice" } }), "yes"),
        ("MFA", json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } }), "yes"),
        ("TLS", json!({ "Bool": { "aws:SecureTransport": "true" } }), "yes"),
        ("an external id, which is no secret", json!({ "StringEquals": { "sts:ExternalId": "x" } }), "yes"),
        (
            "a private address in some VPC",
            json!({ "IpAddress": { "aws:VpcSourceIp": "10.0.0.0/16" } }),
            "yes",
        ),
        ("a canned ACL", json!({ "StringEquals": { "s3:x-amz-acl": "bucket-owner-full-control" } }), "yes"),
        (
            "a service on the way",
            json!({ "StringEquals": { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }),
            "yes",
        ),
        ("being a user", json!({ "StringEquals": { "aws:PrincipalType": "User" } }), "yes"),
        ("the resource's own account", json!({ "StringEquals": { "aws:ResourceAccount": OWN } }), "yes"),
        ("a time zone away", json!({ "StringEquals": { "aws:RequestedRegion": "eu-west-1" } }), "yes"),
    ]);
}

/// IAM User Guide, "Condition operators": what becomes of an absent key.
#[test]
fn a_condition_that_an_absent_key_passes_does_not_bind() {
    check(&[
        ("negated", json!({ "StringNotEquals": { "aws:PrincipalOrgID": "o-other" } }), "yes"),
        ("negated, with our own", json!({ "StringNotEquals": { "aws:PrincipalAccount": OWN } }), "yes"),
        ("not from there", json!({ "NotIpAddress": { "aws:SourceIp": "203.0.113.0/24" } }), "yes"),
        ("if exists", json!({ "StringEqualsIfExists": { "aws:PrincipalOrgID": ORG } }), "yes"),
        ("for all values", json!({ "ForAllValues:StringEquals": { "aws:PrincipalOrgID": ORG } }), "yes"),
        ("for any value", json!({ "ForAnyValue:StringEquals": { "aws:PrincipalOrgID": ORG } }), "no"),
        (
            "for any value, negated",
            json!({ "ForAnyValue:StringNotEquals": { "aws:PrincipalOrgID": ORG } }),
            "yes",
        ),
        ("null", json!({ "Null": { "aws:PrincipalOrgID": "true" } }), "yes"),
        ("not null, which strangers can be", json!({ "Null": { "aws:PrincipalOrgID": "false" } }), "yes"),
        ("no signature", json!({ "Null": { "aws:PrincipalArn": "true" } }), "yes"),
        (
            "for all values, and there is one",
            json!({ "ForAllValues:StringEquals": { "aws:PrincipalOrgID": ORG }, "Null": { "aws:PrincipalOrgID": "false" } }),
            "no",
        ),
        (
            "an address if there is one, an endpoint if there is one: the other way is open",
            json!({ "IpAddressIfExists": { "aws:SourceIp": "203.0.113.0/24" } }),
            "yes",
        ),
        (
            "both ways are shut",
            json!({
                "IpAddressIfExists": { "aws:SourceIp": "203.0.113.0/24" },
                "StringEqualsIfExists": { "aws:SourceVpce": "vpce-1" }
            }),
            "no",
        ),
        ("an empty list, which nothing matches", json!({ "StringEquals": { "aws:Referer": [] } }), "no"),
    ]);
}

#[test]
fn values_are_alternatives_and_keys_are_not() {
    check(&[
        ("one value is open", json!({ "StringLike": { "aws:PrincipalOrgID": [ORG, "*"] } }), "yes"),
        (
            "a literal star is no wildcard",
            json!({ "StringEquals": { "aws:PrincipalOrgID": [ORG, "*"] } }),
            "no",
        ),
        (
            "one of two keys binds",
            json!({ "StringLike": { "aws:Referer": "*", "aws:PrincipalAccount": OWN } }),
            "no",
        ),
        (
            "the internet in two halves",
            json!({ "IpAddress": { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } }),
            "yes",
        ),
        ("private ranges", json!({ "IpAddress": { "aws:SourceIp": ["10.0.0.0/8", "172.16.0.0/12"] } }), "no"),
        ("every IPv6 address", json!({ "IpAddress": { "aws:SourceIp": ["203.0.113.7", "::/0"] } }), "yes"),
    ]);
}

/// IAM User Guide, "IAM policy elements: Variables and tags".
#[test]
fn a_variable_binds_only_when_the_owner_decides_it() {
    check(&[
        (
            "the owner's organisation",
            json!({ "StringEquals": { "aws:PrincipalOrgID": "${aws:ResourceOrgID}" } }),
            "no",
        ),
        (
            "the owner's account",
            json!({ "StringEquals": { "aws:PrincipalAccount": "${aws:ResourceAccount}" } }),
            "no",
        ),
        (
            "the caller's own",
            json!({ "StringEquals": { "aws:PrincipalOrgID": "${aws:PrincipalOrgID}" } }),
            "yes",
        ),
        (
            "the caller's tag in a fixed account",
            json!({ "ArnLike": { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/${aws:PrincipalTag/x}" } }),
            "no",
        ),
    ]);
    let old = json!({
        "Version": "2008-10-17",
        "Statement": allow_all(&json!({ "StringEquals": { "aws:PrincipalOrgID": "${aws:PrincipalOrgID}" } }))
    });
    let world = World::new();
    let answer = Policy::parse(&old).unwrap().public(&world.owner());
    assert_eq!(answer.known(), Some(false), "before 2012 it is plain text, which no organisation is called");
}

#[test]
fn what_cannot_be_judged_is_said() {
    for (condition, expected) in [
        (
            json!({ "StringEquals": { "aws:BrandNewKey": "x" } }),
            "? statement 1: what condition key `aws:BrandNewKey` says about the caller is not known",
        ),
        (
            json!({ "ForAnyValues:StringEquals": { "aws:PrincipalOrgID": ORG } }),
            "? statement 1: `ForAnyValues:StringEquals` is not a condition operator of IAM",
        ),
        (
            json!({ "DateLessThan": { "aws:CurrentTime": "2030-01-01T00:00:00Z" } }),
            "? statement 1: `aws:CurrentTime` depends on the time of the call",
        ),
        (
            json!({ "IpAddress": { "aws:SourceIp": "office" } }),
            "? statement 1: `office` is not a value that `aws:SourceIp` can be compared with",
        ),
        // It does not matter when another key binds.
        (json!({ "StringEquals": { "aws:BrandNewKey": "x", "aws:PrincipalOrgID": ORG } }), "no"),
    ] {
        assert_eq!(public(&allow_all(&condition)), expected, "{condition}");
    }
    let both =
        json!([allow_all(&json!({ "StringEquals": { "aws:BrandNewKey": "x" } })), allow_all(&json!({}))]);
    assert_eq!(public(&both), "yes", "nor when another statement is public for certain");
}

#[test]
fn principals_who_are_everybody_and_who_are_not() {
    for (why, principal, expected) in [
        ("the short form", json!("*"), "yes"),
        ("the AWS form", json!({ "AWS": "*" }), "yes"),
        ("in a list", json!({ "AWS": ["111122223333", "*"] }), "yes"),
        ("an account, even a strange one", json!({ "AWS": "999988887777" }), "no"),
        ("a service", json!({ "Service": "s3.amazonaws.com" }), "no"),
        ("users of a social network", json!({ "Federated": "graph.facebook.com" }), "yes"),
        ("a canonical user", json!({ "CanonicalUser": "79a59df900b949e5" }), "no"),
        ("a deleted role", json!({ "AWS": "AROADBQP57FF2AEXAMPLE" }), "no"),
    ] {
        assert_eq!(public(&allow(&principal, &json!({}))), expected, "{why}");
    }
}

#[test]
fn everybody_but_somebody_is_everybody() {
    let statement = json!({
        "Effect": "Allow", "NotPrincipal": { "AWS": "999988887777" }, "Action": "s3:GetObject", "Resource": "*"
    });
    assert_eq!(public(&statement), "yes");
    let nothing = json!({ "Effect": "Allow", "Principal": "*", "NotAction": "*", "Resource": "*" });
    assert_eq!(public(&nothing), "no");
    let nobody = json!({ "Effect": "Allow", "NotPrincipal": "*", "Action": "s3:GetObject", "Resource": "*" });
    assert_eq!(public(&nobody), "no");
}

/// EFS User Guide, "The meaning of public"; Lambda Developer Guide, "Control access to Lambda function URLs".
#[test]
fn keys_of_single_services() {
    check(&[
        ("a mount target", json!({ "Bool": { "elasticfilesystem:AccessedViaMountTarget": "true" } }), "no"),
        ("an open function URL", json!({ "StringEquals": { "lambda:FunctionUrlAuthType": "NONE" } }), "yes"),
        (
            "a signed function URL",
            json!({ "StringEquals": { "lambda:FunctionUrlAuthType": "AWS_IAM" } }),
            "yes",
        ),
        (
            "the caller's account, as KMS says it",
            json!({ "StringEquals": { "kms:CallerAccount": OWN } }),
            "no",
        ),
        ("mail of one domain", json!({ "StringLike": { "SNS:Endpoint": "*@example.com" } }), "no"),
        ("a web host", json!({ "StringLike": { "SNS:Endpoint": "https://example.com/*" } }), "no"),
        ("any web host", json!({ "StringLike": { "SNS:Endpoint": "https://*" } }), "yes"),
        ("a protocol", json!({ "StringEquals": { "SNS:Protocol": "https" } }), "yes"),
        ("only services", json!({ "Bool": { "aws:PrincipalIsAWSService": "true" } }), "no"),
        (
            "one service",
            json!({ "StringEquals": { "aws:PrincipalServiceName": "cloudtrail.amazonaws.com" } }),
            "no",
        ),
    ]);
}

#[test]
fn public_actions_are_those_that_the_denies_leave() {
    let statements = json!([
        { "Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::our-bucket/*" },
        { "Effect": "Deny", "Principal": "*", "Action": "s3:Put*", "Resource": "arn:aws:s3:::our-bucket/*" },
        { "Effect": "Allow", "Principal": { "AWS": "999988887777" }, "Action": "s3:DeleteObject", "Resource": "*" },
    ]);
    let document = document(&statements);
    let world = World::new();
    assert_eq!(list(Policy::parse(&document).unwrap().public_actions(&world.owner())), "s3:GetObject");
}
