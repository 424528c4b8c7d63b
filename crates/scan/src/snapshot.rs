//! Snapshots: AWS read now, judged later, with no network.

use std::collections::BTreeSet;
use std::path::Path;

use futures::StreamExt;
use futures::future::BoxFuture;
use thiserror::Error;
use yagura_inventory::{
    Plan, SnapshotReadError, SnapshotReader, SnapshotWriteError, SnapshotWriter, note_regions_left_out,
};
use yagura_model::{
    Account, AccountScan, AccountState, CallCoverage, Coverage, Inventory, Organization, Region, Timestamp,
};

use crate::{AccountFilter, FilterError, Progress, RegionFilter, Selection, Source, SourceError};

/// Why a snapshot cannot be judged.
#[derive(Debug, Error)]
pub enum RecordedError {
    /// The snapshot cannot be read.
    #[error(transparent)]
    Read(#[from] SnapshotReadError),
    /// The filter names nothing in it.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// No account of the snapshot was read in a region that was asked for.
    #[error("the snapshot holds nothing of the region `{0}`")]
    NoSuchRegion(Region),
}

/// A snapshot as a source.
#[derive(Debug)]
pub struct Recorded {
    reader: SnapshotReader,
    organization: Organization,
    selection: Selection,
    regions: RegionFilter,
}

impl Recorded {
    /// Opens a snapshot and chooses among its accounts.
    ///
    /// # Errors
    ///
    /// [`RecordedError`] when it is none, is damaged or newer, or when the filter names nothing in it.
    pub fn open(
        directory: &Path,
        accounts: &AccountFilter,
        regions: RegionFilter,
    ) -> Result<Self, RecordedError> {
        let reader = SnapshotReader::open(directory)?;
        let manifest = reader.manifest();
        let held_in = |region: &Region| manifest.accounts.iter().any(|it| it.regions.contains(region));
        if let Some(region) = regions.regions.iter().find(|region| !held_in(region)) {
            return Err(RecordedError::NoSuchRegion(region.clone()));
        }
        // What the snapshot holds is what can be chosen from; the organisation may have more accounts.
        let mut held = manifest.organization.clone();
        held.accounts =
            manifest.accounts.iter().map(|it| (it.account.id.clone(), it.account.clone())).collect();
        let mut selection = accounts.select(&held)?;
        let skipped = |account: &Account| {
            manifest.accounts.iter().find(|it| it.account.id == account.id).and_then(|it| match &it.state {
                AccountState::Skipped { reason } => Some(*reason),
                _ => None,
            })
        };
        for account in std::mem::take(&mut selection.scanned) {
            match skipped(&account) {
                Some(reason) => selection.skipped.push((account, reason)),
                None => selection.scanned.push(account),
            }
        }
        let organization = manifest.organization.clone();
        Ok(Self { reader, organization, selection, regions })
    }

    /// When the snapshot was made: the time to judge as of.
    #[must_use]
    pub fn created(&self) -> Timestamp {
        self.reader.manifest().created
    }

    fn read(&self, account: &Account, plan: &Plan) -> Result<Inventory, SourceError> {
        let noted = self.reader.manifest().accounts.iter().find(|it| it.account.id == account.id);
        if let Some(AccountScan { state: AccountState::Unreachable { role, error }, .. }) = noted {
            let (account, role, error) = (account.id.clone(), role.clone(), error.clone());
            return Err(SourceError::Unreachable { account, role, error });
        }
        let mut inventory = self.reader.account(&account.id)?;
        self.reader.mark_unasked(plan, &mut inventory);
        narrow(&mut inventory, plan, &self.regions);
        Ok(inventory)
    }
}

/// Leaves out regions and calls that nobody asked for, as if they had not been read. Resources stay: a trail at home in
/// another region records this one too.
fn narrow(inventory: &mut Inventory, plan: &Plan, filter: &RegionFilter) {
    let keeps = |region: &Region| region.is_global() || filter.wants(region);
    let (regions, left_out): (Vec<_>, Vec<_>) =
        std::mem::take(&mut inventory.regions).into_iter().partition(keeps);
    inventory.regions = regions;
    inventory.unlisted.retain(|unlisted| keeps(&unlisted.region));
    let passed_over = plan.passed_over();
    let rows: Vec<CallCoverage> = inventory
        .coverage
        .rows(&inventory.account.id)
        .filter(|row| keeps(&row.region) && !passed_over.contains(row.call.as_str()))
        .collect();
    inventory.coverage = Coverage::from_rows(rows);
    note_regions_left_out(inventory, plan, &left_out);
}

impl Source for Recorded {
    fn organization(&self) -> &Organization {
        &self.organization
    }

    fn selection(&self) -> &Selection {
        &self.selection
    }

    fn regions(&self) -> &RegionFilter {
        &self.regions
    }

    fn identity(&self) -> String {
        let manifest = self.reader.manifest();
        format!("snapshot {} {:?} {:?}", manifest.created, manifest.organization.id, self.regions)
    }

    fn inventory<'a>(
        &'a self,
        account: &'a Account,
        plan: &'a Plan,
    ) -> BoxFuture<'a, Result<Inventory, SourceError>> {
        // Unpacking keeps a core busy, but only this account's share of them waits for it.
        Box::pin(async move { tokio::task::block_in_place(|| self.read(account, plan)) })
    }
}

/// Why a snapshot could not be made.
#[derive(Debug, Error)]
pub enum SaveError {
    /// A file could not be written.
    #[error(transparent)]
    Write(#[from] SnapshotWriteError),
    /// What was to be copied is a broken snapshot.
    #[error(transparent)]
    Recording(#[from] SnapshotReadError),
}

/// Reads every account of a source into a snapshot.
///
/// # Errors
///
/// [`SaveError`] when a file cannot be written; accounts that cannot be read are noted in the snapshot instead.
pub async fn save(
    source: &dyn Source,
    plan: &Plan,
    directory: &Path,
    created: Timestamp,
    accounts_at_once: usize,
    progress: &dyn Progress,
) -> Result<(), SaveError> {
    let writer = SnapshotWriter::create(directory, created, source.organization(), plan)?;
    let selection = source.selection();
    progress.begin(selection.scanned.len() + selection.skipped.len(), 0);
    let note = |account: &Account, state: AccountState| {
        let scan = AccountScan {
            account: account.clone(),
            state,
            regions: Vec::new(),
            resources: 0,
            switched_off: BTreeSet::new(),
        };
        progress.account(&scan, 0, source.calls());
        writer.note(scan);
    };
    for (account, reason) in &selection.skipped {
        note(account, AccountState::Skipped { reason: *reason });
    }
    let mut reading = futures::stream::iter(
        selection
            .scanned
            .iter()
            .map(|account| async move { (account, source.inventory(account, plan).await) }),
    )
    .buffer_unordered(accounts_at_once.max(1));
    while let Some((account, read)) = reading.next().await {
        match read {
            Ok(inventory) => {
                tokio::task::block_in_place(|| writer.write(&inventory))?;
                let scan = AccountScan {
                    account: account.clone(),
                    state: AccountState::Scanned,
                    regions: inventory.regions.clone(),
                    resources: inventory.resources.len() as u64,
                    switched_off: BTreeSet::new(),
                };
                progress.account(&scan, 0, source.calls());
            }
            Err(SourceError::Unreachable { role, error, .. }) => {
                note(account, AccountState::Unreachable { role, error });
            }
            Err(SourceError::Recording(error)) => return Err(error.into()),
        }
    }
    drop(reading);
    writer.finish()?;
    progress.end();
    Ok(())
}
