//! Reads a mutelist and tells what is wrong with it, or odd.

use std::sync::Arc;

use serde_saphyr::Spanned;
use yagura_model::{AccountId, Diagnostic, Level, Place};

use super::file::{AccountFile, EntryFile, ExceptionsFile, File, KEYS, List, Pairs};
use super::pattern::Pattern;
use super::{Block, Check, EVERY, Entry, Exceptions, Mutelist};
use crate::nearest::did_you_mean;
use crate::problems::place;

impl Mutelist {
    /// Reads a file's text. What is broken is left out; with a diagnostic of [`Level::Error`] the mutelist is not what its author meant
    /// and must not be used.
    #[must_use]
    pub fn read(file: &str, text: &str) -> (Self, Vec<Diagnostic>) {
        let mut reader = Reader { file, problems: Vec::new() };
        let accounts = match yagura_packs::parse_repeating::<File>(file, text) {
            Ok(written) => reader.file(written),
            Err(problem) => {
                reader.problems.push(explained(problem));
                Vec::new()
            }
        };
        let mut problems = reader.problems;
        problems.sort();
        (Self { file: file.into(), text: text.to_owned(), accounts }, problems)
    }
}

struct Reader<'r> {
    file: &'r str,
    problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn tell(
        &mut self,
        place: Option<Place>,
        level: Level,
        code: &'static str,
        message: String,
        help: Option<String>,
    ) {
        self.problems.push(Diagnostic { file: self.file.to_owned(), place, level, code, message, help });
    }

    fn file(&mut self, written: File) -> Vec<Block> {
        let Some(mutelist) = written.mutelist else {
            let help = match written.others.first() {
                Some(key) if key.value == "Allowlist" => {
                    "Prowler 3 called it `Allowlist`: write `Mutelist`".to_owned()
                }
                _ => "everything stands below this key: `Mutelist: { Accounts: ... }`".to_owned(),
            };
            let at = written.others.first().map(|key| place(key.referenced));
            let message = "there is no key `Mutelist`".to_owned();
            self.tell(at, Level::Error, "mutelist/missing-key", message, Some(help));
            return Vec::new();
        };
        for key in written.others {
            let message = format!("the key `{}` stands beside `Mutelist` and is not looked at", key.value);
            self.tell(Some(place(key.referenced)), Level::Warning, "mutelist/unknown-key", message, None);
        }
        let accounts = self.last_of_each(mutelist.accounts, "account");
        accounts.into_iter().map(|(account, written)| self.block(account, written)).collect()
    }

    /// The entries by their keys, as Python keeps them: in the place of the first of a name, with the value of the last.
    fn last_of_each<T>(&mut self, pairs: Pairs<T>, what: &str) -> Vec<(Spanned<String>, T)> {
        let mut kept: Vec<(Spanned<String>, T)> = Vec::with_capacity(pairs.0.len());
        for (key, value) in pairs.0 {
            let Some(earlier) = kept.iter_mut().find(|(known, _)| known.value == key.value) else {
                kept.push((key, value));
                continue;
            };
            let line = place(key.referenced).line;
            let overwritten = std::mem::replace(earlier, (key, value)).0;
            let message = format!(
                "the {what} `{}` stands again in line {line}, and only that counts",
                overwritten.value
            );
            let help = "Prowler reads it so too: join the two, or remove this one".to_owned();
            self.tell(
                Some(place(overwritten.referenced)),
                Level::Warning,
                "mutelist/overwritten",
                message,
                Some(help),
            );
        }
        kept
    }

    fn block(&mut self, account: Spanned<String>, written: AccountFile) -> Block {
        let at = place(account.referenced);
        let account = account.value;
        if account != EVERY && AccountId::new(&account).is_err() {
            let message = format!(
                "`{account}` is neither `*` nor the twelve digits of an account: it means no account"
            );
            let help =
                "Prowler compares the whole key: patterns over accounts are for `Exceptions`".to_owned();
            self.tell(Some(at), Level::Warning, "mutelist/account", message, Some(help));
        }
        let checks = self.last_of_each(written.checks, "check");
        let entries = checks.into_iter().filter_map(|(check, written)| self.entry(&account, check, written));
        let entries = entries.collect();
        Block { account, entries }
    }

    fn entry(&mut self, account: &str, check: Spanned<String>, written: EntryFile) -> Option<Arc<Entry>> {
        let at = place(check.referenced);
        for (name, list) in [("Regions", &written.regions), ("Resources", &written.resources)] {
            if list.is_empty() {
                let message = format!("`{name}` is empty: the entry does nothing");
                let help = Some("`\"*\"` means all".to_owned());
                self.tell(Some(at), Level::Warning, "mutelist/nothing", message, help);
            }
        }
        // Prowler calls the service `awslambda`, and understands who does not.
        let name = match check.value.strip_prefix("lambda") {
            Some(rest) => format!("awslambda{rest}"),
            None => check.value.clone(),
        };
        let pattern = self.pattern(&name, at);
        let regions = self.patterns(written.regions);
        let resources = self.patterns(written.resources);
        let tags = self.patterns(written.tags);
        let exceptions = match written.exceptions {
            None => Some(None),
            Some(written) => self.exceptions(written).map(Some),
        };
        let entry = Entry {
            account: account.to_owned(),
            check: Check { written: name, pattern: pattern? },
            place: at,
            regions: regions?,
            resources: resources?,
            tags: tags?,
            exceptions: exceptions?,
            description: written.description.trim().to_owned(),
        };
        if entry.is_everything() {
            let message = "the entry mutes every violation in every account".to_owned();
            let help =
                "name checks, resources, regions or tags, unless nothing is to be told at all".to_owned();
            self.tell(Some(at), Level::Warning, "mutelist/everything", message, Some(help));
        }
        Some(Arc::new(entry))
    }

    fn exceptions(&mut self, written: ExceptionsFile) -> Option<Exceptions> {
        let accounts = self.patterns(written.accounts);
        let regions = self.patterns(written.regions);
        let resources = self.patterns(written.resources);
        let tags = self.patterns(written.tags);
        Some(Exceptions { accounts: accounts?, regions: regions?, resources: resources?, tags: tags? })
    }

    /// Every pattern of a list; `None` when one of them cannot be used, each of which is told.
    fn patterns(&mut self, written: List) -> Option<Vec<Pattern>> {
        let read: Vec<_> = written.iter().map(|it| self.pattern(&it.value, place(it.referenced))).collect();
        read.into_iter().collect()
    }

    fn pattern(&mut self, written: &str, at: Place) -> Option<Pattern> {
        Pattern::new(written)
            .map_err(|error| {
                let message = format!("the pattern `{written}` cannot be used: {error}");
                let help = Some(error.help().to_owned());
                self.tell(Some(at), Level::Error, "mutelist/pattern", message, help);
            })
            .ok()
    }
}

impl Entry {
    /// Whether nothing that could be found would be left.
    fn is_everything(&self) -> bool {
        let all = |patterns: &[Pattern]| patterns.iter().any(Pattern::is_everything);
        let any_tags = self.tags.iter().all(Pattern::is_everything);
        self.account == EVERY
            && self.check.means("\u{1}")
            && all(&self.regions)
            && all(&self.resources)
            && any_tags
            && self.exceptions.is_none()
    }
}

/// Where a mutelist can be seen.
const SHOWN: &str = "docs/configuration.md shows a mutelist; Prowler, too, would not use this file";

/// What the parser says in words that its author understands, about a key with the key that was most likely meant.
fn explained(mut problem: Diagnostic) -> Diagnostic {
    if let Some((_, rest)) = problem.message.split_once("unknown field `")
        && let Some((key, _)) = rest.split_once('`')
    {
        problem.help = did_you_mean(key, KEYS).or_else(|| {
            let keys: Vec<_> = KEYS.iter().map(|it| format!("`{it}`")).collect();
            Some(format!("the keys of a mutelist are {}", keys.join(", ")))
        });
        return problem;
    }
    let (message, help) = match problem.message.as_str() {
        "expected sequence start" => {
            ("a list is expected here".to_owned(), "write `[\"*\"]`, or a line with `- ` for each")
        }
        "expected mapping start" => ("keys with values are expected here".to_owned(), SHOWN),
        told if told.starts_with("missing field `Re") => {
            (told.to_owned(), "`Regions` and `Resources` are required: `[\"*\"]` means all")
        }
        told => (told.to_owned(), SHOWN),
    };
    problem.message = message;
    problem.help = Some(help.to_owned());
    problem
}
