//! Why a rule matches an event, or does not: every part of its condition with its answer, and the values that were looked at.

use rsigma_eval::explain::{ConditionTrace, DetectionTrace, ItemTrace, MatchReason, explain_rule};
use serde::Serialize;

use crate::event::{Event, NotAnEvent, Paths};
use crate::falco::condition::{Expression, Operand};
use crate::falco::render::NOTHING;
use crate::falco::test::Compiler;
use crate::falco::{self, FieldTable};
use crate::sigma;
use crate::source::Source;

/// A part of a condition.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Step {
    /// What is asked.
    pub what: String,
    /// Whether it holds.
    pub holds: bool,
    /// What was looked at, where that is one value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The parts of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Step>,
}

/// Explains a Falco rule.
///
/// # Errors
///
/// The record is no object in JSON.
pub fn falco(
    rule: &falco::rules::Rule,
    source: Source,
    fields: &FieldTable,
    raw: &[u8],
) -> Result<Step, NotAnEvent> {
    // Everything is compiled first: what is read must be known before the event is.
    let mut paths = Paths::default();
    let mut compiler = Compiler { fields, source: source.falco(), paths: &mut paths };
    let compiled = Compiled::new(&rule.condition, &mut compiler);
    Ok(compiled.explain(&Event::read(raw, &paths)?, source))
}

/// An expression and its parts, ready to be asked one by one.
struct Compiled<'c> {
    expression: &'c Expression,
    test: falco::test::Test,
    value: Option<falco::test::Side>,
    parts: Vec<Compiled<'c>>,
}

impl<'c> Compiled<'c> {
    fn new(expression: &'c Expression, compiler: &mut Compiler<'_>) -> Self {
        let parts: &[Expression] = match expression {
            Expression::And { children } | Expression::Or { children } => children,
            Expression::Not { child } => std::slice::from_ref(child),
            _ => &[],
        };
        let value = match expression {
            Expression::Check { left, .. } | Expression::Exists { left, .. } => Some(compiler.side(left)),
            _ => None,
        };
        let parts = parts.iter().map(|it| Self::new(it, compiler)).collect();
        Self { expression, test: compiler.test(expression), value, parts }
    }

    fn explain(&self, event: &Event<'_>, source: Source) -> Step {
        let what = match self.expression {
            Expression::And { .. } => "all of".to_owned(),
            Expression::Or { .. } => "one of".to_owned(),
            Expression::Not { .. } => "not".to_owned(),
            other => other.to_string(),
        };
        let shown = |it: &falco::test::Side| {
            it.of(event).map_or_else(|| NOTHING.to_owned(), |it| it.shown().into_owned())
        };
        let name = match self.expression {
            Expression::Check {
                left: left @ (Operand::Field { .. } | Operand::Transformed { .. }), ..
            } => Some(left),
            _ => None,
        };
        let value = name.and(self.value.as_ref()).map(shown);
        let parts = self.parts.iter().map(|it| it.explain(event, source)).collect();
        let holds = match source {
            Source::Runtime => self.test.surely(event) == Some(true),
            _ => self.test.holds(event),
        };
        Step { what, holds, value, parts }
    }
}

/// Explains a Sigma rule.
///
/// # Errors
///
/// The record is no JSON.
pub fn sigma(rule: &sigma::Rule, raw: &[u8]) -> Result<Step, NotAnEvent> {
    let source = Source::ALL.into_iter().find(|it| it.is_meant_by(rule.source()));
    let source = source.unwrap_or(Source::CloudTrail);
    let (mut paths, mut fields) = (Paths::default(), sigma::Fields::new(source));
    fields.add(&rule.compiled, &mut paths);
    let event = Event::read(raw, &paths)?;
    let explained = explain_rule(&rule.compiled, &sigma::Named { event: &event, fields: &fields });
    let mut parts: Vec<_> = explained.conditions.iter().map(condition).collect();
    Ok(match parts.len() {
        1 => parts.remove(0),
        _ => Step { what: "one of".to_owned(), holds: explained.matched, value: None, parts },
    })
}

fn group(what: impl Into<String>, holds: bool, parts: Vec<Step>) -> Step {
    Step { what: what.into(), holds, value: None, parts }
}

fn condition(trace: &ConditionTrace) -> Step {
    match trace {
        ConditionTrace::Selection { name, matched, detection: of } => {
            group(name, *matched, vec![detection(of)])
        }
        ConditionTrace::And { matched, children } => {
            group("all of", *matched, children.iter().map(condition).collect())
        }
        ConditionTrace::Or { matched, children } => {
            group("one of", *matched, children.iter().map(condition).collect())
        }
        ConditionTrace::Not { matched, child } => group("not", *matched, vec![condition(child)]),
        ConditionTrace::Quantified { quantifier, matched, need, got, branches } => {
            let parts = branches.iter().map(|it| group(&it.name, it.matched, vec![detection(&it.detection)]));
            let mut step =
                group(format!("{quantifier} of these, at least {need}"), *matched, parts.collect());
            step.value = Some(got.to_string());
            step
        }
    }
}

fn detection(trace: &DetectionTrace) -> Step {
    match trace {
        DetectionTrace::AllOf { matched, items } => {
            group("all of", *matched, items.iter().map(item).collect())
        }
        DetectionTrace::AnyOf { matched, branches } => {
            group("one of", *matched, branches.iter().map(detection).collect())
        }
        DetectionTrace::And { matched, branches } => {
            group("all of", *matched, branches.iter().map(detection).collect())
        }
        DetectionTrace::Keywords { matched, item: of } => group("keywords", *matched, vec![item(of)]),
        DetectionTrace::ArrayMatch { field, quantifier, matched, member_count, members, .. } => {
            let parts = members
                .iter()
                .map(|it| group(format!("item {}", it.index), it.matched, vec![detection(&it.detection)]));
            let mut step = group(format!("{quantifier} of {field}"), *matched, parts.collect());
            step.value = Some(format!("{member_count} items"));
            step
        }
        DetectionTrace::Conditional { condition: of, .. } => condition(of),
        DetectionTrace::Other { kind, matched } => group(kind, *matched, Vec::new()),
    }
}

fn item(trace: &ItemTrace) -> Step {
    let matcher = serde_json::to_value(trace.matcher).ok();
    let matcher = matcher.as_ref().and_then(|it| it.as_str()).unwrap_or("matches").replace('_', " ");
    let field = trace.field.as_deref().unwrap_or("any text");
    let what = match &trace.pattern {
        Some(pattern) => format!("{field} {matcher} {pattern}"),
        None => format!("{field} {matcher}"),
    };
    let value = match (&trace.actual, trace.reason) {
        (Some(value), _) => Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
        (None, MatchReason::FieldAbsent) => Some(NOTHING.to_owned()),
        (None, _) => None,
    };
    Step { what, holds: trace.matched, value, parts: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(step: &Step, depth: usize, lines: &mut Vec<String>) {
        let value = step.value.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
        let mark = if step.holds { "+" } else { "-" };
        lines.push(format!("{}{mark} {}{value}", "  ".repeat(depth), step.what));
        step.parts.iter().for_each(|it| shown(it, depth + 1, lines));
    }

    fn lines(step: &Step) -> Vec<String> {
        let mut lines = Vec::new();
        shown(step, 0, &mut lines);
        lines
    }

    const EVENT: &[u8] = br#"{"eventName":"StopLogging","errorCode":"AccessDenied"}"#;

    #[test]
    fn a_falco_rule_is_explained_part_by_part() {
        let (fields, _) = FieldTable::load(&yagura_packs::Packs::embedded());
        let mut loader = falco::rules::Loader::new();
        let text = "- rule: r\n  desc: d\n  condition: ct.name in (StopLogging, X) and not (ct.error exists or ct.user = root)\n  output: o\n  priority: info\n  source: aws_cloudtrail\n";
        loader.file("f.yaml", text, &fields);
        let rules = loader.finish(&fields).rules;
        let step = super::falco(&rules[0], Source::CloudTrail, &fields, EVENT).unwrap();
        assert_eq!(
            lines(&step),
            [
                "- all of",
                "  + ct.name in (StopLogging, X) (StopLogging)",
                "  - not",
                "    + one of",
                "      + ct.error exists",
                "      - ct.user = root (<NA>)",
            ]
        );
    }

    #[test]
    fn a_sigma_rule_is_explained_part_by_part() {
        let text = "title: t\nid: a\nlogsource: { product: aws }\ndetection:\n  s: { eventName: StopLogging }\n  f: { errorCode|startswith: Access }\n  condition: s and not f\n";
        let loaded = crate::sigma::load("s.yml", text);
        let step = super::sigma(&loaded.rules[0], EVENT).unwrap();
        assert_eq!(
            lines(&step),
            [
                "- all of",
                "  + s",
                "    + all of",
                "      + eventName exact stoplogging (StopLogging)",
                "  - not",
                "    + f",
                "      + all of",
                "        + errorCode startswith access (AccessDenied)",
            ]
        );
    }
}
