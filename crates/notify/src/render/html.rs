//! The HTML of mails: one column, styles in place, nothing fetched, so that every mail program shows it.

use std::fmt::Write as _;

use yagura_model::{Lang, Severity};
use yagura_report::safe_html;

use super::view::{Fact, List, Part, View};

/// Lays out a view.
pub(crate) fn html(view: &View, lang: Lang) -> String {
    let mut out = String::new();
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head><meta charset=\"utf-8\"><title>{}</title></head>\n\
         <body style=\"margin:0;padding:16px;font-family:sans-serif;font-size:14px;line-height:1.6;color:#1f2933\">\n\
         <p>{}</p>\n<p>{}</p>\n",
        safe_html(&view.subject),
        safe_html(&view.greeting),
        safe_html(&view.intro),
    );
    view.parts.iter().for_each(|it| part(&mut out, it));
    if let Some(more) = &view.more {
        let _ = writeln!(out, "<p>{}</p>", safe_html(more));
    }
    let _ = write!(
        out,
        "<p style=\"margin-top:24px;font-size:12px;color:#616e7c\">{}</p>\n</body>\n</html>\n",
        safe_html(&view.footer)
    );
    out
}

fn part(out: &mut String, part: &Part) {
    let colour = if part.is_resolved { "#2f7d4f" } else { colour(part.severity) };
    let _ = writeln!(
        out,
        "<h2 style=\"margin:24px 0 8px;padding:4px 12px;border-left:6px solid {colour};font-size:17px\">{}</h2>",
        safe_html(&part.heading)
    );
    out.push_str("<table style=\"border-collapse:collapse\">\n");
    for Fact { label, value } in &part.facts {
        let _ = writeln!(
            out,
            "<tr><th style=\"padding:2px 16px 2px 0;text-align:left;vertical-align:top;font-weight:600;white-space:nowrap\">{}</th><td style=\"word-break:break-all\">{}</td></tr>",
            safe_html(label),
            safe_html(value)
        );
    }
    out.push_str("</table>\n");
    for Fact { label, value } in &part.texts {
        heading(out, label);
        let _ = writeln!(out, "<p style=\"margin:0;white-space:pre-line\">{}</p>", safe_html(value));
    }
    for (it, is_numbered) in part.lists() {
        let is_links = part.references.as_ref() == Some(it);
        list(out, it, if is_numbered { "ol" } else { "ul" }, if is_links { link } else { safe_html });
    }
}

fn heading(out: &mut String, label: &str) {
    let _ = writeln!(out, "<h3 style=\"margin:16px 0 4px;font-size:14px\">{}</h3>", safe_html(label));
}

fn list(out: &mut String, List { label, items, more }: &List, tag: &str, show: fn(&str) -> String) {
    heading(out, label);
    let _ = writeln!(out, "<{tag} style=\"margin:0;padding-left:24px\">");
    for item in items {
        let _ = writeln!(out, "<li style=\"white-space:pre-line\">{}</li>", show(item));
    }
    let _ = writeln!(out, "</{tag}>");
    if let Some(more) = more {
        let _ = writeln!(out, "<p style=\"margin:0\">{}</p>", safe_html(more));
    }
}

/// Only addresses on the web are links: another scheme could run something.
fn link(address: &str) -> String {
    let shown = safe_html(address);
    if super::is_web(address) { format!("<a href=\"{shown}\">{shown}</a>") } else { shown }
}

fn colour(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "#8b1a2b",
        Severity::High => "#c7452d",
        Severity::Medium => "#c98a1b",
        Severity::Low => "#3a6ea5",
        Severity::Informational => "#7b8794",
    }
}
