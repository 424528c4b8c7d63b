//! Which checks a mutelist names that no rule answers to, and why.

use std::collections::BTreeSet;

use yagura_model::{Diagnostic, Level};
use yagura_packs::Packs;

use super::{EVERY, Mutelist};
use crate::nearest::nearest;
use crate::rules::Rules;

/// Every check that Prowler has.
const CHECKS: &str = "prowler/checks.txt";

impl Rules {
    /// Warnings about checks that no rule answers to, each once.
    pub(crate) fn unanswered_checks(
        &self,
        packs: &Packs,
        mutelists: &[std::sync::Arc<Mutelist>],
    ) -> Vec<Diagnostic> {
        if mutelists.is_empty() {
            return Vec::new();
        }
        let answered: BTreeSet<&str> =
            self.iter().flat_map(|rule| &rule.aliases().prowler).map(String::as_str).collect();
        let list = packs.file(CHECKS).and_then(|it| it.bytes().ok()).unwrap_or_default();
        let list = String::from_utf8_lossy(&list);
        let prowlers: Vec<&str> = list.lines().filter(|it| !it.is_empty() && !it.starts_with('#')).collect();
        let mut told = BTreeSet::new();
        let mut problems = Vec::new();
        for mutelist in mutelists {
            for entry in mutelist.entries() {
                let name = entry.check.written.as_str();
                if name == EVERY || answered.iter().any(|it| entry.check.means(it)) || !told.insert(name) {
                    continue;
                }
                let theirs = prowlers.iter().filter(|it| entry.check.means(it)).count();
                let (message, help) = if theirs > 0 {
                    (format!("Prowler has the check `{name}`, but no rule of Yagura answers to it"), None)
                } else {
                    let known = answered.iter().chain(&prowlers).copied();
                    let near: Vec<_> =
                        nearest(name, known, 3).into_iter().map(|it| format!("`{it}`")).collect();
                    let help = (!near.is_empty()).then(|| format!("did you mean {}?", near.join(" or ")));
                    (format!("there is no check `{name}`: the entry does nothing"), help)
                };
                problems.push(Diagnostic {
                    file: mutelist.file.to_string(),
                    place: Some(entry.place),
                    level: Level::Warning,
                    code: "mutelist/unknown-check",
                    message,
                    help,
                });
            }
        }
        problems
    }
}
