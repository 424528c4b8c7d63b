//! The sheet about how it goes on: week by week, how long findings take, what is overdue, what came back.

use rust_xlsxwriter::{ExcelDateTime, Format, Worksheet, XlsxError};
use yagura_model::Progress;

use super::looks::Looks;
use super::table::text;
use crate::project_report::ProjectHead;
use crate::project_report::row::WORST_FIRST;
use crate::words::severity;

/// The row of the first week.
pub(super) const FIRST_WEEK: u32 = 1;
/// Where the columns by severity begin, the worst first.
pub(super) const FIRST_SEVERITY_COLUMN: u16 = 5;

pub(super) fn sheet(
    head: &ProjectHead<'_>,
    looks: &Looks,
    progress: Option<&Progress>,
) -> Result<Worksheet, XlsxError> {
    let w = head.words();
    let mut sheet = Worksheet::new();
    sheet.set_name(w.trend)?;
    sheet.set_landscape();
    sheet.set_freeze_panes(1, 1)?;
    sheet.set_column_width(0, 30)?;
    for column in 1..10 {
        sheet.set_column_width(column, 14)?;
    }
    let mut out = Lines { sheet, looks, row: 0 };
    let severities = WORST_FIRST.map(|it| *severity(it).get(head.lang));
    let titles = [w.week, w.open, w.new, w.came_back, w.resolved];
    out.titles(&titles.into_iter().chain(severities).collect::<Vec<_>>())?;
    let Some(progress) = progress else {
        out.sheet.write_string_with_format(1, 0, w.no_history, &looks.note)?;
        return Ok(out.sheet);
    };
    for (n, (monday, week)) in progress.weeks.iter().zip(&progress.all).enumerate() {
        let year = u16::try_from(monday.year()).unwrap_or_default();
        let (month, day) = (monday.month().unsigned_abs(), monday.day().unsigned_abs());
        match ExcelDateTime::from_ymd(year, month, day) {
            Ok(it) => out.sheet.write_datetime_with_format(out.row, 0, &it, &looks.day)?,
            Err(_) => out.sheet.write_string_with_format(out.row, 0, monday.to_string(), &looks.day)?,
        };
        let open = WORST_FIRST.map(|it| progress.open.get(&it).and_then(|it| it.get(n)).copied());
        let all = [week.open, week.new, week.came_back, week.resolved].map(Some);
        for (column, count) in (1_u16..).zip(all.into_iter().chain(open)) {
            out.number(column, count.unwrap_or_default() as f64, &looks.number)?;
        }
        out.row += 1;
    }
    out.sheet.autofilter(0, 0, out.row.saturating_sub(1).max(1), 9)?;
    took(head, &mut out, progress)?;
    overdue(head, &mut out, progress)?;
    came_back(head, &mut out, progress)?;
    Ok(out.sheet)
}

/// A sheet, written downwards.
struct Lines<'s> {
    sheet: Worksheet,
    looks: &'s Looks,
    row: u32,
}

impl Lines<'_> {
    fn titles(&mut self, titles: &[&str]) -> Result<(), XlsxError> {
        for (column, title) in (0_u16..).zip(titles) {
            self.sheet.write_string_with_format(self.row, column, *title, &self.looks.header)?;
        }
        self.row += 1;
        Ok(())
    }

    fn heading(&mut self, title: &str) -> Result<(), XlsxError> {
        self.row += 1;
        self.sheet.write_string_with_format(self.row, 0, title, &self.looks.label)?;
        self.row += 1;
        Ok(())
    }

    fn text(&mut self, column: u16, it: &str) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, column, text(it), &self.looks.text)?;
        Ok(())
    }

    fn number(&mut self, column: u16, it: f64, format: &Format) -> Result<(), XlsxError> {
        self.sheet.write_number_with_format(self.row, column, it, format)?;
        Ok(())
    }
}

fn took(head: &ProjectHead<'_>, out: &mut Lines<'_>, progress: &Progress) -> Result<(), XlsxError> {
    let (w, looks) = (head.words(), out.looks);
    out.heading(w.to_resolve)?;
    out.titles(&[w.severity, w.resolved, w.mean_days, w.median_days])?;
    for it in WORST_FIRST {
        let Some(took) = progress.to_resolve.get(&it) else { continue };
        out.sheet.write_string_with_format(out.row, 0, *severity(it).get(head.lang), looks.severity(it))?;
        out.number(1, took.resolved as f64, &looks.number)?;
        out.number(2, took.mean_days, &looks.decimal)?;
        out.number(3, took.median_days, &looks.decimal)?;
        out.row += 1;
    }
    Ok(())
}

fn overdue(head: &ProjectHead<'_>, out: &mut Lines<'_>, progress: &Progress) -> Result<(), XlsxError> {
    let (w, looks) = (head.words(), out.looks);
    out.heading(w.overdue)?;
    out.titles(&[w.account, w.account_name, w.overdue, w.most_days, w.rule])?;
    for it in &progress.overdue {
        out.text(0, it.account.as_str())?;
        out.text(1, head.account_name(&it.account))?;
        out.number(2, it.findings.values().sum::<u64>() as f64, &looks.number)?;
        out.number(3, it.most_days as f64, &looks.number)?;
        out.text(4, it.rule.as_str())?;
        out.row += 1;
    }
    Ok(())
}

fn came_back(head: &ProjectHead<'_>, out: &mut Lines<'_>, progress: &Progress) -> Result<(), XlsxError> {
    let (w, looks) = (head.words(), out.looks);
    out.heading(w.what_came_back)?;
    out.titles(&[w.rule, w.times, w.findings, w.title])?;
    for it in &progress.came_back {
        out.text(0, it.rule.as_str())?;
        out.number(1, it.times as f64, &looks.number)?;
        out.number(2, it.findings as f64, &looks.number)?;
        out.text(3, it.title.get(head.lang))?;
        out.row += 1;
    }
    Ok(())
}
