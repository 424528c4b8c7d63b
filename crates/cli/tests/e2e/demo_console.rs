//! The demonstration, served.
#![cfg(unix)]

use std::time::{Duration, Instant};

use serde_json::json;

use crate::run::yagura;
use crate::serve::Serving;
use crate::serve_live::job;

/// The console of the demonstration: its scans judge the recording, and it has a past.
#[test]
fn the_demonstration_that_is_served_has_a_past_and_scans_nobody() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let store = tempfile::tempdir().unwrap();
    let mut command = yagura();
    // Who asked AWS would be told no.
    command.env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE").env("AWS_SECRET_ACCESS_KEY", "theirs");
    command.env("AWS_ENDPOINT_URL", "http://127.0.0.1:9").env("AWS_REGION", "us-east-1");
    let path = store.path().join("yagura.db");
    command.args(["demo", "--output", "json", "--out", "/dev/null", "--listen", &free.to_string()]);
    command.arg("--store").arg(&path);
    let mut serving = Serving::at(command, free.to_string());
    let since = Instant::now();
    while !serving.later().contains("the API answers") {
        assert!(since.elapsed() < Duration::from_secs(120), "{}", serving.later());
        std::thread::sleep(Duration::from_millis(20));
    }
    let body = json!({ "Name": "demo", "Password": "yagura-demonstration" }).to_string();
    let signed = serving.call("POST", "/api/session", "", &body);
    let cookie = signed.head.split("set-cookie: ").nth(1).unwrap().split(';').next().unwrap();
    let who = format!("cookie: {cookie}\r\nx-yagura-csrf: {}\r\n", signed.body["Csrf"].as_str().unwrap());
    let count = |query: &str| {
        let counts = serving.call("GET", &format!("/api/findings/counts?{query}"), &who, "").body;
        counts["Total"].as_u64().unwrap_or_else(|| panic!("{counts}"))
    };
    assert_eq!(serving.call("GET", "/api/scans", &who, "").body["Scans"].as_array().unwrap().len(), 6);
    assert!(count("status=archived&rule=restricted-ssh") > 0, "some findings ended");
    assert!(count("overdue=true") > 0, "some are overdue");
    let before = count("");
    assert_eq!(serving.call("POST", "/api/scans", &who, "{}").status, 202);
    let list = serving.until("/api/jobs", &who, |it| {
        let scan = job(&it.body, "scan");
        scan["Running"].is_null() && !scan["Last"].is_null()
    });
    assert_eq!(job(&list.body, "scan")["Last"]["End"], "SUCCEEDED", "{:?}", list.body);
    assert_eq!(count(""), before, "the same recording says the same");
    assert_eq!(serving.stop(), Some(0));
}
