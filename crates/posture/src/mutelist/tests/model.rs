//! What Prowler answers, in its simplest form: no chains, no preparation, every list gone through each time.
//!
//! Source: Prowler's documentation, "Mutelisting", and how Prowler 5.46 answers.

use std::fmt::Write as _;

use regex::Regex;
use serde_json::json;

/// The four lists of an entry's exceptions: accounts, regions, resources, tags.
pub(super) type Exceptions = [Vec<String>; 4];

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) regions: Vec<String>,
    pub(super) resources: Vec<String>,
    pub(super) tags: Vec<String>,
    pub(super) exceptions: Option<Exceptions>,
}

/// A mapping as it is written: a key may stand twice.
pub(super) type Mapping<T> = Vec<(String, T)>;

/// What was found, under Prowler's names.
pub(super) struct Finding<'f> {
    pub(super) account: &'f str,
    pub(super) check: &'f str,
    pub(super) region: &'f str,
    pub(super) resource: &'f str,
    pub(super) tags: &'f str,
}

impl Finding<'_> {
    /// Muted by what is said about its account, or about every account.
    pub(super) fn is_muted(&self, accounts: &Mapping<Mapping<Entry>>) -> bool {
        let mut blocks = unique(accounts).filter(|(key, _)| ["*", self.account].contains(&key.as_str()));
        blocks.any(|(_, entries)| self.is_muted_by(entries))
    }

    /// Of the entries about its check, those before the first whose exceptions hold count; one of them is enough.
    fn is_muted_by(&self, entries: &Mapping<Entry>) -> bool {
        let mut counting = unique(entries)
            .filter(|(key, _)| self.is_of(key))
            .take_while(|(_, entry)| !entry.exceptions.as_ref().is_some_and(|it| self.is_excepted(it)));
        counting.any(|(_, entry)| {
            hits(&entry.regions, self.region)
                && hits(&entry.resources, self.resource)
                && entry.tags.iter().all(|tag| fits(tag, self.tags))
        })
    }

    fn is_of(&self, key: &str) -> bool {
        let key = if key.starts_with("lambda") { format!("aws{key}") } else { key.to_owned() };
        key == "*" || fits(&key, self.check)
    }

    /// Of the lists that say something each has to fit, and one has to say something.
    fn is_excepted(&self, [accounts, regions, resources, tags]: &Exceptions) -> bool {
        let fitting = [
            (accounts, hits(accounts, self.account)),
            (regions, hits(regions, self.region)),
            (resources, hits(resources, self.resource)),
            (tags, tags.iter().all(|tag| fits(tag, self.tags))),
        ];
        let saying: Vec<_> = fitting.into_iter().filter(|(list, _)| !list.is_empty()).collect();
        !saying.is_empty() && saying.into_iter().all(|(_, fits)| fits)
    }
}

/// The entries of a mapping as a parser keeps them that lets keys stand again: where the first stood, with what the last said.
fn unique<T>(mapping: &Mapping<T>) -> impl Iterator<Item = (&String, &T)> {
    mapping.iter().enumerate().filter_map(|(n, (key, _))| {
        let is_first = !mapping[..n].iter().any(|(other, _)| other == key);
        let last = mapping.iter().rfind(|(other, _)| other == key)?;
        is_first.then_some((key, &last.1))
    })
}

fn hits(patterns: &[String], text: &str) -> bool {
    patterns.iter().any(|pattern| fits(pattern, text))
}

/// Searched for anywhere; every star is any text.
fn fits(pattern: &str, text: &str) -> bool {
    Regex::new(&pattern.replace('*', ".*")).unwrap().is_match(text)
}

/// The file that says all this.
pub(super) fn yaml(accounts: &Mapping<Mapping<Entry>>) -> String {
    let mut text = String::from("Mutelist:\n  Accounts:");
    let braces = |empty: bool| if empty { " {}" } else { "" };
    text += braces(accounts.is_empty());
    for (account, entries) in accounts {
        write!(text, "\n    {}:\n      Checks:{}", json!(account), braces(entries.is_empty())).unwrap();
        for (check, entry) in entries {
            let Entry { regions, resources, tags, exceptions } = entry;
            let body = json!({ "Regions": regions, "Resources": resources, "Tags": tags });
            let mut body = body.as_object().unwrap().clone();
            if let Some([accounts, regions, resources, tags]) = exceptions {
                let lists =
                    json!({ "Accounts": accounts, "Regions": regions, "Resources": resources, "Tags": tags });
                body.insert("Exceptions".to_owned(), lists);
            }
            write!(text, "\n        {}: {}", json!(check), json!(body)).unwrap();
        }
    }
    text + "\n"
}
