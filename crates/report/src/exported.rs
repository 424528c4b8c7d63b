//! Findings of every kind in the formats of others, `ocsf` and `asff`: written as they come, none of them kept.
//!
//! What a scan writes of the same finding has the same shape and the same id, so that a receiver of both has one.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use yagura_model::{
    Finding, Lang, Organization, RequirementsByRule, RuleId, RuleInfo, ThreatFinding, Timestamp,
};

use crate::fact::{Fact, Teller};
use crate::json::List;
use crate::{Format, ReportError, asff, ocsf};

/// A format in which findings are handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// The Open Cybersecurity Schema Framework.
    Ocsf,
    /// The AWS Security Finding Format.
    Asff,
}

impl From<ExportFormat> for Format {
    fn from(format: ExportFormat) -> Self {
        match format {
            ExportFormat::Ocsf => Self::Ocsf,
            ExportFormat::Asff => Self::Asff,
        }
    }
}

/// What is known before the first finding.
#[derive(Debug, Clone, Copy)]
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
}

/// Findings being written. Dropping it without [`FindingExport::end`] leaves it unfinished.
pub struct FindingExport<'a> {
    format: ExportFormat,
    teller: Teller<'a>,
    list: List<'a>,
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
        let mut out = BufWriter::new(out);
        out.write_all(b"[").map_err(|source| ReportError { format: format.into(), source })?;
        Ok(Self { format, teller: Teller::of_findings(head), list: List::new(out) })
    }

    /// Tells a finding; `threat` is what the detection knows that found it.
    ///
    /// # Errors
    ///
    /// [`ReportError`] when it cannot be written.
    pub fn finding(&mut self, finding: &Finding, threat: Option<&ThreatFinding>) -> Result<(), ReportError> {
        let fact = Fact::of_finding(&self.teller, finding, threat);
        let written = match self.format {
            ExportFormat::Ocsf => ocsf::write(&mut self.list, &self.teller, &fact),
            ExportFormat::Asff => asff::write(&mut self.list, &self.teller, &fact),
        };
        written.map_err(|source| self.failed(source))
    }

    /// Writes the rest and flushes.
    ///
    /// # Errors
    ///
    /// [`ReportError`] when it cannot be written.
    pub fn end(mut self) -> Result<(), ReportError> {
        let ended = self.list.out.write_all(b"\n]\n").and_then(|()| self.list.out.flush());
        ended.map_err(|source| self.failed(source))
    }

    fn failed(&self, source: io::Error) -> ReportError {
        ReportError { format: self.format.into(), source }
    }
}
