//! What messages tell about rules, detections and accounts.

use std::collections::BTreeMap;

use yagura_model::{Account, AccountId, Lang, RequirementsByRule, RuleId, RuleInfo, requirements_by_rule};
use yagura_notify::{Catalogue, Facts};
use yagura_packs::Packs;
use yagura_posture::{Frameworks, Rules};
use yagura_report::KnownDetections;
use yagura_store::Store;

use crate::arguments::{DetectionsCommon, NotifyCommon};
use crate::commands::detections;
use crate::config::Config;
use crate::failure::{Failure, Told};

/// Rules, detections, requirements, accounts.
pub struct Known {
    rules: Rules,
    detections: KnownDetections,
    requirements: RequirementsByRule,
    accounts: BTreeMap<AccountId, Account>,
}

impl Known {
    /// Out of the packs, and out of the last scan in the store if there is one.
    ///
    /// # Errors
    ///
    /// The packs or the store cannot be read.
    pub async fn load(
        packs: &Packs,
        common: &NotifyCommon,
        config: &Config,
        store: Option<&Store>,
    ) -> Result<Self, Failure> {
        let (rules, _) = Rules::load(packs, &config.settings());
        let (frameworks, _) = Frameworks::load(packs, &rules);
        let common = DetectionsCommon { packs: common.packs.clone(), ..DetectionsCommon::default() };
        let detections = detections::words(&common, config)?;
        let accounts = match store {
            Some(store) => accounts(store).await?,
            None => BTreeMap::new(),
        };
        Ok(Self { requirements: requirements_by_rule(frameworks.iter()), rules, detections, accounts })
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
        self.rules.get(id.as_str()).map(|it| it.info().clone())
    }

    fn detection(&self, id: &RuleId, lang: Lang) -> Option<Facts> {
        let words = self.detections.get(id.as_str())?;
        Some(Facts {
            title: words.title.get(lang).clone(),
            steps: words.response.get(lang).clone(),
            ..Facts::default()
        })
    }

    fn requirements(&self) -> &RequirementsByRule {
        &self.requirements
    }

    fn account(&self, id: &AccountId) -> Option<&Account> {
        self.accounts.get(id)
    }
}
