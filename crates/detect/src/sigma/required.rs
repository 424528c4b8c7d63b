//! What an event must have for a rule to match: the values of one field.

use std::collections::BTreeSet;

use rsigma_eval::matcher::GroupMode;
use rsigma_eval::{CompiledDetection, CompiledMatcher, CompiledRule};
use rsigma_parser::{ConditionExpr, Quantifier};

/// The values in small letters, one of which the field must have; `None` when other events may match, too.
pub(crate) fn required(rule: &CompiledRule, field: &str) -> Option<BTreeSet<String>> {
    // One of the conditions is enough.
    union(rule.conditions.iter().map(|it| condition(it, rule, field)))
}

fn union(parts: impl Iterator<Item = Option<BTreeSet<String>>>) -> Option<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    let mut any = false;
    for part in parts {
        any = true;
        all.extend(part?);
    }
    any.then_some(all)
}

/// The narrowest of several that must all hold.
fn narrowest(parts: impl Iterator<Item = Option<BTreeSet<String>>>) -> Option<BTreeSet<String>> {
    parts.flatten().min_by_key(BTreeSet::len)
}

fn condition(expression: &ConditionExpr, rule: &CompiledRule, field: &str) -> Option<BTreeSet<String>> {
    let named = |name: &str| rule.detections.get(name).and_then(|it| detection(it, field));
    match expression {
        ConditionExpr::And(parts) => narrowest(parts.iter().map(|it| condition(it, rule, field))),
        ConditionExpr::Or(parts) => union(parts.iter().map(|it| condition(it, rule, field))),
        ConditionExpr::Not(_) => None,
        ConditionExpr::Identifier(name) => named(name),
        ConditionExpr::Selector { quantifier, pattern } => {
            let names = rule.detections.keys().filter(|it| pattern.matches_detection_name(it));
            match quantifier {
                Quantifier::All => narrowest(names.map(|it| named(it))),
                Quantifier::Any => union(names.map(|it| named(it))),
                Quantifier::Count(0) => None,
                // At least one of them holds.
                Quantifier::Count(_) => union(names.map(|it| named(it))),
            }
        }
    }
}

fn detection(it: &CompiledDetection, field: &str) -> Option<BTreeSet<String>> {
    match it {
        CompiledDetection::AllOf(items) => {
            let of_field =
                items.iter().filter(|it| it.field.as_deref() == Some(field) && it.exists.is_none());
            narrowest(of_field.map(|it| values(&it.matcher)))
        }
        CompiledDetection::AnyOf(inner) => union(inner.iter().map(|it| detection(it, field))),
        CompiledDetection::And(inner) => narrowest(inner.iter().map(|it| detection(it, field))),
        _ => None,
    }
}

fn values(matcher: &CompiledMatcher) -> Option<BTreeSet<String>> {
    match matcher {
        CompiledMatcher::Exact { value, .. } => Some(BTreeSet::from([value.to_lowercase()])),
        CompiledMatcher::AnyOf(inner) => union(inner.iter().map(values)),
        CompiledMatcher::AllOf(inner) => narrowest(inner.iter().map(values)),
        CompiledMatcher::CaseInsensitiveGroup { children, mode: GroupMode::Any } => {
            union(children.iter().map(values))
        }
        CompiledMatcher::CaseInsensitiveGroup { children, mode: GroupMode::All } => {
            narrowest(children.iter().map(values))
        }
        _ => None,
    }
}
