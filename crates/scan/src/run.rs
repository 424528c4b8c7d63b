//! Runs a scan: accounts side by side from the source through the rules into the store; those that are ready at the same time share a transaction.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::StreamExt;
use sha2::{Digest, Sha256};
use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use yagura_inventory::{Plan, SnapshotReadError};
use yagura_model::{
    Account, AccountId, AccountScan, AccountState, Inventory, Outcome as Answer, Region, RuleInfo, Scan,
    ScanScope, Timestamp,
};
use yagura_posture::Rules;
use yagura_store::{AccountRecord, BeginError, FinishError, ScanOrder, ScanRun, Store, WriteError};

use crate::{Progress, Source, SourceError};

/// What a scan is to do.
pub struct Job<'a> {
    /// The rules to judge by.
    pub rules: Arc<Rules>,
    /// What to read for them.
    pub plan: &'a Plan,
    /// The regions asked for; empty means every enabled one.
    pub regions: BTreeSet<Region>,
    /// When the scan begins; ages count to it. A resumed scan keeps the time at which it first began.
    pub now: Timestamp,
    /// Everything else that shapes the result: packs, settings, filters. Goes into the scope's digest.
    pub digest: String,
    /// How the scan was narrowed, as it was asked for: scans with the same text can be compared, whatever accounts and rules have come
    /// to be since.
    pub question: String,
    /// Whether somebody wants to look at a part once: see [`ScanScope::is_narrowed`].
    pub is_narrowed: bool,
    /// How many accounts are read at the same time.
    pub accounts_at_once: usize,
    /// Whether an interrupted scan with the same scope is taken up.
    pub resume: bool,
}

/// A scan that is done.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The scan, as the store has it.
    pub scan: Scan,
    /// How many accounts an interrupted run had done before.
    pub resumed: usize,
}

/// Why a scan could not be brought to its end. What was written stays; the same command takes it up.
#[derive(Debug, Error)]
pub enum ScanError {
    /// The store did not let it begin.
    #[error(transparent)]
    Begin(#[from] BeginError),
    /// An account could not be stored.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The store did not let it end.
    #[error(transparent)]
    Finish(#[from] FinishError),
    /// The snapshot that is judged is broken.
    #[error(transparent)]
    Recording(#[from] SnapshotReadError),
    /// Judging an account ended in a bug of ours.
    #[error("judging account {account} failed: {cause}")]
    Judging {
        /// The account.
        account: String,
        /// What the runtime says.
        cause: String,
    },
    /// It was told to stop between two accounts.
    #[error("the scan was stopped when {done} of {accounts} accounts were done")]
    Stopped {
        /// How many accounts are stored.
        done: usize,
        /// How many there are.
        accounts: usize,
    },
}

/// One account on its way to the store.
struct Done {
    record: AccountRecord,
    /// Given back when the account is written.
    judged: Option<OwnedSemaphorePermit>,
}

impl Done {
    /// An account of which nothing was read.
    fn unread(scan: AccountScan) -> Result<Self, ScanError> {
        Ok(Self { record: AccountRecord::new(scan, None, Vec::new())?, judged: None })
    }
}

/// Resources of accounts that are judged and not yet written at most: answers take more room than what they are about. One account
/// may have more; then it is alone.
const JUDGED_AT_ONCE: u32 = 4096;

/// Accounts that are written in one transaction at most: others may want to write too.
const WRITTEN_AT_ONCE: usize = 16;

/// Runs a scan to its end.
///
/// # Errors
///
/// [`ScanError`] when the store fails; accounts that cannot be read are part of the result instead.
pub async fn run(
    source: &dyn Source,
    store: &Store,
    job: Job<'_>,
    progress: &dyn Progress,
) -> Result<Outcome, ScanError> {
    let selection = source.selection();
    let scope = scope(source, &job);
    let rules: Vec<RuleInfo> = job.rules.iter().map(|rule| rule.info().clone()).collect();
    let writer = store
        .begin_scan(ScanOrder {
            scope: &scope,
            organization: source.organization(),
            rules: &rules,
            started: job.now,
            resume: job.resume,
        })
        .await?;
    let done_before = writer.done_accounts().clone();
    let judged_at = writer.scan().started;
    let all = selection.scanned.len() + selection.skipped.len();
    progress.begin(all, done_before.len());

    for (account, reason) in
        selection.skipped.iter().filter(|(account, _)| !done_before.contains(&account.id))
    {
        let state = AccountState::Skipped { reason: *reason };
        let done = Done::unread(account_scan(account, state, None))?;
        write(&writer, vec![done], source, progress).await?;
    }

    // Few accounts may wait for the store; more would pile up in memory.
    let (sender, mut receiver) = mpsc::channel::<Result<Done, ScanError>>(WRITTEN_AT_ONCE);
    let room = Arc::new(Semaphore::new(JUDGED_AT_ONCE as usize));
    let reading = async {
        let wanted = selection.scanned.iter().filter(|account| !done_before.contains(&account.id));
        // Asked whenever there is room for the next one, not beforehand.
        let wanted = wanted.take_while(|_| progress.goes_on());
        let mut accounts =
            futures::stream::iter(wanted.map(|account| read(source, account, &job, judged_at, &room)))
                .buffer_unordered(job.accounts_at_once.max(1));
        while let Some(done) = accounts.next().await {
            if sender.send(done).await.is_err() {
                break;
            }
        }
        drop(sender);
    };
    // Owns the receiver: when the store fails the channel closes, and the reading ends.
    let mut done_now = selection.skipped.iter().filter(|(it, _)| !done_before.contains(&it.id)).count();
    let writing = async move {
        let mut ready = Vec::with_capacity(WRITTEN_AT_ONCE);
        while receiver.recv_many(&mut ready, WRITTEN_AT_ONCE).await > 0 {
            let done: Vec<Done> = ready.drain(..).collect::<Result<_, _>>()?;
            done_now += done.len();
            write(&writer, done, source, progress).await?;
        }
        Ok::<_, ScanError>((writer, done_now))
    };
    let ((), written) = futures::join!(reading, writing);
    let (writer, done_now) = written?;
    let done = done_before.len() + done_now;
    if done < all && !progress.goes_on() {
        return Err(ScanError::Stopped { done, accounts: all });
    }
    let scan = writer.finish(job.now).await?;
    progress.end();
    Ok(Outcome { scan, resumed: done_before.len() })
}

async fn read(
    source: &dyn Source,
    account: &Account,
    job: &Job<'_>,
    now: Timestamp,
    room: &Arc<Semaphore>,
) -> Result<Done, ScanError> {
    let mut inventory = match source.inventory(account, job.plan).await {
        Ok(inventory) => inventory,
        Err(SourceError::Unreachable { role, error, .. }) => {
            return Done::unread(account_scan(account, AccountState::Unreachable { role, error }, None));
        }
        Err(SourceError::Recording(error)) => return Err(error.into()),
    };
    // The semaphore is never closed: a permit comes.
    let size = u32::try_from(inventory.resources.len()).unwrap_or(u32::MAX).clamp(1, JUDGED_AT_ONCE);
    let judged = Arc::clone(room).acquire_many_owned(size).await.ok();
    let rules = Arc::clone(&job.rules);
    let organization = source.organization().clone();
    let regions = source.regions().clone();
    let switched_off = job.rules.switched_off(account);
    let about = account.clone();
    let record = tokio::task::spawn_blocking(move || {
        let mut evaluations = rules.evaluate(&inventory, &organization, now);
        // What lies in regions that nobody asked for served to judge the rest, and ends here.
        let wanted = |region: &Region| region.is_global() || regions.wants(region);
        evaluations.retain(|it| wanted(&it.resource.region));
        inventory.unlisted.retain(|it| wanted(&it.region));
        let mut scan = account_scan(&about, AccountState::Scanned, Some(&inventory));
        scan.switched_off = switched_off;
        AccountRecord::new(scan, Some(inventory), evaluations)
    })
    .await
    .map_err(|error| ScanError::Judging { account: account.id.to_string(), cause: error.to_string() })??;
    Ok(Done { record, judged })
}

async fn write(
    writer: &ScanRun,
    done: Vec<Done>,
    source: &dyn Source,
    progress: &dyn Progress,
) -> Result<(), ScanError> {
    let (records, _judged): (Vec<_>, Vec<_>) = done.into_iter().map(|it| (it.record, it.judged)).unzip();
    writer.write(&records).await?;
    for record in &records {
        let violations = record.evaluations().iter().filter(|it| it.outcome == Answer::NonCompliant).count();
        progress.account(record.scan(), violations, source.calls());
    }
    Ok(())
}

fn account_scan(account: &Account, state: AccountState, inventory: Option<&Inventory>) -> AccountScan {
    AccountScan {
        account: account.clone(),
        state,
        regions: inventory.map(|it| it.regions.clone()).unwrap_or_default(),
        resources: inventory.map(|it| it.resources.len() as u64).unwrap_or_default(),
        switched_off: BTreeSet::new(),
    }
}

fn scope(source: &dyn Source, job: &Job<'_>) -> ScanScope {
    let selection = source.selection();
    let accounts = selection.scanned.iter().chain(selection.skipped.iter().map(|(account, _)| account));
    let accounts: BTreeSet<AccountId> = accounts.map(|account| account.id.clone()).collect();
    // Without an organisation, the accounts themselves are what the scan is about.
    let about = match &source.organization().id {
        Some(id) => id.clone(),
        None => accounts.iter().map(AccountId::as_str).collect::<Vec<_>>().join(" "),
    };
    ScanScope {
        regions: job.regions.clone(),
        rules: job.rules.ids().cloned().collect(),
        types: job.plan.types(),
        digest: digest(&[source.identity().as_str(), &job.digest, env!("CARGO_PKG_VERSION")]),
        question: digest(&[&about, &job.question]),
        is_narrowed: job.is_narrowed,
        accounts,
    }
}

fn digest(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
