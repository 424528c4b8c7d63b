//! What messages tell about rules, detections and accounts.

use std::collections::BTreeMap;

use yagura_model::{Account, AccountId, RequirementsByRule, RuleId, RuleInfo, requirements_by_rule};
use yagura_notify::Catalogue;
use yagura_packs::Packs;
use yagura_posture::{Frameworks, Rules};
use yagura_report::KnownDetections;
use yagura_store::Store;

use crate::commands::detections;
use crate::commands::known_rules::{KnownRules, with_words};
use crate::config::Config;
use crate::failure::{Failure, Told};

/// Rules, detections, requirements, accounts.
pub struct Known {
    rules: KnownRules,
    requirements: RequirementsByRule,
    detections: KnownDetections,
    accounts: BTreeMap<AccountId, Account>,
}

impl Known {
    /// Out of the packs, and out of the last scan in the store if there is one.
    ///
    /// # Errors
    ///
    /// The packs or the store cannot be read.
    pub async fn load(packs: &Packs, config: &Config, store: Option<&Store>) -> Result<Self, Failure> {
        let (rules, _) = Rules::load(packs, &config.settings());
        let (frameworks, _) = Frameworks::load(packs, &rules);
        let requirements = requirements_by_rule(frameworks.iter());
        let detections = detections::words(packs)?;
        let rules = with_words(&rules, &detections);
        let accounts = match store {
            Some(store) => accounts(store).await?,
            None => BTreeMap::new(),
        };
        Ok(Self { rules, requirements, detections, accounts })
    }
}

async fn accounts(store: &Store) -> Result<BTreeMap<AccountId, Account>, Failure> {
    let unread = |error| Told::new("the accounts cannot be read back from the store").because(error).other();
    let Some(scan) = store.latest_scan().await.map_err(unread)? else { return Ok(BTreeMap::new()) };
    let organization = store.organization(scan.id).await.map_err(unread)?;
    Ok(organization.accounts)
}

impl Catalogue for Known {
    fn rule(&self, id: &RuleId) -> Option<RuleInfo> {
        self.rules.get(id).cloned()
    }

    fn requirements(&self) -> &RequirementsByRule {
        &self.requirements
    }

    fn account(&self, id: &AccountId) -> Option<&Account> {
        self.accounts.get(id)
    }

    fn detections(&self) -> &KnownDetections {
        &self.detections
    }
}
