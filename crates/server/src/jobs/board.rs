//! What the API tells of jobs and sources.

use serde::Serialize;
use utoipa::ToSchema;
use yagura_model::Timestamp;

use super::stand::{JobEnd, JobRun};

/// A job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct JobState {
    /// What it is called: `scan`, `import`, `reports`, `notify`.
    pub name: String,
    /// Its schedule, as cron writes it; none where it runs when there is something to do, or when somebody asks.
    pub schedule: Option<String>,
    /// The time zone of the schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The run that goes on.
    pub running: Option<JobProgress>,
    /// The last run that is over.
    pub last: Option<JobRun>,
    /// When it runs next by itself.
    pub next: Option<Timestamp>,
    /// How often it failed since it last succeeded.
    pub failures: u32,
}

/// A run that goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct JobProgress {
    /// When it began.
    pub began: Timestamp,
    /// Who asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Of a scan, how many accounts are done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<u64>,
    /// Of a scan, how many accounts there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

/// A job began, came further, or ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct JobNews {
    /// When.
    pub at: Timestamp,
    /// Which job.
    pub name: String,
    /// How it ended; none as long as it runs.
    pub end: Option<JobEnd>,
    /// Of a scan that came further, how many accounts are done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<u64>,
    /// Of a scan that came further, how many accounts there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

/// How a source of events fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SourceCondition {
    /// It was not read yet.
    Waiting,
    /// It is read.
    Following,
    /// It cannot be read, and is tried again.
    Failing,
}

/// A source of events that is followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct SourceState {
    /// As the configuration names it.
    pub name: String,
    /// How it fares.
    pub condition: SourceCondition,
    /// Events that were read since the program started.
    pub events: u64,
    /// When it was looked at last without trouble.
    pub looked: Option<Timestamp>,
    /// The time that the newest event tells.
    pub newest_event: Option<Timestamp>,
    /// How old the newest event was when it was read, in seconds.
    pub lag_seconds: Option<i64>,
    /// What went wrong last.
    pub error: Option<String>,
    /// When that was.
    pub error_at: Option<Timestamp>,
    /// When it is tried again.
    pub retry_at: Option<Timestamp>,
}

impl SourceState {
    /// A source that was not read yet.
    #[must_use]
    pub fn waiting(name: String) -> Self {
        Self {
            name,
            condition: SourceCondition::Waiting,
            events: 0,
            looked: None,
            newest_event: None,
            lag_seconds: None,
            error: None,
            error_at: None,
            retry_at: None,
        }
    }
}
