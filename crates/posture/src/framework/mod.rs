//! Frameworks: what standards ask for, which rules answer it, and how far an organisation meets it.
//!
//! `docs/frameworks.md` says what a framework file is and what its answers mean.

mod assess;
mod check;
mod file;

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;
use yagura_model::{Diagnostic, Framework, Level};
use yagura_packs::Packs;

pub use self::assess::Assessor;
use crate::nearest::nearest;
use crate::rules::Rules;
use crate::select::hint;

/// A set of frameworks.
#[derive(Debug, Clone, Default)]
pub struct Frameworks {
    frameworks: BTreeMap<String, Framework>,
    /// Those whose files have mistakes.
    broken: BTreeSet<String>,
}

/// No framework answers to a name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FrameworkError {
    /// There is none, or its file could not be told apart from others.
    #[error("there is no framework `{name}`{}", hint(nearest))]
    NoSuchFramework {
        /// What was asked for.
        name: String,
        /// What was most likely meant, best first.
        nearest: Vec<String>,
    },
    /// There is a file, but it has mistakes.
    #[error("the file of the framework `{name}` has mistakes")]
    Broken {
        /// What was asked for.
        name: String,
    },
}

impl Frameworks {
    /// Reads every `frameworks/**/*.yaml` and checks it against the rules that there are.
    ///
    /// A file with an error is left out; everything else can be used.
    #[must_use]
    pub fn load(packs: &Packs, rules: &Rules) -> (Self, Vec<Diagnostic>) {
        let mut all = Self::default();
        let mut problems = Vec::new();
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for packed in packs.below("frameworks", "yaml") {
            let mut found = Vec::new();
            let stem = packed.path.rsplit('/').next().and_then(|it| it.strip_suffix(".yaml"));
            let framework = match yagura_packs::parse(packed) {
                Ok(file) => Some(check::framework(&packed.path, &packed.shown, file, rules, &mut found)),
                Err(diagnostic) => {
                    found.push(check::explained(diagnostic));
                    None
                }
            };
            let sound = found.iter().all(|it| it.level != Level::Error);
            problems.append(&mut found);
            match framework.filter(|_| sound) {
                None => all.broken.extend(stem.map(str::to_owned)),
                Some(framework) => match files.get(&framework.id) {
                    Some(first) => problems.push(duplicate(&packed.shown, &framework.id, first)),
                    None => {
                        files.insert(framework.id.clone(), packed.shown.clone());
                        all.frameworks.insert(framework.id.clone(), framework);
                    }
                },
            }
        }
        problems.sort();
        (all, problems)
    }

    /// The frameworks, sorted by id.
    pub fn iter(&self) -> impl Iterator<Item = &Framework> {
        self.frameworks.values()
    }

    /// The framework of this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Framework> {
        self.frameworks.get(id)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.frameworks.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.frameworks.is_empty()
    }

    /// The frameworks that a name means: an id, a glob over ids, or an alias such as `prowler:cis_5.0_aws`.
    ///
    /// # Errors
    ///
    /// [`FrameworkError`] when it means none, or one whose file has mistakes.
    pub fn find(&self, name: &str) -> Result<Vec<&Framework>, FrameworkError> {
        if self.broken.contains(name) {
            return Err(FrameworkError::Broken { name: name.to_owned() });
        }
        let found: Vec<&Framework> = self.iter().filter(|it| answers_to(it, name)).collect();
        if !found.is_empty() {
            return Ok(found);
        }
        let aliases: Vec<String> = self.iter().flat_map(|it| it.aliases.qualified()).collect();
        let ids = self.frameworks.keys().map(String::as_str);
        let nearest = nearest(name, ids.chain(aliases.iter().map(String::as_str)), 3);
        let nearest = nearest.into_iter().map(str::to_owned).collect();
        Err(FrameworkError::NoSuchFramework { name: name.to_owned(), nearest })
    }

    /// The frameworks that any of these names means, sorted by id, each once.
    ///
    /// # Errors
    ///
    /// See [`Frameworks::find`].
    pub fn find_all(&self, names: &[String]) -> Result<Vec<&Framework>, FrameworkError> {
        let mut found = BTreeMap::new();
        for name in names {
            found.extend(self.find(name)?.into_iter().map(|it| (it.id.as_str(), it)));
        }
        Ok(found.into_values().collect())
    }
}

fn answers_to(framework: &Framework, pattern: &str) -> bool {
    yagura_model::glob::matches(pattern, &framework.id)
        || (pattern.contains(':')
            && framework.aliases.qualified().any(|alias| yagura_model::glob::matches(pattern, &alias)))
}

fn duplicate(shown: &str, id: &str, first: &str) -> Diagnostic {
    Diagnostic {
        file: shown.to_owned(),
        place: Some(yagura_model::Place { line: 1, column: 1 }),
        level: Level::Error,
        code: "framework/duplicate-id",
        message: format!("there is a framework `{id}` already"),
        help: Some(format!("it is in `{first}`")),
    }
}
