//! `table`: a result for a person at a terminal, what is worst first.
//!
//! It keeps counts and one example of each until the end; the whole list is for the other formats.

mod coverage;
pub(crate) mod grid;
mod overview;
pub(crate) mod words;

use std::cmp::Reverse;
use std::io::{self, Write};

use yagura_model::{
    AccountState, Assessment, CallCoverage, EvaluationRecord, Lang, Outcome, RuleId, Severity, Summary,
};

use self::grid::{Cell, Column, Grid, Paint};
use self::words::{Words, count, number};
use crate::digest::{CoverageDigest, Example, Group, Groups};
use crate::format::{Sink, Style};
use crate::framework::section::{self, Detail, Look};
use crate::line::{Names, title};
use crate::words::{pick, severity as severity_word};
use crate::{Head, Tail, Writer, reason_text};

/// Rules listed for each outcome.
const RULES: usize = 50;
/// Narrower than this, lines wrap rather than lose their meaning.
const LEAST_WIDTH: usize = 60;

pub(crate) struct Table<'a> {
    page: Page<'a>,
    groups: Groups,
    coverage: CoverageDigest,
}

/// What every section writes to.
struct Page<'a> {
    head: &'a Head<'a>,
    names: Names<'a>,
    out: Sink<'a>,
    words: &'static Words,
    width: usize,
    colours: bool,
}

impl<'a> Table<'a> {
    pub(crate) fn begin(head: &'a Head<'a>, style: Style, out: Sink<'a>) -> Self {
        // Without a terminal nothing is cut: whoever reads the file or the log may need the end of a line.
        let width = if style.width == 0 { usize::MAX } else { style.width.max(LEAST_WIDTH) };
        let page = Page {
            head,
            names: Names::of(head),
            out,
            words: Words::of(head.lang),
            width,
            colours: style.colours,
        };
        Self { page, groups: Groups::default(), coverage: CoverageDigest::default() }
    }
}

impl Writer for Table<'_> {
    fn evaluation(&mut self, record: &EvaluationRecord) -> io::Result<()> {
        self.groups.add(&record.evaluation);
        Ok(())
    }

    fn coverage(&mut self, row: &CallCoverage) -> io::Result<()> {
        self.coverage.add(row);
        Ok(())
    }

    fn end(&mut self, tail: &Tail<'_>) -> io::Result<()> {
        let page = &mut self.page;
        page.opening(tail.summary)?;
        page.by_account(tail.summary)?;
        page.by_function(tail.summary)?;
        let order =
            [Outcome::NonCompliant, Outcome::InsufficientData, Outcome::NotApplicable, Outcome::Compliant];
        for outcome in order.into_iter().filter(|it| page.head.outcomes.contains(it)) {
            page.list(outcome, &self.groups, tail.summary)?;
        }
        page.gaps(&self.coverage)?;
        page.frameworks(tail.frameworks)?;
        page.closing(tail.summary, &self.groups, &self.coverage)?;
        page.out.flush()
    }
}

impl Page<'_> {
    fn lang(&self) -> Lang {
        self.head.lang
    }

    fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")
    }

    fn heading(&mut self, text: &str, paint: Paint) -> io::Result<()> {
        let painted = paint.on(text, self.colours);
        writeln!(self.out, "\n{painted}")
    }

    fn grid(&mut self, grid: &Grid, indent: usize) -> io::Result<()> {
        for line in grid.lines(indent, self.width, self.colours) {
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    /// How far the frameworks are met that were asked for.
    fn frameworks(&mut self, assessments: &[Assessment]) -> io::Result<()> {
        let look = Look { lang: self.lang(), width: self.width, colours: self.colours };
        for assessment in assessments {
            writeln!(self.out)?;
            for line in section::lines(assessment, look, Detail::Short) {
                writeln!(self.out, "{line}")?;
            }
        }
        Ok(())
    }

    /// The evaluations of one outcome, two lines a rule: what it says, and one resource of how many.
    fn list(&mut self, outcome: Outcome, groups: &Groups, summary: &Summary) -> io::Result<()> {
        let groups = groups.worst_first(outcome);
        let violations = outcome == Outcome::NonCompliant;
        if groups.is_empty() {
            // The caller may have left violations out: then silence is not a pass.
            let none = violations && summary.count(outcome) == 0;
            return if none { self.heading(self.words.no_violation, Paint::Good) } else { Ok(()) };
        }
        let paint = if outcome == Outcome::InsufficientData { Paint::Warning } else { Paint::Title };
        self.heading(self.words.list(outcome, self.lang()), paint)?;
        let mut grid = Grid::new([Column::Left, Column::Right, Column::Right, Column::Elastic]);
        let how_many = if violations { self.words.violations } else { pick(self.lang(), "COUNT", "件数") };
        let what = if violations { self.words.what } else { self.words.rule };
        grid.titles(&[self.words.severity, how_many, self.words.accounts, what]);
        let shown = groups.len().min(RULES);
        for (severity, rule, group) in &groups[..shown] {
            let info = self.head.rules.get(*rule);
            let title = title(self.head, info, rule);
            grid.row([
                Cell::new(severity_word(*severity).get(self.lang()), paint_of(*severity)),
                Cell::plain(number(group.spread.count)),
                Cell::plain(number(group.spread.accounts)),
                Cell::new(title, if violations { Paint::Title } else { Paint::Plain }),
            ]);
            self.example(&mut grid, rule, group);
        }
        self.grid(&grid, 2)?;
        if groups.len() > shown {
            let (rules, rest) = (groups.len() - shown, groups[shown..].iter());
            let (rules, rest) = (number(rules as u64), number(rest.map(|it| it.2.spread.count).sum()));
            self.line(&pick(
                self.lang(),
                format!("  ... and {rest} more by {rules} rules; `--output csv` lists them all"),
                format!("  ほかに {rules} ルール、{rest} 件 (`--output csv` ですべて出力できます)"),
            ))?;
        }
        Ok(())
    }

    /// The rule's id and one of its resources, on one line.
    fn example(&self, grid: &mut Grid, rule: &RuleId, group: &Group) {
        let Some(example) = &group.example else { return };
        let many = if group.spread.count > 1 { pick(self.lang(), "e.g. ", "例: ") } else { "" };
        grid.note(&format!("{rule}  {many}{}", self.place(example)), Paint::Dim);
        if let Some(reason) = &example.reason {
            grid.wrapped_note(&reason_text(reason, self.lang()), Paint::Dim);
        }
    }

    /// Which resource and where.
    fn place(&self, example: &Example) -> String {
        let whatever = example.id == yagura_model::Evaluation::WHATEVER;
        let mut text = if whatever { self.words.whatever.to_owned() } else { example.id.clone() };
        if !example.name.is_empty() && example.name != example.id {
            text.push_str(&format!(" ({})", example.name));
        }
        let region = if example.region.is_global() { self.words.global } else { example.region.as_str() };
        let account = match self.names.get(&example.account) {
            "" => example.account.as_str(),
            name => name,
        };
        format!("{text}, {account}, {region}")
    }

    /// The last lines: what came out and what to do next.
    fn closing(&mut self, summary: &Summary, groups: &Groups, coverage: &CoverageDigest) -> io::Result<()> {
        let lang = self.lang();
        let violations = summary.count(Outcome::NonCompliant);
        let mut worst: Vec<_> = summary.severities.iter().filter(|(_, n)| **n > 0).collect();
        worst.sort_by_key(|(severity, _)| Reverse(**severity));
        let worst: Vec<_> = worst
            .iter()
            .map(|(severity, n)| match lang {
                Lang::En => format!("{} {}", number(**n), severity_word(**severity).en.to_lowercase()),
                Lang::Ja => format!("{} {}", severity_word(**severity).ja, number(**n)),
            })
            .collect();
        let worst = match (worst.is_empty(), lang) {
            (true, _) => String::new(),
            (false, Lang::En) => format!(" ({})", worst.join(", ")),
            (false, Lang::Ja) => format!(" ({})", worst.join("、")),
        };
        let scanned =
            self.head.accounts.iter().filter(|it| matches!(it.state, AccountState::Scanned)).count() as u64;
        let of = (number(scanned), number(self.head.accounts.len() as u64));
        let counts = [Outcome::Compliant, Outcome::NotApplicable, Outcome::InsufficientData]
            .map(|it| number(summary.count(it)));
        let [passes, not_applicable, unknown] = counts;
        let told = match lang {
            Lang::En => format!(
                "{}{worst}, {passes} passed, {not_applicable} not applicable, {unknown} not known; {} of {} accounts read",
                count(violations, lang, "violation", "violations", ""),
                of.0,
                of.1
            ),
            Lang::Ja => format!(
                "違反 {} 件{worst}、準拠 {passes} 件、対象外 {not_applicable} 件、データ不足 {unknown} 件、{} アカウント中 {} アカウントを確認",
                number(violations),
                of.1,
                of.0
            ),
        };
        self.heading(&told, if violations > 0 { Paint::Title } else { Paint::Good })?;
        for step in self.next_steps(groups, coverage) {
            self.line(&format!("  {step}"))?;
        }
        Ok(())
    }

    fn next_steps(&self, groups: &Groups, coverage: &CoverageDigest) -> Vec<String> {
        let lang = self.lang();
        let mut steps = Vec::new();
        if let Some((_, rule, _)) = groups.worst_first(Outcome::NonCompliant).first() {
            steps.push(pick(
                lang,
                format!("yagura rules show {rule}   why it matters and how to fix it"),
                format!("yagura rules show {rule}   理由と直し方を表示"),
            ));
            steps.push(pick(
                lang,
                "--output html=report.html   every violation with its evidence, to share".to_owned(),
                "--output html=report.html   すべての違反と証拠を 1 ページにまとめて共有".to_owned(),
            ));
        }
        if !coverage.most_first("DENIED").is_empty() {
            steps.push(pick(
                lang,
                "grant the missing permissions above: until then, what they hide is not known".to_owned(),
                "上記の不足権限を付与してください。それまで該当箇所は判定できません".to_owned(),
            ));
        }
        steps
    }
}

fn paint_of(severity: Severity) -> Paint {
    match severity {
        Severity::Critical => Paint::Critical,
        Severity::High => Paint::High,
        Severity::Medium => Paint::Medium,
        Severity::Low => Paint::Low,
        Severity::Informational => Paint::Dim,
    }
}
