//! Requests and answers as they travel, one service for each protocol.

mod answers;
mod refusals;
mod requests;

use std::sync::{Arc, LazyLock};

use aws_smithy_runtime_api::http::Headers;
use serde_json::Value;
use yagura_packs::Packs;

use super::{Response, answer, request};
use crate::Tables;

static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables::new(Arc::new(Packs::embedded())));

fn response(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Response {
    let mut all = Headers::new();
    for (name, value) in headers {
        all.insert(*name, *value);
    }
    Response { status, headers: all, body: body.as_bytes().to_vec() }
}

/// What a call answers when this comes back.
fn answered(call: &str, headers: &[(&'static str, &'static str)], body: &str) -> Value {
    let operation = TABLES.operation(call).unwrap();
    answer(operation.service(), operation.operation(), &response(200, headers, body)).unwrap()
}

/// A request as text: its first line, its headers, its body.
fn sent(call: &str, input: &Value) -> String {
    match try_sent(call, input) {
        Ok(text) => text,
        Err(problem) => panic!("{problem}"),
    }
}

fn try_sent(call: &str, input: &Value) -> Result<String, String> {
    let operation = TABLES.operation(call).unwrap();
    let request =
        request(operation.service(), operation.operation(), input).map_err(|error| error.to_string())?;
    let mut text = format!("{} {}", request.method, request.target);
    if let Some(prefix) = request.host_prefix {
        text = format!("{text} before the host: {prefix}");
    }
    for (name, value) in &request.headers {
        text = format!("{text}\n{name}: {value}");
    }
    if !request.body.is_empty() {
        text = format!("{text}\n\n{}", String::from_utf8(request.body).unwrap());
    }
    Ok(text)
}
