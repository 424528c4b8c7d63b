//! A mutelist as suppressions: with names and globs instead of expressions, and with an end.
//!
//! What cannot be said so exactly is told and left out, never said more broadly. Prowler searches for its expressions anywhere in a text; a plain name
//! is taken as that name here, which is what its author meant.

use yagura_model::{Diagnostic, Level};

use super::pattern::Pattern;
use super::{EVERY, Entry, Mutelist};
use crate::suppression::Suppression;

impl Mutelist {
    /// Each entry as a suppression like `common`, which says who agreed and until when, or what keeps it from being one. The
    /// first has the number `first` in its name.
    #[must_use]
    pub fn suppressions(&self, common: &Suppression, first: usize) -> (Vec<Suppression>, Vec<Diagnostic>) {
        let (mut suppressions, mut problems) = (Vec::new(), Vec::new());
        for entry in self.entries() {
            let made = suppression(first + suppressions.len(), entry, common).and_then(|it| {
                it.check(&[]).map_err(|error| error.to_string())?;
                Ok(it)
            });
            match made {
                Ok(made) => suppressions.push(made),
                Err(why) => problems.push(Diagnostic {
                    file: self.file.to_string(),
                    place: Some(entry.place),
                    level: Level::Warning,
                    code: "mutelist/no-suppression",
                    message: format!("check `{}` is left out: {why}", entry.check.written),
                    help: Some("write the suppression by hand, or keep the entry in the mutelist".to_owned()),
                }),
            }
        }
        (suppressions, problems)
    }
}

fn suppression(number: usize, entry: &Entry, common: &Suppression) -> Result<Suppression, String> {
    if entry.exceptions.is_some() {
        return Err("a suppression has no exceptions".to_owned());
    }
    let rules = match entry.check.written.as_str() {
        EVERY => Vec::new(),
        check => match globs(check) {
            Some(checks) => checks.iter().map(|it| format!("prowler:{it}")).collect(),
            None => return Err(untold(check)),
        },
    };
    let list = |patterns: &[Pattern]| -> Result<Vec<String>, String> {
        let mut all = Vec::new();
        for it in patterns {
            let globs = globs(it.written()).ok_or_else(|| untold(it.written()))?;
            if globs.iter().any(|it| it == EVERY) {
                return Ok(Vec::new());
            }
            all.extend(globs);
        }
        Ok(all)
    };
    if entry.tags.len() > 1 {
        return Err("all of its tags must fit, and of a suppression's one is enough".to_owned());
    }
    let account = (entry.account != EVERY).then(|| entry.account.clone());
    let check: String =
        entry.check.written.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '-' }).collect();
    let check = check.trim_matches('-');
    let check = if check.is_empty() { "every-check" } else { check };
    Ok(Suppression {
        name: format!("prowler-{number}-{check}"),
        rules,
        resources: list(&entry.resources)?,
        tags: list(&entry.tags)?,
        accounts: account.into_iter().collect(),
        regions: list(&entry.regions)?,
        reason: if entry.description.is_empty() { common.reason.clone() } else { entry.description.clone() },
        ..common.clone()
    })
}

fn untold(pattern: &str) -> String {
    format!("`{pattern}` cannot be said with names and globs")
}

/// The globs that say what a pattern of Prowler's means; `None` when none do.
fn globs(pattern: &str) -> Option<Vec<String>> {
    pattern.split('|').map(glob).collect()
}

fn glob(pattern: &str) -> Option<String> {
    // In Prowler's own words `*` is `.*`, and a text is searched for from anywhere to anywhere.
    let text = pattern.strip_prefix('^').unwrap_or(pattern);
    let text = text.strip_suffix('$').unwrap_or(text);
    let text = text.replace(".*", "*").replace("\\.", ".").replace("\\-", "-");
    let is_plain = !text.is_empty() && !text.contains(|it| "\\^$|?+()[]{}".contains(it));
    is_plain.then_some(text)
}
