//! Detections for people at a terminal: the list, and one of them.

use yagura_model::Lang;

use crate::format::Style;
use crate::table::grid::{Cell, Column, Grid, Paint};
use crate::words::pick;

/// One detection in a line.
#[derive(Debug, Clone, Copy)]
pub struct DetectionLine<'d> {
    /// Its short name.
    pub name: &'d str,
    /// Its id in Sigma.
    pub id: &'d str,
    /// How urgent it is.
    pub level: &'d str,
    /// ATT&CK tactics and techniques.
    pub tags: &'d [String],
    /// Its title, in the reader's language.
    pub title: &'d str,
}

/// Everything else about a detection, in the reader's language.
#[derive(Debug, Clone, Copy)]
pub struct DetectionTexts<'d> {
    /// What it means.
    pub description: &'d str,
    /// What looks like it and is none.
    pub false_positives: &'d [String],
    /// What to do, in order.
    pub response: &'d [String],
    /// Where to read on.
    pub references: &'d [String],
    /// The file of the rule.
    pub rule: &'d str,
}

/// Without a terminal nothing is cut.
pub(crate) fn width(style: Style) -> usize {
    if style.width == 0 { usize::MAX } else { style.width.max(60) }
}

fn paint(level: &str) -> Paint {
    match level {
        "critical" | "high" | "emergency" | "alert" | "error" => Paint::High,
        "medium" | "warning" => Paint::Medium,
        _ => Paint::Dim,
    }
}

/// The techniques among the tags: `T1562.008`.
fn techniques(tags: &[String]) -> String {
    let techniques = tags
        .iter()
        .filter_map(|it| it.strip_prefix("attack."))
        .filter(|it| it.starts_with('t') && it[1..].starts_with(|digit: char| digit.is_ascii_digit()));
    techniques.map(str::to_uppercase).collect::<Vec<_>>().join(", ")
}

fn joined(lines: Vec<String>) -> String {
    lines.join("\n") + "\n"
}

/// One line for each detection.
#[must_use]
pub fn detection_list(detections: &[DetectionLine<'_>], lang: Lang, style: Style) -> String {
    let mut grid = Grid::new([Column::Left, Column::Left, Column::Left, Column::Elastic]);
    let name = pick(lang, "DETECTION", "検知ルール");
    grid.titles(&[name, pick(lang, "LEVEL", "重大度"), "ATT&CK", ""]);
    for it in detections {
        grid.row([
            Cell::new(it.name, Paint::Title),
            Cell::new(it.level, paint(it.level)),
            Cell::plain(techniques(it.tags)),
            Cell::plain(it.title),
        ]);
    }
    joined(grid.lines(0, width(style), style.colours))
}

/// Everything about one detection.
#[must_use]
pub fn detection_page(
    line: &DetectionLine<'_>,
    texts: &DetectionTexts<'_>,
    lang: Lang,
    style: Style,
) -> String {
    let safe = |text: &str| crate::safe::line(text).into_owned();
    let mut lines = vec![
        Paint::Title.on(&safe(line.title), style.colours),
        format!("{}  {}  {}  {}", line.name, line.level, techniques(line.tags), line.id),
        String::new(),
    ];
    let mut grid = Grid::new([Column::Elastic]);
    grid.row([Cell::plain("")]);
    grid.wrapped_note(texts.description.trim(), Paint::Plain);
    lines.extend(grid.lines(0, width(style), style.colours).into_iter().skip(1));
    let mut list = |title: &str, items: &[String], numbered: bool| {
        if items.is_empty() {
            return;
        }
        lines.push(String::new());
        lines.push(Paint::Title.on(title, style.colours));
        for (n, item) in items.iter().enumerate() {
            let mark = if numbered { format!("{}. ", n + 1) } else { "- ".to_owned() };
            lines.push(format!("  {mark}{}", safe(item.trim())));
        }
    };
    list(pick(lang, "What to do", "対応手順"), texts.response, true);
    list(pick(lang, "What looks like it", "誤検知の例"), texts.false_positives, false);
    list(pick(lang, "References", "参考資料"), texts.references, false);
    lines.push(String::new());
    lines.push(Paint::Title.on(pick(lang, "The rule", "ルール"), style.colours));
    // The key of ours holds what stands above.
    let rule = texts.rule.split("\nyagura:").next().unwrap_or(texts.rule);
    lines.extend(rule.trim_end().lines().map(|it| format!("  {}", safe(it))));
    joined(lines)
}
