//! What programs read: `json`, `ndjson`, `csv`.

use proptest::prelude::*;
use serde_json::Value;
use yagura_model::Lang;
use yagura_report::{Format, Style};

use crate::fixture::{GAMES, HOSTILE, PRODUCTION, small, violation};

fn told(format: Format) -> String {
    small().told_in(format, Lang::En, Style::default())
}

fn cells(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn json_is_one_document_with_every_evaluation_and_every_call() {
    let text = told(Format::Json);
    let document: Value = serde_json::from_str(&text).unwrap();
    let fixture = small();
    assert_eq!(document["Evaluations"].as_array().unwrap().len(), fixture.records.len());
    assert_eq!(document["Coverage"].as_array().unwrap().len(), fixture.coverage.len());
    assert_eq!(document["Accounts"].as_array().unwrap().len(), 4);
    assert_eq!(document["Summary"]["Outcomes"]["NON_COMPLIANT"], 4);
    insta::assert_snapshot!("json", text);
}

#[test]
fn ndjson_is_one_object_a_line() {
    let text = told(Format::Ndjson);
    let kinds: Vec<_> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["Kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds.iter().filter(|kind| *kind == "evaluation").count(), small().records.len());
    assert_eq!(kinds.first().zip(kinds.last()), Some((&"scan".to_owned(), &"summary".to_owned())));
    insta::assert_snapshot!("ndjson", text);
}

#[test]
fn csv_has_a_row_for_each_evaluation_and_for_an_account_nobody_could_read() {
    let text = told(Format::Csv);
    let rows = cells(&text);
    assert_eq!(rows.len(), 1 + small().records.len() + 1);
    assert_eq!(rows.last().unwrap()[11], "INSUFFICIENT_DATA");
    insta::assert_snapshot!("csv", text);
}

#[test]
fn csv_for_excel_begins_with_a_byte_order_mark() {
    let style = Style { byte_order_mark: true, ..Style::default() };
    let text = small().told_in(Format::Csv, Lang::Ja, style);
    assert!(text.starts_with("\u{feff}Account,"), "{}", &text[..40]);
    assert!(text.contains("踏み台サーバー") && text.contains("1. 利用者を確認します。\n2. "));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a resource is called, no cell is a formula and every row has every column.
    #[test]
    fn no_cell_is_a_formula(name in "\\PC*|[=+@\\-\t\r\n ]\\PC*|\\p{any}*", resource in "\\p{any}{1,20}") {
        let fixture = small().with(violation(PRODUCTION, "eu-west-1", &resource, &name));
        let rows = cells(&fixture.told_in(Format::Csv, Lang::En, Style::default()));
        prop_assert_eq!(rows.len(), fixture.records.len() + 2);
        for cell in rows.iter().flatten() {
            prop_assert!(!cell.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r']), "{:?}", cell);
        }
    }

    /// Plain text comes back as it was.
    #[test]
    fn a_plain_name_survives_csv(name in "[a-zA-Z0-9ぁ-ん][a-zA-Z0-9ぁ-ん ,\"'=+@-]*") {
        let fixture = small().with(violation(GAMES, "eu-west-1", "sg-0z", &name));
        let rows = cells(&fixture.told_in(Format::Csv, Lang::En, Style::default()));
        prop_assert!(rows.iter().any(|row| row[4] == "sg-0z" && row[5] == name));
    }

    /// Whatever a resource is called, JSON gives it back.
    #[test]
    fn a_name_survives_json(name in "\\p{any}*") {
        let fixture = small().with(violation(GAMES, "eu-west-1", "sg-0z", &name));
        let document: Value = serde_json::from_str(&fixture.told_in(Format::Json, Lang::En, Style::default())).unwrap();
        let found = document["Evaluations"].as_array().unwrap().iter().find(|it| it["ResourceId"] == "sg-0z").unwrap();
        prop_assert_eq!(found["ResourceName"].as_str(), Some(name.as_str()));
        for line in fixture.told_in(Format::Ndjson, Lang::En, Style::default()).lines() {
            prop_assert!(serde_json::from_str::<Value>(line).is_ok(), "{}", line);
        }
    }
}

#[test]
fn a_hostile_name_is_only_text() {
    let text = told(Format::Csv);
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
    assert!(told(Format::Json).contains(&serde_json::to_string(HOSTILE).unwrap()));
}
