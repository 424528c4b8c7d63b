//! What a run has read, in a line.

use std::collections::BTreeSet;

use yagura_detect::Engine;
use yagura_logs::{FileKind, Found};
use yagura_watch::Piece;

#[derive(Debug, Default)]
pub(super) struct Totals {
    files: u64,
    digests: u64,
    /// Files that could not be read, or not to their end.
    pub(super) unread: u64,
    events: u64,
    broken: u64,
    matches: u64,
    rules: BTreeSet<String>,
}

impl Totals {
    /// Before anything was read.
    pub(super) fn of(files: &[Found]) -> Self {
        let digests = files.iter().filter(|it| it.kind == FileKind::Digest).count() as u64;
        Self { files: files.len() as u64 - digests, digests, ..Self::default() }
    }

    pub(super) fn add(&mut self, piece: &Piece) {
        self.unread += u64::from(piece.unread);
        self.events += piece.events;
        self.broken += piece.broken;
        self.matches += piece.matches;
        for name in piece.rules.keys() {
            if !self.rules.contains(name) {
                self.rules.insert(name.clone());
            }
        }
    }

    pub(super) fn told(&self, engine: &Engine) -> String {
        let mut told = format!(
            "{} of {}, {}: {} of {}",
            counted(self.events, "event", "events"),
            counted(self.files, "file", "files"),
            counted(engine.len() as u64, "rule", "rules"),
            counted(self.matches, "match", "matches"),
            counted(self.rules.len() as u64, "rule", "rules"),
        );
        if self.digests > 0 {
            told.push_str(&format!("; {} passed over", counted(self.digests, "digest file", "digest files")));
        }
        if self.broken > 0 {
            told.push_str(&format!("; {} could not be read", counted(self.broken, "record", "records")));
        }
        if self.unread > 0 {
            let files = counted(self.unread, "file", "files");
            told.push_str(&format!("; {files} could not be read, or not to the end"));
        }
        told
    }
}

pub(super) fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
