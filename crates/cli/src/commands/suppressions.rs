//! Suppressions of files and of the store, put together and made to work.

use std::path::{Path, PathBuf};

use yagura_model::{Diagnostic, Level, Timestamp};
use yagura_posture::{Frameworks, Project, read_suppressions};
use yagura_store::{FindingFilter, Hidden, Store};
use yagura_triage::{Concern, Ending, Known, KnownRules, OfFiles, Placed, StoredError, TooMany, TwiceNamed};

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
    /// The store cannot be read.
    pub async fn read(&self, store: &Store) -> Result<(Vec<Placed>, bool), Failure> {
        let (files, mistakes) = self.of_files();
        terminal::diagnostics(&mistakes);
        let mut all = files.all;
        all.extend(yagura_triage::stored(store).await.map_err(unusable)?);
        let (all, twice) = yagura_triage::unique(all);
        say_twice(&twice);
        Ok((all, mistakes.is_empty() && twice.is_empty()))
    }

    /// Those of files, and what is wrong with the others.
    pub fn of_files(&self) -> (OfFiles, Vec<Diagnostic>) {
        let (mut all, mut mistakes) = (Vec::new(), Vec::new());
        for path in self.paths(&mut mistakes) {
            let text = match std::fs::read_to_string(&path) {
                Ok(text) => text,
                Err(error) => {
                    mistakes.push(unreadable(&path, &error));
                    continue;
                }
            };
            let file = path.display().to_string();
            let (found, told) = read_suppressions(&file, &text, &self.projects);
            mistakes.extend(told);
            all.extend(found.into_iter().map(|it| Placed { suppression: it, file: Some(file.clone()) }));
        }
        (OfFiles { all, has_mistakes: !mistakes.is_empty() }, mistakes)
    }

    /// The files, those of directories by name.
    fn paths(&self, mistakes: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
        let mut paths = Vec::new();
        for path in &self.files {
            if !path.is_dir() {
                paths.push(path.clone());
                continue;
            }
            match yaml_files(path) {
                Ok(inside) => paths.extend(inside),
                Err(error) => mistakes.push(unreadable(path, &error)),
            }
        }
        paths
    }
}

fn yaml_files(directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut inside = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?.path();
        if entry.extension().is_some_and(|it| it == "yaml" || it == "yml") {
            inside.push(entry);
        }
    }
    inside.sort();
    Ok(inside)
}

fn say_twice(twice: &[TwiceNamed]) {
    for TwiceNamed(name) in twice {
        terminal::say(&format!(
            "there are two suppressions `{name}`: only the first is used, give one of them another name"
        ));
    }
}

/// Hides what suppressions hide, and tells which of them end soon or hide more than was said. What files with mistakes hid stays hidden.
///
/// # Errors
///
/// The store failed.
pub async fn apply(
    store: &Store,
    files: &OfFiles,
    concern: Concern<'_>,
    known: &Known<'_>,
    now: Timestamp,
) -> Result<Hidden, Failure> {
    let done = yagura_triage::apply(store, files, concern, known, now).await.map_err(unusable)?;
    say_twice(&done.twice);
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

/// Hides what suppressions hide, after something has changed findings. Mistakes in their files are printed with their places.
///
/// # Errors
///
/// The store failed.
pub async fn after_run(
    store: &Store,
    sources: &Sources,
    rules: impl FnOnce() -> Result<KnownRules, Failure>,
    now: Timestamp,
) -> Result<(), Failure> {
    hide(store, sources, rules, now).await.map(|mistakes| terminal::diagnostics(&mistakes))
}

/// Hides what suppressions hide; what is wrong with their files. Where there is no suppression, and never was, nothing is done.
///
/// # Errors
///
/// The store failed.
pub async fn hide(
    store: &Store,
    sources: &Sources,
    rules: impl FnOnce() -> Result<KnownRules, Failure>,
    now: Timestamp,
) -> Result<Vec<Diagnostic>, Failure> {
    let (files, mistakes) = sources.of_files();
    let has_none = files.all.is_empty() && store.suppressions().await.map_err(unread)?.is_empty();
    if has_none && store.hidden().await.map_err(unread)?.is_empty() {
        return Ok(mistakes);
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
    apply(store, &files, Concern::All, &known, now).await?;
    Ok(mistakes)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic {
        file: path.display().to_string(),
        place: None,
        level: Level::Error,
        code: "suppression/unreadable",
        message: format!("the suppressions cannot be read: {error}"),
        help: Some(
            "what they hid stays hidden; without them, take the file out of `suppressions`".to_owned(),
        ),
    }
}

fn unusable(error: StoredError) -> Failure {
    match error {
        StoredError::Database(error) => unread(error),
        error => Told::new(error.to_string()).because(error).other(),
    }
}

fn unread(error: yagura_store::DatabaseError) -> Failure {
    Told::new("the store of findings failed").because(error).other()
}
