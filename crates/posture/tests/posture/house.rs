//! What every rule that comes with Yagura keeps to.

use yagura_model::{Needs, ResourceType};
use yagura_packs::Packs;
use yagura_posture::{Frameworks, Rules, Settings};

fn rules() -> Rules {
    let (rules, problems) = Rules::load(&Packs::embedded(), &Settings::default());
    assert_eq!(problems, []);
    assert!(!rules.is_empty(), "no rule was found; the test looks in the wrong place");
    rules
}

#[test]
fn every_rule_is_without_a_mistake() {
    let problems: Vec<String> =
        rules().iter().flat_map(|rule| rule.check()).map(|problem| problem.to_string()).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_example_of_every_rule_is_right() {
    let results = rules().check_examples();
    assert!(!results.is_empty(), "no example was found; the test looks in the wrong place");
    let wrong: Vec<String> = results
        .iter()
        .filter(|it| !it.is_right())
        .map(|it| format!("{}:{}: {} {}: {:#?}", it.file, it.place.line, it.rule, it.name, it))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Nobody reads a text that only says that something is bad.
#[test]
fn every_rule_says_why_it_matters_and_what_a_fix_may_break() {
    for rule in rules().iter() {
        let text = &rule.info().text;
        for (lang, text, longest_title) in [("en", &text.en, 100), ("ja", &text.ja, 60)] {
            assert!(text.title.chars().count() <= longest_title, "{} {lang}: the title is long", rule.id());
            assert!(!text.title.ends_with(['.', '。']), "{} {lang}: a title has no full stop", rule.id());
            assert!(text.why.ends_with(['.', '。']), "{} {lang}: `why` is a sentence", rule.id());
            assert!(text.impact_of_fix.ends_with(['.', '。']), "{} {lang}: `impact_of_fix`", rule.id());
        }
        assert!(!rule.info().references.is_empty(), "{} has no reference", rule.id());
        assert_eq!(rule.file().split('/').nth_back(1), Some(rule.service()), "{}", rule.file());
    }
}

/// A rule that asks for a type that nothing collects could only ever say that it does not know.
#[test]
fn every_type_that_a_rule_asks_for_has_a_collector() {
    let packs = Packs::embedded();
    let collectors: Vec<String> = packs
        .below("collectors", "yaml")
        .map(|file| String::from_utf8(file.bytes().unwrap()).unwrap())
        .collect();
    let Needs::Types(types) = rules().needs() else { panic!("a rule computes the name of a type") };
    assert!(!types.is_empty(), "no rule asks for anything");
    let is_collected = |resource_type: &ResourceType| {
        let entry = format!("- resource: {resource_type}");
        [ResourceType::ACCOUNT, ResourceType::REGION].contains(&resource_type.as_str())
            || collectors.iter().any(|text| text.lines().any(|line| line.trim_end() == entry))
    };
    let missing: Vec<_> = types.keys().filter(|it| !is_collected(it)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// What auditors read: complete, in both languages, and about rules that there are.
#[test]
fn every_framework_is_without_a_mistake() {
    let (frameworks, problems) = Frameworks::load(&Packs::embedded(), &rules());
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    // What is embedded is what stands in the repository, and the repository is the one with the rules.
    let packs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    assert!(packs.join("rules").is_dir(), "the test looks in the wrong place");
    let mut on_disk: Vec<String> = std::fs::read_dir(packs.join("frameworks"))
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    on_disk.sort();
    assert_eq!(frameworks.iter().map(|it| it.id.clone()).collect::<Vec<_>>(), on_disk);
    for framework in frameworks.iter() {
        let texts =
            framework.requirements.iter().flat_map(|it| [Some(&it.title), it.manual.as_ref()]).flatten();
        for text in texts.chain([&framework.name, &framework.publisher, &framework.about]) {
            assert!(!text.en.is_empty() && !text.ja.is_empty(), "{}: {text:?}", framework.id);
        }
        // A framework that no rule answers is a document, not a framework of ours.
        assert!(!framework.rules().is_empty(), "{} names no rule", framework.id);
    }
}

/// Whoever copies it gets a framework that works.
#[test]
fn the_example_of_the_documentation_is_without_a_mistake() {
    let page = include_str!("../../../../docs/frameworks.md");
    let example = page.split("```yaml\n").nth(1).and_then(|it| it.split("```").next()).unwrap();
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("house-1.0.yaml"), example).unwrap();
    let packs = Packs::embedded().overlay_at("frameworks", directory.path()).unwrap();
    let (frameworks, problems) = Frameworks::load(&packs, &rules());
    let problems: Vec<_> = problems.iter().filter(|it| it.file.contains("house-1.0")).collect();
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(frameworks.get("house-1.0").unwrap().requirements.len(), 2);
}
