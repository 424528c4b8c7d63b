//! Scores: one number between 0 and 100 for whatever rules judged. `docs/scores.md` tells the formula with an example.
//!
//! # Laws
//!
//! - **Only what was judged counts**: passes and violations. What is not known, or does not apply, moves no score.
//! - **A hundred means no violation**, never a rounded one.
//! - **A violation that is put right never lowers the score.**

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Outcome, Percent, RuleId, Severity};

/// What a severity weighs: each three times the one below.
#[must_use]
pub fn weight(severity: Severity) -> u32 {
    match severity {
        Severity::Informational => 1,
        Severity::Low => 3,
        Severity::Medium => 9,
        Severity::High => 27,
        Severity::Critical => 81,
    }
}

/// How many resources passed a rule and how many violated it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Judged {
    /// Passes.
    pub passed: u64,
    /// Violations.
    pub failed: u64,
}

impl Judged {
    /// Both together.
    #[must_use]
    pub fn count(self) -> u64 {
        self.passed + self.failed
    }
}

/// The counts that a score is made of: by rule and by the severity that the rule had where it judged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tally(BTreeMap<RuleId, BTreeMap<Severity, Judged>>);

impl Tally {
    /// Counts evaluations of one rule; those that are neither passes nor violations are not looked at.
    pub fn add(&mut self, rule: &RuleId, severity: Severity, outcome: Outcome, count: u64) {
        let (passed, failed) = match outcome {
            Outcome::Compliant => (count, 0),
            Outcome::NonCompliant => (0, count),
            Outcome::NotApplicable | Outcome::InsufficientData => return,
        };
        if !self.0.contains_key(rule) {
            self.0.insert(rule.clone(), BTreeMap::new());
        }
        let Some(severities) = self.0.get_mut(rule) else { return };
        let judged = severities.entry(severity).or_default();
        judged.passed += passed;
        judged.failed += failed;
    }

    /// Whether nothing was judged.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The rules that judged something.
    pub fn rules(&self) -> impl Iterator<Item = &RuleId> {
        self.0.keys()
    }

    /// What a rule judged, whatever its severity was.
    #[must_use]
    pub fn of(&self, rule: &RuleId) -> Judged {
        let mut all = Judged::default();
        for judged in self.0.get(rule).into_iter().flat_map(BTreeMap::values) {
            all.passed += judged.passed;
            all.failed += judged.failed;
        }
        all
    }

    /// The score over every rule; `None` when nothing was judged.
    #[must_use]
    pub fn score(&self) -> Option<Percent> {
        self.score_of(|_| true)
    }

    /// The score over some rules; `None` when they judged nothing.
    #[must_use]
    pub fn score_of(&self, wants: impl Fn(&RuleId) -> bool) -> Option<Percent> {
        let (mut lost, mut whole, mut failed) = (0.0, 0.0, 0);
        for (_, parts) in self.parts().filter(|(rule, _)| wants(rule)) {
            lost += parts.lost;
            whole += parts.weight;
            failed += parts.failed;
        }
        if whole <= 0.0 {
            return None;
        }
        Some(if failed == 0 { Percent::ALL } else { Percent::below_all(1.0 - lost / whole) })
    }

    /// How many points of a hundred each rule costs.
    #[must_use]
    pub fn losses(&self, wants: impl Fn(&RuleId) -> bool) -> BTreeMap<&RuleId, f64> {
        let parts: Vec<_> = self.parts().filter(|(rule, _)| wants(rule)).collect();
        let whole: f64 = parts.iter().map(|(_, it)| it.weight).sum();
        parts.into_iter().map(|(rule, it)| (rule, 100.0 * it.lost / whole)).collect()
    }

    fn parts(&self) -> impl Iterator<Item = (&RuleId, Parts)> {
        self.0.iter().filter_map(|(rule, severities)| {
            let count: u64 = severities.values().map(|it| it.count()).sum();
            let mut parts = Parts { lost: 0.0, weight: 0.0, failed: 0 };
            for (severity, judged) in severities {
                let weight = f64::from(weight(*severity));
                parts.lost += weight * share(judged.failed, count);
                parts.weight += weight * share(judged.count(), count);
                parts.failed += judged.failed;
            }
            (count > 0).then_some((rule, parts))
        })
    }
}

/// What a rule brings into a score.
struct Parts {
    /// Its weight times the share of its resources that violate it.
    lost: f64,
    /// Its weight: the mean over its resources, where the configuration gives it several severities.
    weight: f64,
    failed: u64,
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tally(counts: &[(&str, Severity, u64, u64)]) -> Tally {
        let mut tally = Tally::default();
        for (rule, severity, passed, failed) in counts {
            tally.add(&RuleId::from(*rule), *severity, Outcome::Compliant, *passed);
            tally.add(&RuleId::from(*rule), *severity, Outcome::NonCompliant, *failed);
        }
        tally
    }

    /// The worked example of `docs/scores.md`.
    #[test]
    fn the_example_of_the_documentation() {
        let tally = tally(&[
            ("iam-root-access-key-check", Severity::Critical, 11, 1),
            ("restricted-ssh", Severity::High, 30, 10),
            ("s3-bucket-versioning-enabled", Severity::Low, 50, 50),
        ]);
        // (81 x 11/12 + 27 x 30/40 + 3 x 50/100) / (81 + 27 + 3) = 96 / 111
        assert_eq!(tally.score().unwrap().to_string(), "86.4");
        let losses = tally.losses(|_| true);
        let of = |rule: &str| format!("{:.1}", losses[&RuleId::from(rule)]);
        assert_eq!(
            [of("iam-root-access-key-check"), of("restricted-ssh"), of("s3-bucket-versioning-enabled")],
            ["6.1", "6.1", "1.4"]
        );
    }

    #[test]
    fn nothing_judged_is_no_score() {
        let mut tally = Tally::default();
        tally.add(&"r".into(), Severity::High, Outcome::InsufficientData, 5);
        tally.add(&"r".into(), Severity::High, Outcome::NotApplicable, 5);
        assert_eq!(tally.score(), None);
        assert!(tally.is_empty());
    }

    #[test]
    fn one_violation_among_a_billion_is_no_hundred() {
        let tally =
            tally(&[("r", Severity::Informational, 1_000_000_000, 1), ("s", Severity::Critical, 9, 0)]);
        assert_eq!(tally.score().unwrap().to_string(), "99.9");
        assert_eq!(tally.score_of(|rule| rule.as_str() == "s"), Some(Percent::ALL));
    }

    #[test]
    fn a_rule_with_two_severities_weighs_once() {
        let mixed = tally(&[("r", Severity::Critical, 0, 1), ("r", Severity::Informational, 1, 0)]);
        // (81 x 0 + 1 x 1) / 2 of (81 + 1) / 2
        assert_eq!(mixed.score().unwrap().to_string(), "1.2");
    }

    fn counts() -> impl Strategy<Value = Vec<(usize, Severity, u64, u64)>> {
        let severity = prop::sample::select(Severity::ALL.to_vec());
        prop::collection::vec((0usize..4, severity, 0u64..20, 0u64..20), 0..8)
    }

    fn of(counts: &[(usize, Severity, u64, u64)]) -> Tally {
        const NAMES: [&str; 4] = ["a", "b", "c", "d"];
        let named: Vec<_> =
            counts.iter().map(|(rule, severity, good, bad)| (NAMES[*rule], *severity, *good, *bad)).collect();
        tally(&named)
    }

    proptest! {
        /// A hundred means that there is no violation, and the other way round.
        #[test]
        fn a_hundred_means_no_violation(counts in counts()) {
            let tally = of(&counts);
            let violations: u64 = tally.rules().map(|rule| tally.of(rule).failed).sum();
            if let Some(score) = tally.score() {
                prop_assert_eq!(score == Percent::ALL, violations == 0);
            }
        }

        /// Putting a violation right never lowers the score.
        #[test]
        fn a_fix_never_lowers_the_score(mut counts in counts(), at in any::<prop::sample::Index>()) {
            prop_assume!(!counts.is_empty());
            let before = of(&counts).score();
            let it = at.get_mut(&mut counts);
            prop_assume!(it.3 > 0);
            it.2 += 1;
            it.3 -= 1;
            prop_assert!(of(&counts).score() >= before);
        }

        /// What the rules cost is what is missing from a hundred.
        #[test]
        fn losses_add_up(counts in counts()) {
            let tally = of(&counts);
            if let Some(score) = tally.score() {
                let lost: f64 = tally.losses(|_| true).values().sum();
                prop_assert!((100.0 - lost - score.value()).abs() < 0.11, "{} and {}", lost, score);
            }
        }
    }
}
