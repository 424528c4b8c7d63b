//! From the logs of an attack to one incident with its story.

use std::path::PathBuf;

use serde_json::Value;

use crate::run::{Ended, run, yagura};

/// The attack of the demonstration, and the everyday work around it.
fn logs() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/attack/logs/AWSLogs").to_owned()
}

struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        let arguments = [arguments, &["--store", "yagura.db"]].concat();
        run(yagura().current_dir(self.directory.path()), &arguments)
    }

    fn detect(&self, more: &[&str]) -> Ended {
        let logs = logs();
        self.run(
            &[&["detect", logs.as_str(), "--now", "2026-02-01T00:00:00Z", "--output", "json"], more].concat(),
        )
    }
}

#[test]
fn an_attack_across_accounts_is_one_incident_with_its_story() {
    let place = Place::new();
    let found = place.detect(&[]).json();
    let incidents = found["Incidents"].as_array().unwrap();
    assert_eq!(incidents.len(), 1, "{incidents:#?}");
    assert_eq!(incidents[0]["Severity"], "CRITICAL");
    assert_eq!(incidents[0]["Accounts"], serde_json::json!(["345678901234", "567890123456"]));
    // Everyday work is in no finding.
    let findings = found["Findings"].as_array().unwrap();
    assert!(findings.iter().all(|it| it["Incident"] == incidents[0]["Id"]), "{findings:#?}");

    let id = incidents[0]["Id"].as_str().unwrap();
    let told = place.run(&["incidents", "show", &id[..6], "--lang", "en"]);
    assert_eq!(told.status, 0, "{}", told.err);
    for said in [
        "kenji and 2 others",
        "Access key made for another IAM user",
        "kenji goes on as GameOperations (sts:AssumeRole)",
        "IAM user: svc-backup2",
        "aws iam update-access-key --user-name misaki --access-key-id AKIAVCODYLSA0MISAKI9",
    ] {
        assert!(told.out.contains(said), "`{said}` is missing in {}", told.out);
    }
    let told = place.run(&["incidents", "show", id, "--lang", "ja"]);
    for said in ["kenji ほか 2 者による攻撃", "【永続化】", "攻撃者が作成したもの", "最初の対応"]
    {
        assert!(told.out.contains(said), "`{said}` is missing in {}", told.out);
    }
    let story: Value = place.run(&["incidents", "show", id, "--output", "json"]).json();
    assert_eq!(story["Steps"].as_array().unwrap().len(), findings.len());
    assert!(place.run(&["incidents", "list", "--lang", "en"]).out.contains(&id[..10]));
    let missing = place.run(&["incidents", "show", "zz"]);
    assert_eq!((missing.status, missing.err.contains("there is no incident `zz`")), (2, true));
}

#[test]
fn the_same_logs_again_add_nothing() {
    let place = Place::new();
    let first = place.detect(&[]).json();
    let again = place.detect(&[]);
    assert!(again.err.contains("known already"), "{}", again.err);
    assert_eq!(again.json()["Findings"], serde_json::json!([]));
    let id = first["Incidents"][0]["Id"].as_str().unwrap();
    let story = place.run(&["incidents", "show", id, "--output", "json"]).json();
    assert_eq!(story["Events"], first["Incidents"][0]["Events"]);
}

#[test]
fn who_may_do_it_is_left_out_until_the_last_day() {
    let place = Place::new();
    let write = |until: &str| {
        let text = format!(
            "[[detections.allow]]\nprincipals = [\"arn:aws:iam::*:user/kenji\"]\nbecause = \"an exercise\"\nuntil = \"{until}\"\n"
        );
        std::fs::write(place.path("yagura.toml"), text).unwrap();
    };
    write("2026-02-28");
    let ended = place.detect(&[]);
    assert!(ended.err.contains("allowed by the configuration"), "{}", ended.err);
    let actors: Vec<_> =
        ended.json()["Findings"].as_array().unwrap().iter().map(|it| it["Actor"]["Name"].clone()).collect();
    assert!(!actors.contains(&Value::from("kenji")), "{actors:?}");
    write("2026-01-31");
    let ended = place.detect(&[]);
    assert!(ended.err.contains("ended on 2026-01-31 and allows nothing any more"), "{}", ended.err);
    write("soon");
    let ended = place.detect(&[]);
    assert_eq!(ended.status, 2);
    assert!(
        ended.err.contains("yagura.toml:4:") && ended.err.contains("`soon` is not a date"),
        "{}",
        ended.err
    );
}
