//! The evaluations of a scan, each with the life of its finding.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::AssertSqlSafe;
use yagura_model::{
    AccountId, Evaluation, EvaluationRecord, FindingBrief, Outcome, Reason, ResourceKey, RuleId, ScanId,
    Severity,
};

use super::filter::{Conditions, Filter};
use super::findings::moment;
use super::words::Words;
use super::{Out, PAGE, ReadError, Records, accounts_of, produce};
use crate::codes::Code;
use crate::database::{Connection, Transaction, all_rows, all_texts};
use crate::error::undecodable;
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
    let queries = Queries::new(&mut snapshot, filter).await?;
    for (account_id, account) in accounts_of(&mut snapshot, scan).await? {
        if !filter.accounts.is_empty() && !filter.accounts.contains(&account) {
            continue;
        }
        let mut answers = answers(&mut snapshot, queries.answers(account_id, scan), filter).await?;
        let resources = queries.resources(&mut snapshot, &words, &account, &answers).await?;
        for page in resources.chunks(PAGE) {
            let records = records(&mut snapshot, &words, page, &mut answers).await?;
            if out.put(records).await.is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// What the rules said of one account, by resource and rule.
type Answers = BTreeMap<i64, BTreeMap<i64, Answer>>;

/// What one rule said of one resource.
struct Answer {
    outcome: Outcome,
    severity: Severity,
    reason: Option<Reason>,
    evidence: Option<Value>,
}

type AnswerRow = (i64, i64, i64, Option<Reason>, Option<Value>);

/// Reads the answers of an account, as far as `filter` lets them through.
async fn answers(connection: &mut Connection, sql: String, filter: &Filter) -> sqlx::Result<Answers> {
    let mut answers = Answers::new();
    for (rule, of_rule) in rows::<(i64, Vec<AnswerRow>)>(connection, sql).await? {
        for (resource, outcome, severity, reason, evidence) in of_rule {
            let answer = Answer {
                outcome: Code::decode(outcome)?,
                severity: Code::decode(severity)?,
                reason,
                evidence,
            };
            let is_wanted = (filter.outcomes.is_empty() || filter.outcomes.contains(&answer.outcome))
                && filter.min_severity.is_none_or(|least| answer.severity >= least);
            if is_wanted {
                answers.entry(resource).or_default().insert(rule, answer);
            }
        }
    }
    Ok(answers)
}

/// The SQL of one stream. Everything in it is a number that this program made.
struct Queries {
    /// Conditions on resources, `r`.
    where_resource: Conditions,
    /// Conditions on judgements, `j`.
    where_judgement: Conditions,
}

impl Queries {
    async fn new(connection: &mut Connection, filter: &Filter) -> sqlx::Result<Self> {
        let mut where_resource = Conditions::default();
        where_resource.named(connection, "r.region_id", Kind::Region, &filter.regions).await?;
        where_resource.named(connection, "r.type_id", Kind::Type, &filter.types).await?;
        where_resource.services(connection, "r.type_id", &filter.services).await?;
        let mut where_judgement = Conditions::default();
        where_judgement.named(connection, "j.rule_id", Kind::Rule, &filter.rules).await?;
        Ok(Self { where_resource, where_judgement })
    }

    /// What the rules said of one account.
    fn answers(&self, account_id: i64, scan: ScanId) -> String {
        format!(
            "SELECT {} FROM account_details d, json_each(d.judgements) said JOIN judgements j ON j.id = said.value
             WHERE d.account_id = {account_id} AND d.scan_id = {}{}",
            all_texts("'[' || j.rule_id || ',' || j.answers || ']'"),
            scan.0,
            self.where_judgement.as_str()
        )
    }

    /// The resources that the answers are about, in the order of outputs.
    async fn resources(
        &self,
        connection: &mut Connection,
        words: &Words,
        account: &AccountId,
        answers: &Answers,
    ) -> sqlx::Result<Vec<Judged>> {
        let numbers: Vec<i64> = answers.keys().copied().collect();
        let mut resources = Vec::new();
        for numbers in numbers.chunks(AT_ONCE) {
            let mut these = Conditions::default();
            these.one_of("r.id", numbers);
            let sql = format!(
                "SELECT {} FROM resources r WHERE TRUE{}{}",
                all_rows("r.id, r.region_id, r.type_id, r.resource, r.arn, r.name"),
                these.as_str(),
                self.where_resource.as_str()
            );
            for (id, region, kind, resource, arn, name) in rows::<ResourceRow>(connection, sql).await? {
                let key = ResourceKey {
                    account: account.clone(),
                    region: words.region(region)?,
                    resource_type: words.resource_type(kind)?,
                    id: resource,
                };
                resources.push(Judged { id, key, arn, name });
            }
        }
        resources.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        Ok(resources)
    }
}

/// Resources that one statement names at most.
const AT_ONCE: usize = 4_096;

/// A resource that was judged.
struct Judged {
    id: i64,
    key: ResourceKey,
    arn: String,
    name: String,
}

type ResourceRow = (i64, i64, i64, String, String, String);

/// A finding: resource, rule, when it was seen first and last, workflow, record state.
type FindingRow = (i64, i64, i64, i64, i64, i64);

/// The evaluations of a page of resources, in the order of outputs; their answers are taken.
async fn records(
    connection: &mut Connection,
    words: &Words,
    page: &[Judged],
    answers: &mut Answers,
) -> sqlx::Result<Vec<EvaluationRecord>> {
    let mut these = Conditions::default();
    these.one_of("f.resource_id", &page.iter().map(|it| it.id).collect::<Vec<_>>());
    let sql = format!(
        "SELECT {} FROM findings f JOIN sights s ON s.id = f.sight_id WHERE TRUE{}",
        all_rows("f.resource_id, f.rule_id, f.first_at, s.last_at, f.workflow, f.record_state"),
        these.as_str()
    );
    let found = rows::<FindingRow>(connection, sql).await?;
    let found: HashMap<(i64, i64), FindingRow> = found.into_iter().map(|it| ((it.0, it.1), it)).collect();
    let mut records = Vec::new();
    for resource in page {
        let begun = records.len();
        for (rule, answer) in answers.remove(&resource.id).into_iter().flatten() {
            let finding = found.get(&(resource.id, rule)).copied();
            records.push(record(resource, words.rule(rule)?, answer, finding)?);
        }
        if let Some(of_resource) = records.get_mut(begun..) {
            of_resource.sort_unstable_by(|a, b| a.evaluation.rule.cmp(&b.evaluation.rule));
        }
    }
    Ok(records)
}

fn record(
    resource: &Judged,
    rule: RuleId,
    answer: Answer,
    finding: Option<FindingRow>,
) -> sqlx::Result<EvaluationRecord> {
    let brief = |(_, _, first, last, workflow, record_state): FindingRow| -> sqlx::Result<FindingBrief> {
        let first_seen = moment(first)?;
        let last_seen = moment(last)?.max(first_seen);
        let (workflow, record_state) = (Code::decode(workflow)?, Code::decode(record_state)?);
        let id = uid(&rule, &resource.key).to_string();
        Ok(FindingBrief { id, first_seen, last_seen, workflow, record_state })
    };
    let finding = finding.map(brief).transpose()?;
    let evaluation = Evaluation {
        resource: resource.key.clone(),
        rule,
        arn: resource.arn.clone(),
        name: resource.name.clone(),
        outcome: answer.outcome,
        severity: answer.severity,
        reason: answer.reason,
        evidence: answer.evidence,
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
