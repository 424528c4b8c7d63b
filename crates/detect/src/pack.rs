//! Detections of the packs: rules with the texts, steps and examples that ours have on top.
//!
//! In a Sigma file they stand under the key `yagura`, which other programs ignore; in a file of Falco's, which is warned about keys that it
//! does not know, in a comment (`commented`). So the files stay plain Sigma and Falco.

mod commented;
mod examples;

use serde::Deserialize;
use serde_json::Value as Json;
use yagura_model::{Diagnostic, Lang};

use crate::places::FixedPlaces;
use crate::yaml::{self, Kind};
pub use examples::test;

/// A detection with everything that people read about it.
#[derive(Debug, Clone, Deserialize)]
pub struct PackDetection {
    /// The title, in English.
    pub title: String,
    /// Sigma's id: a UUID.
    pub id: String,
    /// Our short name: the file's.
    pub name: String,
    /// What it means, in English.
    pub description: String,
    /// How urgent it is, as Sigma says it.
    pub level: String,
    /// ATT&CK tactics and techniques.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Where to read on.
    #[serde(default)]
    pub references: Vec<String>,
    /// What looks like it and is none, in English.
    #[serde(default)]
    pub falsepositives: Vec<String>,
    /// What ours have on top.
    pub yagura: Extra,
}

/// The key `yagura`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extra {
    /// What English lacks in Sigma.
    pub en: Response,
    /// Everything in Japanese.
    pub ja: Translated,
    /// Events that match, and events that do not.
    pub examples: Vec<Example>,
    /// What has to be new: the rule's loader reads it.
    #[serde(default)]
    pub new: Option<Json>,
    /// What examples know of addresses.
    #[serde(default)]
    pub places: FixedPlaces,
}

/// What to do about a match.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The steps, in order.
    pub response: Vec<String>,
}

/// The texts in another language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Translated {
    /// The title.
    pub title: String,
    /// What it means.
    pub description: String,
    /// What looks like it and is none.
    #[serde(default)]
    pub falsepositives: Vec<String>,
    /// What to do, in order.
    pub response: Vec<String>,
}

/// An event, and whether it matches.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// Whether the rule matches.
    #[serde(rename = "match")]
    pub matches: bool,
    /// The event.
    #[serde(default)]
    pub event: Option<Json>,
    /// In its place several, one after the other: for correlations.
    #[serde(default)]
    pub events: Vec<Json>,
    /// How often the events come, all of them each time. A text `{n}` in them is the number of the time, from 1; in a longer text, it
    /// stands in its place.
    #[serde(default)]
    pub repeat: Option<u16>,
}

impl Example {
    /// The events, in order.
    pub fn given(&self) -> impl Iterator<Item = Json> {
        let times = 1..=u64::from(self.repeat.unwrap_or(1));
        times.flat_map(|n| self.event.iter().chain(&self.events).map(move |it| numbered(it, n)))
    }
}

/// An event with the number of its time.
fn numbered(event: &Json, n: u64) -> Json {
    match event {
        Json::String(text) if text == "{n}" => Json::from(n),
        Json::String(text) => Json::from(text.replace("{n}", &n.to_string())),
        Json::Array(items) => items.iter().map(|it| numbered(it, n)).collect(),
        Json::Object(object) => {
            Json::Object(object.iter().map(|(key, it)| (key.clone(), numbered(it, n))).collect())
        }
        other => other.clone(),
    }
}

/// How the examples of a file fared.
#[derive(Debug, Default)]
pub struct Tested {
    /// How many examples are right.
    pub right: usize,
    /// How many are wrong.
    pub wrong: usize,
    /// What is wrong, with its place.
    pub diagnostics: Vec<Diagnostic>,
}

impl PackDetection {
    /// Reads a file of the packs.
    ///
    /// # Errors
    ///
    /// What is missing or unknown, with its place.
    pub fn read(shown: &str, text: &str) -> Result<Self, Diagnostic> {
        let documents = yaml::read(text).unwrap_or_default();
        let mut read: Self = match documents.as_slice() {
            [first, ..] if matches!(first.kind, Kind::Sequence(_)) => commented::read(shown, text, first)?,
            // Of a correlation and the rules that it counts, the one with the texts.
            [_, _, ..] => match documents.iter().find(|it| it.get("yagura").is_some()) {
                Some(document) => {
                    let before = text[..document.span.start].matches('\n').count();
                    let part = &text[document.span.clone()];
                    yagura_packs::parse_text(shown, &("\n".repeat(before) + part))?
                }
                None => yagura_packs::parse_text(shown, text)?,
            },
            _ => yagura_packs::parse_text(shown, text)?,
        };
        let ja = &mut read.yagura.ja;
        let texts = [&mut ja.title, &mut ja.description].into_iter();
        for text in texts.chain(&mut ja.falsepositives).chain(&mut ja.response) {
            *text = yagura_packs::unfold(text);
        }
        Ok(read)
    }

    /// The title in a language.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.title,
            Lang::Ja => &self.yagura.ja.title,
        }
    }

    /// What it means, in a language.
    #[must_use]
    pub fn description(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.description,
            Lang::Ja => &self.yagura.ja.description,
        }
    }

    /// What looks like it and is none, in a language.
    #[must_use]
    pub fn false_positives(&self, lang: Lang) -> &[String] {
        match lang {
            Lang::En => &self.falsepositives,
            Lang::Ja => &self.yagura.ja.falsepositives,
        }
    }

    /// What to do, in a language.
    #[must_use]
    pub fn response(&self, lang: Lang) -> &[String] {
        match lang {
            Lang::En => &self.yagura.en.response,
            Lang::Ja => &self.yagura.ja.response,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::falco::FieldTable;

    const FILE: &str = r#"
title: Trail stopped
id: 4f1d8e0a-0000-4000-8000-000000000001
name: trail-stopped
description: Somebody stopped it.
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: StopLogging, errorCode: null }, condition: s }
level: high
yagura:
  en: { response: [Start it.] }
  ja: { title: 証跡の停止, description: 停止されました。, response: [再開します。] }
  examples:
    - { name: stopped, match: true, event: { eventName: StopLogging } }
    - { name: denied, match: false, event: { eventName: StopLogging, errorCode: AccessDenied } }
"#;

    fn told(text: &str) -> (usize, usize, Vec<String>) {
        let (fields, _) = FieldTable::load(&yagura_packs::Packs::embedded());
        let tested = test("d.yaml", text, &fields);
        (tested.right, tested.wrong, tested.diagnostics.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn examples_hold_a_detection_to_its_word() {
        assert_eq!(told(FILE), (2, 0, vec![]));
        let (right, wrong, diagnostics) = told(&FILE.replace("match: false", "match: true"));
        assert_eq!((right, wrong), (1, 1));
        assert!(diagnostics[0].contains("there is no example that does not match"));
        assert!(diagnostics[1].contains("the example `denied` does not match, but should"));
    }

    #[test]
    fn a_correlation_is_held_to_many_events() {
        let file = FILE
            .replace("logsource: { product: aws, service: cloudtrail }\n", "")
            .replace(
                "detection: { s: { eventName: StopLogging, errorCode: null }, condition: s }",
                "correlation: { type: value_count, rules: [denied], group-by: [user], timespan: 5m, condition: { gte: 3, field: eventName } }",
            );
        let (head, _) = file.split_once("  examples:").unwrap();
        let base = "title: Denied\nid: 4f1d8e0a-0000-4000-8000-000000000002\nname: denied\nlogsource: { product: aws, service: cloudtrail }\ndetection: { s: { errorCode: AccessDenied }, condition: s }\n---";
        let event = r#"{ eventTime: "2026-01-01T00:00:00Z", user: u, eventName: "Get{n}", errorCode: AccessDenied, size: "{n}" }"#;
        let file = format!(
            "{base}{head}  examples:\n    - {{ name: three, match: true, repeat: 3, events: [{event}] }}\n    - {{ name: two, match: false, repeat: 2, events: [{event}] }}\n"
        );
        assert_eq!(told(&file), (2, 0, vec![]));
        let read = PackDetection::read("d.yaml", &file).unwrap();
        let last = read.yagura.examples[0].given().last().unwrap();
        assert_eq!((&last["eventName"], &last["size"]), (&Json::from("Get3"), &Json::from(3)));
        let both = file.replace("repeat: 2", "event: { a: 1 }");
        assert!(told(&both).2[0].contains("the example `two` needs either `event` or `events`"));
    }

    #[test]
    fn what_is_missing_is_told_with_its_place() {
        let (.., diagnostics) = told(&FILE.replace("  en: { response: [Start it.] }\n", ""));
        assert!(diagnostics[0].starts_with("d.yaml:"), "{diagnostics:?}");
        assert!(diagnostics[0].contains("en"));
    }
}
