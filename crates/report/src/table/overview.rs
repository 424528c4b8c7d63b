//! The first lines: what was looked at, and the counts by account and by CSF function.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::io;

use jiff::tz::TimeZone;
use yagura_model::{AccountScan, AccountState, Function, Outcome, Severity, Summary};

use super::grid::{Cell, Column, Grid, Paint};
use super::words::{count, number};
use super::{Page, paint_of};
use crate::score::score_paint;
use crate::words::{function as function_word, pick, severity as severity_word};

/// Accounts listed before the rest is summed up.
const ACCOUNTS: usize = 40;
/// How wide a full bar is.
const BAR: u64 = 20;

impl Page<'_> {
    pub(super) fn opening(&mut self, summary: &Summary) -> io::Result<()> {
        let (head, lang) = (self.head, self.lang());
        let zone = head.time_zone.clone().unwrap_or(TimeZone::UTC);
        let started = head.scan.started.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S %Z").to_string();
        let organization = head.organization.id.as_deref().unwrap_or_default();
        let name = format!("Yagura {}", head.version);
        let mut parts =
            vec![Paint::Title.on(&name, self.colours), crate::safe::line(organization).into_owned(), started];
        match head.scan.finished {
            None => parts.push(Paint::Warning.on(self.words.interrupted, self.colours)),
            Some(finished) => {
                let seconds = finished.duration_since(head.scan.started).as_secs();
                if seconds > 0 {
                    parts.push(pick(lang, format!("{seconds} s"), format!("{seconds} 秒")));
                }
            }
        }
        parts.retain(|it| !it.is_empty());
        let regions: BTreeSet<_> = head.accounts.iter().flat_map(|it| &it.regions).collect();
        let judged = summary.outcomes.values().sum();
        let counts = [
            count(head.accounts.len() as u64, lang, "account", "accounts", "アカウント"),
            count(regions.len() as u64, lang, "region", "regions", "リージョン"),
            count(summary.resources, lang, "resource", "resources", "リソース"),
            count(head.rules.len() as u64, lang, "rule", "rules", "ルール"),
            count(judged, lang, "evaluation", "evaluations", "件の評価"),
        ];
        self.line(&parts.join("  "))?;
        self.line(&counts.join(pick(lang, ", ", "、")))
    }

    pub(super) fn by_account(&mut self, summary: &Summary) -> io::Result<()> {
        let accounts = worst_accounts(&self.head.accounts.iter().collect::<Vec<_>>(), summary);
        if accounts.is_empty() {
            return Ok(());
        }
        self.heading(self.words.by_account, Paint::Title)?;
        let mut columns = vec![Column::Left, Column::Elastic];
        columns.extend([Column::Right; Severity::ALL.len() + 2]);
        let mut grid = Grid::new(columns);
        let mut titles = vec![self.words.account, ""];
        let severities: Vec<_> = Severity::ALL.into_iter().rev().collect();
        let words: Vec<String> =
            severities.iter().map(|it| short_severity(*it, severity_word(*it).get(self.lang()))).collect();
        titles.extend(words.iter().map(String::as_str));
        titles.extend([self.words.pass, self.words.unknown]);
        grid.titles(&titles);
        let listed = if accounts.len() <= ACCOUNTS { accounts.len() } else { ACCOUNTS - 1 };
        for scan in &accounts[..listed] {
            grid.row(self.account_row(scan, &severities, summary));
        }
        if listed < accounts.len() {
            let rest = &accounts[listed..];
            let more = number(rest.len() as u64);
            let more = pick(self.lang(), format!("and {more} more"), format!("ほか {more}"));
            grid.row(self.sum_row(&more, rest, &severities, summary));
        }
        if accounts.len() > 1 {
            grid.row(self.sum_row(self.words.total, &accounts, &severities, summary));
        }
        self.grid(&grid, 2)
    }

    fn account_row(&self, scan: &AccountScan, severities: &[Severity], summary: &Summary) -> Vec<Cell> {
        let id = &scan.account.id;
        let mut cells = vec![Cell::plain(id.as_str())];
        let state = match scan.state {
            AccountState::Scanned => None,
            AccountState::Skipped { .. } => Some((self.words.skipped, Paint::Dim)),
            AccountState::Unreachable { .. } => Some((self.words.not_read, Paint::Warning)),
        };
        // Counts of an account that was not read would look like passes.
        if let Some((word, paint)) = state {
            cells.push(Cell::new(&scan.account.name, paint));
            cells.extend(severities.iter().map(|_| Cell::plain("")));
            cells.extend([Cell::plain(""), Cell::new(word, paint)]);
            return cells;
        }
        cells.push(Cell::plain(&scan.account.name));
        let violations = summary.account_severities.get(id);
        for severity in severities {
            let n = violations.and_then(|it| it.get(severity)).copied().unwrap_or_default();
            cells.push(number_cell(n, paint_of(*severity)));
        }
        let outcomes = summary.accounts.get(id);
        for (outcome, paint) in
            [(Outcome::Compliant, Paint::Good), (Outcome::InsufficientData, Paint::Warning)]
        {
            let n = outcomes.and_then(|it| it.get(&outcome)).copied().unwrap_or_default();
            cells.push(number_cell(n, paint));
        }
        cells
    }

    fn sum_row(
        &self,
        label: &str,
        scans: &[&AccountScan],
        severities: &[Severity],
        summary: &Summary,
    ) -> Vec<Cell> {
        let mut cells = vec![Cell::new(label, Paint::Dim), Cell::plain("")];
        for severity in severities {
            let counts =
                scans.iter().filter_map(|it| summary.account_severities.get(&it.account.id)?.get(severity));
            cells.push(number_cell(counts.sum(), Paint::Dim));
        }
        for outcome in [Outcome::Compliant, Outcome::InsufficientData] {
            let counts = scans.iter().filter_map(|it| summary.accounts.get(&it.account.id)?.get(&outcome));
            cells.push(number_cell(counts.sum(), Paint::Dim));
        }
        cells
    }

    pub(super) fn by_function(&mut self, summary: &Summary) -> io::Result<()> {
        self.heading(self.words.by_function, Paint::Title)?;
        let mut grid = Grid::new([
            Column::Left,
            Column::Right,
            Column::Right,
            Column::Right,
            Column::Right,
            Column::Left,
        ]);
        grid.titles(&[
            self.words.function,
            self.words.score,
            self.words.violations,
            self.words.pass,
            self.words.unknown,
            "",
        ]);
        for function in Function::ALL {
            let of = |outcome| {
                summary.functions.get(&function).and_then(|it| it.get(&outcome)).copied().unwrap_or_default()
            };
            let (bad, good, unknown) =
                (of(Outcome::NonCompliant), of(Outcome::Compliant), of(Outcome::InsufficientData));
            let score = summary
                .judged
                .score_of(|rule| self.head.rules.get(rule).is_some_and(|it| it.function == function));
            let bar = score.map(|score| {
                let full = usize::try_from(u64::from(score.tenths()) * BAR / 1000).unwrap_or_default();
                "#".repeat(full) + &".".repeat(usize::try_from(BAR).unwrap_or_default().saturating_sub(full))
            });
            let paint = score_paint(score);
            grid.row([
                Cell::plain(function_word(function).get(self.lang())),
                Cell::new(score.map_or_else(|| "-".to_owned(), |it| it.to_string()), paint),
                number_cell(bad, Paint::Plain),
                number_cell(good, Paint::Plain),
                number_cell(unknown, Paint::Warning),
                Cell::new(bar.unwrap_or_default(), paint),
            ]);
        }
        self.grid(&grid, 2)
    }
}

/// `INFO` is enough in a column's title.
fn short_severity(severity: Severity, word: &str) -> String {
    if severity == Severity::Informational && word.is_ascii() {
        "INFO".to_owned()
    } else {
        word.to_uppercase()
    }
}

fn number_cell(n: u64, paint: Paint) -> Cell {
    if n == 0 { Cell::new("-", Paint::Dim) } else { Cell::new(number(n), paint) }
}

/// Accounts by how bad they are; those that were not read come after, those that were skipped last.
fn worst_accounts<'s>(accounts: &[&'s AccountScan], summary: &Summary) -> Vec<&'s AccountScan> {
    let mut sorted = accounts.to_vec();
    sorted.sort_by_cached_key(|scan| {
        let state = match scan.state {
            AccountState::Scanned => 0,
            AccountState::Unreachable { .. } => 1,
            AccountState::Skipped { .. } => 2,
        };
        let violations = summary.account_severities.get(&scan.account.id);
        let counts: Vec<_> = Severity::ALL
            .into_iter()
            .rev()
            .map(|it| Reverse(violations.and_then(|counts| counts.get(&it)).copied().unwrap_or_default()))
            .collect();
        (state, counts, scan.account.id.clone())
    });
    sorted
}
