//! Progress against a slow and simple model of it: for each week, every finding is looked at.

use proptest::prelude::*;

use super::*;

const NOW: i64 = 1_780_000_000;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn account(n: usize) -> AccountId {
    AccountId::new(["111111111111", "222222222222", "333333333333"][n]).unwrap()
}

fn question(rules: &BTreeMap<RuleId, RuleInfo>, weeks: usize) -> ProgressQuestion<'_> {
    ProgressQuestion {
        now: at(NOW),
        zone: TimeZone::get("Asia/Tokyo").unwrap(),
        weeks,
        due: DueDays::default(),
        projects: vec![
            ("shop".to_owned(), [account(0), account(1)].into()),
            ("games".to_owned(), [account(1)].into()),
        ],
        frameworks: Vec::new(),
        rules,
    }
}

/// Spans one after another, some from before the weeks, some after now, the last perhaps without an end.
fn life() -> impl Strategy<Value = FindingLife> {
    let steps = prop::collection::vec(0..3_000_000_i64, 1..8);
    (
        0..3_usize,
        0..3_usize,
        prop::sample::select(Severity::ALL.to_vec()),
        NOW - 9_000_000..NOW + 500_000,
        steps,
    )
        .prop_map(|(rule, of, severity, begin, steps)| {
            let mut moments = Vec::new();
            let mut second = begin;
            for step in steps {
                moments.push(at(second));
                second += step;
            }
            let spans = moments.chunks(2).map(|it| (it[0], it.get(1).copied())).collect();
            FindingLife { rule: ["a", "b", "c"][rule].into(), account: account(of), severity, spans }
        })
}

/// What a week should say, by looking at every finding at its last moment.
fn slowly(lives: &[&FindingLife], begins: Timestamp, ends: Option<Timestamp>) -> WeekCounts {
    let now = at(NOW);
    let is_over = |it: Timestamp| it <= now && ends.is_none_or(|ends| it < ends);
    let is_in = |it: Timestamp| begins <= it && is_over(it);
    let mut week = WeekCounts::default();
    for life in lives {
        for (nth, &(opened, ended)) in life.spans.iter().enumerate() {
            week.open += u64::from(is_over(opened) && !ended.is_some_and(is_over));
            week.resolved += u64::from(is_over(opened) && ended.is_some_and(is_in));
            week.new += u64::from(nth == 0 && is_in(opened));
            week.came_back += u64::from(nth > 0 && is_in(opened));
        }
    }
    week
}

fn slow_weeks(progress: &Progress, lives: &[&FindingLife]) -> Vec<WeekCounts> {
    let zone = TimeZone::get("Asia/Tokyo").unwrap();
    let begins: Vec<Timestamp> =
        progress.weeks.iter().map(|it| it.to_zoned(zone.clone()).unwrap().timestamp()).collect();
    (0..begins.len()).map(|n| slowly(lives, begins[n], begins.get(n + 1).copied())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Every week of every project and rule is what looking at each finding gives.
    #[test]
    fn weeks_are_what_looking_at_every_finding_gives(
        lives in prop::collection::vec(life(), 0..30), weeks in 1..20_usize
    ) {
        let rules = BTreeMap::new();
        let mut counter = ProgressCounter::new(question(&rules, weeks));
        lives.iter().for_each(|it| counter.add(it));
        let progress = counter.finish();
        prop_assert_eq!(progress.weeks.len(), weeks);
        let all: Vec<_> = lives.iter().collect();
        prop_assert_eq!(&progress.all, &slow_weeks(&progress, &all));
        for (name, accounts) in question(&rules, weeks).projects {
            let of: Vec<_> = lives.iter().filter(|it| accounts.contains(&it.account)).collect();
            let part = progress.projects.iter().find(|it| it.id == name).unwrap();
            prop_assert_eq!(&part.weeks, &slow_weeks(&progress, &of));
        }
        for part in &progress.rules {
            let of: Vec<_> = lives.iter().filter(|it| it.rule.as_str() == part.id).collect();
            prop_assert_eq!(&part.weeks, &slow_weeks(&progress, &of));
        }
        for (severity, open) in &progress.open {
            let of: Vec<_> = lives.iter().filter(|it| it.severity == *severity).collect();
            let slow: Vec<u64> = slow_weeks(&progress, &of).iter().map(|it| it.open).collect();
            prop_assert_eq!(open, &slow);
        }
    }

    /// What was open, and what came, is what went and what is open: nothing gets lost between two weeks.
    #[test]
    fn nothing_gets_lost_between_weeks(lives in prop::collection::vec(life(), 0..30)) {
        let rules = BTreeMap::new();
        let mut counter = ProgressCounter::new(question(&rules, 8));
        lives.iter().for_each(|it| counter.add(it));
        let progress = counter.finish();
        for pair in progress.all.windows(2) {
            let came = pair[1].new + pair[1].came_back;
            prop_assert_eq!(pair[0].open + came, pair[1].open + pair[1].resolved);
        }
        let resolved: u64 = progress.all.iter().map(|it| it.resolved).sum();
        prop_assert_eq!(resolved, progress.to_resolve.values().map(|it| it.resolved).sum::<u64>());
        let back: u64 = progress.all.iter().map(|it| it.came_back).sum();
        prop_assert_eq!(back, progress.came_back.iter().map(|it| it.times).sum::<u64>());
    }

    /// The order in which findings are told does not matter.
    #[test]
    fn the_order_does_not_matter(lives in prop::collection::vec(life(), 0..20)) {
        let rules = BTreeMap::new();
        let told = |lives: &mut dyn Iterator<Item = &FindingLife>| {
            let mut counter = ProgressCounter::new(question(&rules, 8));
            lives.for_each(|it| counter.add(it));
            counter.finish()
        };
        prop_assert_eq!(told(&mut lives.iter()), told(&mut lives.iter().rev()));
    }
}

#[test]
fn what_is_overdue_is_told_with_the_oldest_and_whose_it_is() {
    let rules = BTreeMap::new();
    let mut counter = ProgressCounter::new(question(&rules, 4));
    let days = |n: i64| at(NOW - n * 86_400);
    let life = |rule: &str, severity, opened| FindingLife {
        rule: rule.into(),
        account: account(1),
        severity,
        spans: vec![(opened, None)],
    };
    counter.add(&life("fresh", Severity::Critical, days(6)));
    counter.add(&life("late", Severity::Critical, days(10)));
    counter.add(&life("later", Severity::High, days(50)));
    counter.add(&life("never-due", Severity::Informational, days(5000)));
    let progress = counter.finish();
    let [one] = &progress.overdue[..] else { panic!("one account is late: {:?}", progress.overdue) };
    assert_eq!((one.most_days, one.rule.as_str()), (20, "later"));
    assert_eq!(one.findings, [(Severity::High, 1), (Severity::Critical, 1)].into());
    assert_eq!(one.projects, ["shop", "games"]);
}

#[test]
fn mean_and_median_count_what_ended_in_these_weeks() {
    let rules = BTreeMap::new();
    let mut counter = ProgressCounter::new(question(&rules, 4));
    for (opened, ended) in [(3, 2), (3, 1), (12, 2), (400, 399)] {
        let days = |n: i64| at(NOW - n * 86_400);
        counter.add(&FindingLife {
            rule: "a".into(),
            account: account(0),
            severity: Severity::High,
            spans: vec![(days(opened), Some(days(ended)))],
        });
    }
    let took = counter.finish().to_resolve[&Severity::High];
    assert_eq!((took.resolved, took.median_days), (3, 2.0));
    assert!((took.mean_days - 13.0 / 3.0).abs() < 1e-9);
}
