//! Issues of Jira and GitHub. What follows an issue becomes a comment on it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::chat::redacted;
use super::http::Answer;
use super::{Delivery, SendError, Sender};
use crate::event::Change;
use crate::render::issue;
use crate::render::view::view;
use crate::settings::{Kind, SecretText};

const AGENT: (&str, &str) = ("user-agent", concat!("yagura/", env!("CARGO_PKG_VERSION")));

/// Makes an issue, and gives its key; or comments on one.
pub(super) async fn jira(sender: &Sender, delivery: Delivery<'_>) -> Result<Option<String>, SendError> {
    let Kind::Jira { url, user, token, project, issue_type, labels } = &delivery.destination.kind else {
        return Ok(None);
    };
    if needs_none(delivery) {
        return Ok(None);
    }
    let token = token.read()?;
    let basic = format!("Basic {}", STANDARD.encode(format!("{user}:{}", token.expose())));
    let view = view(delivery.notice, &sender.texts, &delivery.destination.name);
    let document = issue::document(&view);
    let (path, body) = match delivery.thread {
        Some(key) => (format!("{url}/rest/api/3/issue/{key}/comment"), json!({ "body": document })),
        None => {
            let fields = json!({
                "project": { "key": project },
                "issuetype": { "name": issue_type },
                "summary": issue::title(&view),
                "description": document,
                "labels": labels,
            });
            (format!("{url}/rest/api/3/issue"), json!({ "fields": fields }))
        }
    };
    let answer = post(sender, delivery, &path, &basic, &token, &body).await?;
    let key = answer.json()["key"].as_str().map(str::to_owned);
    // A comment has no key: the thread stays the issue.
    Ok(key.or_else(|| delivery.thread.map(str::to_owned)))
}

/// Makes an issue, and gives its number; or comments on one.
pub(super) async fn github(sender: &Sender, delivery: Delivery<'_>) -> Result<Option<String>, SendError> {
    let Kind::GitHub { repository, token, api_url, labels } = &delivery.destination.kind else {
        return Ok(None);
    };
    if needs_none(delivery) {
        return Ok(None);
    }
    let token = token.read()?;
    let bearer = format!("Bearer {}", token.expose());
    let view = view(delivery.notice, &sender.texts, &delivery.destination.name);
    let text = issue::markdown(&view, &delivery.notice.key);
    let (path, body) = match delivery.thread {
        Some(number) => {
            (format!("{api_url}/repos/{repository}/issues/{number}/comments"), json!({ "body": text }))
        }
        None => {
            let body = json!({ "title": issue::title(&view), "body": text, "labels": labels });
            (format!("{api_url}/repos/{repository}/issues"), body)
        }
    };
    let answer = post(sender, delivery, &path, &bearer, &token, &body).await?;
    let number = answer.json()["number"].as_i64().map(|it| it.to_string());
    Ok(number.or_else(|| delivery.thread.map(str::to_owned)))
}

async fn post(
    sender: &Sender,
    delivery: Delivery<'_>,
    url: &str,
    authorization: &str,
    token: &SecretText,
    body: &Value,
) -> Result<Answer, SendError> {
    let headers = [
        ("content-type", "application/json"),
        ("accept", "application/json"),
        AGENT,
        ("authorization", authorization),
    ];
    let answer = sender.http.post(url, &headers, body.to_string().into(), delivery.now).await;
    let told = answer.and_then(Answer::accepted).map_err(|error| redacted(error, token));
    // A token in base64 is a token.
    told.map_err(|error| redacted(error, &SecretText::new(authorization)))
}

/// Whether there is nothing to do: what was put right needs no issue of its own where none was made.
fn needs_none(delivery: Delivery<'_>) -> bool {
    let alerts = &delivery.notice.alerts;
    delivery.thread.is_none() && !alerts.is_empty() && alerts.iter().all(|it| it.change == Change::Resolved)
}
