//! What a person at a terminal sees.

use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;
use yagura_model::Lang;
use yagura_report::{Format, Style};

use crate::fixture::{Fixture, GAMES, HOSTILE, small, violation};

fn table(fixture: &Fixture, lang: Lang, width: usize) -> String {
    fixture.told_in(Format::Table, lang, Style { width, ..Style::default() })
}

#[test]
fn the_worst_comes_first_and_gaps_are_told() {
    insta::assert_snapshot!("table_en", table(&small(), Lang::En, 100));
}

#[test]
fn a_japanese_reader_sees_japanese() {
    insta::assert_snapshot!("table_ja", table(&small(), Lang::Ja, 100));
}

#[test]
fn a_hundred_violations_of_one_rule_are_one_line() {
    let mut fixture = small();
    for n in 0..100 {
        fixture = fixture.with(violation(GAMES, "eu-west-1", &format!("sg-1{n:02}"), ""));
    }
    let text = table(&fixture, Lang::En, 100);
    assert_eq!(text.matches("SSH is open to the internet").count(), 1, "{text}");
    assert!(text.contains("103         2  SSH is open to the internet\n"), "{text}");
}

#[test]
fn nothing_is_cut_where_there_is_no_terminal() {
    let name = "long ".repeat(100) + "end";
    let text = table(&small().with(violation(GAMES, "eu-west-1", "sg-0", &name)), Lang::En, 0);
    assert!(text.contains(&name), "{text}");
    assert!(!text.contains('…'), "{text}");
}

#[test]
fn colours_are_only_for_those_who_want_them() {
    let style = Style { width: 100, colours: true, ..Style::default() };
    let coloured = small().told_in(Format::Table, Lang::En, style);
    assert!(coloured.contains("\u{1b}[1;31mCritical\u{1b}[0m"), "{coloured}");
    assert!(!table(&small(), Lang::En, 100).contains('\u{1b}'));
    let commands =
        coloured.split('\u{1b}').skip(1).all(|it| it.starts_with('[') && it[1..].find('m').is_some());
    assert!(commands && !coloured.contains("\u{1b}[2J"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a resource is called, the terminal obeys nothing and no line is wider than it.
    #[test]
    fn a_terminal_is_never_commanded(name in "\\p{any}*", width in 80usize..200) {
        let fixture = small().with(violation(GAMES, "eu-west-1", "sg-0", &format!("{HOSTILE}{name}")));
        let text = table(&fixture, Lang::En, width);
        prop_assert!(!text.contains(|it: char| it.is_control() && it != '\n'));
        for line in text.lines() {
            prop_assert!(line.ends_with("accounts read") || line.width() <= width, "{} > {}: {}", line.width(), width, line);
        }
    }
}
