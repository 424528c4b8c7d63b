//! Which rules are meant: ids, globs, aliases; severities, functions, services.

use std::collections::BTreeSet;
use std::sync::Arc;

use thiserror::Error;
use yagura_model::{Function, RuleId, Severity};

use crate::nearest::nearest;
use crate::rule::Rule;
use crate::rules::Rules;

/// Which rules are meant. Nothing said means all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Ids, globs over ids, and aliases: `prowler:ID`, `security-hub:EC2.13`, `aws-config:NAME`.
    pub patterns: Vec<String>,
    /// Only rules of at least this severity.
    pub severity: Option<Severity>,
    /// Only rules of these CSF functions.
    pub functions: Vec<Function>,
    /// Only rules of these services, as the folders of the rule files name them.
    pub services: Vec<String>,
    /// Only these rules, those of a framework for instance; `None` means any.
    pub within: Option<BTreeSet<RuleId>>,
}

impl Selection {
    /// These patterns, and no other filter.
    pub fn of<T: Into<String>>(patterns: impl IntoIterator<Item = T>) -> Self {
        Self { patterns: patterns.into_iter().map(Into::into).collect(), ..Self::default() }
    }
}

/// Why rules could not be selected.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SelectionError {
    /// Nothing answers to a pattern.
    #[error("there is no rule `{pattern}`{}", hint(nearest))]
    NoSuchRule {
        /// What was asked for.
        pattern: String,
        /// What was most likely meant, best first.
        nearest: Vec<String>,
    },
    /// No rule judges resources of a service.
    #[error("there are no rules for the service `{service}`{}", hint(nearest))]
    NoSuchService {
        /// What was asked for.
        service: String,
        /// What was most likely meant, best first.
        nearest: Vec<String>,
    },
}

pub(crate) fn hint(nearest: &[String]) -> String {
    if nearest.is_empty() {
        return String::new();
    }
    let names: Vec<String> = nearest.iter().map(|name| format!("`{name}`")).collect();
    format!("; did you mean {}?", names.join(" or "))
}

impl Rules {
    /// The rules that are meant, without those that the configuration switches off, and without those that are off by
    /// default unless patterns or a framework name them.
    ///
    /// # Errors
    ///
    /// [`SelectionError`] when a pattern or a service names nothing.
    pub fn select(&self, selection: &Selection) -> Result<Self, SelectionError> {
        for pattern in &selection.patterns {
            if !self.iter().any(|rule| rule.answers_to(pattern)) {
                return Err(SelectionError::NoSuchRule {
                    nearest: self.nearest_names(pattern),
                    pattern: pattern.clone(),
                });
            }
        }
        for service in &selection.services {
            if !self.iter().any(|rule| is_of(rule, service)) {
                let mut known: Vec<&str> = self.iter().map(Rule::service).collect();
                known.sort_unstable();
                known.dedup();
                return Err(SelectionError::NoSuchService {
                    nearest: owned(nearest(service, known, 3)),
                    service: service.clone(),
                });
            }
        }
        let asked_for = !selection.patterns.is_empty() || selection.within.is_some();
        let rules = self
            .rules
            .iter()
            .filter(|(_, rule)| selection.means(rule) && !self.is_off_when(rule, asked_for))
            .map(|(id, rule)| (id.clone(), Arc::clone(rule)))
            .collect();
        let (settings, muted) = (Arc::clone(&self.settings), Arc::clone(&self.muted));
        Ok(Self { rules, settings, muted, asked_for })
    }

    fn nearest_names(&self, pattern: &str) -> Vec<String> {
        let aliases: Vec<String> = self.iter().flat_map(|rule| rule.aliases().qualified()).collect();
        let ids = self.ids().map(|id| id.as_str());
        owned(nearest(pattern, ids.chain(aliases.iter().map(String::as_str)), 3))
    }
}

impl Selection {
    fn means(&self, rule: &Rule) -> bool {
        let any =
            |list: &[String], fits: &dyn Fn(&str) -> bool| list.is_empty() || list.iter().any(|it| fits(it));
        any(&self.patterns, &|pattern| rule.answers_to(pattern))
            && any(&self.services, &|service| is_of(rule, service))
            && self.within.as_ref().is_none_or(|ids| ids.contains(rule.id()))
            && self.severity.is_none_or(|severity| rule.severity() >= severity)
            && (self.functions.is_empty() || self.functions.contains(&rule.function()))
    }
}

fn is_of(rule: &Rule, service: &str) -> bool {
    rule.service().eq_ignore_ascii_case(service) || rule.resource().service().eq_ignore_ascii_case(service)
}

fn owned(names: Vec<&str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}
