//! What was never seen before, and where addresses are: from logs of the past to a finding with its place.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::run::{Ended, run, yagura};

const RULES: &str = "\
title: Sign-in from a new country
id: 00000000-0000-4000-8000-0000000000a1
logsource: { product: aws, service: cloudtrail }
detection: { s: { eventName: ConsoleLogin }, condition: s }
level: critical
yagura: { new: { of: country } }
---
title: Used through Tor
id: 00000000-0000-4000-8000-0000000000a2
logsource: { product: aws, service: cloudtrail }
detection: { s: { yagura.list: tor }, condition: s }
level: critical
";

struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { directory: tempfile::tempdir().unwrap() };
        place.write("rules/r.yml", RULES);
        place.write("asn.tsv", "203.0.113.0\t203.0.113.255\t64500\tJP\tHome\n198.51.100.0\t198.51.100.255\t64501\tBR\tExample Telecom\n");
        place.write("tor.txt", "# exits\n192.0.2.9\n");
        let past: String = (1..=15).map(|day| sign_in(day, "203.0.113.7").to_string() + "\n").collect();
        place.write("past.json", &past);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn configure(&self) {
        self.write("yagura.toml", "[detections]\ngeo = [\"asn.tsv\"]\nlists = { tor = \"tor.txt\" }\n");
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        let common = ["--only-rules", "--rules", "rules", "--now", "2026-02-20T00:00:00Z"];
        let mut arguments = arguments.to_vec();
        if arguments[0] == "detect" {
            arguments.extend(common);
        }
        run(yagura().current_dir(self.directory.path()).env("YAGURA_STORE", "yagura.db"), &arguments)
    }
}

fn sign_in(day: u32, address: &str) -> Value {
    json!({
        "eventVersion": "1.09", "eventID": format!("{day} {address}"), "eventTime": format!("2026-02-{day:02}T03:04:05Z"), "eventName": "ConsoleLogin",
        "eventSource": "signin.amazonaws.com", "awsRegion": "us-east-1", "sourceIPAddress": address, "recipientAccountId": "111122223333",
        "userIdentity": { "type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/dev", "accountId": "111122223333", "userName": "dev" },
    })
}

#[test]
fn what_was_learned_from_the_past_tells_what_is_new() {
    let place = Place::new();
    place.configure();
    let learned = place.run(&["detect", "past.json", "--prime"]);
    assert_eq!(learned.status, 0, "{}", learned.err);
    assert!(learned.err.contains("0 findings"), "{}", learned.err);

    place.write("now.json", &format!("{}\n{}\n", sign_in(16, "203.0.113.8"), sign_in(16, "198.51.100.7")));
    let found = place.run(&["detect", "now.json", "--output", "json"]).json();
    let findings = found["Findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!((&findings[0]["Confidence"], &findings[0]["Severity"]), (&json!("high"), &json!("CRITICAL")));
    assert_eq!(
        findings[0]["Samples"][0]["Origin"],
        json!({ "Country": "BR", "Asn": 64501, "AsName": "Example Telecom" })
    );
    let id = found["Incidents"][0]["Id"].as_str().unwrap();
    let told = place.run(&["incidents", "show", id, "--lang", "en"]);
    assert!(told.out.contains("from 198.51.100.7 (BR, AS64501 Example Telecom)"), "{}{}", told.out, told.err);
    // The same again is known, and usual.
    let again = place.run(&["detect", "now.json", "--output", "json"]).json();
    assert_eq!(again["Findings"], json!([]));
}

#[test]
fn without_a_past_and_without_places_it_is_said_what_is_missing() {
    let place = Place::new();
    let told = place.run(&["detect", "past.json"]);
    assert!(told.err.contains("2 rules are left out about countries, lists of addresses"), "{}", told.err);
    place.configure();
    place.write("now.json", &format!("{}\n{}\n", sign_in(16, "198.51.100.7"), sign_in(17, "192.0.2.9")));
    let told = place.run(&["detect", "now.json"]);
    assert!(told.err.contains("1 thing learned that nobody can call unusual yet"), "{}", told.err);
    assert!(told.out.contains("Used through Tor") && !told.out.contains("new country"), "{}", told.out);
    let matches = place.run(&["detect", "past.json", "--matches"]);
    assert!(
        matches.err.contains("1 rule is left out about what was never seen before: that needs a store"),
        "{}",
        matches.err
    );
    assert_eq!(matches.out, "");
    place.write("yagura.toml", "[detections]\ngeo = [\"absent.mmdb\"]\n");
    let broken = place.run(&["detect", "past.json"]);
    assert_eq!(broken.status, 2);
    assert!(broken.err.contains("cannot read `absent.mmdb`"), "{}", broken.err);
    let queue = place.run(&["detect", "sqs://logs", "--prime"]);
    assert!(
        queue.err.contains("would take the messages of `sqs://logs` away from detection"),
        "{}",
        queue.err
    );
}
