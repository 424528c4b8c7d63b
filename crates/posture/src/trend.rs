//! From the summaries of comparable scans to a trend: scores, and the rules that changed them.

use std::collections::{BTreeMap, BTreeSet};

use yagura_model::{
    AccountCounts, Framework, Function, Outcome, Percent, RuleEffect, RuleId, RuleInfo, Scan, Standing,
    Summary, Tally, Text, Trend, TrendPart, TrendPoint,
};

use crate::settings::Project;

/// A scan and what it counted.
#[derive(Debug, Clone)]
pub struct Stood {
    /// The scan.
    pub scan: Scan,
    /// Its counts.
    pub summary: Summary,
}

impl Stood {
    /// What scores are made of. Summaries of earlier versions have no severities: there the rules' own hold.
    fn judged(&self, rules: &BTreeMap<RuleId, RuleInfo>) -> Tally {
        if !self.summary.judged.is_empty() {
            return self.summary.judged.clone();
        }
        let mut tally = Tally::default();
        for (rule, outcomes) in &self.summary.rules {
            let Some(info) = rules.get(rule) else { continue };
            for (outcome, count) in outcomes {
                tally.add(rule, info.severity, *outcome, *count);
            }
        }
        tally
    }
}

/// The trend over comparable scans, oldest first; `rules` are those of all of them, `frameworks` those that are asked about.
///
/// Names of accounts are left empty: counts do not hold them.
#[must_use]
pub fn trend(
    scans: &[Stood],
    rules: &BTreeMap<RuleId, RuleInfo>,
    frameworks: &[&Framework],
    not_comparable: u64,
) -> Trend {
    let tallies: Vec<Tally> = scans.iter().map(|it| it.judged(rules)).collect();
    let points = scans.iter().zip(&tallies).map(|(it, tally)| TrendPoint {
        scan: it.scan.id,
        started: it.scan.started,
        accounts: it.scan.scope.accounts.len() as u64,
        rules: it.scan.scope.rules.len() as u64,
        standing: standing(&it.summary.outcomes, tally.score()),
    });
    let points: Vec<TrendPoint> = points.collect();
    let (Some(last), Some(last_tally)) = (scans.last(), tallies.last()) else { return Trend::default() };
    let earlier = scans.first().zip(tallies.first()).filter(|_| scans.len() > 1);
    let score = |it: &TrendPoint| it.standing.score;
    let change = points.first().zip(points.last()).filter(|_| points.len() > 1);
    let change = change.and_then(|(first, last)| difference(score(first), score(last)));
    let part = |id: &str, name: Text, outcomes: &BTreeMap<Outcome, u64>, first, score| TrendPart {
        id: id.to_owned(),
        name,
        last: standing(outcomes, score),
        first_score: first,
        change: difference(first, score),
    };
    let functions = Function::ALL.into_iter().map(|function| {
        let of =
            |tally: &Tally| tally.score_of(|rule| rules.get(rule).is_some_and(|it| it.function == function));
        let outcomes = last.summary.functions.get(&function).cloned().unwrap_or_default();
        let first = earlier.and_then(|(_, tally)| of(tally));
        part(function.as_str(), Text::default(), &outcomes, first, of(last_tally))
    });
    let accounts = last.summary.accounts.iter().map(|(account, outcomes)| {
        let of = |it: &Stood| it.summary.account_scores.get(account).copied();
        part(account.as_str(), Text::default(), outcomes, earlier.and_then(|(it, _)| of(it)), of(last))
    });
    let frameworks = frameworks.iter().map(|framework| {
        let served = framework.rules();
        let of = |tally: &Tally| tally.score_of(|rule| served.contains(rule));
        let mut outcomes: BTreeMap<Outcome, u64> = BTreeMap::new();
        for (_, counts) in last.summary.rules.iter().filter(|(rule, _)| served.contains(rule)) {
            for (outcome, count) in counts {
                *outcomes.entry(*outcome).or_default() += count;
            }
        }
        let first = earlier.and_then(|(_, tally)| of(tally));
        part(&framework.id, framework.name.clone(), &outcomes, first, of(last_tally))
    });
    let mut trend = Trend {
        change,
        not_comparable,
        functions: functions.collect(),
        accounts: accounts.collect(),
        frameworks: frameworks.collect(),
        scans: points,
        ..Trend::default()
    };
    if let Some((first, first_tally)) = earlier {
        let (before, after) = (&first.scan.scope.rules, &last.scan.scope.rules);
        let both = |rule: &RuleId| before.contains(rule) && after.contains(rule);
        trend.rules = effects(first_tally, last_tally, rules, both);
        trend.rules_added = after.difference(before).count() as u64;
        trend.rules_removed = before.difference(after).count() as u64;
        if before != after {
            let lost = |tally: &Tally, of: &dyn Fn(&RuleId) -> bool| tally.losses(of).values().sum::<f64>();
            let whole = lost(first_tally, &|_| true) - lost(last_tally, &|_| true);
            let common = lost(first_tally, &both) - lost(last_tally, &both);
            trend.points_by_other_rules = change.map(|_| rounded(whole - common));
        }
    }
    trend
}

/// What was judged in one project.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProjectTally {
    outcomes: BTreeMap<Outcome, u64>,
    rules: BTreeMap<(RuleId, Outcome), u64>,
    judged: Tally,
}

impl ProjectTally {
    /// Takes one of the project's accounts in.
    pub fn add(&mut self, counts: &AccountCounts) {
        for it in &counts.counts {
            *self.outcomes.entry(it.outcome).or_default() += it.count;
            *self.rules.entry((it.rule.clone(), it.outcome)).or_default() += it.count;
            self.judged.add(&it.rule, it.severity, it.outcome, it.count);
        }
    }
}

/// Where each project stands; `earlier` is empty where nothing earlier is kept.
#[must_use]
pub fn project_parts(
    projects: &[Project],
    earlier: &[ProjectTally],
    last: &[ProjectTally],
) -> Vec<TrendPart> {
    let parts = projects.iter().zip(last).enumerate().map(|(n, (project, last))| {
        let score = last.judged.score();
        let first_score = earlier.get(n).and_then(|it| it.judged.score());
        TrendPart {
            id: project.name.clone(),
            name: Text::default(),
            last: standing(&last.outcomes, score),
            first_score,
            change: difference(first_score, score),
        }
    });
    parts.collect()
}

/// Where some accounts stand as a whole, and in each function; `earlier` is `None` where nothing earlier is kept.
#[must_use]
pub fn parts_of(
    rules: &BTreeMap<RuleId, RuleInfo>,
    earlier: Option<&ProjectTally>,
    last: &ProjectTally,
) -> (TrendPart, Vec<TrendPart>) {
    let part = |id: &str, outcomes: &BTreeMap<Outcome, u64>, first_score, score| TrendPart {
        id: id.to_owned(),
        name: Text::default(),
        last: standing(outcomes, score),
        first_score,
        change: difference(first_score, score),
    };
    let whole = part("", &last.outcomes, earlier.and_then(|it| it.judged.score()), last.judged.score());
    let functions = Function::ALL.into_iter().map(|function| {
        let is_of = |rule: &RuleId| rules.get(rule).is_some_and(|it| it.function == function);
        let mut outcomes: BTreeMap<Outcome, u64> = BTreeMap::new();
        for ((_, outcome), count) in last.rules.iter().filter(|((rule, _), _)| is_of(rule)) {
            *outcomes.entry(*outcome).or_default() += count;
        }
        let first = earlier.and_then(|it| it.judged.score_of(is_of));
        part(function.as_str(), &outcomes, first, last.judged.score_of(is_of))
    });
    (whole, functions.collect())
}

/// What each rule of both scans did to the score over these rules: the points that it cost first, less those that it costs last.
///
/// A rule that judges as it did before is left out: what it costs can still shift a little when others begin or cease to judge.
fn effects(
    first: &Tally,
    last: &Tally,
    rules: &BTreeMap<RuleId, RuleInfo>,
    both: impl Fn(&RuleId) -> bool,
) -> Vec<RuleEffect> {
    let (before, after) = (first.losses(&both), last.losses(&both));
    let all: BTreeSet<&RuleId> = before.keys().chain(after.keys()).copied().collect();
    let effects = all.into_iter().map(|rule| {
        let lost = |losses: &BTreeMap<&RuleId, f64>| losses.get(rule).copied().unwrap_or_default();
        let info = rules.get(rule);
        let title = |text: Option<&String>| text.cloned().unwrap_or_else(|| rule.to_string());
        RuleEffect {
            rule: rule.clone(),
            title: Text {
                en: title(info.map(|it| &it.text.en.title)),
                ja: title(info.map(|it| &it.text.ja.title)),
            },
            points: rounded(lost(&before) - lost(&after)),
            before: first.of(rule),
            after: last.of(rule),
        }
    });
    let mut effects: Vec<RuleEffect> =
        effects.filter(|it| it.points != 0.0 && it.before != it.after).collect();
    effects.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()).then_with(|| a.rule.cmp(&b.rule)));
    effects
}

/// To two decimals.
fn rounded(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}

fn standing(outcomes: &BTreeMap<Outcome, u64>, score: Option<Percent>) -> Standing {
    let of = |outcome| outcomes.get(&outcome).copied().unwrap_or_default();
    let (violations, unknown) = (of(Outcome::NonCompliant), of(Outcome::InsufficientData));
    let judged = of(Outcome::Compliant) + violations;
    Standing { score, known: Percent::of(judged, judged + unknown), violations, unknown }
}

fn difference(first: Option<Percent>, last: Option<Percent>) -> Option<f64> {
    let (first, last) = (first?, last?);
    Some((f64::from(last.tenths()) - f64::from(first.tenths())) / 10.0)
}
