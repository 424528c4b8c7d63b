//! What the audit log tells.

use axum::http::Method;
use serde_json::{Value, json};
use yagura_model::Role;

use crate::fixtures::*;

async fn log(yagura: &Yagura, who: &Signed) -> Vec<String> {
    let page = yagura.get("/api/audit-log?limit=50", who).await.json();
    let line = |it: &Value| {
        format!(
            "{}: {} {} {}",
            it["Who"].as_str().unwrap(),
            it["Action"].as_str().unwrap(),
            it["What"].as_str().unwrap(),
            it["Status"]
        )
    };
    page["Entries"].as_array().unwrap().iter().map(line).collect()
}

#[tokio::test]
async fn changes_and_sign_ins_stand_in_the_log_also_those_that_were_refused() {
    let yagura = Yagura::peopled().await;
    let administrator = yagura.sign_in(Role::Administrator).await;
    let viewer = yagura.sign_in(Role::Viewer).await;
    yagura.try_sign_in("mallory", "guess guess guess").await;
    yagura
        .post("/api/findings/triage", &viewer, json!({ "Filter": {}, "Expected": 2, "Comment": "x" }))
        .await;
    yagura.post("/api/findings/triage", &Signed::default(), json!({})).await;
    let change = json!({ "Role": "triager" });
    yagura.call(Method::PATCH, "/api/users/viewer", &administrator, Some(change)).await;
    yagura
        .post("/api/findings/triage", &viewer, json!({ "Filter": {}, "Expected": 2, "Comment": "a secret" }))
        .await;
    let told = log(&yagura, &administrator).await;
    assert_eq!(
        told,
        [
            "viewer: POST /api/findings/triage 2 findings (by filter), with a comment 200",
            "administrator: PATCH /api/users/{name} viewer as triager, enabled 200",
            "viewer: POST /api/findings/triage /api/findings/triage 403",
            "mallory: POST /api/session /api/session 401",
            "viewer: POST /api/session /api/session 200",
            "administrator: POST /api/session /api/session 200",
            "administrator: POST /api/setup /api/setup 201",
        ]
    );
}

#[tokio::test]
async fn strangers_cannot_fill_the_log() {
    let yagura = Yagura::peopled().await;
    for _ in 0..5 {
        yagura.post("/api/findings/triage", &Signed::default(), json!({})).await;
    }
    let name = "m".repeat(5_000);
    for _ in 0..5 {
        assert_eq!(yagura.try_sign_in(&name, "guess guess guess").await.status.as_u16(), 401);
    }
    for _ in 0..5 {
        assert_eq!(yagura.try_sign_in(&name, "guess guess guess").await.status.as_u16(), 429);
    }
    let administrator = yagura.sign_in(Role::Administrator).await;
    let told = log(&yagura, &administrator).await;
    let guessed = format!("{}: POST /api/session /api/session 401", "m".repeat(100));
    let tried: Vec<&String> = told.iter().filter(|it| !it.starts_with("administrator")).collect();
    assert_eq!(tried, [&guessed; 5], "{told:#?}");
}

#[tokio::test]
async fn who_hangs_up_leaves_what_was_begun_done_and_told() {
    let yagura = Yagura::peopled().await;
    let administrator = yagura.sign_in(Role::Administrator).await;
    let before = log(&yagura, &administrator).await.len();
    let body = json!({ "Name": "hanako", "Role": "viewer", "Password": PASSWORD });
    {
        // Until it is begun: hashing the password takes far longer than looking at the log.
        let mut posting = std::pin::pin!(yagura.post("/api/users", &administrator, body));
        while log(&yagura, &administrator).await.len() == before {
            assert!(futures::poll!(posting.as_mut()).is_pending());
        }
    }
    for _ in 0..500 {
        if log(&yagura, &administrator).await[0] == "administrator: POST /api/users hanako as viewer 201" {
            assert_eq!(yagura.try_sign_in("hanako", PASSWORD).await.status.as_u16(), 200);
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{:#?}", log(&yagura, &administrator).await);
}

#[tokio::test]
async fn the_only_administrator_stays_one() {
    let yagura = Yagura::peopled().await;
    let administrator = yagura.sign_in(Role::Administrator).await;
    let change = json!({ "Role": "viewer" });
    let answer = yagura.call(Method::PATCH, "/api/users/administrator", &administrator, Some(change)).await;
    assert_eq!(answer.status.as_u16(), 409);
    assert!(answer.text.contains("make somebody else one first"), "{}", answer.text);
    let add = json!({ "Name": "hanako", "Role": "project-member", "Password": PASSWORD });
    let answer = yagura.post("/api/users", &administrator, add).await;
    assert_eq!(answer.json()["detail"], "a project member has projects, and nobody else does");
}
