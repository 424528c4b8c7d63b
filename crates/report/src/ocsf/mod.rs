//! `ocsf`: a JSON array of findings of the Open Cybersecurity Schema Framework 1.6: of a scan, Compliance Findings (class 2003).
//!
//! `metadata.event_code` is the rule, `cloud.account.uid` and `cloud.region` say where, `resources[0].uid` is the ARN and
//! `resources[0].name` the id. `compliance.status_id` is 1 for a pass, 3 for a failure, 0 with `status_detail` when it
//! could not be known, and 99 ("Not Applicable") where the rule has nothing to say. An account that could not be read
//! is one finding without a rule.

mod build;
mod detection;
mod event;

use std::io::{self, Write};

use yagura_model::{CallCoverage, EvaluationRecord};

use crate::fact::{Fact, Teller};
use crate::format::Sink;
use crate::json::List;
use crate::line::{Told, unread_because};
use crate::{Head, Tail, Writer};

pub(crate) struct Ocsf<'a> {
    head: &'a Head<'a>,
    teller: Teller<'a>,
    list: List<'a>,
    told: Told,
}

impl<'a> Ocsf<'a> {
    pub(crate) fn begin(head: &'a Head<'a>, mut out: Sink<'a>) -> io::Result<Self> {
        out.write_all(b"[")?;
        Ok(Self { head, teller: Teller::of_scan(head), list: List::new(out), told: Told::default() })
    }
}

/// Writes a fact as one event.
pub(crate) fn write(list: &mut List<'_>, teller: &Teller<'_>, fact: &Fact<'_>) -> io::Result<()> {
    list.element(&build::event(teller, fact))
}

impl Writer for Ocsf<'_> {
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
            let Some(why) = unread_because(self.head, &self.told, scan) else { continue };
            let evaluation = crate::line::unread_account(self.head, &scan.account);
            let id = format!("unread-account/{}", scan.account.id);
            let fact = Fact { id, ..Fact::of_unread(&self.teller, &evaluation, why) };
            write(&mut self.list, &self.teller, &fact)?;
        }
        self.list.out.write_all(b"\n]\n")?;
        self.list.out.flush()
    }
}
