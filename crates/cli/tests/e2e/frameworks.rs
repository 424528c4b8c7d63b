//! Frameworks and scores, from the recorded organisation and a framework of the user's.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::run::{Ended, run, yagura};

pub const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/organization");

const FRAMEWORK: &str = r#"id: house-1.0
name: { en: House rules 1.0, ja: 社内規程 1.0 }
publisher: { en: The house, ja: 自社 }
version: "1.0"
url: https://example.com/house
aliases: { prowler: [house_1.0_aws] }
about:
  en: What the house asks for.
  ja: 社内で求めること。
groups:
  - { id: "1", title: { en: Networks, ja: ネットワーク } }
  - { id: "1.1", in: "1", title: { en: Administration, ja: 管理 } }
  - { id: "2", title: { en: People, ja: 人 } }
requirements:
  - id: "1.1.1"
    in: "1.1"
    title: { en: SSH is not open, ja: SSH を公開しない }
    rules: [restricted-ssh]
  - id: "1.2"
    in: "1"
    title: { en: RDP is not open, ja: RDP を公開しない }
    rules: [restricted-rdp]
    manual: { en: Ask who needs it., ja: 利用者を確認する。 }
  - id: "2.1"
    in: "2"
    title: { en: People are trained, ja: 教育を受けている }
    manual: { en: See the records., ja: 記録を確認する。 }
"#;

/// A directory with the framework, and a store beside it.
pub struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(directory.path().join("packs/frameworks")).unwrap();
        std::fs::write(directory.path().join("packs/frameworks/house-1.0.yaml"), FRAMEWORK).unwrap();
        Self { directory }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        let (packs, store) = (self.path("packs"), self.path("yagura.db"));
        let mut command = yagura();
        command.env("YAGURA_PACKS", packs).env("YAGURA_STORE", store);
        run(&mut command, arguments)
    }

    pub fn scan(&self, arguments: &[&str]) -> Ended {
        let ended = self.run(&[&["scan", "--snapshot", SNAPSHOT], arguments].concat());
        assert_eq!(ended.status, 0, "{}", ended.err);
        ended
    }
}

pub fn says(ended: &Ended, status: i32, sentences: &[&str]) {
    assert_eq!(ended.status, status, "{}\n{}", ended.out, ended.err);
    let all = format!("{}{}", ended.out, ended.err);
    let plain = all.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    for said in sentences {
        assert!(plain.contains(said), "`{said}` is missing in {all}");
    }
}

#[test]
fn frameworks_are_listed_and_shown_in_both_languages() {
    let place = Place::new();
    says(&place.run(&["frameworks", "list"]), 0, &["house-1.0 House rules 1.0 3 1 1 1"]);
    says(
        &place.run(&["frameworks", "show", "prowler:house_1.0_aws", "--lang", "ja"]),
        0,
        &[
            "社内規程 1.0",
            "3 要件: 1 自動、1 一部自動、1 手動",
            "restricted-ssh セキュリティグループ",
            "手動確認: 記録を確認する。",
        ],
    );
    let listed = place.run(&["frameworks", "list", "--json"]).json();
    let house = listed.as_array().unwrap().iter().find(|it| it["Id"] == "house-1.0").unwrap();
    assert_eq!(house["Requirements"][1]["Rules"][0], "restricted-rdp");
    says(&place.run(&["rules", "show", "restricted-ssh"]), 0, &["house-1.0/1.1.1 SSH is not open"]);
}

#[test]
fn an_unknown_framework_is_told_with_the_nearest() {
    let place = Place::new();
    for arguments in [
        &["frameworks", "show", "hous-1.0"][..],
        &["frameworks", "report", "hous-1.0"],
        &["scan", "--snapshot", SNAPSHOT, "--framework", "hous-1.0"],
    ] {
        says(&place.run(arguments), 2, &["there is no framework `hous-1.0`; did you mean `house-1.0`"]);
    }
    let ended = run(&mut yagura(), &["demo", "--framework", "no-such-framework"]);
    says(&ended, 2, &["there is no framework `no-such-framework`"]);
}

#[test]
fn a_broken_framework_is_told_with_its_line_and_stops_only_those_who_ask_for_it() {
    let place = Place::new();
    let bad = FRAMEWORK.replace("house-1.0", "bad").replace("[restricted-ssh]", "[restricted-sssh]");
    std::fs::write(place.path("packs/frameworks/bad.yaml"), bad).unwrap();
    says(
        &place.run(&["frameworks", "list"]),
        0,
        &["bad.yaml:18:13: error[framework/unknown-rule]", "did you mean `restricted-ssh`?", "house-1.0"],
    );
    says(&place.run(&["frameworks", "show", "bad"]), 2, &["the file of the framework `bad` has mistakes"]);
}

#[test]
fn a_scan_for_a_framework_uses_its_rules_and_tells_how_far_it_is_met() {
    let place = Place::new();
    let ended = place.scan(&["--framework", "house-1.0"]);
    says(
        &ended,
        0,
        &[
            "2 rules",
            "House rules 1.0 (house-1.0)",
            "0 of 2 evaluated requirements are met",
            "1.1.1 Non-compliant SSH is not open",
        ],
    );
    let page = place.scan(&["--framework", "house-1.0", "--output", "html"]).out;
    assert!(page.contains(r#""frameworks":[{"id":"house-1.0""#));
    let json = place.scan(&["--framework", "prowler:house_1.0_aws", "--output", "json"]).json();
    assert_eq!(json["Rules"].as_array().unwrap().len(), 2);
    assert_eq!(json["Frameworks"][0]["Totals"]["NonCompliant"], 2);
    assert_eq!(json["Frameworks"][0]["Totals"]["Manual"], 1);
    let ssh =
        json["Evaluations"].as_array().unwrap().iter().find(|it| it["Rule"] == "restricted-ssh").unwrap();
    assert_eq!(ssh["Requirements"], serde_json::json!(["house-1.0/1.1.1"]));
    let ocsf = place.scan(&["--framework", "house-1.0", "--output", "ocsf"]).json();
    let ssh =
        ocsf.as_array().unwrap().iter().find(|it| it["metadata"]["event_code"] == "restricted-ssh").unwrap();
    assert_eq!(ssh["compliance"]["requirements"], serde_json::json!(["house-1.0/1.1.1"]));
    assert_eq!(ssh["compliance"]["standards"], serde_json::json!(["House rules 1.0"]));
}

#[test]
fn a_report_comes_from_the_last_scan_in_each_format() {
    let place = Place::new();
    says(
        &place.run(&["frameworks", "report", "house-1.0"]),
        2,
        &["there is no finished scan", "yagura scan"],
    );
    place.scan(&["--rules", "restricted-ssh", "--output", "csv"]);

    let table = place.run(&["frameworks", "report", "house-1.0"]);
    says(
        &table,
        0,
        &[
            "1.1.1 Non-compliant SSH is not open restricted-ssh:",
            "1.2 Insufficient data RDP is not open",
            "the scan did not use restricted-rdp",
            "hinode-legacy-osaka not read",
            "hinode-retired-2019 skipped",
        ],
    );

    let json = place.run(&["frameworks", "report", "house-1.0", "--output", "json"]).json();
    let accounts = json["Accounts"].as_array().unwrap();
    assert_eq!(accounts.len(), 12);
    let unread = accounts.iter().find(|it| it["AccountName"] == "hinode-legacy-osaka").unwrap();
    assert_eq!(unread["Requirements"][0]["Answer"], "INSUFFICIENT_DATA");
    assert_eq!(unread["Requirements"][0]["Doubts"][0]["Kind"], "ACCOUNT_NOT_READ");
    assert_eq!(answers(&json["Result"]), ["NON_COMPLIANT", "INSUFFICIENT_DATA", "MANUAL"]);

    let out = place.path("report.csv");
    let written =
        place.run(&["frameworks", "report", "house-1.0", "-o", "csv", "--out", out.to_str().unwrap()]);
    assert_eq!((written.status, written.out.as_str()), (0, ""), "{}", written.err);
    assert_eq!(lines(&out), 1 + 12 * 3 + 3);

    let one = ["frameworks", "report", "house-1.0", "--account", "hinode-log-archive", "--output", "json"];
    let json = place.run(&one).json();
    assert_eq!(json["Accounts"].as_array().unwrap().len(), 1);
    assert_eq!(answers(&json["Result"])[0], "COMPLIANT");
    let nobody = ["frameworks", "report", "house-1.0", "--account", "123"];
    says(&place.run(&nobody), 2, &["scan 1 holds no account `123`"]);
}

#[test]
fn a_narrow_scan_does_not_hide_the_whole_picture_and_an_earlier_one_can_be_asked_for() {
    let place = Place::new();
    let report = |more: &[&str]| place.run(&[&["frameworks", "report", "house-1.0"], more].concat());
    place.scan(&["--output", "csv"]);
    place.scan(&["--rules", "restricted-rdp", "--output", "csv"]);
    place.scan(&["--services", "s3", "--output", "csv", "--rules", "s3-*,restricted-ssh,restricted-rdp"]);

    says(
        &report(&[]),
        0,
        &[
            "scan 1",
            "Scan 3 is newer, but looked at only 0 of the framework's 2 rules; this one looked at 2.",
        ],
    );
    says(
        &report(&["--lang", "ja"]),
        0,
        &["より新しいスキャン 3 は、フレームワークの 2 ルール中 0 ルールしか"],
    );
    says(&report(&["--scan", "2"]), 0, &["scan 2", "Scan 3 is newer", "the scan did not use restricted-ssh"]);
    // What a program reads holds nothing but the result.
    let csv = report(&["--scan", "2", "--output", "csv"]);
    assert!(csv.out.starts_with("Framework,") && csv.err.contains("Scan 3 is newer"), "{}", csv.err);

    says(
        &report(&["--scan", "7"]),
        2,
        &[
            "there is no scan 7",
            "--scan 3",
            "0 of the framework's 2 rules",
            "--scan 1",
            "2 of the framework's 2 rules",
        ],
    );

    // A scan of everything takes the place of all of them.
    place.scan(&["--output", "csv", "--fresh"]);
    says(
        &report(&["--scan", "2"]),
        2,
        &["the evaluations of scan 2 are no longer kept", "these can be reported: --scan 4"],
    );
    let whole = report(&[]);
    assert!(!whole.out.contains("newer") && whole.out.contains("scan 4"), "{}", whole.out);
}

fn answers(result: &Value) -> Vec<&str> {
    result["Requirements"].as_array().unwrap().iter().map(|it| it["Answer"].as_str().unwrap()).collect()
}

fn lines(path: &Path) -> usize {
    std::fs::read_to_string(path).unwrap().lines().count()
}

#[test]
fn the_score_compares_scans_of_the_same_scope_and_tells_what_changed_it() {
    let place = Place::new();
    let quiet = ["--output", "csv"];
    place.scan(&[&quiet[..], &["--now", "2025-12-01T00:00:00Z"]].concat());
    says(&place.run(&["score"]), 0, &["There is no earlier scan of the same scope"]);

    // A narrow scan in between is not compared.
    place.scan(&[&quiet[..], &["--rules", "restricted-ssh", "--now", "2026-01-01T00:00:00Z"]].concat());
    says(
        &place.run(&["score"]),
        0,
        &["There is no earlier scan of the same scope", "1 other scan of this span asked for something else"],
    );

    let accepted = "[[exceptions]]\nrules = [\"restricted-ssh\"]\nbecause = \"being moved\"\n";
    std::fs::write(place.path("yagura.toml"), accepted).unwrap();
    let config = place.path("yagura.toml");
    let with = ["--config", config.to_str().unwrap(), "--now", "2026-02-01T00:00:00Z"];
    place.scan(&[&quiet[..], &with].concat());
    let ended = place.run(&["score", "--by", "framework"]);
    says(
        &ended,
        0,
        &[
            "2 scans of the same scope",
            "What changed it most from scan 1 to scan 3:",
            "restricted-ssh",
            "house-1.0 House rules 1.0",
        ],
    );

    let json = place.run(&["score", "--output", "json"]).json();
    assert_eq!(json["Scans"].as_array().unwrap().len(), 2);
    // Two months make other things old, too; what was accepted is among the gains.
    let rules = json["Rules"].as_array().unwrap();
    let accepted = rules.iter().find(|it| it["Rule"] == "restricted-ssh").unwrap();
    assert!(accepted["Points"].as_f64().unwrap() > 0.0, "{accepted}");
    assert_eq!(json["Accounts"].as_array().unwrap().len(), 10);
    assert_eq!(json["Functions"].as_array().unwrap().len(), 5);
    let recent = place.run(&["score", "--since", "30d", "--output", "json"]).json();
    assert_eq!((recent["Scans"].as_array().unwrap().len(), &recent["NotComparable"]), (1, &Value::from(0)));
    says(&place.run(&["score", "--since", "soon"]), 2, &["neither a span such as 90d"]);
}
