//! The tables' format, and how a file is brought up to it.
//!
//! A file that another program made, or a newer Yagura, is refused before anything in it is changed.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Row as _};

use crate::database::{self, Connection};
use crate::detections::listed;
use crate::detections::read::finding as threat_of;
use crate::error::{DatabaseError, Place};
use crate::names::Names;
use crate::store::OpenError;

/// What brings a store from one format to the next: the first makes it, later ones are appended, none is ever changed.
const STEPS: &[&str] = &[
    include_str!("../schema/sqlite-1.sql"),
    include_str!("../schema/sqlite-2.sql"),
    include_str!("../schema/sqlite-3.sql"),
    include_str!("../schema/sqlite-4.sql"),
    include_str!("../schema/sqlite-5.sql"),
    include_str!("../schema/sqlite-6.sql"),
    include_str!("../schema/sqlite-7.sql"),
    include_str!("../schema/sqlite-8.sql"),
    include_str!("../schema/sqlite-9.sql"),
    include_str!("../schema/sqlite-10.sql"),
    include_str!("../schema/sqlite-11.sql"),
    include_str!("../schema/sqlite-12.sql"),
];

const VERSION_TABLE: &str =
    "CREATE TABLE IF NOT EXISTS store_version (version INTEGER NOT NULL, written_by TEXT NOT NULL)";

/// The newest format that this program knows.
pub(crate) const NEWEST: i64 = STEPS.len() as i64;

/// Makes the tables, or brings older ones up to date, in one transaction; does nothing when they are.
pub(crate) async fn prepare(
    connection: &mut Connection,
    place: &Place,
    wait: Duration,
) -> Result<(), OpenError> {
    let failed = |error| OpenError::Database(DatabaseError::new(place, error));
    if version(connection, place).await? == NEWEST {
        return Ok(());
    }
    if matches!(place, Place::File(_)) {
        database::share(connection, wait).await.map_err(failed)?;
    }
    let mut transaction = database::begin_write(connection).await.map_err(failed)?;
    // Another process may have done it while this one waited.
    let found = version(&mut transaction, place).await?;
    migrate(&mut transaction, found).await.map_err(failed)?;
    if (2..4).contains(&found) {
        list_threats(&mut transaction).await.map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)
}

/// The format of a file; 0 when there is nothing in it yet.
async fn version(connection: &mut Connection, place: &Place) -> Result<i64, OpenError> {
    let failed = |error| OpenError::Database(DatabaseError::new(place, error));
    let tables = database::tables(connection).await.map_err(failed)?;
    if tables.is_empty() {
        return Ok(0);
    }
    if !tables.iter().any(|table| table == "store_version") {
        return Err(OpenError::Foreign { place: place.clone() });
    }
    let row = sqlx::query("SELECT version, written_by FROM store_version ORDER BY version DESC LIMIT 1")
        .fetch_optional(connection)
        .await
        .map_err(failed)?;
    let Some(row) = row else { return Err(OpenError::Foreign { place: place.clone() }) };
    let found: i64 = row.try_get(0).map_err(failed)?;
    if found > NEWEST {
        let written_by = row.try_get(1).map_err(failed)?;
        return Err(OpenError::Newer { place: place.clone(), written_by, found, known: NEWEST });
    }
    Ok(found)
}

async fn migrate(connection: &mut Connection, found: i64) -> sqlx::Result<()> {
    let done = usize::try_from(found).unwrap_or_default();
    for step in STEPS.iter().skip(done) {
        sqlx::raw_sql(AssertSqlSafe(*step)).execute(&mut *connection).await?;
    }
    sqlx::query(VERSION_TABLE).execute(&mut *connection).await?;
    sqlx::query("DELETE FROM store_version").execute(&mut *connection).await?;
    sqlx::query("INSERT INTO store_version (version, written_by) VALUES ($1, $2)")
        .bind(NEWEST)
        .bind(env!("CARGO_PKG_VERSION"))
        .execute(connection)
        .await
        .map(|_| ())
}

/// Puts the findings of detections, which had a list of their own before format 4, into the one list, with what people said of them.
async fn list_threats(connection: &mut Connection) -> sqlx::Result<()> {
    let sql = "SELECT body, record_state, workflow, incident FROM threats ORDER BY id";
    let rows = sqlx::query(sql).fetch_all(&mut *connection).await?;
    let mut names = Names::default();
    for row in &rows {
        let threat = threat_of(row)?;
        listed::list(connection, &mut names, std::iter::once(&threat), threat.last_seen).await?;
    }
    sqlx::query(
        "UPDATE findings SET workflow = t.workflow FROM threats t
         WHERE findings.kind = 1 AND t.uid = lower(hex(findings.uid))",
    )
    .execute(connection)
    .await
    .map(|_| ())
}
