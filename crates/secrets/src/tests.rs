//! What is a secret and what is not. Every value here is made up.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use serde_json::json;

use crate::{Secret, find, find_in, redact, redact_json};

/// Built from halves, so that no scanner of repositories takes this file for a leak.
fn joined(a: &str, b: &str) -> String {
    format!("{a}{b}")
}

#[test]
fn shapes_are_found_whatever_the_name() {
    for (text, secret) in [
        (joined("AKIA", "QWERTYUIOPASDFGH"), Secret::AccessKeyId),
        (joined("ghp_", "abcdefghijklmnopqrstuvwxyz0123456789"), Secret::Token),
        (
            joined("-----BEGIN RSA PRIVATE ", "KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"),
            Secret::PrivateKey,
        ),
        ("mysql://app:hunter22@db.example.net/main".to_owned(), Secret::UrlPassword),
        ("Server=tcp:db;Password=hunter22x;Encrypt=yes".to_owned(), Secret::ConnectionString),
    ] {
        assert_eq!(find_in(&text), Some(secret), "{text}");
        assert_eq!(find("anything", &text), Some(secret), "{text}");
    }
}

#[test]
fn names_tell_of_values_that_have_no_shape() {
    assert_eq!(find("DB_PASSWORD", "hunter22"), Some(Secret::Password));
    assert_eq!(find("STRIPE_API_KEY", "f3Kd92mZq0Lw81Vb"), Some(Secret::Key));
    assert_eq!(find("ClientSecret", "f3Kd92mZq0Lw81Vb"), Some(Secret::Key));
    assert_eq!(find("GREETING", "hunter22"), None);
}

#[test]
fn references_placeholders_and_public_keys_are_left_alone() {
    for (name, value) in [
        ("DB_PASSWORD", "{{resolve:secretsmanager:db:SecretString:password}}"),
        ("DB_PASSWORD", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db"),
        ("DB_PASSWORD", "changeme1"),
        ("DB_PASSWORD", "prod-db-password-2"),
        ("API_KEY", "pk_test_0123456789abcdef"),
        ("REACT_APP_API_KEY", "f3Kd92mZq0Lw81Vb"),
        ("DATABASE_URL", "postgres://app:hunter22@localhost/test"),
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
        ("TOKEN", "my-service-token-name"),
    ] {
        assert_eq!(find(name, value), None, "{name}={value}");
        assert_eq!(redact(name, value), value);
    }
}

#[test]
fn the_id_of_a_key_is_kept_and_its_secret_is_not() {
    let id = joined("AKIA", "QWERTYUIOPASDFGH");
    assert_eq!(redact("AWS_ACCESS_KEY_ID", &id), id);
    let both = format!("{id}:{}", "f3Kd92mZq0Lw81Vbf3Kd92mZq0Lw81Vbf3Kd92mZ");
    assert_eq!(redact("KEYS", &both), "[redacted: access key]");
}

#[test]
fn only_the_secret_part_is_redacted() {
    let url = "psql -h x 'postgres://app:hunter22@db.internal.net/main' -c 'select 1'";
    assert_eq!(
        redact("command", url),
        "psql -h x 'postgres://[redacted: password in a URL]@db.internal.net/main' -c 'select 1'"
    );
    assert_eq!(redact("DB_PASSWORD", "hunter22"), "[redacted: password]");
}

#[test]
fn variables_are_known_by_their_names_however_aws_writes_them() {
    let mut lambda = json!({ "Variables": { "DB_PASSWORD": "hunter22", "STAGE": "dev1" } });
    redact_json("Environment", &mut lambda);
    assert_eq!(lambda, json!({ "Variables": { "DB_PASSWORD": "[redacted: password]", "STAGE": "dev1" } }));

    let mut container =
        json!([{ "name": "app", "environment": [{ "name": "DB_PASSWORD", "value": "hunter22" }] }]);
    redact_json("containerDefinitions", &mut container);
    assert_eq!(container[0]["environment"][0]["value"], "[redacted: password]");

    let mut outputs = json!([{ "OutputKey": "ClientSecret", "OutputValue": "f3Kd92mZq0Lw81Vb" }]);
    redact_json("Outputs", &mut outputs);
    assert_eq!(outputs[0]["OutputValue"], "[redacted: key]");
}

#[test]
fn json_that_is_written_in_a_text_is_looked_through_by_its_names() {
    let definition =
        r#"{ "States": { "Call": { "Parameters": { "DB_PASSWORD": "hunter22", "Token.$": "$.token" } } } }"#;
    assert_eq!(find_in(definition), Some(Secret::Password));
    let mut machine = json!({ "DefinitionText": definition });
    redact_json("", &mut machine);
    assert_eq!(
        machine["DefinitionText"],
        r#"{"States":{"Call":{"Parameters":{"DB_PASSWORD":"[redacted: password]","Token.$":"$.token"}}}}"#
    );
    // A list of variables in a text, in a variable.
    let inner = json!([{ "name": "ClientSecret", "value": "f3Kd92mZq0Lw81Vb" }]).to_string();
    assert_eq!(redact("OPTIONS", &inner), r#"[{"name":"ClientSecret","value":"[redacted: key]"}]"#);
    // What holds no secret stays as it is written.
    for plain in ["{ \"a\" :  1.10 }", "[not json", "{}"] {
        assert_eq!(redact("OPTIONS", plain), plain);
    }
}

#[test]
fn the_script_of_an_instance_is_looked_through() {
    let script = STANDARD.encode("#!/bin/sh\npsql postgres://app:hunter22@db.internal.net/main\n");
    let mut launch = json!({ "LaunchTemplateData": { "UserData": script } });
    redact_json("DefaultVersion", &mut launch);
    let kept = launch["LaunchTemplateData"]["UserData"].as_str().unwrap();
    let kept = String::from_utf8(STANDARD.decode(kept).unwrap()).unwrap();
    assert_eq!(kept, "#!/bin/sh\npsql postgres://[redacted: password in a URL]@db.internal.net/main\n");
}

proptest! {
    /// What was redacted is found again, and redacting it once more changes nothing.
    #[test]
    fn redacting_json_keeps_the_answer(
        name in "[A-Za-z_]{0,6}(PASSWORD|_KEY|token)?",
        value in "[A-Za-z0-9!]{0,24}",
        inside in any::<bool>(),
    ) {
        let text = json!({ "a": [{ &name: &value }] }).to_string();
        let text = if inside { json!({ "text": text }).to_string() } else { text };
        let kept = redact("", &text).into_owned();
        prop_assert_eq!(find_in(&text).is_some(), find_in(&kept).is_some());
        prop_assert_eq!(redact("", &kept).into_owned(), kept);
        let found = find(&name, &value).is_some_and(|it| it != Secret::AccessKeyId);
        prop_assert!(!found || !redact("", &text).contains(&value));
    }

    /// The same of any text.
    #[test]
    fn redacting_keeps_the_answer(name in "[A-Za-z_]{0,12}(PASSWORD|_KEY|token)?", value in ".{0,80}") {
        let kept = redact(&name, &value).into_owned();
        prop_assert_eq!(find(&name, &value).is_some(), find(&name, &kept).is_some());
        prop_assert_eq!(redact(&name, &kept).into_owned(), kept);
    }
}
