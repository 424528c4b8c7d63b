//! How many findings there are of each severity, row by row.

use std::collections::BTreeMap;

use serde::Serialize;
use yagura_model::{FindingKind, Lang, Severity, Workflow};

use super::list::paint;
use super::words::{kind, workflow};
use crate::detections::width;
use crate::format::Style;
use crate::table::grid::{Cell, Column, Grid, Paint};
use crate::table::words::number;
use crate::words::{pick, severity};

/// Counts by something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CountTable {
    /// By what: `account`, `rule`.
    pub by: String,
    /// The rows.
    pub rows: Vec<CountedRow>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CountedRow {
    /// What it is.
    pub id: String,
    /// How people call it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// How many findings.
    pub total: u64,
    /// How many of each severity; empty where they are not told apart.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub severities: BTreeMap<Severity, u64>,
}

impl CountTable {
    /// Puts the rows with the most of the worst first.
    #[must_use]
    pub fn worst_first(mut self) -> Self {
        self.rows.sort_by(|a, b| {
            let rank = |it: &CountedRow| {
                Severity::ALL
                    .into_iter()
                    .rev()
                    .map(|severity| it.severities.get(&severity).copied().unwrap_or(0))
                    .collect::<Vec<_>>()
            };
            rank(b).cmp(&rank(a)).then(b.total.cmp(&a.total)).then_with(|| a.id.cmp(&b.id))
        });
        self
    }
}

/// By what findings are counted, as a title.
fn counted_by(by: &str, lang: Lang) -> String {
    let ja = match by {
        "severity" => "重大度",
        "workflow" => "状態",
        "kind" => "種類",
        "account" => "アカウント",
        "project" => "プロジェクト",
        "rule" => "ルール",
        "framework" => "フレームワーク",
        other => other,
    };
    pick(lang, by.to_uppercase(), ja.to_owned())
}

/// A severity, a state or a sort of finding as people call it; nothing for names.
fn word_of(id: &str, lang: Lang) -> Option<&'static str> {
    let severities = Severity::ALL.into_iter().map(|it| (it.as_str(), *severity(it).get(lang)));
    let states = Workflow::ALL.into_iter().map(|it| (it.as_str(), *workflow(it).get(lang)));
    let kinds = FindingKind::ALL.into_iter().map(|it| (it.as_str(), *kind(it).get(lang)));
    severities.chain(states).chain(kinds).find(|(word, _)| *word == id).map(|(_, word)| word)
}

/// For people.
#[must_use]
pub fn count_table(table: &CountTable, lang: Lang, style: Style) -> String {
    if table.rows.is_empty() {
        return pick(lang, "No finding is like that.\n", "該当する検出結果はありません。\n").to_owned();
    }
    let has_severities = table.rows.iter().any(|it| !it.severities.is_empty());
    let shown: Vec<Severity> = Severity::ALL.into_iter().rev().filter(|_| has_severities).collect();
    let mut columns = vec![Column::Left, Column::Right];
    columns.extend(shown.iter().map(|_| Column::Right));
    columns.push(Column::Elastic);
    let mut grid = Grid::new(columns);
    let by = counted_by(&table.by, lang);
    let mut titles = vec![by.as_str(), pick(lang, "TOTAL", "合計")];
    let words: Vec<_> = shown.iter().map(|it| *severity(*it).get(lang)).collect();
    titles.extend(&words);
    titles.push("");
    grid.titles(&titles);
    for it in &table.rows {
        let mut cells = vec![
            Cell::new(word_of(&it.id, lang).unwrap_or(&it.id), Paint::Title),
            Cell::plain(number(it.total)),
        ];
        cells.extend(shown.iter().map(|severity| match it.severities.get(severity) {
            Some(count) if *count > 0 => Cell::new(number(*count), paint(*severity)),
            _ => Cell::new("-", Paint::Dim),
        }));
        cells.push(Cell::plain(&it.name));
        grid.row(cells);
    }
    grid.lines(0, width(style), style.colours).join("\n") + "\n"
}
