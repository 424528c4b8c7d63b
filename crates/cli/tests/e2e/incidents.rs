//! From the logs of an attack to one incident with its story.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Stdio;

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

/// Posts a body and returns the status.
fn post(address: &str, token: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "POST /audit HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_whitespace().nth(1).unwrap().to_owned()
}

#[test]
fn what_is_posted_is_answered_when_it_is_stored() {
    let place = Place::new();
    let mut child = yagura()
        .current_dir(place.directory.path())
        .args([
            "detect",
            "listen://127.0.0.1:0",
            "--follow",
            "--store",
            "yagura.db",
            "--now",
            "2026-02-01T00:00:00Z",
        ])
        .env("YAGURA_LISTEN_TOKEN", "Korrekt!Pferd9")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("listening on") {
        line.clear();
        assert!(told.read_line(&mut line).unwrap() > 0, "it does not listen");
    }
    let address = line.trim().rsplit(' ').next().unwrap().to_owned();
    let logs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/attack/logs");
    let alerts = std::fs::read_to_string(format!("{logs}/falco/shop-prod-alerts.json")).unwrap();
    let audit = std::fs::read_to_string(format!("{logs}/kubernetes/shop-prod-audit.log")).unwrap();
    let items: Vec<Value> = audit.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let list = serde_json::json!({ "kind": "EventList", "apiVersion": "audit.k8s.io/v1", "metadata": {}, "items": items });
    assert_eq!(post(&address, "wrong", "{}"), "401");
    assert_eq!(post(&address, "Korrekt!Pferd9", "{\"cut\": "), "400");
    for alert in alerts.lines() {
        assert_eq!(post(&address, "Korrekt!Pferd9", alert), "200");
    }
    assert_eq!(post(&address, "Korrekt!Pferd9", &list.to_string()), "200");
    // What was answered is stored, whatever happens now.
    child.kill().unwrap();
    child.wait().unwrap();
    let incidents = place.run(&["incidents", "list", "--output", "json"]).json();
    assert_eq!(incidents.as_array().unwrap().len(), 1, "the shell and what was done in it are one");
    assert_eq!(incidents[0]["Findings"], 6);
    assert!(!std::fs::read(place.path("yagura.db")).unwrap().windows(14).any(|it| it == b"Korrekt!Pferd9"));
}
