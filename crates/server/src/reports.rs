//! Reports about projects: whoever owns the program makes them, the API asks for them.

use std::fmt;
use std::fs::File;
use std::future::Future;
use std::pin::Pin;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;
use yagura_model::{Lang, Timestamp};

/// What a report can be written as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReportFormat {
    /// A workbook.
    #[default]
    Xlsx,
    /// One row a finding.
    Csv,
    /// One page.
    Html,
    /// That page, printed.
    Pdf,
    /// One document.
    Json,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportWish {
    /// The project; `None` is the accounts of none.
    pub project: Option<String>,
    /// As what.
    pub format: ReportFormat,
    /// In which language; the project's when left out.
    pub lang: Option<Lang>,
    /// How many weeks its progress goes back.
    pub weeks: usize,
    /// Whether findings that ended are in it.
    pub with_ended: bool,
    /// When it is made.
    pub now: Timestamp,
}

/// A report that was made.
#[derive(Debug)]
pub struct MadeReport {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub media_type: &'static str,
    /// What is in it. The file has no name any more, or goes with what holds it.
    pub file: File,
}

/// A report that is made again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ReportSchedule {
    /// What it is called.
    pub name: String,
    /// As what it is written: `xlsx`, `pdf`...
    pub formats: Vec<String>,
    /// Where it goes.
    pub out: String,
    /// About what, and when.
    pub subjects: Vec<ReportSubject>,
}

/// What a scheduled report is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ReportSubject {
    /// The project; none for the accounts that are in none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// When: `0 9 * * mon`.
    pub schedule: String,
    /// In which time zone, where it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// When it was made last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
    /// When it is made next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Timestamp>,
}

/// Why there is no report.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReportError {
    /// It cannot be made as things are, for a reason that the asker may know.
    #[error("{0}")]
    Refused(String),
    /// Something failed, which the program's log tells.
    #[error("the report could not be made")]
    Failed,
}

/// What makes a report, once it is waited for.
pub type Making = Pin<Box<dyn Future<Output = Result<MadeReport, ReportError>> + Send>>;

/// Who makes reports.
pub trait Reports: fmt::Debug + Send + Sync {
    /// Makes one.
    fn make(&self, wish: ReportWish) -> Making;

    /// Those that are made on a schedule.
    ///
    /// # Errors
    ///
    /// What was made last cannot be read.
    fn scheduled(&self, now: Timestamp) -> Result<Vec<ReportSchedule>, ReportError>;
}
