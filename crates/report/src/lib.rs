//! Every format a result is told in, and the pages about what is checked ([`Site`]).
//!
//! A report is pushed: [`Format::begin`], then every evaluation in order, then the coverage, then [`Report::end`].
//!
//! ```
//! # use std::collections::{BTreeMap, BTreeSet};
//! # use yagura_model::{Account, AccountId, Lang, Organization, Outcome, Partition, Scan, ScanId, ScanScope, Summary};
//! use yagura_report::{Format, Head, Style, Tail};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let account = Account::bare(AccountId::new("111122223333")?);
//! # let organization = Organization::of_one(account, Partition::Aws);
//! # let scan = Scan {
//! #     id: ScanId(1),
//! #     started: "2026-01-01T00:00:00Z".parse()?,
//! #     finished: None,
//! #     scope: ScanScope {
//! #         accounts: BTreeSet::new(), regions: BTreeSet::new(), rules: BTreeSet::new(), types: BTreeSet::new(),
//! #         digest: String::new(), question: String::new(), is_narrowed: false,
//! #     },
//! # };
//! # let (rules, requirements) = (BTreeMap::new(), BTreeMap::new());
//! let head = Head {
//!     version: "1.0.0",
//!     scan: &scan,
//!     organization: &organization,
//!     accounts: &[],
//!     rules: &rules,
//!     lang: Lang::En,
//!     time_zone: None,
//!     outcomes: Outcome::ALL.into(),
//!     requirements: &requirements,
//! };
//! let mut bytes = Vec::new();
//! let mut report = Format::Csv.begin(&head, Style::default(), Box::new(&mut bytes))?;
//! // report.evaluation(&record)? for each, report.coverage(&row)? for each
//! report.end(&Tail { summary: &Summary::default(), frameworks: &[] })?;
//! assert!(bytes.starts_with(b"Account,AccountName,Region,"));
//! # Ok(())
//! # }
//! ```
//!
//! # Invariants
//!
//! - **Memory does not grow with the organisation.** Machine formats write what they are given and keep nothing;
//!   `table` and `html` keep counts by rule and account and a bounded number of examples, and say what they left out.
//! - **What AWS returned is untrusted.** Names reach a terminal, a spreadsheet, a browser and XML harmless.
//! - **Unknown is told.** Every format says what could not be read.
//! - **No clock, no network.** The same input gives the same bytes.

mod asff;
mod bucket_policy;
mod csv;
mod detections;
mod digest;
mod docs;
mod exported;
mod fact;
mod findings;
mod format;
mod framework;
mod html;
mod json;
mod junit;
mod line;
mod markup;
mod ndjson;
mod ocsf;
mod project_report;
mod projects;
mod reason;
mod safe;
mod sarif;
mod score;
mod table;
mod threats;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use jiff::tz::TimeZone;
use thiserror::Error;
use yagura_model::{
    AccountScan, Assessment, CallCoverage, EvaluationRecord, Lang, Organization, Outcome, RequirementsByRule,
    RuleId, RuleInfo, Scan, Summary,
};

pub use crate::asff::resource_type as asff_resource_type;
pub use crate::bucket_policy::{BucketPolicy, BucketPolicyError};
pub use crate::detections::{DetectionLine, DetectionTexts, detection_list, detection_page};
pub use crate::docs::{CollectorDoc, Docs, Reads, RuleDoc, Site, SitePage};
pub use crate::exported::{ExportFormat, ExportHead, FindingExport};
pub use crate::findings::{
    CountTable, CountedRow, FindingStory, FindingWords, SuppressionLine, count_table, finding_list,
    finding_page, finding_title, suppression_list,
};
pub use crate::format::{Format, Style, UnknownFormatError};
pub use crate::framework::{
    FrameworkFormat, FrameworkHead, FrameworkReport, NewerScan, UnknownFrameworkFormatError, framework_list,
    framework_page,
};
pub use crate::project_report::progress::{ProgressBy, progress_json, progress_table};
pub use crate::project_report::{
    EndingSuppression, ProjectFormat, ProjectHead, ProjectReport, ProjectTail, UnknownProjectFormatError,
    keep_quiet_of_handled_panics,
};
pub use crate::projects::{project_json, project_list};
pub use crate::reason::{reason_text, state_text, status_text};
pub use crate::safe::{cell as safe_cell, html as safe_html, line as one_line, lines as safe_lines};
pub use crate::score::{score_json, score_table};
pub use crate::threats::{
    DetectionWords, IncidentStory, IncidentText, KnownDetections, StepText, incident_json, incident_story,
    incident_table, incident_text, threat_line, threat_table,
};
pub use crate::words::outcome_text;

/// What is known before the first evaluation.
#[derive(Debug, Clone)]
pub struct Head<'a> {
    /// The program's version.
    pub version: &'a str,
    /// The scan that is told about.
    pub scan: &'a Scan,
    /// What surrounds the accounts.
    pub organization: &'a Organization,
    /// How each account fared, by id.
    pub accounts: &'a [AccountScan],
    /// What there is to tell about each rule that was used.
    pub rules: &'a BTreeMap<RuleId, RuleInfo>,
    /// The language of texts.
    pub lang: Lang,
    /// The zone in which people read times; UTC when it is left out. Machine formats always use UTC.
    pub time_zone: Option<TimeZone>,
    /// Which outcomes the caller lets through; others are counted in the summary alone.
    pub outcomes: BTreeSet<Outcome>,
    /// Which requirements of frameworks each rule serves, as far as they are to be told.
    pub requirements: &'a RequirementsByRule,
}

/// What is known after the last evaluation.
#[derive(Debug, Clone, Copy)]
pub struct Tail<'a> {
    /// The counts of the whole scan, whatever [`Head::outcomes`] left out.
    pub summary: &'a Summary,
    /// How far the frameworks are met that were asked for.
    pub frameworks: &'a [Assessment],
}

/// A report could not be written.
#[derive(Debug, Error)]
#[error("cannot write the `{format}` output")]
pub struct ReportError {
    format: Format,
    source: io::Error,
}

impl ReportError {
    /// Whether the reader went away, as `| head` does: no reason to complain.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        self.source.kind() == io::ErrorKind::BrokenPipe
    }
}

/// Writes one format.
///
/// # Contract
///
/// - Evaluations arrive sorted by [`yagura_model::Evaluation::sort_key`], coverage rows by account; all evaluations
///   come before the first coverage row, and `end` is called once, last.
/// - An implementation MUST NOT keep evaluations without a bound.
/// - An implementation MUST NOT hide an account that could not be read.
pub(crate) trait Writer {
    /// One evaluation.
    fn evaluation(&mut self, record: &EvaluationRecord) -> io::Result<()>;
    /// How one call ended in one region of one account, and how often.
    fn coverage(&mut self, row: &CallCoverage) -> io::Result<()>;
    /// Everything was told; writes what is left and flushes.
    fn end(&mut self, tail: &Tail<'_>) -> io::Result<()>;
}

/// A report being written. Dropping it without [`Report::end`] leaves it unfinished.
pub struct Report<'a> {
    format: Format,
    writer: Box<dyn Writer + Send + 'a>,
}

impl std::fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Report").field("format", &self.format).finish_non_exhaustive()
    }
}

impl Report<'_> {
    /// Tells one evaluation. They MUST arrive sorted by [`yagura_model::Evaluation::sort_key`].
    ///
    /// # Errors
    ///
    /// [`ReportError`] when it cannot be written.
    pub fn evaluation(&mut self, record: &EvaluationRecord) -> Result<(), ReportError> {
        let format = self.format;
        self.writer.evaluation(record).map_err(|source| ReportError { format, source })
    }

    /// Tells how one call ended. Coverage comes after the last evaluation, sorted by account.
    ///
    /// # Errors
    ///
    /// [`ReportError`] when it cannot be written.
    pub fn coverage(&mut self, row: &CallCoverage) -> Result<(), ReportError> {
        let format = self.format;
        self.writer.coverage(row).map_err(|source| ReportError { format, source })
    }

    /// Writes the rest and flushes.
    ///
    /// # Errors
    ///
    /// [`ReportError`] when it cannot be written.
    pub fn end(mut self, tail: &Tail<'_>) -> Result<(), ReportError> {
        let format = self.format;
        self.writer.end(tail).map_err(|source| ReportError { format, source })
    }
}
