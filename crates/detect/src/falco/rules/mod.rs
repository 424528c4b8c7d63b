//! Files of Falco's rules: lists, macros and rules, with what later files append to them and replace.
//!
//! A mistake is told with its place and leaves one item out; the rest is loaded. Codes are those that Falco prints.
//!
//! Source: <https://falco.org/docs/concepts/rules/>

mod collect;
mod decode;
mod exceptions;
mod overrides;
mod resolve;
mod rule_items;
#[cfg(test)]
mod tests;
mod versions;
mod warnings;
mod written;

use std::collections::BTreeSet;
use std::sync::Arc;

use yagura_model::{Diagnostic, Level, Place};

use super::condition::Expression;
use crate::yaml;
use collect::Collected;

/// How urgent a rule is, as Falco says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// For debugging.
    Debug,
    /// For information.
    Informational,
    /// Worth a note.
    Notice,
    /// A warning.
    Warning,
    /// Something is wrong.
    Error,
    /// Something important is wrong.
    Critical,
    /// Somebody must act now.
    Alert,
    /// Nothing works any more.
    Emergency,
}

impl Priority {
    /// From the most urgent, with the words that files may use.
    const WORDS: [(Self, &'static [&'static str]); 8] = [
        (Self::Emergency, &["emergency"]),
        (Self::Alert, &["alert"]),
        (Self::Critical, &["critical"]),
        (Self::Error, &["error"]),
        (Self::Warning, &["warning"]),
        (Self::Notice, &["notice"]),
        (Self::Informational, &["informational", "info"]),
        (Self::Debug, &["debug"]),
    ];

    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(it, _)| *it == self).map_or("debug", |(_, words)| words[0])
    }

    /// The word, in any case.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.to_lowercase();
        Self::WORDS.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(it, _)| *it)
    }
}

/// A rule, with its lists, macros and exceptions put in.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// What kind of events it is about: `syscall`, `aws_cloudtrail`, `k8s_audit`...
    pub source: String,
    /// What it looks for.
    pub description: String,
    /// What it says, with `%field`.
    pub output: String,
    /// How urgent it is.
    pub priority: Priority,
    /// Its tags.
    pub tags: BTreeSet<String>,
    /// Whether it is used.
    pub enabled: bool,
    /// When it matches.
    pub condition: Expression,
    /// The file.
    pub file: Arc<str>,
    /// Where it begins.
    pub at: Place,
}

/// Which sources and fields there are.
pub trait Fields {
    /// Whether rules may be about such events.
    fn has_source(&self, source: &str) -> bool;

    /// Whether a field can be asked for in events of a source; the error is for people.
    ///
    /// # Errors
    ///
    /// There is no such field, or not with (or without) an argument.
    fn check_field(&self, source: &str, name: &str, argument: Option<&str>) -> Result<(), String>;

    /// Whether a condition can be evaluated over events of a source.
    ///
    /// # Errors
    ///
    /// What is wrong, and where.
    fn check(&self, source: &str, condition: &Expression) -> Result<(), super::condition::ConditionError>;
}

/// What was loaded.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The rules without mistakes, also those that are switched off, in the order of their first definition.
    pub rules: Vec<Rule>,
    /// Every error and warning.
    pub diagnostics: Vec<Diagnostic>,
}

/// Loads files, one after the other: the order matters, because later ones change what earlier ones define.
#[derive(Debug, Default)]
pub struct Loader {
    collected: Collected,
    diagnostics: Vec<Diagnostic>,
    /// Items that change what comes later, with their files; `None` where the order of the files was chosen.
    early: Option<Vec<(Arc<str>, yaml::Node)>>,
}

impl Loader {
    /// A loader that has seen no file.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A loader of files in no chosen order, such as those of a directory: what changes something that only a later file defines waits
    /// for it.
    #[must_use]
    pub fn unordered() -> Self {
        Self { early: Some(Vec::new()), ..Self::default() }
    }

    /// Takes a file in; `file` is how a person can open it.
    pub fn file(&mut self, file: &str, text: &str, fields: &dyn Fields) {
        let file: Arc<str> = Arc::from(file);
        let documents = match yaml::read(text) {
            Ok(documents) => documents,
            Err(wrong) => {
                let wrong = Problem::new(wrong.at, Code::YamlParse, wrong.message);
                self.diagnostics.push(wrong.told(&file));
                return;
            }
        };
        for document in documents {
            let yaml::Kind::Sequence(items) = &document.kind else {
                let message = format!("a file of rules is a list of items; this is {}", document.describe());
                self.diagnostics.push(Problem::new(document.at, Code::YamlValidate, message).told(&file));
                continue;
            };
            for item in items.iter().filter(|it| !matches!(it.kind, yaml::Kind::Null)) {
                self.item(&file, item, fields);
            }
        }
    }

    fn item(&mut self, file: &Arc<str>, item: &yaml::Node, fields: &dyn Fields) {
        let mut warnings = Vec::new();
        match (self.collected.item(file, item, fields, &mut warnings), &mut self.early) {
            (Err(wrong), Some(early)) if wrong.is_early => {
                early.push((Arc::clone(file), item.clone()));
                return;
            }
            (Err(wrong), _) => warnings.push(wrong),
            (Ok(()), _) => {}
        }
        self.diagnostics.extend(warnings.into_iter().map(|it| it.told(file)));
    }

    /// Puts lists, macros and exceptions into the rules.
    #[must_use]
    pub fn finish(mut self, fields: &dyn Fields) -> Loaded {
        for (file, item) in self.early.take().into_iter().flatten() {
            self.item(&file, &item, fields);
        }
        let mut loaded = resolve::resolve(&self.collected, fields);
        let mut diagnostics = self.diagnostics;
        diagnostics.append(&mut loaded.diagnostics);
        Loaded { diagnostics, ..loaded }
    }
}

/// What Falco calls a mistake or a doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Code {
    YamlParse,
    YamlValidate,
    Validate,
    CompileCondition,
    CompileOutput,
    UnknownSource,
    UnsafeNaCheck,
    NoEventType,
    UnknownFilter,
    UnusedMacro,
    UnusedList,
    UnknownItem,
    DeprecatedItem,
    AppendNoValues,
    ExceptionNameNotUnique,
    InvalidMacroName,
    InvalidListName,
    UnknownKey,
}

impl Code {
    fn as_str(self) -> &'static str {
        match self {
            Self::YamlParse => "LOAD_ERR_YAML_PARSE",
            Self::YamlValidate => "LOAD_ERR_YAML_VALIDATE",
            Self::Validate => "LOAD_ERR_VALIDATE",
            Self::CompileCondition => "LOAD_ERR_COMPILE_CONDITION",
            Self::CompileOutput => "LOAD_ERR_COMPILE_OUTPUT",
            Self::UnknownSource => "LOAD_UNKNOWN_SOURCE",
            Self::UnsafeNaCheck => "LOAD_UNSAFE_NA_CHECK",
            Self::NoEventType => "LOAD_NO_EVTTYPE",
            Self::UnknownFilter => "LOAD_UNKNOWN_FILTER",
            Self::UnusedMacro => "LOAD_UNUSED_MACRO",
            Self::UnusedList => "LOAD_UNUSED_LIST",
            Self::UnknownItem => "LOAD_UNKNOWN_ITEM",
            Self::DeprecatedItem => "LOAD_DEPRECATED_ITEM",
            Self::AppendNoValues => "LOAD_APPEND_NO_VALUES",
            Self::ExceptionNameNotUnique => "LOAD_EXCEPTION_NAME_NOT_UNIQUE",
            Self::InvalidMacroName => "LOAD_INVALID_MACRO_NAME",
            Self::InvalidListName => "LOAD_INVALID_LIST_NAME",
            Self::UnknownKey => "LOAD_UNKNOWN_KEY",
        }
    }

    fn level(self) -> Level {
        if self.as_str().starts_with("LOAD_ERR") { Level::Error } else { Level::Warning }
    }
}

/// Something wrong in a file.
#[derive(Debug, Clone)]
struct Problem {
    at: Place,
    code: Code,
    message: String,
    help: Option<String>,
    /// Whether it changes what nothing has defined yet.
    is_early: bool,
}

impl Problem {
    fn new(at: Place, code: Code, message: impl Into<String>) -> Self {
        Self { at, code, message: message.into(), help: None, is_early: false }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    fn told(self, file: &str) -> Diagnostic {
        Diagnostic {
            file: file.to_owned(),
            place: Some(self.at),
            level: self.code.level(),
            code: self.code.as_str(),
            message: self.message,
            help: self.help,
        }
    }
}
