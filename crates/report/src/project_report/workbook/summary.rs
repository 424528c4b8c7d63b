//! The first sheet: what the report is about, counts, scores, and charts of them.

use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFormat, ChartLegendPosition, ChartLine, ChartPoint, ChartSolidFill,
    Worksheet, XlsxError,
};
use yagura_model::{Assessment, Progress};

use super::looks::{Looks, ink};
use super::table::{moment, text};
use super::trend::{FIRST_SEVERITY_COLUMN, FIRST_WEEK};
use crate::project_report::ProjectHead;
use crate::project_report::counts::Counts;
use crate::project_report::row::WORST_FIRST;
use crate::words::severity;

const SEVERITIES_AT: u32 = 7;
const FRAMEWORKS_AT: u32 = 16;
/// Where charts begin: to the right of the tables.
const CHARTS: u16 = 6;
/// More frameworks than that make a chart that nobody can read.
const MOST_IN_CHART: u32 = 30;

/// What the sheet tells.
pub(super) struct About<'s> {
    pub(super) head: &'s ProjectHead<'s>,
    pub(super) looks: &'s Looks,
    pub(super) counts: &'s Counts,
    pub(super) frameworks: &'s [Assessment],
    pub(super) progress: Option<&'s Progress>,
    pub(super) links_left_out: bool,
}

pub(super) fn sheet(about: &About<'_>) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(about.head.words().summary)?;
    sheet.set_landscape();
    sheet.set_column_width(0, 34)?;
    for column in 1..5 {
        sheet.set_column_width(column, 14)?;
    }
    top(about, &mut sheet)?;
    counts(about, &mut sheet)?;
    frameworks(about, &mut sheet)?;
    charts(about, &mut sheet)?;
    Ok(sheet)
}

fn top(about: &About<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let (head, looks, w) = (about.head, about.looks, about.head.words());
    let title = format!("{}: {}", w.report, head.name());
    sheet.write_string_with_format(0, 0, text(&title), &looks.title)?;
    sheet.set_row_height(0, 28)?;
    sheet.write_string_with_format(2, 0, w.made, &looks.label)?;
    moment(sheet, 2, 1, head.now, &head.time_zone, &looks.moment)?;
    sheet.write_string_with_format(3, 0, w.scan, &looks.label)?;
    match head.scan {
        Some(scan) => moment(sheet, 3, 1, scan.started, &head.time_zone, &looks.moment)?,
        None => {
            sheet.write_string_with_format(3, 1, w.no_scan, &looks.text)?;
        }
    }
    sheet.write_string_with_format(4, 0, w.accounts, &looks.label)?;
    sheet.write_number_with_format(4, 1, head.accounts.len() as f64, &looks.number)?;
    let names: Vec<String> = head
        .accounts
        .iter()
        .map(|it| format!("{} {}", it.account.id, it.account.name).trim_end().to_owned())
        .collect();
    sheet.write_string_with_format(4, 2, text(&names.join(", ")), &looks.text)?;
    if about.links_left_out {
        sheet.write_string_with_format(5, 0, w.links_left_out, &looks.note)?;
    }
    Ok(())
}

fn counts(about: &About<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let (looks, w) = (about.looks, about.head.words());
    let titles = [w.severity, w.open, w.overdue, w.suppressed, w.ended];
    for (column, title) in (0_u16..).zip(titles) {
        sheet.write_string_with_format(SEVERITIES_AT, column, title, &looks.header)?;
    }
    let lang = about.head.lang;
    let of = WORST_FIRST.map(|it| (*severity(it).get(lang), looks.severity(it), about.counts.of(it)));
    let total = (w.total, &looks.label, about.counts.total());
    for (row, (name, look, count)) in (SEVERITIES_AT + 1..).zip(of.into_iter().chain([total])) {
        sheet.write_string_with_format(row, 0, name, look)?;
        let counts = [count.open, count.overdue, count.suppressed, count.ended];
        for (column, count) in (1_u16..).zip(counts) {
            sheet.write_number_with_format(row, column, count as f64, &looks.number)?;
        }
    }
    Ok(())
}

fn frameworks(about: &About<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let (looks, w) = (about.looks, about.head.words());
    let titles = [w.framework, w.score, w.passed];
    for (column, title) in (0_u16..).zip(titles) {
        sheet.write_string_with_format(FRAMEWORKS_AT, column, title, &looks.header)?;
    }
    if about.frameworks.is_empty() {
        sheet.write_string_with_format(FRAMEWORKS_AT + 1, 0, w.no_frameworks, &looks.note)?;
    }
    for (row, it) in (FRAMEWORKS_AT + 1..).zip(about.frameworks) {
        let name = it.framework.name.get(about.head.lang);
        sheet.write_string_with_format(row, 0, text(name), &looks.text)?;
        for (column, percent) in [(1, it.score), (2, it.passed_percent)] {
            if let Some(percent) = percent {
                sheet.write_number_with_format(row, column, percent.value(), &looks.decimal)?;
            }
        }
    }
    Ok(())
}

fn charts(about: &About<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let w = about.head.words();
    let here = w.summary;
    let last = SEVERITIES_AT + 5;
    let mut severities = Chart::new_column();
    let points: Vec<ChartPoint> = WORST_FIRST
        .into_iter()
        .map(|it| {
            let fill = ChartSolidFill::new().set_color(ink(it)).clone();
            ChartPoint::new().set_format(ChartFormat::new().set_solid_fill(&fill))
        })
        .collect();
    severities
        .add_series()
        .set_name(w.open)
        .set_categories((here, SEVERITIES_AT + 1, 0, last, 0))
        .set_values((here, SEVERITIES_AT + 1, 1, last, 1))
        .set_points(&points)
        .set_data_label(ChartDataLabel::new().show_value());
    severities.title().set_name(w.by_severity);
    severities.legend().set_hidden();
    severities.set_width(520).set_height(300).set_alt_text(w.by_severity);
    sheet.insert_chart(SEVERITIES_AT, CHARTS, &severities)?;

    let weeks = about.progress.map_or(0, |it| u32::try_from(it.weeks.len()).unwrap_or_default());
    if weeks > 0 {
        let last = FIRST_WEEK + weeks - 1;
        let mut trend = Chart::new_line();
        for (column, it) in (FIRST_SEVERITY_COLUMN..).zip(WORST_FIRST) {
            let line = ChartLine::new().set_color(ink(it)).set_width(2.25).clone();
            trend
                .add_series()
                .set_name(*severity(it).get(about.head.lang))
                .set_categories((w.trend, FIRST_WEEK, 0, last, 0))
                .set_values((w.trend, FIRST_WEEK, column, last, column))
                .set_format(ChartFormat::new().set_line(&line));
        }
        trend.title().set_name(w.open_by_week);
        trend.legend().set_position(ChartLegendPosition::Bottom);
        trend.set_width(520).set_height(300).set_alt_text(w.open_by_week);
        sheet.insert_chart(SEVERITIES_AT + 16, CHARTS, &trend)?;
    }
    let count = u32::try_from(about.frameworks.len()).unwrap_or(u32::MAX).min(MOST_IN_CHART);
    if count > 0 {
        let last = FRAMEWORKS_AT + count;
        let mut scores = Chart::new_bar();
        scores
            .add_series()
            .set_name(w.score)
            .set_categories((here, FRAMEWORKS_AT + 1, 0, last, 0))
            .set_values((here, FRAMEWORKS_AT + 1, 1, last, 1));
        scores.title().set_name(w.framework_scores);
        scores.legend().set_hidden();
        // The first framework of the table is the first of the chart.
        scores.y_axis().set_reverse();
        scores.x_axis().set_min(0).set_max(100);
        scores.set_width(520).set_height(120 + 22 * count).set_alt_text(w.framework_scores);
        sheet.insert_chart(SEVERITIES_AT + 32, CHARTS, &scores)?;
    }
    Ok(())
}
