//! Rules of Falco and Sigma over files of events, and everything that can be wrong with either.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::run::{Ended, run, yagura};

const FALCO: &str = "\
- list: stops
  items: [StopLogging, DeleteTrail]
- macro: succeeded
  condition: not ct.error exists
- rule: Trail Stopped
  desc: Somebody stops a trail.
  condition: ct.name in (stops) and succeeded
  output: Stopped (user=%ct.user trail=%ct.request.name)
  priority: CRITICAL
  source: aws_cloudtrail
";

const SIGMA: &str = "\
title: Root is used
id: 7d1c0b6e-5d1e-4b1c-9a55-2f1f0d9b7a02
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { userIdentity.type: Root }
  condition: selection
level: high
";

struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { directory: tempfile::tempdir().unwrap() };
        place.write("rules/falco.yaml", FALCO);
        place.write("rules/sigma.yml", SIGMA);
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

    fn run(&self, arguments: &[&str]) -> Ended {
        run(yagura().current_dir(self.directory.path()).env("XDG_DATA_HOME", self.path("data")), arguments)
    }
}

fn event(id: &str, name: &str, kind: &str) -> Value {
    json!({
        "eventVersion": "1.09", "eventID": id, "eventTime": "2026-01-02T03:04:05Z", "eventName": name,
        "eventSource": "cloudtrail.amazonaws.com", "userIdentity": { "type": kind, "userName": "dev" },
        "requestParameters": { "name": "trail" },
    })
}

fn says(ended: &Ended, status: i32, sentences: &[&str]) {
    assert_eq!(ended.status, status, "{}\n{}", ended.out, ended.err);
    for said in sentences {
        assert!(
            format!("{}{}", ended.out, ended.err).contains(said),
            "`{said}` is missing in {}{}",
            ended.out,
            ended.err
        );
    }
}

#[test]
fn events_go_past_rules_of_both_languages() {
    let place = Place::new();
    let records =
        json!({ "Records": [event("1", "StopLogging", "IAMUser"), event("2", "GetTrail", "Root")] });
    place.write("logs/AWSLogs/111122223333/CloudTrail/us-east-1/a.json", &records.to_string());
    place.write("logs/AWSLogs/111122223333/CloudTrail-Digest/us-east-1/d.json", "{}");
    // The second file is cut off in the middle of its second record.
    let cut = json!({ "Records": [event("3", "DeleteTrail", "Root"), event("4", "DeleteTrail", "Root")] })
        .to_string();
    place.write("logs/b.json", &cut[..cut.len() - 40]);

    let only = ["--only-rules", "--rules", "rules"];
    let matches = place.run(&[&["detect", "logs", "--matches"], &only[..]].concat());
    says(
        &matches,
        0,
        &[
            "3 events of 2 files, 2 rules",
            "1 digest file passed over",
            "b.json: bytes",
            "the record is cut off",
        ],
    );
    let found: Vec<_> = matches
        .out
        .lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            assert_eq!(line["time"], "2026-01-02T03:04:05Z");
            format!("{} {}", line["event_id"].as_str().unwrap(), line["rule"].as_str().unwrap())
        })
        .collect();
    let root = "7d1c0b6e-5d1e-4b1c-9a55-2f1f0d9b7a02";
    assert_eq!(
        found,
        [
            "1 Trail Stopped".to_owned(),
            format!("2 {root}"),
            "3 Trail Stopped".to_owned(),
            format!("3 {root}")
        ]
    );

    says(
        &place.run(&[&["detect", "logs"], &only[..]].concat()),
        0,
        &["Trail Stopped", "DETECTION", "3 findings"],
    );
    says(
        &place.run(&[&["detect", "nowhere"], &only[..]].concat()),
        2,
        &["cannot read the events in `nowhere`"],
    );
    says(
        &place.run(&["detect", "logs", "--only-rules", "--rules", "rules", "--source", "kubernetes-audit"]),
        2,
        &["no rule is about such events"],
    );
}

#[test]
fn what_could_not_be_read_shows_in_the_exit_status() {
    let place = Place::new();
    let only = ["--only-rules", "--rules", "rules"];
    std::fs::create_dir(place.path("empty")).unwrap();
    says(
        &place.run(&[&["detect", "empty"], &only[..]].concat()),
        2,
        &["there is no log in the directory `empty`"],
    );
    place.write("good.json", &event("1", "StopLogging", "IAMUser").to_string());
    std::fs::write(place.path("cut.json.gz"), b"\x1f\x8b\x08\x00cut off").unwrap();
    let full = place.run(&[&["detect", "good.json", "--out", "/dev/full"], &only[..]].concat());
    says(&full, 1, &["cannot write the result", "No space left on device"]);
    let ended = place.run(&[&["detect", "cut.json.gz", "good.json", "--store", "none"], &only[..]].concat());
    says(
        &ended,
        1,
        &[
            "cut.json.gz: cannot be read to its end",
            "1 file could not be read, or not to the end",
            "Trail Stopped",
        ],
    );
}

#[test]
fn what_would_lose_events_is_refused_before_anything_is_asked() {
    let place = Place::new();
    let only = ["--only-rules", "--rules", "rules"];
    let run = |arguments: &[&str]| place.run(&[arguments, &only[..]].concat());
    says(
        &run(&["detect", "sqs://trail", "--matches"]),
        2,
        &["would take the messages of `sqs://trail` away"],
    );
    says(&run(&["detect", "listen://127.0.0.1:0"]), 2, &["only makes sense with `--follow`"]);
    says(&run(&["detect", "listen://0.0.0.0:0", "--follow"]), 2, &["can be reached from other machines"]);
    says(&run(&["detect", "logs", "--matches", "--follow"]), 2, &["cannot be used with"]);
}

#[test]
fn broken_records_are_kept_beside_the_store() {
    let place = Place::new();
    let good = event("1", "StopLogging", "IAMUser").to_string();
    place.write("e.json", &(good.clone() + "\n" + &good[..good.len() - 30]));
    let arguments = ["detect", "e.json", "--only-rules", "--rules", "rules", "--store", "y.db"];
    says(&place.run(&arguments), 0, &["1 finding", "the record is cut off"]);
    let kept = std::fs::read_to_string(place.path("y.db-aside/broken-records.ndjson")).unwrap();
    let line: Value = serde_json::from_str(kept.lines().next().unwrap()).unwrap();
    assert_eq!((line["file"].as_str(), line["from"].as_u64()), (Some("e.json"), Some(good.len() as u64 + 1)));
}

#[test]
fn rule_files_are_checked_with_place_and_reason() {
    let place = Place::new();
    says(
        &place.run(&["detections", "check", "rules"]),
        0,
        &["1 rule of Falco and 1 rule of Sigma can be used; 0 errors"],
    );
    place.write("rules/bad.yaml", &FALCO.replace("ct.name in", "ct.nme in"));
    let ended = place.run(&["detections", "check", "rules/bad.yaml", "--output", "ndjson"]);
    assert_eq!(ended.status, 2, "{}", ended.err);
    let line: Value = serde_json::from_str(ended.out.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&line["line"], &line["column"], &line["level"], &line["code"]),
        (&json!(7), &json!(14), &json!("error"), &json!("LOAD_ERR_COMPILE_CONDITION"))
    );
    assert!(line["message"].as_str().unwrap().contains("did you mean `ct.name`?"));
    // A rule with a mistake is left out of a run; the others are used.
    place.write("e.json", &event("1", "StopLogging", "Root").to_string());
    let ended = place.run(&["detect", "e.json", "--only-rules", "--rules", "rules/bad.yaml,rules/sigma.yml"]);
    says(&ended, 0, &["rules with mistakes are left out", "1 event of 1 file, 1 rule: 1 match of 1 rule"]);
    says(&place.run(&["detections", "check", "nowhere"]), 2, &["cannot read the rules in `nowhere`"]);
}

#[test]
fn a_condition_is_parsed_without_knowing_fields() {
    let place = Place::new();
    let tree = place.run(&["detections", "parse", "a.b = 1 and not m"]).json();
    assert_eq!((&tree["Kind"], &tree["Children"][1]["Child"]["Name"]), (&json!("And"), &json!("m")));
    says(
        &place.run(&["detections", "parse", "a.b = 1 andd"]),
        2,
        &["the condition is refused at 1:12: a blank or `(` is expected after `and`"],
    );
}

#[test]
fn built_in_detections_are_listed_shown_and_tested() {
    let place = Place::new();
    let list = place.run(&["detections", "list"]);
    says(&list, 0, &["DETECTION", "ATT&CK"]);
    let name = list.out.lines().nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    says(&place.run(&["detections", "show", &name, "--lang", "ja"]), 0, &["対応手順", "detection:"]);
    says(&place.run(&["detections", "show", "no-such"]), 2, &["there is no built-in detection `no-such`"]);
    says(&place.run(&["detections", "test"]), 0, &[" 0 wrong"]);
}

#[test]
fn a_rule_says_why_it_matches_and_why_not() {
    let place = Place::new();
    place.write(
        "e.json",
        &json!({ "Records": [event("1", "StopLogging", "IAMUser"), event("2", "X", "Root")] }).to_string(),
    );
    let explain = |rule: &str, more: &[&str]| {
        place.run(
            &[&["detections", "explain", rule, "e.json", "--rules", "rules", "--only-rules"], more].concat(),
        )
    };
    says(
        &explain("Trail Stopped", &[]),
        0,
        &[
            "The rule matches.",
            "+ ct.name in (StopLogging, DeleteTrail)  <- StopLogging",
            "  - ct.error exists",
        ],
    );
    says(
        &explain("Trail Stopped", &["--event-id", "2"]),
        0,
        &["The rule does not match.", "- ct.name in (StopLogging, DeleteTrail)  <- X"],
    );
    let root = "7d1c0b6e-5d1e-4b1c-9a55-2f1f0d9b7a02";
    let json = explain(root, &["--event-id", "2", "--json"]).json();
    assert_eq!(json["Holds"], true);
    says(&explain(root, &["--event-id", "9"]), 2, &["there is no event `9` in `e.json`"]);
    says(&explain("nothing", &[]), 2, &["there is no rule `nothing`"]);
}

#[test]
fn correlations_filters_and_pipelines_of_sigma_are_used() {
    let place = Place::new();
    let at = |id: &str, minute: u32, user: &str| {
        let mut it = event(id, "GetTrail", "Root");
        it["eventTime"] = json!(format!("2026-01-02T03:{minute:02}:00Z"));
        it["userIdentity"]["userName"] = json!(user);
        it
    };
    // The first file holds the later events, and one event stands in both.
    place
        .write("logs/a.json", &json!([at("3", 6, "dev"), at("4", 7, "dev"), at("5", 8, "ours")]).to_string());
    place.write(
        "logs/b.json",
        &json!([at("1", 1, "dev"), at("2", 2, "dev"), at("3", 6, "dev"), at("6", 9, "ours")]).to_string(),
    );
    place.write(
        "rules/often.yml",
        "title: Root again and again\nid: often\nlevel: critical\ncorrelation:\n  type: event_count\n  rules: 7d1c0b6e-5d1e-4b1c-9a55-2f1f0d9b7a02\n  group-by: userIdentity.userName\n  timespan: 5m\n  condition: { gte: 3 }\n",
    );
    place.write(
        "rules/ours.yml",
        "title: Ours\nlogsource: { product: aws }\nfilter:\n  rules: any\n  selection: { userIdentity.userName: ours }\n  condition: not selection\n",
    );
    says(
        &place.run(&["detections", "check", "rules"]),
        0,
        &["1 rule of Falco and 1 rule, 1 correlation, 1 filter of Sigma can be used; 0 errors, 0 warnings"],
    );
    let only = ["--only-rules", "--rules", "rules"];
    let matches = place.run(&[&["detect", "logs", "--matches"], &only[..]].concat());
    says(&matches, 0, &["7 events of 2 files, 3 rules: 1 match of 1 rule"]);
    let found: Value = serde_json::from_str(&matches.out).unwrap();
    assert_eq!(found, json!({ "rule": "often", "event_id": "3", "time": "2026-01-02T03:06:00Z" }));
    says(&place.run(&[&["detect", "logs"], &only[..]].concat()), 0, &["Root again and again", "Critical"]);
    says(
        &place.run(&[&["detections", "explain", "often", "logs/a.json"], &only[..]].concat()),
        2,
        &["`often` is a correlation", "explain the rules that it refers to"],
    );

    // Events of another shape, with a pipeline for them.
    place.write(
        "e.json",
        &json!({ "eventID": "9", "eventTime": "2026-01-02T03:00:00Z", "kind": "Root" }).to_string(),
    );
    let mapping =
        "transformations:\n  - { type: field_name_mapping, mapping: { userIdentity.type: kind } }\n";
    place.write("p.yml", mapping);
    let rule = [
        "detect",
        "e.json",
        "--matches",
        "--source",
        "cloudtrail",
        "--only-rules",
        "--rules",
        "rules/sigma.yml",
    ];
    says(&place.run(&rule), 0, &["0 matches"]);
    says(&place.run(&[&rule[..], &["--pipeline", "p.yml"]].concat()), 0, &["1 match of 1 rule"]);
    place.write("p.yml", &mapping.replace("field_name_mapping", "no_such"));
    says(
        &place.run(&[&rule[..], &["--pipeline", "p.yml"]].concat()),
        0,
        &["p.yml:2:5: error[sigma/pipeline]"],
    );
}

#[test]
fn a_correlation_may_be_about_built_in_detections() {
    let place = Place::new();
    let text = "title: Twice\nid: twice\ncorrelation:\n  type: event_count\n  rules: cloudtrail-trail-stopped\n  timespan: 5m\n  condition: { gte: 2 }\n";
    place.write("mine/twice.yml", text);
    says(
        &place.run(&["detections", "check", "mine"]),
        0,
        &["0 rules, 1 correlation of Sigma can be used; 0 errors"],
    );
    place.write(
        "e.json",
        &json!([event("1", "StopLogging", "IAMUser"), event("2", "StopLogging", "IAMUser")]).to_string(),
    );
    let ended = place.run(&["detect", "e.json", "--matches", "--rules", "mine"]);
    says(&ended, 0, &[r#"{"rule":"twice","event_id":"2","#]);
    place.write("mine/twice.yml", &text.replace("trail-stopped", "trail-stoped"));
    says(
        &place.run(&["detections", "check", "mine"]),
        2,
        &["mine/twice.yml:5:10: error[sigma/correlation]", "did you mean `cloudtrail-trail-stopped`?"],
    );
}
