//! Who is outside the account and its organisation.

use serde_json::{Value, json};

use crate::support::{
    MEMBER, ORG, OWN, STRANGE, World, allow, allow_all, deny_all, document, list, outsiders,
};
use yagura_access::Policy;

#[test]
fn principals_are_told_by_their_account() {
    for (why, principal, expected) in [
        ("ourselves", json!({ "AWS": OWN }), ""),
        ("our root", json!({ "AWS": "arn:aws:iam::111122223333:root" }), ""),
        ("a member", json!({ "AWS": format!("arn:aws:iam::{MEMBER}:role/x") }), ""),
        ("a stranger", json!({ "AWS": STRANGE }), STRANGE),
        (
            "a stranger's role",
            json!({ "AWS": "arn:aws:iam::999988887777:role/x" }),
            "arn:aws:iam::999988887777:role/x",
        ),
        ("everybody", json!("*"), "*"),
        ("a service", json!({ "Service": "s3.amazonaws.com" }), ""),
        ("a deleted role", json!({ "AWS": "AROADBQP57FF2AEXAMPLE" }), ""),
        (
            "a canonical user",
            json!({ "CanonicalUser": "79a59df900b949e5" }),
            "? statement 1: whose `79a59df900b949e5` is, is not known",
        ),
        (
            "an origin access identity",
            json!({ "AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2EXAMPLE" }),
            "? statement 1: whose `CloudFront Origin Access Identity E2EXAMPLE` is, is not known",
        ),
    ] {
        assert_eq!(outsiders(&allow(&principal, &json!({}))), expected, "{why}");
    }
}

#[test]
fn conditions_tell_who_everybody_is() {
    for (why, condition, expected) in [
        ("our organisation", json!({ "StringEquals": { "aws:PrincipalOrgID": ORG } }), ""),
        (
            "ours and another",
            json!({ "StringEquals": { "aws:PrincipalOrgID": [ORG, "o-zzzzzzzzzz"] } }),
            "o-zzzzzzzzzz",
        ),
        (
            "a unit of another",
            json!({ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-zzzzzzzzzz/r-1/ou-1/*" } }),
            "o-zzzzzzzzzz",
        ),
        ("accounts", json!({ "StringEquals": { "aws:PrincipalAccount": [OWN, MEMBER, STRANGE] } }), STRANGE),
        (
            "roles",
            json!({ "ArnLike": { "aws:PrincipalArn": ["arn:aws:iam::999988887777:role/a*", "arn:aws:iam::111122223333:role/b"] } }),
            "arn:aws:iam::999988887777:role/a*",
        ),
        ("SNS's default policy", json!({ "StringEquals": { "AWS:SourceOwner": OWN } }), ""),
        (
            "a strange topic",
            json!({ "ArnEquals": { "aws:SourceArn": "arn:aws:sns:eu-west-1:999988887777:t" } }),
            "arn:aws:sns:eu-west-1:999988887777:t",
        ),
        (
            "our topic",
            json!({ "ArnEquals": { "aws:SourceArn": "arn:aws:sns:eu-west-1:111122223333:t" } }),
            "",
        ),
        ("our bucket", json!({ "ArnLike": { "aws:SourceArn": "arn:aws:s3:::our-bucket" } }), ""),
        (
            "some bucket",
            json!({ "ArnLike": { "aws:SourceArn": "arn:aws:s3:::some-bucket" } }),
            "? statement 1: whose `some-bucket` is, is not known",
        ),
        (
            "some bucket of our account",
            json!({ "ArnLike": { "aws:SourceArn": "arn:aws:s3:::some-bucket" }, "StringEquals": { "aws:SourceAccount": OWN } }),
            "",
        ),
        ("an office: anybody there", json!({ "IpAddress": { "aws:SourceIp": "203.0.113.0/24" } }), "*"),
        (
            "private addresses, which no caller has",
            json!({ "IpAddress": { "aws:SourceIp": "10.0.0.0/8" } }),
            "",
        ),
        ("our network", json!({ "StringEquals": { "aws:SourceVpc": "vpc-0a1b2c3d" } }), ""),
        (
            "some network",
            json!({ "StringEquals": { "aws:SourceVpc": "vpc-9" } }),
            "? statement 1: whose `vpc-9` is, is not known",
        ),
        ("endpoints of our organisation", json!({ "StringEquals": { "aws:VpceOrgID": ORG } }), ""),
        ("a stranger's endpoints", json!({ "StringEquals": { "aws:VpceAccount": STRANGE } }), "*"),
        ("our mount targets", json!({ "Bool": { "elasticfilesystem:AccessedViaMountTarget": "true" } }), ""),
        ("our access points", json!({ "StringEquals": { "s3:DataAccessPointAccount": OWN } }), ""),
        (
            "a stranger's access points",
            json!({ "StringEquals": { "s3:DataAccessPointAccount": STRANGE } }),
            STRANGE,
        ),
        (
            "our organisation, from an office",
            json!({ "StringEquals": { "aws:PrincipalOrgID": ORG }, "IpAddress": { "aws:SourceIp": "203.0.113.0/24" } }),
            "",
        ),
    ] {
        assert_eq!(outsiders(&allow_all(&condition)), expected, "{why}: {condition}");
    }
}

#[test]
fn a_named_stranger_may_be_shut_out_by_a_condition() {
    let principal = json!({ "AWS": STRANGE });
    for (why, condition, expected) in [
        ("our organisation", json!({ "StringEquals": { "aws:PrincipalOrgID": ORG } }), ""),
        (
            "another organisation",
            json!({ "StringEquals": { "aws:PrincipalOrgID": "o-zzzzzzzzzz" } }),
            STRANGE,
        ),
        ("another account", json!({ "StringEquals": { "aws:PrincipalAccount": OWN } }), ""),
        ("an external id", json!({ "StringEquals": { "sts:ExternalId": "x" } }), STRANGE),
    ] {
        assert_eq!(outsiders(&allow(&principal, &condition)), expected, "{why}");
    }
    let denied = json!([
        allow(&principal, &json!({})),
        deny_all(&json!({ "StringNotEquals": { "aws:PrincipalOrgID": ORG } }))
    ]);
    assert_eq!(outsiders(&denied), "");
}

#[test]
fn a_service_is_an_outsider_when_it_acts_for_one() {
    let trail = json!({ "Service": "cloudtrail.amazonaws.com" });
    for (condition, expected) in [
        (json!({ "StringEquals": { "aws:SourceAccount": MEMBER } }), ""),
        (
            json!({ "StringEquals": { "aws:SourceAccount": STRANGE } }),
            "cloudtrail.amazonaws.com for 999988887777",
        ),
        (
            json!({ "ArnLike": { "aws:SourceArn": "arn:aws:cloudtrail:*:999988887777:trail/*" } }),
            "cloudtrail.amazonaws.com for arn:aws:cloudtrail:*:999988887777:trail/*",
        ),
        (json!({ "StringEquals": { "aws:SourceOrgID": ORG } }), ""),
    ] {
        assert_eq!(outsiders(&allow(&trail, &condition)), expected, "{condition}");
    }
}

/// The key policies of AWS's own keys, and SQS's example of an account that sends through a topic.
#[test]
fn policies_that_aws_writes() {
    let aws_key = json!({ "StringEquals": { "kms:CallerAccount": OWN, "kms:ViaService": "ebs.eu-west-1.amazonaws.com" } });
    assert_eq!(outsiders(&allow(&json!({ "AWS": "*" }), &aws_key)), "");
    let topic = json!({ "ArnEquals": { "aws:SourceArn": "arn:aws:sns:eu-west-1:999988887777:t" } });
    assert_eq!(outsiders(&allow(&json!({ "AWS": STRANGE }), &topic)), STRANGE);
}

#[test]
fn external_is_everybody_outside_the_account() {
    let world = World::new();
    let external = |statements: &Value| {
        let document = document(statements);
        list(Policy::parse(&document).unwrap().external(&world.owner()))
    };
    assert_eq!(
        external(&allow(&json!({ "AWS": [OWN, MEMBER, STRANGE] }), &json!({}))),
        "222233334444, 999988887777"
    );
    assert_eq!(external(&allow_all(&json!({ "StringEquals": { "aws:PrincipalOrgID": ORG } }))), ORG);
}

#[test]
fn an_account_is_neither_in_nor_out_when_the_list_cannot_be_read() {
    let world = World::seen_from_a_member();
    let document = document(&allow(&json!({ "AWS": MEMBER }), &json!({})));
    let found = Policy::parse(&document).unwrap().outsiders(&world.owner());
    assert_eq!(
        list(found),
        "? statement 1: whether account `222233334444` is in the organisation is not known"
    );

    let bound = crate::support::document(&allow(
        &json!({ "AWS": MEMBER }),
        &json!({ "StringEquals": { "aws:PrincipalOrgID": ORG } }),
    ));
    let found = Policy::parse(&bound).unwrap().outsiders(&world.owner());
    assert_eq!(list(found), "", "whoever it is, it must be in the organisation");
}

#[test]
fn grants_tell_who_and_what_binds_them() {
    let document = document(&json!([
        allow_all(
            &json!({ "StringEquals": { "aws:PrincipalOrgID": ORG, "aws:SourceVpce": "vpce-0a1b2c3d" } })
        ),
        allow(&json!({ "AWS": STRANGE, "Service": "cloudtrail.amazonaws.com" }), &json!({})),
    ]));
    let world = World::new();
    let grants = Policy::parse(&document).unwrap().grants(&world.owner());
    let told: Vec<String> = grants
        .iter()
        .map(|grant| {
            let keys: Vec<&str> = grant.bounds.iter().map(|bound| bound.key.as_str()).collect();
            format!("{} {} {} {keys:?}", grant.statement, grant.who, grant.actions.join(" "))
        })
        .collect();
    assert_eq!(
        told,
        [
            "0 o-a1b2c3d4e5 s3:GetObject [\"aws:PrincipalOrgID\", \"aws:SourceVpce\"]",
            "1 999988887777 s3:GetObject []",
            "1 cloudtrail.amazonaws.com s3:GetObject []",
        ]
    );
}
