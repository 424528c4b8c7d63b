//! Writing one account of a scan: everything about it in one transaction, so that a killed scan has either all of an
//! account or nothing.

pub(crate) mod counters;
pub(crate) mod coverage;
mod evaluations;
mod findings;
mod judgements;
mod listed;
mod resources;
mod settled;
pub(crate) mod sights;

use std::collections::BTreeSet;

use thiserror::Error;
use yagura_model::{
    Account, AccountId, AccountScan, AccountState, Evaluation, Inventory, Region, ResourceKey, RuleId,
};

use crate::ScanRun;
use crate::content::{self, Digest};
use crate::database::{self, Connection};
use crate::error::{DatabaseError, undecodable};
use crate::names::{self, Kind, Names};
use crate::store::Writer;
use coverage::Alike;
use judgements::{Judgements, Said};
use settled::{Before, Settled};

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

/// What needs no tables, and is done before anybody else has to wait.
struct Prepared<'p> {
    /// Of each resource, in the order of the inventory.
    digests: Vec<Digest>,
    said: Vec<Said>,
    coverage: Vec<Alike<'p>>,
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
        let prepared =
            self.prepare(inventory, evaluations).map_err(|it| self.inner.failed(undecodable(it)))?;
        let mut writer = self.inner.writer.lock().await;
        let Writer { connection, names: shared } = &mut *writer;
        // Whatever ends this early leaves the shared names empty: those of a rolled-back transaction are not true.
        let mut names = std::mem::take(shared);
        let failed = |error| self.inner.failed(error);
        let mut transaction = database::begin_write(connection).await.map_err(failed)?;
        let written = self
            .write(&mut transaction, &mut names, account, inventory, evaluations, prepared)
            .await
            .map_err(failed)?;
        if !written {
            return Err(WriteError::AlreadyWritten { account: account.account.id.clone() });
        }
        transaction.commit().await.map_err(failed)?;
        *shared = names;
        Ok(())
    }

    /// Digests what was read and judged.
    fn prepare<'p>(
        &self,
        inventory: Option<&'p Inventory>,
        evaluations: &[Evaluation],
    ) -> serde_json::Result<Prepared<'p>> {
        let resources = inventory.into_iter().flat_map(|it| &it.resources);
        let digests = resources.map(content::digest).collect::<serde_json::Result<_>>()?;
        let coverage = inventory.map(|it| coverage::gather(&it.coverage)).unwrap_or_default();
        Ok(Prepared { digests, said: judgements::gather(&self.rules, evaluations)?, coverage })
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
        prepared: Prepared<'_>,
    ) -> sqlx::Result<bool> {
        let account_id = names.number(connection, Kind::Account, account.account.id.as_str()).await?;
        let mut task = Task { connection, names, run: self, account_id };
        if !write_state(&mut task, account, &prepared.coverage).await? {
            return Ok(false);
        }
        let mut before = Before::load(&mut task).await?;
        let judgements = Judgements::of(prepared.said, &before);
        let mut subjects = resources::Subjects::of(std::mem::take(&mut before.resources));
        let listed = match (inventory, &account.state) {
            (Some(inventory), AccountState::Scanned) => listed::Listed::of(&mut task, inventory).await?,
            _ => listed::Listed::nothing(),
        };
        if let Some(inventory) = inventory {
            resources::write(&mut task, &mut subjects, (inventory, &prepared.digests), &listed).await?;
            coverage::write_unlisted(&mut task, inventory).await?;
        }
        let settled = Settled::of(&before, &listed, &judgements);
        let judged = judgements.news(&mut task, &mut subjects, evaluations, &settled).await?;
        judgements.write(&mut task, &judged).await?;
        write_details(&mut task, &judgements, &prepared.coverage).await?;
        // Of an account that could not be read nothing was seen, and nothing that was settled is not so any more.
        if inventory.is_some() || !evaluations.is_empty() {
            let places = findings::Places { subjects: &subjects, listed: &listed };
            let seen = findings::write(&mut task, &judged, &places, &before, &settled).await?;
            settled::write(&mut task, &before, &listed, &judgements, seen).await?;
        }
        Ok(true)
    }
}

/// Stores how the account fared; `false` when that stands there already.
async fn write_state(
    task: &mut Task<'_>,
    account: &AccountScan,
    coverage: &[Alike<'_>],
) -> sqlx::Result<bool> {
    let about = About {
        account: account.account.clone(),
        state: account.state.clone(),
        regions: account.regions.clone(),
        switched_off: account.switched_off.clone(),
    };
    let about = serde_json::to_string(&about).map_err(undecodable)?;
    let calls = serde_json::to_string(&coverage::tally(coverage)).map_err(undecodable)?;
    for _ in 0..2 {
        let done = sqlx::query(
            "INSERT INTO account_scans (scan_id, account_id, about_id, resources, calls)
             SELECT $1, $2, id, $4, $5 FROM documents WHERE digest = $3 ON CONFLICT DO NOTHING",
        )
        .bind(task.scan())
        .bind(task.account_id)
        .bind(Digest::of(about.as_bytes()).as_bytes())
        .bind(i64::try_from(account.resources).unwrap_or(i64::MAX))
        .bind(&calls)
        .execute(&mut *task.connection)
        .await?;
        if done.rows_affected() == 1 {
            return Ok(true);
        }
        // Mostly it is there already.
        names::document(task.connection, &about).await?;
    }
    Ok(false)
}

/// Stores what is kept until a later scan takes this one's place.
async fn write_details(
    task: &mut Task<'_>,
    judgements: &Judgements,
    coverage: &[Alike<'_>],
) -> sqlx::Result<()> {
    let coverage = coverage::text(task, coverage).await?;
    sqlx::query(
        "INSERT INTO account_details (account_id, scan_id, judgements, counts, coverage) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(task.account_id)
    .bind(task.scan())
    .bind(judgements.numbers()?)
    .bind(judgements.counts()?)
    .bind(coverage)
    .execute(&mut *task.connection)
    .await
    .map(|_| ())
}
