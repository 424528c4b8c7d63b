//! The recorded organisation inside the binary.

use std::collections::BTreeSet;

use crate::run::{answers, run, yagura};

#[test]
fn the_demonstration_needs_nothing_and_tells_the_whole_story() {
    let ended = run(&mut yagura(), &["demo"]);
    assert_eq!(ended.status, 0, "{}", ended.err);
    for said in
        ["12 accounts, 5 regions", "hinode-legacy-osaka", "not read", "skipped", "What could not be read"]
    {
        assert!(ended.out.contains(said), "`{said}` is missing in {}", ended.out);
    }
    // The attack on it: one story across two accounts, a cluster and a container.
    for said in [
        "an attack in 9 stages",
        "kenji goes on as GameOperations",
        "Cryptocurrency miner started",
        "What to do first",
    ] {
        assert!(ended.out.contains(said), "`{said}` is missing in {}", ended.out);
    }
}

#[test]
fn every_severity_and_every_function_is_in_it() {
    let result = run(&mut yagura(), &["demo", "--output", "json"]).json();
    let severities = result["Summary"]["Severities"].as_object().unwrap();
    for severity in ["CRITICAL", "HIGH", "MEDIUM", "LOW"] {
        assert!(severities[severity].as_u64().unwrap() > 10, "{severities:?}");
    }
    let outcomes: BTreeSet<String> = answers(&result).into_values().collect();
    assert_eq!(outcomes.len(), 4, "{outcomes:?}");
}

/// After a change of the collectors the organisation has to be recorded anew: `make record`.
#[test]
fn the_recording_holds_everything_that_the_rules_ask_for() {
    let result = run(&mut yagura(), &["demo", "--output", "json", "--status", "insufficient-data"]).json();
    let reasons =
        result["Evaluations"].as_array().unwrap().iter().map(|it| it["ReasonText"].as_str().unwrap());
    let stale: Vec<&str> = reasons.filter(|reason| reason.contains("not asked")).collect();
    assert!(stale.is_empty(), "{stale:?}");
}

/// The emulator's accounts leave a password in the environment of functions and containers.
#[test]
fn no_secret_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let store = directory.path().join("yagura.db");
    let snapshot = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/organization");
    let arguments = ["scan", "--snapshot", snapshot, "--store", store.to_str().unwrap(), "--output", "csv"];
    let ended = run(&mut yagura(), &arguments);
    assert_eq!(ended.status, 0, "{}", ended.err);
    let kept = std::fs::read(store).unwrap();
    let holds = |text: &str| kept.windows(text.len()).any(|it| it == text.as_bytes());
    assert!(!holds("Korrekt!Pferd9"));
    assert!(holds("[redacted: password]"));
    let found =
        ended.out.lines().filter(|it| it.contains("no-environment-secrets") && it.contains("NON_COMPLIANT"));
    assert!(found.count() > 0, "the rules do not see what was redacted");
}

#[test]
fn fail_on_gives_status_3_for_what_is_bad_enough() {
    let status =
        |severity: &str| run(&mut yagura(), &["demo", "--output", "csv", "--fail-on", severity]).status;
    assert_eq!(status("critical"), 3);
    let quiet = ["demo", "--output", "csv", "--rules", "cloud-trail-encryption-enabled", "--fail-on", "high"];
    assert_eq!(run(&mut yagura(), &quiet).status, 0);
}

/// Other tools read it: where each answer goes is a promise.
#[test]
fn ocsf_says_where_what_and_how_it_ended() {
    let result = run(&mut yagura(), &["demo", "--output", "ocsf"]).json();
    let findings = result.as_array().unwrap();
    assert!(findings.len() > 1000);
    let mut seen = BTreeSet::new();
    for finding in findings {
        assert_eq!(finding["class_uid"], 2003);
        for place in [
            "/metadata/event_code",
            "/cloud/account/uid",
            "/cloud/region",
            "/resources/0/uid",
            "/resources/0/name",
        ] {
            assert!(
                finding.pointer(place).is_some_and(serde_json::Value::is_string),
                "{place} is missing in {finding}"
            );
        }
        let status = finding.pointer("/compliance/status_id").and_then(serde_json::Value::as_i64).unwrap();
        if status == 0 {
            assert!(
                finding["status_detail"].is_string()
                    || finding.pointer("/compliance/status_detail").is_some(),
                "{finding}"
            );
        }
        seen.insert(status);
    }
    assert!(seen.is_superset(&BTreeSet::from([0, 1, 3])), "{seen:?}");
}

/// A narrow question is not answered with everything that the snapshot could not read.
#[test]
fn a_snapshot_judged_by_one_rule_tells_only_the_gaps_that_concern_it() {
    let result = run(&mut yagura(), &["demo", "--output", "json", "--rules", "restricted-ssh"]).json();
    let calls: BTreeSet<&str> =
        result["Coverage"].as_array().unwrap().iter().map(|it| it["Call"].as_str().unwrap()).collect();
    assert!(calls.contains("ec2.DescribeSecurityGroups"), "{calls:?}");
    assert!(!calls.contains("iam.ListUsers") && !calls.contains("s3.GetBucketPolicy"), "{calls:?}");
}

#[test]
fn several_outputs_are_written_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let formats = ["json", "ndjson", "csv", "ocsf", "asff", "sarif", "junit", "html"];
    let outputs: Vec<String> =
        formats.iter().map(|format| format!("--output={format}={}", path(format))).collect();
    let mut arguments = vec!["demo", "--output=table"];
    arguments.extend(outputs.iter().map(String::as_str));

    let ended = run(&mut yagura(), &arguments);

    assert_eq!(ended.status, 0, "{}", ended.err);
    for format in formats {
        let written = std::fs::metadata(path(format)).unwrap().len();
        assert!(written > 10_000, "{format}: {written} bytes");
    }
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), formats.len());
}

#[test]
fn japanese_is_told_in_japanese() {
    let ended = run(&mut yagura(), &["demo", "--lang", "ja"]);
    assert_eq!(ended.status, 0, "{}", ended.err);
    for said in ["セキュリティグループ", "アカウントは停止されています", "を引き受けられません"]
    {
        assert!(ended.out.contains(said), "`{said}` is missing in {}", ended.out);
    }
}
