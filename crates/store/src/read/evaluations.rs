//! The evaluations of a scan, each with the life of its finding.

use std::collections::HashMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use sqlx::AssertSqlSafe;
use yagura_model::{AccountId, Evaluation, EvaluationRecord, FindingBrief, ResourceKey, ScanId};

use super::filter::{Conditions, Filter};
use super::findings::moment;
use super::words::Words;
use super::{Out, PAGE, ReadError, Records, accounts_of, produce};
use crate::codes::Code;
use crate::database::{Connection, Transaction, all_rows};
use crate::error::{Unexpected, undecodable};
use crate::names::Kind;
use crate::store::Store;
use crate::uid::uid;

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
    let queries = Queries::new(&mut snapshot, scan, filter).await?;
    for (account_id, account) in accounts_of(&mut snapshot, scan).await? {
        if !filter.accounts.is_empty() && !filter.accounts.contains(&account) {
            continue;
        }
        let resources = resources(&mut snapshot, &words, &account, queries.resources(account_id)).await?;
        for page in resources.chunks(PAGE) {
            let records = records(&mut snapshot, &words, page, &queries).await?;
            if out.put(records).await.is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The SQL of one stream. Everything in it is a number that this program made.
struct Queries {
    scan: i64,
    /// Conditions on resources, `r`.
    where_resource: Conditions,
    /// Conditions on evaluations, `e`.
    where_evaluation: Conditions,
}

impl Queries {
    async fn new(connection: &mut Connection, scan: ScanId, filter: &Filter) -> sqlx::Result<Self> {
        let mut where_resource = Conditions::default();
        where_resource.named(connection, "r.region_id", Kind::Region, &filter.regions).await?;
        where_resource.named(connection, "r.type_id", Kind::Type, &filter.types).await?;
        where_resource.services(connection, "r.type_id", &filter.services).await?;
        let mut where_evaluation = Conditions::default();
        where_evaluation.codes("e.outcome", &filter.outcomes);
        where_evaluation.at_least("e.severity", filter.min_severity);
        where_evaluation.named(connection, "e.rule_id", Kind::Rule, &filter.rules).await?;
        Ok(Self { scan: scan.0, where_resource, where_evaluation })
    }

    /// The resources of one account that were judged.
    fn resources(&self, account_id: i64) -> String {
        format!(
            "SELECT {} FROM resources r WHERE r.account_id = {account_id}{} AND EXISTS
               (SELECT 1 FROM evaluations e WHERE e.scan_id = {} AND e.resource_id = r.id{})",
            all_rows("r.id, r.region_id, r.type_id, r.resource, r.arn, r.name"),
            self.where_resource.as_str(),
            self.scan,
            self.where_evaluation.as_str()
        )
    }

    /// What the rules said of some resources.
    fn evaluations(&self, page: &[Judged]) -> String {
        let mut these = Conditions::default();
        these.one_of("e.resource_id", &page.iter().map(|it| it.id).collect::<Vec<_>>());
        format!(
            "SELECT {} FROM evaluations e
             LEFT JOIN details reason ON reason.id = e.reason_id
             LEFT JOIN details evidence ON evidence.id = e.evidence_id
             LEFT JOIN findings f ON f.resource_id = e.resource_id AND f.rule_id = e.rule_id
             LEFT JOIN sights s ON s.id = f.sight_id
             WHERE e.scan_id = {}{}{}",
            all_rows(
                "e.resource_id, e.rule_id, e.outcome, e.severity, reason.body, evidence.body,
                 f.first_at, s.last_at, f.workflow, f.record_state"
            ),
            self.scan,
            these.as_str(),
            self.where_evaluation.as_str()
        )
    }
}

/// A resource that was judged.
struct Judged {
    id: i64,
    key: ResourceKey,
    arn: String,
    name: String,
}

type ResourceRow = (i64, i64, i64, String, String, String);

/// The resources that a query finds, in the order of outputs.
async fn resources(
    connection: &mut Connection,
    words: &Words,
    account: &AccountId,
    sql: String,
) -> sqlx::Result<Vec<Judged>> {
    let mut resources = Vec::new();
    for (id, region, kind, resource, arn, name) in rows::<ResourceRow>(connection, sql).await? {
        let key = ResourceKey {
            account: account.clone(),
            region: words.region(region)?,
            resource_type: words.resource_type(kind)?,
            id: resource,
        };
        resources.push(Judged { id, key, arn, name });
    }
    resources.sort_unstable_by(|a, b| a.key.cmp(&b.key));
    Ok(resources)
}

type EvaluationRow =
    (i64, i64, i64, i64, Option<String>, Option<String>, Option<i64>, Option<i64>, Option<i64>, Option<i64>);

/// The evaluations of a page of resources, in the order of outputs.
async fn records(
    connection: &mut Connection,
    words: &Words,
    page: &[Judged],
    queries: &Queries,
) -> sqlx::Result<Vec<EvaluationRecord>> {
    let places: HashMap<i64, usize> = page.iter().enumerate().map(|(place, it)| (it.id, place)).collect();
    let rows = rows::<EvaluationRow>(connection, queries.evaluations(page)).await?;
    let mut records = Vec::with_capacity(rows.len());
    for row in rows {
        let place = places.get(&row.0).copied().ok_or_else(|| Unexpected::decode("resource", row.0))?;
        let resource = page.get(place).ok_or_else(|| Unexpected::decode("resource", row.0))?;
        records.push((place, decode(words, resource, row)?));
    }
    records.sort_unstable_by(|(place_a, a), (place_b, b)| {
        place_a.cmp(place_b).then_with(|| a.evaluation.rule.cmp(&b.evaluation.rule))
    });
    Ok(records.into_iter().map(|(_, record)| record).collect())
}

fn decode(words: &Words, resource: &Judged, row: EvaluationRow) -> sqlx::Result<EvaluationRecord> {
    let (_, rule, outcome, severity, reason, evidence, first, last, workflow, record_state) = row;
    let rule = words.rule(rule)?;
    let finding = match (first, last, workflow, record_state) {
        (Some(first), Some(last), Some(workflow), Some(record_state)) => {
            let first_seen = moment(first)?;
            let last_seen = moment(last)?.max(first_seen);
            let (workflow, record_state) = (Code::decode(workflow)?, Code::decode(record_state)?);
            let id = uid(&rule, &resource.key).to_string();
            Some(FindingBrief { id, first_seen, last_seen, workflow, record_state })
        }
        _ => None,
    };
    let evaluation = Evaluation {
        resource: resource.key.clone(),
        rule,
        arn: resource.arn.clone(),
        name: resource.name.clone(),
        outcome: Code::decode(outcome)?,
        severity: Code::decode(severity)?,
        reason: json(reason)?,
        evidence: json(evidence)?,
    };
    Ok(EvaluationRecord { evaluation, finding })
}

/// The rows of a query that hands them over as [one text](all_rows).
pub(crate) async fn rows<T: DeserializeOwned>(
    connection: &mut Connection,
    sql: String,
) -> sqlx::Result<Vec<T>> {
    // The numbers in it differ from page to page, so preparing it for later use would be in vain.
    let text: String = sqlx::query_scalar(AssertSqlSafe(sql)).persistent(false).fetch_one(connection).await?;
    serde_json::from_str(&text).map_err(undecodable)
}

/// What a JSON text says, if there is one.
pub(super) fn json<T: DeserializeOwned>(text: Option<String>) -> sqlx::Result<Option<T>> {
    text.map(|text| serde_json::from_str(&text).map_err(undecodable)).transpose()
}
