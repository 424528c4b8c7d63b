//! CSV, HTML and JSON, and what every format does with texts that attack.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use proptest::prelude::*;
use serde_json::Value;
use yagura_model::{Finding, Lang, Severity};
use yagura_report::ProjectFormat;

use super::{Case, finding};
use crate::readers::python;

fn text(case: &Case, format: ProjectFormat, lang: Lang) -> String {
    String::from_utf8(case.bytes(format, lang)).unwrap()
}

#[test]
fn the_csv_has_a_row_for_each_finding_with_what_to_do() {
    insta::assert_snapshot!("project-csv", text(&Case::full(), ProjectFormat::Csv, Lang::Ja));
}

#[test]
fn the_page_tells_everything_in_the_readers_language() {
    insta::assert_snapshot!("project-html", text(&Case::full(), ProjectFormat::Html, Lang::Ja));
}

#[test]
fn the_document_is_json_with_everything() {
    let document: Value = serde_json::from_slice(&Case::full().bytes(ProjectFormat::Json, Lang::En)).unwrap();
    assert_eq!(
        document["Summary"]["CRITICAL"],
        serde_json::json!({ "Open": 1, "Overdue": 1, "Suppressed": 0, "Ended": 0 })
    );
    assert_eq!(document["Summary"]["HIGH"]["Suppressed"], 1);
    let first = &document["Findings"][0];
    assert_eq!((&first["Due"], &first["Overdue"]), (&"2026-01-08T00:00:00Z".into(), &true.into()));
    insta::assert_json_snapshot!("project-json", document);
}

#[test]
fn a_project_with_no_finding_says_so_in_every_format() {
    let case = Case::empty();
    let csv = text(&case, ProjectFormat::Csv, Lang::En);
    assert_eq!(csv.lines().count(), 1);
    let page = text(&case, ProjectFormat::Html, Lang::En);
    for sentence in ["No finding is open.", "Everything that was asked for was read.", "no history yet"] {
        assert!(page.contains(sentence), "{sentence}");
    }
    let document: Value = serde_json::from_str(&text(&case, ProjectFormat::Json, Lang::En)).unwrap();
    assert_eq!(
        (&document["Findings"], &document["Coverage"]),
        (&Value::Array(vec![]), &Value::Array(vec![]))
    );
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for format in ProjectFormat::ALL {
        assert_eq!(Case::full().bytes(format, Lang::Ja), Case::full().bytes(format, Lang::Ja), "{format}");
    }
}

#[test]
fn a_format_is_found_by_its_name() {
    for format in ProjectFormat::ALL {
        assert_eq!(format.as_str().to_uppercase().parse(), Ok(format));
    }
    assert!("docx".parse::<ProjectFormat>().unwrap_err().to_string().contains("xlsx, csv, html, json"));
}

/// A disk that takes so many bytes and no more.
struct Small(usize);

impl Write for Small {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.0.checked_sub(bytes.len());
        self.0 = left.ok_or(io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_told_by_every_format() {
    let case = Case::full();
    for format in ProjectFormat::ALL {
        let error =
            case.write(format, Lang::En, case.findings.iter().cloned(), Box::new(Small(3))).unwrap_err();
        assert!(format!("{error:?}").contains("StorageFull"), "{format}: {error:?}");
    }
}

/// Python's reader of CSV finds every cell as it was, and none that a spreadsheet would take for a formula.
#[test]
fn python_reads_every_cell_of_the_csv() {
    let Some((python, _)) = python() else { return };
    let case = Case::full();
    let mut reader = Command::new(python)
        .args(["-c", "import csv,io,json,sys\nrows=list(csv.reader(io.StringIO(sys.stdin.buffer.read().decode('utf-8-sig'),newline='')))\njson.dump(rows,sys.stdout)"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    reader.stdin.take().unwrap().write_all(&case.bytes(ProjectFormat::Csv, Lang::En)).unwrap();
    let output = reader.wait_with_output().unwrap();
    let rows: Vec<Vec<String>> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(rows.len(), 1 + case.findings.len());
    assert!(rows.iter().all(|row| row.len() == 27));
    assert!(rows.iter().flatten().all(|it| !it.trim_start().starts_with(['=', '+', '-', '@'])));
    assert_eq!(rows[3][12], "本番バケット 🔥");
    assert_eq!(rows[1][20], "1. Find who needs it.\n2. Narrow it.");
    assert_eq!(rows[1][18], r#"[{"FromPort":22,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]"#);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever a resource is called: the page gets no markup, the document stays JSON, no cell begins a formula.
    #[test]
    fn any_name_is_only_a_name(name in "\\p{any}*|[<>&\"'=+@\u{0}-\u{1f}\u{fffe}]*") {
        let case = Case {
            findings: vec![Finding {
                name: name.clone(),
                ..finding("restricted-ssh", "sg-1", Severity::High, "2026-01-01T00:00:00Z")
            }],
            ..Case::empty()
        };
        let plain = Case { findings: vec![finding("restricted-ssh", "sg-1", Severity::High, "2026-01-01T00:00:00Z")], ..Case::empty() };
        let tags = |it: &Case| text(it, ProjectFormat::Html, Lang::En).matches('<').count();
        // A name is a term and its definition more, and nothing else.
        let more = if name.trim().is_empty() { 0 } else { 4 };
        prop_assert_eq!(tags(&case), tags(&plain) + more);
        prop_assert!(serde_json::from_str::<Value>(&text(&case, ProjectFormat::Json, Lang::En)).is_ok());
        let csv = text(&case, ProjectFormat::Csv, Lang::En);
        let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
        for record in reader.records() {
            let record = record.unwrap();
            prop_assert_eq!(record.len(), 27);
            prop_assert!(record.iter().all(|it| !it.trim_start().starts_with(['=', '+', '-', '@'])));
        }
    }
}
