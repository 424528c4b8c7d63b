//! Columns that line up, whatever is in them.
//!
//! Widths are those of a terminal: a Japanese character takes two columns. One column may give way when the terminal
//! is narrow; what does not fit ends with `…`.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::safe;

/// What a piece of text is, for those who see colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    Plain,
    Title,
    Dim,
    Critical,
    High,
    Medium,
    Low,
    Good,
    Warning,
}

impl Paint {
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Title => Some("1"),
            Self::Dim => Some("2"),
            Self::Critical => Some("1;31"),
            Self::High => Some("31"),
            Self::Medium => Some("33"),
            Self::Low => Some("36"),
            Self::Good => Some("32"),
            Self::Warning => Some("1;33"),
        }
    }

    /// The text with the terminal's codes around it.
    pub(crate) fn on(self, text: &str, colours: bool) -> String {
        match self.code() {
            Some(code) if colours && !text.is_empty() => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            _ => text.to_owned(),
        }
    }
}

/// One cell.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    text: String,
    paint: Paint,
}

impl Cell {
    /// Untrusted text is made harmless here, once.
    pub(crate) fn new(text: impl AsRef<str>, paint: Paint) -> Self {
        Self { text: safe::line(text.as_ref()).into_owned(), paint }
    }

    pub(crate) fn plain(text: impl AsRef<str>) -> Self {
        Self::new(text, Paint::Plain)
    }

    fn width(&self) -> usize {
        self.text.width()
    }
}

/// How a column behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// Text, as wide as its widest cell.
    Left,
    /// Numbers.
    Right,
    /// Text that gives way when the terminal is narrow.
    Elastic,
}

/// Rows under titles.
#[derive(Debug)]
pub(crate) struct Grid {
    columns: Vec<Column>,
    rows: Vec<Row>,
}

#[derive(Debug)]
enum Row {
    Cells(Vec<Cell>),
    /// Text below a row that needs no columns; `wrapped` gets a second and third line before it is cut.
    Note {
        cell: Cell,
        wrapped: bool,
    },
}

/// Blanks between columns.
const GAP: usize = 2;
/// What an elastic column keeps however narrow the terminal is.
const LEAST: usize = 12;
/// How far notes stand in.
const NOTE_INDENT: usize = 4;
/// Lines of a wrapped note.
const NOTE_LINES: usize = 3;

impl Grid {
    pub(crate) fn new(columns: impl Into<Vec<Column>>) -> Self {
        Self { columns: columns.into(), rows: Vec::new() }
    }

    pub(crate) fn titles(&mut self, titles: &[&str]) {
        self.rows.push(Row::Cells(titles.iter().map(|title| Cell::new(title, Paint::Dim)).collect()));
    }

    pub(crate) fn row(&mut self, cells: impl Into<Vec<Cell>>) {
        self.rows.push(Row::Cells(cells.into()));
    }

    /// One line below the last row.
    pub(crate) fn note(&mut self, text: &str, paint: Paint) {
        self.rows.push(Row::Note { cell: Cell::new(text, paint), wrapped: false });
    }

    /// Up to three lines below a row or a note.
    pub(crate) fn wrapped_note(&mut self, text: &str, paint: Paint) {
        self.rows.push(Row::Note { cell: Cell::new(text, paint), wrapped: true });
    }

    /// The lines, each at most `width` columns wide as far as the elastic columns can help it.
    pub(crate) fn lines(&self, indent: usize, width: usize, colours: bool) -> Vec<String> {
        let widths = self.widths(width.saturating_sub(indent));
        let mut lines = Vec::new();
        for row in &self.rows {
            match row {
                Row::Cells(cells) => lines.push(self.line(cells, &widths, indent, colours)),
                Row::Note { cell, wrapped } => {
                    let indent = indent + if *wrapped { NOTE_INDENT + 2 } else { NOTE_INDENT };
                    let most = if *wrapped { NOTE_LINES } else { 1 };
                    for text in wrap(&cell.text, width.saturating_sub(indent), most) {
                        lines.push(" ".repeat(indent) + &cell.paint.on(&text, colours));
                    }
                }
            }
        }
        lines
    }

    fn cells(&self) -> impl Iterator<Item = &Vec<Cell>> {
        self.rows.iter().filter_map(|row| match row {
            Row::Cells(cells) => Some(cells),
            Row::Note { .. } => None,
        })
    }

    fn widths(&self, room: usize) -> Vec<usize> {
        let mut widths: Vec<usize> = (0..self.columns.len())
            .map(|n| self.cells().filter_map(|row| row.get(n)).map(Cell::width).max().unwrap_or_default())
            .collect();
        let elastic: Vec<usize> =
            (0..widths.len()).filter(|n| self.columns.get(*n) == Some(&Column::Elastic)).collect();
        let total = |widths: &[usize]| widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
        let mut excess = total(&widths).saturating_sub(room);
        while excess > 0 {
            // The widest elastic column gives way first.
            let Some(widest) =
                elastic.iter().copied().max_by_key(|n| widths[*n]).filter(|n| widths[*n] > LEAST)
            else {
                break;
            };
            widths[widest] -= 1;
            excess -= 1;
        }
        widths
    }

    fn line(&self, row: &[Cell], widths: &[usize], indent: usize, colours: bool) -> String {
        let mut line = " ".repeat(indent);
        for (n, (cell, width)) in row.iter().zip(widths).enumerate() {
            let text = shorten(&cell.text, *width);
            let blanks = " ".repeat(width.saturating_sub(text.width()));
            let last = n + 1 == row.len();
            let text = cell.paint.on(&text, colours);
            match self.columns[n] {
                Column::Right => line.extend([blanks.as_str(), &text]),
                _ if last => line.push_str(&text),
                _ => line.extend([text.as_str(), &blanks]),
            }
            if !last {
                line.push_str(&" ".repeat(GAP));
            }
        }
        line.trim_end().to_owned()
    }
}

/// The text in at most `most` lines, broken between words where there are any.
fn wrap(text: &str, width: usize, most: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text;
    while lines.len() + 1 < most && rest.width() > width {
        let (mut used, mut end) = (0, 0);
        for (at, character) in rest.char_indices() {
            used += character.width().unwrap_or_default();
            if used > width {
                break;
            }
            end = at + character.len_utf8();
        }
        let cut = rest[..end].rfind(' ').filter(|at| *at > end / 2).unwrap_or(end);
        if cut == 0 {
            break;
        }
        lines.push(rest[..cut].trim_end().to_owned());
        rest = rest[cut..].trim_start();
    }
    lines.push(shorten(rest, width));
    lines
}

/// The text itself, or its beginning and `…`, at most `width` columns wide.
pub(crate) fn shorten(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    let mut used = 1;
    for character in text.chars() {
        used += character.width().unwrap_or_default();
        if used > width {
            break;
        }
        short.push(character);
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        let mut grid = Grid::new([Column::Elastic, Column::Right]);
        grid.titles(&["ACCOUNT", "HIGH"]);
        grid.row([Cell::plain("ゲーム開発と運用の本番環境"), Cell::plain("12")]);
        grid.row([Cell::plain("production"), Cell::plain("3")]);
        grid
    }

    #[test]
    fn japanese_takes_two_columns() {
        assert_eq!(
            grid().lines(0, 80, false),
            [
                "ACCOUNT                     HIGH",
                "ゲーム開発と運用の本番環境    12",
                "production                     3",
            ]
        );
    }

    #[test]
    fn a_narrow_terminal_shortens_the_elastic_column() {
        let lines = grid().lines(2, 24, false);
        assert_eq!(lines[1], "  ゲーム開発と運…     12");
        assert!(lines.iter().all(|line| line.width() <= 24), "{lines:?}");
    }

    #[test]
    fn a_cell_cannot_command_the_terminal() {
        let cell = Cell::plain("a\u{1b}[31mb");
        assert_eq!(cell.text, r"a\u{1b}[31mb");
    }
}
