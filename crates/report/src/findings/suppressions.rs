//! Suppressions in a table: how long each holds, and what it hides.

use serde::Serialize;
use yagura_model::Lang;

use crate::detections::width;
use crate::format::Style;
use crate::table::grid::{Cell, Column, Grid, Paint};
use crate::table::words::number;
use crate::words::pick;

/// A suppression in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SuppressionLine {
    /// Its name.
    pub name: String,
    /// The file that it stands in; `None` when it was made by command.
    pub file: Option<String>,
    /// Why.
    pub reason: String,
    /// What protects instead.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub compensating_control: String,
    /// Who asked.
    pub requester: String,
    /// Who agreed.
    pub approver: String,
    /// The last day.
    pub until: String,
    /// Whole days until then; negative when it is over.
    pub days_left: i64,
    /// Whether it ends soon.
    pub ends_soon: bool,
    /// How many findings it hides now.
    pub hides: u64,
}

/// For people.
#[must_use]
pub fn suppression_list(lines: &[SuppressionLine], lang: Lang, style: Style) -> String {
    if lines.is_empty() {
        return pick(lang, "There is no suppression.\n", "抑制ルールはありません。\n").to_owned();
    }
    let mut grid = Grid::new([Column::Left, Column::Right, Column::Left, Column::Left, Column::Elastic]);
    grid.titles(&[
        pick(lang, "SUPPRESSION", "抑制ルール"),
        pick(lang, "HIDES", "抑制件数"),
        pick(lang, "UNTIL", "期限"),
        pick(lang, "APPROVER", "承認者"),
        pick(lang, "REASON", "理由"),
    ]);
    for it in lines {
        let (until, paint) = if it.days_left < 0 {
            (pick(lang, format!("{} (ended)", it.until), format!("{}（期限切れ）", it.until)), Paint::Dim)
        } else if it.ends_soon {
            let left = it.days_left;
            let text = pick(
                lang,
                format!("{} ({left} days left)", it.until),
                format!("{}（残り {left} 日）", it.until),
            );
            (text, Paint::Warning)
        } else {
            (it.until.clone(), Paint::Plain)
        };
        grid.row([
            Cell::new(&it.name, Paint::Title),
            Cell::plain(number(it.hides)),
            Cell::new(until, paint),
            Cell::plain(&it.approver),
            Cell::plain(&it.reason),
        ]);
        if let Some(file) = &it.file {
            grid.note(file, Paint::Dim);
        }
    }
    grid.lines(0, width(style), style.colours).join("\n") + "\n"
}
