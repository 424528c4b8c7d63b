//! Framework files: reading them, finding them, and every mistake in them.

use yagura_model::{Diagnostic, Level};
use yagura_packs::Packs;
use yagura_posture::{FrameworkError, Frameworks, Rules, Settings};

use crate::fixture::short;

/// A good framework to break.
const GOOD: &str = r#"id: small-1.0
name: { en: Small Benchmark 1.0, ja: Small Benchmark 1.0 }
publisher: { en: Somebody, ja: ある団体 }
version: "1.0"
url: https://example.com/small
aliases: { prowler: [small_1.0_aws], security-hub: [small/v/1.0.0] }
about:
  en: What it is.
  ja: これが何か。
groups:
  - { id: "1", title: { en: Identity, ja: ID 管理 } }
  - { id: "1.1", in: "1", title: { en: Root user, ja: root ユーザー } }
requirements:
  - id: "1.1.1"
    in: "1.1"
    level: 1
    tags: [low, high]
    title: { en: No key of the root user, ja: root ユーザーにキーがない }
    rules: [root-key]
  - id: "1.2"
    in: "1"
    title: { en: Contacts are current, ja: 連絡先が最新である }
    rules: [contacts, root-key]
    manual:
      en: Ask the owner.
      ja: 所有者に確認する。
"#;

fn rules() -> (tempfile::TempDir, Packs) {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(directory.path().join("rules/iam")).unwrap();
    for id in ["root-key", "contacts"] {
        let text = short(id, "compliant: 'true'\naliases: { prowler: [iam_no_root_key] }");
        std::fs::write(directory.path().join(format!("rules/iam/{id}.yaml")), text).unwrap();
    }
    let packs = Packs::empty().overlay(directory.path()).unwrap();
    (directory, packs)
}

fn load(files: &[(&str, &str)]) -> (Frameworks, Vec<Diagnostic>) {
    let (directory, _) = rules();
    std::fs::create_dir(directory.path().join("frameworks")).unwrap();
    for (name, text) in files {
        std::fs::write(directory.path().join("frameworks").join(name), text).unwrap();
    }
    let packs = Packs::empty().overlay(directory.path()).unwrap();
    let (rules, _) = Rules::load(&packs, &Settings::default());
    assert_eq!(rules.len(), 2);
    let (frameworks, mut problems) = Frameworks::load(&packs, &rules);
    for problem in &mut problems {
        problem.file = problem.file.rsplit('/').next().unwrap().to_owned();
    }
    (frameworks, problems)
}

fn told(text: &str) -> Vec<String> {
    load(&[("small-1.0.yaml", text)]).1.iter().map(ToString::to_string).collect()
}

#[test]
fn a_good_framework_is_read_without_a_word() {
    let (frameworks, problems) = load(&[("small-1.0.yaml", GOOD)]);
    assert_eq!(problems, []);
    let framework = frameworks.get("small-1.0").unwrap();
    assert_eq!(framework.requirements.len(), 2);
    let kinds: Vec<_> = framework.requirements.iter().map(|it| it.kind().as_str()).collect();
    assert_eq!(kinds, ["AUTOMATED", "PARTLY"]);
    let around: Vec<_> = framework.around(Some("1.1")).map(|it| it.id.as_str()).collect();
    assert_eq!(around, ["1.1", "1"]);
}

#[test]
fn each_mistake_is_told_with_its_place_and_the_way_out() {
    let cases = [
        (
            ("level: 1", "levle: 1"),
            "16:5: error[framework/unknown-key]: there is no key `levle` here\n  help: did you mean `level`?",
        ),
        (("version: \"1.0\"\n", ""), "error[framework/missing-key]: the key `version` is missing"),
        (
            ("ja: root ユーザーにキーがない", "ja: ''"),
            "18:47: warning[framework/missing-text]: `title` has no text in `ja`",
        ),
        (
            ("  ja: これが何か。", "  ja: the same."),
            "9:7: warning[framework/untranslated]: `about` is not Japanese in `ja`",
        ),
        (
            ("- id: \"1.2\"", "- id: \"1.1.1\""),
            "20:9: error[framework/duplicate-requirement]: there are two requirements `1.1.1`",
        ),
        (
            ("in: \"1.1\"", "in: \"1.2\""),
            "15:9: error[framework/unknown-group]: there is no group `1.2`\n  help: did you mean `1.1`?",
        ),
        (
            ("id: \"1\", title", "id: \"1\", in: \"1.1\", title"),
            "11:20: error[framework/group-cycle]: the group `1` stands in itself\n  help: change its `in`",
        ),
        (
            ("    rules: [root-key]\n", ""),
            "14:9: error[framework/unanswered]: nothing answers the requirement `1.1.1`\n  help: name its `rules`, or say under `manual` what a person must check",
        ),
        (
            ("rules: [root-key]", "rules: [root-kye]"),
            "19:13: error[framework/unknown-rule]: there is no rule `root-kye`\n  help: did you mean `root-key`?",
        ),
        (
            ("rules: [root-key]", "rules: [iam_no_root_key]"),
            "19:13: error[framework/unknown-rule]: there is no rule `iam_no_root_key`\n  help: a rule is named by its id: `contacts`",
        ),
        (
            ("[contacts, root-key]", "[contacts, contacts]"),
            "23:23: warning[framework/duplicate-rule]: the requirement `1.2` names `contacts` twice",
        ),
        (
            ("in: \"1.1\"", "in: \"1\""),
            "12:11: warning[framework/unused-group]: no requirement stands in the group `1.1`",
        ),
        (
            ("id: \"1.1\", in", "id: \"1\", in"),
            "12:11: error[framework/duplicate-group]: there are two groups `1`",
        ),
        (
            ("id: small-1.0", "id: small-2.0"),
            "1:5: error[framework/id-and-file]: the framework `small-2.0` is in a file of another name\n  help: call the file `small-2.0.yaml`, or the framework `small-1.0`",
        ),
        (
            ("id: small-1.0", "id: Small_1.0"),
            "1:5: error[framework/id]: `Small_1.0` is not a framework id: lower-case letters, digits, `-` and `.`",
        ),
        (
            ("https://", "http://"),
            "5:6: warning[framework/url]: `http://example.com/small` is not an https address",
        ),
    ];
    let mut missing = Vec::new();
    for ((before, after), expected) in cases {
        assert!(GOOD.contains(before), "{before}");
        let problems = told(&GOOD.replacen(before, after, 1));
        if !problems.iter().any(|it| it.contains(expected)) {
            missing.push(format!("{before} -> {after}: {problems:#?} without {expected}"));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn one_bad_file_never_stops_the_others() {
    let bad = GOOD.replace("id: small-1.0", "id: bad").replace("[root-key]", "[nothing-like-it]");
    let broken = "id: [";
    let (frameworks, problems) =
        load(&[("bad.yaml", &bad), ("broken.yaml", broken), ("small-1.0.yaml", GOOD)]);
    assert_eq!(frameworks.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["small-1.0"]);
    let files: Vec<_> = problems.iter().map(|it| (it.file.as_str(), it.level)).collect();
    assert_eq!(files, [("bad.yaml", Level::Error), ("broken.yaml", Level::Error)]);
    let error = frameworks.find("bad").unwrap_err();
    assert_eq!(error, FrameworkError::Broken { name: "bad".to_owned() });
}

#[test]
fn a_framework_that_is_written_in_one_language_is_read_in_it() {
    let (frameworks, problems) = load(&[("small-1.0.yaml", &GOOD.replace("  ja: これが何か。\n", ""))]);
    assert_eq!(frameworks.get("small-1.0").unwrap().about.ja, "What it is.");
    assert!(problems.iter().all(|it| it.level == Level::Warning) && !problems.is_empty());
}

#[test]
fn ids_globs_and_aliases() {
    let second = GOOD.replace("id: small-1.0", "id: small-2.0").replace("small_1.0_aws", "small_2.0_aws");
    let (frameworks, _) = load(&[("small-1.0.yaml", GOOD), ("small-2.0.yaml", &second)]);
    let found = |name: &str| -> Vec<String> {
        frameworks.find(name).unwrap().into_iter().map(|it| it.id.clone()).collect()
    };
    assert_eq!(found("small-1.0"), ["small-1.0"]);
    assert_eq!(found("prowler:small_2.0_aws"), ["small-2.0"]);
    assert_eq!(found("security-hub:small/v/1.0.0"), ["small-1.0", "small-2.0"]);
    assert_eq!(found("small-*"), ["small-1.0", "small-2.0"]);
    let twice = ["small-*".to_owned(), "small-1.0".to_owned()];
    assert_eq!(frameworks.find_all(&twice).unwrap().len(), 2);
    assert_eq!(
        frameworks.find("smal-1.0").unwrap_err().to_string(),
        "there is no framework `smal-1.0`; did you mean `small-1.0` or `small-2.0`?"
    );
}

#[test]
fn a_rule_knows_the_requirements_that_it_serves() {
    let (frameworks, _) = load(&[("small-1.0.yaml", GOOD)]);
    let by_rule = yagura_model::requirements_by_rule(frameworks.iter());
    let of = |rule: &str| by_rule[rule].iter().map(|it| (it.path(), it.nth)).collect::<Vec<_>>();
    assert_eq!(of("root-key"), [("small-1.0/1.1.1".to_owned(), 0), ("small-1.0/1.2".to_owned(), 1)]);
    assert_eq!(of("contacts"), [("small-1.0/1.2".to_owned(), 0)]);
}
