//! Yagura and boto3 ask the same emulator the same questions: the answers must be equal, value for value.
//!
//! `tests/emulator/parity.py` starts the emulator, asks with boto3 and tells what it answered. Two things are allowed
//! to be more on our side: fields that the tables do not know, and what boto3's paginators drop of a page.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;

use futures::stream::{self, StreamExt};
use serde_json::{Value, json};
use yagura_aws::{
    CallError, CallErrorKind, Client, Credentials, EndpointConfig, OperationRef, RetryPolicy, RoleConfig,
    Target, organization,
};
use yagura_model::{AccountId, Region};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The emulator; it stops when this is dropped, because its input closes.
struct Emulator {
    child: Child,
    input: Option<ChildStdin>,
    told: Value,
    lines: Vec<Value>,
}

impl Emulator {
    fn start() -> Self {
        let python = root().join(".venv/bin/python");
        assert!(python.exists(), "{} is missing: `make test` sets it up", python.display());
        let mut child = Command::new(python)
            .arg(root().join("tests/emulator/parity.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
        let told = lines.next().expect("the emulator did not start");
        let mut calls = Vec::new();
        loop {
            let line = lines.next().expect("the emulator stopped before it was done");
            if line["done"] == true {
                break;
            }
            calls.push(line);
        }
        Self { input: child.stdin.take(), child, told, lines: calls }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("`{name}` is missing"))
}

async fn enter(client: &Client, told: &Value) -> Target {
    let region = Region::new(text(told, "region"));
    let caller = organization::caller(client, client.credentials(), &region).await.unwrap();
    assert_eq!(caller.target.account.as_str(), text(told, "management"));
    let role = RoleConfig {
        name: text(told, "role").to_owned(),
        external_id: Some(text(told, "external_id").to_owned()),
        ..RoleConfig::default()
    };
    let account = AccountId::new(text(told, "account")).unwrap();
    client.enter(&caller.target, &account, &role).await.unwrap()
}

/// Differences, each with the path where it is. What is more on our side counts only where `counts` says so.
fn differ(theirs: &Value, ours: &Value, path: &str, counts: &dyn Fn(&str) -> bool, found: &mut Vec<String>) {
    match (theirs, ours) {
        (Value::Object(theirs), Value::Object(ours)) => {
            for (name, theirs) in theirs {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                match ours.get(name) {
                    // botocore's paginators say null for what no page had.
                    None if theirs.is_null() => {}
                    Some(ours) => differ(theirs, ours, &path, counts, found),
                    None => found.push(format!("{path}: boto3 has {theirs}, we have nothing")),
                }
            }
            for (name, ours) in ours.iter().filter(|(name, _)| !theirs.contains_key(*name)) {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                if counts(&path) {
                    found.push(format!("{path}: boto3 has nothing, we have {ours}"));
                }
            }
        }
        (Value::Array(theirs), Value::Array(ours)) if theirs.len() == ours.len() => {
            for (theirs, ours) in theirs.iter().zip(ours) {
                differ(theirs, ours, &format!("{path}[]"), counts, found);
            }
        }
        _ if theirs == ours => {}
        _ => found.push(format!("{path}: boto3 has {theirs}, we have {ours}")),
    }
}

/// Whether an answer holds more than empty lists.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.values().any(says_something),
        Value::Array(elements) => elements.iter().any(says_something),
        Value::Null => false,
        _ => true,
    }
}

/// botocore asks S3 on its own to encode object keys, and tells so in the answer.
fn is_explained(call: &str, difference: &str) -> bool {
    call.starts_with("s3.ListObject") && difference.starts_with("EncodingType: ")
}

/// What a call told, next to what boto3 was told.
fn compare(theirs: &Value, ours: &Result<Value, CallError>, counts: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    match (theirs.get("value"), theirs["error"].as_str(), ours) {
        (Some(theirs), _, Ok(ours)) => differ(theirs, ours, "", counts, &mut found),
        (_, Some(code), Err(error)) => {
            // An answer without any code is "Unknown" to boto3, and the status to us.
            let ours = error.code.as_deref().unwrap_or("none");
            let same = ours == code || (matches!(code, "Unknown" | "") && ours.parse::<u16>().is_ok());
            if !same {
                found.push(format!("boto3 was told {code}, we were told {ours}: {error}"));
            }
        }
        (_, _, ours) => found.push(format!("boto3 got {theirs}, we got {ours:?}")),
    }
    found
}

/// One line of what boto3 did, asked again. Gives differences.
async fn ask_again(client: &Client, target: &Target, line: &Value) -> Vec<String> {
    let call = text(line, "call");
    let operation: OperationRef = client.tables().operation(call).unwrap();
    let ours = client.call_once(target, call, &line["input"]).await;
    let known = |path: &str| operation.answers_with(path);
    let mut found = compare(&line["once"], &ours, &known);
    if !line["all"].is_null() {
        assert!(operation.has_paginator(), "{call} has a paginator in botocore");
        let whole = client.call_all(target, call, &line["pages"]).await;
        found.extend(
            compare(&line["all"], &whole, &|_| false).into_iter().map(|it| format!("all pages: {it}")),
        );
    }
    found.retain(|difference| !is_explained(call, difference));
    found.into_iter().map(|it| format!("{call} {}: {it}", line["input"])).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_equal_those_of_boto3() {
    let emulator = Emulator::start();
    let told = &emulator.told;
    let endpoint =
        EndpointConfig { url: Some(text(told, "endpoint").to_owned()), ..EndpointConfig::default() };
    let client = Client::builder()
        .endpoint(endpoint)
        .region(Region::new(text(told, "region")))
        .credentials(Credentials::from_keys(
            text(told, "access_key_id"),
            text(told, "secret_access_key"),
            None,
        ))
        .retry(RetryPolicy { server: 1, ..RetryPolicy::default() })
        .build()
        .unwrap();
    let target = Arc::new(enter(&client, told).await);
    let asked = emulator.lines.iter().map(|line| ask_again(&client, &target, line));
    let differences: Vec<String> = stream::iter(asked).buffered(4).concat().await;
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));

    let answered = || emulator.lines.iter().filter(|line| says_something(&line["once"]["value"]));
    let operations: BTreeSet<&str> = answered().map(|line| text(line, "call")).collect();
    let services: BTreeSet<&str> = operations.iter().filter_map(|call| call.split('.').next()).collect();
    let told =
        json!({ "calls": emulator.lines.len(), "operations": operations.len(), "services": services.len() });
    println!("{told}");
    assert!(operations.len() >= 400 && services.len() >= 90, "too little was compared: {told}");
    refusals(&client, &target).await;
}

/// What the emulator lacks is told as not supported, without another attempt.
async fn refusals(client: &Client, target: &Target) {
    for call in ["lightsail.GetDisks", "waf.ListWebACLs", "guardduty.GetUsageStatistics"] {
        let before = client.stats();
        let input = match call {
            "guardduty.GetUsageStatistics" => {
                json!({ "DetectorId": "d", "UsageStatisticType": "SUM_BY_ACCOUNT", "UsageCriteria": {} })
            }
            _ => json!({}),
        };
        let error = client.call_all(target, call, &input).await.unwrap_err();
        assert_eq!(error.kind, CallErrorKind::NotSupported, "{error}");
        assert_eq!(client.stats().requests, before.requests + 1, "{call}");
    }
}
