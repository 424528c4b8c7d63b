//! Destinations as they are written, and what is wrong with them.

use super::*;

fn checked(text: &str) -> (Destinations, Vec<String>) {
    let written: BTreeMap<String, Written> = toml::from_str(text).unwrap();
    let (all, mistakes) = check(&written);
    let told = mistakes.into_iter().map(|it| {
        let help = it.help.map(|it| format!("\n  help: {it}")).unwrap_or_default();
        format!("{}: {}{help}", it.path, it.message)
    });
    (all, told.collect())
}

#[test]
fn every_type_is_read() {
    let (all, told) = checked(
        r#"
        [mail]
        type = "smtp"
        host = "mail.example.com"
        user = "yagura"
        password_env = "MAIL_PASSWORD"
        from = "Yagura 監視 <yagura@example.com>"
        to = ["soc@example.com"]
        digest = "daily"
        digest_at = "9:30"
        [ses]
        type = "ses"
        from = "yagura@example.com"
        [chat]
        type = "slack-webhook"
        url_env = "SLACK_URL"
        [bot]
        type = "slack-bot"
        token_file = "/run/secrets/slack"
        channel = "C0123"
        immediate_severity = "critical"
        [teams]
        type = "teams"
        url_env = "TEAMS_URL"
        [topic]
        type = "sns"
        topic_arn = "arn:aws:sns:ap-northeast-1:111122223333:alerts"
        [pager]
        type = "pagerduty"
        routing_key_env = "PAGER"
        [hook]
        type = "webhook"
        url = "https://example.com/hook"
        secret_env = "HOOK"
        [jira]
        type = "jira"
        url = "https://example.atlassian.net"
        user = "a@example.com"
        token_env = "JIRA"
        project = "SEC"
        [issues]
        type = "github"
        repository = "example/infra"
        token_env = "GH"
        events = ["opened"]
        "#,
    );
    assert_eq!(told, [""; 0]);
    let kinds: Vec<_> = all.values().map(|it| it.kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "slack-bot",
            "slack-webhook",
            "webhook",
            "github",
            "jira",
            "smtp",
            "pagerduty",
            "ses",
            "teams",
            "sns"
        ]
    );
    assert_eq!(all["jira"].events, [].into(), "issues are made when somebody asks");
    assert_eq!(all["mail"].digest_at, jiff::civil::time(9, 30, 0, 0));
}

#[test]
fn each_mistake_is_told_with_its_key() {
    let (all, told) = checked(
        r#"
        [a]
        type = "smtp"
        host = "mail.example.com"
        password = "hunter2"
        security = "none"
        user = "x"
        from = "nobody"
        to = ["sato"]
        port = 99999
        ["b c"]
        type = "pigeon"
        [c]
        type = "slack-webhook"
        url = "https://hooks.slack.com/services/T/B/x"
        [d]
        type = "webhook"
        url = "http://example.com/"
        digest = "weekly"
        events = ["opened", "closed"]
        immediate_severity = "urgent"
        timeout = "soon"
        colour = "red"
        [e]
        url = "https://example.com"
        [f]
        type = "pagerduty"
        routing_key_env = "PAGER"
        digest = "hourly"
        [g]
        type = "sns"
        topic_arn = "alerts"
        "#,
    );
    assert_eq!(all.len(), 0);
    insta::assert_snapshot!(told.join("\n"));
    assert!(!told.join("\n").contains("hunter2"), "a secret is not repeated");
}

#[test]
fn a_secret_has_no_printable_form() {
    let text = SecretText::new("hunter2");
    assert_eq!(format!("{text:?}"), "SecretText(***)");
    assert_eq!(text.redact("bad token hunter2"), "bad token ***");
    let error = Secret::Env("YAGURA_TEST_NOT_SET".into()).read().unwrap_err();
    assert_eq!(error.to_string(), "the environment variable `YAGURA_TEST_NOT_SET` is not set");
}
