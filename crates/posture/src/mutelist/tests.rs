//! Mutelists as Prowler's documentation shows them, mistakes in them, and the same answers as Prowler's own code.

mod model;

use std::sync::Arc;

use proptest::prelude::*;
use regex::Regex;
use serde_json::json;
use yagura_model::{Account, AccountId, Level, Partition, Reason, Region, Resource};

use super::mute::{Found, chains};
use super::*;
use crate::testing;

/// Everything that the format has: an account's own entries and those of all, patterns, tags, exceptions.
const EXAMPLE: &str = r#"
Mutelist:
  Accounts:
    "222233334444":
      Checks:
        "iam_user_hardware_mfa_enabled":
          Regions: ["us-east-1"]
          Resources: ["^ops-1$", "^ops-2$"]
          Description: Keys are in the safe
        "ec2_*":
          Regions: ["*"]
          Resources: ["*"]
        "*":
          Regions: ["*"]
          Resources: ["test"]
          Tags: ["test=test", "project=test|project=stage", "environment=prod"]
    "*":
      Checks:
        "s3_bucket_object_versioning":
          Regions: ["eu-west-1", "us-east-1"]
          Resources: ["replica", ".+-archive"]
        "*":
          Regions: ["*"]
          Resources: ["*"]
          Tags: ["environment=dev"]
        "ecs_task_definitions_no_environment_secrets":
          Regions: ["*"]
          Resources: ["*"]
          Exceptions:
            Accounts: ["444455556666"]
            Regions: ["eu-west-1", "eu-south-2"]
"#;

fn read(text: &str) -> Arc<Mutelist> {
    let (mutelist, problems) = Mutelist::read("mutelist.yaml", text);
    let errors: Vec<_> = problems.iter().filter(|it| it.level == Level::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    Arc::new(mutelist)
}

fn told(text: &str) -> Vec<String> {
    Mutelist::read("mutelist.yaml", text).1.iter().map(ToString::to_string).collect()
}

/// A resource with tags, `key=value` each.
fn resource(id: &str, region: &str, tags: &[&str]) -> Resource {
    let mut resource = testing::resource("AWS::EC2::Instance", id, json!({})).1;
    resource.key.region = Region::from(region);
    let tags = tags.iter().filter_map(|it| it.split_once('='));
    resource.tags = tags.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    resource
}

fn reason(mutelist: &Arc<Mutelist>, account: &str, check: &str, resource: &Resource) -> Option<Reason> {
    let account = Account::bare(AccountId::new(account).unwrap());
    let found = Found::new(resource, &account, Partition::Aws);
    chains(std::slice::from_ref(mutelist), &[check.to_owned()]).iter().find_map(|it| it.mutes(&found))
}

fn mutes(mutelist: &Arc<Mutelist>, account: &str, check: &str, resource: &Resource) -> bool {
    reason(mutelist, account, check, resource).is_some()
}

#[test]
fn entries_mean_what_prowler_takes_them_for() {
    let list = read(EXAMPLE);
    let (own, other) = ("222233334444", "111122223333");
    let mfa = "iam_user_hardware_mfa_enabled";
    // IAM is global; Prowler says us-east-1.
    assert!(mutes(&list, own, mfa, &resource("ops-1", "global", &[])));
    assert!(!mutes(&list, own, mfa, &resource("somebody", "global", &[])));
    assert!(!mutes(&list, other, mfa, &resource("ops-1", "global", &[])));
    assert!(mutes(&list, own, "ec2_instance_public_ip", &resource("i-1", "eu-west-1", &[])));

    let every = ["test=test", "project=stage", "environment=prod"];
    let check = "rds_instance_storage_encrypted";
    assert!(mutes(&list, own, check, &resource("my-test-db", "eu-west-1", &every)));
    for missing in 0..every.len() {
        let mut fewer = every.to_vec();
        fewer.remove(missing);
        assert!(!mutes(&list, own, check, &resource("my-test-db", "eu-west-1", &fewer)), "{fewer:?}");
    }

    let versioning = "s3_bucket_object_versioning";
    assert!(mutes(&list, other, versioning, &resource("logs-replica-2", "eu-west-1", &[])));
    assert!(mutes(&list, other, versioning, &resource("mail-archive", "eu-west-1", &[])));
    assert!(!mutes(&list, other, versioning, &resource("mail-archive", "eu-west-3", &[])));
    assert!(mutes(&list, other, versioning, &resource("x", "eu-west-3", &["environment=dev"])));

    let secrets = "ecs_task_definitions_no_environment_secrets";
    assert!(!mutes(&list, "444455556666", secrets, &resource("task", "eu-south-2", &[])));
    assert!(mutes(&list, "444455556666", secrets, &resource("task", "us-east-1", &[])));
    assert!(mutes(&list, other, secrets, &resource("task", "eu-south-2", &[])));
}

#[test]
fn a_muted_violation_says_which_file_and_entry_and_why() {
    let list = read(
        "Mutelist: { Accounts: { '*': { Checks: { 'ec2_*': { Regions: ['*'], Resources: ['i-1'], Description: Emptied every night } } } } }",
    );
    let told = reason(&list, "111122223333", "ec2_instance_public_ip", &resource("i-1", "eu-west-1", &[]));
    assert_eq!(
        told.unwrap().to_string(),
        "excepted by mutelist.yaml, account *, check ec2_*: Emptied every night"
    );
    let silent = read(
        "Mutelist: { Accounts: { '*': { Checks: { 'ec2_*': { Regions: ['*'], Resources: ['i-1'] } } } } }",
    );
    let told = reason(&silent, "111122223333", "ec2_instance_public_ip", &resource("i-1", "eu-west-1", &[]));
    assert_eq!(told.unwrap().to_string(), "excepted by mutelist.yaml, account *, check ec2_*");
}

#[test]
fn tags_that_were_not_read_hide_no_violation() {
    let list = |more: &str| {
        read(&format!(
            "Mutelist: {{ Accounts: {{ '*': {{ Checks: {{ '*': {{ Regions: ['*'], Resources: ['*'], {more} }} }} }} }} }}"
        ))
    };
    let mut unread = resource("i-1", "eu-west-1", &[]);
    unread.unread.insert("Tags".to_owned(), testing::gap("ec2.DescribeTags"));
    let muted = |more: &str, of: &Resource| mutes(&list(more), "111122223333", "any", of);
    assert!(muted("Tags: ['^$']", &resource("i-1", "eu-west-1", &[])) && !muted("Tags: ['^$']", &unread));
    assert!(muted("Tags: ['*']", &unread));
    let excepted = "Exceptions: { Tags: ['environment=prod'] }";
    assert!(muted(excepted, &resource("i-1", "eu-west-1", &[])) && !muted(excepted, &unread));
}

#[test]
fn a_resource_has_the_names_that_prowler_gives_it() {
    let list = |pattern: &str| {
        read(&format!(
            "Mutelist: {{ Accounts: {{ '*': {{ Checks: {{ '*': {{ Regions: ['*'], Resources: ['{pattern}'] }} }} }} }} }}"
        ))
    };
    let muted = |pattern: &str, of: &Resource| mutes(&list(pattern), "111122223333", "any", of);
    let topic = resource("arn:aws:sns:eu-west-1:111122223333:alarms", "eu-west-1", &[]);
    assert!(muted("^alarms$", &topic) && !muted("sns", &topic));
    let instance = resource("i-1", "eu-west-1", &[]);
    assert!(muted("^arn:aws:ec2:*/i-1$", &instance) && !muted("thing", &instance));
    let mut account = instance.clone();
    account.key.resource_type = yagura_model::ResourceType::from(yagura_model::ResourceType::ACCOUNT);
    assert!(muted("<root_account>", &account) && muted("111122223333", &account));
}

#[test]
fn every_mistake_is_told_with_its_place_and_what_to_do() {
    let text = "\
Mutelist:
  Accounts:
    \"*\":
      Checks:
        \"s3_*\":
          Regions: [\"*\"]
          Resources:
            - \"^(?!prod-)\"
            - \"logs(\"
          Exceptions:
            Resources: [\"(a)\\\\1\"]
";
    insta::assert_snapshot!(told(text).join("\n"), @r#"
    mutelist.yaml:8:15: error[mutelist/pattern]: the pattern `^(?!prod-)` cannot be used: look-around is not supported
      help: patterns are matched in linear time, which look-around rules out: list what is meant, or use `Exceptions` for what is not
    mutelist.yaml:9:15: error[mutelist/pattern]: the pattern `logs(` cannot be used: it is not a regular expression: unclosed group
      help: a character that is meant as it is needs `\` before it; `*` needs nothing, it stands for any text
    mutelist.yaml:11:25: error[mutelist/pattern]: the pattern `(a)\1` cannot be used: references to groups are not supported
      help: patterns are matched in linear time, which rules this out: write what is meant another way
    "#);
    let unknown = text.replace("Exceptions", "Exception");
    insta::assert_snapshot!(told(&unknown).join("\n"), @"
    mutelist.yaml:10:11: error[yaml/syntax]: unknown field `Exception`, expected one of Regions, Resources, Tags, Exceptions, Description
      help: did you mean `Exceptions`?
    ");
    let nothing =
        "Mutelist:\n  Accounts:\n    \"*\":\n      Checks:\n        s3_a:\n          Regions: [\"*\"]\n";
    insta::assert_snapshot!(told(nothing).join("\n"), @r#"
    mutelist.yaml:6:11: error[yaml/syntax]: missing field `Resources`
      help: `Regions` and `Resources` are required: `["*"]` means all
    "#);
    insta::assert_snapshot!(told("Mutelist:\n  Accounts: [\n").join("\n"), @"
    mutelist.yaml:2:13: error[yaml/syntax]: keys with values are expected here
      help: docs/configuration.md shows a mutelist; Prowler, too, would not use this file
    ");
    insta::assert_snapshot!(told("Allowlist:\n  Accounts: {}\n").join("\n"), @"
    mutelist.yaml:1:1: error[mutelist/missing-key]: there is no key `Mutelist`
      help: Prowler 3 called it `Allowlist`: write `Mutelist`
    ");
    insta::assert_snapshot!(told("").join("\n"), @"
    mutelist.yaml: error[mutelist/missing-key]: there is no key `Mutelist`
      help: everything stands below this key: `Mutelist: { Accounts: ... }`
    ");
    let text = "Mutelist: { Accounts: { '*': { Checks: { a: { Regions: '*', Resources: ['*'] } } } } }";
    insta::assert_snapshot!(told(text).join("\n"), @r#"
    mutelist.yaml:1:56: error[yaml/syntax]: a list is expected here
      help: write `["*"]`, or a line with `- ` for each
    "#);
    // A list whose entries were all commented out would mute whatever the tags are; Prowler refuses it too.
    for key in ["Tags", "Exceptions", "Resources"] {
        let text = format!(
            "Mutelist:\n  Accounts:\n    '*':\n      Checks:\n        a:\n          Regions: ['x']\n          Resources: ['x']\n          {key}:\n"
        );
        assert!(Mutelist::read("m.yaml", &text).1.iter().any(|it| it.level == Level::Error), "{key}");
    }
}

#[test]
fn what_is_odd_is_told_and_used() {
    let text = "\
x-regions: &everywhere [\"*\"]
Mutelist:
  Accounts:
    prod-*:
      Checks:
        s3_a: { Regions: *everywhere, Resources: [] }
    \"*\":
      Checks:
        \"*\": { Regions: *everywhere, Resources: [\".*\"] }
        lambda_b: { Regions: *everywhere, Resources: [b] }
        \"*\": { Regions: *everywhere, Resources: [\"*\"] }
";
    insta::assert_snapshot!(told(text).join("\n"), @r#"
    mutelist.yaml:1:1: warning[mutelist/unknown-key]: the key `x-regions` stands beside `Mutelist` and is not looked at
    mutelist.yaml:4:5: warning[mutelist/account]: `prod-*` is neither `*` nor the twelve digits of an account: it means no account
      help: Prowler compares the whole key: patterns over accounts are for `Exceptions`
    mutelist.yaml:6:9: warning[mutelist/nothing]: `Resources` is empty: the entry does nothing
      help: `"*"` means all
    mutelist.yaml:9:9: warning[mutelist/overwritten]: the check `*` stands again in line 11, and only that counts
      help: Prowler reads it so too: join the two, or remove this one
    mutelist.yaml:11:9: warning[mutelist/everything]: the entry mutes every violation in every account
      help: name checks, resources, regions or tags, unless nothing is to be told at all
    "#);
    let list = read(text);
    assert!(mutes(&list, "111122223333", "whatever", &resource("x", "eu-west-1", &[])));
}

#[test]
fn an_account_without_quotes_is_an_account() {
    let text = "Mutelist:\n  Accounts:\n    012345678901:\n      Checks:\n        s3_a: { Regions: ['*'], Resources: ['*'] }\n";
    assert!(mutes(&read(text), "012345678901", "s3_a", &resource("x", "eu-west-1", &[])));
}

#[test]
fn a_merge_key_is_followed() {
    let text = "\
base: &base { Regions: ['*'], Resources: [x] }
Mutelist:
  Accounts:
    '*':
      Checks:
        s3_a: { <<: *base, Description: merged }
";
    assert!(mutes(&read(text), "111122223333", "s3_a", &resource("x", "eu-west-1", &[])));
}

const ACCOUNTS: [&str; 2] = ["111122223333", "222233334444"];

fn some_of(words: &'static [&'static str], most: usize) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(prop::sample::select(words).prop_map(str::to_owned), 0..=most)
}

fn entry() -> impl Strategy<Value = model::Entry> {
    const REGIONS: &[&str] = &["*", "*", "us-*", "eu-west-1", "us-east-1", "west"];
    const RESOURCES: &[&str] = &["*", "logs", "^ci-.+", "ci-logs$", "b*", "a|b", "x{1,2}"];
    const TAGS: &[&str] = &["a=1", "b=2", "a=1|b=2", "^a=", "*", "b=*"];
    const WHOSE: &[&str] = &["1111*", "222233334444", "^2", "*"];
    let exceptions = (some_of(WHOSE, 1), some_of(REGIONS, 1), some_of(RESOURCES, 2), some_of(TAGS, 2))
        .prop_map(|(accounts, regions, resources, tags)| [accounts, regions, resources, tags]);
    (some_of(REGIONS, 2), some_of(RESOURCES, 2), some_of(TAGS, 2), prop::option::weighted(0.4, exceptions))
        .prop_map(|(regions, resources, tags, exceptions)| model::Entry {
            regions,
            resources,
            tags,
            exceptions,
        })
}

fn accounts() -> impl Strategy<Value = model::Mapping<model::Mapping<model::Entry>>> {
    const KEYS: &[&str] = &["*", "*", "111122223333", "222233334444", "1111"];
    const CHECKS: &[&str] =
        &["*", "s3_*", "s3_bucket_a", "bucket", "lambda_x", "lambda*", "^s3_.+_b$", "ec2_c", "a"];
    let checks = prop::collection::vec((prop::sample::select(CHECKS).prop_map(str::to_owned), entry()), 0..5);
    prop::collection::vec((prop::sample::select(KEYS).prop_map(str::to_owned), checks), 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever the file, whatever was found: our answer is Prowler's.
    #[test]
    fn the_answer_is_prowlers(
        accounts in accounts(),
        account in prop::sample::select(&ACCOUNTS[..]),
        check in prop::sample::select(&["s3_bucket_a", "s3_bucket_b", "awslambda_x", "ec2_c", "iam_d"][..]),
        region in prop::sample::select(&["us-east-1", "eu-west-1", "ap-northeast-1"][..]),
        id in prop::sample::select(&["ci-logs", "logs-2", "xx", "a", "語"][..]),
        tags in prop::sample::subsequence(vec!["a=1", "b=2", "c=3"], 0..=3),
    ) {
        let joined = tags.join(" | ");
        let found = model::Finding { account, check, region, resource: id, tags: &joined };
        let theirs = found.is_muted(&accounts);
        let list = read(&model::yaml(&accounts));
        prop_assert_eq!(mutes(&list, account, check, &resource(id, region, &tags)), theirs);
    }

    /// A pattern is either refused or searched for as the expression that Prowler makes of it.
    #[test]
    fn a_pattern_is_its_expression(pattern in "[ab.|^$()*+?-]{0,7}", text in "[ab-]{0,8}") {
        let expression = Regex::new(&pattern.replace('*', ".*"));
        match (pattern::Pattern::new(&pattern), expression) {
            (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours.fits(&text), theirs.is_match(&text)),
            (Err(pattern::PatternError::Possessive | pattern::PatternError::LookAround), _) | (Err(_), Err(_)) => {}
            (ours, theirs) => prop_assert!(false, "{ours:?} {theirs:?}"),
        }
    }
}

#[test]
fn what_names_and_globs_can_say_becomes_a_suppression_and_the_rest_is_told() {
    let common = crate::Suppression {
        reason: "accepted in Prowler's mutelist".to_owned(),
        requester: "taro".to_owned(),
        approver: "hanako".to_owned(),
        until: Some(jiff::civil::date(2027, 3, 31)),
        ..crate::Suppression::default()
    };
    let (suppressions, problems) = read(EXAMPLE).suppressions(&common, 1);
    let told: Vec<_> = suppressions
        .iter()
        .map(|it| {
            format!(
                "{}: {:?} {:?} {:?} {:?} {:?} ({})",
                it.name, it.accounts, it.rules, it.regions, it.resources, it.tags, it.reason
            )
        })
        .collect();
    let why: Vec<_> = problems.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!([told, why].concat().join("\n"));
}
