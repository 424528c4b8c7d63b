//! Runs the examples of a detection.

use std::collections::HashMap;
use std::sync::Arc;

use yagura_model::{Confidence, Diagnostic, Level, Timestamp};

use super::{Example, PackDetection, Tested};
use crate::engine::{Detection, Engine};
use crate::event::Event;
use crate::falco::{self, FieldTable};
use crate::novelty::{self, Profile, SubjectKey};
use crate::sigma::{self, Correlations, Limits};
use crate::source::Source;
use crate::yaml::{self, Kind};

/// The rules of a file.
struct Rules {
    falco: Vec<falco::rules::Rule>,
    sigma: Vec<sigma::Rule>,
    correlations: Vec<sigma::Correlation>,
    diagnostics: Vec<Diagnostic>,
}

impl Rules {
    fn read(shown: &str, text: &str, fields: &FieldTable) -> Self {
        let is_falco = yaml::read(text)
            .is_ok_and(|it| it.first().is_some_and(|it| matches!(it.kind, Kind::Sequence(_))));
        if is_falco {
            let mut loader = falco::rules::Loader::new();
            loader.file(shown, text, fields);
            let loaded = loader.finish(fields);
            let (sigma, correlations) = (Vec::new(), Vec::new());
            Self { falco: loaded.rules, sigma, correlations, diagnostics: loaded.diagnostics }
        } else {
            let loaded = sigma::load(shown, text);
            let (sigma, correlations) = (loaded.rules, loaded.correlations);
            Self { falco: Vec::new(), sigma, correlations, diagnostics: loaded.diagnostics }
        }
    }

    /// What kind of events they are about; `None` without a rule.
    fn source(&self) -> Option<Option<Source>> {
        let of_sigma =
            |it: &sigma::Rule| Source::ALL.into_iter().find(|source| source.is_meant_by(it.source()));
        let of_falco =
            |it: &falco::rules::Rule| Source::ALL.into_iter().find(|source| source.falco() == it.source);
        self.falco.first().map(of_falco).or_else(|| self.sigma.first().map(of_sigma))
    }
}

/// Runs the examples of a file. A file without them is told.
#[must_use]
pub fn test(shown: &str, text: &str, fields: &FieldTable) -> Tested {
    let mut tested = Tested::default();
    let mut rules = Rules::read(shown, text, fields);
    tested.diagnostics.append(&mut rules.diagnostics);
    let detection = match PackDetection::read(shown, text) {
        Ok(detection) => detection,
        Err(diagnostic) => {
            tested.diagnostics.push(diagnostic);
            return tested;
        }
    };
    let mut tell = |message: String| {
        tested.diagnostics.push(Diagnostic {
            file: shown.to_owned(),
            place: None,
            level: Level::Error,
            code: "detections/example",
            message,
            help: None,
        });
    };
    let Some(source) = rules.source() else { return tested };
    let Some(source) = source else {
        tell("the rule is about no source of events that is known".to_owned());
        return tested;
    };
    for wanted in [true, false] {
        if !detection.yagura.examples.iter().any(|it| it.matches == wanted) {
            let which = if wanted { "matches" } else { "does not match" };
            tell(format!("there is no example that {which}"));
        }
    }
    let places = Arc::new(detection.yagura.places.clone());
    let engine = Engine::new(source, &rules.falco, &rules.sigma, fields).with_places(places);
    for example in &detection.yagura.examples {
        if example.event.is_some() != example.events.is_empty() {
            tell(format!("the example `{}` needs either `event` or `events`", example.name));
            continue;
        }
        let matched = matches(example, &engine, &rules.correlations);
        if matched == example.matches {
            tested.right += 1;
        } else {
            tested.wrong += 1;
            let is = if matched { "matches, but should not" } else { "does not match, but should" };
            tell(format!("the example `{}` {is}", example.name));
        }
    }
    tested
}

/// Whether a match counts: when something has to be new, it must be, and enough must be known to say so.
fn counts(
    rule: &Detection,
    engine: &Engine,
    event: &Event<'_>,
    profiles: &mut HashMap<SubjectKey, Profile>,
) -> bool {
    if rule.new_of().is_none() {
        return true;
    }
    let Some(novel) = engine.novel(rule, event) else { return false };
    let day = novelty::day(novel.time.unwrap_or(Timestamp::UNIX_EPOCH));
    novel.see(day, profiles) > Some(Confidence::Low)
}

/// Whether one of the events matches, or they complete a correlation together.
fn matches(example: &Example, engine: &Engine, correlations: &[sigma::Correlation]) -> bool {
    let mut correlations = Correlations::new(correlations.to_vec(), Limits::default());
    let (mut matched, mut profiles) = (false, HashMap::new());
    for event in example.given() {
        let raw = event.to_string();
        let Ok(event) = engine.read(raw.as_bytes()) else { continue };
        let mut fed = Vec::new();
        engine.matches_and_feeds(
            &event,
            |it| matched |= counts(it, engine, &event, &mut profiles),
            |it| fed.push(it),
        );
        for it in &fed {
            matched |= !correlations.feed(it).is_empty();
        }
    }
    matched
}
