//! Documents as AWS returns them, and what is wrong with others.

use serde_json::{Value, json};

use crate::support::{World, word};
use yagura_access::Policy;

const TEXT: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}"#;

fn public(value: &Value) -> String {
    let world = World::new();
    word(Policy::parse(value).unwrap().public(&world.owner()))
}

#[test]
fn a_policy_is_read_in_every_wrapping() {
    let encoded = TEXT.replace('{', "%7B").replace('"', "%22").replace(':', "%3A").replace('}', "%7D");
    let escaped = TEXT.replace('"', "\\\"");
    let quoted = serde_json::to_string(TEXT).unwrap();
    for (why, value) in [
        ("an object", serde_json::from_str(TEXT).unwrap()),
        ("a text", json!(TEXT)),
        ("URL-encoded, as IAM returns it", json!(encoded)),
        ("with escaped quotes, as API Gateway returns it", json!(escaped)),
        ("a text in a text", json!(quoted)),
        ("with white space around", json!(format!("\n {TEXT} \n"))),
    ] {
        assert_eq!(public(&value), "yes", "{why}");
    }
}

#[test]
fn single_values_and_lists_are_the_same() {
    let one = json!({ "Statement": { "Effect": "Allow", "Principal": { "AWS": "*" }, "Action": "sqs:*", "Resource": "*" } });
    let many = json!({ "Id": "x", "Statement": [
        { "Sid": "", "Effect": "Allow", "Principal": { "AWS": ["*"] }, "Action": ["sqs:*"], "Resource": ["*"] }
    ] });
    let (one, many) = (Policy::parse(&one).unwrap(), Policy::parse(&many).unwrap());
    assert_eq!(one, many);
}

#[test]
fn a_broken_document_says_what_is_wrong_and_where() {
    let statement = |statement: Value| json!({ "Version": "2012-10-17", "Statement": [statement] });
    for (value, expected) in [
        (Value::Null, "`policy` is null: an object is expected"),
        (json!("{\"Statement\": ["), "the policy is not JSON: error in line 1, column 15"),
        (json!({}), "`policy` has no `Statement`"),
        (json!({ "Statement": "x" }), "`Statement` is a text: an object is expected"),
        (json!({ "Statement": [], "Comment": 1 }), "`policy` has an unknown element `Comment`"),
        (
            json!({ "Version": "2020-01-01", "Statement": [] }),
            "`Version` is `2020-01-01`: `2012-10-17` or `2008-10-17` is expected",
        ),
        (statement(json!({ "Action": "*" })), "`Statement[0]` has no `Effect`"),
        (statement(json!({ "Effect": "Allow" })), "`Statement[0]` has no `Action`"),
        (
            statement(json!({ "Effect": "allow", "Action": "*" })),
            "`Statement[0].Effect` is `allow`: `Allow` or `Deny` is expected",
        ),
        (
            statement(json!({ "effect": "Allow", "Action": "*" })),
            "`Statement[0]` has an unknown element `effect`",
        ),
        (
            statement(json!({ "Effect": "Allow", "Action": "*", "NotAction": "*" })),
            "`Statement[0]` has both `Action` and `NotAction`",
        ),
        (
            statement(json!({ "Effect": "Allow", "Action": ["*", {}] })),
            "`Statement[0].Action[1]` is an object: a text is expected",
        ),
        (statement(json!({ "Effect": "Allow", "Action": [] })), "`Statement[0].Action` is empty"),
        (
            statement(json!({ "Effect": "Allow", "Action": "*", "Principal": { "Aws": "*" } })),
            "`Statement[0].Principal` has an unknown element `Aws`",
        ),
        (
            statement(
                json!({ "Effect": "Allow", "Action": "*", "Principal": { "AWS": "arn:aws:iam::*:root" } }),
            ),
            "`Statement[0].Principal.AWS` is `arn:aws:iam::*:root`: `*`, an account id, an ARN without wildcards or the id of a deleted principal is expected",
        ),
        (
            statement(json!({ "Effect": "Allow", "Action": "*", "Condition": { "Bool": true } })),
            "`Statement[0].Condition.Bool` is a truth value: an object is expected",
        ),
        (
            statement(
                json!({ "Effect": "Allow", "Action": "*", "Condition": { "Bool": { "aws:SecureTransport": null } } }),
            ),
            "`Statement[0].Condition.Bool.aws:SecureTransport` is null: a text is expected",
        ),
    ] {
        assert_eq!(Policy::parse(&value).unwrap_err().to_string(), expected, "{value}");
    }
}

#[test]
fn a_statement_without_a_principal_says_nothing_about_outsiders() {
    let value = json!({ "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } });
    assert_eq!(public(&value), "? statement 1: the statement names no principal");
}
