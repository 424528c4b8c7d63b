//! Trust policies of roles.

use serde_json::{Value, json};

use crate::support::{OWN, World, document, list, outsiders, public};
use yagura_access::{Policy, Who};

const GITHUB: &str = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";

fn trust(principal: &Value, action: &str, condition: &Value) -> Value {
    json!({ "Effect": "Allow", "Principal": principal, "Action": action, "Condition": condition })
}

fn github(condition: &Value) -> Value {
    trust(&json!({ "Federated": GITHUB }), "sts:AssumeRoleWithWebIdentity", condition)
}

/// IAM User Guide, "Create a role for OpenID Connect federation": the subject must name the organisation.
#[test]
fn a_github_role_without_a_subject_is_everybodys() {
    let key = |name: &str| format!("token.actions.githubusercontent.com:{name}");
    for (why, condition, expected) in [
        ("no condition", json!({}), "yes"),
        (
            "the audience is chosen by the asker",
            json!({ "StringEquals": { key("aud"): "sts.amazonaws.com" } }),
            "yes",
        ),
        ("a repository", json!({ "StringLike": { key("sub"): "repo:octo-org/app:*" } }), "no"),
        ("an organisation", json!({ "StringLike": { key("sub"): "repo:octo-org/*" } }), "no"),
        ("any organisation that begins so", json!({ "StringLike": { key("sub"): "repo:octo*" } }), "yes"),
        ("any repository", json!({ "StringLike": { key("sub"): "repo:*" } }), "yes"),
        (
            "a fixed subject",
            json!({ "StringEquals": { key("sub"): "repo:octo-org/app:ref:refs/heads/main" } }),
            "no",
        ),
        ("one value is open", json!({ "StringLike": { key("sub"): ["repo:octo-org/app:*", "*"] } }), "yes"),
        ("if exists", json!({ "StringLikeIfExists": { key("sub"): "repo:octo-org/app:*" } }), "no"),
        ("for all values", json!({ "ForAllValues:StringLike": { key("sub"): "repo:octo-org/app:*" } }), "no"),
        ("the owner's id", json!({ "StringEquals": { key("repository_owner_id"): "1234" } }), "no"),
        ("not somebody", json!({ "StringNotLike": { key("sub"): "repo:evil/*" } }), "yes"),
    ] {
        assert_eq!(public(&github(&condition)), expected, "{why}: {condition}");
    }
}

#[test]
fn providers_of_one_company_are_not_the_public() {
    let role = |provider: &str, action: &str| trust(&json!({ "Federated": provider }), action, &json!({}));
    for (provider, action, expected) in [
        ("arn:aws:iam::111122223333:saml-provider/Okta", "sts:AssumeRoleWithSAML", "no"),
        (
            "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0123",
            "sts:AssumeRoleWithWebIdentity",
            "no",
        ),
        ("cognito-identity.amazonaws.com", "sts:AssumeRoleWithWebIdentity", "yes"),
        (
            "arn:aws:iam::111122223333:oidc-provider/id.example.com",
            "sts:AssumeRoleWithWebIdentity",
            "? statement 1: who can get a token from `id.example.com` is not known",
        ),
    ] {
        assert_eq!(public(&role(provider, action)), expected, "{provider}");
    }
    let pool = trust(
        &json!({ "Federated": "cognito-identity.amazonaws.com" }),
        "sts:AssumeRoleWithWebIdentity",
        &json!({ "StringEquals": { "cognito-identity.amazonaws.com:aud": "eu-west-1:1234" } }),
    );
    assert_eq!(public(&pool), "no");
    assert_eq!(outsiders(&pool), "");
    assert_eq!(outsiders(&github(&json!({}))), GITHUB);
}

#[test]
fn nobody_assumes_a_role_without_credentials() {
    let document = document(&trust(&json!({ "AWS": "*" }), "sts:AssumeRole", &json!({})));
    let world = World::new();
    let grants = Policy::parse(&document).unwrap().grants(&world.owner());
    assert_eq!(grants.first().map(|grant| grant.who.clone()), Some(Who::AnyAwsPrincipal));
    assert_eq!(public(&trust(&json!({ "AWS": "*" }), "sts:AssumeRole", &json!({}))), "yes");
}

#[test]
fn a_trusted_service_is_neither_public_nor_an_outsider() {
    let statement = trust(&json!({ "Service": "ec2.amazonaws.com" }), "sts:AssumeRole", &json!({}));
    assert_eq!(public(&statement), "no");
    assert_eq!(outsiders(&statement), "");
}

/// IAM User Guide, "The confused deputy problem".
#[test]
fn a_service_without_a_source_can_be_a_confused_deputy() {
    let deputy = |principal: Value, condition: Value| {
        let document = document(&json!({
            "Effect": "Allow", "Principal": principal, "Action": "sns:Publish", "Resource": "*", "Condition": condition
        }));
        let world = World::new();
        list(Policy::parse(&document).unwrap().confused_deputy(&world.owner()))
    };
    let s3 = json!({ "Service": "s3.amazonaws.com" });
    for (why, condition, expected) in [
        ("no condition", json!({}), "s3.amazonaws.com"),
        ("the account", json!({ "StringEquals": { "aws:SourceAccount": OWN } }), ""),
        ("the ARN", json!({ "ArnLike": { "aws:SourceArn": "arn:aws:s3:::our-bucket" } }), ""),
        ("any ARN", json!({ "ArnLike": { "aws:SourceArn": "arn:aws:s3:::*" } }), "s3.amazonaws.com"),
        ("the organisation", json!({ "StringEquals": { "aws:SourceOrgID": "o-a1b2c3d4e5" } }), ""),
        (
            "an account behind wildcards that may run over colons",
            json!({ "StringLike": { "aws:SourceArn": "arn:aws:*:*:111122223333:*" } }),
            "? statement 1: a wildcard in `arn:aws:*:*:111122223333:*` may run over colons; compare `aws:SourceArn` with an Arn operator",
        ),
        (
            "the same with an Arn operator",
            json!({ "ArnLike": { "aws:SourceArn": "arn:aws:*:*:111122223333:*" } }),
            "",
        ),
        ("if exists", json!({ "StringEqualsIfExists": { "aws:SourceAccount": OWN } }), "s3.amazonaws.com"),
        (
            "a bound that services do not meet",
            json!({ "StringEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }),
            "",
        ),
    ] {
        assert_eq!(deputy(s3.clone(), condition), expected, "{why}");
    }
    let alexa = json!({ "Service": "alexa-connectedhome.amazon.com" });
    assert_eq!(
        deputy(alexa.clone(), json!({ "StringEquals": { "lambda:EventSourceToken": "amzn1.ask.skill.1" } })),
        ""
    );
    assert_eq!(deputy(alexa, json!({})), "alexa-connectedhome.amazon.com");
    assert_eq!(deputy(json!("*"), json!({ "Bool": { "aws:PrincipalIsAWSService": "true" } })), "*");
    assert_eq!(deputy(json!({ "Service": "*" }), json!({})), "*");
    assert_eq!(deputy(json!("*"), json!({ "StringEquals": { "aws:SourceAccount": OWN } })), "");
}
