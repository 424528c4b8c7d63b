//! Which records a reader wants.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::AssertSqlSafe;
use yagura_model::{
    AccountId, Detector, FindingKind, Outcome, RecordState, Region, ResourceType, RuleId, Severity,
    Timestamp, Workflow,
};

use crate::codes::Code;
use crate::database::{self, Connection};
use crate::lifecycle::Detectors;
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
    /// Of these sorts.
    pub kinds: BTreeSet<FindingKind>,
    /// Reported by one of these.
    pub detectors: BTreeSet<Detector>,
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
    /// Of resources whose id, name or ARN holds this text, in any case.
    pub text: Option<String>,
    /// With one of these people.
    pub assignees: BTreeSet<String>,
    /// With nobody.
    pub is_unassigned: bool,
    /// Hidden by one of these suppressions.
    pub suppressions: BTreeSet<String>,
    /// Open since before this moment, each severity by its own: what is overdue. Severities that are not named are not let through.
    pub opened_before: BTreeMap<Severity, Timestamp>,
    /// Open since this moment or later.
    pub opened_since: Option<Timestamp>,
    /// Of those that ended, only those that ended at this moment or later.
    pub ended_since: Option<Timestamp>,
}

impl FindingFilter {
    /// What is open: it is so, and nobody has accepted it or called it resolved.
    #[must_use]
    pub fn open() -> Self {
        Self {
            record_states: BTreeSet::from([RecordState::Active]),
            workflows: BTreeSet::from([Workflow::New, Workflow::Notified]),
            ..Self::default()
        }
    }

    /// Only those of this severity that are open since before its moment; `None`: that severity lets nothing through. What is told of one severity leads to
    /// a part of the list's index, what is told of several does not.
    pub(crate) fn opened_before(&self, severity: Severity) -> Option<String> {
        match self.opened_before.get(&severity) {
            Some(at) => Some(format!(" AND f.opened_at < {}", at.as_millisecond())),
            None => self.opened_before.is_empty().then(String::new),
        }
    }

    /// Whether resources of this type are of the services that are wanted.
    pub(crate) fn is_of_services(&self, of: &ResourceType) -> bool {
        self.services.is_empty() || is_of(&self.services, of)
    }

    /// The conditions on findings `f`, and on their resources `r` where [a text](Self::text) is looked for.
    pub(crate) async fn conditions(&self, connection: &mut Connection) -> sqlx::Result<Conditions> {
        let mut conditions = Conditions::default();
        conditions.codes("f.record_state", &self.record_states);
        conditions.codes("f.workflow", &self.workflows);
        conditions.codes("f.kind", &self.kinds);
        conditions.at_least("f.severity", self.min_severity);
        conditions.named(connection, "f.account_id", Kind::Account, &self.accounts).await?;
        conditions.named(connection, "f.region_id", Kind::Region, &self.regions).await?;
        conditions.named(connection, "f.type_id", Kind::Type, &self.types).await?;
        conditions.named(connection, "f.rule_id", Kind::Rule, &self.rules).await?;
        conditions.named(connection, "f.assignee_id", Kind::Person, &self.assignees).await?;
        conditions.named(connection, "f.suppression_id", Kind::Suppression, &self.suppressions).await?;
        conditions.services(connection, "f.type_id", &self.services).await?;
        if self.is_unassigned {
            conditions.sql.push_str(" AND f.assignee_id IS NULL");
        }
        let detectors = self.detectors.iter().map(|it| Detectors::only(*it));
        if let Some(bits) = detectors.reduce(Detectors::with) {
            conditions.sql.push_str(&format!(" AND f.detectors & {} <> 0", bits.0));
        }
        if !self.opened_before.is_empty() {
            let each = self.opened_before.iter().map(|(severity, at)| {
                format!("(f.severity = {} AND f.opened_at < {})", severity.code(), at.as_millisecond())
            });
            conditions.sql.push_str(&format!(" AND ({})", each.collect::<Vec<_>>().join(" OR ")));
        }
        if let Some(since) = self.opened_since {
            conditions.sql.push_str(&format!(" AND f.opened_at >= {}", since.as_millisecond()));
        }
        if let Some(since) = self.ended_since {
            let (active, since) = (RecordState::Active.code(), since.as_millisecond());
            conditions.sql.push_str(&format!(" AND (f.record_state = {active} OR f.ended_at >= {since})"));
        }
        if let Some(text) = &self.text {
            conditions.text(connection, "f.resource_id", text).await?;
        }
        Ok(conditions)
    }
}

fn is_of(services: &BTreeSet<String>, of: &ResourceType) -> bool {
    services.iter().any(|service| service.eq_ignore_ascii_case(of.service()))
}

/// Conditions in SQL. Only numbers that this program made go in, and texts as their bytes' numbers, so there is nothing to quote.
#[derive(Default)]
pub(crate) struct Conditions {
    sql: String,
    /// Whether columns of resources, `r`, are among them.
    joins_resources: bool,
    /// Whether single resources are named: then there are few findings.
    names_resources: bool,
    /// Whether one of them is met by nothing.
    is_never_met: bool,
}

/// So many resources are named one by one; where a text is in more of them, each finding's is looked at.
const NAMED: usize = 2_000;

impl Conditions {
    /// The text, to be put behind other conditions.
    pub(crate) fn as_str(&self) -> &str {
        &self.sql
    }

    /// Whether resources, `r`, have to be joined.
    pub(crate) fn joins_resources(&self) -> bool {
        self.joins_resources
    }

    /// Whether single resources are named.
    pub(crate) fn names_resources(&self) -> bool {
        self.names_resources
    }

    /// Whether nothing can meet all of them, because a name stands for nothing here. Whoever names a partial index has to ask first: the database looks
    /// through such conditions, and then finds no use for the index.
    pub(crate) fn is_never_met(&self) -> bool {
        self.is_never_met
    }

    /// Only rows of resources that a text is in, whatever its case; `column` holds their numbers.
    pub(crate) async fn text(
        &mut self,
        connection: &mut Connection,
        column: &str,
        text: &str,
    ) -> sqlx::Result<()> {
        let text = database::text_literal(&text.to_lowercase());
        let holds = format!(
            "(instr(lower(r.resource), {text}) > 0 OR instr(lower(r.name), {text}) > 0
              OR instr(lower(r.arn), {text}) > 0)"
        );
        let sql = format!("SELECT r.id FROM resources r WHERE {holds} LIMIT {}", NAMED + 1);
        let found: Vec<i64> =
            sqlx::query_scalar(AssertSqlSafe(sql)).persistent(false).fetch_all(connection).await?;
        if found.len() <= NAMED {
            self.one_of(column, &found);
            self.names_resources = true;
        } else {
            self.sql.push_str(&format!(" AND {holds}"));
            self.joins_resources = true;
        }
        Ok(())
    }

    /// Only rows where a column holds one of these numbers.
    pub(crate) fn one_of(&mut self, column: &str, numbers: &[i64]) {
        self.is_never_met |= numbers.is_empty();
        let list: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        self.sql.push_str(&format!(" AND {column} IN ({})", list.join(", ")));
    }

    pub(crate) fn codes<T: Code>(&mut self, column: &str, words: &BTreeSet<T>) {
        if !words.is_empty() {
            let numbers: Vec<i64> = words.iter().map(|word| word.code()).collect();
            self.one_of(column, &numbers);
        }
    }

    pub(crate) fn at_least(&mut self, column: &str, least: Option<Severity>) {
        if let Some(least) = least {
            self.sql.push_str(&format!(" AND {column} >= {}", least.code()));
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
        let numbers = names::find_all(connection, kind, wanted).await?;
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
        let mut numbers: Vec<i64> =
            types.into_iter().filter(|(_, it)| is_of(services, it)).map(|(number, _)| number).collect();
        numbers.sort_unstable();
        self.one_of(column, &numbers);
        Ok(())
    }
}
