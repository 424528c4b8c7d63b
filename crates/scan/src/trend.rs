//! The score over time: the summaries of every comparable scan in a store.

use std::collections::{BTreeMap, BTreeSet};

use futures::TryStreamExt as _;
use yagura_model::{
    AccountId, Framework, Organization, RuleId, RuleInfo, Scan, ScanId, Timestamp, Trend, TrendPoint,
};
use yagura_posture::{Project, ProjectTally, Stood};
use yagura_store::{ReadError, Store};

/// The trend that ends with `last`: over all finished scans since `since` that asked for the same. Scans that asked for something else
/// are counted, not compared.
///
/// # Errors
///
/// [`ReadError`] when the store cannot be read.
pub async fn trend(
    store: &Store,
    last: &Scan,
    since: Option<Timestamp>,
    frameworks: &[&Framework],
    projects: &[Project],
) -> Result<Trend, ReadError> {
    let mut scans = store.scans(u32::MAX).await?;
    scans.retain(|it| {
        it.finished.is_some()
            && it.id != last.id
            && it.started <= last.started
            && since.is_none_or(|since| it.started >= since)
    });
    let found = scans.len();
    scans.retain(|it| it.scope.is_comparable(&last.scope));
    let not_comparable = (found - scans.len()) as u64;
    scans.sort_by_key(|it| (it.started, it.id));
    scans.push(last.clone());
    let first = scans.first().filter(|it| it.id != last.id).cloned();
    let mut rules = infos(store, last).await?;
    let mut stood = Vec::with_capacity(scans.len());
    for scan in scans {
        // Rules that the last scan no longer has are told as they were then.
        if scan.scope.rules.iter().any(|rule| !rules.contains_key(rule)) {
            for (rule, info) in infos(store, &scan).await? {
                rules.entry(rule).or_insert(info);
            }
        }
        let summary = store.summary(scan.id).await?;
        stood.push(Stood { scan, summary });
    }
    let mut trend = yagura_posture::trend(&stood, &rules, frameworks, not_comparable);
    let organization = store.organization(last.id).await?;
    for part in &mut trend.accounts {
        if let Some(account) = organization.accounts.get(part.id.as_str()) {
            part.name.en.clone_from(&account.name);
            part.name.ja.clone_from(&account.name);
        }
    }
    if !projects.is_empty() {
        let earlier = match &first {
            Some(first) => tallies(store, first, projects, &organization).await?,
            None => Vec::new(),
        };
        let now = tallies(store, last, projects, &organization).await?;
        trend.projects = yagura_posture::project_parts(projects, &earlier, &now);
    }
    Ok(trend)
}

/// What of a trend is about some accounts and projects alone: their scores then and now, without the scans in between and the rules that made the difference,
/// which are told of all accounts together.
///
/// # Errors
///
/// [`ReadError`] when the store cannot be read.
pub async fn narrowed(
    store: &Store,
    whole: &Trend,
    last: &Scan,
    accounts: &BTreeSet<AccountId>,
    projects: &BTreeSet<String>,
) -> Result<Trend, ReadError> {
    let rules = infos(store, last).await?;
    let now = tally_of(store, last.id, accounts).await?.unwrap_or_default();
    let first = whole.scans.first().filter(|it| it.scan != last.id).cloned();
    let earlier = match &first {
        Some(first) => tally_of(store, first.scan, accounts).await?,
        None => None,
    };
    let (all, functions) = yagura_posture::parts_of(&rules, earlier.as_ref(), &now);
    let mut scans: Vec<TrendPoint> = whole.scans.iter().rev().take(1).cloned().collect();
    for it in &mut scans {
        it.standing = all.last;
        it.accounts = last.scope.accounts.intersection(accounts).count() as u64;
    }
    Ok(Trend {
        scans,
        change: all.change,
        functions,
        accounts: whole
            .accounts
            .iter()
            .filter(|it| accounts.iter().any(|id| id.as_str() == it.id))
            .cloned()
            .collect(),
        projects: whole.projects.iter().filter(|it| projects.contains(&it.id)).cloned().collect(),
        ..Trend::default()
    })
}

/// What was judged in some accounts; `None` where a later scan took the scan's place.
async fn tally_of(
    store: &Store,
    scan: ScanId,
    accounts: &BTreeSet<AccountId>,
) -> Result<Option<ProjectTally>, ReadError> {
    let mut records = match store.counts(scan).await {
        Ok(records) => records,
        Err(ReadError::Dropped { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut tally = ProjectTally::default();
    while let Some(counts) = records.try_next().await? {
        if accounts.contains(&counts.account) {
            tally.add(&counts);
        }
    }
    Ok(Some(tally))
}

/// What was judged in each project, by answer and by rule; nothing where a later scan took the scan's place. An account that is
/// in two projects counts in both.
async fn tallies(
    store: &Store,
    scan: &Scan,
    projects: &[Project],
    organization: &Organization,
) -> Result<Vec<ProjectTally>, ReadError> {
    let mut records = match store.counts(scan.id).await {
        Ok(records) => records,
        Err(ReadError::Dropped { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let accounts: BTreeMap<_, _> =
        store.accounts(scan.id).await?.into_iter().map(|it| (it.account.id.clone(), it.account)).collect();
    let mut tallies = vec![ProjectTally::default(); projects.len()];
    while let Some(counts) = records.try_next().await? {
        // As the organisation is now: a project is told as it is defined today.
        let account = organization.accounts.get(&counts.account).or_else(|| accounts.get(&counts.account));
        let Some(account) = account else { continue };
        for (_, tally) in projects.iter().zip(&mut tallies).filter(|(project, _)| project.holds(account)) {
            tally.add(&counts);
        }
    }
    Ok(tallies)
}

async fn infos(store: &Store, scan: &Scan) -> Result<BTreeMap<RuleId, RuleInfo>, ReadError> {
    Ok(store.rules(scan.id).await?.into_iter().map(|it| (it.id.clone(), it)).collect())
}
