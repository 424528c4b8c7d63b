//! `xlsx`: a workbook with a summary and charts, the findings, frameworks, suppressions, the trend and the coverage.

mod guard;
mod looks;
mod sheets;
mod summary;
mod table;
mod trend;

use std::io::{self, Write as _};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use yagura_model::{CallCoverage, Finding};

use guard::guarded;
pub use guard::keep_quiet_of_handled_panics;
use looks::Looks;
use table::{Cell, Column, Table};

use super::counts::Counts;
use super::row::{Requirements, Row};
use super::words::{self, Words};
use super::{ProjectHead, ProjectTail, Writer};
use crate::format::Sink;
use crate::words::severity;
use crate::{state_text, status_text};

/// A workbook being written. Rows of findings and of gaps go to files at once; the rest is small.
pub(super) struct Book<'a> {
    head: &'a ProjectHead<'a>,
    requirements: Requirements,
    counts: Counts,
    looks: Looks,
    book: Workbook,
    findings: Option<Table>,
    coverage: Option<Table>,
    out: Sink<'a>,
}

impl<'a> Book<'a> {
    pub(super) fn begin(head: &'a ProjectHead<'a>, out: Sink<'a>) -> io::Result<Self> {
        let looks = Looks::new();
        let words = head.words();
        let (mut book, zone) = (Workbook::new(), &head.time_zone);
        let (findings, coverage) = guarded(|| {
            book.set_properties(&properties(head));
            let findings = Table::begin(&mut book, &looks, words.findings, finding_columns(words), zone)?;
            let mut coverage =
                Table::begin(&mut book, &looks, words.coverage, coverage_columns(words), zone)?;
            for it in head.accounts {
                let Some(why) = state_text(&it.state, head.lang) else { continue };
                let (id, name) = (it.account.id.as_str(), it.account.name.as_str());
                let cells = [id, name, "", words.whole_account, &why].map(Cell::Text);
                coverage.row(&mut book, &looks, &cells)?;
            }
            Ok((findings, coverage))
        })?;
        Ok(Self {
            head,
            requirements: Requirements::of(head),
            counts: Counts::default(),
            looks,
            book,
            findings: Some(findings),
            coverage: Some(coverage),
            out,
        })
    }
}

/// The same time in the same report, so that the bytes are the same too.
fn properties(head: &ProjectHead<'_>) -> DocProperties {
    let made = ExcelDateTime::from_timestamp(head.now.as_second()).unwrap_or_default();
    DocProperties::new()
        .set_title(table::text(head.name()))
        .set_subject(head.words().report)
        .set_author("Yagura")
        .set_creation_datetime(&made)
}

fn finding_columns(w: &'static Words) -> Vec<Column> {
    vec![
        (w.severity, 11.0),
        (w.state, 10.0),
        (w.workflow, 11.0),
        (w.rule, 30.0),
        (w.title, 46.0),
        (w.account, 15.0),
        (w.account_name, 20.0),
        (w.region, 15.0),
        (w.resource_type, 26.0),
        (w.resource_id, 30.0),
        (w.arn, 40.0),
        (w.resource_name, 24.0),
        (w.first_seen, 17.0),
        (w.open_since, 17.0),
        (w.age, 11.0),
        (w.due, 12.0),
        (w.assignee, 18.0),
        (w.evidence, 50.0),
        (w.why, 46.0),
        (w.steps, 50.0),
        (w.impact, 46.0),
        (w.requirements, 40.0),
        (w.detectors, 20.0),
        (w.kind, 13.0),
        (w.reference, 40.0),
        (w.console, 40.0),
        (w.finding_id, 34.0),
    ]
}

fn coverage_columns(w: &'static Words) -> Vec<Column> {
    vec![
        (w.account, 15.0),
        (w.account_name, 24.0),
        (w.region, 16.0),
        (w.call, 40.0),
        (w.not_read, 60.0),
        (w.times, 9.0),
    ]
}

impl Writer for Book<'_> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let (head, lang, looks) = (self.head, self.head.lang, &self.looks);
        let row = Row::of(head, &self.requirements, finding);
        self.counts.add(&row);
        let due = match row.due {
            None => Cell::Empty,
            Some(due) if row.overdue => Cell::Late(due),
            Some(due) => Cell::Day(due),
        };
        let (key, book) = (&finding.resource, &mut self.book);
        let cells = [
            Cell::Looking(severity(finding.severity).get(lang), looks.severity(finding.severity)),
            Cell::Text(words::state(finding.record_state, lang)),
            Cell::Text(words::workflow(finding.workflow, lang)),
            Cell::Text(finding.rule.as_str()),
            Cell::Text(row.title),
            Cell::Text(key.account.as_str()),
            Cell::Text(row.account_name),
            Cell::Text(key.region.as_str()),
            Cell::Text(key.resource_type.as_str()),
            Cell::Text(&key.id),
            Cell::Text(&finding.arn),
            Cell::Text(&finding.name),
            Cell::Moment(finding.first_seen),
            Cell::Moment(finding.opened_at),
            Cell::Number(row.age_days as f64),
            due,
            Cell::Text(finding.assignee.as_deref().unwrap_or_default()),
            Cell::Text(&row.evidence),
            Cell::Text(row.why),
            Cell::Text(&row.steps),
            Cell::Text(row.impact),
            Cell::Text(row.requirements),
            Cell::Text(&row.detectors),
            Cell::Text(words::kind(finding.kind, lang)),
            Cell::Link(row.reference),
            Cell::Link(&row.console),
            Cell::Text(&finding.id),
        ];
        let Some(findings) = &mut self.findings else { return Ok(()) };
        guarded(|| findings.row(book, looks, &cells))
    }

    fn gap(&mut self, gap: &CallCoverage) -> io::Result<()> {
        let why = status_text(&gap.status, self.head.lang);
        let cells = [
            Cell::Text(gap.account.as_str()),
            Cell::Text(self.head.account_name(&gap.account)),
            Cell::Text(gap.region.as_str()),
            Cell::Text(&gap.call),
            Cell::Text(&why),
            Cell::Number(gap.count as f64),
        ];
        let Some(coverage) = &mut self.coverage else { return Ok(()) };
        guarded(|| coverage.row(&mut self.book, &self.looks, &cells))
    }

    fn end(&mut self, tail: &ProjectTail<'_>) -> io::Result<()> {
        let (Some(findings), Some(coverage)) = (self.findings.take(), self.coverage.take()) else {
            return Ok(());
        };
        guarded(|| self.put_together(findings, coverage, tail))?;
        guarded(|| self.book.save_to_writer(&mut self.out))?;
        self.out.flush()
    }
}

impl Book<'_> {
    fn put_together(
        &mut self,
        mut findings: Table,
        mut coverage: Table,
        tail: &ProjectTail<'_>,
    ) -> Result<(), XlsxError> {
        let (head, looks, words) = (self.head, &self.looks, self.head.words());
        if findings.is_empty() {
            findings.note(looks, words.nothing_open)?;
        }
        if coverage.is_empty() {
            coverage.note(looks, words.all_read)?;
        }
        let trend = trend::sheet(head, looks, tail.progress)?;
        let summary = summary::sheet(&summary::About {
            head,
            looks,
            counts: &self.counts,
            frameworks: tail.frameworks,
            progress: tail.progress,
            links_left_out: findings.left_links_out(),
        })?;
        let frameworks = sheets::frameworks(&mut self.book, head, looks, tail.frameworks)?;
        let suppressions = sheets::suppressions(&mut self.book, head, looks, tail.suppressions)?;
        self.book.push_worksheet(summary);
        for sheet in findings.finish()?.into_iter().chain(frameworks).chain(suppressions) {
            self.book.push_worksheet(sheet);
        }
        self.book.push_worksheet(trend);
        for sheet in coverage.finish()? {
            self.book.push_worksheet(sheet);
        }
        Ok(())
    }
}
