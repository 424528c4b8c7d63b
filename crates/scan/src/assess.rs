//! How far the accounts of a stored scan meet frameworks. Accounts stream through; only totals stay.

use std::collections::BTreeMap;
use std::io;

use futures::TryStreamExt as _;
use thiserror::Error;
use yagura_model::{AccountAssessment, AccountId, Assessment, Framework, Scan};
use yagura_posture::Assessor;
use yagura_store::{ReadError, Store};

/// Why frameworks could not be assessed.
#[derive(Debug, Error)]
pub enum AssessError {
    /// The counts could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Whoever was told of an account could not take it.
    #[error(transparent)]
    Told(#[from] io::Error),
}

/// Assesses frameworks by what a scan counted: all of its accounts, or one. `each` is told of every account and framework as it comes.
///
/// # Errors
///
/// [`AssessError`] when the counts cannot be read (a later scan may have taken the scan's place), or `each` fails.
pub async fn assess<'f>(
    store: &Store,
    scan: &Scan,
    frameworks: &[&'f Framework],
    only: Option<&AccountId>,
    mut each: impl FnMut(&'f Framework, &AccountAssessment) -> io::Result<()>,
) -> Result<Vec<Assessment>, AssessError> {
    let fared: BTreeMap<_, _> =
        store.accounts(scan.id).await?.into_iter().map(|it| (it.account.id.clone(), it)).collect();
    let mut assessors: Vec<_> =
        frameworks.iter().map(|it| (*it, Assessor::new(it, &scan.scope.rules))).collect();
    let mut records = store.counts(scan.id).await?;
    while let Some(counts) = records.try_next().await? {
        let Some(account) = fared.get(&counts.account) else { continue };
        if only.is_some_and(|only| *only != counts.account) {
            continue;
        }
        for (framework, assessor) in &mut assessors {
            each(framework, &assessor.account(account, &counts))?;
        }
    }
    Ok(assessors.into_iter().map(|(_, assessor)| assessor.finish()).collect())
}
