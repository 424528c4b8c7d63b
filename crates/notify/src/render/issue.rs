//! Issues of Jira (Atlassian's document format) and of GitHub (Markdown), and the comments that follow them.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::cut;
use super::view::{Fact, List, View};

/// Characters of a summary in Jira, and of a title in GitHub.
const MOST_TITLE: usize = 250;
/// Characters of a body in GitHub, with room.
const MOST_BODY: usize = 60_000;

/// The title of an issue.
pub(crate) fn title(view: &View) -> String {
    cut(&view.subject, MOST_TITLE)
}

/// A document of Jira. Its texts are texts: nothing in them is markup.
pub(crate) fn document(view: &View) -> Value {
    let mut content = vec![paragraph(&[text(&view.intro)])];
    for part in &view.parts {
        content.push(json!({ "type": "heading", "attrs": { "level": 3 }, "content": [text(&part.heading)] }));
        for Fact { label, value } in part.facts.iter().chain(&part.texts).filter(|it| !it.value.is_empty()) {
            content.push(paragraph(&[strong(&format!("{label}: ")), text(value)]));
        }
        for (list, is_numbered) in part.lists() {
            content.push(paragraph(&[strong(&list.label)]));
            let items: Vec<_> = list
                .items
                .iter()
                .filter(|it| !it.is_empty())
                .map(|it| json!({ "type": "listItem", "content": [paragraph(&[text(it)])] }))
                .collect();
            let kind = if is_numbered { "orderedList" } else { "bulletList" };
            if !items.is_empty() {
                content.push(json!({ "type": kind, "content": items }));
            }
            content.extend(list.more.as_ref().map(|it| paragraph(&[text(it)])));
        }
    }
    content.push(paragraph(&[text(&view.footer)]));
    json!({ "type": "doc", "version": 1, "content": content })
}

fn paragraph(content: &[Value]) -> Value {
    json!({ "type": "paragraph", "content": content })
}

fn text(text: &str) -> Value {
    json!({ "type": "text", "text": text })
}

fn strong(text: &str) -> Value {
    json!({ "type": "text", "text": text, "marks": [{ "type": "strong" }] })
}

/// A body for GitHub, with a mark at its end by which the same issue is known again.
pub(crate) fn markdown(view: &View, key: &str) -> String {
    let mut out = format!("{}\n", escape(&view.intro));
    for part in &view.parts {
        let _ = write!(out, "\n### {}\n\n", escape(&part.heading));
        for Fact { label, value } in &part.facts {
            let _ = writeln!(out, "- **{}:** {}", escape(label), escape(value));
        }
        for Fact { label, value } in &part.texts {
            let _ = write!(out, "\n**{}**\n\n{}\n", escape(label), escape(value));
        }
        for (List { label, items, more }, is_numbered) in part.lists() {
            let _ = write!(out, "\n**{}**\n\n", escape(label));
            for (n, item) in items.iter().enumerate() {
                let bullet = if is_numbered { format!("{}.", n + 1) } else { "-".to_owned() };
                let shown = if super::is_web(item) { format!("<{item}>") } else { escape(item) };
                let _ = writeln!(out, "{bullet} {shown}");
            }
            if let Some(more) = more {
                let _ = write!(out, "\n{}\n", escape(more));
            }
        }
    }
    let _ = write!(out, "\n{}\n", escape(&view.footer));
    format!("{}\n<!-- yagura:{key} -->\n", cut(&out, MOST_BODY))
}

/// Text that is no Markdown, mentions nobody and refers to no issue.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for it in text.chars() {
        match it {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '@' => safe.push_str("&#64;"),
            '#' => safe.push_str("&#35;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '!' | '|' | '~' => {
                safe.push('\\');
                safe.push(it);
            }
            '\n' => safe.push_str("\n  "),
            it => safe.push(it),
        }
    }
    safe
}
