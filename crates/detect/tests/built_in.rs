//! Every built-in detection: complete, in both languages, and true to its examples.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, a failed unwrap is the assertion")]

use std::collections::BTreeSet;

use yagura_detect::falco::FieldTable;
use yagura_detect::pack::{self, PackDetection};
use yagura_detect::sigma;
use yagura_model::Lang;
use yagura_packs::Packs;

/// The files, with what they say.
fn all() -> Vec<(String, String, PackDetection)> {
    let packs = Packs::embedded();
    let files = ["detections/sigma", "detections/falco"].into_iter().flat_map(|it| packs.below(it, "yaml"));
    let files = files.map(|file| {
        let text = String::from_utf8(file.bytes().unwrap()).unwrap();
        let detection = PackDetection::read(&file.shown, &text).unwrap_or_else(|error| panic!("{error}"));
        (file.shown.clone(), text, detection)
    });
    files.collect()
}

#[test]
fn every_example_is_right() {
    let (fields, _) = FieldTable::load(&Packs::embedded());
    for (file, text, _) in all() {
        let tested = pack::test(&file, &text, &fields);
        assert!(tested.diagnostics.is_empty(), "{:#?}", tested.diagnostics);
        assert!(tested.right >= 2, "{file}");
    }
}

#[test]
fn every_detection_has_its_texts_and_marks() {
    let (mut names, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for (file, _, it) in all() {
        assert!(file.ends_with(&format!("/{}.yaml", it.name)), "{file} is called `{}` inside", it.name);
        assert!(
            names.insert(it.name.clone()) && ids.insert(it.id.clone()),
            "{file}: its name or id is used twice"
        );
        assert!(
            ["informational", "low", "medium", "high", "critical"].contains(&it.level.as_str()),
            "{file}"
        );
        assert!(it.tags.iter().any(|tag| tag.starts_with("attack.t1")), "{file} names no technique");
        assert!(it.references.iter().any(|it| it.starts_with("https://")), "{file}: where to read on?");
        assert!(
            it.title.chars().count() <= 100 && it.yagura.ja.title.chars().count() <= 60,
            "{file}: a title is too long"
        );
        for lang in [Lang::En, Lang::Ja] {
            assert!(!it.description(lang).trim().is_empty(), "{file}");
            assert!(!it.false_positives(lang).is_empty(), "{file}: what looks like it?");
            assert!(it.response(lang).len() >= 2, "{file}: what is to be done?");
        }
        let japanese = |text: &str| text.chars().any(|it| ('\u{3040}'..='\u{30ff}').contains(&it));
        assert!(japanese(it.description(Lang::Ja)) && !japanese(it.description(Lang::En)), "{file}");
    }
}

#[test]
fn a_rule_without_its_texts_is_the_same_rule() {
    let mut shorter = 0;
    for (file, text, _) in all() {
        let alone = sigma::rule_alone(&text);
        shorter += usize::from(alone.len() < text.len());
        assert_eq!(text.lines().count(), alone.lines().count(), "{file}");
        let of = |text: &str| {
            let loaded = sigma::load(&file, text);
            let rules: Vec<_> =
                loaded.rules.iter().map(|it| (&it.name, &it.new, it.at, &it.compiled)).collect();
            let told = format!("{rules:?} {:?} {:?}", loaded.correlations, loaded.diagnostics);
            // The library keeps parts of rules in another order each time.
            let mut parts: Vec<_> = told.split(&[',', '{', '}'][..]).map(|it| it.trim().to_owned()).collect();
            parts.sort();
            parts
        };
        assert_eq!(of(&text), of(&alone), "{file}");
    }
    assert!(shorter > 300, "{shorter}");
}
