//! Scores and their trend, for a person at a terminal and as JSON.

mod words;

use jiff::tz::TimeZone;
use serde::Serialize;
use yagura_model::{Function, Judged, Lang, Percent, Timestamp, Trend, TrendPart};

use self::words::Words;
use crate::format::Style;
use crate::table::grid::{Cell, Column, Grid, Paint};
use crate::table::words::{count, number};
use crate::words::pick;

/// Scans listed; of more, the first and the newest.
const SCANS: usize = 20;
/// Rules listed.
const RULES: usize = 10;
/// Accounts or frameworks listed.
const PARTS: usize = 50;

/// A trend as one JSON document.
///
/// # Errors
///
/// It cannot be written as JSON.
pub fn score_json(version: &str, trend: &Trend) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Document<'a> {
        yagura: &'a str,
        #[serde(flatten)]
        trend: &'a Trend,
    }
    serde_json::to_string_pretty(&Document { yagura: version, trend }).map(|text| text + "\n")
}

/// A trend as lines for a terminal.
#[must_use]
pub fn score_table(trend: &Trend, lang: Lang, zone: Option<&TimeZone>, style: Style) -> String {
    let zone = zone.cloned().unwrap_or(TimeZone::UTC);
    let width = if style.width == 0 { usize::MAX } else { style.width.max(60) };
    let mut page =
        Page { lang, words: Words::of(lang), zone, width, colours: style.colours, lines: Vec::new() };
    page.opening(trend);
    page.scans(trend);
    page.rules(trend);
    page.parts(page.words.by_function, page.words.function, &trend.functions, false);
    page.parts(page.words.by_account, page.words.account, &trend.accounts, true);
    page.parts(page.words.by_project, page.words.project, &trend.projects, true);
    page.parts(page.words.by_framework, page.words.framework, &trend.frameworks, false);
    page.lines.join("\n") + "\n"
}

struct Page {
    lang: Lang,
    words: &'static Words,
    zone: TimeZone,
    width: usize,
    colours: bool,
    lines: Vec<String>,
}

impl Page {
    fn opening(&mut self, trend: &Trend) {
        let Some(last) = trend.scans.last() else { return };
        let lang = self.lang;
        let score = show(last.standing.score);
        let title = pick(lang, format!("Score {score}"), format!("スコア {score}"));
        let accounts = count(last.accounts, lang, "account", "accounts", "アカウント");
        let rules = count(last.rules, lang, "rule", "rules", "ルール");
        let (scan, time) = (last.scan, self.time(last.started));
        let known = show(last.standing.known);
        let about = pick(
            lang,
            format!(
                "scan {scan}, {time}; {accounts}, {rules}; the answer of {known}% of evaluations is known"
            ),
            format!("スキャン {scan}、{time}、{accounts}、{rules}、評価の {known}% が判定済み"),
        );
        self.lines.push(format!("{}  {about}", Paint::Title.on(&title, self.colours)));
    }

    fn scans(&mut self, trend: &Trend) {
        let lang = self.lang;
        if trend.scans.len() < 2 {
            self.lines.push(String::new());
            self.lines.push(self.words.alone.to_owned());
        } else {
            let n = trend.scans.len() as u64;
            self.heading(&pick(
                lang,
                format!("{n} scans of the same scope"),
                format!("同じ範囲のスキャン {n} 回"),
            ));
            let mut columns = vec![Column::Left, Column::Left];
            columns.extend([Column::Right; 6]);
            let mut grid = Grid::new(columns);
            let w = self.words;
            grid.titles(&[w.scan, w.date, w.score, w.change, w.violations, w.unknown, w.accounts, w.rules]);
            let left_out = trend.scans.len().saturating_sub(SCANS);
            let mut before: Option<Percent> = None;
            for (at, it) in trend.scans.iter().enumerate() {
                let change = before.zip(it.standing.score).map(|(a, b)| b.value() - a.value());
                before = it.standing.score;
                // The first stays: the whole change is counted from it.
                if at != 0 && at <= left_out {
                    continue;
                }
                grid.row([
                    Cell::plain(it.scan.to_string()),
                    Cell::plain(self.time(it.started)),
                    Cell::plain(show(it.standing.score)),
                    change_cell(change.filter(|_| at == 0 || left_out == 0 || at > left_out + 1)),
                    Cell::plain(number(it.standing.violations)),
                    Cell::plain(number(it.standing.unknown)),
                    Cell::plain(number(it.accounts)),
                    Cell::plain(number(it.rules)),
                ]);
                if at == 0 && left_out > 0 {
                    let n = number(left_out as u64);
                    grid.note(
                        &pick(lang, format!("... {n} scans in between"), format!("... 間の {n} 回は省略")),
                        Paint::Dim,
                    );
                }
            }
            self.grid(&grid);
        }
        if trend.not_comparable > 0 {
            let scans = count(trend.not_comparable, lang, "other scan", "other scans", "回のスキャン");
            self.lines.push(pick(
                lang,
                format!("{scans} of this span asked for something else (accounts, regions, services, rules) and cannot be compared."),
                format!("この期間のほか {scans}は、対象 (アカウント、リージョン、サービス、ルール) が異なるため比較していません。"),
            ));
        }
    }

    fn rules(&mut self, trend: &Trend) {
        let (Some(first), Some(last)) = (trend.scans.first(), trend.scans.last()) else { return };
        if trend.scans.len() < 2 {
            return;
        }
        let change = trend.change.map_or_else(|| "-".to_owned(), signed);
        self.heading(&pick(
            self.lang,
            format!("What changed it most from scan {} to scan {}: {change} points", first.scan, last.scan),
            format!("スキャン {} から {} までにスコアを最も変えたルール: {change} 点", first.scan, last.scan),
        ));
        if trend.rules.is_empty() && trend.points_by_other_rules.is_none() {
            self.lines.push(format!("  {}", self.words.unchanged));
            return;
        }
        let mut grid = Grid::new([Column::Right, Column::Left, Column::Left, Column::Elastic]);
        grid.titles(&[self.words.points, self.words.violations, self.words.rule, ""]);
        for it in trend.rules.iter().take(RULES) {
            let of = |it: Judged| format!("{}/{}", number(it.failed), number(it.count()));
            grid.row([
                Cell::new(format!("{:+.2}", it.points), paint(it.points)),
                Cell::plain(format!("{} -> {}", of(it.before), of(it.after))),
                Cell::plain(it.rule.as_str()),
                Cell::new(it.title.get(self.lang), Paint::Dim),
            ]);
        }
        if let Some(points) = trend.points_by_other_rules {
            let (added, removed) = (number(trend.rules_added), number(trend.rules_removed));
            let about = pick(
                self.lang,
                format!("{added} rules that are new, {removed} that are gone"),
                format!("追加された {added} ルール、なくなった {removed} ルール"),
            );
            grid.row([
                Cell::new(format!("{points:+.2}"), paint(points)),
                Cell::plain(""),
                Cell::new(about, Paint::Dim),
                Cell::plain(""),
            ]);
        }
        self.grid(&grid);
        self.rest(trend.rules.len(), RULES);
    }

    /// Parts, the worst first where there are many.
    fn parts(&mut self, heading: &str, what: &str, parts: &[TrendPart], sorted: bool) {
        if parts.is_empty() {
            return;
        }
        self.heading(heading);
        let mut columns = vec![Column::Left, Column::Elastic];
        columns.extend([Column::Right; 4]);
        let mut grid = Grid::new(columns);
        let w = self.words;
        grid.titles(&[what, "", w.score, w.change, w.violations, w.known]);
        let mut parts: Vec<&TrendPart> = parts.iter().collect();
        if sorted {
            parts.sort_by_key(|it| (it.last.score.is_none(), it.last.score));
        }
        for it in parts.iter().take(PARTS) {
            let id = match it.id.parse::<Function>() {
                Ok(function) => crate::words::function(function).get(self.lang).to_string(),
                Err(_) => it.id.clone(),
            };
            let known = it.last.known.map_or_else(|| "-".to_owned(), |it| format!("{it}%"));
            grid.row([
                Cell::plain(id),
                Cell::plain(it.name.get(self.lang)),
                Cell::new(show(it.last.score), score_paint(it.last.score)),
                change_cell(it.change),
                Cell::plain(number(it.last.violations)),
                Cell::plain(known),
            ]);
        }
        let all = parts.len();
        self.grid(&grid);
        self.rest(all, PARTS);
    }

    fn rest(&mut self, all: usize, shown: usize) {
        if all > shown {
            let more = number((all - shown) as u64);
            self.lines.push(pick(
                self.lang,
                format!("  ... and {more} more; `--output json` lists them all"),
                format!("  ほか {more} 件 (`--output json` ですべて出力できます)"),
            ));
        }
    }

    fn heading(&mut self, text: &str) {
        self.lines.push(String::new());
        self.lines.push(Paint::Title.on(text, self.colours));
    }

    fn grid(&mut self, grid: &Grid) {
        self.lines.extend(grid.lines(2, self.width, self.colours));
    }

    fn time(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string()
    }
}

fn show(percent: Option<Percent>) -> String {
    percent.map_or_else(|| "-".to_owned(), |it| it.to_string())
}

fn signed(change: f64) -> String {
    format!("{change:+.1}")
}

fn change_cell(change: Option<f64>) -> Cell {
    match change {
        None => Cell::new("-", Paint::Dim),
        Some(change) if change.abs() < 0.05 => Cell::new("0.0", Paint::Dim),
        Some(change) => Cell::new(signed(change), paint(change)),
    }
}

fn paint(change: f64) -> Paint {
    if change < 0.0 { Paint::High } else { Paint::Good }
}

/// Half of it is bad, nearly all of it is not good yet.
pub(crate) fn score_paint(score: Option<Percent>) -> Paint {
    match score.map(Percent::tenths) {
        None => Paint::Dim,
        Some(0..500) => Paint::High,
        Some(500..900) => Paint::Medium,
        Some(_) => Paint::Good,
    }
}
