//! `html`: one page that asks no other for anything, to read in light or dark and to print.
//!
//! There is no script: a mailbox or a browser without one shows all of it.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use yagura_model::{AccountState, CallCoverage, Finding};

use super::counts::{Count, Counts};
use super::row::{Requirements, Row, WORST_FIRST, is_open, whole_days};
use super::words;
use super::{ProjectHead, ProjectTail, Writer};
use crate::format::Sink;
use crate::framework::words::answer;
use crate::markup::Markup;
use crate::table::words::number;
use crate::words::{pick, severity};
use crate::{state_text, status_text};

const STYLE: &str = concat!(include_str!("../../assets/base.css"), include_str!("../../assets/project.css"));
/// Findings on the page. A browser becomes slow with more, and nobody reads them there.
const MOST_FINDINGS: u64 = 5_000;
/// Gaps on the page.
const MOST_GAPS: u64 = 1_000;

pub(super) struct Page<'a> {
    head: &'a ProjectHead<'a>,
    requirements: Requirements,
    counts: Counts,
    findings: Markup,
    shown: u64,
    told: u64,
    gaps: Markup,
    gaps_told: u64,
    out: Sink<'a>,
}

impl<'a> Page<'a> {
    pub(super) fn begin(head: &'a ProjectHead<'a>, out: Sink<'a>) -> Self {
        let mut page = Self {
            head,
            requirements: Requirements::of(head),
            counts: Counts::default(),
            findings: Markup::default(),
            shown: 0,
            told: 0,
            gaps: Markup::default(),
            gaps_told: 0,
            out,
        };
        for it in head.accounts.iter().filter(|it| it.state != AccountState::Scanned) {
            let why = state_text(&it.state, head.lang).unwrap_or_default();
            page.unread([it.account.id.as_str(), &it.account.name, "", head.words().whole_account, &why], 0);
        }
        page
    }

    fn unread(&mut self, cells: [&str; 5], times: u64) {
        self.gaps_told += 1;
        if self.gaps_told > MOST_GAPS {
            return;
        }
        let out = &mut self.gaps;
        out.raw("<tr>");
        for cell in cells {
            out.raw("<td>").text(cell).raw("</td>");
        }
        out.raw("<td class=\"n\">");
        if times > 0 {
            out.text(&number(times));
        }
        out.raw("</td></tr>\n");
    }
}

impl Writer for Page<'_> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let (head, lang, w) = (self.head, self.head.lang, self.head.words());
        let row = Row::of(head, &self.requirements, finding);
        self.counts.add(&row);
        if !is_open(finding) {
            return Ok(());
        }
        self.told += 1;
        if self.shown >= MOST_FINDINGS {
            return Ok(());
        }
        self.shown += 1;
        let out = &mut self.findings;
        out.raw("<details class=\"finding ").text(&finding.severity.as_str().to_lowercase());
        out.raw("\"><summary><b class=\"sev\">").text(severity(finding.severity).get(lang)).raw("</b> ");
        out.text(row.title).raw(" <span class=\"quiet\">").text(&finding.resource.id).raw(" · ");
        let name =
            if row.account_name.is_empty() { finding.resource.account.as_str() } else { row.account_name };
        out.text(name).raw(" · ").text(finding.resource.region.as_str());
        out.raw("</span>");
        if row.overdue {
            out.raw(" <b class=\"late\">").text(w.overdue).raw("</b>");
        }
        out.raw("</summary>\n<dl>\n");
        let due = row.due.map(|it| head.day(it)).unwrap_or_default();
        let facts = [
            (w.account, format!("{} {}", finding.resource.account, row.account_name)),
            (w.resource_type, finding.resource.resource_type.to_string()),
            (w.arn, finding.arn.clone()),
            (w.resource_name, finding.name.clone()),
            (w.rule, finding.rule.to_string()),
            (w.workflow, words::workflow(finding.workflow, lang).to_owned()),
            (w.open_since, head.time(finding.opened_at)),
            (w.age, row.age_days.to_string()),
            (w.due, due),
            (w.assignee, finding.assignee.clone().unwrap_or_default()),
            (w.why, row.why.to_owned()),
            (w.evidence, row.evidence.clone()),
            (w.steps, row.steps.clone()),
            (w.impact, row.impact.to_owned()),
            (w.requirements, row.requirements.to_owned()),
            (w.detectors, row.detectors.clone()),
        ];
        for (name, fact) in facts.iter().filter(|(_, fact)| !fact.trim().is_empty()) {
            out.raw("<dt>").text(name).raw("</dt><dd>").text(fact).raw("</dd>\n");
        }
        for (name, url) in [(w.reference, row.reference), (w.console, row.console.as_str())] {
            if !url.is_empty() {
                out.raw("<dt>").text(name).raw("</dt><dd>").outside(url).raw("</dd>\n");
            }
        }
        out.raw("</dl></details>\n");
        Ok(())
    }

    fn gap(&mut self, gap: &CallCoverage) -> io::Result<()> {
        let (head, lang) = (self.head, self.head.lang);
        let why = status_text(&gap.status, lang);
        let name = head.account_name(&gap.account);
        self.unread([gap.account.as_str(), name, gap.region.as_str(), &gap.call, &why], gap.count);
        Ok(())
    }

    fn end(&mut self, tail: &ProjectTail<'_>) -> io::Result<()> {
        let mut body = self.top();
        body.section("summary", self.head.words().summary, &self.summary());
        body.section("trend", self.head.words().trend, &self.trend(tail));
        body.section("frameworks", self.head.words().frameworks, &self.frameworks(tail));
        body.section("findings", self.head.words().findings, &self.list());
        body.section("suppressions", self.head.words().suppressions, &self.suppressions(tail));
        body.section("coverage", self.head.words().coverage, &self.coverage());
        let page = self.frame(&body);
        self.out.write_all(page.into_text().as_bytes())?;
        self.out.flush()
    }
}

impl Page<'_> {
    fn frame(&self, body: &Markup) -> Markup {
        let (head, w) = (self.head, self.head.words());
        let mut out = Markup::default();
        out.raw("<!doctype html>\n<html lang=\"").text(head.lang.as_str());
        out.raw("\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" ");
        out.raw("content=\"default-src &#39;none&#39;; style-src &#39;sha256-");
        out.text(&STANDARD.encode(Sha256::digest(STYLE.as_bytes())));
        out.raw("&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;\">\n");
        out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        out.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
        out.raw("<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
        out.text(&format!("{}: {}", w.report, head.name())).raw("</title>\n<style>").raw(STYLE);
        out.raw("</style>\n</head>\n<body>\n<main>\n").add(body).raw("</main>\n<footer>Yagura ");
        out.text(head.version).raw("</footer>\n</body>\n</html>\n");
        out
    }

    fn top(&self) -> Markup {
        let (head, w) = (self.head, self.head.words());
        let mut out = Markup::default();
        out.raw("<h1>").text(head.name()).raw("</h1>\n<p class=\"quiet\">").text(w.report).raw(" · ");
        out.text(w.made).raw(" ").text(&head.time(head.now)).raw(" · ").text(w.scan).raw(" ");
        out.text(&head.scan.map_or_else(|| w.no_scan.to_owned(), |it| head.time(it.started)));
        out.raw("</p>\n<details><summary>").text(w.accounts).raw(" ");
        out.text(&number(head.accounts.len() as u64)).raw("</summary>\n<ul>\n");
        for it in head.accounts {
            out.raw("<li>").text(it.account.id.as_str()).raw(" ").text(&it.account.name).raw("</li>\n");
        }
        out.raw("</ul></details>\n");
        out
    }

    fn summary(&self) -> Markup {
        let (lang, w) = (self.head.lang, self.head.words());
        let mut out = Markup::default();
        head_row(&mut out, &[w.severity, w.open, w.overdue, w.suppressed, w.ended]);
        let mut row = |class: &str, name: &str, count: Count| {
            out.raw("<tr class=\"").text(class).raw("\"><th scope=\"row\">").text(name).raw("</th>");
            for it in [count.open, count.overdue, count.suppressed, count.ended] {
                out.raw("<td class=\"n\">").text(&number(it)).raw("</td>");
            }
            out.raw("</tr>\n");
        };
        for it in WORST_FIRST {
            row(&it.as_str().to_lowercase(), severity(it).get(lang), self.counts.of(it));
        }
        row("total", w.total, self.counts.total());
        out.raw("</tbody></table>\n");
        out
    }

    fn trend(&self, tail: &ProjectTail<'_>) -> Markup {
        let w = self.head.words();
        let mut out = Markup::default();
        let Some(progress) = tail.progress else {
            out.raw("<p>").text(w.no_history).raw("</p>\n");
            return out;
        };
        out.add(&curve(progress.all.iter().map(|it| it.open), w.open_by_week));
        head_row(&mut out, &[w.week, w.open, w.new, w.came_back, w.resolved]);
        for (monday, week) in progress.weeks.iter().zip(&progress.all) {
            out.raw("<tr><th scope=\"row\">").text(&monday.to_string()).raw("</th>");
            for it in [week.open, week.new, week.came_back, week.resolved] {
                out.raw("<td class=\"n\">").text(&number(it)).raw("</td>");
            }
            out.raw("</tr>\n");
        }
        out.raw("</tbody></table>\n");
        if !progress.to_resolve.is_empty() {
            out.raw("<h3>").text(w.to_resolve).raw("</h3>\n");
            head_row(&mut out, &[w.severity, w.resolved, w.mean_days, w.median_days]);
            for it in WORST_FIRST {
                let Some(took) = progress.to_resolve.get(&it) else { continue };
                out.raw("<tr><th scope=\"row\">").text(severity(it).get(self.head.lang));
                out.raw("</th><td class=\"n\">").text(&number(took.resolved)).raw("</td><td class=\"n\">");
                out.text(&format!("{:.1}", took.mean_days)).raw("</td><td class=\"n\">");
                out.text(&format!("{:.1}", took.median_days)).raw("</td></tr>\n");
            }
            out.raw("</tbody></table>\n");
        }
        out
    }

    fn frameworks(&self, tail: &ProjectTail<'_>) -> Markup {
        let (lang, w) = (self.head.lang, self.head.words());
        let mut out = Markup::default();
        if tail.frameworks.is_empty() {
            out.raw("<p>").text(w.no_frameworks).raw("</p>\n");
            return out;
        }
        let answers = yagura_model::Answer::ALL;
        let titles: Vec<&str> =
            [w.framework, w.score].into_iter().chain(answers.map(|it| *answer(it).get(lang))).collect();
        head_row(&mut out, &titles);
        for it in tail.frameworks {
            out.raw("<tr><th scope=\"row\">").text(it.framework.name.get(lang)).raw("</th><td class=\"n\">");
            out.text(&it.score.map_or_else(|| "-".to_owned(), |it| format!("{:.1}", it.value())));
            out.raw("</td>");
            for answer in answers {
                out.raw("<td class=\"n\">").text(&number(it.totals.of(answer))).raw("</td>");
            }
            out.raw("</tr>\n");
        }
        out.raw("</tbody></table>\n");
        out
    }

    fn list(&self) -> Markup {
        let (lang, w) = (self.head.lang, self.head.words());
        let mut out = Markup::default();
        if self.told == 0 {
            out.raw("<p>").text(w.nothing_open).raw("</p>\n");
        }
        out.add(&self.findings);
        if self.told > self.shown {
            let more = number(self.told - self.shown);
            out.raw("<p class=\"more\">").text(&pick(
                lang,
                format!("{more} more open findings are in the workbook and in the CSV file."),
                format!("ほかに {more} 件の未解決の検出結果があります。Excel または CSV のレポートを参照してください。"),
            ));
            out.raw("</p>\n");
        }
        out
    }

    fn suppressions(&self, tail: &ProjectTail<'_>) -> Markup {
        let (head, w) = (self.head, self.head.words());
        let mut out = Markup::default();
        if tail.suppressions.is_empty() {
            out.raw("<p>").text(w.nothing_ends).raw("</p>\n");
            return out;
        }
        let titles = [w.suppression, w.covers, w.reason, w.approver, w.expires, w.days_left, w.hides];
        head_row(&mut out, &titles);
        for it in tail.suppressions {
            out.raw("<tr>");
            for text in [&it.id, &it.covers, &it.reason, &it.approver, &head.day(it.expires)] {
                out.raw("<td>").text(text).raw("</td>");
            }
            let left = whole_days(it.expires.duration_since(head.now)).to_string();
            for text in [left, number(it.hides)] {
                out.raw("<td class=\"n\">").text(&text).raw("</td>");
            }
            out.raw("</tr>\n");
        }
        out.raw("</tbody></table>\n");
        out
    }

    fn coverage(&self) -> Markup {
        let (lang, w) = (self.head.lang, self.head.words());
        let mut out = Markup::default();
        if self.gaps_told == 0 {
            out.raw("<p>").text(w.all_read).raw("</p>\n");
            return out;
        }
        head_row(&mut out, &[w.account, w.account_name, w.region, w.call, w.not_read, w.times]);
        out.add(&self.gaps).raw("</tbody></table>\n");
        if self.gaps_told > MOST_GAPS {
            let more = number(self.gaps_told - MOST_GAPS);
            out.raw("<p class=\"more\">").text(&pick(
                lang,
                format!("{more} more are in the workbook."),
                format!("ほかに {more} 件あります。Excel のレポートを参照してください。"),
            ));
            out.raw("</p>\n");
        }
        out
    }
}

fn head_row(out: &mut Markup, titles: &[&str]) {
    out.raw("<table><thead><tr>");
    for title in titles {
        out.raw("<th scope=\"col\">").text(title).raw("</th>");
    }
    out.raw("</tr></thead><tbody>\n");
}

/// A curve of numbers, from the oldest to the newest.
fn curve(values: impl Iterator<Item = u64>, title: &str) -> Markup {
    let values: Vec<u64> = values.collect();
    let mut out = Markup::default();
    let most = values.iter().max().copied().unwrap_or_default();
    if values.len() < 2 || most == 0 {
        return out;
    }
    let step = 600.0 / (values.len() - 1) as f64;
    let points: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(n, it)| format!("{:.1},{:.1}", step * n as f64, 102.0 - 100.0 * (*it as f64 / most as f64)))
        .collect();
    out.raw("<svg class=\"curve\" viewBox=\"0 0 600 104\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"");
    out.text(title).raw("\"><polyline points=\"").text(&points.join(" ")).raw("\"/></svg>\n");
    out
}
