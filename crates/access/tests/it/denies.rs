//! Denies that take back what an allow gives, and denies that only seem to.

use serde_json::{Value, json};

use crate::support::{MEMBER, ORG, OWN, World, allow_all, deny_all, document, public, word};
use yagura_access::Policy;

/// An allow to everybody without a condition, and a deny to everybody under one.
fn check(cases: &[(&str, Value, &str)]) {
    for (why, condition, expected) in cases {
        let statements = json!([allow_all(&json!({})), deny_all(condition)]);
        assert_eq!(public(&statements), *expected, "{why}: {condition}");
    }
}

#[test]
fn a_deny_of_all_but_ours_closes_the_policy() {
    check(&[
        ("but our organisation", json!({ "StringNotEquals": { "aws:PrincipalOrgID": ORG } }), "no"),
        (
            "but our organisation, if any",
            json!({ "StringNotEqualsIfExists": { "aws:PrincipalOrgID": ORG } }),
            "no",
        ),
        ("but our account", json!({ "StringNotEquals": { "aws:PrincipalAccount": OWN } }), "no"),
        (
            "but a role",
            json!({ "ArnNotEquals": { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/x" } }),
            "no",
        ),
        (
            "but a role's sessions",
            json!({ "StringNotLike": { "aws:userid": ["AROADBQP57FF2AEXAMPLE:*", OWN] } }),
            "no",
        ),
        ("but an endpoint", json!({ "StringNotEquals": { "aws:SourceVpce": "vpce-1" } }), "no"),
        ("but an office", json!({ "NotIpAddress": { "aws:SourceIp": "203.0.113.0/24" } }), "no"),
        (
            "but an office or a network",
            json!({
                "NotIpAddressIfExists": { "aws:SourceIp": "203.0.113.0/24" },
                "StringNotEqualsIfExists": { "aws:SourceVpc": "vpc-1" }
            }),
            "no",
        ),
        (
            "but our organisation and services",
            json!({
                "StringNotEquals": { "aws:PrincipalOrgID": ORG },
                "BoolIfExists": { "aws:PrincipalIsAWSService": "false" }
            }),
            "no",
        ),
        ("everybody", json!({}), "no"),
    ]);
}

/// Services are spared by such denies, and act for anybody.
#[test]
fn a_deny_that_spares_services_leaves_confused_deputies() {
    let document = document(&json!([
        allow_all(&json!({})),
        deny_all(&json!({
            "StringNotEquals": { "aws:PrincipalOrgID": ORG },
            "BoolIfExists": { "aws:PrincipalIsAWSService": "false" }
        })),
    ]));
    let world = World::new();
    let found = Policy::parse(&document).unwrap().confused_deputy(&world.owner());
    assert_eq!(crate::support::list(found), "*");
}

#[test]
fn a_deny_that_can_be_escaped_closes_nothing() {
    check(&[
        ("without TLS", json!({ "Bool": { "aws:SecureTransport": "false" } }), "yes"),
        ("of one account", json!({ "StringEquals": { "aws:PrincipalAccount": "999988887777" } }), "yes"),
        ("of some addresses", json!({ "IpAddress": { "aws:SourceIp": "203.0.113.0/24" } }), "yes"),
        ("of half the internet", json!({ "IpAddress": { "aws:SourceIp": "0.0.0.0/1" } }), "yes"),
        ("of other web pages", json!({ "StringNotLike": { "aws:Referer": "https://example.com/*" } }), "yes"),
        (
            "of unknown organisations, for any value",
            json!({ "ForAnyValue:StringNotEquals": { "aws:PrincipalOrgID": ORG } }),
            "yes",
        ),
        (
            "of present keys only",
            json!({ "StringNotEquals": { "aws:PrincipalOrgID": ORG }, "Null": { "aws:PrincipalOrgID": "false" } }),
            "yes",
        ),
        ("but any endpoint", json!({ "StringNotLike": { "aws:SourceVpce": "vpce-*" } }), "yes"),
        (
            "unless a service calls for a stranger",
            json!({ "NotIpAddress": { "aws:SourceIp": "203.0.113.0/24" }, "Bool": { "aws:ViaAWSService": "false" } }),
            "yes",
        ),
    ]);
}

#[test]
fn a_deny_must_reach_all_that_is_allowed() {
    let everything_but_ours = json!({ "StringNotEquals": { "aws:PrincipalOrgID": ORG } });
    let deny = |action: Value, resource: Value| json!({ "Effect": "Deny", "Principal": "*", "Action": action, "Resource": resource, "Condition": everything_but_ours });
    let objects = json!("arn:aws:s3:::our-bucket/*");
    for (why, statement, expected) in [
        ("other actions", deny(json!("s3:PutObject"), objects.clone()), "yes"),
        ("the bucket, not its objects", deny(json!("s3:*"), json!("arn:aws:s3:::our-bucket")), "yes"),
        ("a folder", deny(json!("s3:*"), json!("arn:aws:s3:::our-bucket/secret/*")), "yes"),
        ("actions in other case", deny(json!("S3:getobject"), objects.clone()), "no"),
        ("everything", deny(json!("*"), json!("*")), "no"),
    ] {
        assert_eq!(public(&json!([allow_all(&json!({})), statement])), expected, "{why}");
    }
    let not_action = json!({
        "Effect": "Deny", "Principal": "*", "NotAction": "s3:Put*", "NotResource": "arn:aws:s3:::other/*",
        "Condition": everything_but_ours
    });
    assert_eq!(public(&json!([allow_all(&json!({})), not_action])), "no");
}

/// IAM User Guide, "AWS JSON policy elements: NotPrincipal".
#[test]
fn a_deny_to_all_but_some_principals_closes_the_policy() {
    let statements = json!([
        allow_all(&json!({})),
        {
            "Effect": "Deny",
            "NotPrincipal": { "AWS": ["arn:aws:iam::444455556666:user/Bob", "arn:aws:iam::444455556666:root"] },
            "Action": "s3:*", "Resource": ["arn:aws:s3:::our-bucket", "arn:aws:s3:::our-bucket/*"]
        }
    ]);
    assert_eq!(public(&statements), "no");
    assert_eq!(crate::support::outsiders(&statements), "444455556666, arn:aws:iam::444455556666:user/Bob");
}

#[test]
fn a_deny_to_somebody_leaves_everybody_else() {
    let statements = json!([
        allow_all(&json!({})),
        { "Effect": "Deny", "Principal": { "AWS": MEMBER }, "Action": "*", "Resource": "*" }
    ]);
    assert_eq!(public(&statements), "yes");
}

/// A resource's own policy may say `*` where it means the resource.
#[test]
fn a_star_means_the_resource_when_it_is_known() {
    let arn = "arn:aws:sqs:eu-west-1:111122223333:q";
    let document = document(&json!([
        { "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*" },
        {
            "Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": arn,
            "Condition": { "StringNotEquals": { "aws:PrincipalOrgID": ORG } }
        }
    ]));
    let policy = Policy::parse(&document).unwrap();
    let world = World::new();
    assert_eq!(word(policy.public(&world.owner().of_resource(arn))), "no");
    assert_eq!(
        word(policy.public(&world.owner())),
        "? statement 2: whether this deny reaches everything that is allowed is not known"
    );
}

#[test]
fn denies_of_one_key_are_held_against_each_other() {
    let encrypted = |condition: Value| deny_all(&condition);
    let satisfiable = json!([
        allow_all(&json!({})),
        encrypted(json!({ "StringNotEquals": { "s3:x-amz-server-side-encryption": "AES256" } })),
        encrypted(json!({ "Null": { "s3:x-amz-server-side-encryption": "true" } })),
    ]);
    assert_eq!(public(&satisfiable), "yes", "AES256 gets past both");
    let tls = json!([
        allow_all(&json!({ "Bool": { "aws:SecureTransport": "true" } })),
        deny_all(&json!({ "Bool": { "aws:SecureTransport": "false" } })),
    ]);
    assert_eq!(public(&tls), "yes");
    let impossible = json!([
        allow_all(&json!({ "StringEquals": { "aws:UserAgent": "a" } })),
        deny_all(&json!({ "StringEquals": { "aws:UserAgent": "a" } })),
    ]);
    assert_eq!(
        public(&impossible),
        "? statement 1: statements ask for different values of `aws:UserAgent`, which may exclude each other"
    );
}

#[test]
fn a_deny_that_cannot_be_judged_leaves_the_answer_open_only_if_it_matters() {
    let unknown = json!({ "StringNotEquals": { "aws:BrandNewKey": "x" } });
    let statements = json!([allow_all(&json!({})), deny_all(&unknown)]);
    assert_eq!(
        public(&statements),
        "? statement 2: what condition key `aws:BrandNewKey` says about the caller is not known"
    );
    let bound =
        json!([allow_all(&json!({ "StringEquals": { "aws:PrincipalOrgID": ORG } })), deny_all(&unknown)]);
    assert_eq!(public(&bound), "no");
    let escaped = json!([
        allow_all(&json!({})),
        deny_all(
            &json!({ "StringNotEquals": { "aws:BrandNewKey": "x" }, "Bool": { "aws:SecureTransport": "false" } })
        ),
    ]);
    assert_eq!(public(&escaped), "yes");
}
