//! Doubts about conditions that are well-formed.

use super::Code;
use crate::falco::condition::{Expression, Operand, Operator};

/// What may not be meant as it is written.
pub(super) fn warn(condition: &Expression, source: &str, event_types: bool) -> Vec<(Code, String)> {
    let mut warnings = Vec::new();
    if compares_with_na(condition) {
        let message = "`<NA>` is compared with: use `exists` to ask whether a field has a value";
        warnings.push((Code::UnsafeNaCheck, message.to_owned()));
    }
    if uses(condition, "evt.dir") {
        let message =
            "the field `evt.dir` is deprecated: there are no enter events any more, so it says nothing";
        warnings.push((Code::DeprecatedItem, message.to_owned()));
    }
    if event_types && source == "syscall" && !restricts_type(condition) {
        let message = "the condition does not restrict `evt.type`, so it looks at every system call";
        warnings.push((Code::NoEventType, message.to_owned()));
    }
    warnings
}

/// Whether any check in it is such.
fn any(expression: &Expression, is: &impl Fn(&Expression) -> bool) -> bool {
    match expression {
        Expression::And { children } | Expression::Or { children } => children.iter().any(|it| any(it, is)),
        Expression::Not { child } => any(child, is),
        other => is(other),
    }
}

fn compares_with_na(condition: &Expression) -> bool {
    any(condition, &|it| {
        let Expression::Check { left: Operand::Field { name, .. }, operator, right, .. } = it else {
            return false;
        };
        let equality = matches!(
            operator,
            Operator::Equal | Operator::NotEqual | Operator::In | Operator::Intersects | Operator::PathMatch
        );
        let says_na = match right {
            Operand::Value { value } => value.text == "<NA>",
            Operand::Values { values } => values.iter().any(|it| it.text == "<NA>"),
            _ => false,
        };
        (name.starts_with("ka.") || name.starts_with("jevt.")) && equality && says_na
    })
}

fn uses(condition: &Expression, field: &str) -> bool {
    any(condition, &|it| match it {
        Expression::Check { left: Operand::Field { name, .. }, .. }
        | Expression::Exists { left: Operand::Field { name, .. }, .. } => name == field,
        _ => false,
    })
}

/// Whether only some types of events can match.
fn restricts_type(condition: &Expression) -> bool {
    match condition {
        Expression::And { children } => children.iter().any(restricts_type),
        Expression::Or { children } => children.iter().all(restricts_type),
        Expression::Check { left: Operand::Field { name, .. }, operator, .. } => {
            name == "evt.type" && matches!(operator, Operator::Equal | Operator::In | Operator::Intersects)
        }
        Expression::Not { .. }
        | Expression::Macro { .. }
        | Expression::Exists { .. }
        | Expression::Check { .. } => false,
    }
}
