//! The evaluations of a scan, each with the life of its finding.

use std::sync::Arc;

use futures::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Row as _};
use yagura_model::{AccountId, Evaluation, EvaluationRecord, FindingBrief, ScanId};

use super::filter::{Conditions, Filter};
use super::words::Words;
use super::{Out, ReadError, Records, accounts_of, produce};
use crate::codes::Code;
use crate::database::{Connection, Row, Transaction};
use crate::error::undecodable;
use crate::names::Kind;
use crate::store::Store;

impl Store {
    /// The evaluations of a scan that `filter` lets through, in the order of outputs: account, region, type, id, rule.
    ///
    /// # Errors
    ///
    /// [`ReadError`] when the scan is not there, its evaluations were dropped, or the database failed; the stream's own records
    /// can be errors too.
    pub async fn evaluations(
        &self,
        scan: ScanId,
        filter: &Filter,
    ) -> Result<Records<EvaluationRecord>, ReadError> {
        let inner = Arc::clone(&self.inner);
        let mut snapshot = inner.snapshot().await?;
        inner.check_kept(&mut snapshot, scan).await?;
        let filter = filter.clone();
        Ok(produce(&self.inner, move |out| async move {
            send(snapshot, scan, &filter, out).await.map_err(|error| inner.failed(error).into())
        }))
    }
}

async fn send(
    mut snapshot: Transaction<'static>,
    scan: ScanId,
    filter: &Filter,
    out: Out<EvaluationRecord>,
) -> sqlx::Result<()> {
    let words = Words::load(&mut snapshot).await?;
    let conditions = conditions(&mut snapshot, filter).await?;
    let sql = format!(
        "SELECT r.region_id, r.type_id, r.resource, r.arn, r.name, e.rule_id, e.outcome, e.severity,
                reason.body, evidence.body, f.uid, f.first_scan, f.last_scan, f.workflow, f.record_state
         FROM resources r
         JOIN evaluations e ON e.scan_id = $1 AND e.resource_id = r.id
         JOIN names region ON region.id = r.region_id
         JOIN names kind ON kind.id = r.type_id
         JOIN names rule ON rule.id = e.rule_id
         LEFT JOIN details reason ON reason.id = e.reason_id
         LEFT JOIN details evidence ON evidence.id = e.evidence_id
         LEFT JOIN findings f ON f.resource_id = r.id AND f.rule_id = e.rule_id
         WHERE r.account_id = $2{}
         ORDER BY region.name, kind.name, r.resource, rule.name",
        conditions.as_str()
    );
    let accounts = accounts_of(&mut snapshot, scan).await?;
    for (account_id, account) in accounts {
        if !filter.accounts.is_empty() && !filter.accounts.contains(&account) {
            continue;
        }
        let mut rows =
            sqlx::query(AssertSqlSafe(sql.as_str())).bind(scan.0).bind(account_id).fetch(&mut *snapshot);
        while let Some(row) = rows.try_next().await? {
            if out.put(decode(&words, &account, &row)?).await.is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

async fn conditions(connection: &mut Connection, filter: &Filter) -> sqlx::Result<Conditions> {
    let mut conditions = Conditions::default();
    conditions.codes("e.outcome", &filter.outcomes);
    conditions.at_least("e.severity", filter.min_severity);
    conditions.named(connection, "r.region_id", Kind::Region, &filter.regions).await?;
    conditions.named(connection, "r.type_id", Kind::Type, &filter.types).await?;
    conditions.named(connection, "e.rule_id", Kind::Rule, &filter.rules).await?;
    conditions.services(connection, "r.type_id", &filter.services).await?;
    Ok(conditions)
}

fn decode(words: &Words, account: &AccountId, row: &Row) -> sqlx::Result<EvaluationRecord> {
    let evaluation = Evaluation {
        resource: words.key(account, row)?,
        arn: row.try_get(3)?,
        name: row.try_get(4)?,
        rule: words.rule(row.try_get(5)?)?,
        outcome: Code::decode(row.try_get(6)?)?,
        severity: Code::decode(row.try_get(7)?)?,
        reason: json(row, 8)?,
        evidence: json(row, 9)?,
    };
    let finding = match row.try_get::<Option<&[u8]>, _>(10)? {
        None => None,
        Some(uid) => {
            let (first_seen, last_seen) = words.seen(row.try_get(11)?, row.try_get(12)?)?;
            let workflow = Code::decode(row.try_get(13)?)?;
            let record_state = Code::decode(row.try_get(14)?)?;
            Some(FindingBrief { id: hex(uid), first_seen, last_seen, workflow, record_state })
        }
    };
    Ok(EvaluationRecord { evaluation, finding })
}

/// A JSON text, if there is one.
pub(super) fn json<T: serde::de::DeserializeOwned>(row: &Row, column: usize) -> sqlx::Result<Option<T>> {
    let text: Option<&str> = row.try_get(column)?;
    text.map(|text| serde_json::from_str(text).map_err(undecodable)).transpose()
}

/// Bytes as people see them.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
