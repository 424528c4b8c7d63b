//! `asff`: a JSON array of findings in the AWS Security Finding Format, as Security Hub's `BatchImportFindings` takes
//! them (100 a call).
//!
//! What could not be judged is `WARNING`, because Security Hub archives `NOT_AVAILABLE` and so would hide it. Texts are
//! cut where the format sets a limit. A finding is imported in the region of its resource; what belongs to no region
//! goes to the partition's home region.

mod build;
mod finding;
mod resource_type;
mod types;

use std::io::{self, Write};

use yagura_model::{CallCoverage, EvaluationRecord};

pub use self::resource_type::resource_type;
use crate::fact::{Fact, Teller};
use crate::format::Sink;
use crate::json::List;
use crate::line::{Told, unread_account, unread_because};
use crate::{Head, Tail, Writer};

pub(crate) struct Asff<'a> {
    head: &'a Head<'a>,
    teller: Teller<'a>,
    list: List<'a>,
    told: Told,
}

impl<'a> Asff<'a> {
    pub(crate) fn begin(head: &'a Head<'a>, mut out: Sink<'a>) -> io::Result<Self> {
        out.write_all(b"[")?;
        Ok(Self { head, teller: Teller::of_scan(head), list: List::new(out), told: Told::default() })
    }
}

/// Writes a fact as one finding.
pub(crate) fn write(list: &mut List<'_>, teller: &Teller<'_>, fact: &Fact<'_>) -> io::Result<()> {
    list.element(&build::finding(teller, fact))
}

impl Writer for Asff<'_> {
    fn evaluation(&mut self, record: &EvaluationRecord) -> io::Result<()> {
        self.told.add(&record.evaluation.resource.account);
        write(&mut self.list, &self.teller, &Fact::of_record(&self.teller, record))
    }

    fn coverage(&mut self, _row: &CallCoverage) -> io::Result<()> {
        // What was not read and mattered is the reason of an evaluation.
        Ok(())
    }

    fn end(&mut self, _tail: &Tail<'_>) -> io::Result<()> {
        for scan in self.head.accounts {
            if let Some(why) = unread_because(self.head, &self.told, scan) {
                let evaluation = unread_account(self.head, &scan.account);
                let fact = Fact::of_unread(&self.teller, &evaluation, why);
                write(&mut self.list, &self.teller, &fact)?;
            }
        }
        self.list.out.write_all(b"\n]\n")?;
        self.list.out.flush()
    }
}
