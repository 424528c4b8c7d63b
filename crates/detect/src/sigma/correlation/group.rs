//! What is remembered of one group of a correlation.

use std::ops::Range;

use rsigma_parser::CorrelationType;
use serde::{Deserialize, Serialize};

use super::definition::Definition;

/// An event that counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// In microseconds.
    #[serde(rename = "t")]
    pub(super) time: i64,
    #[serde(rename = "e")]
    pub(super) event: Box<str>,
    #[serde(rename = "d")]
    pub(super) detail: Detail,
    /// Values of the fields that are carried along.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub(super) carried: Vec<Vec<Box<str>>>,
}

/// What of it counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Detail {
    #[serde(rename = "n")]
    Nothing,
    /// Which rule matched.
    #[serde(rename = "r")]
    Reference(u32),
    #[serde(rename = "v")]
    Value(Box<str>),
    #[serde(rename = "f")]
    Number(f64),
}

/// The entries of a group, by time.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Group {
    pub(super) entries: Vec<Entry>,
    /// When the matches that were told were complete, by time.
    pub(super) told: Vec<i64>,
}

/// So many told matches of a group are remembered.
pub(super) const TOLD: usize = 1024;
/// So many entries are looked at for one event: an event that comes late is in many windows, and somebody may make many come late.
const WORK: usize = 1 << 20;

/// A window for which the condition holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Satisfied {
    pub(super) window: Range<usize>,
    /// Which entry completes it.
    pub(super) last: usize,
    pub(super) value: f64,
    /// Whether it belongs to no match that was told.
    pub(super) is_new: bool,
}

impl Group {
    /// Adds an entry; the one that is there already, or that no answer depends on, changes nothing.
    pub(super) fn insert(&mut self, entry: Entry, definition: &Definition, unique: bool) -> bool {
        let at = self.entries.partition_point(|it| it.time <= entry.time);
        let same = self.entries[..at].iter().rev().take_while(|it| it.time == entry.time);
        if (unique || !entry.event.is_empty())
            && same.clone().any(|it| it.event == entry.event && it.detail == entry.detail)
        {
            return false;
        }
        if definition.is_about_presence() {
            return self.insert_presence(at, entry, definition.span);
        }
        self.entries.insert(at, entry);
        true
    }

    /// A window that holds the middle one of three within a timespan holds one of the others, too.
    fn insert_presence(&mut self, at: usize, entry: Entry, span: i64) -> bool {
        let alike = |it: &(usize, &Entry)| it.1.detail == entry.detail;
        let near = |a: i64, b: i64| b.saturating_sub(a) <= span;
        let mut before = self.entries[..at].iter().enumerate().rev().filter(alike);
        let mut after = self.entries.iter().enumerate().skip(at).filter(alike);
        let (a, b) = (before.next(), after.next());
        if let (Some((_, a)), Some((_, b))) = (a, b)
            && near(a.time, b.time)
        {
            return false;
        }
        let spare_before = match (before.next(), a) {
            (Some((_, first)), Some((middle, _))) if near(first.time, entry.time) => Some(middle),
            _ => None,
        };
        let spare_after = match (b, after.next()) {
            (Some((middle, _)), Some((_, last))) if near(entry.time, last.time) => Some(middle),
            _ => None,
        };
        self.entries.insert(at, entry);
        // From the back, so that places stay true; behind the new one everything moved by one.
        if let Some(spare) = spare_after {
            self.entries.remove(spare + 1);
        }
        if let Some(spare) = spare_before {
            self.entries.remove(spare);
        }
        true
    }

    /// Lets go of what is older than a time, and of the oldest entries beyond a number; says how many of those there were.
    pub(super) fn shrink(&mut self, oldest: Option<i64>, most: usize) -> usize {
        if let Some(oldest) = oldest {
            self.entries.drain(..self.entries.partition_point(|it| it.time < oldest));
            self.told.drain(..self.told.partition_point(|it| *it < oldest));
        }
        self.told.drain(..self.told.len().saturating_sub(TOLD));
        let beyond = self.entries.len().saturating_sub(most);
        self.entries.drain(..beyond);
        beyond
    }

    /// The first window with an event of a time that satisfies the definition and was not told yet, else one that was told and `also_told`.
    pub(super) fn check(
        &self,
        time: i64,
        definition: &Definition,
        also_told: bool,
        every: bool,
    ) -> Option<Satisfied> {
        let span = definition.span;
        // Counting events only takes the ends of a window.
        let cheap = definition.kind == CorrelationType::EventCount;
        let mut at = self.entries.partition_point(|it| it.time < time);
        let (mut work, mut known) = (0, None);
        while let Some(entry) = self.entries.get(at) {
            let end = entry.time;
            if end.saturating_sub(time) > span || work > WORK {
                break;
            }
            let stop = at + self.entries[at..].partition_point(|it| it.time <= end);
            at = stop;
            let is_new = every || !self.is_told(end, span);
            if !is_new && (!also_told || known.is_some()) {
                continue;
            }
            let start = self.entries.partition_point(|it| it.time < end.saturating_sub(span));
            work += if cheap { 1 } else { stop - start };
            if let Some(value) = definition.satisfied(&self.entries[start..stop]) {
                let it = Satisfied { window: start..stop, last: stop - 1, value, is_new };
                if is_new {
                    return Some(it);
                }
                known = Some(it);
            }
        }
        known
    }

    /// Whether a match was told within a timespan.
    fn is_told(&self, time: i64, span: i64) -> bool {
        let after = self.told.partition_point(|it| *it < time.saturating_sub(span));
        self.told.get(after).is_some_and(|it| it.saturating_sub(time) <= span)
    }

    /// Remembers that a match was told.
    pub(super) fn tell(&mut self, time: i64) {
        let at = self.told.partition_point(|it| *it < time);
        self.told.insert(at, time);
    }

    /// The time of the newest entry.
    pub(super) fn newest(&self) -> i64 {
        self.entries.last().map_or(i64::MIN, |it| it.time)
    }
}
