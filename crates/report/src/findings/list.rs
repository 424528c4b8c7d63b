//! A page of findings, one in two lines.

use yagura_model::{Finding, Severity};

use super::FindingWords;
use super::words::{finding_title, workflow};
use crate::detections::width;
use crate::table::grid::{Cell, Column, Grid, Paint};
use crate::words::{pick, severity};

/// So much of an id is shown: enough to tell a million findings apart, and any beginning names one.
const ID: usize = 8;

pub(super) fn paint(it: Severity) -> Paint {
    match it {
        Severity::Critical => Paint::Critical,
        Severity::High => Paint::High,
        Severity::Medium => Paint::Medium,
        Severity::Low => Paint::Low,
        Severity::Informational => Paint::Dim,
    }
}

/// A page of findings; `total` is how many there are in all.
#[must_use]
pub fn finding_list(findings: &[Finding], total: u64, words: &FindingWords<'_>) -> String {
    let lang = words.lang;
    if findings.is_empty() {
        return pick(lang, "No finding is like that.\n", "該当する検出結果はありません。\n").to_owned();
    }
    let mut grid = Grid::new([
        Column::Left,
        Column::Left,
        Column::Left,
        Column::Left,
        Column::Left,
        Column::Elastic,
        Column::Right,
    ]);
    grid.titles(&[
        "ID",
        pick(lang, "SEVERITY", "重大度"),
        pick(lang, "STATE", "状態"),
        pick(lang, "ACCOUNT", "アカウント"),
        pick(lang, "REGION", "リージョン"),
        pick(lang, "RESOURCE", "リソース"),
        pick(lang, "DAYS", "経過日数"),
    ]);
    for it in findings {
        let resource = if it.name.is_empty() || it.name == it.resource.id {
            it.resource.id.clone()
        } else {
            format!("{} ({})", it.resource.id, it.name)
        };
        grid.row([
            Cell::plain(it.id.get(..ID).unwrap_or(&it.id)),
            Cell::new(severity(it.severity).get(lang), paint(it.severity)),
            Cell::plain(workflow(it.workflow).get(lang)),
            Cell::plain(words.account(&it.resource.account)),
            Cell::plain(it.resource.region.as_str()),
            Cell::new(resource, Paint::Title),
            Cell::plain(words.days(it.opened_at).to_string()),
        ]);
        let rule = words.rules.get(&it.rule);
        let title = finding_title(it, rule, lang);
        let name = rule.map_or(&it.rule, |it| &it.id);
        let who = it.assignee.as_ref().map(|who| format!("  → {who}")).unwrap_or_default();
        grid.note(&format!("{title}  [{name}]{who}"), Paint::Dim);
    }
    let mut text = grid.lines(0, width(words.style), words.style.colours).join("\n") + "\n";
    let shown = findings.len();
    if total > shown as u64 {
        text.push_str(&pick(
            lang,
            format!("\n{shown} of {total} findings\n"),
            format!("\n{total} 件中 {shown} 件を表示\n"),
        ));
    }
    text
}
