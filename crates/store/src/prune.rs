//! Keeping the file from growing without bound.
//!
//! Findings, resource versions and summaries are kept for ever. The details of a scan (evaluations, coverage, counts) are dropped
//! when a scan that was finished later looked at everything it looked at, and of the rest the newest ten scans keep theirs. Those that
//! were narrowed for once are counted apart: however often somebody looks at a part, where everything stands remains.

use std::collections::{BTreeSet, HashSet};

use sqlx::{AssertSqlSafe, Row as _};
use yagura_model::{ScanId, ScanScope};

use crate::database::{self, Connection};
use crate::error::undecodable;
use crate::read::evaluations::rows;
use crate::read::filter::Conditions;

/// How many scans keep their evaluations, besides the one that was just finished; as many again that were narrowed.
const KEPT: usize = 9;

/// The tables that belong to one scan.
const TABLES: [&str; 2] = ["account_details", "unlisted"];

/// Drops what the scan that was just finished supersedes.
pub(crate) async fn after(
    connection: &mut Connection,
    finished: ScanId,
    scope: &ScanScope,
) -> sqlx::Result<()> {
    let rows = sqlx::query(
        "SELECT scans.id, documents.body FROM scans JOIN documents ON documents.id = scope_id
         WHERE kept = 1 AND scans.id <> $1 ORDER BY scans.id DESC",
    )
    .bind(finished.0)
    .fetch_all(&mut *connection)
    .await?;
    let (mut whole, mut narrowed) = (0, 0);
    for row in rows {
        let id: i64 = row.try_get(0)?;
        let older: ScanScope = serde_json::from_str(row.try_get(1)?).map_err(undecodable)?;
        let kept = if older.is_narrowed { &mut narrowed } else { &mut whole };
        if covers(scope, &older) || *kept == KEPT {
            drop_rows(connection, id).await?;
        } else {
            *kept += 1;
        }
    }
    Ok(())
}

async fn drop_rows(connection: &mut Connection, scan: i64) -> sqlx::Result<()> {
    let mut transaction = database::begin_write(connection).await?;
    drop_judgements(&mut transaction, scan).await?;
    for table in TABLES {
        let sql = format!(
            "DELETE FROM {table} WHERE scan_id = $1
             AND account_id IN (SELECT account_id FROM account_scans WHERE scan_id = $1)"
        );
        sqlx::query(AssertSqlSafe(sql)).bind(scan).execute(&mut *transaction).await?;
    }
    sqlx::query("UPDATE scans SET kept = 0 WHERE id = $1").bind(scan).execute(&mut *transaction).await?;
    transaction.commit().await
}

/// Accounts whose judgements are compared together.
const AT_ONCE: usize = 64;

/// Drops what only this scan was told.
async fn drop_judgements(connection: &mut Connection, scan: i64) -> sqlx::Result<()> {
    let accounts: Vec<i64> = sqlx::query_scalar("SELECT account_id FROM account_scans WHERE scan_id = $1")
        .bind(scan)
        .fetch_all(&mut *connection)
        .await?;
    let mut unsaid: Vec<i64> = Vec::new();
    for accounts in accounts.chunks(AT_ONCE) {
        let mut these = Conditions::default();
        these.one_of("account_id", accounts);
        let sql = format!(
            "SELECT {} FROM account_details WHERE TRUE{}",
            database::all_texts("'[' || scan_id || ',' || judgements || ']'"),
            these.as_str()
        );
        let (mut dropped, mut kept) = (HashSet::new(), HashSet::new());
        for (of_scan, said) in rows::<(i64, Vec<i64>)>(connection, sql).await? {
            if of_scan == scan { dropped.extend(said) } else { kept.extend(said) }
        }
        unsaid.extend(dropped.difference(&kept));
    }
    unsaid.sort_unstable();
    database::for_rows(connection, "DELETE FROM judgements WHERE id IN (", ")", 1, &unsaid, |values, id| {
        values.add(*id)?;
        Ok(())
    })
    .await
}

/// Whether a scan of `newer` looks at everything that one of `older` looked at. One that was narrowed for once takes the place of no whole one.
fn covers(newer: &ScanScope, older: &ScanScope) -> bool {
    (older.is_narrowed || !newer.is_narrowed)
        && newer.accounts.is_superset(&older.accounts)
        && newer.rules.is_superset(&older.rules)
        && all_or_superset(&newer.regions, &older.regions)
        && all_or_superset(&newer.types, &older.types)
}

/// An empty set means everything.
fn all_or_superset<T: Ord>(newer: &BTreeSet<T>, older: &BTreeSet<T>) -> bool {
    newer.is_empty() || (!older.is_empty() && newer.is_superset(older))
}
