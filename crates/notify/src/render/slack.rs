//! Slack's blocks.
//!
//! `&`, `<` and `>` are escaped, as Slack asks for, so that no text can mention anybody or hide a link; and the limits of Slack's
//! reference hold: 150 characters in a header, 3,000 in a section, 50 blocks.

use serde_json::{Value, json};

use super::cut;
use super::view::{List, Part, View};

const MOST_HEADER: usize = 150;
const MOST_SECTION: usize = 2_900;
const MOST_BLOCKS: usize = 48;

/// A message: `blocks`, and `text` for notifications and readers that know no blocks.
pub(crate) fn slack(view: &View, mentions: &[String]) -> Value {
    let header = cut(&view.subject, MOST_HEADER);
    let mut blocks =
        vec![json!({ "type": "header", "text": { "type": "plain_text", "text": header, "emoji": false } })];
    let mentioned: Vec<_> = mentions.iter().filter_map(|it| mention(it)).collect();
    let mut intro = escape(&view.intro);
    if !mentioned.is_empty() {
        intro = format!("{} {intro}", mentioned.join(" "));
    }
    blocks.push(section(&intro));
    let mut left_out = 0;
    for part in &view.parts {
        let more = part_blocks(part, view.parts.len() > 1);
        if blocks.len() + more.len() > MOST_BLOCKS {
            left_out += 1;
        } else {
            blocks.extend(more);
        }
    }
    match &view.more {
        Some(more) if left_out == 0 => blocks.push(section(&escape(more))),
        _ if left_out > 0 => blocks.push(section(&format!("+{left_out}"))),
        _ => {}
    }
    blocks.push(json!({ "type": "context", "elements": [{ "type": "mrkdwn", "text": cut(&escape(&view.footer), MOST_SECTION) }] }));
    json!({ "text": escape(&view.subject), "blocks": blocks })
}

fn part_blocks(part: &Part, has_heading: bool) -> Vec<Value> {
    let mut blocks = Vec::new();
    let mut lines = Vec::new();
    if has_heading {
        blocks.push(json!({ "type": "divider" }));
        lines.push(format!("*{}*", escape(&part.heading)));
    }
    lines.extend(part.facts.iter().map(|it| format!("*{}:* {}", escape(&it.label), escape(&it.value))));
    blocks.push(section(&lines.join("\n")));
    for it in &part.texts {
        blocks.push(section(&format!("*{}*\n{}", escape(&it.label), escape(&it.value))));
    }
    blocks.extend(part.lists().into_iter().map(|(list, is_numbered)| section(&list_text(list, is_numbered))));
    blocks
}

fn list_text(List { label, items, more }: &List, is_numbered: bool) -> String {
    let mut lines = vec![format!("*{}*", escape(label))];
    for (n, item) in items.iter().enumerate() {
        let bullet = if is_numbered { format!("{}.", n + 1) } else { "•".to_owned() };
        lines.push(format!("{bullet} {}", escape(item)));
    }
    lines.extend(more.as_deref().map(escape));
    lines.join("\n")
}

fn section(text: &str) -> Value {
    json!({ "type": "section", "text": { "type": "mrkdwn", "text": cut(text, MOST_SECTION) } })
}

/// A member, or a group. Ids were checked when they were read; what is none mentions nobody.
fn mention(id: &str) -> Option<String> {
    let is_id = !id.is_empty() && id.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit());
    is_id.then(|| if id.starts_with('S') { format!("<!subteam^{id}>") } else { format!("<@{id}>") })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
