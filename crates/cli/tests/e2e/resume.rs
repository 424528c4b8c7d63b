//! A scan that is killed is taken up again.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use crate::emulator::{Emulator, Profile};
use crate::run::{SERVICES, run};

fn arguments(store: &Path) -> Vec<String> {
    let fixed = [
        "scan",
        SERVICES,
        "--regions",
        "ap-northeast-1",
        "--accounts-at-once",
        "1",
        "--output",
        "json",
        "--now=2026-02-01T00:00:00Z",
    ];
    let mut all: Vec<String> = fixed.map(str::to_owned).to_vec();
    all.extend(["--store".to_owned(), store.to_str().unwrap().to_owned()]);
    all
}

#[test]
fn a_scan_that_is_killed_ends_as_if_it_had_not_been() {
    let emulator = Emulator::lease(Profile::Small);
    let directory = tempfile::tempdir().unwrap();
    let whole = arguments(&directory.path().join("whole.db"));
    let killed = arguments(&directory.path().join("killed.db"));
    let texts = |all: &[String]| -> Vec<&'static str> {
        all.iter().map(|text| &*Box::leak(text.clone().into_boxed_str())).collect()
    };
    let uninterrupted = run(&mut emulator.yagura(), &texts(&whole));
    assert_eq!(uninterrupted.status, 0, "{}", uninterrupted.err);

    let mut child =
        emulator.yagura().args(&killed).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let first = BufReader::new(child.stderr.take().unwrap())
        .lines()
        .find(|line| line.as_ref().is_ok_and(|line| line.starts_with("[1/")));
    assert!(first.is_some(), "no account was done");
    child.kill().unwrap();
    child.wait().unwrap();
    let resumed = run(&mut emulator.yagura(), &texts(&killed));

    assert!(resumed.err.contains("taking up an interrupted scan"), "{}", resumed.err);
    assert!(resumed.out == uninterrupted.out, "the results differ");
}
