//! `csv`: RFC 4180 with a header; one row for each account and requirement, then one for each requirement in
//! each project, and in all accounts together.
//!
//! Columns are only ever added at the end.

use std::io::{self, BufWriter, Write};

use yagura_model::{AccountAssessment, Answer, Assessment, Requirement, RequirementAssessment, RuleId};

use super::section::chapter_path;
use super::words::{doubt, doubt_here};
use super::{Fared, FrameworkHead, Writer};
use crate::csv::plain;
use crate::format::Style;
use crate::safe::cell;

/// The columns: a promise.
const COLUMNS: [&str; 15] = [
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
    "Project",
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
    project: &'r str,
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
            row.project,
        ];
        for text in cells {
            self.out.write_field(cell(text).as_bytes()).map_err(plain)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(plain)
    }

    /// The rows of several accounts together.
    fn joined(&mut self, scope: &str, project: &str, answers: &[RequirementAssessment]) -> io::Result<()> {
        for (requirement, it) in self.head.framework.requirements.iter().zip(answers) {
            let doubts: Vec<_> =
                it.doubts.iter().map(|it| doubt(&it.doubt, it.accounts, self.head.lang)).collect();
            let reason = doubts.join("; ");
            let row = Row { scope, account: "", name: "", project, answer: it.answer, reason };
            self.row(requirement, &row)?;
        }
        Ok(())
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
                project: "",
                answer: it.answer,
                reason: doubts.join("; "),
            };
            self.row(requirement, &row)?;
        }
        Ok(())
    }

    fn end(&mut self, assessment: &Assessment) -> io::Result<()> {
        for project in &assessment.projects {
            self.joined("PROJECT", &project.project, &project.requirements)?;
        }
        self.joined("ORGANIZATION", "", &assessment.requirements)?;
        self.out.flush()
    }
}
