//! When findings were seen last: one row for all of an account that were seen together.
//!
//! Most findings of a scan are seen as they were. None of them is written for that: the sight that most of them are in moves on, and the few that
//! were not seen leave it first.

use std::collections::{BTreeMap, HashMap};

use super::Task;
use crate::database::{self, Connection};

/// Not a number that a sight can have.
const NONE: i64 = 0;

/// A finding, and the sight that it is in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub(super) finding: i64,
    pub(super) sight: i64,
}

/// What a scan saw of an account's findings, and what it did not.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) seen: Vec<Member>,
    /// Seen, and ended before: their sights hold others that ended, and those do not come back with them.
    pub(super) back: Vec<Member>,
    pub(super) unseen: Vec<Member>,
    /// Those that this scan ended. They leave their sights at once, because nobody looks at them when a sight moves on.
    pub(super) ended: Vec<Member>,
}

/// What becomes of the findings of a scan.
pub(super) struct Moved {
    /// The sight of those that were seen, and of new ones; [`NONE`] when there are none.
    pub(super) main: i64,
    /// Those that change to another sight, and which: nothing of this is written yet.
    pub(super) changes: HashMap<i64, i64>,
    /// Whether some of them were active and stay so.
    pub(super) is_disturbing: bool,
}

/// Leaves behind what a scan did not see, and tells which sight moves on with what it did see.
///
/// `settled` is the sight of findings that were seen and are not among these.
pub(super) async fn move_on(
    task: &mut Task<'_>,
    seen: &Seen,
    settled: Option<i64>,
    is_needed: bool,
) -> sqlx::Result<Moved> {
    let (account, at) = (task.account_id, task.at());
    let mut sizes: BTreeMap<i64, usize> = BTreeMap::new();
    for it in &seen.seen {
        *sizes.entry(it.sight).or_default() += 1;
    }
    let largest = sizes.iter().max_by_key(|(id, size)| (**size, **id)).map(|(id, _)| *id);
    let main = settled.filter(|it| *it != NONE).or(largest);
    // Those that ended never share a sight with those that did not.
    let mut left: BTreeMap<(i64, bool), Vec<i64>> = BTreeMap::new();
    for it in seen.unseen.iter().filter(|it| Some(it.sight) == main) {
        left.entry((it.sight, false)).or_default().push(it.finding);
    }
    for it in &seen.ended {
        left.entry((it.sight, true)).or_default().push(it.finding);
    }
    let mut is_disturbing = left.keys().any(|(_, is_ended)| !is_ended);
    let mut changes = HashMap::new();
    for ((sight, is_ended), findings) in left {
        let behind: i64 = sqlx::query_scalar(
            "INSERT INTO sights (account_id, last_at, ended) SELECT account_id, last_at, $2 FROM sights WHERE id = $1
             RETURNING id",
        )
        .bind(sight)
        .bind(i64::from(is_ended))
        .fetch_one(&mut *task.connection)
        .await?;
        changes.extend(findings.into_iter().map(|it| (it, behind)));
    }
    let main = match main {
        Some(main) => main,
        None if is_needed || !seen.back.is_empty() => new(task.connection, account, at, false).await?,
        None => NONE,
    };
    is_disturbing |= seen.seen.iter().any(|it| it.sight != main);
    let joined = seen.seen.iter().filter(|it| it.sight != main).chain(&seen.back);
    changes.extend(joined.map(|it| (it.finding, main)));
    Ok(Moved { main, changes, is_disturbing })
}

/// The sight of this moment, for what no scan sees: that of scans moves on.
pub(crate) async fn at(connection: &mut Connection, account_id: i64, at: i64) -> sqlx::Result<i64> {
    let known = sqlx::query_scalar(
        "SELECT id FROM sights WHERE account_id = $1 AND last_at = $2 AND ended = 0
         AND id NOT IN (SELECT sight_id FROM settled WHERE account_id = $1) LIMIT 1",
    )
    .bind(account_id)
    .bind(at)
    .fetch_optional(&mut *connection)
    .await?;
    match known {
        Some(id) => Ok(id),
        None => new(connection, account_id, at, false).await,
    }
}

/// A sight of its own.
pub(crate) async fn new(
    connection: &mut Connection,
    account_id: i64,
    at: i64,
    is_ended: bool,
) -> sqlx::Result<i64> {
    sqlx::query_scalar("INSERT INTO sights (account_id, last_at, ended) VALUES ($1, $2, $3) RETURNING id")
        .bind(account_id)
        .bind(at)
        .bind(i64::from(is_ended))
        .fetch_one(connection)
        .await
}

/// Puts findings into a sight.
pub(crate) async fn put(connection: &mut Connection, sight: i64, findings: &[i64]) -> sqlx::Result<()> {
    let head = format!("UPDATE findings SET sight_id = {sight} WHERE id IN (");
    database::for_rows(connection, &head, ")", 1, findings, |values, id| {
        values.add(*id)?;
        Ok(())
    })
    .await
}
