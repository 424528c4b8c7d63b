//! TLS and source addresses.

use serde_json::{Value, json};

use crate::support::{World, document, word};
use yagura_access::Policy;

fn insecure(statements: &Value) -> String {
    let document = document(statements);
    let world = World::new();
    word(
        Policy::parse(&document)
            .unwrap()
            .denies_insecure_transport(&world.owner().of_resource("arn:aws:s3:::b")),
    )
}

fn deny(resource: Value, condition: Value) -> Value {
    json!({ "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": resource, "Condition": condition })
}

#[test]
fn requests_without_tls_are_denied_when_all_of_them_are() {
    let both = json!(["arn:aws:s3:::b", "arn:aws:s3:::b/*"]);
    let plain = json!({ "Bool": { "aws:SecureTransport": "false" } });
    for (why, statements, expected) in [
        ("as AWS advises", deny(both.clone(), plain.clone()), "yes"),
        (
            "as a text",
            deny(both.clone(), json!({ "StringEquals": { "aws:SecureTransport": "false" } })),
            "yes",
        ),
        (
            "negated",
            deny(both.clone(), json!({ "StringNotEquals": { "aws:SecureTransport": "true" } })),
            "yes",
        ),
        (
            "a truth value without quotes",
            deny(both.clone(), json!({ "Bool": { "aws:SecureTransport": false } })),
            "yes",
        ),
        (
            "two denies",
            json!([
                deny(json!("arn:aws:s3:::b"), plain.clone()),
                deny(json!("arn:aws:s3:::b/*"), plain.clone())
            ]),
            "yes",
        ),
        ("objects only", deny(json!("arn:aws:s3:::b/*"), plain.clone()), "no"),
        (
            "the other way round",
            deny(both.clone(), json!({ "Bool": { "aws:SecureTransport": "true" } })),
            "no",
        ),
        (
            "only some callers",
            deny(
                both.clone(),
                json!({ "Bool": { "aws:SecureTransport": "false" }, "StringEquals": { "aws:PrincipalAccount": "999988887777" } }),
            ),
            "no",
        ),
        (
            "an unknown key",
            deny(
                both.clone(),
                json!({ "Bool": { "aws:SecureTransport": "false", "aws:BrandNewKey": "true" } }),
            ),
            "? statement 1: what condition key `aws:BrandNewKey` says about the caller is not known",
        ),
        ("everything", deny(both.clone(), json!({})), "yes"),
        (
            "to somebody",
            json!({ "Effect": "Deny", "Principal": { "AWS": "999988887777" }, "Action": "s3:*", "Resource": both, "Condition": plain }),
            "no",
        ),
        (
            "reading only",
            json!({ "Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": both, "Condition": plain }),
            "no",
        ),
        (
            "an allow with TLS denies nothing",
            json!({ "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": both, "Condition": { "Bool": { "aws:SecureTransport": "true" } } }),
            "no",
        ),
    ] {
        assert_eq!(insecure(&statements), expected, "{why}");
    }
}

#[test]
fn the_resource_is_read_from_the_policy_when_it_is_not_told() {
    let world = World::new();
    let ask = |resource: Value, action: &str| {
        let document = document(&json!({
            "Effect": "Deny", "Principal": { "AWS": "*" }, "Action": action, "Resource": resource,
            "Condition": { "Bool": { "aws:SecureTransport": "false" } }
        }));
        word(Policy::parse(&document).unwrap().denies_insecure_transport(&world.owner()))
    };
    assert_eq!(ask(json!(["arn:aws:s3:::b", "arn:aws:s3:::b/*"]), "s3:*"), "yes");
    assert_eq!(ask(json!(["arn:aws:s3:::b/*"]), "s3:*"), "no");
    assert_eq!(ask(json!("arn:aws:sqs:eu-west-1:111122223333:q"), "SQS:*"), "yes");
    assert_eq!(ask(json!("arn:aws:sqs:eu-west-1:111122223333:q"), "sqs:SendMessage"), "no");
}

fn limited(statements: &Value) -> String {
    let document = document(statements);
    let world = World::new();
    word(Policy::parse(&document).unwrap().limits_source(&world.owner()))
}

#[test]
fn a_user_is_limited_to_addresses_by_every_allow_or_by_a_deny() {
    let office = json!({ "aws:SourceIp": ["203.0.113.0/24"] });
    let allow = |condition: Value| json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition });
    let deny = |condition: Value| json!({ "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition });
    for (why, statements, expected) in [
        ("no limit", allow(json!({})), "no"),
        ("a bound allow", allow(json!({ "IpAddress": office })), "yes"),
        ("one of two", json!([allow(json!({ "IpAddress": office })), allow(json!({}))]), "no"),
        ("a deny", json!([allow(json!({})), deny(json!({ "NotIpAddress": office }))]), "yes"),
        (
            "a deny that spares services",
            json!([
                allow(json!({})),
                deny(json!({ "NotIpAddress": office, "Bool": { "aws:ViaAWSService": "false" } }))
            ]),
            "yes",
        ),
        (
            "a deny of the whole internet's complement",
            json!([allow(json!({})), deny(json!({ "NotIpAddress": { "aws:SourceIp": "0.0.0.0/0" } }))]),
            "no",
        ),
        ("a deny of some addresses", json!([allow(json!({})), deny(json!({ "IpAddress": office }))]), "no"),
        ("an endpoint", allow(json!({ "StringEquals": { "aws:SourceVpce": "vpce-1" } })), "yes"),
        ("MFA is no address", allow(json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } })), "no"),
        ("nothing is allowed", deny(json!({})), "yes"),
    ] {
        assert_eq!(limited(&statements), expected, "{why}");
    }
}

#[test]
fn a_users_policies_are_judged_together() {
    let allow = document(&json!({ "Effect": "Allow", "Action": "*", "Resource": "*" }));
    let deny = document(&json!({
        "Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": { "NotIpAddress": { "aws:SourceIp": "203.0.113.0/24" } }
    }));
    let world = World::new();
    let (allow, deny) = (Policy::parse(&allow).unwrap(), Policy::parse(&deny).unwrap());
    assert_eq!(word(allow.limits_source(&world.owner())), "no");
    assert_eq!(word(deny.denies_other_sources(&world.owner())), "yes");
    assert_eq!(word(allow.denies_other_sources(&world.owner())), "no");
    assert_eq!(word(Policy::together([allow, deny]).limits_source(&world.owner())), "yes");
}
