//! A table that is written row by row, and goes on in a further sheet where Excel allows no more rows.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_xlsxwriter::{ExcelDateTime, Format, Url, Workbook, Worksheet, XlsxError};

use super::looks::Looks;
use crate::safe;

/// Rows of a sheet, the header with them.
const MOST_ROWS: u32 = 1_048_576;
/// Links of a sheet. Excel allows 65,530; each is kept until the end, and so many fit into the memory that a report may take.
const MOST_LINKS: usize = 32_000;
/// UTF-16 units of a cell.
const MOST_TEXT: usize = 32_767;
/// UTF-16 units of a link.
const MOST_LINK: usize = 2_079;

/// What stands in a cell.
pub(super) enum Cell<'c> {
    Text(&'c str),
    Looking(&'c str, &'c Format),
    Number(f64),
    Moment(Timestamp),
    Day(Timestamp),
    Late(Timestamp),
    Link(&'c str),
    Empty,
}

/// A column: its title, and how wide it is in characters.
pub(super) type Column = (&'static str, f64);

/// A table.
pub(super) struct Table {
    name: String,
    columns: Vec<Column>,
    zone: TimeZone,
    full: Vec<Worksheet>,
    sheet: Worksheet,
    row: u32,
    links: usize,
    most_rows: u32,
    links_left_out: bool,
}

impl Table {
    /// A table with its titles.
    pub(super) fn begin(
        book: &mut Workbook,
        looks: &Looks,
        name: &str,
        columns: Vec<Column>,
        zone: &TimeZone,
    ) -> Result<Self, XlsxError> {
        let sheet = begin(book, looks, name, &columns)?;
        Ok(Self {
            name: name.to_owned(),
            columns,
            zone: zone.clone(),
            full: Vec::new(),
            sheet,
            row: 1,
            links: 0,
            most_rows: MOST_ROWS,
            links_left_out: false,
        })
    }

    /// For tests: as if Excel allowed no more rows.
    #[cfg(test)]
    pub(super) fn with_most_rows(mut self, most: u32) -> Self {
        self.most_rows = most;
        self
    }

    /// How many rows there are, in all sheets.
    pub(super) fn is_empty(&self) -> bool {
        self.row == 1 && self.full.is_empty()
    }

    /// Whether links had to be written as text.
    pub(super) fn left_links_out(&self) -> bool {
        self.links_left_out
    }

    /// Writes a row.
    pub(super) fn row(
        &mut self,
        book: &mut Workbook,
        looks: &Looks,
        cells: &[Cell<'_>],
    ) -> Result<(), XlsxError> {
        if self.row >= self.most_rows {
            let next = format!("{} ({})", self.name, self.full.len() + 2);
            let mut full = std::mem::replace(&mut self.sheet, begin(book, looks, &next, &self.columns)?);
            filter(&mut full, self.row, self.columns.len())?;
            self.full.push(full);
            self.row = 1;
            self.links = 0;
        }
        for (column, cell) in (0_u16..).zip(cells) {
            self.cell(looks, column, cell)?;
        }
        self.row += 1;
        Ok(())
    }

    fn cell(&mut self, looks: &Looks, column: u16, cell: &Cell<'_>) -> Result<(), XlsxError> {
        let (row, sheet) = (self.row, &mut self.sheet);
        match *cell {
            Cell::Empty | Cell::Text("") | Cell::Link("") => {}
            Cell::Text(it) => {
                sheet.write_string_with_format(row, column, text(it), &looks.text)?;
            }
            Cell::Looking(it, format) => {
                sheet.write_string_with_format(row, column, text(it), format)?;
            }
            Cell::Number(it) => {
                sheet.write_number_with_format(row, column, it, &looks.number)?;
            }
            Cell::Moment(at) => self.moment(column, at, &looks.moment)?,
            Cell::Day(at) => self.moment(column, at, &looks.day)?,
            Cell::Late(at) => self.moment(column, at, &looks.late)?,
            Cell::Link(url) => self.link(looks, column, url)?,
        }
        Ok(())
    }

    fn moment(&mut self, column: u16, at: Timestamp, format: &Format) -> Result<(), XlsxError> {
        moment(&mut self.sheet, self.row, column, at, &self.zone, format)
    }

    fn link(&mut self, looks: &Looks, column: u16, url: &str) -> Result<(), XlsxError> {
        // Others than these could open a program, and what is no address is no link.
        let is_link =
            url.starts_with("https://") && url.encode_utf16().count() <= MOST_LINK && text(url) == url;
        if is_link && self.links < MOST_LINKS {
            self.links += 1;
            self.sheet.write_url_with_format(self.row, column, Url::new(url), &looks.link)?;
        } else {
            self.links_left_out |= is_link;
            self.sheet.write_string_with_format(self.row, column, text(url), &looks.text)?;
        }
        Ok(())
    }

    /// A sentence instead of rows.
    pub(super) fn note(&mut self, looks: &Looks, sentence: &str) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, 0, sentence, &looks.note)?;
        self.row += 1;
        Ok(())
    }

    /// The sheets.
    pub(super) fn finish(mut self) -> Result<Vec<Worksheet>, XlsxError> {
        filter(&mut self.sheet, self.row, self.columns.len())?;
        self.full.push(self.sheet);
        Ok(self.full)
    }
}

fn begin(book: &mut Workbook, looks: &Looks, name: &str, columns: &[Column]) -> Result<Worksheet, XlsxError> {
    let mut sheet = book.new_worksheet_with_constant_memory()?;
    sheet.set_name(name)?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_landscape();
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_row_height(0, 30)?;
    for (n, (title, width)) in (0_u16..).zip(columns) {
        sheet.set_column_width(n, *width)?;
        sheet.write_string_with_format(0, n, *title, &looks.header)?;
    }
    Ok(sheet)
}

/// The arrows of a filter over all rows.
fn filter(sheet: &mut Worksheet, rows: u32, columns: usize) -> Result<(), XlsxError> {
    let last = u16::try_from(columns.saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, rows.saturating_sub(1).max(1), last)?;
    Ok(())
}

/// A moment in the reader's zone; what is out of Excel's calendar is text.
pub(super) fn moment(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    at: Timestamp,
    zone: &TimeZone,
    format: &Format,
) -> Result<(), XlsxError> {
    let local = at.as_second() + i64::from(zone.to_offset(at).seconds());
    match ExcelDateTime::from_timestamp(local) {
        Ok(it) => sheet.write_datetime_with_format(row, column, &it, format)?,
        Err(_) => sheet.write_string_with_format(row, column, at.to_string(), format)?,
    };
    Ok(())
}

/// Text as a cell takes it: what would command a reader, or is no XML, is visible, and there is no more than fits.
pub(super) fn text(it: &str) -> Cow<'_, str> {
    let mut safe = safe::lines(it);
    if safe.contains(['\u{fffe}', '\u{ffff}']) {
        safe = Cow::Owned(safe.replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}"));
    }
    // A unit of UTF-16 is at least a byte of UTF-8.
    if safe.len() <= MOST_TEXT || safe.encode_utf16().count() <= MOST_TEXT {
        return safe;
    }
    let mut units = 0;
    let fits = safe.char_indices().find(|(_, it)| {
        units += it.len_utf16();
        units >= MOST_TEXT
    });
    let end = fits.map_or(safe.len(), |(at, _)| at);
    Cow::Owned(format!("{}…", safe.get(..end).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_holds_no_more_than_excel_allows_and_no_broken_character() {
        let long = "😀".repeat(20_000);
        let cut = text(&long);
        assert_eq!(cut.encode_utf16().count(), 32_767);
        assert!(cut.ends_with('…'));
        assert_eq!(text("a\u{1b}[2J\u{ffff}\nb"), "a\\u{1b}[2J\\u{ffff}\nb");
        assert_eq!(text(&"x".repeat(32_767)).len(), 32_767);
    }

    #[test]
    fn a_table_goes_on_in_a_further_sheet() {
        let mut book = Workbook::new();
        let looks = Looks::new();
        let table = Table::begin(&mut book, &looks, "検出結果", vec![("a", 5.0)], &TimeZone::UTC).unwrap();
        let mut table = table.with_most_rows(3);
        for n in ["1", "2", "3", "4", "5"] {
            table.row(&mut book, &looks, &[Cell::Text(n)]).unwrap();
        }
        let sheets = table.finish().unwrap();
        let names: Vec<String> = sheets.iter().map(Worksheet::name).collect();
        assert_eq!(names, ["検出結果", "検出結果 (2)", "検出結果 (3)"]);
    }

    #[test]
    fn only_https_is_a_link_and_only_so_many() {
        let mut book = Workbook::new();
        let looks = Looks::new();
        let mut table = Table::begin(&mut book, &looks, "x", vec![("a", 5.0)], &TimeZone::UTC).unwrap();
        for url in ["javascript:alert(1)", "file:///etc/passwd", "https://a.example/\u{202e}"] {
            table.row(&mut book, &looks, &[Cell::Link(url)]).unwrap();
        }
        assert_eq!((table.links, table.left_links_out()), (0, false));
        for _ in 0..=MOST_LINKS {
            table.row(&mut book, &looks, &[Cell::Link("https://a.example/")]).unwrap();
        }
        assert_eq!((table.links, table.left_links_out()), (MOST_LINKS, true));
    }
}
