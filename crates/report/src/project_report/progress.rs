//! Progress for people at a terminal, with a curve for each line, and as JSON.

use serde::Serialize;
use yagura_model::{Lang, Progress, ProgressPart, Severity, WeekCounts};

use super::row::WORST_FIRST;
use super::words::words;
use crate::detections::width;
use crate::format::Style;
use crate::safe::line;
use crate::table::grid::{Cell, Column, Grid, Paint};
use crate::table::words::number;
use crate::words::{pick, severity};

/// Rows of a list on a terminal.
const MOST: usize = 15;
/// Columns beside the curve: the name and the numbers.
const BESIDE: usize = 62;
/// A curve on a terminal whose width is not known.
const WEEKS: usize = 26;

/// What progress is told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgressBy {
    /// Each project of the configuration.
    Project,
    /// Each framework.
    Framework,
    /// Each rule.
    Rule,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'a> {
    version: &'a str,
    #[serde(flatten)]
    progress: &'a Progress,
}

/// Progress as one JSON document.
///
/// # Errors
///
/// It cannot be written as JSON.
pub fn progress_json(version: &str, progress: &Progress) -> serde_json::Result<String> {
    serde_json::to_string_pretty(&Document { version, progress }).map(|it| it + "\n")
}

/// Progress for a terminal.
#[must_use]
pub fn progress_table(progress: &Progress, by: ProgressBy, lang: Lang, style: Style) -> String {
    let mut told = Told { lang, style, lines: Vec::new() };
    told.weeks(progress);
    told.parts(progress, by);
    told.took(progress);
    told.overdue(progress);
    told.came_back(progress);
    told.lines.join("\n") + "\n"
}

struct Told {
    lang: Lang,
    style: Style,
    lines: Vec<String>,
}

impl Told {
    fn heading(&mut self, text: &str) {
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        self.lines.push(Paint::Title.on(text, self.style.colours));
    }

    fn grid(&mut self, grid: &Grid) {
        self.lines.extend(grid.lines(2, width(self.style), self.style.colours));
    }

    /// How many weeks a curve has room for.
    fn room(&self) -> usize {
        if self.style.width == 0 { WEEKS } else { self.style.width.saturating_sub(BESIDE).clamp(8, 104) }
    }

    /// A line of numbers with its curve.
    fn line(&self, name: String, weeks: &[WeekCounts]) -> [Cell; 7] {
        let sum = |of: fn(&WeekCounts) -> u64| number(weeks.iter().map(of).sum());
        let open: Vec<u64> = weeks.iter().map(|it| it.open).collect();
        let (first, last) =
            (open.first().copied().unwrap_or_default(), open.last().copied().unwrap_or_default());
        let change = i128::from(last) - i128::from(first);
        [
            Cell::plain(name),
            Cell::plain(number(last)),
            change_cell(change),
            Cell::plain(sum(|it| it.new)),
            Cell::plain(sum(|it| it.came_back)),
            Cell::plain(sum(|it| it.resolved)),
            Cell::plain(curve(&open, self.room())),
        ]
    }

    fn columns(&self, first: &str) -> Grid {
        let w = words(self.lang);
        let mut columns = vec![Column::Left];
        columns.extend([Column::Right; 5]);
        columns.push(Column::Left);
        let mut grid = Grid::new(columns);
        let change = pick(self.lang, "Change", "増減");
        grid.titles(&[first, w.open, change, w.new, w.came_back, w.resolved, w.trend]);
        grid
    }

    fn weeks(&mut self, progress: &Progress) {
        let w = words(self.lang);
        let (first, count) = (progress.weeks.first(), progress.weeks.len());
        let since = first.map(ToString::to_string).unwrap_or_default();
        self.heading(&pick(
            self.lang,
            format!("Progress over {count} weeks, since {since}"),
            format!("{since} からの {count} 週間の進捗"),
        ));
        let mut grid = self.columns(w.severity);
        for it in WORST_FIRST {
            let Some(open) = progress.open.get(&it) else { continue };
            let (first, last) =
                (open.first().copied().unwrap_or_default(), open.last().copied().unwrap_or_default());
            let paint = paint(it);
            grid.row([
                Cell::new(*severity(it).get(self.lang), paint),
                Cell::plain(number(last)),
                change_cell(i128::from(last) - i128::from(first)),
                Cell::plain(String::new()),
                Cell::plain(String::new()),
                Cell::plain(String::new()),
                Cell::plain(curve(open, self.room())),
            ]);
        }
        grid.row(self.line(w.total.to_owned(), &progress.all));
        self.grid(&grid);
    }

    fn parts(&mut self, progress: &Progress, by: ProgressBy) {
        let w = words(self.lang);
        let (title, first, parts) = match by {
            ProgressBy::Project => (w.projects, w.project, &progress.projects),
            ProgressBy::Framework => (w.frameworks, w.framework, &progress.frameworks),
            ProgressBy::Rule => (w.rules, w.rule, &progress.rules),
        };
        if parts.is_empty() {
            return;
        }
        self.heading(title);
        let mut grid = self.columns(first);
        for it in parts.iter().take(MOST) {
            grid.row(self.line(self.name(it), &it.weeks));
        }
        self.left_out(&mut grid, parts.len());
        self.grid(&grid);
    }

    fn name(&self, part: &ProgressPart) -> String {
        // Rules and frameworks are asked for by their ids.
        line(&part.id).into_owned()
    }

    fn left_out(&self, grid: &mut Grid, all: usize) {
        if all > MOST {
            let more = number((all - MOST) as u64);
            let text = pick(
                self.lang,
                format!("... {more} more: `--output json` has all of them"),
                format!("... ほか {more} 件は `--output json` で確認できます"),
            );
            grid.note(&text, Paint::Dim);
        }
    }

    fn took(&mut self, progress: &Progress) {
        if progress.to_resolve.is_empty() {
            return;
        }
        let w = words(self.lang);
        self.heading(w.to_resolve);
        let mut grid = Grid::new(vec![Column::Left, Column::Right, Column::Right, Column::Right]);
        grid.titles(&[w.severity, w.resolved, w.mean_days, w.median_days]);
        for it in WORST_FIRST {
            let Some(took) = progress.to_resolve.get(&it) else { continue };
            grid.row([
                Cell::plain(*severity(it).get(self.lang)),
                Cell::plain(number(took.resolved)),
                Cell::plain(format!("{:.1}", took.mean_days)),
                Cell::plain(format!("{:.1}", took.median_days)),
            ]);
        }
        self.grid(&grid);
    }

    fn overdue(&mut self, progress: &Progress) {
        if progress.overdue.is_empty() {
            return;
        }
        let w = words(self.lang);
        self.heading(w.overdue);
        let left = [Column::Left, Column::Left, Column::Right, Column::Right, Column::Left];
        let mut grid = Grid::new(left.to_vec());
        grid.titles(&[w.account, w.project, w.findings, w.most_days, w.rule]);
        for it in progress.overdue.iter().take(MOST) {
            grid.row([
                Cell::plain(&it.account),
                Cell::plain(it.projects.join(", ")),
                Cell::plain(number(it.findings.values().sum())),
                Cell::plain(number(it.most_days)),
                Cell::plain(it.rule.as_str()),
            ]);
        }
        self.left_out(&mut grid, progress.overdue.len());
        self.grid(&grid);
    }

    fn came_back(&mut self, progress: &Progress) {
        if progress.came_back.is_empty() {
            return;
        }
        let w = words(self.lang);
        self.heading(w.what_came_back);
        let mut grid = Grid::new(vec![Column::Left, Column::Right, Column::Right]);
        grid.titles(&[w.rule, w.times, w.findings]);
        for it in progress.came_back.iter().take(MOST) {
            grid.row([
                Cell::plain(it.rule.as_str()),
                Cell::plain(number(it.times)),
                Cell::plain(number(it.findings)),
            ]);
        }
        self.left_out(&mut grid, progress.came_back.len());
        self.grid(&grid);
    }
}

fn paint(it: Severity) -> Paint {
    match it {
        Severity::Critical => Paint::Critical,
        Severity::High => Paint::High,
        Severity::Medium => Paint::Medium,
        Severity::Low => Paint::Low,
        Severity::Informational => Paint::Dim,
    }
}

fn change_cell(change: i128) -> Cell {
    match change {
        0 => Cell::plain("0"),
        it if it < 0 => Cell::new(it.to_string(), Paint::Good),
        it => Cell::new(format!("+{it}"), Paint::Warning),
    }
}

/// The newest numbers as a curve of blocks, one character each; zero lies on the ground.
fn curve(numbers: &[u64], room: usize) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let newest = numbers.get(numbers.len().saturating_sub(room)..).unwrap_or_default();
    let most = newest.iter().max().copied().unwrap_or_default().max(1);
    let block = |it: &u64| {
        let height = (u128::from(*it) * 7).div_ceil(u128::from(most));
        BLOCKS.get(usize::try_from(height).unwrap_or(7)).copied().unwrap_or('█')
    };
    newest.iter().map(block).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_shows_the_newest_and_lifts_what_is_not_zero() {
        assert_eq!(curve(&[0, 1, 50, 100], 10), "▁▂▅█");
        assert_eq!(curve(&[900, 0, 100], 2), "▁█");
        assert_eq!(curve(&[0, 0], 5), "▁▁");
        assert_eq!(curve(&[], 5), "");
        assert_eq!(curve(&[u64::MAX, 1], 5), "█▂");
    }
}
