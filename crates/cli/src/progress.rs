//! How far a scan has come: a bar on a terminal, a line for each account elsewhere.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicUsize, Ordering};

use indicatif::{ProgressBar, ProgressStyle};
use yagura_model::{AccountScan, AccountState, Lang};
use yagura_scan::Progress;

use crate::terminal;

/// Shows a scan's progress on standard error.
pub struct Shown {
    judges: bool,
    bar: Option<ProgressBar>,
    total: AtomicUsize,
    done: AtomicUsize,
}

impl Shown {
    /// A bar when standard error is a terminal, else lines. `judges` when violations are counted.
    pub fn new(judges: bool) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::no_length();
            if let Ok(style) =
                ProgressStyle::with_template("{bar:30.cyan} {pos}/{len} accounts  {elapsed}  {msg}")
            {
                bar.set_style(style);
            }
            bar
        });
        Self { judges, bar, total: AtomicUsize::new(0), done: AtomicUsize::new(0) }
    }
}

impl Progress for Shown {
    fn begin(&self, accounts: usize, done: usize) {
        self.total.store(accounts, Ordering::Relaxed);
        self.done.store(done, Ordering::Relaxed);
        if done > 0 {
            terminal::say(&format!("taking up an interrupted scan: {done} of {accounts} accounts are done"));
        }
        if let Some(bar) = &self.bar {
            bar.set_length(accounts as u64);
            bar.set_position(done as u64);
            bar.enable_steady_tick(std::time::Duration::from_millis(200));
        }
    }

    fn account(&self, scan: &AccountScan, violations: usize, calls: u64) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let why = yagura_report::state_text(&scan.state, Lang::En).unwrap_or_default();
        let fate = match &scan.state {
            AccountState::Scanned if self.judges => {
                format!("{} resources, {violations} violations", scan.resources)
            }
            AccountState::Scanned => format!("{} resources", scan.resources),
            AccountState::Skipped { .. } => format!("skipped: {why}"),
            AccountState::Unreachable { .. } => format!("not read: {why}"),
        };
        let line = format!("{} {}: {}", scan.account.id, safe(&scan.account.name), safe(&fate));
        match &self.bar {
            Some(bar) => {
                if !matches!(scan.state, AccountState::Scanned) {
                    bar.println(&line);
                }
                bar.set_message(format!("{calls} calls"));
                bar.inc(1);
            }
            None => terminal::say(&format!("[{done}/{}] {line}", self.total.load(Ordering::Relaxed))),
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Names come from AWS: control characters must not reach the terminal.
fn safe(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
