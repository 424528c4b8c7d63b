//! Messages as people see them, in both languages.

use yagura_model::{Lang, Severity, Timestamp};
use yagura_packs::Packs;

use super::*;
use crate::event::Change;
use crate::incident::{Step, Story};
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
    let notice = crate::sample::sample(&known, lang, now()).unwrap();
    addressed(notice)
}

/// With an owner of each kind.
fn addressed(notice: Notice) -> Notice {
    let mails = vec!["sato_k@example.com".to_owned()];
    Notice { mentions: vec!["U0123ABCD".to_owned()], mails, ..notice }
}

/// An attack of two steps, and what is told of it later.
fn incident(lang: Lang) -> Notice {
    addressed(crate::sample::sample_incident(&Known::built_in("shop-prod"), lang, now()))
}

fn later(lang: Lang, change: Change, edit: impl FnOnce(&mut Story)) -> Notice {
    let mut notice = incident(lang);
    notice.alerts[0].change = change;
    edit(notice.alerts[0].incident.as_mut().unwrap());
    notice
}

fn incidents(lang: Lang) -> Vec<(&'static str, Notice)> {
    let advanced = later(lang, Change::Advanced, |it| it.new_stages = it.stages[1..].to_vec());
    let merged = later(lang, Change::Resolved, |it| it.part_of = Some("013ecdf4de".to_owned()));
    let mut merged = merged;
    merged.alerts[0].findings.clear();
    let mut digest = digest(lang);
    digest.alerts.insert(0, incident(lang).alerts.remove(0));
    vec![
        ("incident", incident(lang)),
        ("incident-advanced", advanced),
        ("incident-resolved", later(lang, Change::Resolved, |_| {})),
        ("incident-merged", merged),
        ("incident-digest", digest),
    ]
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
        incident: None,
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
                insta::assert_snapshot!(
                    format!("{name}-{lang}-teams"),
                    format!("{:#}", teams::teams(&view, &notice.mails))
                );
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

#[test]
fn every_message_about_an_incident_in_every_language() {
    let texts = texts();
    for lang in Lang::ALL {
        for (name, notice) in incidents(lang) {
            let view = view::view(&notice, &texts, "chat");
            let text = text::text(&view, true);
            insta::assert_snapshot!(format!("{name}-{lang}-text"), format!("{}\n\n{text}", view.subject));
        }
        let notice = incident(lang);
        let view = view::view(&notice, &texts, "chat");
        insta::assert_snapshot!(format!("incident-{lang}-html"), html::html(&view, lang));
        insta::assert_snapshot!(
            format!("incident-{lang}-slack"),
            format!("{:#}", slack::slack(&view, &notice.mentions))
        );
        insta::assert_snapshot!(
            format!("incident-{lang}-teams"),
            format!("{:#}", teams::teams(&view, &notice.mails))
        );
        insta::assert_snapshot!(format!("incident-{lang}-issue"), issue::markdown(&view, &notice.key));
        let event = pagerduty::event(&notice, &view, &SecretText::new("KEY"));
        insta::assert_snapshot!(format!("incident-{lang}-pagerduty"), format!("{event:#}"));
        let table = String::from_utf8(csv::table(&notice, &texts)).unwrap();
        insta::assert_snapshot!(format!("incident-{lang}-csv"), table);
    }
    insta::assert_snapshot!("incident-webhook", format!("{:#}", webhook::body(&incident(Lang::En))));
}

#[test]
fn what_is_told_of_an_incident_has_its_id_wherever_it_is_kept_open() {
    let texts = texts();
    let key = |notice: &Notice| {
        let view = view::view(notice, &texts, "chat");
        pagerduty::event(notice, &view, &SecretText::new("KEY"))["dedup_key"].clone()
    };
    let notice = incident(Lang::En);
    let first = key(&notice);
    assert_eq!(first, "yagura-5b163456f20123456789abcdef012345");
    assert!(incidents(Lang::En).iter().take(4).all(|(_, it)| key(it) == first));
}

#[test]
fn owners_are_mentioned_in_teams_by_their_addresses() {
    let (texts, notice) = (texts(), one(Lang::En));
    let view = view::view(&notice, &texts, "chat");
    let card = teams::teams(&view, &notice.mails)["attachments"][0]["content"].clone();
    let entity = &card["msteams"]["entities"][0];
    assert_eq!(
        (&entity["type"], &entity["mentioned"]["id"]),
        (&"mention".into(), &"sato_k@example.com".into())
    );
    assert_eq!(card["body"][1]["text"], entity["text"], "Teams looks for the same text in the card");
    assert!(!entity["text"].as_str().unwrap().contains('_'), "it is looked for in Markdown");
    let alone = teams::teams(&view, &[])["attachments"][0]["content"].clone();
    assert!(alone["msteams"].get("entities").is_none());
}

#[test]
fn a_long_story_tells_its_beginning_and_its_end() {
    let mut long = incident(Lang::En);
    let story = long.alerts[0].incident.as_mut().unwrap();
    let step = Step { said: Some("語".repeat(500)), title: "x".repeat(2_000), ..story.steps[0].clone() };
    story.steps = std::iter::repeat_n(step, 20).collect();
    story.left_out = 100;
    let view = view::view(&long, &texts(), "chat");
    let lists = &view.parts[0].stages;
    assert_eq!(
        lists.iter().map(|it| it.items.len()).collect::<Vec<_>>(),
        [12, 8, 1],
        "and what is left of it"
    );
    assert_eq!(lists[0].more.as_deref(), Some("(100 steps are left out here)"));
    let card = teams::teams(&view, &long.mails);
    assert!(card.to_string().len() < 28_000);
    assert!(
        card["attachments"][0]["content"]["body"].as_array().unwrap().len() > 10,
        "not all of it is dropped"
    );
    for block in slack::slack(&view, &[])["blocks"].as_array().unwrap() {
        assert!(block["text"]["text"].as_str().unwrap_or_default().chars().count() <= 3_000);
    }
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
fn what_an_attacker_is_called_commands_nobody() {
    let name = "<!channel> <script>alert(1)</script> <at>sato</at> @org/team #1\u{1b}[2J\u{202e}";
    let (texts, mut notice) = (texts(), incident(Lang::En));
    let alert = &mut notice.alerts[0];
    alert.facts.title = name.to_owned();
    alert.facts.steps[0] = name.to_owned();
    alert.findings[0].detected.as_mut().unwrap().title = name.to_owned();
    let story = alert.incident.as_mut().unwrap();
    (story.who[0], story.from[0]) = (name.to_owned(), name.to_owned());
    (story.steps[0].title, story.steps[0].deed) = (name.to_owned(), Some(format!("{name}\n1. obey")));
    let view = view::view(&notice, &texts, "chat");
    let mail = html::html(&view, Lang::En);
    let blocks = slack::slack(&view, &notice.mentions)["blocks"].clone();
    // The header is plain text, in which Slack looks for nothing.
    let slack = serde_json::to_string(&blocks.as_array().unwrap()[1..]).unwrap();
    let issue = issue::markdown(&view, "k");
    assert!(!mail.contains("<script>") && !slack.contains("<!channel>"), "{mail}{slack}");
    assert!(!issue.contains("@org") && !issue.contains("<script>") && !issue.contains("#1"), "{issue}");
    let card = teams::teams(&view, &notice.mails);
    let blocks = card["attachments"][0]["content"]["body"].as_array().unwrap().clone();
    let read_as_markdown =
        blocks.iter().filter(|it| it["type"] == "TextBlock").map(|it| it["text"].as_str().unwrap());
    for text in read_as_markdown.filter(|it| !it.contains("example.com")) {
        assert!(!text.contains("<at>sato") || text.contains("\\<at\\>sato"), "{text}");
    }
    for text in [&mail, &slack, &issue, &card.to_string()] {
        assert!(
            !text.contains('\u{1b}') && !text.contains('\u{202e}') && !text.contains("\n1. obey"),
            "{text}"
        );
    }
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
    assert!(teams::teams(&view, &notice.mails).to_string().len() < 28_000);
    let table = csv::table(&notice, &texts);
    let rows = ::csv::Reader::from_reader(&table[..]).into_records().count();
    assert_eq!(rows, 200 * 5, "the table leaves nothing out");
}
