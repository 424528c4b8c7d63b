//! Sigma files: read document by document, so that a mistake is told where it stands and the other rules are loaded.

use rsigma_eval::{CompiledRule, compile_rule};
use rsigma_parser::{LogSource, SigmaParserError, parse_condition, parse_sigma_yaml};
use yagura_model::{Diagnostic, Level, Place};

use crate::novelty::New;
use crate::yaml::{self, Kind, Node};

/// A rule that is ready.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its id, else its title.
    pub name: String,
    /// The library's own.
    pub compiled: CompiledRule,
    /// The file.
    pub file: String,
    /// Where it begins.
    pub at: Place,
    /// What has to be new for a match to count.
    pub new: Option<New>,
}

impl Rule {
    /// What kind of events it is about.
    #[must_use]
    pub fn source(&self) -> &LogSource {
        &self.compiled.logsource
    }
}

/// What a file holds.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The rules without mistakes.
    pub rules: Vec<Rule>,
    /// How many correlations and filters were read; they are not evaluated yet.
    pub others: usize,
    /// Every mistake.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a file; `file` is how a person can open it.
#[must_use]
pub fn load(file: &str, text: &str) -> Loaded {
    let mut loaded = Loaded::default();
    let documents = match yaml::read(text) {
        Ok(documents) => documents,
        Err(wrong) => {
            loaded.diagnostics.push(told(file, Some(wrong.at), "sigma/yaml", wrong.message));
            return loaded;
        }
    };
    // Documents that share parts (`action: global`) only mean something together.
    if documents.iter().any(|it| it.get("action").is_some()) {
        let at = documents.first().map(|it| it.at);
        one(file, text, at, None, &mut loaded);
        return loaded;
    }
    for document in &documents {
        one(file, &text[document.span.clone()], Some(document.at), Some(document), &mut loaded);
    }
    loaded
}

fn told(file: &str, place: Option<Place>, code: &'static str, message: String) -> Diagnostic {
    Diagnostic { file: file.to_owned(), place, level: Level::Error, code, message, help: None }
}

fn one(file: &str, text: &str, at: Option<Place>, document: Option<&Node>, loaded: &mut Loaded) {
    let collection = match parse_sigma_yaml(text) {
        Ok(collection) => collection,
        Err(error) => {
            loaded.diagnostics.push(told(file, at, "sigma/rule", error.to_string()));
            return;
        }
    };
    for message in &collection.errors {
        // A condition knows where it is wrong.
        let condition = document.and_then(|it| condition_error(file, it));
        loaded.diagnostics.push(condition.unwrap_or_else(|| told(file, at, "sigma/rule", message.clone())));
    }
    loaded.others += collection.correlations.len() + collection.filters.len();
    for rule in &collection.rules {
        match compile_rule(rule) {
            Ok(compiled) => {
                let new = match New::read(compiled.custom_attributes.get("yagura").unwrap_or_default()) {
                    Ok(new) => new,
                    Err(wrong) => {
                        let message = format!("`new` under `yagura` cannot be used: {wrong}");
                        loaded.diagnostics.push(told(file, at, "sigma/new", message));
                        continue;
                    }
                };
                let name = rule.id.clone().unwrap_or_else(|| rule.title.clone());
                let at = at.unwrap_or(Place { line: 1, column: 1 });
                loaded.rules.push(Rule { name, compiled, file: file.to_owned(), at, new });
            }
            Err(error) => loaded.diagnostics.push(told(file, at, "sigma/rule", error.to_string())),
        }
    }
}

/// What the library expected instead, out of its drawing of the place.
fn expected(message: &str) -> String {
    let Some((_, expected)) = message.rsplit_once("= expected ") else {
        return message.split_whitespace().collect::<Vec<_>>().join(" ");
    };
    let words = [("EOI", "the end"), ("or_op", "`or`"), ("and_op", "`and`"), ("not_op", "`not`")];
    let words =
        words.iter().fold(expected.trim().to_owned(), |text, (theirs, ours)| text.replace(theirs, ours));
    format!("the condition goes on in a way that Sigma does not know: {words} is expected")
}

/// The mistake in a condition of the document, with its place in the file.
fn condition_error(file: &str, document: &Node) -> Option<Diagnostic> {
    let condition = document.get("detection")?.get("condition")?;
    let all = match &condition.kind {
        Kind::Sequence(all) => all.as_slice(),
        _ => std::slice::from_ref(condition),
    };
    all.iter().find_map(|node| {
        let Kind::Scalar(scalar) = &node.kind else { return None };
        let error = parse_condition(&scalar.text).err()?;
        let place = match error.location() {
            Some(location) => scalar.place(location.col.saturating_sub(1) as usize),
            None => node.at,
        };
        let message = match error {
            SigmaParserError::Condition(message, _) => expected(&message),
            other => other.to_string(),
        };
        Some(told(file, Some(place), "sigma/condition", message))
    })
}
