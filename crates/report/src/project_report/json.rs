//! `json`: one document with everything, for machines: words are those of machine formats, times are UTC.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;
use yagura_model::{AccountId, CallCoverage, Finding, Severity, Timestamp};

use super::counts::{Count, Counts};
use super::row::{Requirements, Row, WORST_FIRST};
use super::{ProjectHead, ProjectTail, Writer};
use crate::format::Sink;

pub(super) struct Json<'a> {
    head: &'a ProjectHead<'a>,
    requirements: Requirements,
    counts: Counts,
    out: Sink<'a>,
    /// What was written last, so that the next record knows what to put before itself.
    part: Part,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Head,
    Findings,
    Gaps,
}

/// A finding and what the report adds to it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Line<'r> {
    #[serde(flatten)]
    finding: &'r Finding,
    account_name: &'r str,
    title: &'r str,
    age_days: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Timestamp>,
    overdue: bool,
    why: &'r str,
    steps: &'r str,
    impact_of_fix: &'r str,
    requirements: Vec<&'r str>,
    reference: &'r str,
    console: &'r str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AccountLine<'r> {
    id: &'r AccountId,
    name: &'r str,
    #[serde(flatten)]
    state: &'r yagura_model::AccountState,
}

impl<'a> Json<'a> {
    pub(super) fn begin(head: &'a ProjectHead<'a>, mut out: Sink<'a>) -> io::Result<Self> {
        let accounts: Vec<_> = head
            .accounts
            .iter()
            .map(|it| AccountLine { id: &it.account.id, name: &it.account.name, state: &it.state })
            .collect();
        let about = json!({
            "Version": head.version,
            "Project": head.project,
            "Made": head.now,
            "Scan": head.scan.map(|it| it.id),
            "ScanStarted": head.scan.map(|it| it.started),
            "Accounts": accounts,
        });
        write!(out, "{{\n\"Report\":{about},\n\"Findings\":[")?;
        Ok(Self {
            head,
            requirements: Requirements::of(head),
            counts: Counts::default(),
            out,
            part: Part::Head,
        })
    }

    fn separate(&mut self, part: Part) -> io::Result<()> {
        let before = match (self.part, part) {
            (Part::Gaps, _) | (Part::Findings, Part::Findings) => ",\n",
            (Part::Head, Part::Findings) => "\n",
            _ => "\n],\n\"Coverage\":[\n",
        };
        self.part = part;
        self.out.write_all(before.as_bytes())
    }
}

impl Writer for Json<'_> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.separate(Part::Findings)?;
        let row = Row::of(self.head, &self.requirements, finding);
        self.counts.add(&row);
        let line = Line {
            finding,
            account_name: row.account_name,
            title: row.title,
            age_days: row.age_days,
            due: row.due,
            overdue: row.overdue,
            why: row.why,
            steps: &row.steps,
            impact_of_fix: row.impact,
            requirements: row.requirements.split("; ").filter(|it| !it.is_empty()).collect(),
            reference: row.reference,
            console: &row.console,
        };
        serde_json::to_writer(&mut self.out, &line).map_err(io::Error::from)
    }

    fn gap(&mut self, gap: &CallCoverage) -> io::Result<()> {
        self.separate(Part::Gaps)?;
        serde_json::to_writer(&mut self.out, gap).map_err(io::Error::from)
    }

    fn end(&mut self, tail: &ProjectTail<'_>) -> io::Result<()> {
        if self.part == Part::Gaps {
            self.out.write_all(b"\n],\n")?;
        } else {
            self.out.write_all(b"\n],\n\"Coverage\":[],\n")?;
        }
        let told = |it: Count| json!({ "Open": it.open, "Overdue": it.overdue, "Suppressed": it.suppressed, "Ended": it.ended });
        let of = |it: Severity| (it.as_str().to_owned(), told(self.counts.of(it)));
        let summary: serde_json::Map<_, _> = WORST_FIRST.into_iter().map(of).collect();
        let frameworks: Vec<_> = tail
            .frameworks
            .iter()
            .map(|it| {
                json!({
                    "Framework": it.framework.id, "Name": it.framework.name, "Score": it.score,
                    "PassedPercent": it.passed_percent, "Totals": it.totals, "Requirements": it.requirements,
                })
            })
            .collect();
        let rest = [
            ("Summary", serde_json::Value::Object(summary)),
            ("Frameworks", frameworks.into()),
            ("Suppressions", serde_json::to_value(tail.suppressions)?),
            ("Progress", serde_json::to_value(tail.progress)?),
        ];
        let rest: Vec<String> = rest.iter().map(|(name, it)| format!("\"{name}\":{it}")).collect();
        writeln!(self.out, "{}\n}}", rest.join(",\n"))?;
        self.out.flush()
    }
}
