//! Sigma filters: conditions that are added to rules elsewhere, so that a false alarm is silenced without changing the rule.
//!
//! Source: the Sigma Filters Specification, and how pySigma applies it.

use std::collections::HashMap;

use rsigma_eval::Pipeline;
use rsigma_eval::pipeline::apply_pipelines;
use rsigma_parser::{
    ConditionExpr, FilterRule, FilterRuleTarget, LogSource, SelectorPattern, SigmaRule, parse_sigma_yaml,
};
use yagura_model::{Diagnostic, Level, Place};

use super::load::{Written, entries, told};
use super::meaning;
use crate::yaml::{Kind, Node};

const CODE: &str = "sigma/filter";

/// A filter as it stands in a file.
#[derive(Debug)]
pub(super) struct Filter {
    rule: FilterRule,
    file: String,
    at: Place,
    /// The rules that it names, with their places. Of `any` none.
    rules: Vec<(String, Place)>,
    /// Where its condition stands.
    condition: Place,
}

/// Reads the document of a filter, whose text is given, too.
pub(super) fn read(file: &str, document: &Node, text: &str) -> Result<Filter, Vec<Diagnostic>> {
    let mistakes: Vec<_> =
        shape(document).into_iter().map(|(at, message)| told(file, Some(at), CODE, message)).collect();
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let whole = |message| vec![told(file, Some(document.at), CODE, message)];
    let mut collection = parse_sigma_yaml(text).map_err(|error| whole(error.to_string()))?;
    let Some(rule) = collection.filters.pop() else {
        return Err(whole(collection.errors.pop().unwrap_or_else(|| "this is no filter".to_owned())));
    };
    let rules = match rule.rules {
        FilterRuleTarget::Any => Vec::new(),
        FilterRuleTarget::Specific(_) => {
            document.get("filter").and_then(|it| it.get("rules")).map(entries).unwrap_or_default()
        }
    };
    let condition = document.get("filter").and_then(|it| it.get("condition"));
    let condition = condition.map_or(document.at, |it| it.at);
    Ok(Filter { rule, file: file.to_owned(), at: document.at, rules, condition })
}

/// What a filter must have. The library lets much of it be left out.
fn shape(document: &Node) -> Vec<(Place, String)> {
    let mut wrong = Vec::new();
    if !document.get("logsource").is_some_and(|it| matches!(it.kind, Kind::Mapping(_))) {
        wrong.push((document.at, "a filter needs a `logsource`".to_owned()));
    }
    let Some(filter) = document.get("filter").filter(|it| matches!(it.kind, Kind::Mapping(_))) else {
        wrong.push((
            document.at,
            "`filter` needs the keys `rules` and `condition`, and a selection".to_owned(),
        ));
        return wrong;
    };
    match filter.get("rules").map(|it| (it.at, &it.kind)) {
        None | Some((_, Kind::Null)) => {
            wrong.push((filter.at, "a filter needs `rules`: ids or names, or `any`".to_owned()));
        }
        Some((at, Kind::Mapping(_))) => {
            wrong.push((at, "`rules` is a list of ids and names, or `any`".to_owned()));
        }
        Some(_) => {}
    }
    match filter.get("condition").map(|it| (it.at, &it.kind)) {
        None => wrong.push((filter.at, "a filter needs a `condition`".to_owned())),
        Some((_, Kind::Scalar(_))) => {}
        Some((at, _)) => wrong.push((at, "the `condition` of a filter is one text".to_owned())),
    }
    wrong
}

/// Takes out filters that mean nothing, so that they do not spoil the rules that they are about.
pub(super) fn check(filters: &mut Vec<Filter>, pipelines: &[Pipeline]) -> Vec<Diagnostic> {
    let mut wrong = Vec::new();
    filters.retain(|filter| {
        let mut rule = filter.alone();
        let mistake = match apply_pipelines(pipelines, &mut rule) {
            Ok(()) => meaning::compile(&rule).err().map(|error| {
                let at = match error {
                    meaning::MeaningError::NoSelection(_) => filter.condition,
                    _ => filter.at,
                };
                told(&filter.file, Some(at), CODE, error.to_string())
            }),
            // Whether it does the same with the rules is for the rules to tell.
            Err(_) => None,
        };
        let sound = mistake.is_none();
        wrong.extend(mistake);
        sound
    });
    wrong
}

/// Adds filters to the rules that they are about, and tells of filters that are about none.
pub(super) fn apply(filters: &[Filter], rules: &mut [Written<SigmaRule>]) -> Vec<Diagnostic> {
    let mut odd = Vec::new();
    for (number, filter) in filters.iter().enumerate() {
        let warn = |at: Place, message: String, help: &str| Diagnostic {
            level: Level::Warning,
            help: Some(help.to_owned()),
            ..told(&filter.file, Some(at), CODE, message)
        };
        for (named, at) in &filter.rules {
            let mut known = rules.iter().filter(|it| is_called(&it.content, named)).peekable();
            if known.peek().is_none() {
                odd.push(warn(
                    *at,
                    format!("no rule has the id or name `{named}`"),
                    "the file with the rule must be loaded, too",
                ));
            } else if !known.any(|it| filter.is_about(&it.content.logsource)) {
                odd.push(warn(
                    *at,
                    format!("the rule `{named}` is about other logs than this filter"),
                    "write the rule's `logsource` here, or leave parts of it out",
                ));
            }
        }
        let mut any = false;
        for rule in rules.iter_mut().filter(|it| filter.applies(&it.content)) {
            any = true;
            filter.add_to(&mut rule.content, number);
        }
        if !any && filter.rules.is_empty() {
            odd.push(warn(filter.at, "the filter is about no rule".to_owned(), "look at its `logsource`"));
        }
    }
    odd
}

fn is_called(rule: &SigmaRule, name: &str) -> bool {
    rule.id.as_deref() == Some(name) || rule.name.as_deref() == Some(name)
}

impl Filter {
    /// The filter as a rule of its own.
    fn alone(&self) -> SigmaRule {
        SigmaRule {
            title: self.rule.title.clone(),
            logsource: self.rule.logsource.clone().unwrap_or_default(),
            detection: self.rule.detection.clone(),
            sigma_version: self.rule.sigma_version,
            id: None,
            name: None,
            related: Vec::new(),
            taxonomy: None,
            status: None,
            description: None,
            license: None,
            author: None,
            references: Vec::new(),
            date: None,
            modified: None,
            fields: Vec::new(),
            falsepositives: Vec::new(),
            level: None,
            tags: Vec::new(),
            scope: Vec::new(),
            custom_attributes: HashMap::new(),
        }
    }

    fn applies(&self, rule: &SigmaRule) -> bool {
        let named = self.rule.rules == FilterRuleTarget::Any
            || self.rules.iter().any(|(name, _)| is_called(rule, name));
        named && self.is_about(&rule.logsource)
    }

    /// Whether a rule says everything about its logs that the filter says.
    fn is_about(&self, of_rule: &LogSource) -> bool {
        let Some(ours) = &self.rule.logsource else { return true };
        let says = |ours: &Option<String>, theirs: &Option<String>| match (ours, theirs) {
            (None, _) => true,
            (Some(ours), Some(theirs)) => ours.eq_ignore_ascii_case(theirs),
            (Some(_), None) => false,
        };
        says(&ours.category, &of_rule.category)
            && says(&ours.product, &of_rule.product)
            && says(&ours.service, &of_rule.service)
    }

    /// The selections go in under names that no selector of the rule means; every condition must hold together with the filter's.
    fn add_to(&self, rule: &mut SigmaRule, number: usize) {
        let prefix = format!("_filter_{number}_");
        for (name, detection) in &self.rule.detection.named {
            rule.detection.named.insert(format!("{prefix}{name}"), detection.clone());
        }
        let Some(ours) = self.rule.detection.conditions.first().map(|it| renamed(it, &prefix)) else {
            return;
        };
        for condition in &mut rule.detection.conditions {
            // Side by side: a rule may have thousands of filters, which must not nest.
            let mut all = match std::mem::replace(condition, ConditionExpr::And(Vec::new())) {
                ConditionExpr::And(all) => all,
                other => vec![other],
            };
            all.push(ours.clone());
            *condition = ConditionExpr::And(all);
        }
    }
}

fn renamed(condition: &ConditionExpr, prefix: &str) -> ConditionExpr {
    let all = |it: &Vec<ConditionExpr>| it.iter().map(|it| renamed(it, prefix)).collect();
    match condition {
        ConditionExpr::And(inner) => ConditionExpr::And(all(inner)),
        ConditionExpr::Or(inner) => ConditionExpr::Or(all(inner)),
        ConditionExpr::Not(inner) => ConditionExpr::Not(Box::new(renamed(inner, prefix))),
        ConditionExpr::Identifier(name) => ConditionExpr::Identifier(format!("{prefix}{name}")),
        ConditionExpr::Selector { quantifier, pattern } => {
            let pattern = match pattern {
                SelectorPattern::Them => format!("{prefix}*"),
                SelectorPattern::Pattern(pattern) => format!("{prefix}{pattern}"),
            };
            let quantifier = quantifier.clone();
            ConditionExpr::Selector { quantifier, pattern: SelectorPattern::Pattern(pattern) }
        }
    }
}
