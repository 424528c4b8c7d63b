//! What findings are told with, besides the store: accounts and their projects, rules, frameworks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use yagura_model::{Account, AccountId, DueDays, Links, RuleId};
use yagura_posture::{Frameworks, Project, Rules};
use yagura_triage::{Known, KnownRules, OfFiles};

/// Accounts, projects, rules and frameworks, as they are now. Made anew when a scan ends or the configuration changes.
#[derive(Debug, Default)]
pub struct World {
    /// The projects.
    pub projects: Vec<Project>,
    /// The accounts of the last scan.
    pub accounts: BTreeMap<AccountId, Account>,
    /// Rules and detections, by the ids that findings carry.
    pub rules: KnownRules,
    /// The rules that scans judge by.
    pub judged_by: Rules,
    /// How types of resources point to one another.
    pub links: Option<Arc<Links>>,
    /// The frameworks.
    pub frameworks: Frameworks,
    /// How long a finding may stay open.
    pub due: DueDays,
    /// The suppressions of files.
    pub suppressions: OfFiles,
}

impl World {
    /// What people call an account; empty where that is not known.
    pub(crate) fn account_name(&self, id: &AccountId) -> String {
        self.accounts.get(id).map_or_else(String::new, |it| it.name.clone())
    }

    /// What names are resolved by.
    #[must_use]
    pub fn known<'k>(&'k self, reported: &'k BTreeSet<RuleId>) -> Known<'k> {
        Known {
            accounts: self.accounts.values().collect(),
            rules: &self.rules,
            frameworks: &self.frameworks,
            projects: &self.projects,
            reported,
        }
    }

    /// The accounts that these projects hold; projects that are not known hold none.
    #[must_use]
    pub fn accounts_of<'n>(&self, projects: impl IntoIterator<Item = &'n String>) -> BTreeSet<AccountId> {
        let names: BTreeSet<&String> = projects.into_iter().collect();
        let meant = || self.projects.iter().filter(|it| names.contains(&it.name));
        let held = self.accounts.values().filter(|account| meant().any(|project| project.holds(account)));
        held.map(|account| account.id.clone()).collect()
    }
}
