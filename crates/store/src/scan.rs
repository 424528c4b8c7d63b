//! Beginning, taking up and finishing scans.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::sync::Arc;

use jiff::SignedDuration;
use sqlx::Row as _;
use thiserror::Error;
use yagura_model::{AccountId, Organization, RuleId, RuleInfo, Scan, ScanId, ScanScope, Timestamp};

use crate::database::{self, Connection};
use crate::error::{DatabaseError, undecodable};
use crate::lock::Held;
use crate::names::{self, Kind};
use crate::prune;
use crate::read::summary;
use crate::store::{Inner, Store};

/// An interrupted scan is taken up again within this time. What was read longer ago is no longer "now".
const RESUME_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// A scan that is to be begun.
#[derive(Debug, Clone, Copy)]
pub struct ScanOrder<'a> {
    /// What it will look at.
    pub scope: &'a ScanScope,
    /// The accounts there are, as outputs will tell them.
    pub organization: &'a Organization,
    /// The rules, as outputs will tell them; at least those of the scope.
    pub rules: &'a [RuleInfo],
    /// When it begins; with `--now`, that time.
    pub started: Timestamp,
    /// Whether an interrupted scan of the same scope may be taken up again.
    pub resume: bool,
}

/// Why a scan could not begin.
#[derive(Debug, Error)]
pub enum BeginError {
    /// Another scan is writing into this store.
    #[error("another scan is writing into `{place}`: wait until it has ended, or name another file")]
    Running {
        /// Which store.
        place: crate::Place,
    },
    /// A rule of the scope comes without its texts.
    #[error("rule `{rule}` is in the scope of the scan, but nothing is told about it")]
    UntoldRule {
        /// Which rule.
        rule: RuleId,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Why a scan could not be finished. It stays unfinished, and can be taken up again.
#[derive(Debug, Error)]
pub enum FinishError {
    /// Not every account was written.
    #[error("{missing} accounts of the scan were not written, among them {first}")]
    Unwritten {
        /// How many.
        missing: usize,
        /// The first of them.
        first: AccountId,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// A scan under way. While it lives, no other scan can begin in the same store.
#[derive(Debug)]
pub struct ScanRun {
    pub(crate) inner: Arc<Inner>,
    pub(crate) scan: Scan,
    /// The scope's rules and their numbers.
    pub(crate) rules: HashMap<RuleId, i64>,
    resumed: bool,
    done: BTreeSet<AccountId>,
    _held: Held,
}

impl Store {
    /// Begins a scan, or takes up the newest one that was interrupted, if it has the same scope and is not older than a day.
    ///
    /// # Errors
    ///
    /// [`BeginError`] when another scan is under way or the database cannot be written. Nothing is stored then.
    pub async fn begin_scan(&self, order: ScanOrder<'_>) -> Result<ScanRun, BeginError> {
        let told: BTreeSet<&RuleId> = order.rules.iter().map(|rule| &rule.id).collect();
        if let Some(rule) = order.scope.rules.iter().find(|rule| !told.contains(rule)) {
            return Err(BeginError::UntoldRule { rule: rule.clone() });
        }
        let inner = Arc::clone(&self.inner);
        let held = inner
            .lock
            .take()
            .map_err(|error| lock_failed(&inner, &error))?
            .ok_or_else(|| BeginError::Running { place: inner.place.clone() })?;
        let mut writer = inner.writer.lock().await;
        let begun = begin(&mut writer.connection, &order).await.map_err(|error| inner.failed(error))?;
        drop(writer);
        let Begun { scan, rules, resumed, done } = begun;
        Ok(ScanRun { inner, scan, rules, resumed, done, _held: held })
    }
}

impl ScanRun {
    /// The scan. When it [was taken up](Self::resumed), it began when it was begun first: judge as of then.
    #[must_use]
    pub fn scan(&self) -> &Scan {
        &self.scan
    }

    /// Whether an interrupted scan was taken up.
    #[must_use]
    pub fn resumed(&self) -> bool {
        self.resumed
    }

    /// The accounts that were written before the scan was interrupted.
    #[must_use]
    pub fn done_accounts(&self) -> &BTreeSet<AccountId> {
        &self.done
    }

    /// Ends the scan: keeps its summary for ever, and drops the evaluations of scans that it supersedes.
    ///
    /// # Errors
    ///
    /// [`FinishError`] when accounts of the scope were not written, or the database failed. The scan then stays unfinished.
    pub async fn finish(self, finished: Timestamp) -> Result<Scan, FinishError> {
        let failed = |error| FinishError::Database(self.inner.failed(error));
        let mut writer = self.inner.writer.lock().await;
        let mut transaction = database::begin_write(&mut writer.connection).await.map_err(failed)?;
        let written = written_accounts(&mut transaction, self.scan.id).await.map_err(failed)?;
        let mut missing = self.scan.scope.accounts.difference(&written);
        if let Some(first) = missing.next() {
            let missing = 1 + missing.count();
            return Err(FinishError::Unwritten { missing, first: first.clone() });
        }
        let summary = summary::count(&mut transaction, self.scan.id).await.map_err(failed)?;
        let summary = serde_json::to_string(&summary).map_err(|error| failed(undecodable(error)))?;
        sqlx::query(
            "UPDATE scans SET finished = $2, summary = $3,
             finish_number = (SELECT COALESCE(MAX(finish_number), 0) + 1 FROM scans) WHERE id = $1",
        )
        .bind(self.scan.id.0)
        .bind(finished.to_string())
        .bind(summary)
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        // The scan is finished whatever comes of this; the next one tries again.
        if let Err(error) = prune::after(&mut writer.connection, self.scan.id, &self.scan.scope).await {
            tracing::warn!(place = %self.inner.place, %error, "older evaluations were not dropped");
        }
        drop(writer);
        Ok(Scan { finished: Some(finished), ..self.scan })
    }
}

struct Begun {
    scan: Scan,
    rules: HashMap<RuleId, i64>,
    resumed: bool,
    done: BTreeSet<AccountId>,
}

async fn begin(connection: &mut Connection, order: &ScanOrder<'_>) -> sqlx::Result<Begun> {
    let mut transaction = database::begin_write(connection).await?;
    let scope_id = json_document(&mut transaction, order.scope).await?;
    let interrupted =
        if order.resume { interrupted(&mut transaction, scope_id, order.started).await? } else { None };
    let (id, started) = match interrupted {
        Some(found) => found,
        None => (insert(&mut transaction, scope_id, order).await?, order.started),
    };
    let mut rules = HashMap::new();
    for (number, rule) in names::all(&mut transaction, Kind::Rule, |name| Ok(RuleId::from(name))).await? {
        rules.insert(rule, number);
    }
    rules.retain(|rule, _| order.scope.rules.contains(rule));
    let done = written_accounts(&mut transaction, id).await?;
    transaction.commit().await?;
    let scan = Scan { id, started, finished: None, scope: order.scope.clone() };
    Ok(Begun { scan, rules, resumed: interrupted.is_some(), done })
}

/// The newest unfinished scan, if it is the same job and still fresh.
async fn interrupted(
    connection: &mut Connection,
    scope_id: i64,
    now: Timestamp,
) -> sqlx::Result<Option<(ScanId, Timestamp)>> {
    let newest = sqlx::query(
        "SELECT id, started, scope_id FROM scans WHERE finished IS NULL AND kept = 1 ORDER BY id DESC LIMIT 1",
    )
    .fetch_optional(connection)
    .await?;
    let Some(newest) = newest else { return Ok(None) };
    let started: Timestamp = newest.try_get::<&str, _>(1)?.parse().map_err(undecodable)?;
    let same = newest.try_get::<i64, _>(2)? == scope_id;
    let fresh = now.duration_since(started).abs() <= RESUME_WITHIN;
    Ok((same && fresh).then_some((ScanId(newest.try_get(0)?), started)))
}

async fn insert(connection: &mut Connection, scope_id: i64, order: &ScanOrder<'_>) -> sqlx::Result<ScanId> {
    let organization_id = json_document(connection, order.organization).await?;
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO scans (started, scope_id, organization_id) VALUES ($1, $2, $3) RETURNING id",
    )
    .bind(order.started.to_string())
    .bind(scope_id)
    .bind(organization_id)
    .fetch_one(&mut *connection)
    .await?;
    let mut names = names::Names::default();
    for info in order.rules.iter().filter(|info| order.scope.rules.contains(&info.id)) {
        let rule_id = names.number(connection, Kind::Rule, info.id.as_str()).await?;
        let info_id = json_document(connection, info).await?;
        sqlx::query(
            "INSERT INTO scan_rules (scan_id, rule_id, info_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(id)
        .bind(rule_id)
        .bind(info_id)
        .execute(&mut *connection)
        .await?;
    }
    Ok(ScanId(id))
}

async fn json_document(connection: &mut Connection, value: &impl serde::Serialize) -> sqlx::Result<i64> {
    let body = serde_json::to_string(value).map_err(undecodable)?;
    names::document(connection, &body).await
}

async fn written_accounts(connection: &mut Connection, scan: ScanId) -> sqlx::Result<BTreeSet<AccountId>> {
    let rows = sqlx::query(
        "SELECT names.name FROM account_scans JOIN names ON names.id = account_id WHERE scan_id = $1",
    )
    .bind(scan.0)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| AccountId::new(row.try_get(0)?).map_err(undecodable)).collect()
}

fn lock_failed(inner: &Inner, error: &io::Error) -> DatabaseError {
    let place = inner.place.clone();
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            DatabaseError::ReadOnly { place }
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => DatabaseError::DiskFull { place },
        _ => DatabaseError::CannotOpen { place, detail: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use yagura_model::{Account, Partition};

    use super::*;

    #[tokio::test]
    async fn a_full_disk_is_told_and_leaves_nothing_half_written() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("yagura.db");
        let store = Store::open(&path).await.unwrap();
        let limit = async |pages: u32| {
            let mut writer = store.inner.writer.lock().await;
            let sql = format!("PRAGMA max_page_count = {pages}");
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut writer.connection).await.unwrap();
        };
        let id = AccountId::new("111122223333").unwrap();
        let account = Account { name: "x".repeat(1_000_000), ..Account::bare(id.clone()) };
        let organization = Organization::of_one(account, Partition::Aws);
        let (accounts, digest, question) = (BTreeSet::from([id]), String::new(), String::new());
        let (regions, rules, types) = Default::default();
        let is_narrowed = false;
        let scope = ScanScope { accounts, regions, rules, types, digest, question, is_narrowed };
        let started = "2026-01-01T00:00:00Z".parse().unwrap();
        let order =
            ScanOrder { scope: &scope, organization: &organization, rules: &[], started, resume: true };

        limit(100).await;
        let error = store.begin_scan(order).await.unwrap_err();
        let path = path.display();
        assert_eq!(
            error.to_string(),
            format!(
                "no space is left for `{path}`: free some and run the same command again, what was stored before is kept"
            )
        );
        assert_eq!(store.scans(10).await.unwrap(), []);

        limit(1_000_000).await;
        let run = store.begin_scan(order).await.unwrap();
        assert!(!run.resumed());
        assert_eq!(store.organization(run.scan().id).await.unwrap(), organization);
    }
}
