//! Suppressions of files and of the store, put together and made to work.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use yagura_model::{Account, Region, ResourceType, RuleId, Timestamp, glob};
use yagura_posture::{HIDDEN_UNSAID, Project, Suppression, read_suppressions};
use yagura_store::{FindingFilter, Hidden, Hiding, Store};

use crate::commands::known_rules::{KnownRules, is_meant};
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

/// A suppression, and where it stands.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The suppression.
    pub suppression: Suppression,
    /// The file; `None` when it was made by command.
    pub file: Option<String>,
}

/// What names in suppressions are resolved by.
pub struct World<'w> {
    /// The accounts of the last scan.
    pub accounts: &'w [Account],
    /// Rules and detections, with their names.
    pub rules: &'w KnownRules,
    /// The rules that findings are of.
    pub reported: &'w BTreeSet<RuleId>,
    /// The projects.
    pub projects: &'w [Project],
}

impl Sources {
    /// Every suppression, of files first, and whether all files were without mistakes. Mistakes are printed with their places.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or the store cannot.
    pub async fn read(&self, store: &Store) -> Result<(Vec<Placed>, bool), Failure> {
        let (mut all, mut is_clean) = (Vec::new(), true);
        for path in self.paths()? {
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            let file = path.display().to_string();
            let (found, told) = read_suppressions(&file, &text, &self.projects);
            is_clean &= told.is_empty();
            terminal::diagnostics(&told);
            all.extend(found.into_iter().map(|it| Placed { suppression: it, file: Some(file.clone()) }));
        }
        let stored = store.suppressions().await.map_err(unread)?;
        for (name, body) in stored {
            let suppression = serde_json::from_str(&body).map_err(|error| {
                Told::new(format!("the suppression `{name}` in the store cannot be read"))
                    .because(error)
                    .other()
            })?;
            all.push(Placed { suppression, file: None });
        }
        let mut names = BTreeSet::new();
        all.retain(|it| {
            let is_first = names.insert(it.suppression.name.clone());
            if !is_first {
                is_clean = false;
                terminal::say(&format!(
                    "there are two suppressions `{}`: only the first is used, give one of them another name",
                    it.suppression.name
                ));
            }
            is_first
        });
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

impl World<'_> {
    /// What a suppression hides. Rules and accounts that it names and nobody knows hide nothing.
    pub fn hiding(&self, suppression: &Suppression) -> Hiding {
        let accounts: BTreeSet<_> = if suppression.names_accounts() {
            let known = self.accounts.iter().filter(|it| suppression.concerns(it, self.projects));
            let mut ids: BTreeSet<_> = known.map(|it| it.id.clone()).collect();
            if suppression.ou.is_empty() && suppression.projects.is_empty() {
                // An account that only imports know.
                ids.extend(
                    suppression.accounts.iter().filter_map(|it| yagura_model::AccountId::new(it).ok()),
                );
            }
            ids
        } else {
            BTreeSet::new()
        };
        let rules = self.rules_of(suppression);
        let is_empty = (suppression.names_accounts() && accounts.is_empty())
            || (!suppression.rules.is_empty() && rules.is_empty());
        let filter = FindingFilter {
            accounts,
            rules,
            regions: suppression.regions.iter().map(|it| Region::from(it.as_str())).collect(),
            types: suppression.types.iter().map(|it| ResourceType::from(it.as_str())).collect(),
            kinds: suppression.kinds.iter().copied().collect(),
            detectors: suppression.detectors.iter().copied().collect(),
            ..FindingFilter::default()
        };
        Hiding {
            name: suppression.name.clone(),
            why: suppression.reason.clone(),
            filter: (!is_empty).then_some(filter),
            resources: suppression.resources.clone(),
            tags: suppression.tags.clone(),
        }
    }

    fn rules_of(&self, suppression: &Suppression) -> BTreeSet<RuleId> {
        let mut found = BTreeSet::new();
        for pattern in &suppression.rules {
            let named = self.rules.iter().filter(|(id, info)| is_meant(pattern, id, info));
            found.extend(named.map(|(id, _)| id.clone()));
            found.extend(self.reported.iter().filter(|it| glob::matches(pattern, it.as_str())).cloned());
        }
        found
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
    world: &World<'_>,
    now: Timestamp,
) -> Result<Hidden, Failure> {
    let hidden = store.hidden().await.map_err(unread)?;
    let mut hidings = Vec::new();
    for Placed { suppression, .. } in all.iter().filter(|it| it.suppression.holds(now)) {
        let hiding = world.hiding(suppression);
        let is_new = !hidden.contains_key(&suppression.name);
        if is_new {
            let would = store.would_hide(&hiding).await.map_err(unread)?;
            if would > suppression.may_hide.unwrap_or(HIDDEN_UNSAID) {
                terminal::say(&format!(
                    "the suppression `{}` is not used: it would hide {would} findings; if that is meant, write `may_hide: {would}`",
                    suppression.name
                ));
                continue;
            }
        }
        hidings.push(hiding);
    }
    let done = store.apply_suppressions(&hidings, now).await.map_err(unread)?;
    for Placed { suppression, .. } in all.iter().filter(|it| it.suppression.ends_soon(now)) {
        let count = done.by_suppression.get(&suppression.name).copied().unwrap_or_default();
        if count > 0 {
            let until = suppression.until.map(|it| it.to_string()).unwrap_or_default();
            terminal::say(&format!(
                "the suppression `{}` ends on {until}: {count} findings come back then",
                suppression.name
            ));
        }
    }
    Ok(done)
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
    let accounts: Vec<Account> = match store.latest_scan().await.map_err(failed)? {
        Some(scan) => store.organization(scan.id).await.map_err(failed)?.accounts.into_values().collect(),
        None => Vec::new(),
    };
    let counts = store.count_findings(&FindingFilter::default()).await.map_err(failed)?;
    let reported = counts.rules.into_keys().collect();
    let rules = rules()?;
    let world =
        World { accounts: &accounts, rules: &rules, reported: &reported, projects: &sources.projects };
    apply(store, &all, &world, now).await.map(|_| ())
}

fn unreadable(path: &Path, error: std::io::Error) -> Failure {
    Told::new(format!("cannot read the suppressions in `{}`", path.display())).because(error).usage()
}

fn unread(error: yagura_store::DatabaseError) -> Failure {
    Told::new("the store of findings failed").because(error).other()
}
