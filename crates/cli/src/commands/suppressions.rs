//! Suppressions of files and of the store, put together and made to work.

use std::path::{Path, PathBuf};

use yagura_model::Timestamp;
use yagura_posture::{Frameworks, Project, read_suppressions};
use yagura_store::{FindingFilter, Hidden, Store};
use yagura_triage::{Ending, Known, KnownRules, Placed, StoredError, TooMany, TwiceNamed};

use crate::failure::{Failure, Told};
use crate::terminal;

/// Where suppressions come from, besides the store.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Files, and directories of `.yaml` files.
    pub files: Vec<PathBuf>,
    /// The projects that they may name.
    pub projects: Vec<Project>,
}

impl Sources {
    /// Every suppression, of files first, and whether all files were without mistakes. Mistakes are printed with their places.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or the store cannot.
    pub async fn read(&self, store: &Store) -> Result<(Vec<Placed>, bool), Failure> {
        let (mut all, is_clean) = self.of_files()?;
        all.extend(yagura_triage::stored(store).await.map_err(|error| match error {
            StoredError::Database(error) => unread(error),
            error => Told::new(error.to_string()).because(error).other(),
        })?);
        let (all, twice) = yagura_triage::unique(all);
        for TwiceNamed(name) in &twice {
            terminal::say(&format!(
                "there are two suppressions `{name}`: only the first is used, give one of them another name"
            ));
        }
        Ok((all, is_clean && twice.is_empty()))
    }

    /// Those of files, and whether all files were without mistakes. Mistakes are printed with their places.
    ///
    /// # Errors
    ///
    /// A file cannot be read.
    pub fn of_files(&self) -> Result<(Vec<Placed>, bool), Failure> {
        let (mut all, mut is_clean) = (Vec::new(), true);
        for path in self.paths()? {
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            let file = path.display().to_string();
            let (found, told) = read_suppressions(&file, &text, &self.projects);
            is_clean &= told.is_empty();
            terminal::diagnostics(&told);
            all.extend(found.into_iter().map(|it| Placed { suppression: it, file: Some(file.clone()) }));
        }
        Ok((all, is_clean))
    }

    /// The files, those of directories by name.
    fn paths(&self) -> Result<Vec<PathBuf>, Failure> {
        let mut paths = Vec::new();
        for path in &self.files {
            if !path.is_dir() {
                paths.push(path.clone());
                continue;
            }
            let mut inside = Vec::new();
            for entry in std::fs::read_dir(path).map_err(|error| unreadable(path, error))? {
                let entry = entry.map_err(|error| unreadable(path, error))?.path();
                if entry.extension().is_some_and(|it| it == "yaml" || it == "yml") {
                    inside.push(entry);
                }
            }
            inside.sort();
            paths.extend(inside);
        }
        Ok(paths)
    }
}

/// Hides what suppressions hide, and tells which of them end soon or hide more than was said.
///
/// # Errors
///
/// The store failed.
pub async fn apply(
    store: &Store,
    all: &[Placed],
    known: &Known<'_>,
    now: Timestamp,
) -> Result<Hidden, Failure> {
    let done = yagura_triage::apply(store, all, known, now).await.map_err(unread)?;
    for TooMany { name, would } in &done.too_many {
        terminal::say(&format!(
            "the suppression `{name}` is not used: it would hide {would} findings; if that is meant, write `may_hide: {would}`"
        ));
    }
    for Ending { suppression, hides } in &done.ending {
        let until = suppression.until.map(|it| it.to_string()).unwrap_or_default();
        terminal::say(&format!(
            "the suppression `{}` ends on {until}: {hides} findings come back then",
            suppression.name
        ));
    }
    Ok(done.hidden)
}

/// Hides what suppressions hide, after something has changed findings. Where there is no suppression, and never was, nothing is done.
///
/// # Errors
///
/// A file cannot be read, or the store failed.
pub async fn after_run(
    store: &Store,
    sources: &Sources,
    rules: impl FnOnce() -> Result<KnownRules, Failure>,
    now: Timestamp,
) -> Result<(), Failure> {
    let (all, _) = sources.read(store).await?;
    if all.is_empty() && store.hidden().await.map_err(unread)?.is_empty() {
        return Ok(());
    }
    let failed = |error: yagura_store::ReadError| {
        Told::new("the findings cannot be read from the store").because(error).other()
    };
    let organization = match store.latest_scan().await.map_err(failed)? {
        Some(scan) => Some(store.organization(scan.id).await.map_err(failed)?),
        None => None,
    };
    let counts = store.count_findings(&FindingFilter::default()).await.map_err(failed)?;
    let reported = counts.rules.into_keys().collect();
    let rules = rules()?;
    let known = Known {
        accounts: organization.iter().flat_map(|it| it.accounts.values()).collect(),
        rules: &rules,
        frameworks: &Frameworks::default(),
        reported: &reported,
        projects: &sources.projects,
    };
    apply(store, &all, &known, now).await.map(|_| ())
}

fn unreadable(path: &Path, error: std::io::Error) -> Failure {
    Told::new(format!("cannot read the suppressions in `{}`", path.display())).because(error).usage()
}

fn unread(error: yagura_store::DatabaseError) -> Failure {
    Told::new("the store of findings failed").because(error).other()
}
