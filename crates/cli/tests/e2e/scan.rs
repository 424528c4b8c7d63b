//! One command over an emulated organisation.

use serde_json::{Value, json};

use crate::emulator::{Emulator, Profile};
use crate::run::{SERVICES, answers, run};

const ONE_REGION: [&str; 9] = [
    "scan",
    "--regions",
    "ap-northeast-1",
    "--store",
    "none",
    "--output",
    "json",
    "--now=2026-02-01T00:00:00Z",
    SERVICES,
];

#[test]
fn every_account_is_read_and_one_that_refuses_stops_none() {
    let emulator = Emulator::lease(Profile::Small);
    let accounts = emulator.readable_accounts();
    let refusing =
        accounts.iter().find(|id| **id != emulator.told()["management"].as_str().unwrap()).unwrap();
    emulator.inject(&json!({ "refuse": [refusing] }));

    let result = run(&mut emulator.yagura(), &ONE_REGION).json();

    for account in result["Accounts"].as_array().unwrap() {
        let id = account["Account"]["Id"].as_str().unwrap();
        let state = &account["State"];
        if id == refusing {
            assert_eq!(state["State"], "UNREACHABLE");
            assert!(state["Role"].as_str().unwrap().ends_with("role/YaguraReadOnly"), "{state}");
            assert!(state["Error"].as_str().unwrap().contains("sts.AssumeRole"), "{state}");
        } else if accounts.iter().any(|it| it == id) {
            assert_eq!(state["State"], "SCANNED", "{account}");
            assert!(account["Resources"].as_u64().unwrap() > 10, "{account}");
        }
    }
    assert!(!answers(&result).is_empty());
}

#[test]
fn two_scans_of_the_same_state_give_the_same_bytes() {
    let emulator = Emulator::lease(Profile::Small);
    let first = run(&mut emulator.yagura(), &ONE_REGION);
    let second = run(&mut emulator.yagura(), &ONE_REGION);
    assert_eq!(first.status, 0, "{}", first.err);
    assert!(first.out.len() > 10_000);
    assert!(first.out == second.out, "the results differ");
}

#[test]
fn one_rule_reads_no_more_than_it_needs() {
    let emulator = Emulator::lease(Profile::Small);
    let arguments = [&ONE_REGION[..], &["--this-account", "--rules", "restricted-ssh"]].concat();

    let result = run(&mut emulator.yagura(), &arguments).json();

    let operations: Vec<String> =
        emulator.calls().iter().map(|call| format!("{}.{}", call.service, call.operation)).collect();
    assert_eq!(operations, ["account.ListRegions", "ec2.DescribeSecurityGroups", "sts.GetCallerIdentity"]);
    assert!(answers(&result).keys().all(|key| key[4] == "restricted-ssh"));
}

#[test]
fn what_is_excluded_is_not_asked() {
    let emulator = Emulator::lease(Profile::Small);
    let arguments = [&ONE_REGION[..], &["--this-account", "--exclude-services", "ec2,iam"]].concat();

    let result = run(&mut emulator.yagura(), &arguments).json();

    assert!(emulator.calls().iter().all(|call| call.service != "iam" && call.service != "ec2"));
    let passes = answers(&result)
        .into_iter()
        .filter(|(key, outcome)| key[2].starts_with("AWS::IAM") && outcome == "COMPLIANT");
    assert_eq!(passes.count(), 0);
}

/// A finding ends when it was looked at and put right, and not when the next scan looks elsewhere.
#[test]
fn a_partial_scan_closes_nothing_that_it_did_not_look_at() {
    let emulator = Emulator::lease(Profile::Small);
    let directory = tempfile::tempdir().unwrap();
    let store = directory.path().join("yagura.db");
    let scan = |more: &[&str]| {
        let base = [
            "scan",
            SERVICES,
            "--regions",
            "ap-northeast-1",
            "--store",
            store.to_str().unwrap(),
            "--output",
            "json",
            "--status",
            "non-compliant",
        ];
        run(&mut emulator.yagura(), &[&base, more].concat()).json()
    };
    let first_seen = |result: &Value| -> Vec<(Value, Value)> {
        let all = result["Evaluations"].as_array().unwrap().iter();
        all.filter(|it| it["Rule"] == "restricted-ssh")
            .map(|it| (it["FindingId"].clone(), it["FirstSeen"].clone()))
            .collect()
    };

    let before = first_seen(&scan(&["--now", "2026-02-01T00:00:00Z"]));
    scan(&["--now", "2026-02-02T00:00:00Z", "--rules", "iam-*"]);
    let after = first_seen(&scan(&["--now", "2026-02-03T00:00:00Z"]));

    assert!(!before.is_empty() && before[0].0.is_string(), "{before:?}");
    assert_eq!(before, after);
}
