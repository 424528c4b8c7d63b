//! What findings are told with, besides the store: accounts and their projects, rules, frameworks.

use std::collections::{BTreeMap, BTreeSet};

use yagura_model::{Account, AccountId, DueDays, RuleId, RuleInfo};
use yagura_posture::{Frameworks, Project};

/// Accounts, projects, rules and frameworks, as they are now. Made anew when a scan ends or the configuration changes.
#[derive(Debug, Default)]
pub struct World {
    /// The projects.
    pub projects: Vec<Project>,
    /// The accounts of the last scan.
    pub accounts: BTreeMap<AccountId, Account>,
    /// Rules and detections, by the ids that findings carry.
    pub rules: BTreeMap<RuleId, RuleInfo>,
    /// The frameworks.
    pub frameworks: Frameworks,
    /// How long a finding may stay open.
    pub due: DueDays,
}

impl World {
    /// The accounts that these projects hold; projects that are not known hold none.
    #[must_use]
    pub fn accounts_of<'n>(&self, projects: impl IntoIterator<Item = &'n String>) -> BTreeSet<AccountId> {
        let names: BTreeSet<&String> = projects.into_iter().collect();
        let meant = || self.projects.iter().filter(|it| names.contains(&it.name));
        let held = self.accounts.values().filter(|account| meant().any(|project| project.holds(account)));
        held.map(|account| account.id.clone()).collect()
    }
}
