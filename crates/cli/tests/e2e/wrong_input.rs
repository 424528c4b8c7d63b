//! Whatever is wrong is told with what to do, a proper status, and nothing lost.

use std::path::Path;

use crate::run::{Ended, run, yagura};

fn refused(ended: &Ended, status: i32, says: &[&str]) {
    assert_eq!(ended.status, status, "{}\n{}", ended.out, ended.err);
    assert_eq!(ended.out, "");
    let plain = ended.err.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    for said in says {
        assert!(plain.contains(said), "`{said}` is missing in {}", ended.err);
    }
}

fn write(directory: &Path, name: &str, text: &str) -> String {
    let path = directory.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn an_unknown_option_is_told() {
    refused(&run(&mut yagura(), &["scan", "--reigons", "us-east-1"]), 2, &["--reigons", "--regions"]);
}

#[test]
fn no_credentials_is_told_with_the_ways_to_get_some() {
    refused(
        &run(&mut yagura(), &["scan", "--store", "none"]),
        1,
        &["no AWS credentials were found", "AWS_PROFILE", "aws sso login"],
    );
}

#[test]
fn an_endpoint_where_nobody_listens_is_told() {
    let mut command = yagura();
    command.env("AWS_ENDPOINT_URL", "http://127.0.0.1:9").env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE");
    command.env("AWS_SECRET_ACCESS_KEY", "very-secret-key").env("AWS_REGION", "us-east-1");
    let ended = run(&mut command, &["scan", "--store", "none"]);
    refused(&ended, 1, &["AWS cannot be asked", "AWS_ENDPOINT_URL"]);
    assert!(!ended.err.contains("very-secret-key"));
}

#[test]
fn an_unknown_rule_is_told_with_the_nearest() {
    refused(
        &run(&mut yagura(), &["demo", "--rules", "restricted-sssh"]),
        2,
        &["there is no rule `restricted-sssh`", "`restricted-ssh`"],
    );
}

#[test]
fn an_unknown_key_of_the_configuration_is_told_with_its_line() {
    let directory = tempfile::tempdir().unwrap();
    let path = write(directory.path(), "yagura.toml", "regions = []\nregoins = []\n");
    refused(
        &run(&mut yagura(), &["scan", "--config", &path]),
        2,
        &["yagura.toml:2:1", "unknown key `regoins`", "did you mean `regions`?"],
    );
}

#[test]
fn a_broken_rule_is_told_with_line_and_column_and_judges_nothing() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "rules/ec2/mine.yaml", "id: mine\nresource: AWS::EC2::Instance\nseverty: high\n");
    let packs = directory.path().to_str().unwrap();
    let snapshot = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/organization");
    let ended = run(&mut yagura(), &["scan", "--snapshot", snapshot, "--store", "none", "--packs", packs]);
    refused(&ended, 2, &["mine.yaml:3:1", "severty"]);
}

#[test]
fn what_is_not_a_snapshot_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let ended =
        run(&mut yagura(), &["scan", "--snapshot", directory.path().to_str().unwrap(), "--store", "none"]);
    refused(&ended, 2, &["snapshot"]);
}

#[test]
fn a_region_that_the_snapshot_does_not_hold_is_told() {
    let snapshot = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/organization");
    let arguments = ["scan", "--snapshot", snapshot, "--store", "none", "--regions", "mars-1"];
    refused(&run(&mut yagura(), &arguments), 2, &["the snapshot holds nothing of the region `mars-1`"]);
}

#[test]
fn a_damaged_account_of_a_snapshot_is_told_and_never_taken_for_one_that_refused() {
    let directory = tempfile::tempdir().unwrap();
    let snapshot = directory.path().join("snapshot");
    copy(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/organization")), &snapshot);
    let damaged = std::fs::read_dir(snapshot.join("accounts")).unwrap().next().unwrap().unwrap().path();
    let bytes = std::fs::read(&damaged).unwrap();
    std::fs::write(&damaged, &bytes[..bytes.len() / 2]).unwrap();

    let ended = run(&mut yagura(), &["scan", "--snapshot", snapshot.to_str().unwrap(), "--store", "none"]);

    let name = damaged.file_name().unwrap().to_str().unwrap();
    refused(&ended, 2, &["the snapshot cannot be judged", name, "is damaged", "take the snapshot again"]);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (from, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            std::fs::copy(&from, &to).unwrap();
        }
    }
}

#[test]
fn a_newer_snapshot_is_told() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "manifest.json", r#"{"FormatVersion": 999}"#);
    let ended =
        run(&mut yagura(), &["scan", "--snapshot", directory.path().to_str().unwrap(), "--store", "none"]);
    refused(&ended, 2, &["newer"]);
}

#[test]
fn a_store_that_is_no_database_is_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = write(
        directory.path(),
        "notes.db",
        "my notes, which are not a database at all, but long enough to look at\n",
    );
    let ended = run(&mut yagura(), &["demo", "--store", &path]);
    refused(&ended, 1, &["notes.db", "--store PATH"]);
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("my notes"));
}

#[test]
fn an_output_that_cannot_be_written_leaves_nothing_behind() {
    let ended = run(&mut yagura(), &["demo", "--output", "json=/no/such/directory/result.json"]);
    refused(&ended, 1, &["/no/such/directory/result.json", "the directory must exist"]);
}

#[test]
fn a_full_disk_is_told() {
    if !Path::new("/dev/full").exists() {
        println!("skipped: this system has no /dev/full");
        return;
    }
    let mut command = yagura();
    command
        .args(["demo", "--output", "json"])
        .stdout(std::fs::File::options().write(true).open("/dev/full").unwrap());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("could not be written"), "{told}");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut command = yagura();
    command
        .args(["demo", "--output", "csv"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn nothing_in_a_rule_file_or_a_path_commands_the_terminal() {
    let directory = tempfile::tempdir().unwrap();
    let rule = "- rule: \"Red \\e[31mname\"\n  desc: d\n  condition: \"ct.\\e[8m = 1\"\n  output: o\n  source: aws_cloudtrail\n  \"\\e[2J\": 1\n";
    let path = write(directory.path(), "red.yaml", rule);
    let missing = directory.path().join("\u{1b}[31mgone");
    let ended = [
        run(&mut yagura(), &["detections", "check", &path]),
        run(&mut yagura(), &["detections", "check", missing.to_str().unwrap()]),
        run(&mut yagura(), &["detect", missing.to_str().unwrap()]),
    ];
    for it in &ended {
        let told = format!("{}{}", it.out, it.err);
        assert!(!told.contains('\u{1b}'), "{told:?}");
        assert!(told.contains("\\u{1b}"), "{told:?}");
    }
}
