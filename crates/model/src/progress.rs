//! Findings over time: how many were open week by week, how long they take, what is overdue, what came back.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountId, RuleId, Severity, Text, Timestamp};

/// When a finding was open: what progress is counted from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingLife {
    /// Its rule.
    pub rule: RuleId,
    /// Its account.
    pub account: AccountId,
    /// How bad it is, or was last.
    pub severity: Severity,
    /// Since when, until when; oldest first, and none begins before the one before it ended. The last has no end while it is open.
    pub spans: Vec<(Timestamp, Option<Timestamp>)>,
}

/// Within how many days a finding has to be put right, by severity: `[sla]` in yagura.toml.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DueDays {
    /// Of critical findings.
    pub critical: u32,
    /// Of high ones.
    pub high: u32,
    /// Of medium ones.
    pub medium: u32,
    /// Of low ones.
    pub low: u32,
    /// Of informational ones; nothing is due when it is left out.
    pub informational: Option<u32>,
}

impl Default for DueDays {
    fn default() -> Self {
        Self { critical: 7, high: 30, medium: 90, low: 180, informational: None }
    }
}

impl DueDays {
    /// The days that there are; `None` where nothing is due.
    #[must_use]
    pub fn of(&self, severity: Severity) -> Option<u32> {
        match severity {
            Severity::Critical => Some(self.critical),
            Severity::High => Some(self.high),
            Severity::Medium => Some(self.medium),
            Severity::Low => Some(self.low),
            Severity::Informational => self.informational,
        }
    }

    /// Findings that are open since before these moments are overdue at `now`, each severity by its own.
    #[must_use]
    pub fn opened_before(&self, now: Timestamp) -> BTreeMap<Severity, Timestamp> {
        let before = |severity: Severity| {
            let span = SignedDuration::from_hours(i64::from(self.of(severity)?) * 24);
            Some((severity, now.checked_sub(span).ok()?))
        };
        Severity::ALL.into_iter().filter_map(before).collect()
    }

    /// When a finding is due that is open since `opened`; `None` where nothing is due, or after the end of all calendars.
    #[must_use]
    pub fn due(&self, severity: Severity, opened: Timestamp) -> Option<Timestamp> {
        let days = self.of(severity)?;
        opened.checked_add(SignedDuration::from_hours(i64::from(days) * 24)).ok()
    }
}

/// What happened in one week, and what was open at its end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct WeekCounts {
    /// Open at the end of the week; of the current week, now.
    pub open: u64,
    /// Seen for the first time.
    pub new: u64,
    /// Seen again after they had ended.
    pub came_back: u64,
    /// Ended.
    pub resolved: u64,
}

/// The weeks of one project, framework or rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ProgressPart {
    /// The project's name, the framework's or the rule's id.
    pub id: String,
    /// What people call it; empty where that is the id.
    pub name: Text,
    /// One for each of [`Progress::weeks`].
    pub weeks: Vec<WeekCounts>,
}

/// How long findings took from being seen, or seen again, to their end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct TimeToResolve {
    /// How many ended.
    pub resolved: u64,
    /// The mean, in days.
    pub mean_days: f64,
    /// The median, in days: one that was forgotten for years does not move it.
    pub median_days: f64,
}

/// What is overdue in one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Overdue {
    /// The account.
    pub account: AccountId,
    /// The projects that it is of.
    pub projects: Vec<String>,
    /// How many findings, by severity.
    pub findings: BTreeMap<Severity, u64>,
    /// By how many whole days the oldest is.
    pub most_days: u64,
    /// The rule of that one.
    pub rule: RuleId,
}

/// How often the findings of one rule came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct CameBack {
    /// The rule.
    pub rule: RuleId,
    /// Its title; empty where nothing is known about it.
    pub title: Text,
    /// How often, in these weeks.
    pub times: u64,
    /// How many findings did.
    pub findings: u64,
}

/// Progress over some weeks, the last of which is the current one.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Progress {
    /// Until when.
    pub now: Timestamp,
    /// The Mondays on which the weeks begin, in the reader's time zone.
    pub weeks: Vec<Date>,
    /// Everything together, one for each week.
    pub all: Vec<WeekCounts>,
    /// Open findings at the end of each week, by severity.
    pub open: BTreeMap<Severity, Vec<u64>>,
    /// By project. An account that is in several counts in each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub projects: Vec<ProgressPart>,
    /// By framework: findings of the rules that serve it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub frameworks: Vec<ProgressPart>,
    /// By rule, those with the most open findings first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<ProgressPart>,
    /// How long what ended in these weeks took, by severity.
    pub to_resolve: BTreeMap<Severity, TimeToResolve>,
    /// What is overdue now, the account with the oldest first.
    pub overdue: Vec<Overdue>,
    /// What came back in these weeks, most often first.
    pub came_back: Vec<CameBack>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_due_after_the_days_of_its_severity() {
        let due = DueDays::default();
        let opened: Timestamp = "2026-01-01T12:00:00Z".parse().unwrap();
        assert_eq!(due.due(Severity::Critical, opened), Some("2026-01-08T12:00:00Z".parse().unwrap()));
        assert_eq!(due.due(Severity::Informational, opened), None);
        let endless = DueDays { low: u32::MAX, ..due };
        assert_eq!(endless.due(Severity::Low, opened), None);
    }
}
