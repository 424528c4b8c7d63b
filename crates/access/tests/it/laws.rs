//! What holds for every policy.

use proptest::prelude::*;
use serde_json::{Value, json};
use yagura_access::{Answer, Policy};

use crate::support::{MEMBER, ORG, OWN, STRANGE, World, document};

const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "StringEqualsIfExists",
    "StringNotLikeIfExists",
    "ForAllValues:StringLike",
    "ForAnyValue:StringLike",
    "ForAnyValue:StringNotEquals",
    "StringEqualsIgnoreCase",
    "ArnLike",
    "ArnNotLike",
    "Bool",
    "BoolIfExists",
    "Null",
    "IpAddress",
    "NotIpAddress",
    "NumericLessThan",
    "DateGreaterThan",
    "BinaryEquals",
    "Nonsense",
];

const KEYS: &[&str] = &[
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalTag/x",
    "aws:PrincipalType",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalServiceName",
    "aws:userid",
    "aws:username",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOwner",
    "aws:SourceOrgID",
    "aws:SourceIp",
    "aws:VpcSourceIp",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:ViaAWSService",
    "aws:CalledVia",
    "aws:SecureTransport",
    "aws:Referer",
    "aws:CurrentTime",
    "s3:DataAccessPointAccount",
    "s3:DataAccessPointArn",
    "s3:x-amz-acl",
    "lambda:FunctionUrlAuthType",
    "elasticfilesystem:AccessedViaMountTarget",
    "sns:Endpoint",
    "token.actions.githubusercontent.com:sub",
    "aws:BrandNew",
];

pub const VALUES: &[&str] = &[
    ORG,
    "o-zzzzzzzzzz",
    "o-*",
    "*",
    OWN,
    MEMBER,
    STRANGE,
    "1111*",
    "arn:aws:iam::111122223333:role/x",
    "arn:aws:iam::*:role/x",
    "arn:aws:s3:::our-bucket",
    "arn:aws:sns:*:999988887777:*",
    "vpc-0a1b2c3d",
    "vpce-9",
    "true",
    "false",
    "0.0.0.0/0",
    "203.0.113.0/24",
    "10.0.0.0/8",
    "128.0.0.0/1",
    "::/0",
    "repo:octo/app:*",
    "AROADBQP57FF2AEXAMPLE:*",
    "${aws:ResourceOrgID}",
    "${aws:PrincipalTag/x}",
    "anonymous",
    "Anonymous",
    "NONE",
    "o-a1b2c3d4e5/r-1/*",
    "https://x/*",
    "",
];

const ACTIONS: &[&str] = &["s3:GetObject", "s3:Get*", "s3:*", "*", "s3:PutObject", "sts:AssumeRole", "sqs:*"];

const RESOURCES: &[&str] =
    &["*", "arn:aws:s3:::our-bucket", "arn:aws:s3:::our-bucket/*", "arn:aws:s3:::our-bucket/a"];

pub fn pick(from: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(from)
}

fn condition() -> impl Strategy<Value = (String, String, Value)> {
    (pick(OPERATORS), pick(KEYS), prop::collection::vec(pick(VALUES), 0..3))
        .prop_map(|(operator, key, values)| (operator.to_owned(), key.to_owned(), json!(values)))
}

fn principal() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => Just(json!("*")),
        1 => Just(json!({ "AWS": ["*", OWN] })),
        1 => Just(json!({ "AWS": [STRANGE, "arn:aws:iam::222233334444:role/x"] })),
        1 => Just(json!({ "Service": "s3.amazonaws.com" })),
        1 => Just(json!({ "Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" })),
        1 => Just(json!({ "CanonicalUser": "79a59df900b949e5" })),
    ]
}

fn statement(effect: &'static str) -> impl Strategy<Value = Value> {
    let scope = (
        prop::bool::weighted(0.2),
        prop::collection::vec(pick(ACTIONS), 1..3),
        prop::collection::vec(pick(RESOURCES), 1..3),
    );
    (principal(), prop::bool::weighted(0.1), scope, prop::collection::vec(condition(), 0..3)).prop_map(
        move |(principal, not_principal, (not_action, actions, resources), conditions)| {
            let mut statement = json!({ "Effect": effect, "Resource": resources, "Condition": {} });
            statement[if not_principal { "NotPrincipal" } else { "Principal" }] = principal;
            statement[if not_action { "NotAction" } else { "Action" }] = json!(actions);
            for condition in conditions {
                add(&mut statement, condition);
            }
            statement
        },
    )
}

/// Another condition that must hold, beside those there are.
fn add(statement: &mut Value, (operator, key, values): (String, String, Value)) -> bool {
    let place = &mut statement["Condition"][operator][key];
    let free = place.is_null();
    if free {
        *place = values;
    }
    free
}

pub fn statements() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(prop_oneof![2 => statement("Allow"), 1 => statement("Deny")], 1..4)
}

/// From closed to open.
fn openness(statements: &[Value]) -> u8 {
    let document = document(&json!(statements));
    match Policy::parse(&document).unwrap().public(&World::new().owner()) {
        Answer::Known(false) => 0,
        Answer::Unknown(_) => 1,
        Answer::Known(true) => 2,
    }
}

fn json_value() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        pick(&[
            "Version",
            "2012-10-17",
            "Statement",
            "Effect",
            "Allow",
            "Deny",
            "Principal",
            "AWS",
            "Action",
            "Resource"
        ]),
        pick(&[
            "NotAction",
            "NotResource",
            "NotPrincipal",
            "Condition",
            "StringLike",
            "aws:SourceIp",
            "*",
            "${",
            "%7B",
            "{\\\""
        ]),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((word.clone(), inner), 0..6)
                .prop_map(|it| it.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// One more condition on an allow never opens a policy.
    #[test]
    fn a_condition_never_opens(others in statements(), mut allow in statement("Allow"), extra in condition()) {
        let with = |allow: &Value| openness(&[others.clone(), vec![allow.clone()]].concat());
        let open = with(&allow);
        if add(&mut allow, extra) {
            prop_assert!(with(&allow) <= open);
        }
    }

    /// One more deny never opens a policy.
    #[test]
    fn a_deny_never_opens(mut before in statements(), deny in statement("Deny")) {
        let open = openness(&before);
        before.push(deny);
        prop_assert!(openness(&before) <= open);
    }

    /// One more allow never closes a policy.
    #[test]
    fn an_allow_never_closes(mut before in statements(), allow in statement("Allow")) {
        let open = openness(&before);
        before.push(allow);
        prop_assert!(openness(&before) >= open);
    }

    /// The order of statements says nothing.
    #[test]
    fn the_order_of_statements_does_not_matter(before in statements()) {
        let world = World::new();
        let ask = |statements: &[Value]| {
            let document = document(&json!(statements));
            let policy = Policy::parse(&document).unwrap();
            let owner = world.owner();
            (
                openness(statements),
                policy.outsiders(&owner).certain,
                policy.external(&owner).certain,
                policy.confused_deputy(&owner).certain,
                policy.public_actions(&owner).certain,
                policy.admin(&owner),
                policy.star_actions(&owner),
                policy.limits_source(&owner).known(),
                policy.denies_insecure_transport(&owner).known(),
            )
        };
        let backwards: Vec<Value> = before.iter().rev().cloned().collect();
        prop_assert_eq!(ask(&before), ask(&backwards));
    }

    /// What is public is an outsider's, and what is an outsider's is external.
    #[test]
    fn circles_lie_in_each_other(before in statements()) {
        let document = document(&json!(before));
        let policy = Policy::parse(&document).unwrap();
        let world = World::new();
        let (outside, external) = (policy.outsiders(&world.owner()), policy.external(&world.owner()));
        if policy.public(&world.owner()) == Answer::Known(true) {
            prop_assert!(!outside.certain.is_empty());
        }
        let known = external.doubts.is_empty();
        prop_assert!(outside.certain.iter().all(|it| external.certain.contains(it)) || !known, "{:?} {:?}", outside, external);
    }

    /// `public` is what `grants` says.
    #[test]
    fn public_agrees_with_the_grants(before in statements()) {
        let document = document(&json!(before));
        let policy = Policy::parse(&document).unwrap();
        let world = World::new();
        let grants = policy.grants(&world.owner());
        let certain = grants.iter().any(|grant| grant.is_public() && grant.doubt.is_none());
        prop_assert_eq!(policy.public(&world.owner()) == Answer::Known(true), certain);
    }

    /// No JSON makes reading or asking panic.
    #[test]
    fn arbitrary_json_is_read_or_refused(value in json_value()) {
        let world = World::new();
        if let Ok(policy) = Policy::parse(&value) {
            let _ = (policy.grants(&world.owner()), policy.admin(&world.owner()));
        }
        let _ = Policy::parse_text(&value.to_string());
    }

    /// No text makes reading panic.
    #[test]
    fn arbitrary_text_is_read_or_refused(text in "(%7B|\\{\\\\\"|\\{)?.{0,40}") {
        let _ = Policy::parse_text(&text);
    }
}

/// An allow for everybody, under these conditions.
fn allow_if(conditions: Value) -> [Value; 1] {
    [
        json!({ "Effect": "Allow", "Resource": "*", "Principal": "*", "Action": "s3:GetObject", "Condition": conditions }),
    ]
}

/// A key that nobody knows binds no less for being named twice.
#[test]
fn two_conditions_on_an_unknown_key_are_no_more_certain_than_one() {
    let one = json!({ "StringNotLike": { "aws:BrandNew": "x" } });
    let two = json!({ "StringNotLike": { "aws:BrandNew": "x" }, "StringNotEquals": { "aws:BrandNew": "y" } });
    assert_eq!([one, two].map(|it| openness(&allow_if(it))), [1, 1]);
}

/// Who leaves a key out meets whatever is said against its values, however unclear the values are.
#[test]
fn a_key_that_may_be_missing_does_not_bind_by_what_it_must_not_be() {
    let one = json!({ "NotIpAddress": { "aws:Referer": "o-a1b2c3d4e5" } });
    let two = json!({ "NotIpAddress": { "aws:Referer": "o-a1b2c3d4e5" }, "StringNotEquals": { "aws:Referer": "x" } });
    assert_eq!([one, two].map(|it| openness(&allow_if(it))), [2, 2]);
}
