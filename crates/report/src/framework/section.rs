//! How far a framework is met, for a person at a terminal: totals, chapters, what fails and what is not known.

use yagura_model::{
    Answer, Assessment, Framework, Lang, Outcome, Percent, Requirement, RequirementAssessment, Totals,
};

use super::words::{self, Words};
use crate::table::grid::{Cell, Column, Grid, Paint};
use crate::table::words::{count, number};
use crate::words::pick;

/// Requirements listed after a scan before the rest is counted.
const SHORT: usize = 15;
/// Rules listed under a requirement.
const RULES: usize = 4;

/// Where lines go, and how.
#[derive(Clone, Copy)]
pub(crate) struct Look {
    pub(crate) lang: Lang,
    pub(crate) width: usize,
    pub(crate) colours: bool,
}

/// What is shown of a framework's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// After a scan: chapters, and the first of what fails and what is not known.
    Short,
    /// Every requirement.
    Full,
}

/// The lines about one framework.
pub(crate) fn lines(it: &Assessment, look: Look, detail: Detail) -> Vec<String> {
    let words = Words::of(look.lang);
    let name = crate::safe::line(it.framework.name.get(look.lang)).into_owned();
    let title = format!("{name} ({})", it.framework.id);
    let mut lines = vec![Paint::Title.on(&title, look.colours), format!("  {}", verdict(it, look.lang))];
    lines.push(String::new());
    lines.extend(chapters(it, look).lines(2, look.width, look.colours));
    match detail {
        Detail::Full => {
            lines.push(String::new());
            let all = it.framework.requirements.iter().zip(&it.requirements);
            lines.extend(requirements(it, all, look).lines(2, look.width, look.colours));
        }
        Detail::Short => {
            for (answer, heading, paint) in [
                (Answer::NonCompliant, words.failing, Paint::Title),
                (Answer::InsufficientData, words.not_known, Paint::Warning),
            ] {
                let all = it.framework.requirements.iter().zip(&it.requirements);
                let these: Vec<_> = all.filter(|(_, it)| it.answer == answer).collect();
                if these.is_empty() {
                    continue;
                }
                let shown = these.len().min(SHORT);
                lines.push(format!("\n  {}", paint.on(heading, look.colours)));
                let grid = requirements(it, these[..shown].iter().copied(), look);
                lines.extend(grid.lines(4, look.width, look.colours));
                if these.len() > shown {
                    let more = number((these.len() - shown) as u64);
                    lines.push(pick(
                        look.lang,
                        format!("    ... and {more} more; `--output json` lists them all"),
                        format!("    ほか {more} 件 (`--output json` ですべて出力できます)"),
                    ));
                }
            }
        }
    }
    lines
}

/// The sentence that sums it up.
fn verdict(it: &Assessment, lang: Lang) -> String {
    let percent = |it: Option<Percent>| it.map_or_else(|| "-".to_owned(), |it| format!("{it}%"));
    let (all, evaluated) = (number(it.totals.all()), number(it.totals.evaluated()));
    let (of_all, of_evaluated) = (percent(it.evaluated_percent), percent(it.passed_percent));
    let (met, by_hand, score) = (number(it.totals.compliant), number(it.to_check_by_hand), percent(it.score));
    let score = score.trim_end_matches('%');
    match lang {
        Lang::En => format!(
            "{met} of {evaluated} evaluated requirements are met ({of_evaluated}); {evaluated} of {all} could be evaluated ({of_all} of those that apply); {by_hand} to check by hand; score {score}"
        ),
        Lang::Ja => format!(
            "判定した {evaluated} 要件のうち {met} 要件が準拠 ({of_evaluated})、全 {all} 要件のうち {evaluated} 要件を判定 (該当する要件の {of_all})、手動確認が必要 {by_hand} 要件、スコア {score}"
        ),
    }
}

/// Lines of counts: see [`row`].
pub(crate) fn counts(of: &str, look: Look) -> Grid {
    let words = Words::of(look.lang);
    let mut columns = vec![Column::Left, Column::Elastic];
    columns.extend([Column::Right; 6]);
    let mut grid = Grid::new(columns);
    grid.titles(&[
        of,
        "",
        words.passed,
        words.pass,
        words.fail,
        words.unknown,
        words.not_applicable,
        words.manual,
    ]);
    grid
}

fn chapters(it: &Assessment, look: Look) -> Grid {
    let mut grid = counts(Words::of(look.lang).chapter, look);
    for (group, result) in it.framework.groups.iter().zip(&it.groups) {
        let depth = it.framework.around(Some(&group.id)).count().saturating_sub(1);
        let title = format!("{}{}", "  ".repeat(depth), group.title.get(look.lang));
        grid.row(row(&group.id, &title, &result.totals));
    }
    let total = pick(look.lang, "all", "全体");
    grid.row(row(total, "", &it.totals));
    grid
}

/// A line of counts.
pub(crate) fn row(id: &str, title: &str, totals: &Totals) -> Vec<Cell> {
    let percent = totals.passed_percent();
    let paint = match percent.map(Percent::tenths) {
        None => Paint::Dim,
        Some(0..500) => Paint::High,
        Some(500..1000) => Paint::Medium,
        Some(_) => Paint::Good,
    };
    let percent = percent.map_or_else(|| "-".to_owned(), |it| format!("{it}%"));
    let mut cells = vec![Cell::plain(id), Cell::plain(title), Cell::new(percent, paint)];
    for (answer, paint) in [
        (Answer::Compliant, Paint::Good),
        (Answer::NonCompliant, Paint::High),
        (Answer::InsufficientData, Paint::Warning),
        (Answer::NotApplicable, Paint::Dim),
        (Answer::Manual, Paint::Plain),
    ] {
        let n = totals.of(answer);
        cells.push(if n == 0 { Cell::new("-", Paint::Dim) } else { Cell::new(number(n), paint) });
    }
    cells
}

fn requirements<'r>(
    it: &Assessment,
    these: impl Iterator<Item = (&'r Requirement, &'r RequirementAssessment)>,
    look: Look,
) -> Grid {
    let words = Words::of(look.lang);
    let mut grid = Grid::new([Column::Left, Column::Left, Column::Elastic]);
    grid.titles(&[words.requirement, words.answer, ""]);
    for (requirement, result) in these {
        grid.row([
            Cell::plain(&requirement.id),
            Cell::new(words::answer(result.answer).get(look.lang), paint(result.answer)),
            Cell::plain(requirement.title.get(look.lang)),
        ]);
        for note in why(it, requirement, result, look.lang) {
            grid.note(&note, Paint::Dim);
        }
        if let Some(manual) = &requirement.manual {
            grid.wrapped_note(&format!("{}: {}", words.by_hand, manual.get(look.lang)), Paint::Dim);
        }
    }
    grid
}

/// What makes the answer what it is: violated rules, or what is missing.
fn why(
    it: &Assessment,
    requirement: &Requirement,
    result: &RequirementAssessment,
    lang: Lang,
) -> Vec<String> {
    let mut notes: Vec<String> = match result.answer {
        Answer::NonCompliant => {
            let violated = requirement.rules.iter().filter_map(|rule| {
                let said = it.rules.get(rule)?;
                let violations = *said.evaluations.get(&Outcome::NonCompliant)?;
                let accounts = said.accounts.get(&Outcome::NonCompliant).copied().unwrap_or_default();
                Some(format!("{rule}: {}", words::violations(violations, accounts, lang)))
            });
            violated.collect()
        }
        Answer::InsufficientData => {
            result.doubts.iter().map(|it| words::doubt(&it.doubt, it.accounts, lang)).collect()
        }
        Answer::Compliant | Answer::NotApplicable | Answer::Manual => Vec::new(),
    };
    if notes.len() > RULES {
        let more = number((notes.len() - RULES) as u64);
        notes.truncate(RULES);
        notes.push(pick(lang, format!("and {more} more"), format!("ほか {more} 件")));
    }
    notes
}

fn paint(answer: Answer) -> Paint {
    match answer {
        Answer::Compliant => Paint::Good,
        Answer::NonCompliant => Paint::High,
        Answer::InsufficientData => Paint::Warning,
        Answer::NotApplicable => Paint::Dim,
        Answer::Manual => Paint::Plain,
    }
}

/// A requirement's chapters from the outside in: `1 Identity / 1.2 Root user`.
pub(crate) fn chapter_path(framework: &Framework, requirement: &Requirement, lang: Lang) -> String {
    let mut path: Vec<_> = framework
        .around(requirement.group.as_deref())
        .map(|it| format!("{} {}", it.id, it.title.get(lang)))
        .collect();
    path.reverse();
    path.join(" / ")
}

/// `3 requirements`.
pub(crate) fn how_many(n: u64, lang: Lang) -> String {
    count(n, lang, "requirement", "requirements", "要件")
}
