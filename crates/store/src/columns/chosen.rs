//! A filter, as the columns are asked by it.

use std::collections::{BTreeSet, HashMap};

use yagura_model::{Severity, Timestamp};

use super::rows::SEVERITIES;
use crate::codes::Code;
use crate::lifecycle::Detectors;
use crate::read::filter::FindingFilter;
use crate::read::words::Words;

/// Which words of few are let through, as bits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Codes(u16);

impl Codes {
    fn new<T: Code>(wanted: &BTreeSet<T>) -> Self {
        let bits = wanted.iter().map(|it| 1 << it.code()).reduce(|a: u16, b| a | b);
        Self(bits.unwrap_or(u16::MAX))
    }

    pub(super) fn holds(self, code: u8) -> bool {
        self.0 >> (code & 15) & 1 == 1
    }
}

/// Which names are let through, by their numbers.
#[derive(Debug)]
pub(super) enum Numbers {
    /// Every name, and none.
    All,
    /// Those that are true at their places.
    These(Vec<bool>),
}

impl Numbers {
    fn new<T>(words: &HashMap<i64, T>, is_wanted: Option<&dyn Fn(&T) -> bool>) -> Self {
        let Some(is_wanted) = is_wanted else { return Self::All };
        let mut these = Vec::new();
        for number in words.iter().filter(|(_, name)| is_wanted(name)).map(|(number, _)| *number) {
            let Ok(place) = usize::try_from(number) else { continue };
            if these.len() <= place {
                these.resize(place + 1, false);
            }
            these[place] = true;
        }
        Self::These(these)
    }

    fn of<T: Ord>(words: &HashMap<i64, T>, wanted: &BTreeSet<T>) -> Self {
        let is_wanted = |it: &T| wanted.contains(it);
        Self::new(words, (!wanted.is_empty()).then_some(&is_wanted))
    }

    pub(super) fn holds(&self, number: u32) -> bool {
        match self {
            Self::All => true,
            Self::These(these) => these.get(number as usize).copied().unwrap_or_default(),
        }
    }
}

/// What is let through.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) states: Codes,
    pub(super) workflows: Codes,
    pub(super) kinds: Codes,
    pub(super) accounts: Numbers,
    pub(super) regions: Numbers,
    pub(super) types: Numbers,
    pub(super) rules: Numbers,
    pub(super) assignees: Numbers,
    pub(super) suppressions: Numbers,
    /// Bits of which one must be there; 0: none need be.
    pub(super) detectors: u16,
    /// Of each severity, only what is open since before this moment, in milliseconds.
    pub(super) opened_before: [i64; SEVERITIES],
    pub(super) opened_since: i64,
    pub(super) ended_since: i64,
}

impl Chosen {
    pub(super) fn new(filter: &FindingFilter, words: &Words) -> Self {
        let is_type =
            |it: &_| (filter.types.is_empty() || filter.types.contains(it)) && filter.is_of_services(it);
        let all_types = filter.types.is_empty() && filter.services.is_empty();
        let bits = filter.detectors.iter().fold(0, |bits, it| bits | Detectors::only(*it).0);
        let millis = |at: Option<Timestamp>| at.map_or(i64::MIN, Timestamp::as_millisecond);
        Self {
            states: Codes::new(&filter.record_states),
            workflows: Codes::new(&filter.workflows),
            kinds: Codes::new(&filter.kinds),
            accounts: Numbers::of(&words.accounts, &filter.accounts),
            regions: Numbers::of(&words.regions, &filter.regions),
            types: Numbers::new(&words.types, (!all_types).then_some(&is_type)),
            rules: Numbers::of(&words.rules, &filter.rules),
            assignees: assignees(filter, words),
            suppressions: Numbers::of(&words.suppressions, &filter.suppressions),
            detectors: u16::try_from(bits).unwrap_or(u16::MAX),
            opened_before: Severity::ALL.map(|it| opened_before(filter, it)),
            opened_since: millis(filter.opened_since),
            ended_since: millis(filter.ended_since),
        }
    }
}

/// Who takes care of it. The number 0 is nobody's.
fn assignees(filter: &FindingFilter, words: &Words) -> Numbers {
    match (filter.is_unassigned, filter.assignees.is_empty()) {
        (false, _) => Numbers::of(&words.people, &filter.assignees),
        (true, true) => Numbers::These(vec![true]),
        (true, false) => Numbers::These(Vec::new()),
    }
}

fn opened_before(filter: &FindingFilter, severity: Severity) -> i64 {
    if filter.min_severity.is_some_and(|least| severity < least) {
        return i64::MIN;
    }
    match filter.opened_before.get(&severity) {
        Some(at) => at.as_millisecond(),
        None if filter.opened_before.is_empty() => i64::MAX,
        None => i64::MIN,
    }
}
