//! Which folders of a bucket are gone through: as few listings as the layout allows, and none of what is not wanted.

use std::collections::VecDeque;
use std::sync::Arc;

use yagura_aws::ObjectPage;

use super::ListError;
use super::filter::LogFilter;
use super::layout::{self, Level};
use super::list::List;

/// Folders that are looked into for `AWSLogs`, and how deep they may be. A bucket with more than this is no bucket of logs
/// in AWS's layout, or one whose prefix has to be given.
const LOOKS: usize = 40;
const DEPTH: usize = 4;

/// A part of the bucket whose listing gives files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf {
    /// What is listed.
    pub(super) prefix: String,
    /// The folder of account and region that it belongs to: what one goes on in later.
    pub(super) partition: Arc<str>,
    /// Whether it is a folder of the layout, where days are in order; and whether names stand before the values.
    pub(super) days: Option<Named>,
    /// Whether files that follow no layout are left out.
    pub(super) only_layout: bool,
}

/// Whether days are written `year=2026/month=01/day=02`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Named(pub(super) bool);

/// What is expanded account by account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Branch {
    /// The folder of an account, or one below it.
    Folder(String),
    /// Ready.
    Leaf(Leaf),
}

/// Finds the accounts below a prefix, or that there is no layout.
pub(super) async fn branches(
    list: &dyn List,
    prefix: &str,
    filter: &LogFilter,
) -> Result<Vec<Branch>, ListError> {
    let plain = |prefix: &str, only_layout| {
        let partition = prefix.into();
        vec![Branch::Leaf(Leaf { prefix: prefix.to_owned(), partition, days: None, only_layout })]
    };
    let Some(folder) = folder(list, prefix).await? else { return Ok(plain(prefix, false)) };
    let roots = if layout::parse(&folder).is_some() {
        vec![folder]
    } else {
        match roots(list, &folder).await? {
            Roots::All(roots) if roots.is_empty() => return Ok(plain(&folder, false)),
            Roots::All(roots) => roots,
            // Everything is gone through, so that nothing is missed.
            Roots::TooManyFolders { found } => {
                tracing::warn!(
                    bucket = list.bucket(),
                    folder,
                    "too many folders to look for AWSLogs in, so every key is listed: name the folder above AWSLogs"
                );
                return Ok(plain(&folder, found));
            }
        }
    };
    let mut branches = Vec::new();
    for root in roots {
        accounts(list, root, filter, &mut branches).await?;
    }
    Ok(branches)
}

/// The prefix as a folder, if it is one: `AWSLogs` may be written without the slash.
async fn folder(list: &dyn List, prefix: &str) -> Result<Option<String>, ListError> {
    if prefix.is_empty() || prefix.ends_with('/') {
        return Ok(Some(prefix.to_owned()));
    }
    let folder = format!("{prefix}/");
    let page = first_page(list, &folder).await?;
    Ok((!page.objects.is_empty() || !page.prefixes.is_empty()).then_some(folder))
}

enum Roots {
    All(Vec<String>),
    TooManyFolders { found: bool },
}

/// Looks for folders called `AWSLogs`, level by level.
async fn roots(list: &dyn List, below: &str) -> Result<Roots, ListError> {
    let mut found = Vec::new();
    let mut waiting = VecDeque::from([(below.to_owned(), 1)]);
    let mut looks = 0;
    while let Some((folder, depth)) = waiting.pop_front() {
        if looks == LOOKS {
            return Ok(Roots::TooManyFolders { found: !found.is_empty() });
        }
        looks += 1;
        for child in folders(list, &folder).await? {
            if child.ends_with("/AWSLogs/") || child == "AWSLogs/" {
                found.push(child);
            } else if depth < DEPTH {
                waiting.push_back((child, depth + 1));
            }
        }
    }
    found.sort();
    Ok(Roots::All(found))
}

/// Down to the accounts' folders, in order.
async fn accounts(
    list: &dyn List,
    folder: String,
    filter: &LogFilter,
    branches: &mut Vec<Branch>,
) -> Result<(), ListError> {
    let mut waiting = VecDeque::from([folder]);
    while let Some(folder) = waiting.pop_front() {
        let Some(parsed) = layout::parse(&folder) else { continue };
        if parsed.level >= Level::Account {
            if parsed.account.is_some_and(|account| filter.takes_account(&account)) {
                branches.push(Branch::Folder(folder));
            }
            continue;
        }
        // In the order of their keys: an organisation's folder takes the place of its accounts.
        for child in folders(list, &folder).await?.into_iter().rev() {
            waiting.push_front(child);
        }
    }
    Ok(())
}

/// The folders of regions below the folder of an account.
pub(super) async fn leaves(
    list: &dyn List,
    branch: Branch,
    filter: &LogFilter,
) -> Result<Vec<Leaf>, ListError> {
    let folder = match branch {
        Branch::Leaf(leaf) => return Ok(vec![leaf]),
        Branch::Folder(folder) => folder,
    };
    let mut leaves = Vec::new();
    let mut waiting = VecDeque::from([folder]);
    while let Some(folder) = waiting.pop_front() {
        let Some(parsed) = layout::parse(&folder) else { continue };
        if parsed.kind.is_some_and(|kind| !filter.takes_kind(kind)) {
            continue;
        }
        if parsed.level < Level::Region {
            for child in folders(list, &folder).await?.into_iter().rev() {
                waiting.push_front(child);
            }
        } else if filter.takes_region(parsed.region.as_ref()) {
            let (partition, days) = (folder[..parsed.partition].into(), Some(Named(parsed.named)));
            leaves.push(Leaf { prefix: folder, partition, days, only_layout: true });
        }
    }
    Ok(leaves)
}

/// The folders directly in a folder, in order.
async fn folders(list: &dyn List, folder: &str) -> Result<Vec<String>, ListError> {
    let mut found = Vec::new();
    let mut pages = list.pages(folder, None, true);
    while let Some(page) = pages.next().await.map_err(|error| ListError::of(list.bucket(), folder, error))? {
        found.extend(page.prefixes);
    }
    Ok(found)
}

async fn first_page(list: &dyn List, folder: &str) -> Result<ObjectPage, ListError> {
    let page = list.pages(folder, None, true).next().await;
    Ok(page.map_err(|error| ListError::of(list.bucket(), folder, error))?.unwrap_or_default())
}
