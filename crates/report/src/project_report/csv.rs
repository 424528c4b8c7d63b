//! `csv`: one row a finding, with a byte order mark so that Excel reads it as UTF-8, and nothing that is a formula.

use std::io::{self, Write};

use yagura_model::{CallCoverage, Finding};

use super::row::{Requirements, Row};
use super::words;
use super::{ProjectHead, ProjectTail, Writer};
use crate::csv::plain;
use crate::format::Sink;
use crate::safe::cell;
use crate::words::severity;

pub(crate) struct Csv<'a> {
    head: ProjectHead<'a>,
    requirements: Requirements,
    out: csv::Writer<Sink<'a>>,
}

impl<'a> Csv<'a> {
    pub(crate) fn begin(head: &ProjectHead<'a>, mut out: Sink<'a>) -> io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        let w = head.words();
        let titles = [
            w.severity,
            w.state,
            w.workflow,
            w.kind,
            w.rule,
            w.title,
            w.account,
            w.account_name,
            w.region,
            w.resource_type,
            w.resource_id,
            w.arn,
            w.resource_name,
            w.first_seen,
            w.open_since,
            w.age,
            w.due,
            w.assignee,
            w.evidence,
            w.why,
            w.steps,
            w.impact,
            w.requirements,
            w.detectors,
            w.reference,
            w.console,
            w.finding_id,
        ];
        out.write_record(titles).map_err(plain)?;
        Ok(Self { requirements: Requirements::of(head), head: head.clone(), out })
    }

    /// Writes the row of a finding.
    pub(crate) fn row(&mut self, finding: &Finding, account_name: &str) -> io::Result<()> {
        let (head, lang) = (&self.head, self.head.lang);
        let row = Row::of(head, &self.requirements, finding);
        let cells = [
            severity(finding.severity).get(lang),
            words::state(finding.record_state, lang),
            words::workflow(finding.workflow, lang),
            words::kind(finding.kind, lang),
            finding.rule.as_str(),
            row.title,
            finding.resource.account.as_str(),
            account_name,
            finding.resource.region.as_str(),
            finding.resource.resource_type.as_str(),
            &finding.resource.id,
            &finding.arn,
            &finding.name,
            &head.time(finding.first_seen),
            &head.time(finding.opened_at),
            &row.age_days.to_string(),
            &row.due.map(|it| head.day(it)).unwrap_or_default(),
            finding.assignee.as_deref().unwrap_or_default(),
            &row.evidence,
            row.why,
            &row.steps,
            row.impact,
            row.requirements,
            &row.detectors,
            row.reference,
            &row.console,
            &finding.id,
        ];
        for text in cells {
            self.out.write_field(cell(text).as_bytes()).map_err(plain)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(plain)
    }

    /// Everything was told.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Writer for Csv<'_> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let name = self.head.account_name(&finding.resource.account).to_owned();
        self.row(finding, &name)
    }

    fn gap(&mut self, _gap: &CallCoverage) -> io::Result<()> {
        // A list of findings has no place for what is none; the other formats tell it.
        Ok(())
    }

    fn end(&mut self, _tail: &ProjectTail<'_>) -> io::Result<()> {
        self.flush()
    }
}
