//! The table of a summary: one row a finding, for spreadsheets.
//!
//! UTF-8 with a byte order mark and CRLF, because Excel asks for both; no cell can be a formula.

use jiff::tz::TimeZone;
use yagura_report::safe_cell;

use super::incident::change_key;
use super::view::time;
use crate::event::severity_key;
use crate::notice::Notice;
use crate::texts::Texts;

/// The titles, by their keys.
const TITLES: [&str; 16] = [
    "csv-event",
    "csv-severity",
    "label-account",
    "label-region",
    "label-resource-type",
    "csv-resource",
    "csv-guideline",
    "label-rule",
    "csv-requirements",
    "csv-steps",
    "csv-impact",
    "label-reference",
    "label-arn",
    "label-alert-id",
    "label-time",
    "label-incident",
];

/// Writes the table.
pub(crate) fn table(notice: &Notice, texts: &Texts) -> Vec<u8> {
    let zone = TimeZone::get(&notice.time_zone).unwrap_or(TimeZone::UTC);
    let word = |key: &str| texts.word(notice.lang, key);
    let mut out = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let mut row = |cells: &[String]| {
        // Writing into memory does not fail.
        let _ = out.write_record(cells.iter().map(|it| safe_cell(it).into_owned()));
    };
    row(&TITLES.map(word));
    for alert in &notice.alerts {
        let facts = &alert.facts;
        let change = match &alert.incident {
            Some(story) => change_key(alert.change, story),
            None => format!("change-{}", alert.change.as_str()),
        };
        let steps: Vec<_> =
            facts.steps.iter().enumerate().map(|(n, it)| format!("{}. {it}", n + 1)).collect();
        for it in &alert.findings {
            let account = if it.account_name.is_empty() {
                it.account.to_string()
            } else {
                format!("{} {}", it.account, it.account_name)
            };
            row(&[
                word(&change),
                word(&format!("severity-{}", severity_key(it.severity))),
                account,
                it.region.to_string(),
                it.resource_type.to_string(),
                if it.name.is_empty() { it.resource.clone() } else { it.name.clone() },
                it.detected.as_ref().map_or(&facts.title, |it| &it.title).clone(),
                it.detected.as_ref().map_or(&alert.rule, |it| &it.rule).to_string(),
                facts.requirements.join("\n"),
                steps.join("\n"),
                facts.impact.clone(),
                facts.references.first().cloned().unwrap_or_default(),
                it.arn.clone(),
                it.id.clone(),
                time(texts, notice.lang, &zone, it.at),
                alert.incident.as_ref().map(|it| it.id.clone()).unwrap_or_default(),
            ]);
        }
    }
    out.into_inner().unwrap_or_default()
}
