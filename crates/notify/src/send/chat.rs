//! Rooms, incidents and webhooks: JSON that is posted.

use serde_json::{Value, json};

use super::{Delivery, SendError, Sender};
use crate::render::view::view;
use crate::render::{pagerduty, slack, teams, webhook};
use crate::settings::{Address, Secret, SecretText, wrong_url};

const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");
const AGENT: (&str, &str) = ("user-agent", concat!("yagura/", env!("CARGO_PKG_VERSION")));

/// What Slack says when trying again can help.
const SLACK_PASSING: &[&str] = &[
    "ratelimited",
    "rate_limited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
];

/// An address that is a secret, checked like those that stand in the file.
fn secret_url(url: &Secret) -> Result<SecretText, SendError> {
    let url = url.read()?;
    match wrong_url(url.expose()) {
        Some(why) => Err(SendError::Refused { why: format!("the secret address cannot be used: {why}") }),
        None => Ok(url),
    }
}

/// Takes a secret out of what the other side said.
pub(super) fn redacted(error: SendError, secret: &SecretText) -> SendError {
    match error {
        SendError::Retry { why, after } => SendError::Retry { why: secret.redact(&why), after },
        SendError::Refused { why } => SendError::Refused { why: secret.redact(&why) },
    }
}

pub(super) async fn slack_webhook(
    sender: &Sender,
    delivery: Delivery<'_>,
    url: &Secret,
) -> Result<Option<String>, SendError> {
    let view = view(delivery.notice, &sender.texts, &delivery.destination.name);
    let body = slack::slack(&view, &delivery.notice.mentions);
    post_to_secret(sender, delivery, url, &body).await
}

pub(super) async fn teams(
    sender: &Sender,
    delivery: Delivery<'_>,
    url: &Secret,
    mentions_owners: bool,
) -> Result<Option<String>, SendError> {
    let owners: &[String] = if mentions_owners { &delivery.notice.mails } else { &[] };
    let body = teams::teams(&view(delivery.notice, &sender.texts, &delivery.destination.name), owners);
    post_to_secret(sender, delivery, url, &body).await
}

async fn post_to_secret(
    sender: &Sender,
    delivery: Delivery<'_>,
    url: &Secret,
    body: &Value,
) -> Result<Option<String>, SendError> {
    let url = secret_url(url)?;
    let answer = sender.http.post(url.expose(), &[JSON, AGENT], body.to_string().into(), delivery.now).await;
    let accepted = answer.and_then(super::http::Answer::accepted);
    accepted.map(|_| None).map_err(|error| redacted(error, &url))
}

/// A bot's message; its timestamp is what threads hang on.
pub(super) async fn slack_bot(
    sender: &Sender,
    delivery: Delivery<'_>,
    token: &Secret,
    channel: &str,
    api_url: &str,
) -> Result<Option<String>, SendError> {
    let token = token.read()?;
    let view = view(delivery.notice, &sender.texts, &delivery.destination.name);
    let mut body = slack::slack(&view, &delivery.notice.mentions);
    body["channel"] = json!(channel);
    body["unfurl_links"] = json!(false);
    if let Some(thread) = delivery.thread {
        body["thread_ts"] = json!(thread);
    }
    let bearer = format!("Bearer {}", token.expose());
    let headers = [JSON, AGENT, ("authorization", &*bearer)];
    let url = format!("{api_url}/chat.postMessage");
    let answer = sender.http.post(&url, &headers, body.to_string().into(), delivery.now).await;
    let answer = answer.and_then(super::http::Answer::accepted).map_err(|error| redacted(error, &token))?;
    let said = answer.json();
    if said["ok"] == true {
        return Ok(said["ts"].as_str().map(str::to_owned));
    }
    // Slack tells most failures with status 200.
    let code = said["error"].as_str().unwrap_or("an answer that is no JSON");
    let why = token.redact(&format!("Slack answered: {}", super::excerpt(code, 100)));
    if SLACK_PASSING.contains(&code) || said["error"].is_null() {
        Err(SendError::Retry { why, after: answer.after })
    } else {
        Err(SendError::Refused { why })
    }
}

pub(super) async fn pagerduty(
    sender: &Sender,
    delivery: Delivery<'_>,
    routing_key: &Secret,
    url: &str,
) -> Result<Option<String>, SendError> {
    let key = routing_key.read()?;
    let view = view(delivery.notice, &sender.texts, &delivery.destination.name);
    let body = pagerduty::event(delivery.notice, &view, &key);
    let url = format!("{url}/v2/enqueue");
    let answer = sender.http.post(&url, &[JSON, AGENT], body.to_string().into(), delivery.now).await;
    let answer = answer.and_then(super::http::Answer::accepted).map_err(|error| redacted(error, &key))?;
    Ok(answer.json()["dedup_key"].as_str().map(str::to_owned))
}

/// Any receiver: the notice as JSON, signed where a secret is shared.
pub(super) async fn webhook(
    sender: &Sender,
    delivery: Delivery<'_>,
    url: &Address,
    secret: Option<&Secret>,
) -> Result<Option<String>, SendError> {
    let url = match url {
        Address::Clear(url) => SecretText::new(url.clone()),
        Address::Secret(secret) => secret_url(secret)?,
    };
    let body = webhook::body(delivery.notice).to_string().into_bytes();
    let signature = match secret {
        Some(secret) => Some(webhook::signature(&secret.read()?, delivery.now.as_second(), &body)),
        None => None,
    };
    let mut headers = vec![JSON, AGENT, ("yagura-delivery", &*delivery.notice.key)];
    if let Some(signature) = &signature {
        headers.push(("yagura-signature", signature));
    }
    let answer = sender.http.post(url.expose(), &headers, body, delivery.now).await;
    let accepted = answer.and_then(super::http::Answer::accepted);
    accepted.map(|_| None).map_err(|error| redacted(error, &url))
}
