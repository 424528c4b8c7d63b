//! Findings a page at a time, the worst first: what a list on a screen shows, without reading the others.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use sqlx::AssertSqlSafe;
use thiserror::Error;
use yagura_model::{Finding, RecordState, Severity};

use super::ReadError;
use super::filter::{Conditions, FindingFilter};
use super::findings::numbered;
use super::words::Words;
use crate::codes::Code;
use crate::database::{self, Connection};
use crate::names::Kind;
use crate::store::Store;

/// Up to so many findings of some accounts are sorted; of more, the sorted list is gone through.
const SORTED: i64 = 20_000;

/// Up to so many findings of some rules: those of an account lie together, those of a rule anywhere.
const SORTED_OF_RULES: i64 = 2_000;

/// In which order the findings of a severity come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FindingOrder {
    /// Those that opened last come first.
    #[default]
    NewestFirst,
    /// Those that are open for longest come first.
    OldestFirst,
}

/// A page that somebody asks for. The worst findings come first, and of those equally bad the active ones.
#[derive(Debug, Clone)]
pub struct FindingQuery {
    /// Which findings.
    pub filter: FindingFilter,
    /// In which order.
    pub order: FindingOrder,
    /// So many at most.
    pub limit: usize,
    /// Behind this place.
    pub after: Option<FindingCursor>,
}

/// A page of findings.
#[derive(Debug, Clone, PartialEq)]
pub struct FindingPage {
    /// The findings.
    pub findings: Vec<Finding>,
    /// Where the next page begins; `None` when this is the last one.
    pub next: Option<FindingCursor>,
}

/// A place in a list of findings, which stays where it is when findings come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FindingCursor {
    severity: i64,
    record_state: i64,
    opened_at: i64,
    id: i64,
}

/// A text that is no cursor.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no place in a list of findings")]
pub struct CursorError(String);

impl fmt::Display for FindingCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}.{}", self.severity, self.record_state, self.opened_at, self.id)
    }
}

impl FromStr for FindingCursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let error = || CursorError(text.chars().take(60).collect());
        let numbers: Vec<i64> =
            text.split('.').map(str::parse).collect::<Result<_, _>>().map_err(|_| error())?;
        let [severity, record_state, opened_at, id] = numbers[..] else { return Err(error()) };
        let is_known = Severity::decode(severity).is_ok() && RecordState::decode(record_state).is_ok();
        is_known.then_some(Self { severity, record_state, opened_at, id }).ok_or_else(error)
    }
}

impl Store {
    /// A page of findings.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn finding_page(&self, query: &FindingQuery) -> Result<FindingPage, ReadError> {
        let mut snapshot = self.inner.snapshot().await?;
        page(&mut snapshot, query).await.map_err(|error| self.inner.failed(error).into())
    }

    /// The findings whose ids begin so, at most `limit` of them, by id.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn findings_called(&self, start: &str, limit: usize) -> Result<Vec<Finding>, ReadError> {
        if start.is_empty() || !start.bytes().all(|it| it.is_ascii_hexdigit()) || start.len() > 32 {
            return Ok(Vec::new());
        }
        let start = start.to_ascii_lowercase();
        let (from, until) = (format!("{start:0<32}"), format!("{start:f<32}"));
        let mut snapshot = self.inner.snapshot().await?;
        // The two are digits and nothing else.
        let sql = format!(
            "SELECT id FROM findings WHERE uid BETWEEN x'{from}' AND x'{until}' ORDER BY uid LIMIT {limit}"
        );
        let failed = |error| ReadError::from(self.inner.failed(error));
        let numbers: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(sql))
            .persistent(false)
            .fetch_all(&mut *snapshot)
            .await
            .map_err(failed)?;
        let words = Words::load(&mut snapshot).await.map_err(failed)?;
        numbered(&mut snapshot, &words, &numbers).await.map_err(failed)
    }
}

async fn page(connection: &mut Connection, query: &FindingQuery) -> sqlx::Result<FindingPage> {
    let FindingQuery { filter, limit, .. } = query;
    let conditions = filter.conditions(connection).await?;
    if conditions.is_never_met() {
        return Ok(FindingPage { findings: Vec::new(), next: None });
    }
    let by_resource = conditions.names_resources().then_some("findings_resource");
    let few = if by_resource.is_some() { by_resource } else { few(connection, filter).await? };
    let mut found = match few {
        Some(index) => sorted(connection, &conditions, query, index).await?,
        None => {
            let there = there(connection, filter).await?;
            walked(connection, filter, &conditions, query, there.as_ref()).await?
        }
    };
    let is_more = found.len() > *limit;
    found.truncate(*limit);
    let next = if is_more { found.last().copied() } else { None };
    let words = Words::load(connection).await?;
    let numbers: Vec<i64> = found.iter().map(|it| it.id).collect();
    Ok(FindingPage { findings: numbered(connection, &words, &numbers).await?, next })
}

/// The index that leads to few findings, if there is one.
async fn few(connection: &mut Connection, filter: &FindingFilter) -> sqlx::Result<Option<&'static str>> {
    let by_account = kept(connection, filter, Of::Accounts).await?;
    let by_rule = kept(connection, filter, Of::Rules).await?;
    let by_end = ended(connection, filter).await?;
    let best = [
        (by_account, SORTED, "findings_account"),
        (by_rule, SORTED_OF_RULES, "findings_rule"),
        (by_end, SORTED, ENDED),
    ]
    .into_iter()
    .filter_map(|(count, most, index)| Some((count.filter(|it| *it <= most)?, index)));
    Ok(best.min().map(|(_, index)| index))
}

/// The index of what ended, by when.
const ENDED: &str = "findings_ended";

/// How many findings ended since a filter's moment, as far as they are counted; `None` when it asks for others too.
async fn ended(connection: &mut Connection, filter: &FindingFilter) -> sqlx::Result<Option<i64>> {
    let Some(since) = filter.ended_since else { return Ok(None) };
    if filter.record_states != BTreeSet::from([RecordState::Archived]) {
        return Ok(None);
    }
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM findings {} WHERE record_state = 1 AND ended_at >= {} LIMIT {})",
        database::by_index(ENDED),
        since.as_millisecond(),
        SORTED + 1
    );
    sqlx::query_scalar(AssertSqlSafe(sql)).persistent(false).fetch_one(connection).await.map(Some)
}

/// By what counters are asked.
#[derive(Clone, Copy)]
enum Of {
    Accounts,
    Rules,
}

impl Of {
    /// The conditions on counters of the accounts, or the rules, of a filter; `None` when it names none.
    async fn conditions(
        self,
        connection: &mut Connection,
        filter: &FindingFilter,
    ) -> sqlx::Result<Option<Conditions>> {
        let mut these = Conditions::default();
        let other = match self {
            Self::Accounts if filter.accounts.is_empty() => return Ok(None),
            Self::Rules if filter.rules.is_empty() => return Ok(None),
            Self::Accounts => {
                these.named(connection, "account_id", Kind::Account, &filter.accounts).await?;
                "rule_id"
            }
            Self::Rules => {
                these.named(connection, "rule_id", Kind::Rule, &filter.rules).await?;
                "account_id"
            }
        };
        these.one_of(other, &[0]);
        Ok(Some(these))
    }
}

/// How many findings the accounts, or the rules, of a filter have, those that ended too: the indexes lead to them.
async fn kept(connection: &mut Connection, filter: &FindingFilter, of: Of) -> sqlx::Result<Option<i64>> {
    let Some(these) = of.conditions(connection, filter).await? else { return Ok(None) };
    let sql = format!("SELECT COALESCE(SUM(findings), 0) FROM finding_counts WHERE 1 = 1{}", these.as_str());
    sqlx::query_scalar(AssertSqlSafe(sql)).persistent(false).fetch_one(connection).await.map(Some)
}

/// The severities and states that the rules of a filter have findings of; `None` when it names none.
async fn there(
    connection: &mut Connection,
    filter: &FindingFilter,
) -> sqlx::Result<Option<BTreeSet<(i64, i64)>>> {
    let Some(these) = Of::Rules.conditions(connection, filter).await? else { return Ok(None) };
    let sql = format!(
        "SELECT DISTINCT severity, record_state FROM finding_counts WHERE findings > 0{}",
        these.as_str()
    );
    let rows: Vec<(i64, i64)> =
        sqlx::query_as(AssertSqlSafe(sql)).persistent(false).fetch_all(connection).await?;
    Ok(Some(rows.into_iter().collect()))
}

type PlaceRow = (i64, i64, i64, i64);

fn place((severity, record_state, opened_at, id): PlaceRow) -> FindingCursor {
    FindingCursor { severity, record_state, opened_at, id }
}

/// Conditions, and the join with resources where they ask for a text.
fn from_findings(conditions: &Conditions, index: &str) -> String {
    let resources =
        if conditions.joins_resources() { " JOIN resources r ON r.id = f.resource_id" } else { "" };
    format!("FROM findings f {}{resources}", database::by_index(index))
}

impl FindingOrder {
    /// How `opened_at` and `id` are sorted, and how the next ones compare to the last one.
    fn words(self) -> (&'static str, char) {
        match self {
            Self::NewestFirst => ("DESC", '<'),
            Self::OldestFirst => ("ASC", '>'),
        }
    }
}

/// Finds all that fit by an index that leads to few, and sorts them.
async fn sorted(
    connection: &mut Connection,
    conditions: &Conditions,
    query: &FindingQuery,
    index: &str,
) -> sqlx::Result<Vec<FindingCursor>> {
    let (direction, compare) = query.order.words();
    let behind = query.after.map_or_else(String::new, |it| {
        let FindingCursor { severity, record_state, opened_at, id } = it;
        format!(
            " AND (f.severity < {severity} OR (f.severity = {severity} AND (f.record_state > {record_state}
              OR (f.record_state = {record_state} AND (f.opened_at, f.id) {compare} ({opened_at}, {id})))))"
        )
    });
    // It holds only what ended, and is used only where that is said so.
    let only = if index == ENDED { " AND f.record_state = 1" } else { "" };
    let since = query.filter.ended_since.filter(|_| index == ENDED);
    let since = since.map_or_else(String::new, |it| format!(" AND f.ended_at >= {}", it.as_millisecond()));
    let sql = format!(
        "SELECT f.severity, f.record_state, f.opened_at, f.id {} WHERE 1 = 1{only}{since}{}{behind}
         ORDER BY f.severity DESC, f.record_state, f.opened_at {direction}, f.id {direction} LIMIT {}",
        from_findings(conditions, index),
        conditions.as_str(),
        query.limit + 1
    );
    let rows: Vec<PlaceRow> =
        sqlx::query_as(AssertSqlSafe(sql)).persistent(false).fetch_all(connection).await?;
    Ok(rows.into_iter().map(place).collect())
}

/// Goes through the list in its order until the page is full, severity by severity; `there` are the severities and states that have any at all.
async fn walked(
    connection: &mut Connection,
    filter: &FindingFilter,
    conditions: &Conditions,
    query: &FindingQuery,
    there: Option<&BTreeSet<(i64, i64)>>,
) -> sqlx::Result<Vec<FindingCursor>> {
    let (direction, compare) = query.order.words();
    let least = filter.min_severity.map_or(0, Code::code);
    let mut found = Vec::new();
    for worse in Severity::ALL.into_iter().rev().filter(|it| it.code() >= least) {
        let severity = worse.code();
        let Some(opened) = filter.opened_before(worse) else { continue };
        for state in [RecordState::Active, RecordState::Archived] {
            let is_wanted = filter.record_states.is_empty() || filter.record_states.contains(&state);
            let bucket = (-severity, state.code());
            let is_before = query.after.is_some_and(|it| bucket < (-it.severity, it.record_state));
            let is_empty = there.is_some_and(|it| !it.contains(&(severity, state.code())));
            if !is_wanted || is_before || is_empty || found.len() > query.limit {
                continue;
            }
            let here = query.after.filter(|it| (-it.severity, it.record_state) == bucket);
            let behind = here.map_or_else(String::new, |it| {
                format!(" AND (f.opened_at, f.id) {compare} ({}, {})", it.opened_at, it.id)
            });
            let sql = format!(
                "SELECT f.severity, f.record_state, f.opened_at, f.id {}
                 WHERE f.record_state = {} AND f.severity = {severity}{opened}{}{behind}
                 ORDER BY f.opened_at {direction}, f.id {direction} LIMIT {}",
                from_findings(conditions, "findings_list"),
                state.code(),
                conditions.as_str(),
                query.limit + 1 - found.len()
            );
            let rows: Vec<PlaceRow> =
                sqlx::query_as(AssertSqlSafe(sql)).persistent(false).fetch_all(&mut *connection).await?;
            found.extend(rows.into_iter().map(place));
        }
    }
    Ok(found)
}
