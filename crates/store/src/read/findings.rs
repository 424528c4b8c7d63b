//! Findings as they stand now.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Deserialize;
use yagura_model::{AccountId, Finding, ResourceKey, RuleId, Timestamp};

use super::evaluations::{json, rows};
use super::filter::{Conditions, FindingFilter};
use super::words::Words;
use super::{Out, PAGE, ReadError, Records, produce};
use crate::codes::Code;
use crate::database::{Connection, Transaction, all_rows};
use crate::error::{Unexpected, undecodable};
use crate::lifecycle::Detectors;
use crate::names::{self, Kind};
use crate::report::Report;
use crate::store::Store;
use crate::uid::Uid;

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
    let found: Option<i64> = sqlx::query_scalar("SELECT id FROM findings WHERE uid = $1")
        .bind(uid.as_bytes())
        .fetch_optional(&mut *connection)
        .await?;
    let Some(id) = found else { return Ok(None) };
    let words = Words::load(connection).await?;
    Ok(numbered(connection, &words, &[id]).await?.pop())
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
        let mut conditions = filter.conditions(&mut snapshot).await?;
        conditions.one_of("f.account_id", &[account_id]);
        let questions = questions(&mut snapshot, &words, &account, &conditions).await?;
        let numbers: Vec<i64> = questions.iter().map(|it| it.id).collect();
        for page in numbers.chunks(PAGE) {
            let findings = numbered(&mut snapshot, &words, page).await?;
            if out.put(findings).await.is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
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

/// The columns of [`FindingRow`].
const COLUMNS: &str = "f.id, lower(hex(f.uid)), f.kind, f.account_id, f.region_id, f.type_id, r.resource, r.arn, r.name, f.rule_id, f.severity,
    f.record_state, f.workflow, f.detectors, f.assignee_id, f.suppression_id, f.evidence, f.first_at, f.opened_at, s.last_at,
    f.ended_at, f.reopened,
    (SELECT body FROM reports WHERE finding_id = f.id ORDER BY record_state, changed_at DESC LIMIT 1),
    EXISTS (SELECT 1 FROM reports WHERE finding_id = f.id AND (detector = 1 OR via = 1))";

#[derive(Deserialize)]
struct FindingRow(
    i64,
    String,
    i64,
    i64,
    i64,
    i64,
    String,
    String,
    String,
    i64,
    i64,
    i64,
    i64,
    i64,
    Option<i64>,
    Option<i64>,
    Option<String>,
    i64,
    i64,
    i64,
    Option<i64>,
    u32,
    Option<String>,
    i64,
);

/// The findings with these numbers, in their order.
pub(super) async fn numbered(
    connection: &mut Connection,
    words: &Words,
    numbers: &[i64],
) -> sqlx::Result<Vec<Finding>> {
    let mut these = Conditions::default();
    these.one_of("f.id", numbers);
    let sql = format!(
        "SELECT {} FROM findings f JOIN resources r ON r.id = f.resource_id JOIN sights s ON s.id = f.sight_id
         WHERE 1 = 1{}",
        all_rows(COLUMNS),
        these.as_str()
    );
    let rows = rows::<FindingRow>(connection, sql).await?;
    let mut by_id: HashMap<i64, FindingRow> = rows.into_iter().map(|row| (row.0, row)).collect();
    numbers
        .iter()
        .map(|id| decode(words, by_id.remove(id).ok_or_else(|| Unexpected::decode("finding", *id))?))
        .collect()
}

fn decode(words: &Words, row: FindingRow) -> sqlx::Result<Finding> {
    let FindingRow(
        _,
        id,
        kind,
        account,
        region,
        resource_type,
        resource,
        arn,
        name,
        rule,
        severity,
        record_state,
        workflow,
        detectors,
        assignee,
        suppression,
        evidence,
        first,
        opened,
        last,
        ended,
        reopened,
        report,
        in_security_hub,
    ) = row;
    let resource = ResourceKey {
        account: words.account(account)?,
        region: words.region(region)?,
        resource_type: words.resource_type(resource_type)?,
        id: resource,
    };
    let rule = words.rule(rule)?;
    let (first_seen, opened_at) = (moment(first)?, moment(opened)?);
    let last_seen = moment(last)?.max(first_seen);
    let report = json::<Report>(report)?;
    Ok(Finding {
        // Not made of rule and resource: a detection's finding has its own, because the same actor may do the same again another day.
        id,
        kind: Code::decode(kind)?,
        rule,
        resource,
        arn,
        name,
        severity: Code::decode(severity)?,
        record_state: Code::decode(record_state)?,
        workflow: Code::decode(workflow)?,
        assignee: assignee.map(|it| words.person(it)).transpose()?,
        suppression: suppression.map(|it| words.suppression(it)).transpose()?,
        detectors: Detectors(detectors).all().collect(),
        evidence: json(evidence)?,
        // A detector's number 1, and who passed on with the same.
        in_security_hub: in_security_hub == 1,
        text: report.map(|it| it.text),
        first_seen,
        opened_at: opened_at.max(first_seen),
        last_seen,
        resolved_at: ended.map(moment).transpose()?.map(|at| at.max(last_seen)),
        reopened,
    })
}

/// A moment from the tables.
pub(super) fn moment(millis: i64) -> sqlx::Result<Timestamp> {
    Timestamp::from_millisecond(millis).map_err(undecodable)
}
