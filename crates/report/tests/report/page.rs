//! The page that people open in a browser.

use std::collections::BTreeSet;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use yagura_model::{Function, Lang, Outcome, Severity};
use yagura_report::{Format, Style};

use crate::fixture::{Fixture, GAMES, HOSTILE, PRODUCTION, small, violation};
use crate::frameworks::assessment;

const SCRIPTS: [&str; 6] = [
    include_str!("../../assets/core.js"),
    include_str!("../../assets/overview.js"),
    include_str!("../../assets/frameworks.js"),
    include_str!("../../assets/findings.js"),
    include_str!("../../assets/coverage.js"),
    include_str!("../../assets/main.js"),
];

fn page(fixture: &Fixture) -> String {
    fixture.told_in(Format::Html, Lang::En, Style::default())
}

/// What stands between two texts.
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let from = text.find(start).unwrap() + start.len();
    &text[from..from + text[from..].find(end).unwrap()]
}

fn data(page: &str) -> Value {
    serde_json::from_str(between(page, r#"<script type="application/json" id="data">"#, "</script>")).unwrap()
}

#[test]
fn the_page_is_given_counts_rows_and_gaps() {
    let page = page(&small());
    let data = data(&page);
    assert_eq!(data["rows"].as_array().unwrap().len(), 6);
    assert_eq!(data["page"]["outcomes"]["NON_COMPLIANT"], 4);
    assert_eq!(data["page"]["gaps"].as_array().unwrap().len(), 5);
    insta::assert_snapshot!("html_data", between(&page, r#"id="data">"#, "</script>"));
}

#[test]
fn frameworks_that_were_asked_for_are_in_the_page() {
    let fixture = Fixture { frameworks: vec![assessment()], ..small() };
    let page = page(&fixture);
    let told = &data(&page)["page"]["frameworks"];
    assert_eq!((&told[0]["met"], &told[0]["evaluated"]), (&Value::from(0.0), &Value::from(33.3)));
    insta::assert_snapshot!("html_frameworks", serde_json::to_string_pretty(told).unwrap());
    assert!(!page.contains(HOSTILE));
}

#[test]
fn only_the_pages_own_script_and_style_may_run() {
    let page = page(&small());
    let policy = between(&page, r#"Content-Security-Policy" content=""#, "\"");
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())));
    let script = between(&page, "<script>", "</script>");
    let style = between(&page, "<style>", "</style>");
    assert!(policy.contains(&format!("script-src {};", hash(script))), "{policy}");
    assert!(policy.contains(&format!("style-src {};", hash(style))), "{policy}");
    assert!(policy.starts_with("default-src 'none';"));
}

#[test]
fn the_page_asks_nobody_for_anything() {
    let mut page = page(&small());
    // What AWS returned stands in the data, where it is only text.
    let names = between(&page, r#"id="data">"#, "</script>").to_owned();
    page = page.replace(&names, "");
    for outside in [" src=", "@import", "url(", "fetch(", "XMLHttpRequest", "<link", "innerHTML", "eval("] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn what_does_not_fit_is_counted() {
    let mut fixture = small();
    for n in 0..50 {
        fixture = fixture.with(violation(GAMES, "eu-west-1", &format!("sg-1{n:02}"), ""));
    }
    let style = Style { html_violations: 10, ..Style::default() };
    let data = data(&fixture.told_in(Format::Html, Lang::En, style));
    assert_eq!(data["rows"].as_array().unwrap().len(), 10);
    assert_eq!(data["page"]["left_out"], 46);
    let accounts: BTreeSet<_> =
        data["rows"].as_array().unwrap().iter().map(|row| row[3].to_string()).collect();
    assert_eq!(accounts.len(), 2, "an account with two violations is not pushed out by one with fifty");
}

#[test]
fn every_word_is_there_in_both_languages_and_used() {
    let words: Value = serde_json::from_str(include_str!("../../assets/words.json")).unwrap();
    let words = words.as_object().unwrap();
    for (key, word) in words {
        for lang in Lang::ALL {
            let text = word[lang.as_str()].as_str().unwrap_or_default();
            assert!(!text.trim().is_empty(), "`{key}` has no {lang} text");
        }
    }
    let mut needed: BTreeSet<String> = BTreeSet::new();
    needed.extend(Severity::ALL.iter().map(ToString::to_string));
    needed.extend(Function::ALL.iter().map(ToString::to_string));
    needed.extend(Outcome::ALL.iter().map(ToString::to_string));
    needed.extend(["NEW", "NOTIFIED", "SUPPRESSED", "RESOLVED"].map(str::to_owned));
    needed.extend(
        ["DENIED", "THROTTLED", "FAILED", "NOT_SUPPORTED", "REGION_OFF", "EXCLUDED"].map(str::to_owned),
    );
    let literals: BTreeSet<&str> =
        SCRIPTS.iter().flat_map(|script| script.split('\'').skip(1).step_by(2)).collect();
    for key in words.keys() {
        let stem = key.strip_suffix("_one").or_else(|| key.strip_suffix("_many")).unwrap_or(key);
        assert!(
            literals.contains(key.as_str()) || literals.contains(stem) || needed.contains(key),
            "`{key}` is unused"
        );
    }
    for script in SCRIPTS {
        for call in script.split("t('").skip(1).filter_map(|it| it.split('\'').next()) {
            let word = call.chars().all(|it| it.is_ascii_lowercase() || it == '_') && !call.is_empty();
            let html = ["div", "span", "p", "b", "i", "a", "td", "th", "tr"].contains(&call);
            assert!(!word || html || words.contains_key(call), "`{call}` is not in words.json");
        }
    }
    assert!(needed.iter().all(|key| words.contains_key(key)), "{needed:?}");
}

/// What a browser draws after it has run `more`, too. Without Chromium there is nobody to ask.
fn drawn(fixture: &Fixture, more: &str) -> Option<String> {
    let Ok(version) = Command::new("chromium").arg("--version").output() else {
        println!("skipped: there is no chromium");
        return None;
    };
    assert!(version.status.success());
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("page.html");
    let mut text = page(fixture);
    let script = between(&text, "<script>", "</script>").to_owned();
    let opened = format!("{script}\n{more}");
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    text = text.replace(&script, &opened).replace(&hash(&script), &hash(&opened));
    std::fs::write(&file, text).unwrap();
    let flags =
        ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--dump-dom"];
    let quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
    let output = Command::new("chromium")
        .args(flags)
        .args(quiet)
        .arg(format!("--user-data-dir={}", directory.path().join("profile").display()))
        .arg(format!("file://{}", file.display()))
        .output()
        .unwrap();
    let dom = String::from_utf8(output.stdout).unwrap();
    Some(between(&dom, "<main>", "</main>").to_owned())
}

#[test]
fn a_browser_shows_a_hostile_name_as_text() {
    let named = small().with(violation(PRODUCTION, "eu-west-1", "<b>bold</b>", HOSTILE));
    // Opens every rule, so that the rows are drawn.
    let open = "for (const it of document.querySelectorAll('details.rule')) it.append(ruleBody(groupsOf(visibleRows()).find((group) => it.textContent.includes(group.rule.id))));";
    let Some(drawn) = drawn(&named, open) else { return };
    assert!(
        drawn.contains("&lt;b&gt;bold&lt;/b&gt;") && drawn.contains("&lt;img src=x onerror=alert(1)&gt;"),
        "{drawn}"
    );
    assert!(drawn.contains("SSH is open to the internet") && drawn.contains("s3:GetBucketPolicy"));
    assert!(!drawn.contains("<img") && !drawn.contains("<b>bold"));
    assert!(drawn.contains(r#"<section id="frameworks"></section>"#), "nobody asked for a framework");
}

#[test]
fn a_browser_shows_the_requirements_of_a_framework() {
    let fixture = Fixture { frameworks: vec![assessment()], ..small() };
    // Narrows the list, which opens the chapters, and opens the requirements that are left.
    let narrow = |answer: &str| {
        format!(
            "narrowedTo.set('small-1.0', '{answer}'); frameworks();
            for (const it of document.querySelectorAll('details.requirement'))
              it.append(requirementBody(page.frameworks[0], page.frameworks[0].requirements.find((one) => it.textContent.includes(one.id))));"
        )
    };
    let Some(unknown) = drawn(&fixture, &narrow("INSUFFICIENT_DATA")) else { return };
    for said in [
        "0.0%",
        "33.3%",
        "0 of 1 evaluated requirements",
        "1.1.2",
        "the scan did not use unheard-of",
        "See where they go.",
    ] {
        assert!(unknown.contains(said), "`{said}` is missing in {unknown}");
    }
    assert!(
        unknown.contains("&lt;/script&gt;") && !unknown.contains("<img") && !unknown.contains("1.1.3"),
        "{unknown}"
    );
    let Some(failing) = drawn(&fixture, &narrow("NON_COMPLIANT")) else { return };
    assert!(
        failing.contains("3 violations, 2 accounts") && failing.contains("in 2 of 2 accounts"),
        "{failing}"
    );
    let japanese = format!("state.lang = 'ja'; draw(); {}", narrow("MANUAL"));
    let Some(manual) = drawn(&fixture, &japanese) else { return };
    assert!(manual.contains("小さな基準 1.0") && manual.contains("手動で確認すること"), "{manual}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever a resource is called, it never stands in the page as markup, and the data gives it back.
    #[test]
    fn no_name_is_markup(name in "\\PC*|[<>&/!a-z\"' -]*", id in "[<>&/!a-z-]{1,12}") {
        let name = format!("{name}</script><svg onload=x>");
        let page = page(&small().with(violation(PRODUCTION, "eu-west-1", &id, &name)));
        prop_assert!(!page.contains("<svg onload") && !page.contains(HOSTILE));
        prop_assert_eq!(page.matches("</script>").count(), 3);
        let shown = data(&page);
        let rows = shown["rows"].as_array().unwrap();
        prop_assert!(rows.iter().any(|row| row[5] == id.as_str()));
    }
}
