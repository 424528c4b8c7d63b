//! Reading rule files and settings: every mistake is told, and none hides another.

use serde_json::json;
use yagura_model::{Level, Place};
use yagura_packs::Packs;
use yagura_posture::{Rules, Settings, new_rule_template};

use crate::fixture::{RULE, load, settings, short};

/// The problems of these files, as a person reads them.
fn told(files: &[(&str, &str)]) -> String {
    let (_, problems) = load(files, &Settings::default());
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_good_rule_is_read_without_a_word() {
    assert_eq!(told(&[("ec2/restricted-ssh.yaml", RULE)]), "");
}

#[test]
fn a_mistake_in_one_file_does_not_hide_another() {
    let bad_key = RULE.replace("severity:", "severty:");
    let bad_condition = RULE
        .replace("id: restricted-ssh", "id: other")
        .replace("!opens(permission, 22)", "!opnes(permission, 22)")
        .replace("source in params.allowed_cidrs))\nevidence", "source in params.alowed_cidrs))\nevidence");
    let (rules, problems) = load(
        &[
            ("ec2/a.yaml", "id: ["),
            ("ec2/other.yaml", &bad_condition),
            ("ec2/restricted-ssh.yaml", &bad_key),
            ("ec2/sub/restricted-ssh.yaml", RULE),
            ("s3/restricted-ssh.yaml", RULE),
        ],
        &Settings::default(),
    );
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(problems.join("\n"));
    assert_eq!(rules.ids().map(|id| id.as_str()).collect::<Vec<_>>(), ["restricted-ssh"]);
}

#[test]
fn a_rule_without_texts_and_examples_can_be_used_but_is_told_about() {
    let (rules, problems) = load(
        &[("ec2/mine.yaml", &short("mine", "compliant: resource.A\nwhen: resource.B"))],
        &Settings::default(),
    );
    assert_eq!(rules.len(), 1);
    assert!(problems.iter().all(|it| it.level == Level::Warning), "{problems:?}");
    insta::assert_snapshot!(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"), @"
    ec2/mine.yaml:1:1: warning[rule/missing-text]: the rule does not say how to `fix` a violation
    ec2/mine.yaml:1:1: warning[rule/missing-text]: the rule has no `text`
    ec2/mine.yaml:1:1: warning[rule/no-example]: the rule has no examples
    ");
    assert_eq!(rules.get("mine").unwrap().info().text.en.title, "mine");
}

#[test]
fn a_rule_that_is_written_in_one_language_is_read_in_it() {
    let text = short(
        "mine",
        "compliant: resource.A\ntext: { en: { title: Mine, why: Because., impact_of_fix: None. } }\nfix: { steps: { en: [Do it.] } }",
    );
    let (rules, problems) = load(&[("ec2/mine.yaml", &text)], &Settings::default());
    let info = rules.get("mine").unwrap().info();
    assert_eq!((info.text.ja.title.as_str(), info.fix.steps.ja.len()), ("Mine", 1));
    assert!(problems.iter().any(|it| it.message == "the rule has no `text.ja`"), "{problems:?}");
}

#[test]
fn the_template_of_a_new_rule_works_as_it_is() {
    let text = new_rule_template("my-rule", "AWS::Test::Thing");
    let (rules, problems) = load(&[("test/my-rule.yaml", &text)], &Settings::default());
    assert_eq!(problems, []);
    let results = rules.check_examples();
    assert!(
        results.len() >= 3 && results.iter().all(yagura_posture::ExampleResult::is_right),
        "{results:#?}"
    );
}

#[test]
fn a_users_file_replaces_the_one_that_came_with_the_program() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("ec2")).unwrap();
    let stricter = RULE.replace("severity: high", "severity: critical");
    std::fs::write(directory.path().join("ec2/restricted-ssh.yaml"), stricter).unwrap();
    let packs = Packs::embedded().overlay_at("rules", directory.path()).unwrap();
    let (rules, problems) = Rules::load(&packs, &Settings::default());
    assert_eq!(problems, []);
    assert_eq!(rules.get("restricted-ssh").unwrap().severity(), yagura_model::Severity::Critical);
}

#[test]
fn settings_that_mean_nothing_are_told() {
    let mut settings = settings(json!({
        "rules": {
            "restricted-shh": { "enabled": false },
            "restricted-ssh": {
                "params": { "alowed_cidrs": [], "allowed_cidrs": "10.0.0.0/8" },
                "for": [{ "severity": "low" }],
            },
        },
        "exceptions": [
            { "rules": ["restricted-ssh", "nothing-like-it"], "because": "  " },
            { "because": "everything" },
        ],
    }));
    let place = Place { line: 7, column: 1 };
    settings.source.places.insert("rules.restricted-ssh.params.alowed_cidrs".to_owned(), place);
    let (_, problems) = load(&[("ec2/restricted-ssh.yaml", RULE)], &settings);
    insta::assert_snapshot!(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
}

#[test]
fn parameters_are_held_to_the_type_of_their_default() {
    let wrong = |params: serde_json::Value| {
        let settings = settings(json!({ "rules": { "mine": { "params": params } } }));
        let (_, problems) = load(&[("ec2/mine.yaml", &short("mine", "compliant: 'true'"))], &settings);
        problems.iter().any(|it| it.code == "settings/invalid")
    };
    for good in [json!({ "limit": 5 }), json!({ "names": [] }), json!({ "names": ["a", "b"] })] {
        assert!(!wrong(good.clone()), "{good}");
    }
    for bad in
        [json!({ "limit": "5" }), json!({ "limit": 5.5 }), json!({ "names": "a" }), json!({ "limit": null })]
    {
        assert!(wrong(bad.clone()), "{bad}");
    }
}

#[test]
fn an_exception_that_has_ended_is_told() {
    let settings = settings(json!({ "exceptions": [
        { "rules": ["restricted-ssh"], "because": "migration", "until": "2026-03-31" },
        { "rules": ["restricted-ssh"], "because": "for ever" },
    ] }));
    let (rules, _) = load(&[("ec2/restricted-ssh.yaml", RULE)], &settings);
    let told = |now: &str| -> Vec<String> {
        rules.ended_exceptions(now.parse().unwrap()).iter().map(ToString::to_string).collect()
    };
    assert_eq!(told("2026-03-31T12:00:00Z"), Vec::<String>::new());
    let [told] = <[String; 1]>::try_from(told("2026-04-01T00:00:00Z")).unwrap();
    assert!(told.contains("the exception ended on 2026-03-31: what it accepted counts again"), "{told}");
}
