//! What reports are made from: the store, the last scan, rules and frameworks.

use std::collections::{BTreeMap, BTreeSet};

use yagura_model::{
    Account, AccountId, AccountScan, AccountState, Assessment, Framework, Lang, Organization, Scan, ScanId,
};
use yagura_packs::Packs;
use yagura_posture::{Frameworks, Project, Rules};
use yagura_scan::ChooseError;
use yagura_store::Store;

use crate::arguments::StoredArguments;
use crate::commands::configured_packs;
use crate::commands::frameworks::unknown;
use crate::commands::known_rules::{KnownRules, with_detections};
use crate::commands::language;
use crate::commands::store::{last_scan, unread};
use crate::config::Config;
use crate::failure::Failure;
use crate::terminal;

/// What reports are made from.
pub struct Known {
    pub packs: Packs,
    pub store: Store,
    pub scan: Scan,
    pub rules: KnownRules,
    pub frameworks: Vec<Framework>,
    organization: Organization,
    /// Those of the last scan, and those that it left out.
    accounts: BTreeMap<AccountId, AccountScan>,
    /// For each scan that frameworks are told from, the frameworks by their places.
    told_from: BTreeMap<ScanId, (Scan, Vec<usize>)>,
}

impl Known {
    /// Reads it. No framework named means every one that a rule serves.
    ///
    /// # Errors
    ///
    /// There is no scan, or it cannot be read; a framework is not there.
    pub async fn load(from: &StoredArguments, config: &Config, wanted: &[String]) -> Result<Self, Failure> {
        let packs = configured_packs(&from.packs, config)?;
        let asked = from.store.clone().or_else(|| config.store());
        let (store, scan) = last_scan(asked.as_deref()).await?;
        Self::read(packs, store, scan, config, wanted, language(from.lang.or(config.lang()))).await
    }

    /// Reads it out of a store that is open.
    ///
    /// # Errors
    ///
    /// It cannot be read; a framework is not there.
    pub async fn read(
        packs: Packs,
        store: Store,
        scan: Scan,
        config: &Config,
        wanted: &[String],
        lang: Lang,
    ) -> Result<Self, Failure> {
        let (rules, mistakes) = Rules::load(&packs, &config.settings());
        terminal::diagnostics(&mistakes);
        let (all, mistakes) = Frameworks::load(&packs, &rules);
        terminal::diagnostics(&mistakes);
        let frameworks: Vec<Framework> = if wanted.is_empty() {
            all.iter().filter(|it| !it.rules().is_empty()).cloned().collect()
        } else {
            all.find_all(wanted).map_err(unknown)?.into_iter().cloned().collect()
        };
        let unread = |error: yagura_store::ReadError| unread(error.into());
        let organization = store.organization(scan.id).await.map_err(unread)?;
        let scanned = store.accounts(scan.id).await.map_err(unread)?;
        let mut infos = with_detections(&rules, &packs)?;
        // As the last scan knew them, where it did.
        infos.extend(store.rules(scan.id).await.map_err(unread)?.into_iter().map(|it| (it.id.clone(), it)));
        let mut told_from: BTreeMap<ScanId, (Scan, Vec<usize>)> = BTreeMap::new();
        for (n, framework) in frameworks.iter().enumerate() {
            match yagura_scan::reported(&store, framework, &rules, None).await {
                Ok(it) => told_from.entry(it.scan.id).or_insert_with(|| (it.scan, Vec::new())).1.push(n),
                Err(ChooseError::NoScan) => {}
                Err(error) => return Err(crate::commands::store::unread(error.into())),
            }
        }
        Ok(Self {
            packs,
            accounts: accounts(&organization, scanned, lang),
            store,
            scan,
            rules: infos,
            frameworks,
            organization,
            told_from,
        })
    }

    /// The accounts that `holds` lets through, by id.
    pub fn accounts_of(&self, holds: impl Fn(&Account) -> bool) -> Vec<AccountScan> {
        // Organizations tells an account's tags and place, which the scan of a single account may not know.
        let known = |it: &AccountScan| self.organization.accounts.get(&it.account.id).cloned();
        let of = self.accounts.values().filter(|it| holds(&known(it).unwrap_or_else(|| it.account.clone())));
        of.cloned().collect()
    }

    /// Each project with the ids of its accounts.
    pub fn accounts_of_projects(&self, projects: &[Project]) -> Vec<(String, BTreeSet<AccountId>)> {
        let ids =
            |it: &Project| self.accounts_of(|account| it.holds(account)).into_iter().map(|it| it.account.id);
        projects.iter().map(|it| (it.name.clone(), ids(it).collect())).collect()
    }

    /// How far some accounts meet each framework, in the order of the frameworks.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    pub async fn assessments(&self, accounts: &BTreeSet<AccountId>) -> Result<Vec<Assessment>, Failure> {
        let mut all: Vec<Option<Assessment>> = self.frameworks.iter().map(|_| None).collect();
        for (scan, places) in self.told_from.values() {
            let frameworks: Vec<&Framework> = places.iter().filter_map(|n| self.frameworks.get(*n)).collect();
            let told = |_: &Framework, _: &_| Ok(());
            let found = yagura_scan::assess(&self.store, scan, &frameworks, &[], Some(accounts), told)
                .await
                .map_err(|error| unread(error.into()))?;
            for (n, assessment) in places.iter().zip(found) {
                if let Some(place) = all.get_mut(*n) {
                    *place = Some(assessment);
                }
            }
        }
        Ok(all.into_iter().flatten().collect())
    }
}

/// The accounts of a scan, and those of the organisation that it did not look at: that is told, and no pass.
fn accounts(
    organization: &Organization,
    scanned: Vec<AccountScan>,
    lang: Lang,
) -> BTreeMap<AccountId, AccountScan> {
    let left_out = match lang {
        Lang::En => "the last scan did not look at this account",
        Lang::Ja => "最終スキャンの対象に含まれていません",
    };
    let mut accounts: BTreeMap<AccountId, AccountScan> =
        scanned.into_iter().map(|it| (it.account.id.clone(), it)).collect();
    for account in organization.accounts.values() {
        accounts.entry(account.id.clone()).or_insert_with(|| AccountScan {
            account: account.clone(),
            state: match account.status {
                yagura_model::AccountStatus::Active => {
                    AccountState::Unreachable { role: None, error: left_out.to_owned() }
                }
                reason => AccountState::Skipped { reason },
            },
            regions: Vec::new(),
            resources: 0,
            switched_off: BTreeSet::new(),
        });
    }
    accounts
}
