//! The lives of findings, out of the store.

use std::collections::BTreeSet;

use futures::TryStreamExt as _;
use yagura_model::{AccountId, Change, Finding, FindingLife, RecordState, Workflow};
use yagura_store::{FindingFilter, ReadError, Store};

/// Tells the life of every finding in some accounts, or in all. What is accepted, and so hidden, is no work to be done: it is left out.
///
/// # Errors
///
/// [`ReadError`] when the store cannot be read.
pub async fn each(
    store: &Store,
    accounts: Option<&BTreeSet<AccountId>>,
    mut told: impl FnMut(&FindingLife),
) -> Result<(), ReadError> {
    // To a filter, no account is every account.
    if accounts.is_some_and(BTreeSet::is_empty) {
        return Ok(());
    }
    let filter =
        FindingFilter { accounts: accounts.cloned().unwrap_or_default(), ..FindingFilter::default() };
    let mut findings = store.findings(&filter).await?;
    while let Some(finding) = findings.try_next().await? {
        if finding.workflow == Workflow::Suppressed && finding.record_state == RecordState::Active {
            continue;
        }
        told(&life(store, &finding).await?);
    }
    Ok(())
}

async fn life(store: &Store, finding: &Finding) -> Result<FindingLife, ReadError> {
    let mut spans = Vec::new();
    if finding.reopened == 0 {
        spans.push((finding.first_seen, finding.resolved_at));
    } else {
        // Only the history tells of earlier spans.
        for it in store.finding_history(&finding.id).await? {
            let is_open = spans.last().is_some_and(|(_, ended): &(_, Option<_>)| ended.is_none());
            match it.change {
                Change::Opened | Change::Reopened if !is_open => spans.push((it.at, None)),
                Change::Ended if is_open => {
                    if let Some(last) = spans.last_mut() {
                        last.1 = Some(it.at);
                    }
                }
                _ => {}
            }
        }
    }
    Ok(FindingLife {
        rule: finding.rule.clone(),
        account: finding.resource.account.clone(),
        severity: finding.severity,
        spans,
    })
}
