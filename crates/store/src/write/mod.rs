//! Writing accounts of a scan: everything about an account in one transaction, so that a killed scan has either all of it or
//! nothing.

pub(crate) mod counters;
pub(crate) mod coverage;
mod evaluations;
mod findings;
mod judgements;
mod listed;
mod record;
mod resources;
mod settled;
pub(crate) mod sights;

use std::collections::BTreeSet;

use thiserror::Error;
use yagura_model::{Account, AccountId, AccountScan, AccountState, Region, ResourceKey, RuleId};

use crate::ScanRun;
use crate::content::Digest;
use crate::database::{self, Connection};
use crate::error::{DatabaseError, undecodable};
use crate::names::{self, Kind, Names};
use crate::store::Writer;
use coverage::Alike;
use judgements::Judgements;
pub use record::AccountRecord;
use settled::{Before, Settled};

/// Why accounts were not written. Nothing of them is in the store then.
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
    /// What was read has no text.
    #[error("account {account} cannot be stored: {source}")]
    Text {
        /// The account that was to be written.
        account: AccountId,
        /// What is wrong with it.
        source: serde_json::Error,
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
    /// Writes accounts in one transaction: state, resources, evaluations, coverage and what all this does to findings.
    ///
    /// # Errors
    ///
    /// [`WriteError`]; nothing of any of them is stored then, and the scan can go on with others.
    pub async fn write(&self, records: &[AccountRecord]) -> Result<(), WriteError> {
        let mut said = records.iter().flat_map(|it| &it.said);
        if let Some(stray) = said.find(|it| !self.rules.contains_key(&it.rule)) {
            return Err(WriteError::OutOfScope { rule: stray.rule.clone() });
        }
        let mut writer = self.inner.writer.lock().await;
        let Writer { connection, names: shared } = &mut *writer;
        // Whatever ends this early leaves the shared names empty: those of a rolled-back transaction are not true.
        let mut names = std::mem::take(shared);
        let failed = |error| self.inner.failed(error);
        let mut transaction = database::begin_write(connection).await.map_err(failed)?;
        for record in records {
            if !self.write_record(&mut transaction, &mut names, record).await.map_err(failed)? {
                return Err(WriteError::AlreadyWritten { account: record.scan.account.id.clone() });
            }
        }
        transaction.commit().await.map_err(failed)?;
        *shared = names;
        Ok(())
    }

    /// Writes; `false` when the account stands there already.
    async fn write_record(
        &self,
        connection: &mut Connection,
        names: &mut Names,
        record: &AccountRecord,
    ) -> sqlx::Result<bool> {
        let AccountRecord { scan: account, inventory, evaluations, digests, coverage, said } = record;
        let account_id = names.number(connection, Kind::Account, account.account.id.as_str()).await?;
        let mut task = Task { connection, names, run: self, account_id };
        if !write_state(&mut task, account, coverage).await? {
            return Ok(false);
        }
        let mut before = Before::load(&mut task).await?;
        let judgements = Judgements::of(said, &self.rules, &before);
        let mut subjects = resources::Subjects::of(std::mem::take(&mut before.resources));
        let listed = match (inventory, &account.state) {
            (Some(inventory), AccountState::Scanned) => listed::Listed::of(&mut task, inventory).await?,
            _ => listed::Listed::nothing(),
        };
        if let Some(inventory) = inventory {
            resources::write(&mut task, &mut subjects, (inventory, digests), &listed).await?;
            coverage::write_unlisted(&mut task, inventory).await?;
        }
        let settled = Settled::of(&before, &listed, &judgements);
        let judged = judgements.news(&mut task, &mut subjects, evaluations, &settled).await?;
        judgements.write(&mut task, &judged).await?;
        write_details(&mut task, &judgements, coverage).await?;
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
async fn write_state(task: &mut Task<'_>, account: &AccountScan, coverage: &[Alike]) -> sqlx::Result<bool> {
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
    judgements: &Judgements<'_>,
    coverage: &[Alike],
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
