//! Findings as files.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use serde_json::Value;
use tower::ServiceExt as _;
use yagura_model::Role;

use crate::fixtures::*;
use crate::scanned::scanned;

#[tokio::test]
async fn a_filter_is_had_as_a_table() {
    let yagura = scanned().await;
    let who = yagura.sign_in(Role::Viewer).await;
    let answer = yagura.get("/api/findings/file?kind=configuration&lang=ja&zone=Asia/Tokyo", &who).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    assert_eq!(
        answer.headers[header::CONTENT_DISPOSITION],
        "attachment; filename=\"yagura-findings-2026-06-01.csv\"; filename*=UTF-8''yagura-findings-2026-06-01.csv"
    );
    let lines: Vec<&str> = answer.text.trim_start_matches('\u{feff}').lines().collect();
    // Steps of a fix stand in one cell, a line each.
    assert_eq!(lines.iter().filter(|it| it.starts_with("高,")).count(), 1, "{}", answer.text);
    assert!(lines[0].starts_with("重大度,"), "{}", lines[0]);
    assert!(lines[1].contains("shop-production") && lines[1].contains("JST"), "{}", lines[1]);
    assert!(!answer.text.contains("bank"));
}

#[tokio::test]
async fn every_format_holds_what_the_list_holds() {
    let yagura = scanned().await;
    let who = yagura.sign_in(Role::Viewer).await;
    let listed = resources(&yagura.get("/api/findings?limit=500", &who).await).len();
    assert_eq!(listed, 3);
    let lines = yagura.get("/api/findings/file?format=ndjson", &who).await.text;
    let read: Vec<Value> = lines.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    assert_eq!(read.len(), listed);
    for format in ["ocsf", "asff"] {
        let answer = yagura.get(&format!("/api/findings/file?format={format}"), &who).await;
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json");
        assert_eq!(answer.json().as_array().unwrap().len(), listed, "{format}");
    }
}

#[tokio::test]
async fn members_take_their_own_findings_with_them() {
    let yagura = scanned().await;
    let member = yagura.sign_in(Role::ProjectMember).await;
    for format in ["csv", "ndjson", "ocsf", "asff"] {
        let answer = yagura.get(&format!("/api/findings/file?format={format}"), &member).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.text.contains(SHOP), "{}", answer.text);
        assert!(!answer.text.contains(BANK) && !answer.text.contains("bank"), "{}", answer.text);
        // Nothing is a file with nothing in it.
        let others = yagura.get(&format!("/api/findings/file?format={format}&account={BANK}"), &member).await;
        assert_eq!(others.status, StatusCode::OK);
        assert!(!others.text.contains("sg-"), "{}", others.text);
    }
}

#[tokio::test]
async fn a_slip_of_the_pen_is_told() {
    let yagura = scanned().await;
    let who = yagura.sign_in(Role::Viewer).await;
    for query in ["format=docx", "zone=Mars/Olympus", "severty=HIGH", "lang=fr", "limit=5"] {
        let answer = yagura.get(&format!("/api/findings/file?{query}"), &who).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}: {}", answer.text);
    }
}

/// A file that was asked for, and of which nothing is taken yet.
async fn begun(yagura: &Yagura, who: &Signed) -> Response {
    let request = Request::get("/api/findings/file").header(header::COOKIE, &who.cookie);
    yagura.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

#[tokio::test]
async fn who_takes_nothing_of_their_files_keeps_neither_the_store_nor_others_waiting() {
    let yagura = scanned().await;
    let (slow, other) = (yagura.sign_in(Role::Viewer).await, yagura.sign_in(Role::Triager).await);
    let mut untaken = Vec::new();
    for _ in 0..3 {
        untaken.push(begun(&yagura, &slow).await);
    }
    let refused = yagura.get("/api/findings/file", &slow).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.json()["code"], "too-many-files");
    assert_eq!(refused.headers[header::RETRY_AFTER], "30");
    assert_eq!(yagura.get("/api/findings/file", &other).await.status, StatusCode::OK);
    untaken.pop();
    assert_eq!(yagura.get("/api/findings/file", &slow).await.status, StatusCode::OK, "one was given up");
}
