//! Findings as they stand now.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Row as _};
use yagura_model::{AccountId, Finding};

use super::evaluations::{hex, json};
use super::filter::{Conditions, FindingFilter};
use super::words::Words;
use super::{Out, ReadError, Records, produce};
use crate::codes::Code;
use crate::database::{Connection, Row, Transaction};
use crate::error::undecodable;
use crate::names::{self, Kind};
use crate::store::Store;

const SELECT: &str =
    "SELECT r.region_id, r.type_id, r.resource, r.arn, r.name, f.uid, f.rule_id, f.severity, f.record_state,
            f.workflow, f.evidence, f.first_scan, f.last_scan, f.resolved_scan, f.reopened
     FROM findings f
     JOIN resources r ON r.id = f.resource_id
     JOIN names region ON region.id = r.region_id
     JOIN names kind ON kind.id = r.type_id
     JOIN names rule ON rule.id = f.rule_id";

impl Store {
    /// The findings that `filter` lets through, in the order of outputs: account, region, type, id, rule.
    ///
    /// # Errors
    ///
    /// [`ReadError`] when the database failed; the stream's own records can be errors too.
    pub async fn findings(&self, filter: &FindingFilter) -> Result<Records<Finding>, ReadError> {
        let inner = Arc::clone(&self.inner);
        let snapshot = inner.snapshot().await?;
        let filter = filter.clone();
        Ok(produce(&self.inner, move |out| async move {
            send(snapshot, &filter, out).await.map_err(|error| inner.failed(error).into())
        }))
    }

    /// The finding with this id.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn finding(&self, id: &str) -> Result<Option<Finding>, ReadError> {
        let Some(uid) = parse_uid(id) else { return Ok(None) };
        let mut snapshot = self.inner.snapshot().await?;
        one(&mut snapshot, &uid).await.map_err(|error| self.inner.failed(error).into())
    }
}

async fn one(connection: &mut Connection, uid: &[u8]) -> sqlx::Result<Option<Finding>> {
    let words = Words::load(connection).await?;
    let account: Option<String> = sqlx::query_scalar(
        "SELECT names.name FROM findings JOIN names ON names.id = account_id WHERE uid = $1",
    )
    .bind(uid)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(account) = account else { return Ok(None) };
    let account = AccountId::new(&account).map_err(undecodable)?;
    let row = sqlx::query(AssertSqlSafe(format!("{SELECT} WHERE f.uid = $1")))
        .bind(uid)
        .fetch_optional(connection)
        .await?;
    row.map(|row| decode(&words, &account, &row)).transpose()
}

async fn send(
    mut snapshot: Transaction<'static>,
    filter: &FindingFilter,
    out: Out<Finding>,
) -> sqlx::Result<()> {
    let words = Words::load(&mut snapshot).await?;
    let conditions = conditions(&mut snapshot, filter).await?;
    let sql = format!(
        "{SELECT} WHERE f.account_id = $1{} ORDER BY region.name, kind.name, r.resource, rule.name",
        conditions.as_str()
    );
    let numbers =
        names::all(&mut snapshot, Kind::Account, |name| AccountId::new(name).map_err(undecodable)).await?;
    let accounts: BTreeMap<AccountId, i64> = numbers.into_iter().map(|(id, account)| (account, id)).collect();
    for (account, account_id) in accounts {
        if !filter.accounts.is_empty() && !filter.accounts.contains(&account) {
            continue;
        }
        let mut rows = sqlx::query(AssertSqlSafe(sql.as_str())).bind(account_id).fetch(&mut *snapshot);
        while let Some(row) = rows.try_next().await? {
            if out.put(decode(&words, &account, &row)?).await.is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

async fn conditions(connection: &mut Connection, filter: &FindingFilter) -> sqlx::Result<Conditions> {
    let mut conditions = Conditions::default();
    conditions.codes("f.record_state", &filter.record_states);
    conditions.codes("f.workflow", &filter.workflows);
    conditions.at_least("f.severity", filter.min_severity);
    conditions.named(connection, "r.region_id", Kind::Region, &filter.regions).await?;
    conditions.named(connection, "r.type_id", Kind::Type, &filter.types).await?;
    conditions.named(connection, "f.rule_id", Kind::Rule, &filter.rules).await?;
    conditions.services(connection, "r.type_id", &filter.services).await?;
    Ok(conditions)
}

fn decode(words: &Words, account: &AccountId, row: &Row) -> sqlx::Result<Finding> {
    let (first_seen, last_seen) = words.seen(row.try_get(11)?, row.try_get(12)?)?;
    let resolved: Option<i64> = row.try_get(13)?;
    Ok(Finding {
        resource: words.key(account, row)?,
        arn: row.try_get(3)?,
        name: row.try_get(4)?,
        id: hex(row.try_get(5)?),
        rule: words.rule(row.try_get(6)?)?,
        severity: Code::decode(row.try_get(7)?)?,
        record_state: Code::decode(row.try_get(8)?)?,
        workflow: Code::decode(row.try_get(9)?)?,
        evidence: json(row, 10)?,
        first_seen,
        last_seen,
        resolved_at: resolved.map(|scan| words.moment(scan)).transpose()?.map(|at| at.max(last_seen)),
        reopened: row.try_get(14)?,
    })
}

/// The bytes of a finding's id; `None` when it cannot be one.
pub(crate) fn parse_uid(id: &str) -> Option<Vec<u8>> {
    let digits = id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit());
    let byte = |at: usize| id.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    if digits { (0..32).step_by(2).map(byte).collect() } else { None }
}
