//! `csv`: RFC 4180 with a header; one row for each account and requirement, then one for each requirement in all accounts together.
//!
//! Columns are only ever added at the end.

use std::io::{self, BufWriter, Write};

use yagura_model::{AccountAssessment, Answer, Assessment, Requirement, RuleId};

use super::section::chapter_path;
use super::words::{doubt, doubt_here};
use super::{Fared, FrameworkHead, Writer};
use crate::csv::plain;
use crate::format::Style;
use crate::safe::cell;

/// The columns: a promise.
const COLUMNS: [&str; 14] = [
    "Framework",
    "Chapter",
    "Requirement",
    "Title",
    "Level",
    "Tags",
    "Kind",
    "Scope",
    "Account",
    "AccountName",
    "Answer",
    "Reason",
    "Rules",
    "Manual",
];

pub(super) struct Csv<'a> {
    head: &'a FrameworkHead<'a>,
    fared: Fared<'a>,
    out: csv::Writer<BufWriter<Box<dyn io::Write + Send + 'a>>>,
}

/// What differs between the rows of one requirement.
struct Row<'r> {
    scope: &'r str,
    account: &'r str,
    name: &'r str,
    answer: Answer,
    reason: String,
}

impl<'a> Csv<'a> {
    pub(super) fn begin(
        head: &'a FrameworkHead<'a>,
        style: Style,
        mut out: BufWriter<Box<dyn io::Write + Send + 'a>>,
    ) -> io::Result<Self> {
        if style.byte_order_mark {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        out.write_record(COLUMNS).map_err(plain)?;
        Ok(Self { head, fared: Fared::of(head), out })
    }

    fn row(&mut self, requirement: &Requirement, row: &Row<'_>) -> io::Result<()> {
        let (framework, lang) = (self.head.framework, self.head.lang);
        let chapter = chapter_path(framework, requirement, lang);
        let level = requirement.level.map(|it| it.to_string()).unwrap_or_default();
        let rules: Vec<_> = requirement.rules.iter().map(RuleId::as_str).collect();
        let cells = [
            framework.id.as_str(),
            &chapter,
            &requirement.id,
            requirement.title.get(lang),
            &level,
            &requirement.tags.join("; "),
            requirement.kind().as_str(),
            row.scope,
            row.account,
            row.name,
            row.answer.as_str(),
            &row.reason,
            &rules.join("; "),
            requirement.manual.as_ref().map_or("", |it| it.get(lang)),
        ];
        for text in cells {
            self.out.write_field(cell(text).as_bytes()).map_err(plain)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(plain)
    }
}

impl Writer for Csv<'_> {
    fn account(&mut self, assessment: &AccountAssessment) -> io::Result<()> {
        let name = self.fared.name(&assessment.account);
        for (requirement, it) in self.head.framework.requirements.iter().zip(&assessment.requirements) {
            let doubts: Vec<_> = it.doubts.iter().map(|it| doubt_here(it, self.head.lang)).collect();
            let row = Row {
                scope: "ACCOUNT",
                account: assessment.account.as_str(),
                name,
                answer: it.answer,
                reason: doubts.join("; "),
            };
            self.row(requirement, &row)?;
        }
        Ok(())
    }

    fn end(&mut self, assessment: &Assessment) -> io::Result<()> {
        for (requirement, it) in self.head.framework.requirements.iter().zip(&assessment.requirements) {
            let doubts: Vec<_> =
                it.doubts.iter().map(|it| doubt(&it.doubt, it.accounts, self.head.lang)).collect();
            let row = Row {
                scope: "ORGANIZATION",
                account: "",
                name: "",
                answer: it.answer,
                reason: doubts.join("; "),
            };
            self.row(requirement, &row)?;
        }
        self.out.flush()
    }
}
