//! The columns themselves.

use serde::Deserialize;
use yagura_model::RecordState;

use super::chosen::Chosen;
use crate::codes::Code;

/// How many severities there are.
pub(super) const SEVERITIES: usize = 5;

/// How many states of work there are.
const WORKFLOWS: usize = 4;

/// How many sorts there are, and room for more.
const KINDS: usize = 8;

/// The place of a finding that is not there.
const NOTHING: u8 = u8::MAX;

/// The columns of [`Row`].
pub(super) const COLUMNS: &str =
    "f.id, f.account_id, f.region_id, f.type_id, f.rule_id, f.severity, f.record_state, f.workflow, f.kind,
    f.detectors, COALESCE(f.assignee_id, 0), COALESCE(f.suppression_id, 0), f.opened_at, COALESCE(f.ended_at, 0)";

/// A finding, as the table tells it. The number 0 is no name's.
#[derive(Deserialize)]
pub(super) struct Row(usize, u32, u32, u32, u32, u8, u8, u8, u8, u16, u32, u32, i64, i64);

/// A finding's place is its number: they are given in order, and none ever goes.
#[derive(Debug, Default)]
pub(super) struct Rows {
    accounts: Vec<u32>,
    regions: Vec<u32>,
    types: Vec<u32>,
    rules: Vec<u32>,
    severities: Vec<u8>,
    states: Vec<u8>,
    workflows: Vec<u8>,
    kinds: Vec<u8>,
    detectors: Vec<u16>,
    assignees: Vec<u32>,
    suppressions: Vec<u32>,
    opened: Vec<i64>,
    ended: Vec<i64>,
}

/// Findings, counted by numbers of names and words.
#[derive(Debug)]
pub(super) struct Counted {
    pub(super) severities: [u64; SEVERITIES],
    pub(super) workflows: [u64; WORKFLOWS],
    pub(super) kinds: [u64; KINDS],
    pub(super) accounts: Vec<[u32; SEVERITIES]>,
    pub(super) rules: Vec<[u32; SEVERITIES]>,
}

/// The number of a word, of which there are few.
pub(super) fn byte<T: Code>(word: T) -> u8 {
    u8::try_from(word.code()).unwrap_or(NOTHING)
}

impl Rows {
    /// Puts rows in the places of their numbers, all of them at once.
    pub(super) fn put(&mut self, rows: &[Row]) {
        let length = rows.iter().map(|it| it.0 + 1).max().unwrap_or_default();
        if length > self.states.len() {
            self.grow(length);
        }
        for row in rows {
            let Row(
                n,
                account,
                region,
                kind_of_resource,
                rule,
                severity,
                state,
                workflow,
                kind,
                detectors,
                assignee,
                suppression,
                opened,
                ended,
            ) = *row;
            self.accounts[n] = account;
            self.regions[n] = region;
            self.types[n] = kind_of_resource;
            self.rules[n] = rule;
            self.severities[n] = severity;
            self.states[n] = state;
            self.workflows[n] = workflow;
            self.kinds[n] = kind;
            self.detectors[n] = detectors;
            self.assignees[n] = assignee;
            self.suppressions[n] = suppression;
            self.opened[n] = opened;
            self.ended[n] = ended;
        }
    }

    fn grow(&mut self, length: usize) {
        for column in [
            &mut self.accounts,
            &mut self.regions,
            &mut self.types,
            &mut self.rules,
            &mut self.assignees,
            &mut self.suppressions,
        ] {
            column.resize(length, 0);
        }
        for column in [&mut self.severities, &mut self.workflows, &mut self.kinds] {
            column.resize(length, 0);
        }
        self.states.resize(length, NOTHING);
        self.detectors.resize(length, 0);
        self.opened.resize(length, 0);
        self.ended.resize(length, 0);
    }

    /// Whether a finding is let through.
    fn is_chosen(&self, n: usize, chosen: &Chosen) -> bool {
        let state = self.states[n];
        let severity = usize::from(self.severities[n]);
        state != NOTHING
            && chosen.states.holds(state)
            && self.opened[n] < chosen.opened_before[severity]
            && chosen.workflows.holds(self.workflows[n])
            && chosen.kinds.holds(self.kinds[n])
            && chosen.rules.holds(self.rules[n])
            && chosen.accounts.holds(self.accounts[n])
            && chosen.regions.holds(self.regions[n])
            && chosen.types.holds(self.types[n])
            && chosen.assignees.holds(self.assignees[n])
            && chosen.suppressions.holds(self.suppressions[n])
            && (chosen.detectors == 0 || self.detectors[n] & chosen.detectors != 0)
            && self.opened[n] >= chosen.opened_since
            && (state == byte(RecordState::Active) || self.ended[n] >= chosen.ended_since)
    }

    /// Counts what is let through.
    pub(super) fn count(&self, chosen: &Chosen) -> Counted {
        let numbers = |column: &[u32]| column.iter().max().map_or(0, |it| *it as usize + 1);
        let mut counted = Counted {
            severities: Default::default(),
            workflows: Default::default(),
            kinds: Default::default(),
            accounts: vec![Default::default(); numbers(&self.accounts)],
            rules: vec![Default::default(); numbers(&self.rules)],
        };
        for n in (0..self.states.len()).filter(|n| self.is_chosen(*n, chosen)) {
            let severity = usize::from(self.severities[n]);
            counted.severities[severity] += 1;
            counted.workflows[usize::from(self.workflows[n])] += 1;
            counted.kinds[usize::from(self.kinds[n])] += 1;
            counted.accounts[self.accounts[n] as usize][severity] += 1;
            counted.rules[self.rules[n] as usize][severity] += 1;
        }
        counted
    }
}
