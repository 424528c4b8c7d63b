//! A set of rules and what the configuration says about them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value as Json};
use yagura_model::{Account, Needs, RuleId, Severity};

use crate::mutelist::{Chain, Muted};
use crate::needs;
use crate::rule::Rule;
use crate::settings::{Exception, RuleSettings, Settings};

/// A set of rules and what the configuration says about them. Cheap to clone and to share between threads.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    pub(crate) rules: BTreeMap<RuleId, Arc<Rule>>,
    pub(crate) settings: Arc<Settings>,
    /// What mutelists say about each rule.
    pub(crate) muted: Arc<Muted>,
    /// Whether these rules were asked for by name: then those that are off by default are on.
    pub(crate) asked_for: bool,
}

/// A rule as it is in one account: with the parameters and the severity that hold there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Effective {
    pub(crate) enabled: bool,
    pub(crate) severity: Severity,
    pub(crate) params: Map<String, Json>,
}

impl Rules {
    /// The rules' ids, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &RuleId> {
        self.rules.keys()
    }

    /// The rules, sorted by id.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values().map(Arc::as_ref)
    }

    /// The rule of this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.get(id).map(Arc::as_ref)
    }

    /// How many rules there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// What has to be read to judge by these rules.
    #[must_use]
    pub fn needs(&self) -> Needs {
        let mut all = needs::nothing();
        for rule in self.iter() {
            let by_tag = self.exceptions(rule).any(|exception| !exception.tags.is_empty())
                || self.muted.of(rule).iter().any(Chain::is_about_tags);
            needs::add(rule, by_tag, &mut all);
        }
        all
    }

    /// The parameters of a rule as they hold in an account: the defaults, overlaid by the configuration.
    #[must_use]
    pub fn params(&self, rule: &Rule, account: &Account) -> Map<String, Json> {
        self.effective(rule, account).params
    }

    /// Whether a rule is off everywhere: by default, or by the configuration.
    #[must_use]
    pub fn is_off(&self, rule: &Rule) -> bool {
        self.is_off_when(rule, self.asked_for)
    }

    pub(crate) fn is_off_when(&self, rule: &Rule, asked_for: bool) -> bool {
        let mut off = !asked_for && !rule.is_on_by_default();
        for settings in self.said(rule) {
            off = settings.enabled.map_or(off, |on| !on);
            off &= !settings.scopes.iter().any(|scope| scope.enabled == Some(true));
        }
        off
    }

    /// The rules that are off in an account.
    #[must_use]
    pub fn switched_off(&self, account: &Account) -> BTreeSet<RuleId> {
        let off = self.iter().filter(|rule| !self.effective(rule, account).enabled);
        off.map(|rule| rule.id().clone()).collect()
    }

    /// What is said about a rule: by globs first, by its own id last, so that the nearest word counts.
    fn said<'s>(&'s self, rule: &'s Rule) -> impl Iterator<Item = &'s RuleSettings> {
        let id = rule.id().as_str();
        let globs =
            self.settings.rules.iter().filter(move |(pattern, _)| *pattern != id && rule.answers_to(pattern));
        globs.map(|(_, said)| said).chain(self.settings.rules.get(id))
    }

    /// The exceptions that name a rule, or no rule at all.
    pub(crate) fn exceptions<'s>(&'s self, rule: &'s Rule) -> impl Iterator<Item = &'s Exception> {
        self.settings
            .exceptions
            .iter()
            .filter(|it| it.rules.is_empty() || it.rules.iter().any(|pattern| rule.answers_to(pattern)))
    }

    pub(crate) fn effective(&self, rule: &Rule, account: &Account) -> Effective {
        let enabled = self.asked_for || rule.is_on_by_default();
        let mut result = Effective { enabled, severity: rule.severity(), params: rule.params().clone() };
        for said in self.said(rule) {
            result.overlay(said.enabled, said.severity, &said.params);
            for scope in said.scopes.iter().filter(|scope| scope.concerns(account, &self.settings.projects)) {
                result.overlay(scope.enabled, scope.severity, &scope.params);
            }
        }
        result
    }
}

impl Effective {
    fn overlay(&mut self, enabled: Option<bool>, severity: Option<Severity>, params: &Map<String, Json>) {
        self.enabled = enabled.unwrap_or(self.enabled);
        self.severity = severity.unwrap_or(self.severity);
        for (name, value) in params {
            // Only what the rule declares: anything else was told when the settings were read.
            if let Some(known) = self.params.get_mut(name) {
                known.clone_from(value);
            }
        }
    }
}
