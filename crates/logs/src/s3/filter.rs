//! Which logs of a bucket are wanted. Pure.

use std::collections::BTreeSet;

use jiff::civil::Date;
use yagura_model::{AccountId, Region};

use super::layout::{LogKind, LogPlace};

/// What is wanted; an empty set means all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogFilter {
    /// Kinds of logs.
    pub kinds: BTreeSet<LogKind>,
    /// Accounts.
    pub accounts: BTreeSet<AccountId>,
    /// Regions. DNS query logs, which do not tell their region, are taken from all.
    pub regions: BTreeSet<Region>,
    /// The first day, in UTC.
    pub since: Option<Date>,
    /// The last day, in UTC.
    pub until: Option<Date>,
}

impl LogFilter {
    pub(super) fn takes_kind(&self, kind: LogKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    pub(super) fn takes_account(&self, account: &AccountId) -> bool {
        self.accounts.is_empty() || self.accounts.contains(account)
    }

    pub(super) fn takes_region(&self, region: Option<&Region>) -> bool {
        self.regions.is_empty() || region.is_none_or(|region| self.regions.contains(region))
    }

    /// Whether a file at this place is wanted. Where days are asked for, a file that tells none is not.
    #[must_use]
    pub fn takes(&self, place: &LogPlace) -> bool {
        let in_time = match place.day {
            Some(day) => self.since.is_none_or(|it| day >= it) && self.until.is_none_or(|it| day <= it),
            None => self.since.is_none() && self.until.is_none(),
        };
        in_time
            && self.takes_kind(place.kind)
            && self.takes_account(&place.account)
            && self.takes_region(place.region.as_ref())
    }

    /// Whether a file that follows no layout is wanted: nobody knows what it holds, but nothing in it is younger than
    /// itself.
    pub(super) fn takes_modified(&self, day: Option<Date>) -> bool {
        self.since.zip(day).is_none_or(|(since, day)| day >= since)
    }
}
