//! Findings for people at a terminal: a list, counts, and everything about one of them.

mod counts;
mod list;
mod page;
mod suppressions;
pub(crate) mod words;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use yagura_model::{AccountId, Lang, RuleId, RuleInfo, Timestamp};

use crate::format::Style;

pub use counts::{CountTable, CountedRow, count_table};
pub use list::finding_list;
pub use page::{FindingStory, finding_page};
pub use suppressions::{SuppressionLine, suppression_list};
pub use words::finding_title;

/// What is needed to tell findings.
#[derive(Debug, Clone)]
pub struct FindingWords<'w> {
    /// The rules that are known, with their texts.
    pub rules: &'w BTreeMap<RuleId, RuleInfo>,
    /// The names of accounts.
    pub accounts: &'w BTreeMap<AccountId, String>,
    /// When it is told: ages count up to here.
    pub now: Timestamp,
    /// In which language.
    pub lang: Lang,
    /// In which time zone.
    pub time_zone: TimeZone,
    /// How it is laid out.
    pub style: Style,
}

impl FindingWords<'_> {
    /// How people call an account.
    fn account(&self, id: &AccountId) -> String {
        match self.accounts.get(id) {
            Some(name) if !name.is_empty() => name.clone(),
            _ => id.to_string(),
        }
    }

    /// A moment as people write it.
    fn moment(&self, at: Timestamp) -> String {
        at.to_zoned(self.time_zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// Whole days since a moment.
    fn days(&self, since: Timestamp) -> i64 {
        (self.now.duration_since(since).as_hours() / 24).max(0)
    }
}
