//! Events API v2 of PagerDuty: an incident begins with `trigger` and ends with `resolve`, both with the id of the finding, or of our incident, as
//! `dedup_key`.

use serde_json::{Value, json};
use yagura_model::Severity;

use super::view::{List, Part, View};
use super::{cut, is_web};
use crate::event::Change;
use crate::notice::Notice;
use crate::settings::SecretText;

/// Characters of a summary.
const MOST_SUMMARY: usize = 1_024;

/// The event. A test is an incident that is resolved by hand.
pub(crate) fn event(notice: &Notice, view: &View, routing_key: &SecretText) -> Value {
    let alert = notice.alerts.first();
    let finding = alert.and_then(|it| it.findings.first());
    let story = alert.and_then(|it| it.incident.as_ref());
    let id = story.map(|it| &it.id).or(finding.map(|it| &it.id));
    let dedup_key = id.map_or_else(|| notice.key.clone(), |it| format!("yagura-{it}"));
    let mut event = json!({ "routing_key": routing_key.expose(), "dedup_key": dedup_key });
    if alert.is_some_and(|it| it.change == Change::Resolved) {
        event["event_action"] = json!("resolve");
        return event;
    }
    event["event_action"] = json!("trigger");
    event["client"] = json!("Yagura");
    let details: serde_json::Map<String, Value> = view
        .parts
        .iter()
        .flat_map(|it| it.facts.iter().chain(&it.texts))
        .map(|it| (it.label.clone(), json!(it.value)))
        .chain(view.parts.iter().flat_map(story_details))
        .collect();
    let source = finding.map_or("yagura", |it| if it.arn.is_empty() { &it.resource } else { &it.arn });
    event["payload"] = json!({
        "summary": cut(&view.subject, MOST_SUMMARY),
        "source": story.and_then(|it| it.who.first()).map_or(source, String::as_str),
        "severity": severity(notice.severity()),
        "timestamp": notice.at,
        "component": finding.map_or("", |it| it.resource_type.as_str()),
        "group": notice.environment,
        "class": alert.map_or("", |it| it.rule.as_str()),
        "custom_details": details,
    });
    let links: Vec<_> = alert
        .iter()
        .flat_map(|it| &it.facts.references)
        .filter(|it| is_web(it))
        .map(|it| json!({ "href": it, "text": it }))
        .collect();
    if !links.is_empty() {
        event["links"] = Value::Array(links);
    }
    event
}

/// What happened and what to do, as a text each: of an incident.
fn story_details(part: &Part) -> Vec<(String, Value)> {
    let lists: Vec<&List> = if part.stages.is_empty() {
        Vec::new()
    } else {
        part.lists().into_iter().map(|(it, _)| it).collect()
    };
    let numbered = lists.iter().enumerate();
    // An attack comes back to a stage: the same label twice would be one text.
    numbered.map(|(n, it)| (format!("{}. {}", n + 1, it.label), json!(it.items.join("\n")))).collect()
}

fn severity(it: Severity) -> &'static str {
    match it {
        Severity::Critical => "critical",
        Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Informational => "info",
    }
}
