//! Detections of the packs: rules with the texts, steps and examples that ours have on top.
//!
//! In a Sigma file they stand under the key `yagura`, which other programs ignore; in a file of Falco's, which is warned about keys that it
//! does not know, in a comment ([`commented`]). So the files stay plain Sigma and Falco.

mod commented;
mod examples;

use serde::Deserialize;
use serde_json::Value as Json;
use yagura_model::{Diagnostic, Lang};

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
    fn what_is_missing_is_told_with_its_place() {
        let (.., diagnostics) = told(&FILE.replace("  en: { response: [Start it.] }\n", ""));
        assert!(diagnostics[0].starts_with("d.yaml:"), "{diagnostics:?}");
        assert!(diagnostics[0].contains("en"));
    }
}
