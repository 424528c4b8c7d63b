//! `table`: a framework's result for a person at a terminal.

use std::cmp::Reverse;
use std::io::{self, BufWriter, Write};

use jiff::tz::TimeZone;
use yagura_model::{AccountAssessment, AccountState, Assessment};

use super::section::{self, Detail, Look};
use super::words::Words;
use super::{Fared, FrameworkHead, Writer};
use crate::format::Style;
use crate::table::grid::{Cell, Paint};
use crate::table::words::{count, number};
use crate::words::pick;

/// Accounts listed before the rest is counted.
const ACCOUNTS: usize = 40;

pub(super) struct Table<'a> {
    head: &'a FrameworkHead<'a>,
    look: Look,
    out: BufWriter<Box<dyn io::Write + Send + 'a>>,
}

impl<'a> Table<'a> {
    pub(super) fn begin(
        head: &'a FrameworkHead<'a>,
        style: Style,
        out: BufWriter<Box<dyn io::Write + Send + 'a>>,
    ) -> Self {
        let look = Look { lang: head.lang, width: super::page::width(style), colours: style.colours };
        Self { head, look, out }
    }

    /// What the answers are about: which scan, and how much of the organisation it looked at.
    fn opening(&mut self) -> io::Result<()> {
        let (head, lang) = (self.head, self.look.lang);
        let zone = head.time_zone.clone().unwrap_or(TimeZone::UTC);
        let started = head.scan.started.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S %Z").to_string();
        let accounts = count(head.accounts.len() as u64, lang, "account", "accounts", "アカウント");
        let regions = match head.scan.scope.regions.len() as u64 {
            0 => pick(lang, "every enabled region".to_owned(), "有効な全リージョン".to_owned()),
            n => count(n, lang, "region only", "regions only", "リージョンのみ"),
        };
        let scan = pick(lang, format!("scan {}", head.scan.id), format!("スキャン {}", head.scan.id));
        let comma = pick(lang, ", ", "、");
        writeln!(self.out, "Yagura {}  {scan}  {started}  {accounts}{comma}{regions}", head.version)?;
        if let Some(note) = head.note() {
            writeln!(self.out, "{}", Paint::Warning.on(&note, self.look.colours))?;
        }
        writeln!(self.out)
    }

    fn by_project(&mut self, assessment: &Assessment) -> io::Result<()> {
        let (words, lang) = (Words::of(self.look.lang), self.look.lang);
        let mut grid = section::counts(words.project, self.look);
        for it in &assessment.projects {
            let accounts = count(it.accounts.len() as u64, lang, "account", "accounts", "アカウント");
            grid.row(section::row(&it.project, &accounts, &it.totals));
        }
        writeln!(self.out, "\n{}", Paint::Title.on(words.by_project, self.look.colours))?;
        for line in grid.lines(2, self.look.width, self.look.colours) {
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    fn by_account(&mut self, assessment: &Assessment) -> io::Result<()> {
        let words = Words::of(self.look.lang);
        let mut grid = section::counts(words.account, self.look);
        let fared = Fared::of(self.head);
        let mut accounts: Vec<_> = assessment.accounts.iter().collect();
        accounts.sort_by_key(|(id, totals)| {
            (Reverse(totals.non_compliant), Reverse(totals.insufficient_data), *id)
        });
        for (id, totals) in accounts.iter().take(ACCOUNTS) {
            let state = fared.0.get(id.as_str()).map(|it| &it.state);
            let mut cells = section::row(id.as_str(), fared.name(id), totals);
            // Counts of an account that holds nothing to read would look like an answer.
            let word = match state {
                Some(AccountState::Skipped { .. }) => Some((words.skipped, Paint::Dim)),
                Some(AccountState::Unreachable { .. }) => Some((words.not_read, Paint::Warning)),
                Some(AccountState::Scanned) | None => None,
            };
            if let Some((word, paint)) = word {
                cells.truncate(2);
                cells.push(Cell::new(word, paint));
            }
            grid.row(cells);
        }
        writeln!(self.out, "\n{}", Paint::Title.on(words.by_account, self.look.colours))?;
        for line in grid.lines(2, self.look.width, self.look.colours) {
            writeln!(self.out, "{line}")?;
        }
        if accounts.len() > ACCOUNTS {
            let more = number((accounts.len() - ACCOUNTS) as u64);
            let line = pick(
                self.look.lang,
                format!("  ... and {more} more; `--output csv` lists them all"),
                format!("  ほか {more} アカウント (`--output csv` ですべて出力できます)"),
            );
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }
}

impl Writer for Table<'_> {
    fn account(&mut self, _assessment: &AccountAssessment) -> io::Result<()> {
        // The totals of each come with the end.
        Ok(())
    }

    fn end(&mut self, assessment: &Assessment) -> io::Result<()> {
        self.opening()?;
        for line in section::lines(assessment, self.look, Detail::Full) {
            writeln!(self.out, "{line}")?;
        }
        if !assessment.projects.is_empty() {
            self.by_project(assessment)?;
        }
        if assessment.accounts.len() > 1 {
            self.by_account(assessment)?;
        }
        self.out.flush()
    }
}
