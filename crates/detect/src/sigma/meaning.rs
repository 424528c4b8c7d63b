//! From a rule as it is written to one that can be asked, with the meaning that the specification gives it.
//!
//! The library reads most of Sigma as the specification has it, and our events answer what it asks. What it reads otherwise is put right
//! here, before it compiles: a rule is changed into one that means the same and that the library cannot get wrong.
//!
//! Source: <https://sigmahq.io/docs/basics/modifiers.html>

use std::collections::HashMap;

use rsigma_eval::{CompiledRule, EvalError, compile_to_compiled};
use rsigma_ir::{
    IrDetection, IrDetectionItem, IrError, IrExpandPart, IrMatcher, IrNumber, IrPattern, IrPatternPart,
    IrStrOp, LowerOptions, lower_rule,
};
use rsigma_parser::SigmaRule;
use thiserror::Error;

use super::asked::Asked;
use super::windash;

/// Why a rule cannot be used.
#[derive(Debug, Error)]
pub(super) enum MeaningError {
    /// The library's own words.
    #[error("{0}")]
    Library(#[from] EvalError),
    /// As above, before compiling.
    #[error("{0}")]
    Lowering(#[from] IrError),
    /// A condition names a selection that is not there.
    #[error("the condition names `{0}`, but there is no such selection")]
    NoSelection(String),
    /// Only a pipeline knows the value.
    #[error("no pipeline says what `%{0}%` stands for")]
    Placeholder(String),
    /// What is asked of a field is asked of the whole event.
    #[error("`|neq` and `|exists` ask about a field, but none is named")]
    NoField,
    /// The ways to write it would fill memory.
    #[error("`{0}` has too many dashes for `|windash`")]
    Dashes(String),
}

/// Makes a rule ready.
pub(super) fn compile(rule: &SigmaRule) -> Result<CompiledRule, MeaningError> {
    let spread = windash::spread(rule)?;
    let mut ir =
        lower_rule(spread.as_ref().unwrap_or(rule), &LowerOptions::default()).map_err(
            |error| match error {
                IrError::UnknownDetection(name) => MeaningError::NoSelection(name),
                other => MeaningError::Lowering(other),
            },
        )?;
    ir.detections = std::mem::take(&mut ir.detections)
        .into_iter()
        .map(|(name, it)| Ok((name, detection(it)?)))
        .collect::<Result<HashMap<_, _>, MeaningError>>()?;
    Ok(compile_to_compiled(&ir)?)
}

fn detection(it: IrDetection) -> Result<IrDetection, MeaningError> {
    Ok(match it {
        IrDetection::AllOf(items) => {
            let mut parts = Parts::default();
            for it in items {
                parts.item(it)?;
            }
            parts.join()
        }
        IrDetection::AnyOf(inner) => {
            IrDetection::AnyOf(inner.into_iter().map(detection).collect::<Result<_, _>>()?)
        }
        IrDetection::And(inner) => {
            IrDetection::And(inner.into_iter().map(detection).collect::<Result<_, _>>()?)
        }
        IrDetection::Keywords(it) => IrDetection::Keywords(keyword(it)?),
        IrDetection::ArrayMatch { field, quantifier, body } => {
            IrDetection::ArrayMatch { field: Asked::Whole(field).to_string(), quantifier, body }
        }
        other @ IrDetection::Conditional { .. } => other,
    })
}

/// What must all hold.
#[derive(Default)]
struct Parts {
    items: Vec<IrDetectionItem>,
    others: Vec<IrDetection>,
}

impl Parts {
    fn item(&mut self, it: IrDetectionItem) -> Result<(), MeaningError> {
        let Some(field) = it.field else { return self.keywords(it) };
        match (it.exists, it.matcher) {
            // What is there exists, also when it is null.
            (Some(expected), _) => self.ask(&Asked::Exists(field), expected),
            (None, IrMatcher::Not(inner)) if !refers(&inner) => {
                let asks_for_nothing = match &*inner {
                    IrMatcher::AnyOf(all) => all.contains(&IrMatcher::Null),
                    one => *one == IrMatcher::Null,
                };
                // What is not there is not equal, either.
                let matcher = IrMatcher::Not(Box::new(value(*inner)?));
                let differs = IrDetectionItem { field: Some(field.clone()), matcher, exists: None };
                if asks_for_nothing {
                    self.items.push(differs);
                } else {
                    let absent = asked(&Asked::Exists(field), false);
                    self.others.push(one_of([differs, absent]));
                }
            }
            // As one of several values, null means absent, too.
            (None, IrMatcher::AnyOf(values)) if values.contains(&IrMatcher::Null) => {
                let rest: Vec<_> = values.into_iter().filter(|it| *it != IrMatcher::Null).collect();
                let of = |matcher| IrDetectionItem { field: Some(field.clone()), matcher, exists: None };
                self.others.push(one_of([of(value(IrMatcher::AnyOf(rest))?), of(IrMatcher::Null)]));
            }
            (None, matcher) if refers(&matcher) => self.reference(&field, matcher, true),
            (None, matcher) => {
                self.items.push(IrDetectionItem {
                    field: Some(field),
                    matcher: value(matcher)?,
                    exists: None,
                });
            }
        }
        Ok(())
    }

    /// Words that stand anywhere in the event: each on its own, wherever the others are.
    fn keywords(&mut self, it: IrDetectionItem) -> Result<(), MeaningError> {
        let all = match it.matcher {
            _ if it.exists.is_some() => return Err(MeaningError::NoField),
            IrMatcher::Not(_) => return Err(MeaningError::NoField),
            IrMatcher::AllOf(all) => all,
            one => vec![one],
        };
        for one in all {
            self.items.push(IrDetectionItem { field: None, matcher: keyword(one)?, exists: None });
        }
        Ok(())
    }

    /// Comparisons with other fields are made by our events: lists on either side, and text against numbers.
    fn reference(&mut self, field: &str, matcher: IrMatcher, expected: bool) {
        match matcher {
            IrMatcher::Not(inner) => self.reference(field, *inner, !expected),
            IrMatcher::AnyOf(all) if expected => {
                let each = all.into_iter().map(|it| {
                    let mut parts = Parts::default();
                    parts.reference(field, it, true);
                    parts.join()
                });
                self.others.push(IrDetection::AnyOf(each.collect()));
            }
            // None of them, or all of them.
            IrMatcher::AnyOf(all) | IrMatcher::AllOf(all) => {
                all.into_iter().for_each(|it| self.reference(field, it, expected));
            }
            IrMatcher::FieldRef { field: other, op, case_insensitive } => {
                let asked = Asked::Reference { field: field.to_owned(), other, op, cased: !case_insensitive };
                self.ask(&asked, expected);
            }
            _ => {}
        }
    }

    fn ask(&mut self, it: &Asked, expected: bool) {
        self.items.push(asked(it, expected));
    }

    fn join(self) -> IrDetection {
        if self.others.is_empty() {
            return IrDetection::AllOf(self.items);
        }
        let mut all = self.others;
        if !self.items.is_empty() {
            all.insert(0, IrDetection::AllOf(self.items));
        }
        IrDetection::And(all)
    }
}

fn one_of(items: [IrDetectionItem; 2]) -> IrDetection {
    IrDetection::AnyOf(items.map(|it| IrDetection::AllOf(vec![it])).into())
}

fn asked(it: &Asked, expected: bool) -> IrDetectionItem {
    let matcher = text(IrStrOp::Exact, if expected { "true" } else { "false" }, true);
    IrDetectionItem { field: Some(it.to_string()), matcher, exists: None }
}

fn text(op: IrStrOp, value: &str, case_insensitive: bool) -> IrMatcher {
    let parts = vec![IrPatternPart::Literal(value.to_owned())];
    IrMatcher::Str { op, pattern: IrPattern { parts }, case_insensitive }
}

fn refers(matcher: &IrMatcher) -> bool {
    match matcher {
        IrMatcher::FieldRef { .. } => true,
        IrMatcher::Not(inner) => refers(inner),
        IrMatcher::AnyOf(all) | IrMatcher::AllOf(all) => all.iter().any(refers),
        _ => false,
    }
}

/// What is asked of a field's value.
fn value(matcher: IrMatcher) -> Result<IrMatcher, MeaningError> {
    let all = |all: Vec<IrMatcher>| all.into_iter().map(value).collect::<Result<Vec<_>, _>>();
    Ok(match matcher {
        // Values are texts: `1` and `yes` are not `true`.
        IrMatcher::BoolEq(it) => text(IrStrOp::Exact, if it { "true" } else { "false" }, true),
        IrMatcher::Str { op, pattern, case_insensitive } if pattern.has_wildcards() => {
            match Wild::of(op, pattern, case_insensitive) {
                Wild::Anything => IrMatcher::Exists(true),
                Wild::Matcher(it) => it,
            }
        }
        IrMatcher::Expand { template, case_insensitive } => expanded(&template, case_insensitive)?,
        IrMatcher::AnyOf(inner) => IrMatcher::AnyOf(all(inner)?),
        IrMatcher::AllOf(inner) => IrMatcher::AllOf(all(inner)?),
        IrMatcher::Not(inner) => IrMatcher::Not(Box::new(value(*inner)?)),
        other => other,
    })
}

/// A word that stands somewhere in the event, also inside of a longer text.
fn keyword(matcher: IrMatcher) -> Result<IrMatcher, MeaningError> {
    let all = |all: Vec<IrMatcher>| all.into_iter().map(keyword).collect::<Result<Vec<_>, _>>();
    Ok(match matcher {
        IrMatcher::Str { op, pattern, case_insensitive } => {
            // A word alone has no ends.
            let op = if op == IrStrOp::Exact { IrStrOp::Contains } else { op };
            match Wild::of(op, pattern, case_insensitive) {
                Wild::Anything => text(IrStrOp::Contains, "", true),
                Wild::Matcher(it) => it,
            }
        }
        IrMatcher::Expand { template, case_insensitive } => keyword(expanded(&template, case_insensitive)?)?,
        IrMatcher::NumericEq(IrNumber::Literal(it)) => text(IrStrOp::Contains, &it.to_string(), true),
        IrMatcher::BoolEq(it) => text(IrStrOp::Contains, if it { "true" } else { "false" }, true),
        IrMatcher::AnyOf(inner) => IrMatcher::AnyOf(all(inner)?),
        IrMatcher::AllOf(inner) => IrMatcher::AllOf(all(inner)?),
        other => other,
    })
}

/// A value of `|expand` that holds no placeholder any more.
fn expanded(template: &[IrExpandPart], case_insensitive: bool) -> Result<IrMatcher, MeaningError> {
    let mut whole = String::new();
    for part in template {
        match part {
            IrExpandPart::Literal(it) => whole.push_str(it),
            IrExpandPart::Placeholder(name) => return Err(MeaningError::Placeholder(name.clone())),
        }
    }
    Ok(text(IrStrOp::Exact, &whole, case_insensitive))
}

/// A text with wildcards.
enum Wild {
    /// Nothing but `*`.
    Anything,
    Matcher(IrMatcher),
}

impl Wild {
    /// `*` and `?` stand for every character, also for the end of a line.
    fn of(op: IrStrOp, pattern: IrPattern, case_insensitive: bool) -> Self {
        let mut parts = pattern.parts;
        if matches!(op, IrStrOp::Contains | IrStrOp::EndsWith) {
            parts.insert(0, IrPatternPart::WildcardMulti);
        }
        if matches!(op, IrStrOp::Contains | IrStrOp::StartsWith) {
            parts.push(IrPatternPart::WildcardMulti);
        }
        parts.dedup_by(|a, b| *a == IrPatternPart::WildcardMulti && a == b);
        let many = |it: Option<&IrPatternPart>| it == Some(&IrPatternPart::WildcardMulti);
        let (before, after) = (many(parts.first()), many(parts.last()));
        if before && parts.len() == 1 {
            return Self::Anything;
        }
        let inner = &parts[usize::from(before)..parts.len() - usize::from(after)];
        let plain: Option<String> = inner
            .iter()
            .map(|it| match it {
                IrPatternPart::Literal(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        let op = match (before, after) {
            (false, false) => IrStrOp::Exact,
            (false, true) => IrStrOp::StartsWith,
            (true, false) => IrStrOp::EndsWith,
            (true, true) => IrStrOp::Contains,
        };
        if let Some(plain) = plain {
            return Self::Matcher(text(op, &plain, case_insensitive));
        }
        let mut pattern = String::from(if before { "" } else { "^" });
        for part in inner {
            match part {
                IrPatternPart::Literal(text) => pattern.push_str(&regex::escape(text)),
                IrPatternPart::WildcardMulti => pattern.push_str(".*"),
                IrPatternPart::WildcardSingle => pattern.push('.'),
            }
        }
        pattern.push_str(if after { "" } else { "$" });
        let regex =
            IrMatcher::Regex { pattern, case_insensitive, multiline: false, dotall: true, cased: false };
        Self::Matcher(regex)
    }
}
