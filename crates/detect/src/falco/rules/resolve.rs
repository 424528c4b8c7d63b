//! From what files say to rules that stand alone: lists, macros and exceptions put in.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::collect::{Collected, MacroInfo, RuleInfo};
use super::warnings::warn;
use super::written::Written;
use super::{Code, Fields, Loaded, Problem, Rule};
use crate::falco::condition::{ConditionError, Expression, Literal, Operand, Operator, Position, parse};
use yagura_model::Diagnostic;

/// Macros within macros within macros.
const DEPTH: usize = 100;
/// The parts of a condition, with all macros put in: small files must not make large conditions.
const SIZE: usize = 200_000;

/// Resolves every rule. A rule with a mistake is told and left out.
pub(super) fn resolve(collected: &Collected, fields: &dyn Fields) -> Loaded {
    let mut resolver = Resolver {
        collected,
        fields,
        lists: collected.lists.iter().map(|it| (it.name.as_str(), flat(collected, &it.name))).collect(),
        macros: HashMap::new(),
        used_lists: BTreeSet::new(),
        used_macros: BTreeSet::new(),
        loaded: Loaded::default(),
    };
    for list in collected.lists.iter() {
        let named = list
            .items
            .iter()
            .filter(|it| collected.lists.get(it).is_some_and(|of| of.age.defined < list.age.changed));
        resolver.used_lists.extend(named.map(String::as_str));
    }
    for it in collected.macros.iter() {
        resolver.parse_macro(it);
    }
    for it in collected.macros.iter() {
        resolver.check_macro(it);
    }
    for it in collected.rules.iter().filter(|it| it.source_known) {
        if let Some(rule) = resolver.rule(it) {
            resolver.loaded.rules.push(rule);
        }
    }
    resolver.unused();
    resolver.loaded
}

/// The items of a list, with those of the lists that it names. A list sees those that were defined before its last change, so there are no loops.
fn flat(collected: &Collected, name: &str) -> Vec<String> {
    fn add(collected: &Collected, name: &str, depth: usize, items: &mut Vec<String>) {
        let Some(list) = collected.lists.get(name) else { return };
        for item in &list.items {
            let inner =
                collected.lists.get(item).filter(|it| it.age.defined < list.age.changed && it.name != name);
            match inner {
                Some(inner) if depth < DEPTH && items.len() < SIZE => {
                    add(collected, &inner.name, depth + 1, items)
                }
                _ => items.push(item.clone()),
            }
        }
    }
    let mut items = Vec::new();
    add(collected, name, 0, &mut items);
    items
}

struct Resolver<'c> {
    collected: &'c Collected,
    fields: &'c dyn Fields,
    lists: HashMap<&'c str, Vec<String>>,
    /// Macros as they are written, with lists put in; those with mistakes are missing.
    macros: HashMap<&'c str, Expression>,
    used_lists: BTreeSet<&'c str>,
    used_macros: BTreeSet<&'c str>,
    loaded: Loaded,
}

impl<'c> Resolver<'c> {
    fn tell(&mut self, file: &str, problem: Problem) {
        self.loaded.diagnostics.push(problem.told(file));
    }

    /// A mistake in a condition, with its place in the file.
    fn tell_condition(&mut self, written: &Written, code: Code, wrong: ConditionError) {
        if let Some((file, at)) = written.place(wrong.at.offset) {
            self.tell(&file, Problem::new(at, code, wrong.message));
        }
    }

    fn parse_macro(&mut self, it: &'c MacroInfo) {
        match parse(it.condition.text()) {
            Ok(mut parsed) => match self.put_lists(&mut parsed) {
                Ok(()) => drop(self.macros.insert(&it.name, parsed)),
                Err(wrong) => self.tell_condition(&it.condition, Code::CompileCondition, wrong),
            },
            Err(wrong) => self.tell_condition(&it.condition, Code::CompileCondition, wrong),
        }
    }

    /// Whether a macro holds together, also if no rule uses it.
    fn check_macro(&mut self, it: &'c MacroInfo) {
        let Some(mut parsed) = self.macros.get(it.name.as_str()).cloned() else { return };
        if let Err(wrong) = self.put_macros(&mut parsed, it.age.changed, &mut vec![&it.name], &mut 0) {
            self.tell_condition(&it.condition, Code::Validate, wrong);
            self.macros.remove(it.name.as_str());
        }
    }

    fn rule(&mut self, it: &'c RuleInfo) -> Option<Rule> {
        let mut condition = match parse(it.condition.text()) {
            Ok(parsed) => parsed,
            Err(wrong) => {
                self.tell_condition(&it.condition, Code::CompileCondition, wrong);
                return None;
            }
        };
        for exception in &it.exceptions {
            let file = Arc::clone(&exception.file);
            let text = match exception.condition() {
                Ok(text) if text.is_empty() => continue,
                Ok(text) => text,
                Err(problem) => {
                    self.tell(&file, problem);
                    return None;
                }
            };
            match parse(&text) {
                Ok(parsed) => {
                    let not = Expression::Not { child: Box::new(parsed) };
                    condition = match condition {
                        Expression::And { mut children } => {
                            children.push(not);
                            Expression::And { children }
                        }
                        other => Expression::And { children: vec![other, not] },
                    };
                }
                Err(wrong) => {
                    let message = format!(
                        "the exception makes a condition that cannot be read: {}: `{text}`",
                        wrong.message
                    );
                    self.tell(&file, Problem::new(exception.at, Code::CompileCondition, message));
                    return None;
                }
            }
        }
        if let Err(wrong) = self.put_lists(&mut condition) {
            self.tell_condition(&it.condition, Code::CompileCondition, wrong);
            return None;
        }
        if let Err(wrong) = self.put_macros(&mut condition, u32::MAX, &mut Vec::new(), &mut 0) {
            self.tell_condition(&it.condition, Code::Validate, wrong);
            return None;
        }
        let at = it.condition.place(0);
        for (code, message) in warn(&condition, &it.source, it.warn_evttypes) {
            let (file, at) = at.clone().unwrap_or((Arc::clone(&it.file), it.at));
            self.tell(&file, Problem::new(at, code, message));
        }
        if let Err(wrong) = self.fields.check(&it.source, &condition) {
            let code = if it.skip_if_unknown_filter { Code::UnknownFilter } else { Code::CompileCondition };
            self.tell_condition(&it.condition, code, wrong);
            return None;
        }
        if let Err(message) = crate::falco::output::check(&it.output, &it.source, self.fields) {
            let code = if it.skip_if_unknown_filter { Code::UnknownFilter } else { Code::CompileOutput };
            let file = Arc::clone(&it.file);
            self.tell(&file, Problem::new(it.output_at, code, message));
            return None;
        }
        Some(Rule {
            name: it.name.clone(),
            source: it.source.clone(),
            description: it.description.clone(),
            output: it.output.clone(),
            priority: it.priority,
            tags: it.tags.clone(),
            enabled: it.enabled,
            condition,
            file: Arc::clone(&it.file),
            at: it.at,
        })
    }

    /// Puts the items of lists where their names stand.
    fn put_lists(&mut self, expression: &mut Expression) -> Result<(), ConditionError> {
        match expression {
            Expression::And { children } | Expression::Or { children } => {
                children.iter_mut().try_for_each(|it| self.put_lists(it))
            }
            Expression::Not { child } => self.put_lists(child),
            Expression::Macro { .. } | Expression::Exists { .. } => Ok(()),
            Expression::Check { operator, modifier, right, at, .. } => {
                let many = modifier.is_some()
                    || matches!(operator, Operator::In | Operator::Intersects | Operator::PathMatch);
                self.put_list(right, many, *at)
            }
        }
    }

    fn put_list(&mut self, right: &mut Operand, many: bool, at: Position) -> Result<(), ConditionError> {
        match right {
            Operand::Values { values } => {
                let mut all = Vec::with_capacity(values.len());
                for value in values.drain(..) {
                    match self.list(&value) {
                        Some(items) => all.extend(items),
                        None => all.push(value),
                    }
                }
                *values = all;
            }
            Operand::Value { value } => {
                let Some(mut items) = self.list(value) else { return Ok(()) };
                *right = if many {
                    Operand::Values { values: items }
                } else if items.len() == 1 {
                    Operand::Value { value: items.remove(0) }
                } else {
                    let message = format!("the list `{}` stands where one value belongs", value.text);
                    return Err(ConditionError { at, message });
                };
            }
            Operand::Field { .. } | Operand::Transformed { .. } | Operand::List { .. } => {}
        }
        Ok(())
    }

    /// The items of the list that a bare word names.
    fn list(&mut self, value: &Literal) -> Option<Vec<Literal>> {
        if value.quoted {
            return None;
        }
        let (name, items) = self.lists.get_key_value(value.text.as_str())?;
        self.used_lists.insert(name);
        Some(items.iter().map(|it| Literal { text: unquoted(it).to_owned(), quoted: true }).collect())
    }

    /// Puts macros where their names stand: those that were defined before `seen`.
    fn put_macros(
        &mut self,
        expression: &mut Expression,
        seen: u32,
        path: &mut Vec<&'c str>,
        size: &mut usize,
    ) -> Result<(), ConditionError> {
        *size += 1;
        match expression {
            Expression::And { children } | Expression::Or { children } => {
                children.iter_mut().try_for_each(|it| self.put_macros(it, seen, path, size))
            }
            Expression::Not { child } => self.put_macros(child, seen, path, size),
            Expression::Exists { .. } | Expression::Check { .. } => Ok(()),
            Expression::Macro { name, at } => {
                let wrong = |message: String| Err(ConditionError { at: *at, message });
                let Some(info) = self.collected.macros.get(name).filter(|it| it.age.defined < seen) else {
                    return wrong(format!("there is no macro `{name}` here"));
                };
                if path.contains(&info.name.as_str()) {
                    return wrong(format!("the macro `{name}` leads back to itself"));
                }
                let Some(mut condition) = self.macros.get(info.name.as_str()).cloned() else {
                    return wrong(format!("the macro `{name}` has mistakes"));
                };
                if path.len() >= DEPTH || *size > SIZE {
                    return wrong(format!("with the macro `{name}` the condition becomes too large"));
                }
                // What a macro holds is told at the place where it is used.
                let place = *at;
                path.push(&info.name);
                self.put_macros(&mut condition, seen, path, size)
                    .map_err(|it| ConditionError { at: place, ..it })?;
                path.pop();
                self.used_macros.insert(&info.name);
                move_to(&mut condition, place);
                *expression = condition;
                Ok(())
            }
        }
    }

    fn unused(&mut self) {
        let lists = self.collected.lists.iter().filter(|it| !self.used_lists.contains(it.name.as_str()));
        let lists = lists.map(|it| {
            let message = format!("no rule, macro or list uses the list `{}`", it.name);
            Problem::new(it.at, Code::UnusedList, message).told(&it.file)
        });
        let macros = self.collected.macros.iter().filter(|it| !self.used_macros.contains(it.name.as_str()));
        let macros = macros.map(|it| {
            let message = format!("no rule or macro uses the macro `{}`", it.name);
            Problem::new(it.at, Code::UnusedMacro, message).told(&it.file)
        });
        let unused: Vec<Diagnostic> = macros.chain(lists).collect();
        self.loaded.diagnostics.extend(unused);
    }
}

/// Everything in a macro stands where the macro is used.
fn move_to(expression: &mut Expression, place: Position) {
    match expression {
        Expression::And { children } | Expression::Or { children } => {
            children.iter_mut().for_each(|it| move_to(it, place));
        }
        Expression::Not { child } => move_to(child, place),
        Expression::Macro { at, .. } | Expression::Exists { at, .. } | Expression::Check { at, .. } => {
            *at = place
        }
    }
}

/// Items are put into conditions as they are written: one in quotes means what is inside.
fn unquoted(item: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inside) = item.strip_prefix(quote).and_then(|it| it.strip_suffix(quote)) {
            return inside;
        }
    }
    item
}
