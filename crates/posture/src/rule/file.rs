//! A rule file as it is written, before anything is known to be right.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value as Json};
use serde_saphyr::Spanned;
use yagura_model::{AccountId, Aliases, Place, Region, ResourceType, Timestamp};

/// Every key of a rule file. What may be left out is `Option`, so that all that is missing is told at once.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub(super) id: Spanned<String>,
    #[serde(default)]
    pub(super) aliases: Aliases,
    pub(super) resource: Spanned<ResourceType>,
    pub(super) severity: Spanned<String>,
    pub(super) function: Spanned<String>,
    pub(super) enabled: Option<bool>,
    #[serde(default)]
    pub(super) params: Map<String, Json>,
    pub(super) when: Option<Spanned<String>>,
    pub(super) compliant: Spanned<String>,
    pub(super) evidence: Option<Spanned<String>>,
    pub(super) text: Option<Spanned<Translated<TextFile>>>,
    pub(super) fix: Option<Spanned<FixFile>>,
    #[serde(default)]
    pub(super) references: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) examples: Vec<Spanned<ExampleFile>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Translated<T> {
    pub(super) en: Option<T>,
    pub(super) ja: Option<T>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextFile {
    pub(super) title: Option<Spanned<String>>,
    pub(super) why: Option<Spanned<String>>,
    pub(super) impact_of_fix: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FixFile {
    pub(super) steps: Option<Translated<Vec<String>>>,
    pub(super) cli: Option<String>,
    pub(super) repair: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExampleFile {
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) given: Map<String, Json>,
    pub(super) id: Option<String>,
    pub(super) resource_name: Option<String>,
    pub(super) arn: Option<String>,
    pub(super) account: Option<AccountId>,
    pub(super) region: Option<Region>,
    #[serde(default)]
    pub(super) tags: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) params: Map<String, Json>,
    #[serde(default)]
    pub(super) account_has: BTreeMap<ResourceType, Vec<Map<String, Json>>>,
    #[serde(default)]
    pub(super) region_has: BTreeMap<ResourceType, Vec<Map<String, Json>>>,
    #[serde(default)]
    pub(super) related_has: BTreeMap<ResourceType, Vec<Map<String, Json>>>,
    #[serde(default)]
    pub(super) unread: Vec<String>,
    #[serde(default)]
    pub(super) unlisted: Vec<ResourceType>,
    pub(super) org: Option<OrgFile>,
    pub(super) now: Option<Timestamp>,
    pub(super) expect: Spanned<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrgFile {
    pub(super) id: Option<String>,
    pub(super) management_account: Option<AccountId>,
    #[serde(default)]
    pub(super) accounts: Vec<AccountId>,
}

/// The keys whose sections are long, and which no answer depends on.
pub(super) const SECTIONS: [&str; 4] = ["text:", "fix:", "references:", "examples:"];

/// The section that only tests read, and the longest.
pub(super) const EXAMPLES: [&str; 1] = ["examples:"];

/// The file with some sections left blank, so that the rest is read quickly.
///
/// Lines keep their numbers. A section goes from its key to the next line that begins with a key.
pub(super) fn without(text: &str, sections: &[&str]) -> String {
    let mut short = String::with_capacity(1024);
    let mut skipping = false;
    for line in text.split_inclusive('\n') {
        if !line.starts_with([' ', '\t', '#', '-', '\n', '\r', '}', ']']) {
            skipping = sections.iter().any(|section| line.starts_with(section));
        }
        short.push_str(if skipping { "\n" } else { line });
    }
    short
}

/// A place inside a text that a file holds: `offset` bytes behind the beginning of `value`, which begins at `start`.
///
/// YAML strips indentation, folds lines and escapes quotes; the other characters come in the same order, so they
/// are followed from one to the next.
pub(super) fn place_within(file: &str, start: Place, value: &str, offset: usize) -> Place {
    let mut lines = file.split_inclusive('\n');
    let first = lines.nth(start.line.saturating_sub(1) as usize).unwrap_or_default();
    let skipped: usize =
        first.chars().take(start.column.saturating_sub(1) as usize).map(char::len_utf8).sum();
    let mut cursor = Cursor { line: start.line, column: start.column };
    let mut raw = first[skipped..].chars().chain(lines.flat_map(str::chars)).peekable();
    if matches!(raw.peek(), Some('|' | '>')) {
        // The header of a block: its text begins on the next line.
        for it in raw.by_ref() {
            cursor.over(it);
            if it == '\n' {
                break;
            }
        }
    }
    let wanted = value.get(..offset).unwrap_or(value);
    let target = value[wanted.len()..].chars().find(|it| !it.is_whitespace());
    for expected in wanted.chars().filter(|it| !it.is_whitespace()) {
        for found in raw.by_ref() {
            cursor.over(found);
            if found == expected {
                break;
            }
        }
    }
    // White space and quotes before the character that is meant.
    while let Some(found) = raw.peek().filter(|it| target.is_some() && Some(**it) != target) {
        cursor.over(*found);
        raw.next();
    }
    Place { line: cursor.line, column: cursor.column }
}

struct Cursor {
    line: u32,
    column: u32,
}

impl Cursor {
    fn over(&mut self, character: char) {
        if character == '\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems::place;

    #[derive(Deserialize)]
    struct One {
        value: Spanned<String>,
    }

    /// Where `needle` of the value is in the file.
    fn find(file: &str, needle: &str) -> (u32, u32) {
        let one: One = serde_saphyr::from_str(file).unwrap();
        let offset = one.value.value.find(needle).unwrap();
        let place = place_within(file, place(one.value.referenced), &one.value.value, offset);
        (place.line, place.column)
    }

    #[test]
    fn a_place_in_a_value_is_found_in_every_style_of_yaml() {
        assert_eq!(find("# 語\nvalue: a && bad(1)\n", "bad"), (2, 13));
        assert_eq!(find("value: 'it''s bad'\n", "bad"), (1, 15));
        assert_eq!(find("value: \"a \\\"b\\\" bad\"\n", "bad"), (1, 17));
        assert_eq!(find("value: |\n  first &&\n    second || bad\n", "bad"), (3, 15));
        assert_eq!(find("value: >-\n  first &&\n  語 || bad\n", "bad"), (3, 8));
        assert_eq!(find("value: first &&\n  bad\n", "bad"), (2, 3));
    }

    #[test]
    fn sections_are_blanked_and_lines_keep_their_numbers() {
        let file =
            "id: a\ntext:\n  en: { title: x }\n# note\nfix:\n  cli: y\nreferences:\n- z\nseverity: high\n";
        assert_eq!(without(file, &SECTIONS), "id: a\n\n\n\n\n\n\n\nseverity: high\n");
    }
}
