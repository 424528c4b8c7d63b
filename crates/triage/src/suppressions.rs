//! Suppressions of files and of the store at work.

use std::collections::BTreeSet;

use thiserror::Error;
use yagura_model::Timestamp;
use yagura_posture::{HIDDEN_UNSAID, Suppression};
use yagura_store::{DatabaseError, Hidden, Store};

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

/// The suppressions that stand in the store.
///
/// # Errors
///
/// [`StoredError`].
pub async fn stored(store: &Store) -> Result<Vec<Placed>, StoredError> {
    let read = |(name, body): (String, String)| match serde_json::from_str(&body) {
        Ok(suppression) => Ok(Placed { suppression, file: None }),
        Err(source) => Err(StoredError::Unreadable { name, source }),
    };
    store.suppressions().await?.into_iter().map(read).collect()
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
}

/// Hides what suppressions hide. One that is used for the first time hides no more than it says, or than [`HIDDEN_UNSAID`].
///
/// # Errors
///
/// The store failed.
pub async fn apply(
    store: &Store,
    all: &[Placed],
    known: &Known<'_>,
    now: Timestamp,
) -> Result<Applied, DatabaseError> {
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
    let hidden = store.apply_suppressions(&hidings, now).await?;
    let hides = |it: &Suppression| hidden.by_suppression.get(&it.name).copied().unwrap_or_default();
    let soon = all.iter().map(|it| &it.suppression).filter(|it| it.ends_soon(now) && hides(it) > 0);
    let ending = soon.map(|it| Ending { suppression: it.clone(), hides: hides(it) }).collect();
    Ok(Applied { hidden, too_many, ending })
}
