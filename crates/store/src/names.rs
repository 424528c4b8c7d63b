//! Words that stand once in the database and are numbers elsewhere.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use sqlx::Row as _;

use crate::content::Digest;
use crate::database::Connection;

/// What a name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Account,
    Region,
    Type,
    Rule,
    Call,
    Status,
    Person,
    Suppression,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Region => "region",
            Self::Type => "type",
            Self::Rule => "rule",
            Self::Call => "call",
            Self::Status => "status",
            Self::Person => "person",
            Self::Suppression => "suppression",
        }
    }
}

/// The numbers that a writer has met. Names are never deleted, so a number stays true; but a transaction that is rolled
/// back takes its new names with it, and then everything here has to be thrown away.
#[derive(Debug, Default)]
pub(crate) struct Names {
    known: HashMap<Kind, HashMap<Arc<str>, i64>>,
}

impl Names {
    /// The number of a name, which is given one if it has none.
    pub(crate) async fn number(
        &mut self,
        connection: &mut Connection,
        kind: Kind,
        name: &str,
    ) -> sqlx::Result<i64> {
        let known = self.known.entry(kind).or_default();
        if let Some(id) = known.get(name) {
            return Ok(*id);
        }
        let id = match find(connection, kind, name).await? {
            Some(id) => id,
            None => {
                sqlx::query_scalar("INSERT INTO names (kind, name) VALUES ($1, $2) RETURNING id")
                    .bind(kind.as_str())
                    .bind(name)
                    .fetch_one(connection)
                    .await?
            }
        };
        known.insert(name.into(), id);
        Ok(id)
    }
}

/// The number of a name, if it has one.
pub(crate) async fn find(connection: &mut Connection, kind: Kind, name: &str) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar("SELECT id FROM names WHERE kind = $1 AND name = $2")
        .bind(kind.as_str())
        .bind(name)
        .fetch_optional(connection)
        .await
}

/// The numbers of those of these names that have one.
pub(crate) async fn find_all<T: AsRef<str>>(
    connection: &mut Connection,
    kind: Kind,
    wanted: &BTreeSet<T>,
) -> sqlx::Result<Vec<i64>> {
    let mut numbers = Vec::with_capacity(wanted.len());
    // Each question has its price, and so has reading all of them.
    if wanted.len() <= 8 {
        for name in wanted {
            numbers.extend(find(connection, kind, name.as_ref()).await?);
        }
        return Ok(numbers);
    }
    let wanted: BTreeSet<&str> = wanted.iter().map(AsRef::as_ref).collect();
    let rows: Vec<(i64, String)> = sqlx::query_as("SELECT id, name FROM names WHERE kind = $1")
        .bind(kind.as_str())
        .fetch_all(connection)
        .await?;
    numbers.extend(rows.into_iter().filter(|(_, name)| wanted.contains(name.as_str())).map(|(id, _)| id));
    Ok(numbers)
}

/// Every name of one kind, by number.
pub(crate) async fn all<T>(
    connection: &mut Connection,
    kind: Kind,
    make: impl Fn(&str) -> sqlx::Result<T>,
) -> sqlx::Result<HashMap<i64, T>> {
    let rows = sqlx::query("SELECT id, name FROM names WHERE kind = $1")
        .bind(kind.as_str())
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, make(row.try_get(1)?)?))).collect()
}

/// The number of a document, which is stored if it is new.
pub(crate) async fn document(connection: &mut Connection, body: &str) -> sqlx::Result<i64> {
    let digest = Digest::of(body.as_bytes());
    let known: Option<i64> = sqlx::query_scalar("SELECT id FROM documents WHERE digest = $1")
        .bind(digest.as_bytes())
        .fetch_optional(&mut *connection)
        .await?;
    if let Some(id) = known {
        return Ok(id);
    }
    sqlx::query_scalar("INSERT INTO documents (digest, body) VALUES ($1, $2) RETURNING id")
        .bind(digest.as_bytes())
        .bind(body)
        .fetch_one(connection)
        .await
}
