//! The report about one project: its findings with what to do, how far it meets frameworks, how it goes on, what is not known.
//!
//! A report is pushed: [`ProjectFormat::begin`], every finding, then what could not be read, then [`ProjectReport::end`].
//!
//! # Invariants
//!
//! - **Memory does not grow with the findings.** Rows are written as they come; only counts stay, and in `html` a bounded
//!   number of rows, with a sentence about the rest.
//! - **Text is never a formula.** Names of resources reach a spreadsheet as strings, or defused.
//! - **No clock.** The same input gives the same bytes, those of the workbook too.

mod counts;
mod csv;
mod html;
mod json;
pub(crate) mod progress;
mod row;
mod words;
mod workbook;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::str::FromStr;

use jiff::tz::TimeZone;
use serde::Serialize;
use thiserror::Error;
use yagura_model::{
    AccountScan, Assessment, CallCoverage, DueDays, Finding, Lang, Progress, RequirementsByRule, RuleId,
    RuleInfo, Scan, Timestamp,
};

use crate::format::Sink;
pub use workbook::keep_quiet_of_handled_panics;

pub(crate) use csv::Csv;

/// What is known before the first finding.
#[derive(Debug, Clone)]
pub struct ProjectHead<'a> {
    /// The program's version.
    pub version: &'a str,
    /// The project; `None` for the accounts that are of none.
    pub project: Option<&'a str>,
    /// Its accounts, by id.
    pub accounts: &'a [AccountScan],
    /// The last scan.
    pub scan: Option<&'a Scan>,
    /// When the report is made: ages and due dates count to here.
    pub now: Timestamp,
    /// When findings are due.
    pub due: DueDays,
    /// What there is to tell about each rule.
    pub rules: &'a BTreeMap<RuleId, RuleInfo>,
    /// Which requirements of frameworks each rule serves.
    pub requirements: &'a RequirementsByRule,
    /// The language of everything that people read.
    pub lang: Lang,
    /// The zone in which people read times. `json` always uses UTC.
    pub time_zone: TimeZone,
}

/// What is known after the last finding.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProjectTail<'a> {
    /// How far the project's accounts meet each framework.
    pub frameworks: &'a [Assessment],
    /// Suppressions that expire soon.
    pub suppressions: &'a [EndingSuppression],
    /// How it went, week by week.
    pub progress: Option<&'a Progress>,
}

/// A suppression that expires soon, after which what it hides comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EndingSuppression {
    /// What it is called.
    pub id: String,
    /// What it covers, in words.
    pub covers: String,
    /// Why.
    pub reason: String,
    /// What protects instead.
    pub compensating_control: String,
    /// Who asked for it.
    pub requester: String,
    /// Who approved it.
    pub approver: String,
    /// Until when it holds.
    pub expires: Timestamp,
    /// How many findings it hides now.
    pub hides: u64,
}

/// What a project's report can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProjectFormat {
    /// A workbook for Excel and LibreOffice.
    Xlsx,
    /// One row a finding.
    Csv,
    /// One page, to read and to print.
    Html,
    /// One document with everything.
    Json,
}

/// A format that there is none of.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{word}` is no format of a project's report: xlsx, csv, html, json")]
pub struct UnknownProjectFormatError {
    word: String,
}

impl ProjectFormat {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Xlsx, Self::Csv, Self::Html, Self::Json];

    /// The word on the command line, and the ending of files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Html => "html",
            Self::Json => "json",
        }
    }

    /// The media type, as a bucket or a mail tells it.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Json => "application/json",
        }
    }

    /// Begins a report.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn begin<'a>(
        self,
        head: &'a ProjectHead<'a>,
        out: Box<dyn io::Write + Send + 'a>,
    ) -> io::Result<ProjectReport<'a>> {
        let out = Sink::new(out);
        let writer: Box<dyn Writer + Send + 'a> = match self {
            Self::Xlsx => Box::new(workbook::Book::begin(head, out)?),
            Self::Csv => Box::new(csv::Csv::begin(head, out)?),
            Self::Html => Box::new(html::Page::begin(head, out)),
            Self::Json => Box::new(json::Json::begin(head, out)?),
        };
        Ok(ProjectReport { format: self, writer })
    }
}

impl fmt::Display for ProjectFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for ProjectFormat {
    type Err = UnknownProjectFormatError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        all.find(|it| it.as_str().eq_ignore_ascii_case(word))
            .ok_or_else(|| UnknownProjectFormatError { word: word.to_owned() })
    }
}

/// Writes one format.
trait Writer {
    fn finding(&mut self, finding: &Finding) -> io::Result<()>;
    fn gap(&mut self, gap: &CallCoverage) -> io::Result<()>;
    fn end(&mut self, tail: &ProjectTail<'_>) -> io::Result<()>;
}

/// A report being written. Dropping it without [`ProjectReport::end`] leaves it unfinished.
pub struct ProjectReport<'a> {
    format: ProjectFormat,
    writer: Box<dyn Writer + Send + 'a>,
}

impl fmt::Debug for ProjectReport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProjectReport").field("format", &self.format).finish_non_exhaustive()
    }
}

impl ProjectReport<'_> {
    /// Tells one finding. All come before the first gap.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.writer.finding(finding)
    }

    /// Tells of a call; only those are written whose answer is not known.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn coverage(&mut self, row: &CallCoverage) -> io::Result<()> {
        if row.status.is_known() { Ok(()) } else { self.writer.gap(row) }
    }

    /// Writes the rest and flushes.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn end(mut self, tail: &ProjectTail<'_>) -> io::Result<()> {
        self.writer.end(tail)
    }
}

impl ProjectHead<'_> {
    fn words(&self) -> &'static words::Words {
        words::words(self.lang)
    }

    /// What stands at the top of the report.
    fn name(&self) -> &str {
        self.project.unwrap_or(self.words().without_project)
    }

    /// A moment as people read it.
    fn time(&self, at: Timestamp) -> String {
        at.to_zoned(self.time_zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string()
    }

    /// A day as people read it.
    fn day(&self, at: Timestamp) -> String {
        at.to_zoned(self.time_zone.clone()).strftime("%Y-%m-%d").to_string()
    }

    fn account_name(&self, id: &yagura_model::AccountId) -> &str {
        let found = self.accounts.binary_search_by(|it| it.account.id.cmp(id)).ok();
        found.and_then(|n| self.accounts.get(n)).map_or("", |it| it.account.name.as_str())
    }
}
