//! An adaptive card in the envelope that webhooks of Teams' Workflows take.
//!
//! Texts are runs of rich text, which Teams shows as they are: Markdown in what AWS returned stays text. A card is at most 28 KB.

use serde_json::{Value, json};
use yagura_model::Severity;

use super::view::{Fact, List, Part, View};
use super::{cut, is_web};

/// Bytes of a card, with room for the envelope.
const MOST_BYTES: usize = 24_000;
/// Characters of one text.
const MOST_TEXT: usize = 2_000;

/// The message.
pub(crate) fn teams(view: &View) -> Value {
    let mut body = vec![
        json!({ "type": "TextBlock", "text": plain(&view.subject), "size": "Large", "weight": "Bolder", "wrap": true }),
        line(&[run(&view.intro)]),
    ];
    let mut actions = Vec::new();
    let mut size = 0;
    let mut left_out = 0;
    for part in &view.parts {
        let blocks = part_blocks(part);
        let bytes: usize = blocks.iter().map(|it| it.to_string().len()).sum();
        if size + bytes > MOST_BYTES {
            left_out += 1;
            continue;
        }
        size += bytes;
        body.extend(blocks);
        if let (Some(list), true) = (&part.references, actions.is_empty()) {
            let first = list.items.first().filter(|it| is_web(it));
            actions.extend(
                first.map(|url| json!({ "type": "Action.OpenUrl", "title": list.label, "url": url })),
            );
        }
    }
    if left_out > 0 {
        body.push(line(&[run(&format!("+{left_out}"))]));
    } else if let Some(more) = &view.more {
        body.push(line(&[run(more)]));
    }
    body.push(json!({ "type": "RichTextBlock", "inlines": [{ "type": "TextRun", "text": view.footer, "size": "Small", "isSubtle": true }] }));
    let mut card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": { "width": "Full" },
        "body": body,
    });
    if !actions.is_empty() {
        card["actions"] = Value::Array(actions);
    }
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": card,
        }],
    })
}

fn part_blocks(part: &Part) -> Vec<Value> {
    let colour = match part.severity {
        _ if part.is_resolved => "Good",
        Severity::Critical | Severity::High => "Attention",
        Severity::Medium => "Warning",
        Severity::Low | Severity::Informational => "Accent",
    };
    let heading = json!({ "type": "TextRun", "text": cut(&part.heading, MOST_TEXT), "weight": "Bolder", "color": colour });
    let mut blocks = vec![json!({ "type": "RichTextBlock", "separator": true, "inlines": [heading] })];
    blocks.extend(
        part.facts.iter().map(|Fact { label, value }| line(&[bold(&format!("{label}: ")), run(value)])),
    );
    for Fact { label, value } in &part.texts {
        blocks.push(line(&[bold(label)]));
        blocks.push(line(&[run(value)]));
    }
    for (list, is_numbered) in [(&part.resources, false), (&part.steps, true), (&part.references, false)] {
        let Some(List { label, items, more }) = list else { continue };
        blocks.push(line(&[bold(label)]));
        for (n, item) in items.iter().enumerate() {
            let bullet = if is_numbered { format!("{}. ", n + 1) } else { "• ".to_owned() };
            blocks.push(line(&[run(&format!("{bullet}{item}"))]));
        }
        blocks.extend(more.as_ref().map(|it| line(&[run(it)])));
    }
    blocks
}

fn run(text: &str) -> Value {
    json!({ "type": "TextRun", "text": cut(text, MOST_TEXT) })
}

fn bold(text: &str) -> Value {
    json!({ "type": "TextRun", "text": cut(text, MOST_TEXT), "weight": "Bolder" })
}

fn line(runs: &[Value]) -> Value {
    json!({ "type": "RichTextBlock", "inlines": runs })
}

/// Blocks of text read Markdown: what would be a link or emphasis is taken apart.
fn plain(text: &str) -> String {
    let mut safe = String::new();
    for it in cut(text, MOST_TEXT).chars() {
        if matches!(it, '[' | ']' | '(' | ')' | '*' | '_' | '\\' | '`' | '<' | '>') {
            safe.push('\\');
        }
        safe.push(it);
    }
    safe
}
