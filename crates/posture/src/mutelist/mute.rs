//! Whether a violation is muted, for the checks that a rule stands for.

use std::collections::BTreeMap;
use std::sync::Arc;

use yagura_model::{Account, Partition, Reason, Resource, ResourceType, RuleId};

use super::pattern::Pattern;
use super::{EVERY, Entry, Exceptions, Mutelist};
use crate::needs::TAG_FIELDS;
use crate::rule::Rule;

/// How Prowler calls the root user.
const ROOT: &str = "<root_account>";

/// What mutelists say about each rule. Made once, so that a violation is held against the entries that may concern it alone.
#[derive(Debug, Default)]
pub(crate) struct Muted(BTreeMap<RuleId, Vec<Chain>>);

/// The entries of one mutelist and one account key that concern one check, in the file's order.
#[derive(Debug, Clone)]
pub(crate) struct Chain {
    file: Arc<str>,
    account: String,
    entries: Vec<Arc<Entry>>,
}

impl Muted {
    pub(crate) fn of_all<'r>(mutelists: &[Arc<Mutelist>], rules: impl Iterator<Item = &'r Rule>) -> Self {
        if mutelists.is_empty() {
            return Self::default();
        }
        let chains = rules.map(|rule| (rule.id().clone(), chains(mutelists, &rule.aliases().prowler)));
        Self(chains.filter(|(_, it)| !it.is_empty()).collect())
    }

    /// What may mute the violations of a rule.
    pub(crate) fn of(&self, rule: &Rule) -> &[Chain] {
        self.0.get(rule.id()).map_or(&[], Vec::as_slice)
    }
}

/// For each of a rule's names in Prowler its own chain: an exception for one check says nothing about another.
pub(super) fn chains(mutelists: &[Arc<Mutelist>], names: &[String]) -> Vec<Chain> {
    let mut chains: Vec<Chain> = Vec::new();
    for mutelist in mutelists {
        for block in &mutelist.accounts {
            let mut add = |means: &dyn Fn(&Entry) -> bool| {
                let entries: Vec<_> = block.entries.iter().filter(|it| means(it)).cloned().collect();
                let chain = Chain { file: mutelist.file.clone(), account: block.account.clone(), entries };
                if !chain.entries.is_empty() && !chains.iter().any(|it| it.is(&chain)) {
                    chains.push(chain);
                }
            };
            if names.is_empty() {
                // Prowler has no name for it, but "every check" leaves out none.
                add(&|entry: &Entry| entry.check.written == EVERY);
            }
            for name in names {
                add(&|entry: &Entry| entry.check.means(name));
            }
        }
    }
    chains
}

impl Chain {
    fn is(&self, other: &Self) -> bool {
        self.entries.len() == other.entries.len()
            && self.entries.iter().zip(&other.entries).all(|(a, b)| Arc::ptr_eq(a, b))
    }

    /// Whether tags have to be read for it.
    pub(crate) fn is_about_tags(&self) -> bool {
        self.entries.iter().any(|entry| {
            !entry.tags.is_empty() || entry.exceptions.as_ref().is_some_and(|it| !it.tags.is_empty())
        })
    }

    /// Why a violation is muted; `None` when it is not.
    pub(crate) fn mutes(&self, found: &Found<'_>) -> Option<Reason> {
        if self.account != EVERY && self.account != found.account.id.as_str() {
            return None;
        }
        let mut muting = None;
        for entry in &self.entries {
            if entry.exceptions.as_ref().is_some_and(|it| it.hold(found)) {
                // What stands further down is not looked at, what muted it further up still does.
                break;
            }
            if muting.is_none() && entry.fits(found) {
                muting = Some(entry);
            }
        }
        muting.map(|entry| Reason::Excepted {
            by: format!("{}, account {}, check {}", self.file, entry.account, entry.check.written),
            because: entry.description.clone(),
        })
    }
}

impl Entry {
    fn fits(&self, found: &Found<'_>) -> bool {
        self.regions.iter().any(|it| found.is_in(it))
            && self.resources.iter().any(|it| found.is_called(it))
            // Tags that were not read fit nothing but "any tags".
            && self.tags.iter().all(|it| if found.tags_unread { it.is_everything() } else { it.fits(&found.tags) })
    }
}

impl Exceptions {
    /// Every list that is given must fit, and at least one must be given. In a list of tags all must fit, in the others one.
    fn hold(&self, found: &Found<'_>) -> bool {
        let lists = [&self.accounts, &self.regions, &self.resources, &self.tags];
        let one =
            |list: &[Pattern], fits: &dyn Fn(&Pattern) -> bool| list.is_empty() || list.iter().any(fits);
        lists.iter().any(|it| !it.is_empty())
            && one(&self.accounts, &|it| it.fits(found.account.id.as_str()))
            && one(&self.regions, &|it| found.is_in(it))
            && one(&self.resources, &|it| found.is_called(it))
            // Without the tags nobody knows; then the violation stands.
            && (found.tags_unread || self.tags.iter().all(|it| it.fits(&found.tags)))
    }
}

/// A violation, under the names that Prowler gives to its resource and its region.
#[derive(Debug)]
pub(crate) struct Found<'f> {
    account: &'f Account,
    arn: &'f str,
    names: Vec<&'f str>,
    regions: Vec<&'f str>,
    /// `key=value | key=value`.
    tags: String,
    tags_unread: bool,
}

impl<'f> Found<'f> {
    pub(crate) fn new(resource: &'f Resource, account: &'f Account, partition: Partition) -> Self {
        let tags: Vec<_> = resource.tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let mut regions = vec![resource.key.region.as_str()];
        if resource.key.region.is_global() {
            regions.push(home(partition));
        }
        Self {
            account,
            arn: &resource.arn,
            names: names(resource, account),
            regions,
            tags: tags.join(" | "),
            tags_unread: TAG_FIELDS.iter().any(|field| resource.unread.contains_key(*field)),
        }
    }

    fn is_in(&self, region: &Pattern) -> bool {
        self.regions.iter().any(|it| region.fits(it))
    }

    fn is_called(&self, name: &Pattern) -> bool {
        self.names.iter().any(|it| name.fits(it)) || (name.is_about_arns() && name.fits(self.arn))
    }
}

/// How Prowler may call a resource.
fn names<'f>(resource: &'f Resource, account: &'f Account) -> Vec<&'f str> {
    let key = &resource.key;
    if [ResourceType::ACCOUNT, ResourceType::REGION].contains(&key.resource_type.as_str()) {
        return vec![key.id.as_str(), account.id.as_str(), ROOT];
    }
    if !key.id.starts_with("arn:") {
        return vec![key.id.as_str()];
    }
    // Prowler's ids are names where ours are ARNs. The rest of the ARN is left out: a pattern such as `user` would fit it everywhere.
    let last = key.id.rsplit([':', '/']).next().unwrap_or(&key.id);
    let mut names = vec![last];
    if !resource.name.is_empty() {
        names.push(&resource.name);
    }
    names
}

/// Where Prowler says that global resources are.
fn home(partition: Partition) -> &'static str {
    match partition {
        Partition::Aws => "us-east-1",
        Partition::China => "cn-north-1",
        Partition::UsGov => "us-gov-east-1",
    }
}
