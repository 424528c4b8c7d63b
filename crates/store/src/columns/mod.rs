//! What findings are counted by, in memory and by column: a million of them are gone through in milliseconds, whatever is asked.
//!
//! For who stays and is asked often, as a server is; who asks once asks the store ([`Store::count_findings`]).
//!
//! # Invariants
//!
//! - **One state of the store.** Rows are those of one moment, that of [`FindingColumns::event`]. Findings never go, and whatever changes one writes an event:
//!   those that changed are read again, and no others.
//! - **A refresh that is given up changes nothing.** What was read is put in at once, without waiting for anything.
//! - **The same answers as the store's.** The tests hold both against each other.

mod chosen;
mod rows;

use std::collections::{BTreeMap, HashMap};

use yagura_model::{FindingKind, Severity, Workflow};

use crate::codes::Code;
use crate::database::{self, Connection};
use crate::read::ReadError;
use crate::read::evaluations::rows;
use crate::read::filter::{Conditions, FindingFilter};
use crate::read::finding_counts::{BySeverity, FindingCounts};
use crate::read::words::Words;
use crate::store::Store;
use chosen::Chosen;
use rows::{Row, Rows};

/// Rows that are read together.
const AT_ONCE: i64 = 20_000;

/// If more findings than so many changed, all are read again: they lie together.
const FEW: usize = 50_000;

/// Findings, by column. 47 bytes each.
#[derive(Debug, Default)]
pub struct FindingColumns {
    /// The newest event that the rows know of.
    event: i64,
    /// The newest name that the words know of.
    name: i64,
    words: Words,
    rows: Rows,
}

/// What was read, to be put in at once.
struct Read {
    event: i64,
    words: Option<(i64, Words)>,
    rows: ReadRows,
}

enum ReadRows {
    /// Every one.
    All(Box<Rows>),
    /// Those that changed.
    Changed(Vec<Row>),
}

impl FindingColumns {
    /// The number of the newest event that is told of: [`Store::newest_event`] when the rows were read.
    #[must_use]
    pub fn event(&self) -> i64 {
        self.event
    }

    /// Reads what changed since the last time; everything at the first.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed; nothing is changed then.
    pub async fn refresh(&mut self, store: &Store) -> Result<(), ReadError> {
        let mut snapshot = store.inner.snapshot().await?;
        let read = read(&mut snapshot, self.event, self.name).await;
        let Read { event, words, rows } = read.map_err(|error| store.inner.failed(error))?;
        self.event = event;
        if let Some((name, words)) = words {
            (self.name, self.words) = (name, words);
        }
        match rows {
            ReadRows::All(rows) => self.rows = *rows,
            ReadRows::Changed(rows) => self.rows.put(&rows),
        }
        Ok(())
    }

    /// Counts the findings that `filter` lets through; `None` when it looks for a text, which no column holds.
    #[must_use]
    pub fn count(&self, filter: &FindingFilter) -> Option<FindingCounts> {
        if filter.text.is_some() {
            return None;
        }
        let chosen = Chosen::new(filter, &self.words);
        let counted = self.rows.count(&chosen);
        let mut counts = FindingCounts::default();
        for severity in Severity::ALL {
            let number = counted.severities[usize::from(rows::byte(severity))];
            if number > 0 {
                counts.severities.insert(severity, number);
            }
        }
        counts.workflows = by_code::<Workflow>(&counted.workflows);
        counts.kinds = by_code::<FindingKind>(&counted.kinds);
        counts.accounts = named(&self.words.accounts, &counted.accounts);
        counts.rules = named(&self.words.rules, &counted.rules);
        Some(counts)
    }
}

fn by_code<T: Code + Ord>(counted: &[u64]) -> BTreeMap<T, u64> {
    T::ALL.iter().zip(counted).filter(|(_, number)| **number > 0).map(|(it, number)| (*it, *number)).collect()
}

fn named<T: Clone + Ord>(
    words: &HashMap<i64, T>,
    counted: &[[u32; rows::SEVERITIES]],
) -> BTreeMap<T, BySeverity> {
    let of = |(number, name): (&i64, &T)| {
        let counted = counted.get(usize::try_from(*number).ok()?)?;
        let severities = Severity::ALL.into_iter().zip(counted).filter(|(_, number)| **number > 0);
        let severities: BySeverity =
            severities.map(|(severity, number)| (severity, u64::from(*number))).collect();
        (!severities.is_empty()).then(|| (name.clone(), severities))
    };
    words.iter().filter_map(of).collect()
}

/// Reads what changed behind this event, and the words when there are others than up to this name.
async fn read(connection: &mut Connection, event: i64, name: i64) -> sqlx::Result<Read> {
    let newest: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) FROM finding_history")
        .fetch_one(&mut *connection)
        .await?;
    let last: i64 =
        sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) FROM names").fetch_one(&mut *connection).await?;
    let words = if last == name { None } else { Some((last, Words::load(connection).await?)) };
    let changed: Vec<i64> = match event {
        0 => Vec::new(),
        _ => {
            let sql = format!(
                "SELECT json_group_array(finding_id) FROM
                   (SELECT DISTINCT finding_id FROM finding_history WHERE id > {event} ORDER BY finding_id LIMIT {})",
                FEW + 1
            );
            rows(connection, sql).await?
        }
    };
    let rows = match event == 0 || changed.len() > FEW {
        true => ReadRows::All(Box::new(all(connection).await?)),
        false => ReadRows::Changed(some(connection, &changed).await?),
    };
    Ok(Read { event: newest, words, rows })
}

async fn all(connection: &mut Connection) -> sqlx::Result<Rows> {
    let last: i64 =
        sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) FROM findings").fetch_one(&mut *connection).await?;
    let mut all = Rows::default();
    let mut from = 0;
    while from < last {
        let until = from + AT_ONCE;
        all.put(&these(connection, &format!("f.id > {from} AND f.id <= {until}")).await?);
        from = until;
    }
    Ok(all)
}

async fn some(connection: &mut Connection, numbers: &[i64]) -> sqlx::Result<Vec<Row>> {
    let mut all = Vec::with_capacity(numbers.len());
    for numbers in numbers.chunks(1_000) {
        let mut conditions = Conditions::default();
        conditions.one_of("f.id", numbers);
        all.extend(these(connection, &format!("TRUE{}", conditions.as_str())).await?);
    }
    Ok(all)
}

async fn these(connection: &mut Connection, which: &str) -> sqlx::Result<Vec<Row>> {
    let columns = database::all_rows(rows::COLUMNS);
    rows(connection, format!("SELECT {columns} FROM findings f WHERE {which}")).await
}
