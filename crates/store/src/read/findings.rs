//! Findings as they stand now.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use yagura_model::{AccountId, Detector, Finding, FindingKind, ResourceKey, RuleId};

use super::evaluations::{json, rows};
use super::filter::{Conditions, FindingFilter};
use super::words::Words;
use super::{Out, PAGE, ReadError, Records, produce};
use crate::codes::Code;
use crate::database::{Connection, Transaction, all_rows};
use crate::error::{Unexpected, undecodable};
use crate::names::{self, Kind};
use crate::store::Store;
use crate::uid::{Uid, uid};

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
        let Ok(uid) = id.parse() else { return Ok(None) };
        let mut snapshot = self.inner.snapshot().await?;
        one(&mut snapshot, uid).await.map_err(|error| self.inner.failed(error).into())
    }
}

async fn one(connection: &mut Connection, uid: Uid) -> sqlx::Result<Option<Finding>> {
    let found: Option<(i64, String)> = sqlx::query_as(
        "SELECT findings.id, names.name FROM findings JOIN names ON names.id = account_id WHERE uid = $1",
    )
    .bind(uid.as_bytes())
    .fetch_optional(&mut *connection)
    .await?;
    let Some((id, account)) = found else { return Ok(None) };
    let account = AccountId::new(&account).map_err(undecodable)?;
    let words = Words::load(connection).await?;
    let mut these = Conditions::default();
    these.one_of("f.id", &[id]);
    let questions = questions(connection, &words, &account, &these).await?;
    Ok(page_of(connection, &words, &questions).await?.pop())
}

async fn send(
    mut snapshot: Transaction<'static>,
    filter: &FindingFilter,
    out: Out<Finding>,
) -> sqlx::Result<()> {
    let words = Words::load(&mut snapshot).await?;
    let numbers =
        names::all(&mut snapshot, Kind::Account, |name| AccountId::new(name).map_err(undecodable)).await?;
    let accounts: BTreeMap<AccountId, i64> = numbers.into_iter().map(|(id, account)| (account, id)).collect();
    for (account, account_id) in accounts {
        if !filter.accounts.is_empty() && !filter.accounts.contains(&account) {
            continue;
        }
        let conditions = conditions(&mut snapshot, account_id, filter).await?;
        let questions = questions(&mut snapshot, &words, &account, &conditions).await?;
        for page in questions.chunks(PAGE) {
            let findings = page_of(&mut snapshot, &words, page).await?;
            if out.put(findings).await.is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

async fn conditions(
    connection: &mut Connection,
    account_id: i64,
    filter: &FindingFilter,
) -> sqlx::Result<Conditions> {
    let mut conditions = Conditions::default();
    conditions.one_of("f.account_id", &[account_id]);
    conditions.codes("f.record_state", &filter.record_states);
    conditions.codes("f.workflow", &filter.workflows);
    conditions.at_least("f.severity", filter.min_severity);
    conditions.named(connection, "r.region_id", Kind::Region, &filter.regions).await?;
    conditions.named(connection, "r.type_id", Kind::Type, &filter.types).await?;
    conditions.named(connection, "f.rule_id", Kind::Rule, &filter.rules).await?;
    conditions.services(connection, "r.type_id", &filter.services).await?;
    Ok(conditions)
}

/// What a finding is about: its number, resource and rule.
struct Question {
    id: i64,
    resource: ResourceKey,
    rule: RuleId,
}

/// What the findings that the conditions let through are about, in the order of outputs.
async fn questions(
    connection: &mut Connection,
    words: &Words,
    account: &AccountId,
    conditions: &Conditions,
) -> sqlx::Result<Vec<Question>> {
    let sql = format!(
        "SELECT {} FROM findings f JOIN resources r ON r.id = f.resource_id WHERE 1 = 1{}",
        all_rows("f.id, r.region_id, r.type_id, r.resource, f.rule_id"),
        conditions.as_str()
    );
    let mut questions = Vec::new();
    for (id, region, kind, resource, rule) in rows::<(i64, i64, i64, String, i64)>(connection, sql).await? {
        let (region, resource_type) = (words.region(region)?, words.resource_type(kind)?);
        let resource = ResourceKey { account: account.clone(), region, resource_type, id: resource };
        questions.push(Question { id, resource, rule: words.rule(rule)? });
    }
    questions.sort_unstable_by(|a, b| (&a.resource, &a.rule).cmp(&(&b.resource, &b.rule)));
    Ok(questions)
}

type FindingRow = (i64, String, String, i64, i64, i64, Option<String>, i64, i64, Option<i64>, u32);

/// The findings of a page, in its order.
async fn page_of(
    connection: &mut Connection,
    words: &Words,
    page: &[Question],
) -> sqlx::Result<Vec<Finding>> {
    let mut these = Conditions::default();
    these.one_of("f.id", &page.iter().map(|it| it.id).collect::<Vec<_>>());
    let sql = format!(
        "SELECT {} FROM findings f JOIN resources r ON r.id = f.resource_id WHERE 1 = 1{}",
        all_rows(
            "f.id, r.arn, r.name, f.severity, f.record_state, f.workflow, f.evidence, f.first_scan,
             f.last_scan, f.resolved_scan, f.reopened"
        ),
        these.as_str()
    );
    let rows = rows::<FindingRow>(connection, sql).await?;
    let mut by_id: HashMap<i64, FindingRow> = rows.into_iter().map(|row| (row.0, row)).collect();
    page.iter()
        .map(|question| {
            let row = by_id.remove(&question.id);
            decode(words, question, row.ok_or_else(|| Unexpected::decode("finding", question.id))?)
        })
        .collect()
}

fn decode(words: &Words, question: &Question, row: FindingRow) -> sqlx::Result<Finding> {
    let (_, arn, name, severity, record_state, workflow, evidence, first, last, resolved, reopened) = row;
    let (first_seen, last_seen) = words.seen(first, last)?;
    Ok(Finding {
        id: uid(&question.rule, &question.resource).to_string(),
        kind: FindingKind::Configuration,
        rule: question.rule.clone(),
        resource: question.resource.clone(),
        arn,
        name,
        severity: Code::decode(severity)?,
        record_state: Code::decode(record_state)?,
        workflow: Code::decode(workflow)?,
        assignee: None,
        suppression: None,
        detectors: BTreeSet::from([Detector::Yagura]),
        evidence: json(evidence)?,
        text: None,
        first_seen,
        opened_at: first_seen,
        last_seen,
        resolved_at: resolved.map(|scan| words.moment(scan)).transpose()?.map(|at| at.max(last_seen)),
        reopened,
    })
}
