//! Policies of users, groups and roles.

use serde_json::{Value, json};

use crate::support::{World, document};
use yagura_access::Policy;

fn ask<T>(statements: &Value, question: impl FnOnce(&Policy<'_>, &yagura_access::Owner<'_>) -> T) -> T {
    let document = document(statements);
    let world = World::new();
    question(&Policy::parse(&document).unwrap(), &world.owner())
}

fn admin(statements: &Value) -> bool {
    ask(statements, |policy, owner| policy.admin(owner))
}

#[test]
fn administrators_in_all_disguises() {
    for (why, statements, expected) in [
        ("plain", json!({ "Effect": "Allow", "Action": "*", "Resource": "*" }), true),
        ("lists", json!([{ "Effect": "Allow", "Action": ["*"], "Resource": ["*"] }]), true),
        ("star colon star", json!({ "Effect": "Allow", "Action": "*:*", "Resource": "*" }), true),
        ("question marks", json!({ "Effect": "Allow", "Action": "?*:*", "Resource": "*" }), true),
        (
            "resources as an ARN",
            json!({ "Effect": "Allow", "Action": "*", "Resource": "arn:aws:*:*:*:*" }),
            true,
        ),
        ("short ARN", json!({ "Effect": "Allow", "Action": "*", "Resource": "arn:*" }), true),
        ("all but nothing", json!({ "Effect": "Allow", "NotAction": "foo:Bar", "Resource": "*" }), true),
        (
            "all but billing",
            json!({ "Effect": "Allow", "NotAction": ["aws-portal:*"], "Resource": "*" }),
            true,
        ),
        (
            "all but a bucket",
            json!({ "Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::b/*" }),
            true,
        ),
        (
            "power user",
            json!({ "Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*" }),
            false,
        ),
        (
            "together",
            json!([
                { "Effect": "Allow", "NotAction": "iam:*", "Resource": "*" },
                { "Effect": "Allow", "Action": "iam:*", "Resource": "*" }
            ]),
            true,
        ),
        ("one service", json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }), false),
        ("one resource", json!({ "Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b/*" }), false),
        (
            "a condition",
            json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": { "Bool": { "aws:MultiFactorAuthPresent": "true" } } }),
            false,
        ),
        (
            "a condition that always holds",
            json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": { "StringLikeIfExists": { "aws:username": "*" } } }),
            true,
        ),
        ("nothing", json!([]), false),
        ("all but everything", json!({ "Effect": "Allow", "NotAction": "*", "Resource": "*" }), false),
        (
            "denied",
            json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }, { "Effect": "Deny", "Action": "*", "Resource": "*" }]),
            false,
        ),
        (
            "all of IAM denied",
            json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }, { "Effect": "Deny", "Action": "iam:*", "Resource": "*" }]),
            false,
        ),
        (
            "something else denied",
            json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }, { "Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*" }]),
            true,
        ),
        (
            "denied only without MFA",
            json!([
                { "Effect": "Allow", "Action": "*", "Resource": "*" },
                { "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": { "BoolIfExists": { "aws:MultiFactorAuthPresent": "false" } } }
            ]),
            true,
        ),
    ] {
        assert_eq!(admin(&statements), expected, "{why}");
    }
}

#[test]
fn an_action_is_allowed_on_every_resource_or_not() {
    let allows = |resource: Value, action: &str| {
        let statement = json!({ "Effect": "Allow", "Action": ["iam:Pass*", "s3:GetObject", "kms:Decrypt"], "Resource": resource });
        ask(&statement, |policy, owner| policy.allows(action, owner))
    };
    for (resource, action, expected) in [
        (json!("*"), "iam:PassRole", true),
        (json!("*"), "IAM:passrole", true),
        (json!("*"), "iam:CreateUser", false),
        (json!("arn:aws:iam::*:role/*"), "iam:PassRole", true),
        (json!("arn:aws:iam::111122223333:role/*"), "iam:PassRole", true),
        (json!("arn:aws:iam::999988887777:role/*"), "iam:PassRole", false),
        (json!("arn:aws:iam::*:role/app-*"), "iam:PassRole", false),
        (json!("arn:aws:s3:::*"), "s3:GetObject", true),
        (json!("arn:aws:s3:::*/*"), "s3:GetObject", true),
        (json!("arn:aws:s3:::bucket/*"), "s3:GetObject", false),
        (json!("arn:aws:s3:::*"), "iam:PassRole", false),
        (json!(["arn:aws:kms:*:*:key/1", "arn:aws:kms:*:111122223333:key/*"]), "kms:Decrypt", true),
        (json!("arn:aws:kms:eu-west-1:111122223333:key/*"), "kms:Decrypt", false),
    ] {
        assert_eq!(allows(resource.clone(), action), expected, "{action} on {resource}");
    }
}

#[test]
fn a_deny_takes_an_action_away_only_without_strings() {
    let allows = |deny: Value| {
        let statements = json!([{ "Effect": "Allow", "Action": "s3:*", "Resource": "*" }, deny]);
        ask(&statements, |policy, owner| policy.allows("s3:GetObject", owner))
    };
    assert!(!allows(json!({ "Effect": "Deny", "Action": "s3:Get*", "Resource": "*" })));
    assert!(!allows(json!({ "Effect": "Deny", "NotAction": "s3:List*", "Resource": "*" })));
    assert!(allows(json!({ "Effect": "Deny", "Action": "s3:Put*", "Resource": "*" })));
    assert!(allows(json!({ "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::secret/*" })));
    assert!(allows(json!({
        "Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": { "Bool": { "aws:SecureTransport": "false" } }
    })));
}

#[test]
fn dangerous_actions_are_picked_out() {
    let statement = json!({ "Effect": "Allow", "Action": ["iam:Create*", "lambda:*"], "Resource": "*" });
    let found = ask(&statement, |policy, owner| {
        policy.allows_any_of(&["iam:CreateAccessKey", "iam:PassRole", "lambda:CreateFunction"], owner)
    });
    assert_eq!(found, ["iam:CreateAccessKey", "lambda:CreateFunction"]);
}

#[test]
fn whole_services_are_picked_out() {
    let stars = |statements: Value| ask(&statements, |policy, owner| policy.star_actions(owner));
    let allow = |action: Value| json!({ "Effect": "Allow", "Action": action, "Resource": "*" });
    assert_eq!(stars(allow(json!(["S3:*", "ec2:Describe*", "sqs:*"]))), ["s3:*", "sqs:*"]);
    assert_eq!(stars(allow(json!("*"))), ["*"]);
    assert_eq!(stars(json!({ "Effect": "Allow", "NotAction": "iam:*", "Resource": "*" })), ["*"]);
    assert_eq!(
        stars(json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*" })),
        [""; 0]
    );
    assert_eq!(
        stars(json!([allow(json!("s3:*")), { "Effect": "Deny", "Action": "s3:*", "Resource": "*" }])),
        [""; 0]
    );
}
