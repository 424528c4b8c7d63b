//! The sentences of messages: `messages/en.ftl` and `messages/ja.ftl` of the packs, in Mozilla's Fluent.
//!
//! A file of the user's changes the sentences that it holds; the others stay as they came with the program.

use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use thiserror::Error;
use unic_langid::LanguageIdentifier;
use yagura_model::{Diagnostic, Lang, Level, Place};
use yagura_packs::{PackFile, Packs, PacksError};

/// The sentences, ready to be filled in. Cheap to clone.
#[derive(Clone)]
pub struct Texts {
    en: Arc<FluentBundle<FluentResource>>,
    ja: Arc<FluentBundle<FluentResource>>,
}

/// The sentences cannot be used.
#[derive(Debug, Error)]
pub enum TextsError {
    /// A file of the user's cannot be read.
    #[error(transparent)]
    Unreadable(#[from] PacksError),
    /// A file has mistakes.
    #[error("`{file}` has mistakes")]
    Wrong {
        /// The file.
        file: String,
        /// Each of them.
        mistakes: Vec<Diagnostic>,
    },
}

/// What is filled into a sentence.
pub(crate) type Filling<'a> = &'a [(&'a str, &'a str)];

impl Texts {
    /// Reads the sentences of every language.
    ///
    /// # Errors
    ///
    /// [`TextsError`] when a file of the user's cannot be used.
    pub fn load(packs: &Packs) -> Result<Self, TextsError> {
        Ok(Self { en: Arc::new(bundle(packs, Lang::En)?), ja: Arc::new(bundle(packs, Lang::Ja)?) })
    }

    /// A sentence without gaps.
    pub(crate) fn word(&self, lang: Lang, key: &str) -> String {
        self.fill(lang, key, &[])
    }

    /// A sentence with its gaps filled in.
    pub(crate) fn fill(&self, lang: Lang, key: &str, filling: Filling<'_>) -> String {
        let bundle = match lang {
            Lang::En => &self.en,
            Lang::Ja => &self.ja,
        };
        // A test holds every key that is asked for to be there.
        let Some(pattern) = bundle.get_message(key).and_then(|it| it.value()) else { return key.to_owned() };
        let mut arguments = FluentArgs::with_capacity(filling.len());
        for (name, value) in filling {
            arguments.set(*name, FluentValue::from(*value));
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
        for error in errors {
            tracing::warn!(key, %error, "a sentence of a message cannot be filled in");
        }
        text
    }
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Texts").finish_non_exhaustive()
    }
}

fn bundle(packs: &Packs, lang: Lang) -> Result<FluentBundle<FluentResource>, TextsError> {
    // Both are languages; an unknown one would only choose other rules for numbers.
    let name: LanguageIdentifier = lang.as_str().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![name]);
    // Marks around what is filled in are for texts of mixed direction; in subjects and logs they are noise.
    bundle.set_use_isolating(false);
    let path = format!("messages/{lang}.ftl");
    let built_in = Packs::embedded();
    let files = [built_in.file(&path), packs.file(&path).filter(|it| it.is_users())];
    for file in files.into_iter().flatten() {
        bundle.add_resource_overriding(resource(file)?);
    }
    Ok(bundle)
}

fn resource(file: &PackFile) -> Result<FluentResource, TextsError> {
    let wrong = |mistakes| TextsError::Wrong { file: file.shown.clone(), mistakes };
    let mistake = |place, message| Diagnostic {
        file: file.shown.clone(),
        place,
        level: Level::Error,
        code: "messages/syntax",
        message,
        help: None,
    };
    let bytes = file.bytes()?;
    let text =
        String::from_utf8(bytes).map_err(|_| wrong(vec![mistake(None, "it is not in UTF-8".to_owned())]))?;
    FluentResource::try_new(text).map_err(|(resource, errors)| {
        let text = resource.source();
        let mistakes = errors.iter().map(|it| mistake(Some(place(text, it.pos.start)), it.kind.to_string()));
        wrong(mistakes.collect())
    })
}

fn place(text: &str, at: usize) -> Place {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Place { line: u32::try_from(line).unwrap_or(u32::MAX), column: u32::try_from(column).unwrap_or(u32::MAX) }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Every key of a file with the variables in its sentence.
    fn keys(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
        let packs = Packs::embedded();
        let bytes = packs.file(&format!("messages/{lang}.ftl")).unwrap().bytes().unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let sentences = text.lines().filter(|it| !it.starts_with('#')).filter_map(|it| it.split_once(" = "));
        sentences
            .map(|(key, sentence)| {
                let gaps = sentence.split("{ $").skip(1).filter_map(|it| it.split(' ').next());
                (key.to_owned(), gaps.map(str::to_owned).collect())
            })
            .collect()
    }

    #[test]
    fn every_sentence_is_there_in_every_language_with_the_same_gaps() {
        let (en, ja) = (keys(Lang::En), keys(Lang::Ja));
        assert!(en.len() > 40, "the test looks in the wrong place");
        assert_eq!(en, ja);
    }

    #[test]
    fn no_sentence_is_asked_for_that_is_not_there() {
        let known = keys(Lang::En);
        let source = [
            include_str!("render/view.rs"),
            include_str!("render/incident.rs"),
            include_str!("render/csv.rs"),
            include_str!("render/mail.rs"),
        ];
        let mut seen = 0;
        for text in source {
            for asked in text.split(['"']).skip(1).step_by(2) {
                let families = ["label-", "csv-", "intro-", "subject-", "change-", "kind-", "severity-"];
                if families
                    .iter()
                    .any(|it| asked.starts_with(it) && !asked.ends_with('-') && !asked.contains('{'))
                {
                    seen += 1;
                    assert!(known.contains_key(asked), "{asked}");
                }
            }
        }
        assert!(seen > 20, "the test looks in the wrong place");
    }

    #[test]
    fn a_users_file_changes_what_it_holds_and_leaves_the_rest() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join("messages")).unwrap();
        std::fs::write(directory.path().join("messages/ja.ftl"), "greeting = 各位\n").unwrap();
        let texts = Texts::load(&Packs::embedded().overlay(directory.path()).unwrap()).unwrap();
        assert_eq!(texts.word(Lang::Ja, "greeting"), "各位");
        assert_eq!(texts.word(Lang::Ja, "label-arn"), "ARN");
        assert_eq!(texts.word(Lang::En, "greeting"), "Hello,");

        std::fs::write(directory.path().join("messages/ja.ftl"), "greeting = 各位\nwrong line\n").unwrap();
        let error = Texts::load(&Packs::embedded().overlay(directory.path()).unwrap()).unwrap_err();
        let TextsError::Wrong { mistakes, .. } = error else { panic!("{error}") };
        assert_eq!(mistakes[0].place.map(|it| it.line), Some(2));
    }
}
