//! What a report counts while findings pass by.

use std::collections::BTreeMap;

use yagura_model::{Finding, RecordState, Severity, Workflow};

use super::row::{Row, is_open};

/// Findings of one severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) open: u64,
    pub(super) overdue: u64,
    pub(super) suppressed: u64,
    pub(super) ended: u64,
}

/// Findings by severity and state.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts(BTreeMap<Severity, Count>);

impl Counts {
    pub(super) fn add(&mut self, row: &Row<'_>) {
        let Finding { severity, record_state, workflow, .. } = row.finding;
        let count = self.0.entry(*severity).or_default();
        match (record_state, workflow) {
            (RecordState::Archived, _) => count.ended += 1,
            (RecordState::Active, Workflow::Suppressed) => count.suppressed += 1,
            (RecordState::Active, _) => count.open += 1,
        }
        debug_assert!(!row.overdue || is_open(row.finding));
        count.overdue += u64::from(row.overdue);
    }

    pub(super) fn of(&self, severity: Severity) -> Count {
        self.0.get(&severity).copied().unwrap_or_default()
    }

    pub(super) fn total(&self) -> Count {
        self.0.values().fold(Count::default(), |sum, it| Count {
            open: sum.open + it.open,
            overdue: sum.overdue + it.overdue,
            suppressed: sum.suppressed + it.suppressed,
            ended: sum.ended + it.ended,
        })
    }
}
