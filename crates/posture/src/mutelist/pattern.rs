//! The regular expressions of a mutelist: Python's, searched as Prowler searches them.
//!
//! Prowler puts `.*` in the place of every `*`, whatever stands before it, and looks for the result anywhere in the text. The engine here
//! takes time that is linear in the text, whatever the pattern; what needs another engine is refused, never guessed.

use std::iter::Peekable;
use std::str::Chars;

use regex::Regex;
use thiserror::Error;

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum PatternError {
    /// `(?=`, `(?!`, `(?<=`, `(?<!`.
    #[error("look-around is not supported")]
    LookAround,
    /// `\1`, `(?P=name)`, `(?(1)...)`.
    #[error("references to groups are not supported")]
    GroupReference,
    /// `a++`, `(?>...)`.
    #[error("possessive quantifiers and atomic groups are not supported")]
    Possessive,
    /// Anything that is not a regular expression.
    #[error("it is not a regular expression: {what}")]
    Invalid {
        /// What the engine says.
        what: String,
    },
    /// The pattern would take too much memory.
    #[error("it is too large")]
    TooLarge,
}

impl PatternError {
    /// What to do about it.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::LookAround => {
                "patterns are matched in linear time, which look-around rules out: list what is meant, or use `Exceptions` for what is not"
            }
            Self::GroupReference | Self::Possessive => {
                "patterns are matched in linear time, which rules this out: write what is meant another way"
            }
            Self::Invalid { .. } => {
                "a character that is meant as it is needs `\\` before it; `*` needs nothing, it stands for any text"
            }
            Self::TooLarge => "repeat fewer times, or write several patterns",
        }
    }
}

/// A pattern, ready to be searched for.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    /// As it stands in the file.
    written: String,
    matcher: Matcher,
}

#[derive(Debug, Clone)]
enum Matcher {
    /// Fits every text.
    Anything,
    /// Nothing in it is special: most patterns are names, and a name takes no memory but its own.
    Contains(String),
    Regex(Regex),
}

impl Pattern {
    /// Reads a pattern as Prowler does.
    pub(super) fn new(written: &str) -> Result<Self, PatternError> {
        // A star at either end of a text that is searched for says nothing.
        let middle = written.trim_matches('*');
        let plain = |it: char| it.is_ascii_alphanumeric() || !it.is_ascii() || "_-/:=,@ ".contains(it);
        let matcher = if middle.is_empty() {
            Matcher::Anything
        } else if middle.chars().all(plain) {
            Matcher::Contains(middle.to_owned())
        } else {
            Matcher::Regex(compile(&in_rust(&written.replace('*', ".*"))?)?)
        };
        Ok(Self { written: written.to_owned(), matcher })
    }

    /// As it stands in the file.
    pub(super) fn written(&self) -> &str {
        &self.written
    }

    /// Whether it fits anywhere in the text.
    pub(super) fn fits(&self, text: &str) -> bool {
        match &self.matcher {
            Matcher::Anything => true,
            Matcher::Contains(part) => text.contains(part),
            Matcher::Regex(regex) => regex.is_match(text),
        }
    }

    /// Whether it fits texts that nobody could have had in mind, so that it fits about everything.
    pub(super) fn is_everything(&self) -> bool {
        ["\u{1}", "\u{2}\u{3}"].into_iter().all(|text| self.fits(text))
    }

    /// Whether whole ARNs are meant.
    pub(super) fn is_about_arns(&self) -> bool {
        self.written.contains("arn:")
    }
}

fn compile(pattern: &str) -> Result<Regex, PatternError> {
    Regex::new(pattern).map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => PatternError::TooLarge,
        // The engine draws the pattern with an arrow below it; the last line says what is wrong.
        error => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            PatternError::Invalid { what: last.trim_start_matches("error: ").to_owned() }
        }
    })
}

/// Writes Python's expression as Rust's, where the two write the same thing in two ways.
fn in_rust(python: &str) -> Result<String, PatternError> {
    let mut rust = String::with_capacity(python.len() + 8);
    let mut rest = python.chars().peekable();
    // Whether what was written last says how often: a `+` behind it would be possessive.
    let mut counted = false;
    while let Some(it) = rest.next() {
        let was_counted = std::mem::take(&mut counted);
        match it {
            '\\' => escape(&mut rest, &mut rust)?,
            '[' => class(&mut rest, &mut rust)?,
            '(' => {
                rust.push('(');
                group(&rest)?;
            }
            '+' if was_counted => return Err(PatternError::Possessive),
            '{' => match repetition(&rest) {
                Some((length, text)) => {
                    rest.by_ref().take(length).for_each(drop);
                    rust.push_str(&text);
                    counted = true;
                }
                // Python takes a brace that counts nothing as it is.
                None => rust.push_str("\\{"),
            },
            '*' | '+' => {
                rust.push(it);
                counted = true;
            }
            '?' => {
                rust.push('?');
                // Behind a quantifier it only says which of several matches is found.
                counted = !was_counted;
            }
            it => rust.push(it),
        }
    }
    Ok(rust)
}

fn escape(rest: &mut Peekable<Chars<'_>>, rust: &mut String) -> Result<(), PatternError> {
    match rest.next() {
        Some('1'..='9') => return Err(PatternError::GroupReference),
        Some('Z') => rust.push_str("\\z"),
        // Borders of words in Rust.
        Some(it @ ('<' | '>')) => rust.push(it),
        Some(it) if !it.is_ascii() => rust.push(it),
        Some(it) => rust.extend(['\\', it]),
        None => rust.push('\\'),
    }
    Ok(())
}

/// A class, from behind its bracket: in Rust, classes nest and have an arithmetic.
fn class(rest: &mut Peekable<Chars<'_>>, rust: &mut String) -> Result<(), PatternError> {
    rust.push('[');
    if let Some(not) = rest.next_if_eq(&'^') {
        rust.push(not);
    }
    // As the first character the bracket means itself.
    if rest.next_if_eq(&']').is_some() {
        rust.push_str("\\]");
    }
    while let Some(it) = rest.next() {
        match it {
            '\\' => match rest.next() {
                // In a class Python reads an octal number or a backspace.
                Some('b') => rust.push_str("\\x08"),
                Some(it) if !it.is_ascii() || it == '<' || it == '>' => rust.push(it),
                Some(it) => rust.extend(['\\', it]),
                None => rust.push('\\'),
            },
            ']' => {
                rust.push(']');
                return Ok(());
            }
            '[' | '&' | '~' => rust.extend(['\\', it]),
            '-' if rest.peek() == Some(&'-') => rust.push_str("\\-"),
            it => rust.push(it),
        }
    }
    Err(PatternError::Invalid { what: "a `[` is not closed".to_owned() })
}

/// What a group would ask for beyond what can be had; `rest` stands behind its bracket.
fn group(rest: &Peekable<Chars<'_>>) -> Result<(), PatternError> {
    let head: String = rest.clone().take(3).collect();
    if ["?=", "?!", "?<=", "?<!"].into_iter().any(|it| head.starts_with(it)) {
        return Err(PatternError::LookAround);
    }
    if head.starts_with("?P=") || head.starts_with("?(") {
        return Err(PatternError::GroupReference);
    }
    if head.starts_with("?>") { Err(PatternError::Possessive) } else { Ok(()) }
}

/// `{2}`, `{2,}`, `{,3}`, `{2,3}` behind the brace: how many characters, and how Rust writes it.
fn repetition(rest: &Peekable<Chars<'_>>) -> Option<(usize, String)> {
    let text: String = rest.clone().take_while(|it| it.is_ascii_digit() || *it == ',').collect();
    let closes = rest.clone().nth(text.len()) == Some('}');
    let (least, most) = text.split_once(',').unwrap_or((&text, ""));
    if !closes || text.is_empty() || most.contains(',') {
        return None;
    }
    let written = match (least, text.contains(',')) {
        ("", _) => format!("{{0,{most}}}"),
        _ => format!("{{{text}}}"),
    };
    Some((text.len() + 1, written))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, text: &str) -> bool {
        Pattern::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}")).fits(text)
    }

    #[test]
    fn a_pattern_is_searched_for_anywhere_and_a_star_is_any_text() {
        for (pattern, text) in [
            ("logs", "ci-logs-replica"),
            (".+-logs", "ci-logs"),
            ("*", ""),
            ("", "x"),
            ("^ci-*-logs$", "ci-eu-logs"),
            ("project=test|project=stage", "team=a | project=stage"),
            ("StackSet-AWSControlTower*", "StackSet-AWSControlTowerBP-1"),
            ("^[0-9]*$", "7 and more"),
            // The star replaces nothing but itself, so that the backslash escapes a full stop.
            (r"a\*", "a..."),
            ("語*", "日本語"),
            ("a{b}", "a{b}"),
            ("^a{,2}$", "aa"),
            (r"^x\Z", "x"),
            ("[[]", "["),
            ("[a&&b]", "&"),
            ("[]x]", "]"),
            ("<root_account>", "<root_account>"),
            (r"\<root", "<root"),
            ("^a+?b??$", "aab"),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("^logs", "ci-logs"),
            // `.*` becomes `..*`: at least one character.
            ("^.*$", ""),
            ("Logs", "logs"),
            ("i-1", "i-2"),
            ("^a{,2}$", "aaa"),
        ] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn what_takes_another_engine_is_refused_with_the_reason() {
        for (pattern, error) in [
            ("^(?!prod-)", PatternError::LookAround),
            ("(?<=a)b", PatternError::LookAround),
            (r"(a)\1", PatternError::GroupReference),
            ("(?P<n>a)(?P=n)", PatternError::GroupReference),
            ("a++", PatternError::Possessive),
            ("(?>a)", PatternError::Possessive),
            ("(a{1000}){1000}", PatternError::TooLarge),
        ] {
            assert_eq!(Pattern::new(pattern).map(|_| ()).unwrap_err(), error, "{pattern}");
        }
        for broken in ["(a", "a)", "[a", "a\\", "+a", r"\q"] {
            assert!(matches!(Pattern::new(broken), Err(PatternError::Invalid { .. })), "{broken}");
        }
    }

    #[test]
    fn a_pattern_that_makes_others_wait_for_ever_is_matched_in_no_time() {
        let text = "a".repeat(50_000) + "!";
        assert!(!fits("^(a+)+$", &text) && !fits("^(a|a)+$", &text));
    }

    #[test]
    fn what_fits_everything_is_known_however_it_is_written() {
        for pattern in ["*", "", ".*", "^.*$", ".+", "**", "(a|.*)"] {
            assert!(Pattern::new(pattern).unwrap().is_everything(), "{pattern}");
        }
        for pattern in ["a", "^$", "^.$", "a*", "prod-*|dev-*"] {
            assert!(!Pattern::new(pattern).unwrap().is_everything(), "{pattern}");
        }
    }
}
