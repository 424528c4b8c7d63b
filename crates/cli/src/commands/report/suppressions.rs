//! Suppressions that end soon, as the report about a project tells them.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use yagura_model::{AccountId, AccountScan, RecordState, Timestamp};
use yagura_posture::Suppression;
use yagura_report::EndingSuppression;
use yagura_store::{FindingFilter, Store};

use crate::commands::store::unread;
use crate::commands::suppressions::Sources;
use crate::failure::Failure;

/// Every suppression that ends soon.
///
/// # Errors
///
/// A file, or the store, cannot be read.
pub async fn ending(store: &Store, sources: &Sources, now: Timestamp) -> Result<Vec<Suppression>, Failure> {
    let (all, _) = sources.read(store).await?;
    let soon = all.into_iter().map(|it| it.suppression).filter(|it| it.ends_soon(now));
    Ok(soon.collect())
}

/// Those of them that are about some accounts, with what they hide there.
///
/// # Errors
///
/// The store cannot be read.
pub async fn of_accounts(
    store: &Store,
    ending: &[Suppression],
    accounts: &[AccountScan],
    sources: &Sources,
) -> Result<Vec<EndingSuppression>, Failure> {
    let ids: BTreeSet<AccountId> = accounts.iter().map(|it| it.account.id.clone()).collect();
    let mut found = Vec::new();
    for it in ending {
        let concerns = |account: &AccountScan| it.concerns(&account.account, &sources.projects);
        if ids.is_empty() || !accounts.iter().any(concerns) {
            continue;
        }
        let filter = FindingFilter {
            record_states: BTreeSet::from([RecordState::Active]),
            suppressions: BTreeSet::from([it.name.clone()]),
            accounts: ids.clone(),
            ..FindingFilter::default()
        };
        let counts = store.count_findings(&filter).await.map_err(|error| unread(error.into()))?;
        found.push(told(it, counts.total()));
    }
    Ok(found)
}

fn told(it: &Suppression, hides: u64) -> EndingSuppression {
    let lists =
        [&it.rules, &it.resources, &it.types, &it.tags, &it.accounts, &it.ou, &it.projects, &it.regions];
    let mut covers: Vec<&str> = lists.into_iter().flatten().map(String::as_str).collect();
    covers.extend(it.kinds.iter().map(|it| it.as_str()));
    covers.extend(it.detectors.iter().map(|it| it.as_str()));
    // It holds until the end of its last day.
    let end = it.until.and_then(|it| it.tomorrow().ok()).and_then(|it| it.to_zoned(TimeZone::UTC).ok());
    EndingSuppression {
        id: it.name.clone(),
        covers: covers.join(", "),
        reason: it.reason.clone(),
        compensating_control: it.compensating_control.clone(),
        requester: it.requester.clone(),
        approver: it.approver.clone(),
        expires: end.map_or(Timestamp::MAX, |it| it.timestamp()),
        hides,
    }
}
