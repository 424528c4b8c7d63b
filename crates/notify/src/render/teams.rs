//! An adaptive card in the envelope that webhooks of Teams' Workflows take.
//!
//! Texts are runs of rich text, which Teams shows as they are: Markdown in what AWS returned stays text. A card is at most 28 KB.
//! Owners are mentioned by their addresses, which are user principal names where Teams knows them.
//!
//! Source: <https://learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/cards/cards-format>, "User mention in Incoming
//! Webhook with Adaptive Cards".

use serde_json::{Value, json};
use yagura_model::Severity;

use super::view::{Fact, List, Part, View};
use super::{cut, is_web};

/// Bytes of a card, with room for the envelope.
const MOST_BYTES: usize = 24_000;
/// Characters of one text.
const MOST_TEXT: usize = 2_000;

/// Owners that are mentioned; more would be a mailing list.
const MOST_MENTIONS: usize = 20;

/// The message; `owners` are the addresses of those who are mentioned.
pub(crate) fn teams(view: &View, owners: &[String]) -> Value {
    let mut body = vec![
        json!({ "type": "TextBlock", "text": plain(&view.subject), "size": "Large", "weight": "Bolder", "wrap": true }),
        line(&[run(&view.intro)]),
    ];
    let mentions: Vec<_> = owners.iter().take(MOST_MENTIONS).map(|it| mention(it)).collect();
    if !mentions.is_empty() {
        // Mentions are looked for in blocks of text, not in rich text.
        let labels: Vec<_> = mentions.iter().filter_map(|it| it["text"].as_str()).collect();
        body.insert(1, json!({ "type": "TextBlock", "text": labels.join(" "), "wrap": true }));
    }
    let mut actions = Vec::new();
    let mut room = MOST_BYTES.saturating_sub(mentions.iter().map(bytes).sum());
    let mut left_out = 0;
    for part in &view.parts {
        let mut blocks = part_blocks(part);
        if blocks.iter().map(bytes).sum::<usize>() > room {
            if view.parts.len() > 1 {
                left_out += 1;
                continue;
            }
            // A card that has no room for the one thing that it is about tells its beginning.
            let all = blocks.len();
            blocks = fitting(blocks, room);
            left_out += all - blocks.len();
        }
        room = room.saturating_sub(blocks.iter().map(bytes).sum());
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
    if !mentions.is_empty() {
        card["msteams"]["entities"] = Value::Array(mentions);
    }
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

/// Somebody to be told: what stands in the text, and who that is.
fn mention(address: &str) -> Value {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '@' | '.' | '-' | '+');
    // An address is looked for in Markdown: what would be emphasis there must not be in it.
    let label: String = address.chars().map(|it| if is_plain(it) { it } else { ' ' }).collect();
    json!({
        "type": "mention",
        "text": format!("<at>{label}</at>"),
        "mentioned": { "id": address, "name": address },
    })
}

fn bytes(block: &Value) -> usize {
    block.to_string().len()
}

/// As many blocks from the beginning as there is room for.
fn fitting(blocks: Vec<Value>, mut room: usize) -> Vec<Value> {
    let has_room = |it: &Value| {
        let fits = bytes(it) <= room;
        room = room.saturating_sub(bytes(it));
        fits
    };
    blocks.into_iter().take_while(has_room).collect()
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
    for (List { label, items, more }, is_numbered) in part.lists() {
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
