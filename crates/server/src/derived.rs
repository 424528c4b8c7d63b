//! What is worked out from the last scan: scores, how far frameworks are met, what could not be seen. It is the same until the next scan ends, and is
//! worked out once for everybody who sees the same accounts.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use futures::TryStreamExt as _;
use serde::Serialize;
use tokio::sync::OnceCell;
use utoipa::ToSchema;
use yagura_model::{AccountId, AccountState, Answer, Assessment, Framework, Scan, ScanId, Trend};
use yagura_scan::{AssessError, ChooseError};
use yagura_store::{ReadError, Store};

use crate::problem::Problem;
use crate::sign_in::Caller;
use crate::world::World;

/// So many results are kept: one for whoever sees everything, one for each set of projects. Those that nobody asked for longest go first.
const KEPT: usize = 64;

/// So many calls that failed are named.
const NAMED: usize = 10;

/// How far a framework is met in what a caller sees.
#[derive(Debug)]
pub(crate) struct FrameworkResult {
    /// The scan that it is told from.
    pub(crate) scan: ScanId,
    /// How many of the framework's rules that scan looked at.
    pub(crate) rules: usize,
    pub(crate) assessment: Assessment,
    /// Each account's answers, in the order of the framework's requirements.
    pub(crate) answers: BTreeMap<AccountId, Vec<Answer>>,
}

/// A call that failed, in all accounts and regions together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct FailedCall {
    /// The call: `ec2.DescribeInstances`.
    pub(crate) call: String,
    /// How it ended, in one word.
    pub(crate) status: String,
    /// How often.
    pub(crate) count: u64,
    /// In how many accounts.
    pub(crate) accounts: usize,
}

/// What the last scan could not see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Gaps {
    /// How many calls were answered.
    pub(crate) read: u64,
    /// How many were not.
    pub(crate) failed: u64,
    /// Accounts that could not be entered.
    pub(crate) unreachable: Vec<AccountId>,
    /// The calls that failed most often.
    pub(crate) calls: Vec<FailedCall>,
}

/// Everything that is worked out from the last scan.
#[derive(Debug)]
pub(crate) struct Derived {
    pub(crate) scan: Scan,
    pub(crate) trend: Trend,
    pub(crate) frameworks: Vec<FrameworkResult>,
    pub(crate) gaps: Gaps,
}

type Cell = Arc<OnceCell<Arc<Derived>>>;

/// What was worked out, by what is seen.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    scan: Option<ScanId>,
    world: Option<Arc<World>>,
    /// Those of the fewest questions ago last.
    results: VecDeque<(Seen, Cell)>,
}

/// What somebody sees: accounts, and the projects that are told of them; `None` for everything.
type Seen = Option<(BTreeSet<AccountId>, BTreeSet<String>)>;

impl Cache {
    fn cell(&self, scan: ScanId, world: &Arc<World>, seen: &Seen) -> Cell {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = kept.scan == Some(scan) && kept.world.as_ref().is_some_and(|it| Arc::ptr_eq(it, world));
        if !is_same {
            *kept = Kept { scan: Some(scan), world: Some(Arc::clone(world)), results: VecDeque::new() };
        }
        let place = kept.results.iter().position(|(known, _)| known == seen);
        let (seen, cell) =
            place.and_then(|it| kept.results.remove(it)).unwrap_or_else(|| (seen.clone(), Cell::default()));
        kept.results.push_back((seen, Arc::clone(&cell)));
        if kept.results.len() > KEPT {
            kept.results.pop_front();
        }
        cell
    }

    /// What is worked out from the last scan, for whoever sees what the caller sees; `None` when no scan has ended yet.
    pub(crate) async fn of(
        &self,
        store: &Store,
        world: &Arc<World>,
        caller: Option<&Caller>,
    ) -> Result<Option<Arc<Derived>>, Problem> {
        let Some(scan) = store.latest_whole_scan().await? else { return Ok(None) };
        let seen: Seen = caller.and_then(|it| Some((it.accounts()?.clone(), it.user().projects.clone())));
        let cell = self.cell(scan.id, world, &seen);
        let made = cell.get_or_try_init(async || {
            let seen = seen.as_ref().map(|(accounts, projects)| (accounts, projects));
            derive(store, world, scan, seen).await.map(Arc::new).map_err(Problem::from)
        });
        made.await.cloned().map(Some)
    }
}

async fn derive(
    store: &Store,
    world: &World,
    scan: Scan,
    seen: Option<(&BTreeSet<AccountId>, &BTreeSet<String>)>,
) -> Result<Derived, ReadError> {
    let only = seen.map(|(accounts, _)| accounts);
    let all: Vec<&Framework> = world.frameworks.iter().collect();
    let trend = yagura_scan::trend(store, &scan, None, &all, &world.projects).await?;
    let trend = match seen {
        None => trend,
        Some((accounts, projects)) => yagura_scan::narrowed(store, &trend, &scan, accounts, projects).await?,
    };
    let frameworks = assess(store, world, &all, only).await?;
    let gaps = gaps(store, &scan, only).await?;
    Ok(Derived { scan, trend, frameworks, gaps })
}

/// A framework, and how many of its rules a scan looked at.
type Meant<'f> = (&'f Framework, usize);

/// Assesses the frameworks that can be, those of one scan together: its counts are read once for them.
async fn assess(
    store: &Store,
    world: &World,
    all: &[&Framework],
    only: Option<&BTreeSet<AccountId>>,
) -> Result<Vec<FrameworkResult>, ReadError> {
    let mut by_scan: BTreeMap<ScanId, (Scan, Vec<Meant<'_>>)> = BTreeMap::new();
    for framework in all {
        match yagura_scan::reported(store, framework, &world.judged_by, None).await {
            Ok(it) => by_scan
                .entry(it.scan.id)
                .or_insert_with(|| (it.scan, Vec::new()))
                .1
                .push((framework, it.rules)),
            Err(ChooseError::Read(ReadError::Database(error))) => return Err(error.into()),
            // There is nothing to tell of it, which its page says.
            Err(_) => {}
        }
    }
    let mut results = Vec::new();
    for (scan, frameworks) in by_scan.into_values() {
        let wanted: Vec<&Framework> = frameworks.iter().map(|(it, _)| *it).collect();
        let mut answers: HashMap<&str, BTreeMap<AccountId, Vec<Answer>>> = HashMap::new();
        let each = |framework: &'_ Framework, it: &yagura_model::AccountAssessment| {
            let Some(known) = wanted.iter().find(|known| known.id == framework.id) else { return Ok(()) };
            let of = answers.entry(known.id.as_str()).or_default();
            of.insert(it.account.clone(), it.requirements.iter().map(|it| it.answer).collect());
            Ok(())
        };
        let assessments = match yagura_scan::assess(store, &scan, &wanted, &world.projects, only, each).await
        {
            Ok(assessments) => assessments,
            Err(AssessError::Read(ReadError::Dropped { .. })) => continue,
            Err(AssessError::Read(error)) => return Err(error),
            // Nothing that is told here can fail.
            Err(AssessError::Told(_)) => continue,
        };
        for assessment in assessments {
            let rules = frameworks.iter().find(|(it, _)| it.id == assessment.framework.id);
            let answers = answers.remove(assessment.framework.id.as_str()).unwrap_or_default();
            let rules = rules.map_or(0, |(_, rules)| *rules);
            results.push(FrameworkResult { scan: scan.id, rules, assessment, answers });
        }
    }
    let place = |it: &FrameworkResult| all.iter().position(|known| known.id == it.assessment.framework.id);
    results.sort_by_key(place);
    Ok(results)
}

async fn gaps(store: &Store, scan: &Scan, only: Option<&BTreeSet<AccountId>>) -> Result<Gaps, ReadError> {
    let is_seen = |account: &AccountId| only.is_none_or(|only| only.contains(account));
    let mut gaps = Gaps::default();
    for it in store.accounts(scan.id).await? {
        if matches!(it.state, AccountState::Unreachable { .. }) && is_seen(&it.account.id) {
            gaps.unreachable.push(it.account.id);
        }
    }
    let mut rows = match store.coverage(scan.id).await {
        Ok(rows) => rows,
        Err(ReadError::Dropped { .. }) => return Ok(gaps),
        Err(error) => return Err(error),
    };
    let mut calls: HashMap<(String, &'static str), (u64, BTreeSet<AccountId>)> = HashMap::new();
    while let Some(row) = rows.try_next().await? {
        if !is_seen(&row.account) {
            continue;
        }
        if row.status.is_known() {
            gaps.read += row.count;
            continue;
        }
        gaps.failed += row.count;
        let (count, accounts) = calls.entry((row.call, row.status.word())).or_default();
        *count += row.count;
        accounts.insert(row.account);
    }
    let mut failed: Vec<FailedCall> = calls
        .into_iter()
        .map(|((call, status), (count, accounts))| FailedCall {
            call,
            status: status.to_owned(),
            count,
            accounts: accounts.len(),
        })
        .collect();
    failed.sort_by(|a, b| (b.count, &a.call, &a.status).cmp(&(a.count, &b.call, &b.status)));
    failed.truncate(NAMED);
    gaps.calls = failed;
    Ok(gaps)
}
