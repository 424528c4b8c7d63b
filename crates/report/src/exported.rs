//! Lists of findings of every kind as files: in the formats of others, `ocsf` and `asff`, as `csv` for people and as `ndjson` for programs. Written
//! as they come, none of them kept.
//!
//! What a scan writes of the same finding has the same shape and the same id in `ocsf` and `asff`, so that a receiver of both has one. `csv` has the columns
//! of a project's report.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use jiff::tz::TimeZone;
use yagura_model::{
    DueDays, Finding, Lang, Organization, RequirementsByRule, RuleId, RuleInfo, ThreatFinding, Timestamp,
};

use crate::fact::{Fact, Teller};
use crate::json::List;
use crate::project_report::{Csv, ProjectHead};
use crate::{Format, ReportError, asff, ocsf};

/// A format in which findings are handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// The Open Cybersecurity Schema Framework.
    Ocsf,
    /// The AWS Security Finding Format.
    Asff,
    /// One row a finding, in the reader's language, safe to open in a spreadsheet.
    Csv,
    /// One finding a line, as the API tells it.
    Ndjson,
}

impl ExportFormat {
    /// Whether it holds what the detection knows that found an attack.
    #[must_use]
    pub fn tells_threats(self) -> bool {
        matches!(self, Self::Ocsf | Self::Asff)
    }

    /// The ending of a file in this format.
    #[must_use]
    pub fn extension(self) -> &'static str {
        Format::from(self).extension()
    }

    /// What it is, for whoever gets it.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Ocsf | Self::Asff => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Ndjson => "application/x-ndjson",
        }
    }
}

impl From<ExportFormat> for Format {
    fn from(format: ExportFormat) -> Self {
        match format {
            ExportFormat::Ocsf => Self::Ocsf,
            ExportFormat::Asff => Self::Asff,
            ExportFormat::Csv => Self::Csv,
            ExportFormat::Ndjson => Self::Ndjson,
        }
    }
}

/// What is known before the first finding.
#[derive(Debug, Clone)]
pub struct ExportHead<'a> {
    /// The program's version.
    pub version: &'a str,
    /// When it is told.
    pub now: Timestamp,
    /// The language of texts.
    pub lang: Lang,
    /// What surrounds the accounts.
    pub organization: &'a Organization,
    /// Rules and detections, by the ids that findings carry.
    pub rules: &'a BTreeMap<RuleId, RuleInfo>,
    /// Which requirements of frameworks each rule serves.
    pub requirements: &'a RequirementsByRule,
    /// When findings are due.
    pub due: DueDays,
    /// The zone in which people read times.
    pub time_zone: TimeZone,
}

impl<'a> ExportHead<'a> {
    /// As a project's report begins.
    fn of_project(&self) -> ProjectHead<'a> {
        ProjectHead {
            version: self.version,
            project: None,
            accounts: &[],
            scan: None,
            now: self.now,
            due: self.due,
            rules: self.rules,
            requirements: self.requirements,
            lang: self.lang,
            time_zone: self.time_zone.clone(),
        }
    }
}

/// How each format is written.
enum Way<'a> {
    OfOthers { teller: Box<Teller<'a>>, list: List<'a> },
    Csv(Box<Csv<'a>>),
    Lines(BufWriter<Box<dyn Write + Send + 'a>>),
}

/// Findings being written. Dropping it without [`FindingExport::end`] leaves it unfinished.
pub struct FindingExport<'a> {
    format: ExportFormat,
    organization: &'a Organization,
    way: Way<'a>,
}

impl std::fmt::Debug for FindingExport<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FindingExport").field("format", &self.format).finish_non_exhaustive()
    }
}

impl<'a> FindingExport<'a> {
    /// Begins.
    ///
    /// # Errors
    ///
    /// [`ReportError`] when the beginning cannot be written.
    pub fn begin(
        format: ExportFormat,
        head: &'a ExportHead<'a>,
        out: Box<dyn Write + Send + 'a>,
    ) -> Result<Self, ReportError> {
        let out = BufWriter::new(out);
        let way = match format {
            ExportFormat::Csv => Csv::begin(&head.of_project(), out).map(|it| Way::Csv(Box::new(it))),
            ExportFormat::Ndjson => Ok(Way::Lines(out)),
            ExportFormat::Ocsf | ExportFormat::Asff => Way::list(head, out),
        };
        let way = way.map_err(|source| ReportError { format: format.into(), source })?;
        Ok(Self { format, organization: head.organization, way })
    }

    /// Tells a finding; `threat` is what the detection knows that found it.
    ///
    /// # Errors
    ///
    /// [`ReportError`] when it cannot be written.
    pub fn finding(&mut self, finding: &Finding, threat: Option<&ThreatFinding>) -> Result<(), ReportError> {
        let written = match &mut self.way {
            Way::OfOthers { teller, list } => {
                let fact = Fact::of_finding(teller, finding, threat);
                match self.format {
                    ExportFormat::Asff => asff::write(list, teller, &fact),
                    _ => ocsf::write(list, teller, &fact),
                }
            }
            Way::Csv(csv) => {
                let account = self.organization.accounts.get(&finding.resource.account);
                csv.row(finding, account.map_or("", |it| it.name.as_str()))
            }
            Way::Lines(out) => line(out, finding),
        };
        written.map_err(|source| self.failed(source))
    }

    /// Writes the rest and flushes.
    ///
    /// # Errors
    ///
    /// [`ReportError`] when it cannot be written.
    pub fn end(mut self) -> Result<(), ReportError> {
        let ended = match &mut self.way {
            Way::OfOthers { list, .. } => list.out.write_all(b"\n]\n").and_then(|()| list.out.flush()),
            Way::Csv(csv) => csv.flush(),
            Way::Lines(out) => out.flush(),
        };
        ended.map_err(|source| self.failed(source))
    }

    fn failed(&self, source: io::Error) -> ReportError {
        ReportError { format: self.format.into(), source }
    }
}

impl<'a> Way<'a> {
    fn list(head: &'a ExportHead<'a>, mut out: BufWriter<Box<dyn Write + Send + 'a>>) -> io::Result<Self> {
        out.write_all(b"[")?;
        Ok(Self::OfOthers { teller: Box::new(Teller::of_findings(head)), list: List::new(out) })
    }
}

fn line(out: &mut impl Write, finding: &Finding) -> io::Result<()> {
    serde_json::to_writer(&mut *out, finding)?;
    out.write_all(b"\n")
}
