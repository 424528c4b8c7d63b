//! Frameworks' results in every format, and scores.

use std::collections::BTreeMap;

use serde_json::Value;
use yagura_model::{
    AccountAssessment, Answer, Assessment, Doubt, DoubtCount, Framework, FrameworkAliases, GroupAssessment,
    Judged, Lang, Outcome, Percent, Requirement, RequirementAnswer, RequirementAssessment, RequirementGroup,
    RuleAssessment, RuleEffect, ScanId, Standing, Text, Totals, Trend, TrendPart, TrendPoint,
};
use yagura_report::{
    Format, FrameworkFormat, FrameworkHead, NewerScan, Style, framework_list, framework_page, score_json,
    score_table,
};

use crate::fixture::{Fixture, GAMES, HOSTILE, PRODUCTION, Shared, id, small, time};

fn text(en: &str, ja: &str) -> Text {
    Text { en: en.to_owned(), ja: ja.to_owned() }
}

pub fn framework() -> Framework {
    let requirement = |id: &str, title: Text, rules: &[&str], manual: Option<Text>| Requirement {
        id: id.to_owned(),
        group: Some("1.1".to_owned()),
        level: Some(1),
        tags: vec!["low".to_owned()],
        title,
        rules: rules.iter().map(|it| (*it).into()).collect(),
        manual,
    };
    Framework {
        id: "small-1.0".to_owned(),
        name: text("Small Benchmark 1.0", "小さな基準 1.0"),
        publisher: text("Somebody", "ある団体"),
        version: "1.0".to_owned(),
        url: "https://example.com".to_owned(),
        aliases: FrameworkAliases { prowler: vec!["small_1.0_aws".to_owned()], ..Default::default() },
        about: text("What it is.", "これが何か。"),
        groups: vec![
            RequirementGroup {
                id: "1".to_owned(), within: None, title: text("Networks", "ネットワーク")
            },
            RequirementGroup {
                id: "1.1".to_owned(),
                within: Some("1".to_owned()),
                title: text("Administration", "管理"),
            },
        ],
        requirements: vec![
            requirement("1.1.1", text("SSH is closed", "SSH を公開しない"), &["restricted-ssh"], None),
            requirement(
                "1.1.2",
                text(&format!("Logs {HOSTILE}"), "ログを残す"),
                &["cloudtrail-enabled", "unheard-of"],
                Some(text("See where they go.", "保存先を確認する。")),
            ),
            requirement("1.1.3", text("People know", "周知する"), &[], Some(text("Ask.", "確認する。"))),
        ],
    }
}

fn account(digits: &str, answers: [Answer; 3], doubts: Vec<Doubt>) -> AccountAssessment {
    let mut totals = Totals::default();
    answers.iter().for_each(|it| totals.add(*it));
    let requirements = ["1.1.1", "1.1.2", "1.1.3"].into_iter().zip(answers).map(|(id, answer)| {
        let doubts = if answer == Answer::InsufficientData { doubts.clone() } else { Vec::new() };
        RequirementAnswer { requirement: id.to_owned(), answer, doubts }
    });
    AccountAssessment { account: id(digits), totals, requirements: requirements.collect() }
}

fn accounts() -> Vec<AccountAssessment> {
    let unused = Doubt::RuleNotUsed { rule: "unheard-of".into() };
    let unread = vec![unused.clone(), Doubt::NotKnown { rule: "cloudtrail-enabled".into() }];
    vec![
        account(GAMES, [Answer::NonCompliant, Answer::InsufficientData, Answer::Manual], unread),
        account(PRODUCTION, [Answer::NonCompliant, Answer::InsufficientData, Answer::Manual], vec![unused]),
    ]
}

pub fn assessment() -> Assessment {
    let framework = framework();
    let totals = Totals { non_compliant: 1, insufficient_data: 1, manual: 1, ..Totals::default() };
    let doubt = |doubt, accounts| DoubtCount { doubt, accounts };
    let result = |n: usize, answer, accounts: &[(Outcome, u64)], doubts| RequirementAssessment {
        requirement: framework.requirements[n].id.clone(),
        kind: framework.requirements[n].kind(),
        answer,
        accounts: accounts.iter().copied().collect(),
        doubts,
    };
    Assessment {
        totals,
        passed_percent: totals.passed_percent(),
        evaluated_percent: totals.evaluated_percent(),
        score: Percent::of(1, 4),
        to_check_by_hand: 2,
        groups: ["1", "1.1"].map(|it| GroupAssessment { group: it.to_owned(), totals }).into(),
        requirements: vec![
            result(0, Answer::NonCompliant, &[(Outcome::NonCompliant, 2)], Vec::new()),
            result(
                1,
                Answer::InsufficientData,
                &[(Outcome::InsufficientData, 2)],
                vec![
                    doubt(Doubt::RuleNotUsed { rule: "unheard-of".into() }, 2),
                    doubt(Doubt::NotKnown { rule: "cloudtrail-enabled".into() }, 1),
                ],
            ),
            result(2, Answer::Manual, &[], Vec::new()),
        ],
        rules: BTreeMap::from([(
            "restricted-ssh".into(),
            RuleAssessment {
                answer: Answer::NonCompliant,
                used: true,
                evaluations: BTreeMap::from([(Outcome::NonCompliant, 3), (Outcome::Compliant, 1)]),
                accounts: BTreeMap::from([(Outcome::NonCompliant, 2)]),
            },
        )]),
        accounts: accounts().into_iter().map(|it| (it.account, it.totals)).collect(),
        projects: Vec::new(),
        framework,
    }
}

fn told(format: FrameworkFormat, lang: Lang, style: Style) -> String {
    let all = framework().rules().len();
    told_of(format, lang, style, all, None)
}

fn told_of(
    format: FrameworkFormat,
    lang: Lang,
    style: Style,
    rules: usize,
    newer: Option<NewerScan>,
) -> String {
    let (fixture, framework) = (small(), framework());
    let head = FrameworkHead {
        version: "0.1.0",
        scan: &fixture.scan,
        organization: &fixture.organization,
        accounts: &fixture.accounts,
        framework: &framework,
        lang,
        time_zone: None,
        rules,
        newer,
    };
    let bytes = Shared::default();
    let mut report = format.begin(&head, style, Box::new(bytes.clone())).unwrap();
    for account in accounts() {
        report.account(&account).unwrap();
    }
    report.end(&assessment()).unwrap();
    bytes.text()
}

#[test]
fn a_reader_sees_what_fails_what_is_not_known_and_what_to_check() {
    let style = Style { width: 110, ..Style::default() };
    insta::assert_snapshot!("framework_en", told(FrameworkFormat::Table, Lang::En, style));
    insta::assert_snapshot!("framework_ja", told(FrameworkFormat::Table, Lang::Ja, style));
}

/// Whoever reads an older scan, or one that left rules out, is told so before any answer.
#[test]
fn a_scan_that_is_not_the_whole_picture_says_so() {
    let second = |rules, newer: Option<(i64, usize)>, lang| {
        let newer = newer.map(|(id, rules)| NewerScan { id: ScanId(id), rules });
        let table = told_of(FrameworkFormat::Table, lang, Style::default(), rules, newer);
        table.lines().nth(1).unwrap().to_owned()
    };
    let all = framework().rules().len();
    assert_eq!(second(all, None, Lang::En), "");
    let lines: Vec<_> = [(1, None), (all, Some((9, 1))), (1, Some((9, all)))]
        .into_iter()
        .flat_map(|(rules, newer)| Lang::ALL.map(|lang| second(rules, newer, lang)))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    This scan looked at 1 of the framework's 3 rules; `yagura scan --framework small-1.0` looks at all of them.
    このスキャンが評価したのは、フレームワークの 3 ルール中 1 ルールです。`yagura scan --framework small-1.0` はすべてを評価します。
    Scan 9 is newer, but looked at only 1 of the framework's 3 rules; this one looked at 3.
    より新しいスキャン 9 は、フレームワークの 3 ルール中 1 ルールしか評価していません。このスキャンは 3 ルールを評価しています。
    This is not the newest scan: scan 9 is newer, and looked at 3 of the framework's 3 rules, this one at 1.
    最新のスキャンではありません。より新しいスキャン 9 はフレームワークの 3 ルール中 3 ルール、このスキャンは 1 ルールを評価しています。
    ");
}

#[test]
fn csv_has_a_row_for_each_account_and_requirement_and_for_the_organisation() {
    let text = told(FrameworkFormat::Csv, Lang::En, Style::default());
    assert_eq!(text.lines().count(), 1 + 2 * 3 + 3);
    assert!(!text.contains('\u{1b}'));
    insta::assert_snapshot!("framework_csv", text);
}

#[test]
fn json_is_one_document() {
    let document: Value =
        serde_json::from_str(&told(FrameworkFormat::Json, Lang::En, Style::default())).unwrap();
    assert_eq!(document["Accounts"].as_array().unwrap().len(), 2);
    assert_eq!(document["Accounts"][0]["AccountName"], "ゲーム開発");
    assert_eq!(document["Result"]["EvaluatedPercent"], 33.3);
    assert_eq!(document["Result"]["Requirements"][1]["Doubts"][0]["Kind"], "RULE_NOT_USED");
    assert_eq!(document["Result"]["Framework"]["Requirements"][0]["Rules"][0], "restricted-ssh");
}

#[test]
fn the_list_and_the_page_of_a_framework() {
    let (framework, rules) = (framework(), small().rules);
    let infos = rules.iter().map(|(id, it)| (id.clone(), it)).collect();
    let style = Style { width: 100, ..Style::default() };
    let list = framework_list([&framework], Lang::En, style);
    assert!(
        list.contains("small-1.0  Small Benchmark 1.0             3          1       1       1"),
        "{list}"
    );
    insta::assert_snapshot!("framework_page", framework_page(&framework, &infos, Lang::Ja, style));
}

#[test]
fn a_scan_for_a_framework_ends_with_its_result() {
    let fixture = Fixture { frameworks: vec![assessment()], ..small() };
    let table = fixture.told_in(Format::Table, Lang::En, Style { width: 100, ..Style::default() });
    let at = |text: &str| table.find(text).unwrap_or_else(|| panic!("`{text}` is missing in {table}"));
    assert!(at("Small Benchmark 1.0 (small-1.0)") < at("Requirements that are not met"));
    assert!(at("Requirements whose answer is not known") < at("accounts read"));
    assert!(!table.contains('\u{1b}'));
    let json: Value =
        serde_json::from_str(&fixture.told_in(Format::Json, Lang::En, Style::default())).unwrap();
    assert_eq!(json["Frameworks"][0]["Framework"]["Id"], "small-1.0");
    let ndjson = fixture.told_in(Format::Ndjson, Lang::En, Style::default());
    assert_eq!(ndjson.lines().filter(|it| it.starts_with("{\"Kind\":\"framework\"")).count(), 1);
}

fn trend() -> Trend {
    let standing = |part, violations| Standing {
        score: Percent::of(part, 100),
        known: Percent::of(9, 10),
        violations,
        unknown: 4,
    };
    let point = |scan, day: &str, part, violations| TrendPoint {
        scan: ScanId(scan),
        started: time(&format!("2026-01-{day}T00:00:00Z")),
        accounts: 4,
        rules: 3,
        standing: standing(part, violations),
    };
    let part = |id: &str, name: &str, change| TrendPart {
        id: id.to_owned(),
        name: text(name, name),
        last: standing(80, 3),
        first_score: Percent::of(70, 100),
        change,
    };
    Trend {
        scans: vec![point(1, "01", 70, 9), point(3, "20", 80, 3)],
        change: Some(10.0),
        not_comparable: 1,
        rules: vec![RuleEffect {
            rule: "restricted-ssh".into(),
            title: text("SSH is open to the internet", "SSH がインターネットに公開されている"),
            points: 10.5,
            before: Judged { passed: 1, failed: 9 },
            after: Judged { passed: 7, failed: 3 },
        }],
        rules_added: 2,
        rules_removed: 0,
        points_by_other_rules: Some(-0.5),
        functions: vec![part("protect", "", Some(10.0)), part("respond", "", None)],
        projects: vec![part("shop", "", Some(2.0))],
        accounts: vec![part(GAMES, HOSTILE, Some(-1.0))],
        frameworks: vec![part("small-1.0", "Small Benchmark 1.0", Some(0.0))],
    }
}

#[test]
fn a_trend_is_told_with_what_changed_it() {
    let style = Style { width: 100, ..Style::default() };
    insta::assert_snapshot!("score_en", score_table(&trend(), Lang::En, None, style));
    insta::assert_snapshot!("score_ja", score_table(&trend(), Lang::Ja, None, style));
    let document: Value = serde_json::from_str(&score_json("0.1.0", &trend()).unwrap()).unwrap();
    assert_eq!(document["Scans"][1]["Score"], 80.0);
    assert_eq!(document["Rules"][0]["After"]["Failed"], 3);
}

#[test]
fn a_scan_that_nothing_can_be_compared_with_says_so() {
    let mut alone = trend();
    alone.scans.remove(0);
    alone.change = None;
    let text = score_table(&alone, Lang::En, None, Style::default());
    assert!(text.contains("There is no earlier scan of the same scope"), "{text}");
    assert!(text.contains("1 other scan of this span asked for something else"), "{text}");
    assert!(!text.contains("What changed it most"), "{text}");
}

/// A long history is cut in the middle: the first and the newest stay.
#[test]
fn a_long_history_keeps_its_first_scan_and_the_newest() {
    let mut long = trend();
    let last = long.scans[1].clone();
    long.scans.extend((4..60).map(|n| TrendPoint { scan: ScanId(n), ..last.clone() }));
    let text = score_table(&long, Lang::En, None, Style::default());
    assert!(text.contains("... 38 scans in between"), "{text}");
    assert_eq!(text.lines().filter(|it| it.contains("2026-01-20 00:00 UTC")).count(), 20, "{text}");
}
