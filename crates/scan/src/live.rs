//! AWS as a source: finds the accounts, enters each by its role, asks for its regions, collects.

use std::sync::Arc;

use futures::future::BoxFuture;
use futures::stream::{self, StreamExt as _};
use thiserror::Error;
use yagura_aws::organization::{self, Caller, Discovery};
use yagura_aws::{CallError, Client, RoleConfig, Target};
use yagura_inventory::{Counters, Plan, Subject, collect, note_regions_left_out, note_regions_off};
use yagura_model::{Account, AccountId, Inventory, Organization, ReadStatus, Region};

use crate::{AccountFilter, FilterError, RegionFilter, Selection, Source, SourceError};

/// Accounts that are entered at once, where nothing else is done in them.
const AT_ONCE: usize = 8;

/// How AWS is read.
#[derive(Debug, Clone, Default)]
pub struct LiveSettings {
    /// Which accounts.
    pub accounts: AccountFilter,
    /// Which regions.
    pub regions: RegionFilter,
    /// Only the caller's own account, without asking for an organisation.
    pub this_account: bool,
    /// How other accounts are entered.
    pub role: RoleConfig,
}

/// Why a live scan cannot begin.
#[derive(Debug, Error)]
pub enum LiveError {
    /// AWS does not know the caller, or cannot be reached.
    #[error("AWS does not tell who is calling")]
    Caller(#[source] Box<CallError>),
    /// The filter names nothing.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// A region does not exist in the partition.
    #[error("there is no region `{region}` in the partition {partition}")]
    NoSuchRegion {
        /// What was written.
        region: Region,
        /// The caller's partition.
        partition: yagura_model::Partition,
    },
}

/// AWS, seen from one caller.
#[derive(Debug)]
pub struct Live {
    client: Client,
    caller: Caller,
    discovery: Discovery,
    selection: Selection,
    settings: LiveSettings,
    counters: Arc<Counters>,
}

impl Live {
    /// Asks who is calling and which accounts there are, and chooses among them.
    ///
    /// # Errors
    ///
    /// [`LiveError`] when AWS does not accept the caller, or a filter names nothing.
    pub async fn begin(client: Client, settings: LiveSettings) -> Result<Self, LiveError> {
        let caller = organization::caller(&client, client.credentials(), client.region())
            .await
            .map_err(|error| LiveError::Caller(Box::new(error)))?;
        check_regions(&client, &caller, &settings.regions)?;
        let mut discovery = if settings.this_account {
            alone(&caller)
        } else {
            organization::discover(&client, &caller).await
        };
        if !discovery.listed {
            add_named(&mut discovery.organization, &settings.accounts.accounts);
        }
        let mut filter = settings.accounts.clone();
        if settings.this_account {
            filter.accounts = vec![caller.target.account.to_string()];
        }
        let selection = filter.select(&discovery.organization)?;
        Ok(Self { client, caller, discovery, selection, settings, counters: Arc::default() })
    }

    /// Calls that failed while the organisation was looked for, for people to know.
    #[must_use]
    pub fn gaps(&self) -> &[CallError] {
        &self.discovery.gaps
    }

    /// The client that AWS is asked through.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Who calls.
    #[must_use]
    pub fn caller(&self) -> &Target {
        &self.caller.target
    }

    /// Enters every chosen account: a target for each of its enabled regions that is wanted, sorted. An account that cannot be
    /// entered is told, and the others go on.
    pub async fn targets(&self) -> (Vec<Target>, Vec<SourceError>) {
        let entered = stream::iter(self.selection.scanned.iter().map(|account| async {
            let target = self.enter(&account.id).await?;
            let regions = organization::regions(&self.client, &target).await.enabled;
            let wanted = regions.into_iter().filter(|region| self.settings.regions.wants(region));
            Ok(wanted.map(|region| target.in_region(region)).collect::<Vec<_>>())
        }));
        let entered: Vec<Result<Vec<Target>, SourceError>> = entered.buffered(AT_ONCE).collect().await;
        let (mut targets, mut failures) = (Vec::new(), Vec::new());
        for account in entered {
            match account {
                Ok(more) => targets.extend(more),
                Err(error) => failures.push(error),
            }
        }
        (targets, failures)
    }

    async fn enter(&self, account: &AccountId) -> Result<Target, SourceError> {
        if *account == self.caller.target.account {
            return Ok(self.caller.target.clone());
        }
        let role = &self.settings.role;
        self.client.enter(&self.caller.target, account, role).await.map_err(|error| {
            SourceError::Unreachable {
                account: account.clone(),
                role: Some(role.arn(account, self.caller.partition)),
                error: error.to_string(),
            }
        })
    }

    async fn read(&self, account: &Account, plan: &Plan) -> Result<Inventory, SourceError> {
        let target = self.enter(&account.id).await?;
        let found = organization::regions(&self.client, &target).await;
        let wanted = |region: &Region| self.settings.regions.wants(region);
        let (regions, left_out): (Vec<_>, Vec<_>) = found.enabled.iter().cloned().partition(wanted);
        let known = self.client.known_regions(self.caller.partition);
        let off: Vec<_> = known.filter(|region| wanted(region) && !found.enabled.contains(region)).collect();
        let organization = &self.discovery.organization;
        let subject = Subject { account, organization, regions: &regions, target: &target };
        let mut inventory = collect(&self.client, plan, &subject, self.counters.as_ref()).await;
        note_regions_off(&mut inventory.coverage, &off);
        note_regions_left_out(&mut inventory, plan, &left_out);
        let own = *account.id.as_str() == *self.caller.target.account.as_str();
        let around = if own { self.discovery.gaps.as_slice() } else { &[] };
        for error in found.gaps.iter().chain(around) {
            inventory.coverage.add(&Region::global(), &error.call, error.status());
        }
        if let Some(call) = found.told_by {
            inventory.coverage.add(&Region::global(), call, ReadStatus::Read);
        }
        Ok(inventory)
    }
}

fn alone(caller: &Caller) -> Discovery {
    let account = Account::bare(caller.target.account.clone());
    Discovery {
        organization: Organization::of_one(account, caller.partition),
        gaps: Vec::new(),
        listed: false,
    }
}

/// Accounts that a person lists by id are there, also when the organisation cannot be asked about them.
fn add_named(organization: &mut Organization, named: &[String]) {
    for id in named.iter().filter_map(|name| AccountId::new(name).ok()) {
        organization.accounts.entry(id.clone()).or_insert_with(|| Account::bare(id));
    }
}

fn check_regions(client: &Client, caller: &Caller, filter: &RegionFilter) -> Result<(), LiveError> {
    let partition = caller.partition;
    let known: std::collections::BTreeSet<Region> = client.known_regions(partition).collect();
    match filter.regions.iter().chain(&filter.exclude).find(|region| !known.contains(*region)) {
        Some(region) => Err(LiveError::NoSuchRegion { region: region.clone(), partition }),
        None => Ok(()),
    }
}

impl Source for Live {
    fn organization(&self) -> &Organization {
        &self.discovery.organization
    }

    fn selection(&self) -> &Selection {
        &self.selection
    }

    fn regions(&self) -> &RegionFilter {
        &self.settings.regions
    }

    fn identity(&self) -> String {
        let settings = &self.settings;
        format!(
            "live {} {:?} {:?} {} {:?}",
            self.caller.target.account,
            self.discovery.organization.id,
            settings.regions,
            settings.role.name,
            settings.this_account
        )
    }

    fn inventory<'a>(
        &'a self,
        account: &'a Account,
        plan: &'a Plan,
    ) -> BoxFuture<'a, Result<Inventory, SourceError>> {
        Box::pin(self.read(account, plan))
    }

    fn calls(&self) -> u64 {
        self.client.stats().requests
    }
}
