//! Progress on a terminal and as JSON.

use yagura_model::Lang;
use yagura_report::{ProgressBy, Style, progress_json, progress_table};

use super::progress;

#[test]
fn progress_is_told_with_curves_in_both_languages() {
    let told = |by, lang| progress_table(&progress(), by, lang, Style { width: 100, ..Style::default() });
    insta::assert_snapshot!("progress-projects", told(ProgressBy::Project, Lang::En));
    insta::assert_snapshot!("progress-rules", told(ProgressBy::Rule, Lang::Ja));
}

#[test]
fn a_narrow_terminal_gets_a_shorter_curve() {
    let mut long = progress();
    let week = long.all[0];
    long.all = vec![week; 60];
    let text = progress_table(&long, ProgressBy::Project, Lang::En, Style { width: 80, ..Style::default() });
    let total = text.lines().find(|it| it.contains("Total")).unwrap();
    assert_eq!(total.chars().filter(|it| ('▁'..='█').contains(it)).count(), 18);
}

#[test]
fn progress_is_one_document() {
    let text = progress_json("0.1.0", &progress()).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["All"][3]["Open"], 4);
    assert_eq!(document["Weeks"][3], "2026-03-02");
    assert_eq!(document["ToResolve"]["HIGH"]["MedianDays"], 5.0);
}
