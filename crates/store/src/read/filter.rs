//! Which records a reader wants.

use std::collections::BTreeSet;

use yagura_model::{AccountId, Outcome, RecordState, Region, ResourceType, RuleId, Severity, Workflow};

use crate::codes::Code;
use crate::database::Connection;
use crate::names::{self, Kind};

/// Which evaluations a reader wants; an empty set means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// With these outcomes.
    pub outcomes: BTreeSet<Outcome>,
    /// Of rules at least so severe.
    pub min_severity: Option<Severity>,
    /// In these accounts.
    pub accounts: BTreeSet<AccountId>,
    /// In these regions.
    pub regions: BTreeSet<Region>,
    /// Of these rules.
    pub rules: BTreeSet<RuleId>,
    /// Of resources of these services: the middle part of their types, in any case.
    pub services: BTreeSet<String>,
    /// Of resources of these types.
    pub types: BTreeSet<ResourceType>,
}

/// Which findings a reader wants; an empty set means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingFilter {
    /// About now, or ended.
    pub record_states: BTreeSet<RecordState>,
    /// In these states of work.
    pub workflows: BTreeSet<Workflow>,
    /// At least so severe.
    pub min_severity: Option<Severity>,
    /// In these accounts.
    pub accounts: BTreeSet<AccountId>,
    /// In these regions.
    pub regions: BTreeSet<Region>,
    /// Of these rules.
    pub rules: BTreeSet<RuleId>,
    /// Of resources of these services: the middle part of their types, in any case.
    pub services: BTreeSet<String>,
    /// Of resources of these types.
    pub types: BTreeSet<ResourceType>,
}

/// Conditions in SQL. Only numbers that this program made go in, so there is nothing to quote.
#[derive(Default)]
pub(crate) struct Conditions(String);

impl Conditions {
    /// The text, to be put behind other conditions.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn one_of(&mut self, column: &str, numbers: &[i64]) {
        let list: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        self.0.push_str(&format!(" AND {column} IN ({})", list.join(", ")));
    }

    pub(crate) fn codes<T: Code>(&mut self, column: &str, words: &BTreeSet<T>) {
        if !words.is_empty() {
            let numbers: Vec<i64> = words.iter().map(|word| word.code()).collect();
            self.one_of(column, &numbers);
        }
    }

    pub(crate) fn at_least(&mut self, column: &str, least: Option<Severity>) {
        if let Some(least) = least {
            self.0.push_str(&format!(" AND {column} >= {}", least.code()));
        }
    }

    /// Only rows whose name is among these. A name that is not in the store matches nothing.
    pub(crate) async fn named<T: AsRef<str>>(
        &mut self,
        connection: &mut Connection,
        column: &str,
        kind: Kind,
        wanted: &BTreeSet<T>,
    ) -> sqlx::Result<()> {
        if wanted.is_empty() {
            return Ok(());
        }
        let mut numbers = Vec::with_capacity(wanted.len());
        for name in wanted {
            numbers.extend(names::find(connection, kind, name.as_ref()).await?);
        }
        self.one_of(column, &numbers);
        Ok(())
    }

    /// Only resources of these services.
    pub(crate) async fn services(
        &mut self,
        connection: &mut Connection,
        column: &str,
        services: &BTreeSet<String>,
    ) -> sqlx::Result<()> {
        if services.is_empty() {
            return Ok(());
        }
        let types = names::all(connection, Kind::Type, |name| Ok(ResourceType::from(name))).await?;
        let mut numbers: Vec<i64> = types
            .into_iter()
            .filter(|(_, it)| services.iter().any(|service| service.eq_ignore_ascii_case(it.service())))
            .map(|(number, _)| number)
            .collect();
        numbers.sort_unstable();
        self.one_of(column, &numbers);
        Ok(())
    }
}
