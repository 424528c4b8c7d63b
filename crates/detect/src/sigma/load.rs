//! Sigma files: read document by document, so that a mistake is told where it stands and the other rules are loaded. Filters,
//! correlations and pipelines may stand in other files than the rules that they are about.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use rsigma_eval::pipeline::{apply_pipelines, merge_pipelines};
use rsigma_eval::{CompiledRule, Pipeline};
use rsigma_parser::{LogSource, SigmaParserError, SigmaRule, parse_condition, parse_sigma_yaml};
use yagura_model::{Diagnostic, Level, Place};

use super::correlation::{self, Correlation, Draft};
use super::filters::{self, Filter};
use super::meaning::{self, MeaningError};
use super::pipelines;
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
    /// Whether its matches are told. Those of a rule that serves a correlation are not, unless the correlation says `generate: true`.
    pub shown: bool,
    /// What correlations read of an event that it matches; `None` when none asks for it.
    pub fed: Option<Vec<Arc<str>>>,
}

/// What of a file decides whether its rule matches, for files whose texts and examples were looked at before: reading those, and
/// forgetting them, takes most of the time of a start. Lines stay where they are.
#[must_use]
pub fn rule_alone(text: &str) -> Cow<'_, str> {
    match texts(text) {
        Some(place) if !text[place.clone()].contains("\n  new:") => blanked(text, place),
        _ => Cow::Borrowed(text),
    }
}

/// The key on top of Sigma whose texts the library need not read. Lines stay where they are.
fn without_texts(text: &str) -> Cow<'_, str> {
    texts(text).map_or(Cow::Borrowed(text), |place| blanked(text, place))
}

/// Where the key on top of Sigma stands, with all that is in it.
fn texts(text: &str) -> Option<Range<usize>> {
    let start = if text.starts_with("yagura:") { 0 } else { text.find("\nyagura:")? + 1 };
    let inside = |line: &&str| line.starts_with([' ', '\t', '\n', '\r', '#']);
    let mut lines = text[start..].split_inclusive('\n');
    let length = lines.next().map_or(0, str::len) + lines.take_while(inside).map(str::len).sum::<usize>();
    Some(start..start + length)
}

fn blanked(text: &str, place: Range<usize>) -> Cow<'_, str> {
    let lines = text[place.clone()].matches('\n').count();
    Cow::Owned([&text[..place.start], &"\n".repeat(lines), &text[place.end..]].concat())
}

impl Rule {
    /// What kind of events it is about.
    #[must_use]
    pub fn source(&self) -> &LogSource {
        &self.compiled.logsource
    }
}

/// What files hold.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The rules without mistakes.
    pub rules: Vec<Rule>,
    /// The correlations without mistakes, those that others refer to first.
    pub correlations: Vec<Correlation>,
    /// How many filters there are.
    pub filters: usize,
    /// Every mistake.
    pub diagnostics: Vec<Diagnostic>,
}

/// Something that stands in a file.
#[derive(Debug)]
pub(super) struct Written<T> {
    pub(super) content: T,
    pub(super) file: String,
    pub(super) at: Place,
    /// Of a rule, where its conditions stand.
    pub(super) condition: Option<Place>,
    /// Of a rule, what has to be new.
    pub(super) new: Option<New>,
}

/// Reads files, one after the other.
#[derive(Debug, Default)]
pub struct Loader {
    rules: Vec<Written<SigmaRule>>,
    drafts: Vec<Draft>,
    filters: Vec<Filter>,
    pipelines: Vec<Pipeline>,
    diagnostics: Vec<Diagnostic>,
}

/// Reads a file; `file` is how a person can open it.
#[must_use]
pub fn load(file: &str, text: &str) -> Loaded {
    let mut loader = Loader::default();
    loader.file(file, text);
    loader.finish()
}

pub(super) fn told(file: &str, place: Option<Place>, code: &'static str, message: String) -> Diagnostic {
    Diagnostic { file: file.to_owned(), place, level: Level::Error, code, message, help: None }
}

/// The texts of a list, or one text, with their places.
pub(super) fn entries(node: &Node) -> Vec<(String, Place)> {
    let all = match &node.kind {
        Kind::Sequence(all) => all.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let text = |it: &Node| match &it.kind {
        Kind::Scalar(scalar) => Some((scalar.text.clone(), it.at)),
        _ => None,
    };
    all.iter().filter_map(text).collect()
}

impl Loader {
    /// Reads a pipeline: it changes every rule, and those of lower priority go first.
    pub fn pipeline(&mut self, file: &str, text: &str) {
        let (pipeline, mut mistakes) = pipelines::read(file, text);
        self.pipelines.extend(pipeline);
        self.diagnostics.append(&mut mistakes);
    }

    /// Reads rules, correlations and filters.
    pub fn file(&mut self, file: &str, text: &str) {
        let documents = match yaml::read(text) {
            Ok(documents) => documents,
            Err(wrong) => {
                self.diagnostics.push(told(file, Some(wrong.at), "sigma/yaml", wrong.message));
                return;
            }
        };
        // Documents that share parts (`action: global`) only mean something together.
        let together = documents.iter().any(|it| it.get("action").is_some());
        for document in &documents {
            let part = &text[document.span.clone()];
            if document.get("correlation").is_some() {
                match correlation::read(file, document) {
                    Ok(draft) => self.drafts.push(draft),
                    Err(mut mistakes) => self.diagnostics.append(&mut mistakes),
                }
            } else if document.get("filter").is_some() {
                match filters::read(file, document, part) {
                    Ok(filter) => self.filters.push(filter),
                    Err(mut mistakes) => self.diagnostics.append(&mut mistakes),
                }
            } else if !together {
                self.rules(file, part, Some(document.at), Some(document));
            }
        }
        if together {
            if let Some(new) = documents.iter().find_map(|it| it.get("yagura")?.get("new")) {
                let message = "`new` cannot be used in a file with `action`".to_owned();
                self.diagnostics.push(told(file, Some(new.at), "sigma/new", message));
                return;
            }
            self.rules(file, text, documents.first().map(|it| it.at), None);
        }
    }

    fn rules(&mut self, file: &str, text: &str, at: Option<Place>, document: Option<&Node>) {
        let collection = match parse_sigma_yaml(&without_texts(text)) {
            Ok(collection) => collection,
            Err(error) => {
                self.diagnostics.push(told(file, at, "sigma/rule", error.to_string()));
                return;
            }
        };
        for message in &collection.errors {
            // A condition knows where it is wrong.
            let condition = document.and_then(|it| condition_error(file, it));
            self.diagnostics.push(condition.unwrap_or_else(|| told(file, at, "sigma/rule", message.clone())));
        }
        let condition = document.and_then(|it| it.get("detection")?.get("condition")).map(|it| it.at);
        let extra = document.and_then(|it| it.get("yagura")?.get("new"));
        let new = match extra.map(New::read).transpose() {
            Ok(new) => new,
            Err((at, wrong)) => {
                self.diagnostics.push(told(file, Some(at), "sigma/new", wrong));
                return;
            }
        };
        for content in collection.rules {
            let at = at.unwrap_or(Place { line: 1, column: 1 });
            self.rules.push(Written { content, file: file.to_owned(), at, condition, new: new.clone() });
        }
    }

    /// Puts everything together. As in pySigma, filters are added before pipelines change the rules.
    #[must_use]
    pub fn finish(mut self) -> Loaded {
        merge_pipelines(&mut self.pipelines);
        self.diagnostics.append(&mut filters::check(&mut self.filters, &self.pipelines));
        self.diagnostics.append(&mut filters::apply(&self.filters, &mut self.rules));
        let mut loaded = Loaded { filters: self.filters.len(), ..Loaded::default() };
        let mut known = Vec::new();
        for mut rule in self.rules {
            if let Err(error) = apply_pipelines(&self.pipelines, &mut rule.content) {
                let message = format!("a pipeline refuses the rule: {error}");
                self.diagnostics.push(told(&rule.file, Some(rule.at), "sigma/pipeline", message));
                continue;
            }
            match meaning::compile(&rule.content) {
                Ok(compiled) => {
                    let content = &rule.content;
                    let name = content.id.clone().unwrap_or_else(|| content.title.clone());
                    known.push((content.id.clone(), content.name.clone()));
                    let (file, at, new) = (rule.file, rule.at, rule.new);
                    loaded.rules.push(Rule { name, compiled, file, at, new, shown: true, fed: None });
                }
                Err(error) => self.diagnostics.push(refused(&rule, &error)),
            }
        }
        loaded.correlations = correlation::resolve(
            self.drafts,
            &known,
            &mut loaded.rules,
            &self.pipelines,
            &mut self.diagnostics,
        );
        for rule in loaded.rules.iter_mut().filter(|it| it.new.is_some() && it.fed.is_some()) {
            // Whether something is new is known later than correlations count.
            let message = "a correlation cannot count a rule with `new`".to_owned();
            self.diagnostics.push(told(&rule.file, Some(rule.at), "sigma/new", message));
            (rule.fed, rule.shown) = (None, true);
        }
        loaded.diagnostics = self.diagnostics;
        loaded
    }
}

fn refused(rule: &Written<SigmaRule>, error: &MeaningError) -> Diagnostic {
    let (place, code, help) = match error {
        MeaningError::NoSelection(_) => (rule.condition.unwrap_or(rule.at), "sigma/condition", None),
        MeaningError::Placeholder(_) => {
            let help = "give `--pipeline FILE` with a transformation `value_placeholders`";
            (rule.at, "sigma/placeholder", Some(help.to_owned()))
        }
        _ => (rule.at, "sigma/rule", None),
    };
    Diagnostic { help, ..told(&rule.file, Some(place), code, error.to_string()) }
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
        let offset = error.location().map(|it| it.col.saturating_sub(1) as usize);
        let place = offset.map_or(node.at, |it| scalar.place(it));
        let rest = offset.and_then(|it| scalar.text.get(it..)).unwrap_or_default();
        if rest.starts_with('|') {
            let message = "aggregations behind `|` are no part of Sigma any more".to_owned();
            let help = "count with a correlation rule (`correlation: { type: event_count, ... }`) that refers to this one";
            let help = Some(help.to_owned());
            return Some(Diagnostic { help, ..told(file, Some(place), "sigma/condition", message) });
        }
        let message = match error {
            SigmaParserError::Condition(message, _) => expected(&message),
            other => other.to_string(),
        };
        Some(told(file, Some(place), "sigma/condition", message))
    })
}
