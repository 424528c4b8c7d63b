//! Every format, from one small scan.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a failed unwrap is the assertion; skips are printed"
)]

mod docs;
mod exported;
mod fixture;
mod frameworks;
mod machines;
mod page;
mod project;
mod readers;
mod table;
mod tools;

use yagura_model::Lang;
use yagura_report::{Format, Style};

#[test]
fn the_same_scan_gives_the_same_bytes() {
    for format in Format::ALL {
        let told = || fixture::small().told_in(format, Lang::Ja, Style::default());
        assert_eq!(told(), told(), "{format}");
    }
}

#[test]
fn a_format_is_found_by_its_name() {
    for format in Format::ALL {
        assert_eq!(format.as_str().to_uppercase().parse(), Ok(format));
    }
    let error = "pdf".parse::<Format>().unwrap_err().to_string();
    assert!(error.starts_with("`pdf` is not a format: ") && error.contains("ndjson"), "{error}");
}
