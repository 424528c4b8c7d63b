//! Messages as people see them, in both languages.

use yagura_model::{Lang, Severity, Timestamp};
use yagura_packs::Packs;

use super::*;
use crate::event::Change;
use crate::notice::{Alert, Catalogue as _, NoticeKind, facts, told};
use crate::settings::SecretText;
use crate::testing::{Known, finding, time};

fn texts() -> Texts {
    Texts::load(&Packs::embedded()).unwrap()
}

fn now() -> Timestamp {
    time("2026-03-02T09:04:05Z")
}

fn one(lang: Lang) -> Notice {
    let known = Known::built_in("shop-prod");
    assert!(known.rule(&yagura_model::RuleId::new("ec2-imdsv2-check")).is_some());
    let mut notice = crate::sample::sample(&known, lang, now()).unwrap();
    notice.mentions = vec!["U0123ABCD".to_owned()];
    notice
}

fn alert(lang: Lang, change: Change, rule: &str, count: usize) -> Alert {
    let known = Known::built_in("shop-prod");
    let all: Vec<_> = (0..count).map(|n| finding(rule, &format!("i-{n:04}"), Severity::High)).collect();
    Alert {
        change,
        severity: Severity::High,
        kind: all[0].kind,
        rule: all[0].rule.clone(),
        facts: facts(&known, &all[0], lang),
        findings: all.iter().map(|it| told(&known, it, now())).collect(),
    }
}

fn many(lang: Lang) -> Notice {
    Notice { alerts: vec![alert(lang, Change::Opened, "ec2-imdsv2-check", 100)], ..one(lang) }
}

fn digest(lang: Lang) -> Notice {
    let alerts = vec![
        alert(lang, Change::Opened, "ec2-imdsv2-check", 5),
        alert(lang, Change::Overdue, "restricted-ssh", 1),
        alert(lang, Change::Resolved, "restricted-rdp", 2),
    ];
    Notice { kind: NoticeKind::Digest, alerts, ..one(lang) }
}

fn notices(lang: Lang) -> Vec<(&'static str, Notice)> {
    let resolved = Notice { alerts: vec![alert(lang, Change::Resolved, "restricted-ssh", 1)], ..one(lang) };
    let test = Notice { kind: NoticeKind::Test, alerts: Vec::new(), ..one(lang) };
    vec![
        ("one", one(lang)),
        ("many", many(lang)),
        ("digest", digest(lang)),
        ("resolved", resolved),
        ("test", test),
    ]
}

#[test]
fn every_message_in_every_language() {
    let texts = texts();
    for lang in Lang::ALL {
        for (name, notice) in notices(lang) {
            let view = view::view(&notice, &texts, "chat");
            insta::assert_snapshot!(
                format!("{name}-{lang}-text"),
                format!("{}\n\n{}", view.subject, text::text(&view, true))
            );
            insta::assert_snapshot!(
                format!("{name}-{lang}-slack"),
                format!("{:#}", slack::slack(&view, &notice.mentions))
            );
            if matches!(name, "one" | "digest") {
                insta::assert_snapshot!(format!("{name}-{lang}-html"), html::html(&view, lang));
                insta::assert_snapshot!(format!("{name}-{lang}-teams"), format!("{:#}", teams::teams(&view)));
            }
        }
        let notice = one(lang);
        let view = view::view(&notice, &texts, "chat");
        insta::assert_snapshot!(format!("one-{lang}-issue"), issue::markdown(&view, &notice.key));
        insta::assert_snapshot!(format!("one-{lang}-document"), format!("{:#}", issue::document(&view)));
        let event = pagerduty::event(&notice, &view, &SecretText::new("KEY"));
        insta::assert_snapshot!(format!("one-{lang}-pagerduty"), format!("{event:#}"));
        insta::assert_snapshot!(
            format!("digest-{lang}-csv"),
            String::from_utf8(csv::table(&digest(lang), &texts)).unwrap()
        );
    }
    insta::assert_snapshot!("one-webhook", format!("{:#}", webhook::body(&one(Lang::En))));
}

/// Names as an attacker gives them.
fn hostile() -> Notice {
    let mut notice = one(Lang::En);
    let finding = &mut notice.alerts[0].findings[0];
    finding.name = "<!channel> <script>alert(1)</script> **@org/team** #1\u{1b}[2J\u{202e}".to_owned();
    finding.account_name = "=HYPERLINK(\"http://evil\")".to_owned();
    notice.alerts[0].facts.references = vec!["javascript:alert(1)".to_owned()];
    notice.environment = "line\r\nBcc: evil@example.com".to_owned();
    notice
}

#[test]
fn what_aws_returned_commands_nobody() {
    let (texts, notice) = (texts(), hostile());
    let view = view::view(&notice, &texts, "chat");
    let mail = html::html(&view, Lang::En);
    assert!(!mail.contains("<script>") && !mail.contains("href=\"javascript"), "{mail}");
    let slack = slack::slack(&view, &notice.mentions).to_string();
    assert!(!slack.contains("<!channel>") && slack.contains("<@U0123ABCD>"), "{slack}");
    let issue = issue::markdown(&view, "k");
    assert!(!issue.contains("@org") && !issue.contains("<script>") && !issue.contains("#1"), "{issue}");
    for text in [&mail, &slack, &issue] {
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
    }
    let table = String::from_utf8(csv::table(&notice, &texts)).unwrap();
    assert!(table.starts_with('\u{feff}') && !table.contains(",=HYPERLINK"), "{table}");
    let raw = look(&notice, &texts, "mail", Look::Mail).unwrap();
    assert!(!raw.contains("\r\nBcc:"), "{raw}");
}

#[test]
fn a_message_fits_whatever_there_is_to_tell() {
    let texts = texts();
    let mut notice = digest(Lang::En);
    let part = notice.alerts[0].clone();
    notice.alerts = std::iter::repeat_n(part, 200).collect();
    notice.alerts[0].facts.title = "x".repeat(10_000);
    let view = view::view(&notice, &texts, "chat");
    let slack = slack::slack(&view, &[]);
    assert!(slack["blocks"].as_array().unwrap().len() <= 50);
    for block in slack["blocks"].as_array().unwrap() {
        assert!(block["text"]["text"].as_str().unwrap_or_default().chars().count() <= 3_000);
    }
    assert!(teams::teams(&view).to_string().len() < 28_000);
    let table = csv::table(&notice, &texts);
    let rows = ::csv::Reader::from_reader(&table[..]).into_records().count();
    assert_eq!(rows, 200 * 5, "the table leaves nothing out");
}
