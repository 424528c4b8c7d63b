//! From summaries to a trend.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use yagura_model::{
    AccountId, Aliases, Fix, Function, Outcome, RuleId, RuleInfo, RuleText, Scan, ScanId, ScanScope,
    Severity, Summary, Tally, Text, Trend,
};
use yagura_posture::{Stood, trend};

/// A scan that judged like this: rule, passes, violations.
fn stood(day: u8, counts: &[(&str, u64, u64)]) -> Stood {
    let mut summary = Summary::default();
    for (rule, passed, failed) in counts {
        for (outcome, count) in [(Outcome::Compliant, *passed), (Outcome::NonCompliant, *failed)] {
            let rule = RuleId::from(*rule);
            summary.judged.add(&rule, severity(rule.as_str()), outcome, count);
            *summary.outcomes.entry(outcome).or_default() += count;
            *summary.rules.entry(rule.clone()).or_default().entry(outcome).or_default() += count;
            let function = function(rule.as_str());
            *summary.functions.entry(function).or_default().entry(outcome).or_default() += count;
        }
    }
    let scope = ScanScope {
        accounts: BTreeSet::new(),
        regions: BTreeSet::new(),
        rules: counts.iter().map(|(rule, _, _)| RuleId::from(*rule)).collect(),
        types: BTreeSet::new(),
        digest: String::new(),
        question: "all".to_owned(),
        is_narrowed: false,
    };
    let started = format!("2026-01-{day:02}T00:00:00Z").parse().unwrap();
    Stood { scan: Scan { id: ScanId(i64::from(day)), started, finished: Some(started), scope }, summary }
}

fn severity(rule: &str) -> Severity {
    if rule.starts_with("critical") { Severity::Critical } else { Severity::Medium }
}

fn function(rule: &str) -> Function {
    if rule.ends_with("log") { Function::Detect } else { Function::Protect }
}

fn infos() -> BTreeMap<RuleId, RuleInfo> {
    let info = |id: &str| RuleInfo {
        id: id.into(),
        aliases: Aliases::default(),
        resource: "AWS::EC2::Instance".into(),
        severity: severity(id),
        function: function(id),
        text: Text {
            en: RuleText { title: format!("title of {id}"), ..RuleText::default() },
            ja: RuleText::default(),
        },
        fix: Fix::default(),
        references: Vec::new(),
    };
    ["critical", "medium", "medium-log"].map(|id| (RuleId::from(id), info(id))).into()
}

fn of(scans: &[Stood]) -> Trend {
    trend(scans, &infos(), &[], 0)
}

fn effects(trend: &Trend) -> Vec<String> {
    trend.rules.iter().map(|it| format!("{} {:+.2}", it.rule, it.points)).collect()
}

#[test]
fn what_changed_the_score_most_comes_first() {
    let first = stood(1, &[("critical", 8, 2), ("medium", 10, 0), ("medium-log", 5, 5)]);
    let last = stood(9, &[("critical", 10, 0), ("medium", 9, 1), ("medium-log", 5, 5)]);
    let trend = of(&[first, last]);
    let scores: Vec<_> = trend.scans.iter().map(|it| it.standing.score.unwrap().to_string()).collect();
    assert_eq!(scores, ["79.0", "94.5"]);
    assert_eq!(trend.change, Some(15.5));
    assert_eq!(effects(&trend), ["critical +16.36", "medium -0.91"]);
    assert_eq!(trend.rules[0].title.en, "title of critical");
    assert_eq!((trend.rules[0].before.failed, trend.rules[0].after.failed), (2, 0));
    let detect = trend.functions.iter().find(|it| it.id == "detect").unwrap();
    assert_eq!((detect.last.score.unwrap().to_string(), detect.change), ("50.0".to_owned(), Some(0.0)));
    let respond = trend.functions.iter().find(|it| it.id == "respond").unwrap();
    assert_eq!((respond.last.score, respond.change), (None, None));
}

/// A new version brings rules: that is told apart from what people did.
#[test]
fn rules_that_are_new_are_told_apart() {
    let first = stood(1, &[("critical", 8, 2)]);
    let last = stood(2, &[("critical", 8, 2), ("medium", 0, 10)]);
    let trend = of(&[first, last]);
    assert_eq!(effects(&trend), [""; 0]);
    assert_eq!((trend.rules_added, trend.rules_removed), (1, 0));
    assert_eq!(trend.points_by_other_rules, Some(-8.0));
    assert_eq!(trend.change, Some(-8.0));
}

#[test]
fn one_scan_alone_has_no_change() {
    let trend = of(&[stood(1, &[("critical", 1, 1)])]);
    assert_eq!((trend.change, trend.rules.len(), trend.scans.len()), (None, 0, 1));
    assert_eq!(of(&[]), Trend::default());
}

/// Summaries are kept for ever, also those of versions that counted no severities.
#[test]
fn a_summary_without_severities_takes_those_of_the_rules() {
    let mut old = stood(1, &[("critical", 8, 2), ("medium", 10, 0)]);
    let known = of(std::slice::from_ref(&old)).scans[0].standing;
    old.summary.judged = Tally::default();
    assert_eq!(of(&[old]).scans[0].standing, known);
}

#[test]
fn an_account_that_was_not_there_before_has_no_change() {
    let (first, mut last) = (stood(1, &[("medium", 1, 1)]), stood(2, &[("medium", 1, 1)]));
    let id = AccountId::new("111122223333").unwrap();
    last.summary.accounts.insert(id.clone(), BTreeMap::from([(Outcome::NonCompliant, 1)]));
    last.summary.account_scores.insert(id, yagura_model::Percent::of(1, 2).unwrap());
    let trend = of(&[first, last]);
    assert_eq!((trend.accounts[0].first_score, trend.accounts[0].change), (None, None));
    assert_eq!(trend.accounts[0].last.score.unwrap().to_string(), "50.0");
}

proptest! {
    /// With the same rules in both scans, what the rules did adds up to the whole change.
    #[test]
    fn effects_add_up(before in prop::collection::vec((1u64..20, 0u64..20), 3), after in prop::collection::vec((1u64..20, 0u64..20), 3)) {
        let of_day = |day, counts: &[(u64, u64)]| {
            let names = ["critical", "medium", "medium-log"];
            let named: Vec<_> = names.into_iter().zip(counts).map(|(rule, (good, bad))| (rule, *good, *bad)).collect();
            stood(day, &named)
        };
        let trend = of(&[of_day(1, &before), of_day(2, &after)]);
        let sum: f64 = trend.rules.iter().map(|it| it.points).sum();
        prop_assert!((sum - trend.change.unwrap()).abs() < 0.25, "{} and {:?}", sum, trend.change);
        prop_assert_eq!(trend.points_by_other_rules, None);
    }
}
