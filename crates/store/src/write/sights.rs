//! When findings were seen last: one row for all of an account that were seen together.
//!
//! Most findings of a scan are seen as they were. None of them is written for that: the sight that most of them are in moves on, and the few that
//! were not seen leave it first.

use std::collections::BTreeMap;

use super::Task;
use crate::database::{self, Connection};

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

/// Moves on what a scan saw, and leaves behind what it did not; the sight in which new findings are put.
pub(super) async fn move_on(task: &mut Task<'_>, seen: &Seen, is_needed: bool) -> sqlx::Result<i64> {
    let (account, at) = (task.account_id, task.at());
    let mut sizes: BTreeMap<i64, usize> = BTreeMap::new();
    for it in &seen.seen {
        *sizes.entry(it.sight).or_default() += 1;
    }
    let main = sizes.iter().max_by_key(|(id, size)| (**size, **id)).map(|(id, _)| *id);
    // Those that ended never share a sight with those that did not.
    let mut left: BTreeMap<(i64, bool), Vec<i64>> = BTreeMap::new();
    for it in seen.unseen.iter().filter(|it| Some(it.sight) == main) {
        left.entry((it.sight, false)).or_default().push(it.finding);
    }
    for it in &seen.ended {
        left.entry((it.sight, true)).or_default().push(it.finding);
    }
    for ((sight, is_ended), findings) in left {
        let before: i64 = sqlx::query_scalar("SELECT last_at FROM sights WHERE id = $1")
            .bind(sight)
            .fetch_one(&mut *task.connection)
            .await?;
        let behind = new(task.connection, account, before, is_ended).await?;
        put(task.connection, behind, &findings).await?;
    }
    let main = match main {
        Some(main) => main,
        None if is_needed || !seen.back.is_empty() => new(task.connection, account, at, false).await?,
        None => return Ok(0),
    };
    let joined = seen.seen.iter().filter(|it| it.sight != main).chain(&seen.back);
    put(task.connection, main, &joined.map(|it| it.finding).collect::<Vec<_>>()).await?;
    // A scan that judges as of an earlier time does not turn the clock back.
    sqlx::query("UPDATE sights SET last_at = MAX(last_at, $2) WHERE id = $1")
        .bind(main)
        .bind(at)
        .execute(&mut *task.connection)
        .await?;
    Ok(main)
}

/// The sight of this moment.
pub(crate) async fn at(connection: &mut Connection, account_id: i64, at: i64) -> sqlx::Result<i64> {
    let known = sqlx::query_scalar(
        "SELECT id FROM sights WHERE account_id = $1 AND last_at = $2 AND ended = 0 LIMIT 1",
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
