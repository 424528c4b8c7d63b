//! Frameworks: what they ask for, and how far a scan's accounts meet them, as a table, JSON or CSV.
//!
//! A result is pushed account by account, as [`yagura_model::AccountAssessment`]s come, and ended with the organisation's.

mod csv;
mod json;
mod page;
pub(crate) mod section;
mod table;
pub(crate) mod words;

use std::fmt;
use std::io;
use std::str::FromStr;

use jiff::tz::TimeZone;
use thiserror::Error;
use yagura_model::{AccountAssessment, AccountScan, Assessment, Framework, Lang, Organization, Scan, ScanId};

pub use self::page::{framework_list, framework_page};
use crate::format::Style;

/// A format that a framework's result can be told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameworkFormat {
    /// For a person at a terminal.
    Table,
    /// One JSON document.
    Json,
    /// One row for each account and requirement, and one for each requirement in the organisation.
    Csv,
}

/// A text was not the name of such a format.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{name}` is not a format of framework reports: table, json, csv are")]
pub struct UnknownFrameworkFormatError {
    name: String,
}

impl FrameworkFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Table, Self::Json, Self::Csv];

    /// The name on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }

    /// Begins a report.
    ///
    /// # Errors
    ///
    /// The beginning cannot be written.
    pub fn begin<'a>(
        self,
        head: &'a FrameworkHead<'a>,
        style: Style,
        out: Box<dyn io::Write + Send + 'a>,
    ) -> io::Result<FrameworkReport<'a>> {
        let out = io::BufWriter::new(out);
        let writer: Box<dyn Writer + Send + 'a> = match self {
            Self::Table => Box::new(table::Table::begin(head, style, out)),
            Self::Json => Box::new(json::Json::begin(head, out)?),
            Self::Csv => Box::new(csv::Csv::begin(head, style, out)?),
        };
        Ok(FrameworkReport { writer })
    }
}

impl fmt::Display for FrameworkFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for FrameworkFormat {
    type Err = UnknownFrameworkFormatError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|it| it.as_str().eq_ignore_ascii_case(name))
            .ok_or_else(|| UnknownFrameworkFormatError { name: name.to_owned() })
    }
}

/// What is known before the first account.
#[derive(Debug, Clone)]
pub struct FrameworkHead<'a> {
    /// The program's version.
    pub version: &'a str,
    /// The scan that is told about.
    pub scan: &'a Scan,
    /// What surrounds the accounts.
    pub organization: &'a Organization,
    /// How each account fared that is told about, by id.
    pub accounts: &'a [AccountScan],
    /// The framework.
    pub framework: &'a Framework,
    /// The language of texts.
    pub lang: Lang,
    /// The zone in which people read times; UTC when it is left out.
    pub time_zone: Option<TimeZone>,
    /// How many of the framework's rules the scan looked at.
    pub rules: usize,
    /// The scan that was finished last, when it is another one.
    pub newer: Option<NewerScan>,
}

/// A scan that was finished after the one that is told about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewerScan {
    /// Its number.
    pub id: ScanId,
    /// How many of the framework's rules it looked at.
    pub rules: usize,
}

impl FrameworkHead<'_> {
    /// What a reader has to know about the scan before its answers: that it is not the newest, or did not look at all of the framework's rules.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        words::scan_note(self)
    }
}

/// Writes one format.
trait Writer {
    fn account(&mut self, assessment: &AccountAssessment) -> io::Result<()>;
    fn end(&mut self, assessment: &Assessment) -> io::Result<()>;
}

/// A framework's result being written. Dropping it without [`FrameworkReport::end`] leaves it unfinished.
pub struct FrameworkReport<'a> {
    writer: Box<dyn Writer + Send + 'a>,
}

impl fmt::Debug for FrameworkReport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrameworkReport").finish_non_exhaustive()
    }
}

impl FrameworkReport<'_> {
    /// Tells how far one account meets the framework.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn account(&mut self, assessment: &AccountAssessment) -> io::Result<()> {
        self.writer.account(assessment)
    }

    /// Tells how far all of them do, and flushes.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn end(mut self, assessment: &Assessment) -> io::Result<()> {
        self.writer.end(assessment)
    }
}

/// Names of accounts by id, and how each fared.
struct Fared<'a>(std::collections::BTreeMap<&'a str, &'a AccountScan>);

impl<'a> Fared<'a> {
    fn of(head: &'a FrameworkHead<'a>) -> Self {
        Self(head.accounts.iter().map(|it| (it.account.id.as_str(), it)).collect())
    }

    fn name(&self, id: &yagura_model::AccountId) -> &'a str {
        self.0.get(id.as_str()).map_or("", |it| it.account.name.as_str())
    }
}
