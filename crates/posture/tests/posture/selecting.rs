//! Which rules are meant.

use serde_json::json;
use yagura_model::{Function, Severity};
use yagura_packs::Packs;
use yagura_posture::{Rules, Selection, Settings};

use crate::fixture::{rules as made, settings};

fn chosen(selection: &Selection) -> Result<Vec<String>, String> {
    let (rules, _) = Rules::load(&Packs::embedded(), &Settings::default());
    let chosen = rules.select(selection).map_err(|error| error.to_string())?;
    Ok(chosen.ids().map(ToString::to_string).collect())
}

#[test]
fn ids_globs_and_aliases() {
    assert_eq!(chosen(&Selection::of(["restricted-ssh"])).unwrap(), ["restricted-ssh"]);
    assert_eq!(chosen(&Selection::of(["security-hub:EC2.13"])).unwrap(), ["restricted-ssh"]);
    assert_eq!(chosen(&Selection::of(["prowler:ec2_instance_imdsv2_*"])).unwrap(), ["ec2-imdsv2-check"]);
    assert_eq!(
        chosen(&Selection::of(["aws-config:vpc-flow-logs-enabled"])).unwrap(),
        ["vpc-flow-logs-enabled"]
    );
    let some = chosen(&Selection::of(["*-mfa-enabled", "restricted-ssh"])).unwrap();
    assert!(
        some.contains(&"root-account-mfa-enabled".to_owned()) && some.contains(&"restricted-ssh".to_owned())
    );
}

#[test]
fn nothing_said_means_all_that_are_on_by_default() {
    let (rules, _) = Rules::load(&Packs::embedded(), &Settings::default());
    let on = rules.iter().filter(|rule| rule.is_on_by_default()).count();
    let all = chosen(&Selection::default()).unwrap();
    assert_eq!(all.len(), on);
    assert!(on < rules.len() && !all.contains(&"iam-user-unused-credentials-45-days".to_owned()));
}

#[test]
fn a_rule_that_is_off_by_default_waits_to_be_named() {
    let named = |selection: Selection| chosen(&selection).unwrap();
    let variant = "iam-user-unused-credentials-45-days";
    assert_eq!(named(Selection::of([variant])), [variant]);
    assert!(named(Selection::of(["iam-user-unused-*"])).contains(&variant.to_owned()));
    let within = Some([yagura_model::RuleId::new(variant)].into());
    assert_eq!(named(Selection { within, ..Selection::default() }), [variant]);

    let on = crate::fixture::settings(serde_json::json!({ "rules": { (variant): { "enabled": true } } }));
    let (rules, _) = Rules::load(&Packs::embedded(), &on);
    let all = rules.select(&Selection::default()).unwrap();
    assert!(all.get(variant).is_some(), "the settings switch it on");
}

#[test]
fn severity_function_and_service_narrow() {
    let selection = Selection {
        severity: Some(Severity::Critical),
        functions: vec![Function::Protect],
        services: vec!["IAM".to_owned()],
        ..Selection::default()
    };
    let some = chosen(&selection).unwrap();
    assert!(some.contains(&"iam-root-access-key-check".to_owned()), "{some:?}");
    assert!(!some.contains(&"access-keys-rotated".to_owned()), "{some:?}");
}

#[test]
fn a_name_that_means_nothing_is_refused_with_the_nearest_ones() {
    assert_eq!(
        chosen(&Selection::of(["restricted-ssl"])).unwrap_err(),
        "there is no rule `restricted-ssl`; did you mean `restricted-ssh` or `restricted-ftp` or `restricted-rdp`?"
    );
    assert_eq!(chosen(&Selection::of(["zzz*"])).unwrap_err(), "there is no rule `zzz*`");
    let service = Selection { services: vec!["cloudtrial".to_owned()], ..Selection::default() };
    let told = chosen(&service).unwrap_err();
    assert!(
        told.starts_with("there are no rules for the service `cloudtrial`; did you mean `cloudtrail`"),
        "{told}"
    );
}

#[test]
fn a_rule_that_is_switched_off_everywhere_is_not_selected() {
    let settings = settings(json!({ "rules": {
        "rule-1": { "enabled": false },
        "rule-2": { "enabled": false, "for": [{ "ou": ["Root"], "enabled": true }] },
    } }));
    let rules = made(&["compliant: 'true'"; 3], &settings);
    let chosen = rules.select(&Selection::default()).unwrap();
    assert_eq!(chosen.ids().map(|id| id.as_str()).collect::<Vec<_>>(), ["rule-2", "rule-3"]);
}
