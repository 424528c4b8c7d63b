//! Names, and what they stand for.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;
use yagura_model::{Account, AccountId, Framework, Region, ResourceType, RuleId, RuleInfo, glob};
use yagura_posture::{FrameworkError, Frameworks, Project, Suppression};
use yagura_store::{FindingFilter, Hiding};

/// Rules and detections, by the ids that findings carry. What a detection is called, by the short name of its file, is its info's id.
pub type KnownRules = BTreeMap<RuleId, RuleInfo>;

/// What names are resolved by.
#[derive(Debug, Clone)]
pub struct Known<'k> {
    /// The accounts of the last scan.
    pub accounts: Vec<&'k Account>,
    /// Rules and detections, with their names.
    pub rules: &'k KnownRules,
    /// The frameworks.
    pub frameworks: &'k Frameworks,
    /// The projects.
    pub projects: &'k [Project],
    /// The rules that findings are of: what other detectors check has ids that no rule of ours has.
    pub reported: &'k BTreeSet<RuleId>,
}

/// A name that stands for nothing.
#[derive(Debug, Error)]
pub enum NameError {
    /// No account has the name.
    #[error("there is no account `{0}` in the store")]
    Account(String),
    /// The configuration defines no such project.
    #[error("there is no project `{0}`")]
    Project(String),
    /// The projects hold none of the accounts.
    #[error("no account in the store is of the projects that were asked for")]
    NoAccount,
    /// Neither a rule nor a finding has the name.
    #[error("neither a rule nor a finding is called `{0}`")]
    Rule(String),
    /// No framework has the name.
    #[error(transparent)]
    Framework(#[from] FrameworkError),
    /// The frameworks share no rule with those that were named.
    #[error("none of the rules that were asked for serves the frameworks")]
    NoRule,
}

impl Known<'_> {
    /// The accounts that are meant, by ids, globs over names, and projects, all of which must fit; an empty set means all. An id that no scan has seen is
    /// taken as it is: imports may know it.
    ///
    /// # Errors
    ///
    /// [`NameError`], of the first name that stands for nothing.
    pub fn accounts_named(
        &self,
        patterns: &[String],
        projects: &[String],
    ) -> Result<BTreeSet<AccountId>, NameError> {
        let mut named = BTreeSet::new();
        for pattern in patterns {
            if let Ok(id) = AccountId::new(pattern) {
                named.insert(id);
                continue;
            }
            let found: Vec<_> = self.accounts.iter().filter(|it| glob::matches(pattern, &it.name)).collect();
            if found.is_empty() {
                return Err(NameError::Account(pattern.clone()));
            }
            named.extend(found.iter().map(|it| it.id.clone()));
        }
        if projects.is_empty() {
            return Ok(named);
        }
        let mut of_projects = BTreeSet::new();
        for name in projects {
            let project = self.projects.iter().find(|it| it.name == *name);
            let project = project.ok_or_else(|| NameError::Project(name.clone()))?;
            of_projects.extend(self.accounts.iter().filter(|it| project.holds(it)).map(|it| it.id.clone()));
        }
        if !named.is_empty() {
            of_projects.retain(|it| named.contains(it));
        }
        if of_projects.is_empty() { Err(NameError::NoAccount) } else { Ok(of_projects) }
    }

    /// The rules that are meant, by ids, names, globs and aliases, and by the frameworks that they serve, all of which must fit; an empty set means all.
    ///
    /// # Errors
    ///
    /// [`NameError`], of the first name that stands for nothing.
    pub fn rules_named(
        &self,
        patterns: &[String],
        frameworks: &[String],
    ) -> Result<BTreeSet<RuleId>, NameError> {
        let mut named = BTreeSet::new();
        for pattern in patterns {
            let found = self.rules_called(pattern);
            if found.is_empty() {
                return Err(NameError::Rule(pattern.clone()));
            }
            named.extend(found);
        }
        if frameworks.is_empty() {
            return Ok(named);
        }
        let mut of_frameworks = BTreeSet::new();
        for name in frameworks {
            let found: Vec<&Framework> = self.frameworks.find(name)?;
            of_frameworks.extend(found.into_iter().flat_map(|it| it.rules().into_iter().cloned()));
        }
        if !named.is_empty() {
            of_frameworks.retain(|it| named.contains(it));
        }
        if of_frameworks.is_empty() { Err(NameError::NoRule) } else { Ok(of_frameworks) }
    }

    /// What a suppression hides. Rules and accounts that it names and nobody knows hide nothing.
    #[must_use]
    pub fn hiding(&self, suppression: &Suppression) -> Hiding {
        let accounts =
            if suppression.names_accounts() { self.concerned(suppression) } else { BTreeSet::new() };
        let rules: BTreeSet<RuleId> =
            suppression.rules.iter().flat_map(|pattern| self.rules_called(pattern)).collect();
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

    /// The accounts that a suppression is about, which says something of accounts.
    fn concerned(&self, suppression: &Suppression) -> BTreeSet<AccountId> {
        let known = self.accounts.iter().filter(|it| suppression.concerns(it, self.projects));
        let mut ids: BTreeSet<_> = known.map(|it| it.id.clone()).collect();
        if suppression.ou.is_empty() && suppression.projects.is_empty() {
            // An account that only imports know.
            ids.extend(suppression.accounts.iter().filter_map(|it| AccountId::new(it).ok()));
        }
        ids
    }

    fn rules_called(&self, pattern: &str) -> BTreeSet<RuleId> {
        let ours = self.rules.iter().filter(|(id, info)| is_meant(pattern, id, info)).map(|(id, _)| id);
        let others = self.reported.iter().filter(|it| glob::matches(pattern, it.as_str()));
        ours.chain(others).cloned().collect()
    }
}

/// Whether a rule or a detection is meant by a pattern: a glob over its id or its name, or an alias.
#[must_use]
pub fn is_meant(pattern: &str, id: &RuleId, info: &RuleInfo) -> bool {
    let by_alias =
        || pattern.contains(':') && info.aliases.qualified().any(|alias| glob::matches(pattern, &alias));
    glob::matches(pattern, id.as_str()) || glob::matches(pattern, info.id.as_str()) || by_alias()
}
