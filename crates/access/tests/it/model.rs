//! A second, simpler reading of policies: one concrete request at a time, by the letter of the documentation. What it
//! lets a stranger do, the answers about everybody must not deny.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use yagura_access::{Answer, Policy};

use crate::laws::{VALUES, pick, statements};
use crate::support::{ORG, OWN, STRANGE, World, document};

/// A request: an action, a resource, and the values of each key, in lower case.
#[derive(Debug, Clone)]
struct Request {
    action: &'static str,
    resource: &'static str,
    /// `None` without credentials.
    account: Option<String>,
    context: BTreeMap<String, Vec<String>>,
}

fn allowed(statements: &[Value], request: &Request) -> bool {
    let hit = |effect: &str| statements.iter().any(|it| it["Effect"] == effect && applies(it, request));
    hit("Allow") && !hit("Deny")
}

fn applies(statement: &Value, request: &Request) -> bool {
    let named = |name: &str| statement.get(name);
    let who = match (named("Principal"), named("NotPrincipal")) {
        (Some(principal), _) => names(principal, request),
        (_, Some(principal)) => !names(principal, request),
        _ => false,
    };
    let one_of = |value: &Value, text: &str| texts(value).iter().any(|it| glob(it, text));
    let does = match (named("Action"), named("NotAction")) {
        (Some(list), _) => one_of(&lower(list), &request.action.to_lowercase()),
        (_, Some(list)) => !one_of(&lower(list), &request.action.to_lowercase()),
        _ => false,
    };
    who && does
        && one_of(&statement["Resource"], request.resource)
        && conditions(&statement["Condition"], request)
}

fn names(principal: &Value, request: &Request) -> bool {
    principal == "*"
        || texts(&principal["AWS"]).iter().any(|it| it == "*" || Some(it) == request.account.as_ref())
}

fn conditions(block: &Value, request: &Request) -> bool {
    block.as_object().into_iter().flatten().all(|(operator, keys)| {
        let keys = keys.as_object().into_iter().flatten();
        keys.into_iter().all(|(key, values)| condition(operator, key, &texts(values), request))
    })
}

fn condition(operator: &str, key: &str, wanted: &[String], request: &Request) -> bool {
    let given = request.context.get(&key.to_lowercase()).cloned().unwrap_or_default();
    let (set, operator) = operator.split_once(':').unwrap_or(("", operator));
    let (all, any) = (set == "ForAllValues", set == "ForAnyValue");
    let (if_exists, name) = match operator.strip_suffix("IfExists") {
        Some(rest) => (true, rest),
        None => (false, operator),
    };
    if name == "Null" {
        return wanted.iter().any(|it| it == if given.is_empty() { "true" } else { "false" });
    }
    let negated = name.contains("Not");
    if given.is_empty() {
        return all || if_exists || (negated && !any);
    }
    let wanted: Vec<String> = wanted.iter().filter_map(|it| substitute(it, request)).collect();
    let one = |value: &String| wanted.iter().any(|wanted| matches(name, value, wanted)) != negated;
    if all { given.iter().all(one) } else { given.iter().any(one) }
}

fn matches(name: &str, value: &str, wanted: &str) -> bool {
    match name {
        "StringEquals" | "StringNotEquals" | "BinaryEquals" => value == wanted,
        "StringEqualsIgnoreCase" | "Bool" => value.eq_ignore_ascii_case(wanted),
        "StringLike" | "StringNotLike" => glob(wanted, value),
        "ArnLike" | "ArnNotLike" => {
            let (value, wanted): (Vec<_>, Vec<_>) =
                (value.splitn(6, ':').collect(), wanted.splitn(6, ':').collect());
            wanted == ["*"]
                || value.len() == wanted.len() && value.iter().zip(&wanted).all(|(v, w)| glob(w, v))
        }
        "IpAddress" | "NotIpAddress" => {
            let address = value.parse::<std::net::IpAddr>();
            let net = wanted.parse::<ipnet::IpNet>();
            matches!((address, net), (Ok(address), Ok(net)) if net.contains(&address))
        }
        _ => false,
    }
}

fn substitute(value: &str, request: &Request) -> Option<String> {
    match value {
        "${aws:ResourceOrgID}" => Some(ORG.to_owned()),
        "${aws:PrincipalTag/x}" => {
            request.context.get("aws:principaltag/x").and_then(|it| it.first().cloned())
        }
        other => Some(other.to_owned()),
    }
}

fn glob(pattern: &str, text: &str) -> bool {
    let mut pattern_chars = pattern.chars();
    match pattern_chars.next() {
        None => text.is_empty(),
        Some('*') => text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .any(|at| glob(pattern_chars.as_str(), &text[at..])),
        Some(wanted) => {
            let mut text_chars = text.chars();
            text_chars.next().is_some_and(|it| {
                (wanted == '?' || it == wanted) && glob(pattern_chars.as_str(), text_chars.as_str())
            })
        }
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(text) => vec![text.clone()],
        _ => Vec::new(),
    }
}

fn lower(value: &Value) -> Value {
    json!(texts(value).iter().map(|it| it.to_lowercase()).collect::<Vec<_>>())
}

/// Requests of somebody whose account and organisation no policy of ours names.
fn request(accounts: &'static [&'static str], anonymous: bool) -> impl Strategy<Value = Request> {
    let who = (pick(accounts), prop::bool::weighted(0.3), any::<bool>());
    let place = prop::sample::select(vec![
        ("aws:sourceip", "200.1.2.3"),
        ("aws:sourceip", "55.1.2.3"),
        ("aws:sourceip", "2a00::1"),
        ("aws:sourcevpce", "vpce-stranger"),
    ]);
    let what = (
        pick(&["s3:GetObject", "s3:PutObject", "sqs:SendMessage", "s3:GetObjectAcl"]),
        pick(&["arn:aws:s3:::our-bucket", "arn:aws:s3:::our-bucket/a", "arn:aws:s3:::our-bucket/b"]),
    );
    let free = prop::collection::vec(prop::option::of(pick(VALUES)), 5);
    let flags = (any::<bool>(), any::<bool>(), pick(&["User", "AssumedRole"]));
    (who, place, what, free, flags).prop_map(
        move |((account, unsigned, organized), place, (action, resource), free, (tls, via, kind))| {
            let account = Some(account).filter(|_| !(unsigned && anonymous));
            let mut context = BTreeMap::new();
            let mut set =
                |key: &str, value: &str| drop(context.insert(key.to_owned(), vec![value.to_owned()]));
            set(place.0, place.1);
            if place.0 == "aws:sourcevpce" {
                set("aws:sourcevpc", "vpc-stranger");
                set("aws:vpcsourceip", "10.1.2.3");
                set("aws:vpceaccount", account.unwrap_or("555566667777"));
            }
            set("aws:securetransport", if tls { "true" } else { "false" });
            for (key, value) in ["aws:referer", "s3:x-amz-acl"].iter().zip(&free) {
                if let Some(value) = value {
                    set(key, value);
                }
            }
            set("aws:currenttime", "2026-01-01T00:00:00Z");
            set("elasticfilesystem:accessedviamounttarget", "false");
            match account {
                None => {
                    set("aws:principalaccount", "anonymous");
                    set("aws:principaltype", "Anonymous");
                    set("aws:userid", "anonymous");
                    set("aws:viaawsservice", "false");
                    set("lambda:functionurlauthtype", "NONE");
                }
                Some(account) => {
                    set("aws:principalaccount", account);
                    set("aws:principalarn", &format!("arn:aws:iam::{account}:role/x"));
                    set("aws:principaltype", kind);
                    set("aws:principalisawsservice", "false");
                    set("aws:userid", "AROASTRANGERSTRANGER:x");
                    set("aws:viaawsservice", if via { "true" } else { "false" });
                    set("lambda:functionurlauthtype", "AWS_IAM");
                    if organized {
                        set("aws:principalorgid", "o-stranger00");
                        set("aws:principalorgpaths", "o-stranger00/r-1/ou-1/");
                    }
                    for (key, value) in
                        ["aws:principaltag/x", "aws:username", "aws:calledvia"].iter().zip(&free[2..])
                    {
                        if let Some(value) = value {
                            set(key, value);
                        }
                    }
                }
            }
            Request { action, resource, account: account.map(str::to_owned), context }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// A policy that lets a stranger do something is not called closed.
    #[test]
    fn what_a_stranger_can_do_is_public(
        statements in statements(),
        request in request(&["555566667777", "111199998888"], true),
    ) {
        if allowed(&statements, &request) {
            let document = document(&json!(statements));
            let answer = Policy::parse(&document).unwrap().public(&World::new().owner());
            prop_assert_ne!(answer, Answer::Known(false));
        }
    }

    /// A policy that lets an account of somebody else do something names an outsider, or a doubt.
    #[test]
    fn what_another_account_can_do_is_an_outsiders(statements in statements(), request in request(&[STRANGE], false)) {
        if allowed(&statements, &request) {
            let document = document(&json!(statements));
            let found = Policy::parse(&document).unwrap().outsiders(&World::new().owner());
            prop_assert!(!found.certain.is_empty() || !found.doubts.is_empty());
        }
    }
}

/// The properties above would be empty if strangers were hardly ever let in, or answers hardly ever certain.
#[test]
fn the_examples_are_of_every_kind() {
    let mut runner = TestRunner::deterministic();
    let strategy = (statements(), request(&["555566667777", "111199998888"], true));
    let (mut let_in, mut answers) = (0, [0; 3]);
    for _ in 0..5_000 {
        let (statements, request) = strategy.new_tree(&mut runner).unwrap().current();
        let document = document(&json!(statements));
        let answer = Policy::parse(&document).unwrap().public(&World::new().owner());
        let_in += usize::from(allowed(&statements, &request));
        answers[match answer {
            Answer::Known(true) => 0,
            Answer::Known(false) => 1,
            Answer::Unknown(_) => 2,
        }] += 1;
    }
    assert!(let_in > 250, "{let_in} of 5000 requests are let in");
    assert!(answers.iter().all(|count| *count > 250), "public, closed, unknown: {answers:?}");
}

#[test]
fn the_model_itself_reads_policies_by_the_letter() {
    let statement = |condition: Value| {
        json!({
            "Effect": "Allow", "Principal": "*", "Action": "S3:Get*", "Resource": "*", "Condition": condition
        })
    };
    let context = BTreeMap::from([("aws:sourceip".to_owned(), vec!["200.1.2.3".to_owned()])]);
    let account = Some(OWN.to_owned());
    let request = Request { action: "s3:GetObject", resource: "arn:aws:s3:::our-bucket/a", account, context };
    for (condition, expected) in [
        (json!({}), true),
        (json!({ "IpAddress": { "aws:SourceIp": "200.0.0.0/8" } }), true),
        (json!({ "NotIpAddress": { "aws:SourceIp": "200.0.0.0/8" } }), false),
        (json!({ "StringEquals": { "aws:PrincipalOrgID": "x" } }), false),
        (json!({ "StringEqualsIfExists": { "aws:PrincipalOrgID": "x" } }), true),
        (json!({ "Null": { "aws:PrincipalOrgID": "true" } }), true),
        (json!({ "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "x" } }), true),
        (json!({ "ForAnyValue:StringNotLike": { "aws:PrincipalOrgPaths": "x" } }), false),
    ] {
        assert_eq!(allowed(&[statement(condition.clone())], &request), expected, "{condition}");
    }
}
