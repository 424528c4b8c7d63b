//! How a rule comes to its answer, and rules in the language of CloudFormation Guard, over the recorded organisation.

use serde_json::Value;

use crate::run::{Ended, run, yagura};

const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/organization");

fn explain(arguments: &[&str]) -> Ended {
    run(&mut yagura(), &[&["rules", "explain"], arguments].concat())
}

/// A violation of a rule in the recorded organisation.
fn violation(rule: &str, packs: Option<&std::path::Path>, store: &str) -> Value {
    let mut command = yagura();
    if let Some(packs) = packs {
        command.env("YAGURA_PACKS", packs);
    }
    let arguments = ["scan", "--snapshot", SNAPSHOT, "--rules", rule, "--store", store, "--output", "json"];
    let ended = run(&mut command, &arguments);
    assert_eq!(ended.status, 0, "{}", ended.err);
    let all = ended.json();
    let found = all["Evaluations"].as_array().unwrap().iter().find(|it| it["Outcome"] == "NON_COMPLIANT");
    found.unwrap_or_else(|| panic!("nothing violates {rule}")).clone()
}

#[test]
fn the_snapshot_and_the_store_explain_alike() {
    let directory = tempfile::tempdir().unwrap();
    let store = directory.path().join("yagura.db");
    let store = store.to_str().unwrap();
    let found = violation("restricted-ssh", None, store);
    let arn = found["Arn"].as_str().unwrap();

    let stored = explain(&["restricted-ssh", arn, "--store", store]);
    assert_eq!(stored.status, 0, "{}", stored.err);
    assert!(stored.out.contains("Answer: Non-compliant"), "{}", stored.out);
    assert!(stored.out.contains("compliant:\n  resource.IpPermissions.all("), "{}", stored.out);
    assert!(stored.out.contains("= false"), "{}", stored.out);

    let recorded = explain(&["security-hub:EC2.13", arn, "--snapshot", SNAPSHOT]);
    assert_eq!(recorded.out, stored.out);

    let japanese = explain(&["restricted-ssh", arn, "--store", store, "--lang", "ja"]);
    assert!(japanese.out.contains("判定: 非準拠"), "{}", japanese.out);

    // What the scan would have accepted is accepted here too.
    let mutelist = directory.path().join("mutelist.yaml");
    let text = "Mutelist: { Accounts: { '*': { Checks: { 'ec2_*': { Regions: ['*'], Resources: ['sg-'], Description: A bastion } } } } }";
    std::fs::write(&mutelist, text).unwrap();
    let muted = explain(&["restricted-ssh", arn, "--store", store, "--mutelist", mutelist.to_str().unwrap()]);
    assert!(muted.out.contains("Answer: Not applicable"), "{}", muted.out);
    assert!(muted.out.contains("A bastion"), "{}", muted.out);

    let json = explain(&["restricted-ssh", arn, "--store", store, "--json"]).json();
    assert_eq!(json["Evaluation"]["Outcome"], "NON_COMPLIANT");
    assert_eq!(json["Conditions"][0][0], "compliant");
}

#[test]
fn what_cannot_be_explained_says_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    let store = directory.path().join("yagura.db");
    let store = store.to_str().unwrap();
    violation("restricted-ssh", None, store);
    for (arguments, said) in [
        (vec!["restricted-ssh", ""], "a value is required for '<RESOURCE>'"),
        (vec!["restricted-shh", "sg-1"], "did you mean `restricted-ssh`"),
        (vec!["restricted-ssh", "sg-1"], "holds no AWS::EC2::SecurityGroup `sg-1`"),
        (vec!["ec2-imdsv2-check", "i-1"], "judged by `ec2-imdsv2-check`"),
        (vec!["restricted-*", "sg-1"], "means several rules"),
        (vec!["restricted-ssh", "default"], "add `--account` or `--region`"),
    ] {
        let ended = explain(&[&arguments[..], &["--store", store]].concat());
        let plain = ended.err.split_whitespace().filter(|it| *it != "│").collect::<Vec<_>>().join(" ");
        assert_eq!(ended.status, 2, "{}", ended.err);
        assert!(plain.contains(said), "`{said}` is missing in {plain}");
    }
}

/// A rule that waits until it is asked for is listed all the same, and its examples are run.
#[test]
fn every_rule_is_listed_and_tested() {
    let listed = run(&mut yagura(), &["rules", "list"]);
    let files = |folder: &str| {
        fn below(folder: &std::path::Path) -> usize {
            let entries = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
            entries.map(|it| if it.is_dir() { below(&it) } else { 1 }).sum()
        }
        below(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder))
    };
    assert_eq!(listed.out.lines().count(), files("packs/rules"));
    assert!(listed.out.lines().filter(|it| it.ends_with("(off by default)")).count() > 20);
    let tested = run(&mut yagura(), &["rules", "test"]);
    assert_eq!(tested.status, 0, "{}", tested.out);
    assert!(tested.out.contains(", 0 wrong"), "{}", tested.out);
}

#[test]
fn a_guard_file_is_a_rule_like_others() {
    let directory = tempfile::tempdir().unwrap();
    let rules = directory.path().join("packs/rules/ec2");
    std::fs::create_dir_all(&rules).unwrap();
    std::fs::write(
        rules.join("instance_metadata.guard"),
        "# title: Instances ask for a token\n# severity: high\nrule token when resourceType == 'AWS::EC2::Instance' {\n  configuration.metadataOptions.httpTokens == 'required' <<ask for IMDSv2>>\n}\n",
    )
    .unwrap();
    let packs = directory.path().join("packs");
    let store = directory.path().join("yagura.db");
    let found = violation("instance-metadata", Some(&packs), store.to_str().unwrap());
    assert_eq!(found["Severity"], "HIGH");
    assert_eq!(found["Evidence"]["Checks"][0]["Message"], "ask for IMDSv2");

    std::fs::write(rules.join("templates.guard"), "AWS::S3::Bucket {\n  Properties.BucketName exists\n}\n")
        .unwrap();
    let ended = run(yagura().env("YAGURA_PACKS", &packs), &["rules", "list", "instance-metadata"]);
    assert!(ended.out.contains("Instances ask for a token"), "{}", ended.out);
    assert!(ended.err.contains("templates.guard:1:1"), "{}", ended.err);

    // The public registry calls its rules as AWS Config does.
    let registry = "let b = Resources.*[ Type == 'AWS::S3::Bucket' ]\nrule logged when %b !empty { %b.Properties.LoggingConfiguration exists }\n";
    std::fs::write(rules.join("s3_bucket_logging_enabled.guard"), registry).unwrap();
    let ended = run(yagura().env("YAGURA_PACKS", &packs), &["rules", "list", "instance-metadata"]);
    assert!(ended.err.contains("the rule `s3-bucket-logging-enabled` judges the same"), "{}", ended.err);
}
