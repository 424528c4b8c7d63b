//! `csv`: RFC 4180 with a header, one row an evaluation, safe to open in a spreadsheet.
//!
//! Columns are only ever added at the end. An account that could not be read and about which no rule answered has one
//! row without a rule, with the outcome `INSUFFICIENT_DATA`, so that a list of passes cannot hide it.

use std::io::{self, Write};

use yagura_model::{AccountScan, CallCoverage, EvaluationRecord, Outcome, Region, ResourceType};

use crate::format::{Sink, Style};
use crate::line::{Line, Names, Told, numbered_steps, unread_because};
use crate::safe::cell;
use crate::{Head, Tail, Writer};

/// The columns: a promise.
const COLUMNS: [&str; 21] = [
    "Account",
    "AccountName",
    "Region",
    "ResourceType",
    "ResourceId",
    "ResourceName",
    "Arn",
    "Rule",
    "Title",
    "Severity",
    "Function",
    "Outcome",
    "Reason",
    "Evidence",
    "Fix",
    "Reference",
    "FindingId",
    "FirstSeen",
    "LastSeen",
    "Workflow",
    "Requirements",
];

pub(crate) struct Csv<'a> {
    head: &'a Head<'a>,
    names: Names<'a>,
    out: csv::Writer<Sink<'a>>,
    told: Told,
}

impl<'a> Csv<'a> {
    pub(crate) fn begin(head: &'a Head<'a>, style: Style, mut out: Sink<'a>) -> io::Result<Self> {
        if style.byte_order_mark {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        out.write_record(COLUMNS).map_err(plain)?;
        Ok(Self { head, names: Names::of(head), out, told: Told::default() })
    }

    fn unread(&mut self, account: &AccountScan, error: &str) -> io::Result<()> {
        let id = account.account.id.as_str();
        let outcome = Outcome::InsufficientData.as_str();
        let mut row = [""; COLUMNS.len()];
        row[0] = id;
        row[1] = &account.account.name;
        row[2] = Region::GLOBAL;
        row[3] = ResourceType::ACCOUNT;
        row[4] = id;
        row[11] = outcome;
        row[12] = error;
        write_row(&mut self.out, &row)
    }
}

fn write_row(out: &mut csv::Writer<Sink<'_>>, cells: &[&str; COLUMNS.len()]) -> io::Result<()> {
    for text in cells {
        out.write_field(cell(text).as_bytes()).map_err(plain)?;
    }
    out.write_record(None::<&[u8]>).map_err(plain)
}

/// The error beneath: callers ask it whether the reader went away.
pub(crate) fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

impl Writer for Csv<'_> {
    fn evaluation(&mut self, record: &EvaluationRecord) -> io::Result<()> {
        let line = Line::of(self.head, &self.names, record);
        self.told.add(line.account);
        let rule = self.head.rules.get(line.rule);
        let evidence = line.evidence.map(ToString::to_string).unwrap_or_default();
        let steps = match (line.outcome, rule) {
            (Outcome::NonCompliant, Some(rule)) => numbered_steps(self.head, rule),
            _ => String::new(),
        };
        let time = |it: Option<yagura_model::Timestamp>| it.map(|it| it.to_string()).unwrap_or_default();
        let (first_seen, last_seen) = (time(line.first_seen), time(line.last_seen));
        let row = [
            line.account.as_str(),
            line.account_name,
            line.region.as_str(),
            line.resource_type.as_str(),
            line.resource_id,
            line.resource_name,
            line.arn,
            line.rule.as_str(),
            line.title,
            line.severity.as_str(),
            line.function.map_or("", yagura_model::Function::as_str),
            line.outcome.as_str(),
            line.reason_text.as_deref().unwrap_or_default(),
            &evidence,
            &steps,
            rule.and_then(|it| it.references.first()).map_or("", String::as_str),
            line.finding_id.unwrap_or_default(),
            &first_seen,
            &last_seen,
            line.workflow.map_or("", yagura_model::Workflow::as_str),
            &line.requirements.join("; "),
        ];
        write_row(&mut self.out, &row)
    }

    fn coverage(&mut self, _row: &CallCoverage) -> io::Result<()> {
        // What was not read and mattered is the reason of an evaluation.
        Ok(())
    }

    fn end(&mut self, _tail: &Tail<'_>) -> io::Result<()> {
        for account in self.head.accounts {
            if let Some(why) = unread_because(self.head, &self.told, account) {
                self.unread(account, &why)?;
            }
        }
        self.out.flush()
    }
}
