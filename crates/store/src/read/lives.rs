//! When findings were open: what progress is counted from.

use std::collections::{BTreeMap, BTreeSet};

use yagura_model::{AccountId, Change, FindingLife, Timestamp};

use super::ReadError;
use super::evaluations::rows;
use super::filter::{Conditions, FindingFilter};
use super::findings::moment;
use super::words::Words;
use crate::codes::Code;
use crate::database::{Connection, all_rows};
use crate::store::Store;

/// Findings that are read together.
const AT_ONCE: i64 = 20_000;

/// Findings whose histories are read together.
const HISTORIES: usize = 1_000;

/// A finding: its number, rule, account and severity; when it was seen first and last, when it ended, how often it came back.
type LifeRow = (i64, i64, i64, i64, i64, i64, Option<i64>, u32);

type Spans = Vec<(Timestamp, Option<Timestamp>)>;

impl Store {
    /// Tells the life of every finding in some accounts, or in all. What is accepted, and so hidden, is no work to be done: it is left out.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn each_life(
        &self,
        accounts: Option<&BTreeSet<AccountId>>,
        mut told: impl FnMut(&FindingLife) + Send,
    ) -> Result<(), ReadError> {
        // To a filter, no account is every account.
        if accounts.is_some_and(BTreeSet::is_empty) {
            return Ok(());
        }
        let accounts = accounts.cloned().unwrap_or_default();
        let mut snapshot = self.inner.snapshot().await?;
        each(&mut snapshot, accounts, &mut told).await.map_err(|error| self.inner.failed(error).into())
    }
}

async fn each(
    connection: &mut Connection,
    accounts: BTreeSet<AccountId>,
    told: &mut (impl FnMut(&FindingLife) + Send),
) -> sqlx::Result<()> {
    let words = Words::load(connection).await?;
    let conditions = FindingFilter { accounts, ..FindingFilter::default() }.conditions(connection).await?;
    let last: i64 =
        sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) FROM findings").fetch_one(&mut *connection).await?;
    let mut from = 0;
    while from < last {
        let until = from + AT_ONCE;
        let sql = format!(
            "SELECT {} FROM findings f JOIN sights s ON s.id = f.sight_id
             WHERE f.id > {from} AND f.id <= {until} AND NOT (f.workflow = 2 AND f.record_state = 0){}",
            all_rows(
                "f.id, f.rule_id, f.account_id, f.severity, f.first_at, s.last_at, f.ended_at, f.reopened"
            ),
            conditions.as_str()
        );
        let page: Vec<LifeRow> = rows(connection, sql).await?;
        let came_back: Vec<i64> = page.iter().filter(|it| it.7 > 0).map(|it| it.0).collect();
        let earlier = spans(connection, &came_back).await?;
        for row in &page {
            told(&life(&words, row, &earlier)?);
        }
        from = until;
    }
    Ok(())
}

fn life(
    words: &Words,
    (id, rule, account, severity, first, last, ended, reopened): &LifeRow,
    earlier: &BTreeMap<i64, Spans>,
) -> sqlx::Result<FindingLife> {
    let spans = match earlier.get(id).filter(|_| *reopened > 0) {
        Some(spans) => spans.clone(),
        None => {
            let first = moment(*first)?;
            let last = moment(*last)?.max(first);
            vec![(first, ended.map(moment).transpose()?.map(|at| at.max(last)))]
        }
    };
    Ok(FindingLife {
        rule: words.rule(*rule)?,
        account: words.account(*account)?,
        severity: Code::decode(*severity)?,
        spans,
    })
}

/// Of findings that came back only the history tells since when, and until when, they were open before.
async fn spans(connection: &mut Connection, findings: &[i64]) -> sqlx::Result<BTreeMap<i64, Spans>> {
    let mut all: BTreeMap<i64, Spans> = BTreeMap::new();
    let turns: Vec<i64> = [Change::Opened, Change::Reopened, Change::Ended].map(Code::code).to_vec();
    for findings in findings.chunks(HISTORIES) {
        let mut these = Conditions::default();
        these.one_of("finding_id", findings);
        these.one_of("change", &turns);
        let sql = format!(
            "SELECT {} FROM (SELECT finding_id, at, change FROM finding_history WHERE TRUE{} ORDER BY finding_id, id)",
            all_rows("finding_id, at, change"),
            these.as_str()
        );
        for (finding, at, change) in rows::<(i64, i64, i64)>(connection, sql).await? {
            let (spans, at) = (all.entry(finding).or_default(), moment(at)?);
            let is_open = spans.last().is_some_and(|(_, ended)| ended.is_none());
            match Change::decode(change)? {
                Change::Opened | Change::Reopened if !is_open => spans.push((at, None)),
                Change::Ended if is_open => {
                    if let Some(last) = spans.last_mut() {
                        last.1 = Some(at);
                    }
                }
                _ => {}
            }
        }
    }
    Ok(all)
}
