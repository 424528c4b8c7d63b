//! `ndjson`: one JSON object a line, flat, for `jq` and log pipelines.
//!
//! `Kind` tells what a line is: first `scan` and `account`, then `evaluation`, then `coverage`, then `framework` (if any was asked for), last `summary`.

use std::io::{self, Write};

use serde::Serialize;
use yagura_model::{CallCoverage, EvaluationRecord};

use crate::format::Sink;
use crate::line::{Line, Names};
use crate::{Head, Tail, Writer};

pub(crate) struct Ndjson<'a> {
    head: &'a Head<'a>,
    names: Names<'a>,
    out: Sink<'a>,
}

/// A value with its kind in front.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Kinded<'k, T> {
    kind: &'k str,
    #[serde(flatten)]
    value: T,
}

impl<'a> Ndjson<'a> {
    pub(crate) fn begin(head: &'a Head<'a>, out: Sink<'a>) -> io::Result<Self> {
        let mut this = Self { head, names: Names::of(head), out };
        this.write("scan", head.scan)?;
        for account in head.accounts {
            this.write("account", account)?;
        }
        Ok(this)
    }

    fn write(&mut self, kind: &str, value: impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, &Kinded { kind, value })?;
        self.out.write_all(b"\n")
    }
}

impl Writer for Ndjson<'_> {
    fn evaluation(&mut self, record: &EvaluationRecord) -> io::Result<()> {
        let line = Line::of(self.head, &self.names, record);
        serde_json::to_writer(&mut self.out, &Kinded { kind: "evaluation", value: line })?;
        self.out.write_all(b"\n")
    }

    fn coverage(&mut self, row: &CallCoverage) -> io::Result<()> {
        self.write("coverage", row)
    }

    fn end(&mut self, tail: &Tail<'_>) -> io::Result<()> {
        for framework in tail.frameworks {
            self.write("framework", framework)?;
        }
        self.write("summary", tail.summary)?;
        self.out.flush()
    }
}
