//! How far the accounts of a stored scan meet frameworks. Accounts stream through; only totals stay.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use futures::TryStreamExt as _;
use thiserror::Error;
use yagura_model::{AccountAssessment, AccountId, Assessment, Framework, ProjectAssessment, Scan};
use yagura_posture::{Assessor, Project};
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

/// One framework: over all accounts, and over those of each project.
struct Assessing<'f> {
    framework: &'f Framework,
    all: Assessor<'f>,
    projects: Vec<Assessor<'f>>,
}

/// Assesses frameworks by what a scan counted: in all of its accounts, or in `only` some, and in each project that one of them is of.
/// `each` is told of every account and framework as it comes.
///
/// # Errors
///
/// [`AssessError`] when the counts cannot be read (a later scan may have taken the scan's place), or `each` fails.
pub async fn assess<'f>(
    store: &Store,
    scan: &Scan,
    frameworks: &[&'f Framework],
    projects: &[Project],
    only: Option<&BTreeSet<AccountId>>,
    mut each: impl FnMut(&'f Framework, &AccountAssessment) -> io::Result<()>,
) -> Result<Vec<Assessment>, AssessError> {
    let fared: BTreeMap<_, _> =
        store.accounts(scan.id).await?.into_iter().map(|it| (it.account.id.clone(), it)).collect();
    let new = |framework| Assessor::new(framework, &scan.scope.rules);
    let assessing = frameworks.iter().map(|it| Assessing {
        framework: it,
        all: new(it),
        projects: projects.iter().map(|_| new(it)).collect(),
    });
    let mut assessing: Vec<_> = assessing.collect();
    let mut records = store.counts(scan.id).await?;
    while let Some(counts) = records.try_next().await? {
        let Some(account) = fared.get(&counts.account) else { continue };
        if only.is_some_and(|only| !only.contains(&counts.account)) {
            continue;
        }
        for it in &mut assessing {
            each(it.framework, &it.all.account(account, &counts))?;
            for (project, assessor) in projects.iter().zip(&mut it.projects) {
                if project.holds(&account.account) {
                    assessor.account(account, &counts);
                }
            }
        }
    }
    Ok(assessing.into_iter().map(|it| finish(it, projects)).collect())
}

/// A project that holds none of the accounts has no answers.
fn finish(assessing: Assessing<'_>, projects: &[Project]) -> Assessment {
    let mut assessment = assessing.all.finish();
    let of = projects.iter().zip(assessing.projects);
    let of = of.map(|(project, it)| ProjectAssessment::new(&project.name, it.finish()));
    assessment.projects = of.filter(|it| !it.accounts.is_empty()).collect();
    assessment
}
