//! The workbook: openpyxl, which is not ours, says what is in it.

use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use yagura_model::{Finding, Lang, Severity};
use yagura_report::ProjectFormat;

use super::{Case, finding};
use crate::readers::python;

/// What openpyxl sees in a workbook; `None` without the Python of `make test`.
fn seen(bytes: &[u8]) -> Option<Value> {
    let (python, script) = python()?;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("report.xlsx");
    std::fs::write(&path, bytes).unwrap();
    let output =
        Command::new(python).arg(script.with_file_name("read_workbook.py")).arg(&path).output().unwrap();
    if String::from_utf8_lossy(&output.stderr).contains("No module named 'openpyxl'") {
        println!(
            "skipped: the Python environment is older than tests/emulator/requirements.txt; `make venv` renews it"
        );
        return None;
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn openpyxl_sees_filters_frozen_headers_colours_charts_and_links() {
    let Some(book) = seen(&Case::full().bytes(ProjectFormat::Xlsx, Lang::En)) else { return };
    assert_eq!(
        book["names"],
        json!(["Summary", "Findings", "Frameworks", "Suppressions", "Trend", "Coverage"])
    );
    assert_eq!(book["sheets"]["Summary"]["charts"], json!(["BarChart", "LineChart", "BarChart"]));
    let findings = &book["sheets"]["Findings"];
    assert_eq!((&findings["filter"], &findings["frozen"]), (&json!("A1:AA6"), &json!("A2")));
    assert_eq!(findings["colours"][1], "FFA50F2D", "a critical finding is dark red");
    assert_eq!(
        findings["links"]["Y2"],
        "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html"
    );
    assert!(
        findings["links"]["Z2"].as_str().unwrap().starts_with("https://console.aws.amazon.com/go/view?arn=")
    );
    for sheet in ["Frameworks", "Suppressions", "Trend", "Coverage"] {
        assert!(book["sheets"][sheet]["filter"].is_string(), "{sheet} has a filter");
        assert!(book["sheets"][sheet]["frozen"].is_string(), "{sheet} has a frozen header");
        assert!(book["sheets"][sheet]["rows"].as_array().unwrap().len() > 1, "{sheet} has rows");
    }
    assert_eq!(book["formulas"], 0, "whatever resources are called, no cell is a formula");
    assert_eq!(book["created"], "2026-03-05T03:00:00");
    insta::assert_json_snapshot!("project-workbook", book);
}

#[test]
fn a_japanese_workbook_is_japanese_throughout() {
    let Some(book) = seen(&Case::full().bytes(ProjectFormat::Xlsx, Lang::Ja)) else { return };
    assert_eq!(book["names"], json!(["概要", "検出結果", "フレームワーク", "抑制", "推移", "カバレッジ"]));
    let rows = book["sheets"]["検出結果"]["rows"].as_array().unwrap();
    assert_eq!(rows[1][4], "SSH がインターネットに公開されている");
    assert_eq!(rows[3][11], "本番バケット 🔥");
}

#[test]
fn a_project_with_no_finding_has_a_workbook_that_says_so() {
    let Some(book) = seen(&Case::empty().bytes(ProjectFormat::Xlsx, Lang::En)) else { return };
    assert_eq!(book["sheets"]["Findings"]["rows"][1][0], "No finding is open.");
    assert_eq!(book["sheets"]["Coverage"]["rows"][1][0], "Everything that was asked for was read.");
}

/// Counts bytes, and keeps none.
#[derive(Clone, Default)]
struct Counted(Arc<AtomicU64>);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The most memory that this process ever had, in kilobytes, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string(Path::new("/proc/self/status")).ok()?;
    status.lines().find_map(|it| it.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok())
}

/// A hundred thousand rows need less than 200 MB, other tests of this process included.
#[test]
fn a_hundred_thousand_rows_stay_on_disk() {
    let case = Case::empty();
    let many = (0..100_000).map(|n| Finding {
        evidence: Some(
            json!({ "IpRanges": [{ "CidrIp": "0.0.0.0/0", "Description": format!("{n}").repeat(20) }] }),
        ),
        ..finding("restricted-ssh", &format!("sg-{n:017}"), Severity::High, "2026-02-01T00:00:00Z")
    });
    let counted = Counted::default();
    case.write(ProjectFormat::Xlsx, Lang::Ja, many, Box::new(counted.clone())).unwrap();
    assert!(counted.0.load(Ordering::Relaxed) > 1_000_000);
    if let Some(peak) = peak() {
        println!("{} MB", peak / 1024);
        assert!(peak < 200 * 1024, "{peak} kB");
    }
}
