//! Writing one account of a scan: everything about it in one transaction, so that a killed scan has either all of an
//! account or nothing.

mod coverage;
mod evaluations;
mod findings;
mod listed;
mod resources;
pub(crate) mod sights;

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;
use yagura_model::{
    Account, AccountId, AccountScan, AccountState, Evaluation, Inventory, Region, ResourceKey, RuleId,
};

use crate::ScanRun;
use crate::database::{self, Connection};
use crate::error::{DatabaseError, undecodable};
use crate::names::{self, Kind, Names};
use crate::read::summary::Calls;
use crate::store::Writer;

/// Why an account was not written. Nothing of it is in the store then.
#[derive(Debug, Error)]
pub enum WriteError {
    /// It was written before, in this scan.
    #[error("account {account} was already written in this scan")]
    AlreadyWritten {
        /// Which account.
        account: AccountId,
    },
    /// A rule that the scan did not set out with.
    #[error("rule `{rule}` is not in the scope of the scan")]
    OutOfScope {
        /// Which rule.
        rule: RuleId,
    },
    /// Two answers to one question.
    #[error("rule `{rule}` judged {resource} twice")]
    JudgedTwice {
        /// Which rule.
        rule: RuleId,
        /// Which resource.
        resource: Box<ResourceKey>,
    },
    /// An answer about another account's resource.
    #[error("{resource} is not in account {account}")]
    Elsewhere {
        /// The account that was to be written.
        account: AccountId,
        /// The resource that does not belong there.
        resource: Box<ResourceKey>,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// What the parts of one account's transaction share.
struct Task<'t> {
    connection: &'t mut Connection,
    names: &'t mut Names,
    run: &'t ScanRun,
    account_id: i64,
}

impl Task<'_> {
    fn scan(&self) -> i64 {
        self.run.scan.id.0
    }

    /// When the scan began.
    fn at(&self) -> i64 {
        self.run.scan.started.as_millisecond()
    }

    async fn region(&mut self, region: &Region) -> sqlx::Result<i64> {
        self.names.number(self.connection, Kind::Region, region.as_str()).await
    }

    /// The number that the next row of a table gets.
    async fn next_id(&mut self, query: &'static str) -> sqlx::Result<i64> {
        sqlx::query_scalar(query).fetch_one(&mut *self.connection).await
    }
}

/// What is told of an account again and again, scan after scan.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct About {
    pub(crate) account: Account,
    pub(crate) state: AccountState,
    pub(crate) regions: Vec<Region>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) switched_off: BTreeSet<RuleId>,
}

impl ScanRun {
    /// Writes one account: its state, resources, evaluations, coverage and what all this does to findings.
    ///
    /// `inventory` is `None` when nothing could be read. Evaluations are best given in the order of outputs; then they
    /// are written as they come.
    ///
    /// # Errors
    ///
    /// [`WriteError`]; nothing of the account is stored then, and the scan can go on with another one.
    pub async fn write_account(
        &self,
        account: &AccountScan,
        inventory: Option<&Inventory>,
        evaluations: &[Evaluation],
    ) -> Result<(), WriteError> {
        self.check(&account.account.id, inventory, evaluations)?;
        let mut writer = self.inner.writer.lock().await;
        let Writer { connection, names: shared } = &mut *writer;
        // Whatever ends this early leaves the shared names empty: those of a rolled-back transaction are not true.
        let mut names = std::mem::take(shared);
        let failed = |error| self.inner.failed(error);
        let mut transaction = database::begin_write(connection).await.map_err(failed)?;
        let written = self
            .write(&mut transaction, &mut names, account, inventory, evaluations)
            .await
            .map_err(failed)?;
        if !written {
            return Err(WriteError::AlreadyWritten { account: account.account.id.clone() });
        }
        transaction.commit().await.map_err(failed)?;
        *shared = names;
        Ok(())
    }

    /// Refuses what would make the tables lie.
    fn check(
        &self,
        account: &AccountId,
        inventory: Option<&Inventory>,
        evaluations: &[Evaluation],
    ) -> Result<(), WriteError> {
        let resources = inventory.into_iter().flat_map(|it| &it.resources).map(|it| &it.key);
        if let Some(resource) =
            resources.chain(evaluations.iter().map(|it| &it.resource)).find(|key| key.account != *account)
        {
            let resource = Box::new(resource.clone());
            return Err(WriteError::Elsewhere { account: account.clone(), resource });
        }
        if let Some(stray) = evaluations.iter().find(|it| !self.rules.contains_key(&it.rule)) {
            return Err(WriteError::OutOfScope { rule: stray.rule.clone() });
        }
        let twice = |a: &Evaluation, b: &Evaluation| a.sort_key() == b.sort_key();
        let ordered = evaluations.is_sorted_by(|a, b| a.sort_key() < b.sort_key());
        if !ordered {
            let mut sorted: Vec<&Evaluation> = evaluations.iter().collect();
            sorted.sort_by_key(|it| it.sort_key());
            if let Some([_, it]) = sorted.array_windows().find(|[a, b]| twice(a, b)) {
                let resource = Box::new(it.resource.clone());
                return Err(WriteError::JudgedTwice { rule: it.rule.clone(), resource });
            }
        }
        Ok(())
    }

    /// Writes; `false` when the account stands there already.
    async fn write(
        &self,
        connection: &mut Connection,
        names: &mut Names,
        account: &AccountScan,
        inventory: Option<&Inventory>,
        evaluations: &[Evaluation],
    ) -> sqlx::Result<bool> {
        let account_id = names.number(connection, Kind::Account, account.account.id.as_str()).await?;
        let mut task = Task { connection, names, run: self, account_id };
        if !write_state(&mut task, account, inventory).await? {
            return Ok(false);
        }
        let mut subjects = resources::Subjects::load(&mut task).await?;
        let listed = match (inventory, &account.state) {
            (Some(inventory), AccountState::Scanned) => listed::Listed::of(&mut task, inventory).await?,
            _ => listed::Listed::nothing(),
        };
        if let Some(inventory) = inventory {
            resources::write(&mut task, &mut subjects, inventory, &listed).await?;
            coverage::write(&mut task, inventory).await?;
        }
        let judged = evaluations::write(&mut task, &mut subjects, evaluations).await?;
        findings::write(&mut task, &judged, &subjects, &listed).await?;
        Ok(true)
    }
}

/// Stores how the account fared; `false` when that stands there already.
async fn write_state(
    task: &mut Task<'_>,
    account: &AccountScan,
    inventory: Option<&Inventory>,
) -> sqlx::Result<bool> {
    let about = About {
        account: account.account.clone(),
        state: account.state.clone(),
        regions: account.regions.clone(),
        switched_off: account.switched_off.clone(),
    };
    let mut calls: Calls = BTreeMap::new();
    for row in inventory.into_iter().flat_map(|it| it.coverage.rows(&account.account.id)) {
        *calls.entry(row.status.word().to_owned()).or_default() += row.count;
    }
    let about = serde_json::to_string(&about).map_err(undecodable)?;
    let calls = serde_json::to_string(&calls).map_err(undecodable)?;
    let about_id = names::document(task.connection, &about).await?;
    let done = sqlx::query(
        "INSERT INTO account_scans (scan_id, account_id, about_id, resources, calls)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
    )
    .bind(task.scan())
    .bind(task.account_id)
    .bind(about_id)
    .bind(i64::try_from(account.resources).unwrap_or(i64::MAX))
    .bind(calls)
    .execute(&mut *task.connection)
    .await?;
    Ok(done.rows_affected() == 1)
}
