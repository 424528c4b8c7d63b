//! What can be wrong with a rule file, told with its place.

use std::collections::BTreeSet;

use serde_saphyr::Spanned;
use yagura_model::{
    Diagnostic, Fix, Function, Level, Outcome, Place, RuleInfo, RuleText, Severity, Text, UnknownWordError,
};

use super::example::Example;
use super::file::{EXAMPLES, FixFile, RuleFile, TextFile, Translated, without};
use super::{Body, Rule};
use crate::nearest::did_you_mean;
use crate::problems::{self, KeyCodes, Problems, place};

/// The head of a file: what the rule cannot be used without.
pub(super) struct Head<'f> {
    pub(super) path: &'f str,
    pub(super) shown: &'f str,
    pub(super) file: &'f RuleFile,
}

impl Head<'_> {
    pub(super) fn check(&self) -> Result<(), Vec<Diagnostic>> {
        let mut problems = Problems::new(self.shown);
        let id = &self.file.id;
        if !is_kebab_case(&id.value) {
            problems.error(
                place(id.referenced),
                "rule/id",
                format!("`{}` is not a rule id: lower-case letters, digits and `-`", id.value),
                None,
            );
        } else if stem(self.path) != id.value {
            problems.error(
                place(id.referenced),
                "rule/id-and-file",
                format!("the rule `{}` is in a file of another name", id.value),
                Some(format!("call the file `{}.yaml`, or the rule `{}`", id.value, stem(self.path))),
            );
        }
        let resource = &self.file.resource;
        if resource.value.as_str().split("::").count() < 3 {
            problems.error(
                place(resource.referenced),
                "rule/resource",
                format!("`{}` is not a resource type", resource.value),
                Some("a type is written as AWS Config writes it: `AWS::EC2::SecurityGroup`".to_owned()),
            );
        }
        let severities = Severity::ALL.map(|it| it.as_str().to_lowercase());
        problems.word::<Severity>(
            &self.file.severity,
            "rule/severity",
            severities.iter().map(String::as_str),
        );
        let functions = Function::ALL.map(Function::as_str);
        problems.word::<Function>(&self.file.function, "rule/function", functions);
        if problems.found.is_empty() { Ok(()) } else { Err(problems.found) }
    }
}

fn stem(path: &str) -> &str {
    path.rsplit('/').next().and_then(|name| name.strip_suffix(".yaml")).unwrap_or_default()
}

fn is_kebab_case(id: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
    };
    id.split('-').all(part)
}

/// A file that is read in part, but not as a whole.
pub(super) fn unreadable(shown: &str) -> Diagnostic {
    Diagnostic {
        file: shown.to_owned(),
        place: Some(Place { line: 1, column: 1 }),
        level: Level::Error,
        code: "yaml/syntax",
        message: "the keys of the file could not be told apart".to_owned(),
        help: Some("every key of the rule begins its line".to_owned()),
    }
}

/// The YAML reader's sentences, as those of a rule's file.
pub(super) fn explained(diagnostic: Diagnostic) -> Diagnostic {
    problems::explained(diagnostic, &KeyCodes { unknown: "rule/unknown-key", missing: "rule/missing-key" })
}

/// Reads what people read; what is wrong with it, [`body`] tells.
pub(super) fn info(rule: &Rule) -> RuleInfo {
    let file = yagura_packs::parse_text::<RuleFile>(&rule.shown, &without(&rule.source(), &EXAMPLES));
    let Ok(file) = file else { return rule.info_of(Text::default(), Fix::default(), Vec::new()) };
    let mut problems = Problems::new(&rule.shown);
    let (text, fix) = (problems.text(file.text), problems.fix(file.fix));
    rule.info_of(text, fix, file.references.into_iter().map(|it| it.value).collect())
}

/// Reads the long sections of a rule's file, to check them.
pub(super) fn body(rule: &Rule) -> Result<Body, Diagnostic> {
    let file: RuleFile = yagura_packs::parse_text(&rule.shown, &rule.source())?;
    let mut problems = Problems::new(&rule.shown);
    problems.text(file.text);
    problems.fix(file.fix);
    for reference in &file.references {
        if !reference.value.starts_with("https://") {
            let message = format!("`{}` is not an https address", reference.value);
            problems.warning(place(reference.referenced), "rule/reference", message, None);
        }
    }
    let mut examples = Vec::new();
    for written in file.examples {
        let at = place(written.referenced);
        let expect = &written.value.expect;
        problems.word::<Outcome>(expect, "rule/example", Outcome::ALL.map(Outcome::as_str));
        for name in written.value.params.keys().filter(|name| !rule.params.contains_key(*name)) {
            let help = did_you_mean(name, rule.params.keys().map(String::as_str));
            problems.error(at, "rule/unknown-param", format!("the rule has no parameter `{name}`"), help);
        }
        examples.extend(Example::of(written.value, at, rule));
    }
    problems.examples(rule, &examples);
    Ok(Body { examples, diagnostics: problems.found })
}

impl Problems<'_> {
    /// A word that is one of a few.
    fn word<'w, T: std::str::FromStr<Err = UnknownWordError>>(
        &mut self,
        word: &Spanned<String>,
        code: &'static str,
        known: impl IntoIterator<Item = &'w str>,
    ) {
        if let Err(error) = word.value.parse::<T>() {
            let help = did_you_mean(&word.value, known);
            self.error(place(word.referenced), code, error.to_string(), help);
        }
    }

    fn text(&mut self, text: Option<Spanned<Translated<TextFile>>>) -> Text<RuleText> {
        let Some(text) = text else {
            let message = "the rule has no `text`".to_owned();
            self.warning(Place { line: 1, column: 1 }, "rule/missing-text", message, None);
            return Text::default();
        };
        let at = place(text.referenced);
        let en = self.language("en", text.value.en, at);
        let ja = self.language("ja", text.value.ja, at);
        // A rule that somebody wrote in one language is read in it.
        match (en, ja) {
            (Some(en), Some(ja)) => Text { en, ja },
            (Some(it), None) | (None, Some(it)) => Text { en: it.clone(), ja: it },
            (None, None) => Text::default(),
        }
    }

    fn language(&mut self, lang: &str, text: Option<TextFile>, at: Place) -> Option<RuleText> {
        let Some(text) = text else {
            self.warning(at, "rule/missing-text", format!("the rule has no `text.{lang}`"), None);
            return None;
        };
        let mut said = |key: &str, value: Option<Spanned<String>>| {
            let at = value.as_ref().map_or(at, |it| place(it.referenced));
            let value = value.map(|it| it.value.trim().to_owned()).unwrap_or_default();
            if value.is_empty() {
                self.warning(at, "rule/missing-text", format!("the rule has no `text.{lang}.{key}`"), None);
            } else if lang == "ja" && value.is_ascii() {
                let message = format!("`text.ja.{key}` is not Japanese");
                self.warning(at, "rule/untranslated", message, None);
            }
            value
        };
        Some(RuleText {
            title: said("title", text.title),
            why: said("why", text.why),
            impact_of_fix: said("impact_of_fix", text.impact_of_fix),
        })
    }

    fn fix(&mut self, fix: Option<Spanned<FixFile>>) -> Fix {
        let Some(fix) = fix else {
            let message = "the rule does not say how to `fix` a violation".to_owned();
            self.warning(Place { line: 1, column: 1 }, "rule/missing-text", message, None);
            return Fix::default();
        };
        let at = place(fix.referenced);
        let steps = fix.value.steps.unwrap_or(Translated { en: None, ja: None });
        let mut said = |lang: &str, steps: Option<Vec<String>>| {
            let steps = steps.unwrap_or_default();
            if steps.iter().all(|step| step.trim().is_empty()) {
                self.warning(at, "rule/missing-text", format!("the rule has no `fix.steps.{lang}`"), None);
            }
            steps
        };
        let (en, ja) = (said("en", steps.en), said("ja", steps.ja));
        if !en.is_empty() && !ja.is_empty() && en.len() != ja.len() {
            let message =
                format!("`fix.steps` has {} steps in English and {} in Japanese", en.len(), ja.len());
            self.warning(at, "rule/untranslated", message, None);
        }
        let steps = match (en.is_empty(), ja.is_empty()) {
            (true, false) => Text { en: ja.clone(), ja },
            (false, true) => Text { ja: en.clone(), en },
            _ => Text { en, ja },
        };
        Fix { steps, cli: fix.value.cli, repair: fix.value.repair }
    }

    /// That every answer the rule can give is shown by an example.
    fn examples(&mut self, rule: &Rule, examples: &[Example]) {
        let top = Place { line: 1, column: 1 };
        if examples.is_empty() {
            self.warning(top, "rule/no-example", "the rule has no examples".to_owned(), None);
            return;
        }
        let shown: BTreeSet<Outcome> = examples.iter().map(|it| it.expect).collect();
        let mut wanted = vec![Outcome::Compliant, Outcome::NonCompliant];
        if rule.conditions.when.is_some() {
            wanted.push(Outcome::NotApplicable);
        }
        for outcome in wanted.into_iter().filter(|it| !shown.contains(it)) {
            let message = format!("no example of the rule is {outcome}");
            self.warning(top, "rule/no-example", message, None);
        }
    }
}
