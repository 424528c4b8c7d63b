//! The one place that knows which database this is: how to connect, to begin, and to insert many rows.
//!
//! Everything else speaks SQL that SQLite and PostgreSQL share: `$1` placeholders, `ON CONFLICT`, `RETURNING`, common table
//! expressions.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sqlx::error::BoxDynError;
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteConnection, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{Arguments, AssertSqlSafe, ConnectOptions, Connection as _, Encode, Sqlite, Type};

use crate::error::{is_busy, primary_code};

pub(crate) type Db = Sqlite;
pub(crate) type Connection = SqliteConnection;
pub(crate) type Pool = SqlitePool;
pub(crate) type Row = SqliteRow;
pub(crate) type Transaction<'c> = sqlx::Transaction<'c, Db>;

/// Statements that begin a transaction in which nobody else writes: waiting happens here, never half-way.
const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";

/// Rows in one statement at most; more gain nothing and stay far below the limit of 32,766 variables.
const ROWS_AT_ONCE: usize = 512;

/// So few rows go in one statement, whatever their number.
const FEW: usize = 16;

/// Statements that are kept prepared: each of those that write rows comes in some sizes.
const PREPARED: usize = 400;

/// How long to let another connection work before trying again what SQLite does not wait for itself.
const ASK_AGAIN: Duration = Duration::from_millis(5);

/// Connections for readers at most.
const READERS: u32 = 4;

/// Where the tables live.
pub(crate) fn file(path: &Path, wait: Duration) -> SqliteConnectOptions {
    common(SqliteConnectOptions::new().filename(path).create_if_missing(true), wait)
}

/// A database of its own that several connections of this process see.
pub(crate) fn memory() -> SqliteConnectOptions {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    // The name begins with a slash: that is how this file system shares it between connections.
    common(
        SqliteConnectOptions::new().filename(format!("/yagura-{number}")).vfs("memdb"),
        Duration::from_secs(5),
    )
}

fn common(options: SqliteConnectOptions, wait: Duration) -> SqliteConnectOptions {
    options
        .busy_timeout(wait)
        .foreign_keys(false)
        // With a write-ahead log this survives a killed process whole; a power cut may lose the last account, never more.
        .synchronous(SqliteSynchronous::Normal)
        // Each account changes pages all over the file: keeping more of them, and copying them back from the log less often,
        // saves most of the writing. Sizes in KiB (negative), pages and bytes.
        .pragma("cache_size", "-8192")
        .pragma("wal_autocheckpoint", "32768")
        .pragma("journal_size_limit", "67108864")
        .disable_statement_logging()
}

/// Connects without changing anything in the file, so that a file that is not ours can be refused untouched.
pub(crate) async fn connect(options: &SqliteConnectOptions) -> sqlx::Result<Connection> {
    options.connect().await
}

/// As the one connection that writes needs it: numbers that are spread like those of findings touch pages all over the file.
pub(crate) fn writing(options: &SqliteConnectOptions) -> SqliteConnectOptions {
    options.clone().pragma("cache_size", "-32768").statement_cache_capacity(PREPARED)
}

/// Keeps what a statement would take back if it failed half-way in memory instead of in a file: it is little, but for the statements that
/// bring a file up to date.
pub(crate) async fn keep_little_in_memory(connection: &mut Connection) -> sqlx::Result<()> {
    sqlx::query("PRAGMA temp_store = MEMORY").execute(connection).await.map(|_| ())
}

/// Lets readers read while a scan writes. It stays so for the life of the file.
///
/// Of two that switch the same file at once SQLite refuses one straight away, whatever the busy timeout says, lest each
/// wait for the other's shared lock (<https://sqlite.org/c3ref/busy_handler.html>): so the waiting is done here.
pub(crate) async fn share(connection: &mut Connection, wait: Duration) -> sqlx::Result<()> {
    let since = Instant::now();
    loop {
        match sqlx::query("PRAGMA journal_mode = WAL").execute(&mut *connection).await {
            Err(sqlx::Error::Database(error)) if is_busy(primary_code(&*error)) && since.elapsed() < wait => {
                tokio::time::sleep(ASK_AGAIN).await;
            }
            done => return done.map(|_| ()),
        }
    }
}

/// Connections that cannot write, made when they are needed.
pub(crate) fn readers(options: &SqliteConnectOptions) -> Pool {
    let options =
        options.clone().create_if_missing(false).pragma("query_only", "ON").pragma("cache_size", "-2048");
    SqlitePoolOptions::new().max_connections(READERS).connect_lazy_with(options)
}

/// Begins to write, after whoever writes now.
pub(crate) async fn begin_write(connection: &mut Connection) -> sqlx::Result<Transaction<'_>> {
    connection.begin_with(BEGIN_WRITE).await
}

/// The names of all tables.
pub(crate) async fn tables(connection: &mut Connection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        .fetch_all(connection)
        .await
}

/// A column that holds all rows of a query as one JSON text, a list of lists. Handing over row by row wakes a thread for
/// each, and that costs ten times more than the reading.
pub(crate) fn all_rows(columns: &str) -> String {
    format!("json_group_array(json_array({columns}))")
}

/// Like [`all_rows`], of rows that are JSON texts already.
pub(crate) fn all_texts(text: &str) -> String {
    format!("'[' || COALESCE(group_concat({text}), '') || ']'")
}

/// A text in SQL, written as its bytes: there is nothing in it to quote.
pub(crate) fn text_literal(text: &str) -> String {
    let digits: String = text.bytes().map(|it| format!("{it:02x}")).collect();
    format!("CAST(x'{digits}' AS TEXT)")
}

/// Names the index by which a table is to be gone through, where the database would guess.
pub(crate) fn by_index(index: &str) -> String {
    format!("INDEXED BY {index}")
}

/// The values of the rows of one statement, in order.
#[derive(Default)]
pub(crate) struct Values(SqliteArguments);

impl Values {
    /// Adds the next value.
    pub(crate) fn add<'v, T: Encode<'v, Db> + Type<Db>>(
        &mut self,
        value: T,
    ) -> Result<&mut Self, BoxDynError> {
        self.0.add(value)?;
        Ok(self)
    }
}

/// Runs `{head} VALUES (..), (..) {tail}` until all rows are through; `bind` adds the `columns` values of one row.
pub(crate) async fn for_rows<T>(
    connection: &mut Connection,
    head: &str,
    tail: &str,
    columns: usize,
    rows: &[T],
    bind: impl Fn(&mut Values, &T) -> Result<(), BoxDynError>,
) -> sqlx::Result<()> {
    for rows in batches(rows) {
        let (sql, values) = statement(head, tail, columns, rows, &bind)?;
        sqlx::query_with(AssertSqlSafe(sql), values.0).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Runs `{head} ?, ?, ... {tail}` until all values are through and gathers what is returned.
pub(crate) async fn rows_in<T>(
    connection: &mut Connection,
    head: &str,
    tail: &str,
    wanted: &[T],
    bind: impl Fn(&mut Values, &T) -> Result<(), BoxDynError>,
) -> sqlx::Result<Vec<Row>> {
    let mut found = Vec::new();
    for wanted in batches(wanted) {
        let sql = format!("{head} {} {tail}", vec!["?"; wanted.len()].join(","));
        let mut values = Values::default();
        for it in wanted {
            bind(&mut values, it).map_err(sqlx::Error::Encode)?;
        }
        found.extend(sqlx::query_with(AssertSqlSafe(sql), values.0).fetch_all(&mut *connection).await?);
    }
    Ok(found)
}

/// Runs `{head} VALUES (..), (..) {tail}` until all rows are through and gathers what is returned.
pub(crate) async fn rows_for<T>(
    connection: &mut Connection,
    head: &str,
    tail: &str,
    columns: usize,
    rows: &[T],
    bind: impl Fn(&mut Values, &T) -> Result<(), BoxDynError>,
) -> sqlx::Result<Vec<Row>> {
    let mut found = Vec::new();
    for rows in batches(rows) {
        let (sql, values) = statement(head, tail, columns, rows, &bind)?;
        found.extend(sqlx::query_with(AssertSqlSafe(sql), values.0).fetch_all(&mut *connection).await?);
    }
    Ok(found)
}

/// Batches of 512, 256, 128... rows, and the last few together: few different statements, so that the prepared ones are used again.
fn batches<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let power = rows.len().min(ROWS_AT_ONCE).checked_ilog2()?;
        let size = if rows.len() <= FEW { rows.len() } else { 1 << power };
        let (batch, rest) = rows.split_at(size);
        rows = rest;
        Some(batch)
    })
}

fn statement<T>(
    head: &str,
    tail: &str,
    columns: usize,
    rows: &[T],
    bind: &impl Fn(&mut Values, &T) -> Result<(), BoxDynError>,
) -> sqlx::Result<(String, Values)> {
    let row = format!("({})", vec!["?"; columns].join(","));
    let sql = format!("{head} VALUES {} {tail}", vec![row.as_str(); rows.len()].join(","));
    let mut values = Values::default();
    values.0.reserve(rows.len() * columns, 0);
    for row in rows {
        bind(&mut values, row).map_err(sqlx::Error::Encode)?;
    }
    Ok((sql, values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_powers_of_two_and_lose_nothing() {
        let rows: Vec<usize> = (0..1_300).collect();
        let sizes: Vec<usize> = batches(&rows).map(<[usize]>::len).collect();
        assert_eq!(sizes, [512, 512, 256, 16, 4]);
        assert_eq!(batches(&rows[..45]).map(<[usize]>::len).collect::<Vec<_>>(), [32, 13]);
        assert_eq!(batches(&rows).flatten().copied().collect::<Vec<_>>(), rows);
    }
}
