//! `json`: one document, written as it comes, one element a line.
//!
//! Keys: `Yagura` (version), `Scan`, `Organization`, `Accounts`, `Included` (the outcomes that are listed), `Rules` (with
//! texts in every language), `Evaluations`, `Coverage` (every call, region and account), `Frameworks` (how far those are met that were asked for), `Summary` (of the whole scan).

use std::io::{self, Write};

use serde::Serialize;
use yagura_model::{CallCoverage, EvaluationRecord};

use crate::format::Sink;
use crate::line::{Line, Names};
use crate::{Head, Tail, Writer};

/// Which list is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Evaluations,
    Coverage,
}

pub(crate) struct Json<'a> {
    head: &'a Head<'a>,
    names: Names<'a>,
    list: List<'a>,
    place: Place,
}

impl<'a> Json<'a> {
    pub(crate) fn begin(head: &'a Head<'a>, mut out: Sink<'a>) -> io::Result<Self> {
        out.write_all(b"{")?;
        field(&mut out, "Yagura", &head.version)?;
        field(&mut out, "Scan", head.scan)?;
        field(&mut out, "Organization", head.organization)?;
        field(&mut out, "Included", &head.outcomes)?;
        let mut list = List::new(out);
        list.open("Accounts")?;
        for account in head.accounts {
            list.element(account)?;
        }
        list.close()?;
        list.open("Rules")?;
        for rule in head.rules.values() {
            list.element(rule)?;
        }
        list.close()?;
        list.open("Evaluations")?;
        Ok(Self { head, names: Names::of(head), list, place: Place::Evaluations })
    }

    fn go_to_coverage(&mut self) -> io::Result<()> {
        if self.place == Place::Evaluations {
            self.place = Place::Coverage;
            self.list.close()?;
            self.list.open("Coverage")?;
        }
        Ok(())
    }
}

impl Writer for Json<'_> {
    fn evaluation(&mut self, record: &EvaluationRecord) -> io::Result<()> {
        self.list.element(&Line::of(self.head, &self.names, record))
    }

    fn coverage(&mut self, row: &CallCoverage) -> io::Result<()> {
        self.go_to_coverage()?;
        self.list.element(row)
    }

    fn end(&mut self, tail: &Tail<'_>) -> io::Result<()> {
        self.go_to_coverage()?;
        self.list.close()?;
        if !tail.frameworks.is_empty() {
            self.list.open("Frameworks")?;
            for framework in tail.frameworks {
                self.list.element(framework)?;
            }
            self.list.close()?;
        }
        let out = &mut self.list.out;
        out.write_all(b"\"Summary\":")?;
        serde_json::to_writer(&mut *out, tail.summary)?;
        out.write_all(b"}\n")?;
        out.flush()
    }
}

fn field(out: &mut Sink<'_>, name: &str, value: &impl Serialize) -> io::Result<()> {
    write!(out, "\"{name}\":")?;
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b",\n")
}

/// A JSON list written element by element.
pub(crate) struct List<'a> {
    pub(crate) out: Sink<'a>,
    empty: bool,
}

impl<'a> List<'a> {
    pub(crate) fn new(out: Sink<'a>) -> Self {
        Self { out, empty: true }
    }

    /// Opens a list as a member of the object around it.
    fn open(&mut self, name: &str) -> io::Result<()> {
        self.empty = true;
        write!(self.out, "\"{name}\":[")
    }

    pub(crate) fn element(&mut self, value: &impl Serialize) -> io::Result<()> {
        self.out.write_all(if self.empty { b"\n" } else { b",\n" })?;
        self.empty = false;
        serde_json::to_writer(&mut self.out, value)?;
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        self.out.write_all(b"\n],\n")
    }
}
