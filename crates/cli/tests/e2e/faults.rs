//! Injected failures: every one of them is told, and no pass depends on it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::emulator::{Emulator, Profile};
use crate::run::{SERVICES, answers, run};

const SCAN: [&str; 9] = [
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

/// Calls that find the accounts, regions and keys are told as unreachable accounts, not as coverage.
fn finds_accounts(call: &str) -> bool {
    call.starts_with("sts.")
        || call.starts_with("organizations.")
        || call == "account.ListRegions"
        || call == "ec2.DescribeRegions"
}

/// Without the region: where a bucket lives may be what could not be read.
fn whereabouts_aside(answers: BTreeMap<[String; 5], String>) -> BTreeMap<[String; 4], String> {
    answers
        .into_iter()
        .map(|([account, _, kind, id, rule], outcome)| ([account, kind, id, rule], outcome))
        .collect()
}

fn gaps(result: &Value) -> BTreeSet<(String, String)> {
    let rows = result["Coverage"].as_array().unwrap().iter();
    rows.filter(|row| !["READ", "ABSENT", "UNAVAILABLE"].contains(&row["Status"].as_str().unwrap()))
        .map(|row| (row["Account"].as_str().unwrap().to_owned(), row["Call"].as_str().unwrap().to_owned()))
        .collect()
}

#[test]
fn every_injected_failure_is_told_and_no_pass_depends_on_it() {
    let emulator = Emulator::lease(Profile::Small);
    emulator.inject(&json!({ "plain": true }));
    let sound = whereabouts_aside(answers(&run(&mut emulator.yagura(), &SCAN).json()));
    let mut injected_calls = 0;
    for seed in 1..=4 {
        emulator.inject(&json!({ "plain": true, "seed": seed, "rate": 0.15, "kinds": ["denied", "error", "unsupported"] }));
        emulator.reset();

        let result = run(&mut emulator.yagura(), &SCAN).json();

        let told = gaps(&result);
        for call in emulator.calls() {
            let name = format!("{}.{}", call.service, call.operation);
            let failed = call
                .outcomes
                .iter()
                .any(|(kind, _)| ["denied", "error", "unsupported"].contains(&kind.as_str()));
            if failed && !finds_accounts(&name) {
                injected_calls += 1;
                assert!(
                    told.contains(&(call.account.clone(), name.clone())),
                    "seed {seed}: {name} in {} is not told",
                    call.account
                );
            }
        }
        for (key, outcome) in whereabouts_aside(answers(&result)) {
            if outcome == "COMPLIANT" || outcome == "NON_COMPLIANT" {
                assert_eq!(
                    sound.get(&key),
                    Some(&outcome),
                    "seed {seed}: {key:?} depends on what was not read"
                );
            }
        }
    }
    assert!(injected_calls > 50, "only {injected_calls} failures were injected; the test looks at nothing");
}

#[test]
fn a_denied_call_names_the_permission_that_is_missing() {
    let emulator = Emulator::lease(Profile::Small);
    emulator
        .inject(&json!({ "rules": [{ "service": "s3", "operation": "GetBucketPolicy", "kind": "denied" }] }));
    let arguments = [&SCAN[..], &["--rules", "s3-bucket-ssl-requests-only"]].concat();

    let result = run(&mut emulator.yagura(), &arguments).json();

    let found = answers(&result);
    assert!(!found.is_empty() && found.values().all(|outcome| outcome == "INSUFFICIENT_DATA"), "{found:?}");
    let reason = &result["Evaluations"][0]["Reason"]["Gaps"][0];
    assert_eq!((&reason["Status"], &reason["Permission"]), (&json!("DENIED"), &json!("s3:GetBucketPolicy")));
}

#[test]
fn a_call_that_is_throttled_for_a_while_is_read_in_the_end() {
    let emulator = Emulator::lease(Profile::Small);
    emulator.inject(&json!({ "rules": [{ "service": "ec2", "operation": "DescribeSecurityGroups", "kind": "throttled", "times": 3 }] }));
    let arguments = [&SCAN[..], &["--this-account", "--rules", "restricted-ssh"]].concat();

    let found = answers(&run(&mut emulator.yagura(), &arguments).json());

    assert!(!found.is_empty() && found.values().all(|outcome| outcome != "INSUFFICIENT_DATA"), "{found:?}");
}
