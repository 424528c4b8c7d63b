//! `html`: one page, complete in itself, to read and to share: no server, no network.
//!
//! It holds the counts of everything and as many violations as [`crate::Style::html_violations`] says, shared fairly
//! between the rules; what was left out is counted and told.

mod data;
mod frameworks;
mod keep;
mod page;

use std::collections::BTreeMap;
use std::io::{self, Write};

use yagura_model::{CallCoverage, EvaluationRecord, Lang, Outcome, Region, RuleId};

use self::data::{Numbered, PageData, RowData, ScanData};
use self::keep::Kept;
use crate::digest::{CoverageDigest, Groups};
use crate::format::{Sink, Style};
use crate::safe::line;
use crate::words::pick;
use crate::{Head, Tail, Writer, reason_text};

pub(crate) struct Html<'a> {
    head: &'a Head<'a>,
    out: Sink<'a>,
    rules: BTreeMap<&'a RuleId, usize>,
    accounts: Numbered<String>,
    regions: Numbered<Region>,
    reasons: Numbered<[String; 2]>,
    groups: Groups,
    kept: Kept,
    coverage: CoverageDigest,
}

impl<'a> Html<'a> {
    pub(crate) fn begin(head: &'a Head<'a>, style: Style, out: Sink<'a>) -> Self {
        let mut accounts = Numbered::default();
        for scan in head.accounts {
            accounts.number(&scan.account.id.to_string());
        }
        Self {
            head,
            out,
            rules: head.rules.keys().enumerate().map(|(n, id)| (id, n)).collect(),
            accounts,
            regions: Numbered::default(),
            reasons: Numbered::default(),
            groups: Groups::default(),
            kept: Kept::new(style.html_violations),
            coverage: CoverageDigest::default(),
        }
    }
}

impl Writer for Html<'_> {
    fn evaluation(&mut self, record: &EvaluationRecord) -> io::Result<()> {
        let evaluation = &record.evaluation;
        // A rule that nobody told about cannot be explained on the page; the caller's `Head` is complete.
        let Some(rule) = self.rules.get(&evaluation.rule).copied() else { return Ok(()) };
        self.groups.add(evaluation);
        let (accounts, regions, reasons) = (&mut self.accounts, &mut self.regions, &mut self.reasons);
        self.kept.add(evaluation, || {
            let reason = evaluation.reason.as_ref().map(|reason| {
                let text = |lang| line(&reason_text(reason, lang)).into_owned();
                reasons.number(&[text(Lang::En), text(Lang::Ja)])
            });
            let row = RowData(
                evaluation.outcome,
                rule,
                evaluation.severity,
                accounts.number(&evaluation.resource.account.to_string()),
                regions.number(&evaluation.resource.region),
                &line(&evaluation.resource.id),
                &line(&evaluation.name),
                &line(&evaluation.arn),
                record.finding.as_ref().map(|it| it.first_seen.as_millisecond()),
                record.finding.as_ref().map(|it| it.workflow.as_str()),
                reason,
                evaluation.evidence.as_ref().map(data::evidence),
            );
            serde_json::to_string(&row).map_err(io::Error::from)
        })
    }

    fn coverage(&mut self, row: &CallCoverage) -> io::Result<()> {
        self.coverage.add(row);
        Ok(())
    }

    fn end(&mut self, tail: &Tail<'_>) -> io::Result<()> {
        let (head, summary) = (self.head, tail.summary);
        let zone = head.time_zone.as_ref().map_or("UTC", |it| it.iana_name().unwrap_or("UTC"));
        let accounts = self.accounts.list();
        let data = PageData {
            version: head.version,
            lang: head.lang.as_str(),
            zone: zone.to_owned(),
            scan: ScanData {
                id: head.scan.id.0,
                started: head.scan.started.as_millisecond(),
                finished: head.scan.finished.map(|it| it.as_millisecond()),
            },
            organization: head.organization.id.as_deref(),
            included: head.outcomes.iter().copied().collect(),
            accounts: data::accounts(head, &accounts, summary, &self.coverage),
            regions: self.regions.list().iter().map(|it| line(it.as_str()).into_owned()).collect(),
            rules: data::rules(head),
            reasons: self.reasons.list(),
            groups: data::groups(head, &self.groups),
            gaps: data::gaps(&self.coverage),
            outcomes: &summary.outcomes,
            severities: &summary.severities,
            functions: &summary.functions,
            scores: data::scores(head, summary),
            resources: summary.resources,
            calls: &summary.calls,
            left_out: self.kept.left_out,
            frameworks: frameworks::frameworks(tail.frameworks, &self.rules),
        };
        let name =
            head.organization.id.as_deref().or(accounts.first().map(String::as_str)).unwrap_or_default();
        let day = head.scan.started.strftime("%Y-%m-%d").to_string();
        let title = format!("Yagura {name} {day}");
        let violations = summary.count(Outcome::NonCompliant);
        let unknown = summary.count(Outcome::InsufficientData);
        let plain = pick(
            head.lang,
            format!("{violations} violations, {unknown} not known. This page needs JavaScript to show them."),
            format!("違反 {violations} 件、データ不足 {unknown} 件。表示には JavaScript が必要です。"),
        );
        let kept = &self.kept;
        page::write(&mut self.out, head.lang.as_str(), &title, &plain, |out| {
            out.write_all(b"{\"rows\":[")?;
            for (n, row) in kept.rows().enumerate() {
                out.write_all(if n == 0 { b"\n" } else { b",\n" })?;
                out.write_all(row.as_bytes())?;
            }
            out.write_all(b"\n],\"page\":")?;
            serde_json::to_writer(&mut *out, &data)?;
            out.write_all(b"}")
        })
    }
}
