//! Real files of others. Skipped with a message where they are not there.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "in a test, a failed unwrap is the assertion"
)]

use std::path::{Path, PathBuf};

use yagura_logs::{Decoded, Records, SourceKind, find, open};

fn corpora() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    if !folder.is_dir() {
        eprintln!("skipped: {} is not there", folder.display());
        return None;
    }
    Some(folder)
}

fn decoded(path: &Path) -> Vec<(SourceKind, Vec<u8>)> {
    let mut decoded = Decoded::open(path).unwrap();
    let mut all = Vec::new();
    while let Some((kind, record)) = decoded.next().unwrap() {
        all.push((kind, record.to_vec()));
    }
    all
}

#[test]
fn events_of_cloudtrail_come_as_they_stand_in_real_files() {
    let Some(corpora) = corpora() else { return };
    let mut seen = 0;
    for folder in ["cloudtrail-invictus", "cloudtrail-stratus", "cloudtrail-flaws-sample"] {
        for file in find(&corpora.join(folder)).unwrap() {
            let mut records = Records::new(open(&file.path).unwrap());
            let mut found = decoded(&file.path).into_iter();
            while let Some(record) = records.next().unwrap() {
                let (kind, ours) = found.next().unwrap();
                assert_eq!(
                    (kind, ours.as_slice()),
                    (SourceKind::CloudTrail, record),
                    "{}",
                    file.path.display()
                );
                seen += 1;
            }
            assert_eq!(found.next(), None);
        }
    }
    assert!(seen > 3000, "{seen} events");
}

#[test]
fn real_findings_of_guardduty_are_known() {
    let Some(corpora) = corpora() else { return };
    let found = decoded(&corpora.join("findings-guardduty/guardduty_findings_stixshifter.jsonl"));
    assert!(!found.is_empty(), "there is no finding");
    for (kind, record) in found {
        let finding: serde_json::Value = serde_json::from_slice(&record).unwrap();
        assert_eq!(kind, SourceKind::GuardDuty);
        assert!(finding["type"].is_string() && finding["severity"].is_number() && finding["id"].is_string());
    }
}
