//! What could not be read: impossible to overlook, grouped so that one missing permission is one line.

use std::io;

use yagura_model::{AccountScan, AccountState, ReadStatus};

use super::Page;
use super::grid::{Cell, Column, Grid, Paint};
use super::words::{count, number};
use crate::digest::{CoverageDigest, GapKind, Spread};
use crate::state_text;
use crate::words::pick;

/// Lines under each heading before the rest is counted.
const LINES: usize = 25;

impl Page<'_> {
    pub(super) fn gaps(&mut self, coverage: &CoverageDigest) -> io::Result<()> {
        let lang = self.lang();
        let told = self.head.accounts.iter().filter_map(|it| Some((it, state_text(&it.state, lang)?)));
        let (skipped, unreachable): (Vec<_>, Vec<_>) =
            told.partition(|(it, _)| matches!(it.state, AccountState::Skipped { .. }));
        let complete = unreachable.is_empty() && coverage.gaps.is_empty();
        if complete {
            self.heading(self.words.no_gaps, Paint::Good)?;
        } else {
            self.heading(self.words.gaps, Paint::Warning)?;
            self.accounts(self.words.unreachable, &unreachable, Paint::Warning)?;
            for (word, heading, paint) in [
                ("DENIED", self.words.denied, Paint::Warning),
                ("THROTTLED", self.words.throttled, Paint::Warning),
                ("FAILED", self.words.failed, Paint::Warning),
                ("NOT_SUPPORTED", self.words.not_supported, Paint::Plain),
                ("REGION_OFF", self.words.region_off, Paint::Plain),
                ("EXCLUDED", self.words.excluded, Paint::Plain),
            ] {
                self.calls(heading, &coverage.most_first(word), paint)?;
            }
        }
        self.accounts(self.words.left_out, &skipped, Paint::Plain)
    }

    fn accounts(
        &mut self,
        heading: &str,
        accounts: &[(&AccountScan, String)],
        paint: Paint,
    ) -> io::Result<()> {
        if accounts.is_empty() {
            return Ok(());
        }
        self.sub_heading(heading, accounts.len(), paint)?;
        let mut grid = Grid::new([Column::Left, Column::Elastic]);
        for (scan, why) in accounts.iter().take(LINES) {
            grid.row([Cell::plain(scan.account.id.as_str()), Cell::plain(&scan.account.name)]);
            grid.wrapped_note(why, Paint::Dim);
        }
        self.grid(&grid, 4)?;
        self.rest(accounts.len())
    }

    fn calls(&mut self, heading: &str, gaps: &[(&GapKind, &Spread)], paint: Paint) -> io::Result<()> {
        if gaps.is_empty() {
            return Ok(());
        }
        self.sub_heading(heading, gaps.len(), paint)?;
        let mut grid = Grid::new([Column::Elastic, Column::Left]);
        for (kind, spread) in gaps.iter().take(LINES) {
            grid.row([Cell::plain(kind.label(spread)), Cell::new(self.spread(kind, spread), Paint::Dim)]);
        }
        self.grid(&grid, 4)?;
        self.rest(gaps.len())
    }

    fn sub_heading(&mut self, text: &str, n: usize, paint: Paint) -> io::Result<()> {
        let text = paint.on(text, self.colours);
        self.line(&format!("  {text} ({})", number(n as u64)))
    }

    fn rest(&mut self, n: usize) -> io::Result<()> {
        if n <= LINES {
            return Ok(());
        }
        let rest = number((n - LINES) as u64);
        self.line(&pick(
            self.lang(),
            format!("    ... and {rest} more; `--output json` lists them all"),
            format!("    ほか {rest} 件 (`--output json` ですべて出力できます)"),
        ))
    }

    fn spread(&self, kind: &GapKind, spread: &Spread) -> String {
        let lang = self.lang();
        let calls = count(spread.count, lang, "call", "calls", "回");
        let accounts = count(spread.accounts, lang, "account", "accounts", "アカウント");
        if kind.status == ReadStatus::RegionOff {
            return accounts;
        }
        let regions = match spread.regions.first() {
            Some(only) if spread.regions.len() == 1 => {
                if only.is_global() {
                    self.words.global.to_owned()
                } else {
                    only.to_string()
                }
            }
            _ => count(spread.regions.len() as u64, lang, "region", "regions", "リージョン"),
        };
        pick(lang, format!("{calls} in {accounts}, {regions}"), format!("{calls} ({accounts}、{regions})"))
    }
}
