//! `yagura notify outbox` and `resend`.

use std::fmt::Write as _;
use std::process::ExitCode;

use serde_json::{Value, json};
use yagura_model::{Lang, Timestamp};
use yagura_notify::Notice;
use yagura_report::one_line;
use yagura_store::{MessageState, OutboxMessage, Store};

use crate::arguments::ThreatFormat;
use crate::commands::language;
use crate::commands::print;
use crate::failure::{Failure, Told};
use crate::terminal;

/// The state that was asked for.
pub fn state(dead: bool, waiting: bool) -> Option<MessageState> {
    match (dead, waiting) {
        (true, _) => Some(MessageState::Dead),
        (_, true) => Some(MessageState::Waiting),
        _ => None,
    }
}

/// Shows messages.
pub async fn show(
    store: &Store,
    state: Option<MessageState>,
    limit: usize,
    output: ThreatFormat,
    lang: Option<Lang>,
) -> Result<ExitCode, Failure> {
    let messages = store.outbox(state, limit).await.map_err(unread)?;
    match output {
        ThreatFormat::Json => {
            let all: Vec<_> = messages.iter().map(as_json).collect();
            print(&format!("{:#}\n", Value::Array(all)))
        }
        ThreatFormat::Table => print(&table(&messages, language(lang))),
    }
}

fn table(messages: &[OutboxMessage], lang: Lang) -> String {
    if messages.is_empty() {
        return match lang {
            Lang::En => "No messages.\n".to_owned(),
            Lang::Ja => "メッセージはありません。\n".to_owned(),
        };
    }
    let mut text = String::new();
    for it in messages {
        let notice = serde_json::from_str::<Notice>(&it.body).ok();
        let rules = notice.as_ref().map_or(0, |it| it.alerts.len());
        let what = match notice.as_ref().and_then(|it| it.alerts.first()) {
            Some(alert) if rules == 1 => format!("{} {}", alert.change.as_str(), alert.rule.as_str()),
            Some(_) => match lang {
                Lang::En => format!("summary of {rules} rules"),
                Lang::Ja => format!("{rules} ルールのサマリー"),
            },
            None => "-".to_owned(),
        };
        let count = notice.as_ref().map_or(0, Notice::count);
        let project = notice.map(|it| it.project).unwrap_or_default();
        let state = match (it.state, lang) {
            (MessageState::Waiting, Lang::En) => format!("waiting until {}", it.next_at),
            (MessageState::Waiting, Lang::Ja) => format!("{} まで待機", it.next_at),
            (MessageState::Sent, Lang::En) => "sent".to_owned(),
            (MessageState::Sent, Lang::Ja) => "送信済み".to_owned(),
            (MessageState::Dead, Lang::En) => "dead".to_owned(),
            (MessageState::Dead, Lang::Ja) => "配信不能".to_owned(),
        };
        let line = format!(
            "{:>6}  {}  {}  {}  {what} x{count}  {state} ({})",
            it.id, it.created_at, it.destination, project, it.tries
        );
        let _ = writeln!(text, "{}", one_line(&line));
        if let Some(error) = &it.error {
            let _ = writeln!(text, "        {}", one_line(error));
        }
    }
    text
}

fn as_json(it: &OutboxMessage) -> Value {
    json!({
        "Id": it.id,
        "Destination": it.destination,
        "Key": it.key,
        "State": it.state.as_str(),
        "Tries": it.tries,
        "CreatedAt": it.created_at,
        "NextAt": it.next_at,
        "SentAt": it.sent_at,
        "Error": it.error,
        "Reference": it.reference,
        "Message": serde_json::from_str::<Value>(&it.body).unwrap_or_default(),
    })
}

/// Puts messages back.
pub async fn resend(store: &Store, messages: &[i64]) -> Result<ExitCode, Failure> {
    let mut status = ExitCode::SUCCESS;
    for id in messages {
        if store.resend_message(*id, Timestamp::now()).await.map_err(unread)? {
            terminal::say(&format!("message {id} will be sent again"));
        } else {
            terminal::say(&format!("message {id} is not there, has arrived, or is being sent now"));
            status = ExitCode::FAILURE;
        }
    }
    Ok(status)
}

fn unread(error: yagura_store::DatabaseError) -> Failure {
    Told::new("the outbox cannot be read from the store").because(error).other()
}
