//! What reports are made from: the store, the last scan, rules and frameworks.

use std::collections::{BTreeMap, BTreeSet};

use yagura_model::{
    Account, AccountId, AccountScan, AccountState, Assessment, Framework, Lang, Organization, Scan, ScanId,
};
use yagura_packs::Packs;
use yagura_posture::{Frameworks, Project, Rules};
use yagura_scan::ChooseError;
use yagura_store::{ReadError, Store};

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
    judged_by: Rules,
    lang: Lang,
    organization: Organization,
    /// Those of the last scan, and those that it left out.
    accounts: BTreeMap<AccountId, AccountScan>,
    told_from: ToldFrom,
}

/// For each scan that frameworks are told from, the frameworks by their places.
type ToldFrom = BTreeMap<ScanId, (Scan, Vec<usize>)>;

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
        let organization = store.organization(scan.id).await.map_err(|error| unread(error.into()))?;
        let mut known = Self {
            rules: with_detections(&rules, &packs)?,
            packs,
            store,
            scan,
            frameworks,
            judged_by: rules,
            lang,
            organization,
            accounts: BTreeMap::new(),
            told_from: ToldFrom::new(),
        };
        known.read_scans().await?;
        Ok(known)
    }

    /// Reads what the scans told of the accounts and frameworks.
    async fn read_scans(&mut self) -> Result<(), Failure> {
        let (store, scan) = (&self.store, self.scan.id);
        let failed = |error: ReadError| unread(error.into());
        let scanned = store.accounts(scan).await.map_err(failed)?;
        self.accounts = accounts(&self.organization, scanned, self.lang);
        // As the last scan knew them, where it did.
        let known = store.rules(scan).await.map_err(failed)?;
        self.rules.extend(known.into_iter().map(|it| (it.id.clone(), it)));
        self.told_from.clear();
        for (n, framework) in self.frameworks.iter().enumerate() {
            match yagura_scan::reported(store, framework, &self.judged_by, None).await {
                Ok(it) => {
                    self.told_from.entry(it.scan.id).or_insert_with(|| (it.scan, Vec::new())).1.push(n);
                }
                Err(ChooseError::NoScan) => {}
                Err(error) => return Err(unread(error.into())),
            }
        }
        Ok(())
    }

    /// Whether a later scan took the place of one that this is told from, so that its details are gone. Then everything is read anew, and
    /// what could not be made can be tried again.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    pub async fn renew(&mut self) -> Result<bool, Failure> {
        let failed = |error: ReadError| unread(error.into());
        let kept = self.store.kept_scans().await.map_err(failed)?;
        let is_kept = |id: &ScanId| kept.iter().any(|it| it.id == *id);
        if is_kept(&self.scan.id) && self.told_from.keys().all(is_kept) {
            return Ok(false);
        }
        if let Some(scan) = self.store.latest_whole_scan().await.map_err(failed)? {
            self.organization = self.store.organization(scan.id).await.map_err(failed)?;
            self.scan = scan;
        }
        self.read_scans().await?;
        Ok(true)
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
