//! What a scan may leave as it is: findings of rules that say what they said before.
//!
//! After a scan, all active findings of our rules that it saw are in one sight. As long as a rule gives the same answers, and the scan looked
//! in the same places, nothing happens to them but that they are seen again: the sight moves on, and none of them is looked at. Rules with
//! findings that are not so, because the scan could not judge them or because somebody did something to them since, are in a table of
//! their own, and are gone through as ever.

use std::collections::{HashMap, HashSet};

use sqlx::Row as _;

use super::Task;
use super::findings::Left;
use super::judgements::Judgements;
use super::listed::Listed;
use super::resources::{self, ResourceRow};
use crate::content;
use crate::database::{self, all_rows};
use crate::error::undecodable;

/// How the newest scan left an account.
pub(super) struct Before {
    looked: Option<Vec<u8>>,
    sight: Option<i64>,
    said: HashSet<i64>,
    disturbed: HashSet<i64>,
    /// The rules that have active findings.
    with_findings: Vec<i64>,
    /// Whether there are findings that ended.
    pub(super) has_archived: bool,
    /// Judgements by rule and digest.
    pub(super) judgements: HashMap<(i64, [u8; 16]), i64>,
    /// The number that the next judgement gets.
    pub(super) next_judgement: i64,
    /// The resources that were there.
    pub(super) resources: Vec<ResourceRow>,
}

impl Before {
    pub(super) async fn load(task: &mut Task<'_>) -> sqlx::Result<Self> {
        // One statement: each is handed to another thread and back, and that costs more than what it does here.
        let sql = format!(
            "SELECT s.looked, s.sight_id, COALESCE(s.judgements, '[]'),
               (SELECT {rules} FROM disturbed WHERE account_id = $1),
               (SELECT {rules} FROM (SELECT DISTINCT rule_id FROM finding_counts
                 WHERE account_id = $1 AND rule_id > 0 AND record_state = 0 AND findings > 0)),
               EXISTS (SELECT 1 FROM finding_counts WHERE account_id = $1 AND record_state = 1 AND findings > 0),
               (SELECT {judgements} FROM judgements WHERE account_id = $1),
               COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'judgements'), 0) + 1,
               (SELECT {resources} FROM resources r WHERE r.account_id = $1 AND r.present = 1)
             FROM (SELECT 1) LEFT JOIN settled s ON s.account_id = $1",
            rules = "json_group_array(rule_id)",
            judgements = all_rows("rule_id, hex(digest), id"),
            resources = all_rows(resources::COLUMNS)
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(task.account_id)
            .fetch_one(&mut *task.connection)
            .await?;
        let judgements: Vec<(i64, String, i64)> =
            serde_json::from_str(row.try_get(6)?).map_err(undecodable)?;
        let numbered = |(rule, digest, id): (i64, String, i64)| {
            content::from_hex(&digest).map(|digest| ((rule, digest), id))
        };
        Ok(Self {
            looked: row.try_get(0)?,
            sight: row.try_get(1)?,
            said: serde_json::from_str(row.try_get(2)?).map_err(undecodable)?,
            disturbed: serde_json::from_str(row.try_get(3)?).map_err(undecodable)?,
            with_findings: serde_json::from_str(row.try_get(4)?).map_err(undecodable)?,
            has_archived: row.try_get(5)?,
            judgements: judgements.into_iter().filter_map(numbered).collect(),
            next_judgement: row.try_get(7)?,
            resources: serde_json::from_str(row.try_get(8)?).map_err(undecodable)?,
        })
    }
}

/// What need not be looked at, and what has to be.
pub(super) struct Settled {
    /// Rules whose findings are as the last scan left them, by number.
    pub(super) rules: HashSet<i64>,
    /// The other rules that have active findings.
    pub(super) others: Vec<i64>,
    /// The sight that holds all findings of rules that are settled; `None` when there are no such rules.
    pub(super) sight: Option<i64>,
}

impl Settled {
    /// Finds the rules of which nothing is new.
    pub(super) fn of(before: &Before, listed: &Listed, judgements: &Judgements<'_>) -> Self {
        let mut rules = HashSet::new();
        if before.looked.as_deref().is_some_and(|it| *it == listed.digest()) {
            let said_again = judgements.all().filter(|it| before.said.contains(&it.id)).map(|it| it.rule_id);
            rules.extend(said_again.filter(|rule| !before.disturbed.contains(rule)));
        }
        let others = before.with_findings.iter().filter(|it| !rules.contains(it)).copied().collect();
        let sight = before.sight.filter(|_| !rules.is_empty());
        Self { rules, others, sight }
    }
}

/// Moves on the sight of what was seen, and keeps how this scan leaves the account.
pub(super) async fn write(
    task: &mut Task<'_>,
    before: &Before,
    listed: &Listed,
    judgements: &Judgements<'_>,
    left: Left,
) -> sqlx::Result<()> {
    // A scan that judges as of an earlier time does not turn the clock back.
    let sql = "UPDATE sights SET last_at = MAX(last_at, $5) WHERE id = $3;
        INSERT OR REPLACE INTO settled (account_id, looked, sight_id, judgements) VALUES ($1, $2, $3, $4)";
    sqlx::query(sql)
        .bind(task.account_id)
        .bind(listed.digest().as_slice())
        .bind(left.sight)
        .bind(judgements.numbers()?)
        .bind(task.at())
        .execute(&mut *task.connection)
        .await?;
    if left.is_disturbing || !before.disturbed.is_empty() {
        sqlx::query("DELETE FROM disturbed WHERE account_id = $1")
            .bind(task.account_id)
            .execute(&mut *task.connection)
            .await?;
    }
    let account = task.account_id;
    let rows: Vec<i64> = left.unseen.into_iter().collect();
    let head = "INSERT INTO disturbed (account_id, rule_id)";
    database::for_rows(task.connection, head, "", 2, &rows, |values, rule| {
        values.add(account)?.add(*rule)?;
        Ok(())
    })
    .await
}
