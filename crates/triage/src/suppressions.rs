//! Suppressions of files and of the store at work.

use std::collections::BTreeSet;

use thiserror::Error;
use yagura_model::Timestamp;
use yagura_posture::{HIDDEN_UNSAID, Suppression};
use yagura_store::{DatabaseError, Hidden, Hiding, LetGo, Store};

use crate::names::Known;

/// A suppression, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The suppression.
    pub suppression: Suppression,
    /// The file; `None` when it stands in the store.
    pub file: Option<String>,
}

/// Why the suppressions of the store could not be read.
#[derive(Debug, Error)]
pub enum StoredError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// One of them is no suppression.
    #[error("the suppression `{name}` in the store cannot be read")]
    Unreadable {
        /// Its name.
        name: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// The suppressions of files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfFiles {
    /// Those that can be used.
    pub all: Vec<Placed>,
    /// Whether there may be others, which a mistake keeps from being read.
    pub has_mistakes: bool,
}

/// Who applies suppressions, and so whose findings may come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern<'a> {
    /// Everybody's: the files were just read. What a file with mistakes hid stays hidden all the same.
    All,
    /// Those of the store's own, and of this one that was just taken out of it: what files say by now is for others.
    Own {
        /// Its name.
        removed: Option<&'a str>,
    },
}

/// The suppressions that stand in the store.
///
/// # Errors
///
/// [`StoredError`].
pub async fn stored(store: &Store) -> Result<Vec<Placed>, StoredError> {
    read(&store.suppressions().await?)
}

fn read(rows: &[(String, String)]) -> Result<Vec<Placed>, StoredError> {
    let read = |(name, body): &(String, String)| match serde_json::from_str(body) {
        Ok(suppression) => Ok(Placed { suppression, file: None }),
        Err(source) => Err(StoredError::Unreadable { name: name.clone(), source }),
    };
    rows.iter().map(read).collect()
}

/// The name of a suppression that another one has, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwiceNamed(pub String);

/// Leaves the first of those that share a name.
#[must_use]
pub fn unique(mut all: Vec<Placed>) -> (Vec<Placed>, Vec<TwiceNamed>) {
    let (mut names, mut twice) = (BTreeSet::new(), Vec::new());
    all.retain(|it| {
        let is_first = names.insert(it.suppression.name.clone());
        if !is_first {
            twice.push(TwiceNamed(it.suppression.name.clone()));
        }
        is_first
    });
    (all, twice)
}

/// A suppression that is not used, because it would hide more than was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooMany {
    /// Its name.
    pub name: String,
    /// How many findings it would hide.
    pub would: u64,
}

/// A suppression that ends soon, and hides something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// The suppression.
    pub suppression: Suppression,
    /// How many findings come back.
    pub hides: u64,
}

/// What came of applying suppressions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// What is hidden now.
    pub hidden: Hidden,
    /// Those that are not used.
    pub too_many: Vec<TooMany>,
    /// Those that end soon.
    pub ending: Vec<Ending>,
    /// Those that are not used because another has their name.
    pub twice: Vec<TwiceNamed>,
}

/// Hides what the suppressions of files and of the store hide. One that is used for the first time hides no more than it says, or than [`HIDDEN_UNSAID`].
///
/// # Errors
///
/// The store failed, or holds a suppression that is none.
pub async fn apply(
    store: &Store,
    files: &OfFiles,
    concern: Concern<'_>,
    known: &Known<'_>,
    now: Timestamp,
) -> Result<Applied, StoredError> {
    // Whoever changes a suppression meanwhile makes this begin anew.
    loop {
        let rows = store.suppressions().await?;
        let (all, twice) = unique([files.all.clone(), read(&rows)?].concat());
        let (hidings, too_many) = hidings(store, &all, known, now).await?;
        let mut concerned: BTreeSet<String> = rows.iter().map(|(name, _)| name.clone()).collect();
        let let_go = match concern {
            Concern::All if !files.has_mistakes => LetGo::All,
            Concern::All => {
                concerned.extend(all.iter().map(|it| it.suppression.name.clone()));
                LetGo::Of(&concerned)
            }
            Concern::Own { removed } => {
                concerned.extend(removed.map(str::to_owned));
                LetGo::Of(&concerned)
            }
        };
        let done = store.apply_suppressions_as_read(&hidings, let_go, Some(&rows), now).await?;
        if let Some(hidden) = done {
            let ending = ending(&all, &hidden, now);
            return Ok(Applied { hidden, too_many, ending, twice });
        }
    }
}

/// What these suppressions mean, and which of them would hide more than was said.
async fn hidings(
    store: &Store,
    all: &[Placed],
    known: &Known<'_>,
    now: Timestamp,
) -> Result<(Vec<Hiding>, Vec<TooMany>), DatabaseError> {
    let before = store.hidden().await?;
    let (mut hidings, mut too_many) = (Vec::new(), Vec::new());
    for Placed { suppression, .. } in all.iter().filter(|it| it.suppression.holds(now)) {
        let hiding = known.hiding(suppression);
        if !before.contains_key(&suppression.name) {
            let would = store.would_hide(&hiding).await?;
            if would > suppression.may_hide.unwrap_or(HIDDEN_UNSAID) {
                too_many.push(TooMany { name: suppression.name.clone(), would });
                continue;
            }
        }
        hidings.push(hiding);
    }
    Ok((hidings, too_many))
}

fn ending(all: &[Placed], hidden: &Hidden, now: Timestamp) -> Vec<Ending> {
    let hides = |it: &Suppression| hidden.by_suppression.get(&it.name).copied().unwrap_or_default();
    let soon = all.iter().map(|it| &it.suppression).filter(|it| it.ends_soon(now) && hides(it) > 0);
    soon.map(|it| Ending { suppression: it.clone(), hides: hides(it) }).collect()
}
