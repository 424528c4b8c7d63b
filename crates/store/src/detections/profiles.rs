//! What is known of the subjects of rules that ask for something new.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::Row as _;

use super::DetectionRun;
use crate::database::{self, Connection};
use crate::error::DatabaseError;

/// What tells a subject of a rule.
pub type SubjectKey = [u8; 16];

/// So many days without being seen, and a subject is forgotten.
const REMEMBERED: i64 = 90;
/// So many subjects are kept: some 60 MB.
const SUBJECTS: i64 = 500_000;

/// When a subject was seen, and with which values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredProfile {
    /// The first day.
    pub began: i64,
    /// The last.
    pub last: i64,
    /// The days on which it was seen: bit n stands for n days before the last one.
    pub days: u128,
    /// Its values, each with its first and its last day, in the order of the values.
    pub values: Vec<(i64, i64, i64)>,
}

/// What has changed of a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileWrite {
    /// Which.
    pub subject: SubjectKey,
    /// How it was; nothing when it is new.
    pub before: Option<StoredProfile>,
    /// How it is now.
    pub after: StoredProfile,
}

impl DetectionRun {
    /// What is known of subjects. Those of which nothing is known are absent.
    ///
    /// # Errors
    ///
    /// The database failed.
    pub async fn profiles(
        &self,
        subjects: &[SubjectKey],
    ) -> Result<BTreeMap<SubjectKey, StoredProfile>, DatabaseError> {
        let mut connection = self.inner.readers.acquire().await.map_err(|error| self.inner.failed(error))?;
        read(&mut connection, subjects).await.map_err(|error| self.inner.failed(error))
    }
}

async fn read(
    connection: &mut Connection,
    subjects: &[SubjectKey],
) -> sqlx::Result<BTreeMap<SubjectKey, StoredProfile>> {
    let wrong = |what: &str| sqlx::Error::Decode(format!("{what} of another length").into());
    let key = |bytes: Vec<u8>| SubjectKey::try_from(bytes).map_err(|_| wrong("a subject"));
    let mut found = BTreeMap::new();
    let head = "SELECT subject, began, last, days FROM profiles WHERE subject IN (";
    for row in database::rows_in(connection, head, ")", subjects, |values, it| {
        values.add(&it[..])?;
        Ok(())
    })
    .await?
    {
        let days: Vec<u8> = row.try_get(3)?;
        let days = <[u8; 16]>::try_from(days).map_err(|_| wrong("days"))?;
        let profile = StoredProfile {
            began: row.try_get(1)?,
            last: row.try_get(2)?,
            days: u128::from_be_bytes(days),
            values: Vec::new(),
        };
        found.insert(key(row.try_get(0)?)?, profile);
    }
    let known: Vec<SubjectKey> = found.keys().copied().collect();
    let head = "SELECT subject, value, first, last FROM profile_values WHERE subject IN (";
    for row in database::rows_in(connection, head, ") ORDER BY subject, value", &known, |values, it| {
        values.add(&it[..])?;
        Ok(())
    })
    .await?
    {
        if let Some(profile) = found.get_mut(&key(row.try_get(0)?)?) {
            profile.values.push((row.try_get(1)?, row.try_get(2)?, row.try_get(3)?));
        }
    }
    Ok(found)
}

/// Writes what has changed, and nothing else.
pub(super) async fn write(connection: &mut Connection, changed: &[ProfileWrite]) -> sqlx::Result<()> {
    let seen = |it: &StoredProfile| (it.began, it.last, it.days);
    let is_changed = |it: &&ProfileWrite| it.before.as_ref().map(seen) != Some(seen(&it.after));
    let rows: Vec<&ProfileWrite> = changed.iter().filter(is_changed).collect();
    let head = "INSERT INTO profiles (subject, began, last, days)";
    let tail = "ON CONFLICT (subject) DO UPDATE SET began = excluded.began, last = excluded.last, days = excluded.days";
    database::for_rows(connection, head, tail, 4, &rows, |values, it| {
        let days = it.after.days.to_be_bytes();
        values.add(&it.subject[..])?.add(it.after.began)?.add(it.after.last)?.add(days.to_vec())?;
        Ok(())
    })
    .await?;
    let (mut added, mut gone) = (Vec::new(), Vec::new());
    for it in changed {
        let before: BTreeSet<_> = it.before.iter().flat_map(|before| before.values.iter().copied()).collect();
        let still: BTreeSet<i64> = it.after.values.iter().map(|(value, ..)| *value).collect();
        added.extend(
            it.after.values.iter().filter(|value| !before.contains(value)).map(|value| (it.subject, *value)),
        );
        gone.extend(
            before
                .iter()
                .filter(|(value, ..)| !still.contains(value))
                .map(|(value, ..)| (it.subject, *value)),
        );
    }
    let head = "INSERT INTO profile_values (subject, value, first, last)";
    let tail = "ON CONFLICT (subject, value) DO UPDATE SET first = excluded.first, last = excluded.last";
    database::for_rows(connection, head, tail, 4, &added, |values, (subject, (value, first, last))| {
        values.add(&subject[..])?.add(*value)?.add(*first)?.add(*last)?;
        Ok(())
    })
    .await?;
    for (subject, value) in gone {
        sqlx::query("DELETE FROM profile_values WHERE subject = $1 AND value = $2")
            .bind(&subject[..])
            .bind(value)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Forgets subjects that were not seen for long, and the oldest of too many.
pub(super) async fn forget(connection: &mut Connection, today: i64) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM profiles WHERE last < $1")
        .bind(today - REMEMBERED)
        .execute(&mut *connection)
        .await?;
    super::write::over(connection, "profiles", "last", "subject", SUBJECTS).await?;
    sqlx::query("DELETE FROM profile_values WHERE subject NOT IN (SELECT subject FROM profiles)")
        .execute(connection)
        .await
        .map(|_| ())
}
