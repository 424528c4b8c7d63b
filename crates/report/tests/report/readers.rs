//! The formats' own readers take what we write: the models of OCSF, and the AWS emulator's `BatchImportFindings`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use yagura_model::Lang;
use yagura_report::{ExportFormat, Format, Style};

use crate::exported::{every_kind, text};
use crate::fixture::{GAMES, HOSTILE, small, violation};

/// The Python of `make test`; without it there is nothing to ask.
pub fn python() -> Option<(PathBuf, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let python = root.join(".venv/bin/python");
    if !python.exists() {
        println!("skipped: there is no .venv; `make test` sets it up");
        return None;
    }
    Some((python, root.join("tests/emulator/check_format.py")))
}

/// Gives a report to its reader, and gets how many findings the reader took.
fn accepted(format: Format) -> Option<usize> {
    let mut fixture = small();
    for n in 0..150 {
        fixture = fixture.with(violation(GAMES, "global", &format!("{HOSTILE}{n}"), HOSTILE));
    }
    read(format, &fixture.told_in(format, Lang::Ja, Style::default()))
}

fn read(format: Format, text: &str) -> Option<usize> {
    let (python, script) = python()?;
    let mut reader = Command::new(python)
        .args([script.as_os_str(), format.as_str().as_ref()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    reader.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success(), "{format} was refused");
    Some(String::from_utf8(output.stdout).unwrap().trim().parse().unwrap())
}

#[test]
fn the_models_of_ocsf_take_every_event() {
    if let Some(events) = accepted(Format::Ocsf) {
        assert_eq!(events, 9 + 150 + 1);
    }
}

#[test]
fn security_hub_takes_every_finding() {
    if let Some(findings) = accepted(Format::Asff) {
        assert_eq!(findings, 8 + 150 + 1);
    }
}

#[test]
fn findings_of_every_kind_are_taken() {
    for (export, format) in [(ExportFormat::Ocsf, Format::Ocsf), (ExportFormat::Asff, Format::Asff)] {
        let findings = every_kind();
        if let Some(taken) = read(format, &text(export, &small(), &findings)) {
            assert_eq!(taken, findings.len());
        }
    }
}

#[test]
fn a_sarif_log_refers_to_its_own_rules() {
    if let Some(results) = accepted(Format::Sarif) {
        assert_eq!(results, 6 + 150);
    }
}
