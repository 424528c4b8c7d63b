//! What a correlation asks for.

use std::collections::HashSet;

use rsigma_parser::{ConditionOperator, CorrelationType};

use super::group::{Detail, Entry};

/// What a correlation asks for.
#[derive(Debug, Clone)]
pub(super) struct Definition {
    pub(super) kind: CorrelationType,
    pub(super) references: Vec<Reference>,
    /// Of an ordered correlation, which references follow each other.
    pub(super) order: Vec<usize>,
    /// What groups are told by.
    pub(super) group_by: Vec<String>,
    /// In microseconds.
    pub(super) span: i64,
    /// All of them must hold.
    pub(super) bounds: Vec<(ConditionOperator, f64)>,
    pub(super) percentile: f64,
    /// Instead of the bounds.
    pub(super) expression: Option<Expression>,
    /// Fields that correlations above this one read of the event that completes it.
    pub(super) carries: Vec<String>,
}

/// A rule or correlation that is counted.
#[derive(Debug, Clone)]
pub(super) struct Reference {
    /// Its id, else its title.
    pub(super) name: String,
    /// The fields that stand for those of `group-by` in its events.
    pub(super) group_by: Vec<String>,
    /// The fields whose values are counted.
    pub(super) counted: Vec<String>,
    /// The fields that are carried along.
    pub(super) carries: Vec<String>,
}

/// A condition over references.
#[derive(Debug, Clone)]
pub(super) enum Expression {
    Matched(usize),
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Not(Box<Expression>),
}

impl Expression {
    fn holds(&self, matched: &[bool]) -> bool {
        match self {
            Self::Matched(reference) => matched.get(*reference).copied().unwrap_or(false),
            Self::All(inner) => inner.iter().all(|it| it.holds(matched)),
            Self::Any(inner) => inner.iter().any(|it| it.holds(matched)),
            Self::Not(inner) => !inner.holds(matched),
        }
    }
}

impl Definition {
    /// Whether it counts numbers.
    pub(super) fn is_numeric(&self) -> bool {
        use CorrelationType::{ValueAvg, ValueMedian, ValuePercentile, ValueSum};
        matches!(self.kind, ValueSum | ValueAvg | ValuePercentile | ValueMedian)
    }

    /// Whether it is about which rules match, not how often.
    pub(super) fn is_temporal(&self) -> bool {
        matches!(self.kind, CorrelationType::Temporal | CorrelationType::TemporalOrdered)
    }

    /// Whether only matters if something is in a window, so that of three of a kind within a timespan the middle one may go.
    pub(super) fn is_about_presence(&self) -> bool {
        matches!(self.kind, CorrelationType::Temporal | CorrelationType::ValueCount)
    }

    /// How many entries must be kept for the condition to be able to hold.
    pub(super) fn most_needed(&self) -> usize {
        let most = self.bounds.iter().map(|(_, it)| *it).fold(0.0, f64::max);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is at least zero, and whatever is too large is the largest"
        )]
        let most = most as usize;
        most.saturating_add(1)
    }

    /// What a window comes to, if the condition holds for it.
    pub(super) fn satisfied(&self, window: &[Entry]) -> Option<f64> {
        let value = match self.kind {
            CorrelationType::EventCount => count(window.len()),
            CorrelationType::ValueCount => {
                let texts = window.iter().filter_map(|it| match &it.detail {
                    Detail::Value(text) => Some(text),
                    _ => None,
                });
                count(texts.collect::<HashSet<_>>().len())
            }
            CorrelationType::Temporal | CorrelationType::TemporalOrdered => {
                let matched = self.matched(window);
                if self.expression.as_ref().is_some_and(|it| !it.holds(&matched)) {
                    return None;
                }
                let ordered = self.kind == CorrelationType::TemporalOrdered;
                let value = match ordered {
                    true if self.in_order(window) => count(self.order.len()),
                    true => 0.0,
                    false => count(matched.iter().filter(|it| **it).count()),
                };
                if self.expression.is_some() {
                    return (!ordered || value > 0.0).then_some(value);
                }
                value
            }
            CorrelationType::ValueSum
            | CorrelationType::ValueAvg
            | CorrelationType::ValuePercentile
            | CorrelationType::ValueMedian => self.number(window)?,
        };
        self.bounds.iter().all(|(operator, bound)| within(*operator, value, *bound)).then_some(value)
    }

    /// Which references match in a window.
    fn matched(&self, window: &[Entry]) -> Vec<bool> {
        let mut matched = vec![false; self.references.len()];
        for entry in window {
            if let Detail::Reference(reference) = entry.detail
                && let Some(it) = matched.get_mut(reference as usize)
            {
                *it = true;
            }
        }
        matched
    }

    /// Whether the references match one after the other. What happens at the same time is in any order: many logs only tell seconds.
    fn in_order(&self, window: &[Entry]) -> bool {
        let mut rest = window;
        for wanted in &self.order {
            let is_it = |it: &Entry| matches!(it.detail, Detail::Reference(reference) if reference as usize == *wanted);
            let Some(found) = rest.iter().find(|it| is_it(it)) else { return false };
            let time = found.time;
            rest = &rest[rest.partition_point(|it| it.time < time)..];
        }
        true
    }

    fn number(&self, window: &[Entry]) -> Option<f64> {
        let numbers = window.iter().filter_map(|it| match it.detail {
            Detail::Number(number) => Some(number),
            _ => None,
        });
        let mut numbers: Vec<f64> = numbers.collect();
        if numbers.is_empty() {
            return None;
        }
        let sum = numbers.iter().sum();
        Some(match self.kind {
            CorrelationType::ValueSum => sum,
            CorrelationType::ValueAvg => sum / count(numbers.len()),
            CorrelationType::ValueMedian => percentile(&mut numbers, 50.0),
            _ => percentile(&mut numbers, self.percentile),
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "nobody counts to 2^52")]
fn count(it: usize) -> f64 {
    it as f64
}

/// With what lies between two values in proportion.
fn percentile(numbers: &mut [f64], rank: f64) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let last = numbers.len() - 1;
    let at = rank.clamp(0.0, 100.0) / 100.0 * count(last);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it lies between the first and the last"
    )]
    let below = at.floor() as usize;
    let (low, high) = (numbers[below.min(last)], numbers[(below + 1).min(last)]);
    low + at.fract() * (high - low)
}

fn within(operator: ConditionOperator, value: f64, bound: f64) -> bool {
    match operator {
        ConditionOperator::Lt => value < bound,
        ConditionOperator::Lte => value <= bound,
        ConditionOperator::Gt => value > bound,
        ConditionOperator::Gte => value >= bound,
        ConditionOperator::Eq => (value - bound).abs() < f64::EPSILON,
        ConditionOperator::Neq => (value - bound).abs() >= f64::EPSILON,
    }
}
