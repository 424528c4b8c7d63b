//! The console's files, views that people save, and messages that wait. A binary that was built with the console and one without both answer browsers.

use axum::http::{Method, Request, StatusCode, header};
use serde_json::json;
use yagura_model::Role;
use yagura_server::has_console;

use crate::fixtures::*;

#[tokio::test]
async fn every_address_outside_the_api_is_a_page_of_the_console() {
    let yagura = Yagura::empty().await;
    for path in ["/", "/findings/0123", "/sign-in?to=/findings"] {
        let answer = yagura.get(path, &Signed::default()).await;
        if has_console() {
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert_eq!(answer.headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
            let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
            assert!(!policy.contains("unsafe"), "{policy}");
            assert!(answer.text.starts_with("<!doctype html>"), "{}", answer.text);
        } else {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(answer.text.contains("`make console` builds it"), "{}", answer.text);
        }
    }
    for path in ["/assets/none.js", "/api/none", "/api"] {
        let answer = yagura.get(path, &Signed::default()).await;
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json", "{path}");
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let posted = yagura.call(Method::POST, "/", &Signed::default(), None).await;
    assert_eq!(posted.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn files_come_compressed_to_whoever_takes_that() {
    let yagura = Yagura::empty().await;
    let request = Request::get("/").header(header::ACCEPT_ENCODING, "br, gzip;q=0.8");
    let answer = yagura.send(request.body(axum::body::Body::empty()).unwrap()).await;
    let encoding = answer.headers.get(header::CONTENT_ENCODING).map(|it| it.to_str().unwrap());
    assert_eq!(encoding, has_console().then_some("gzip"));
}

#[tokio::test]
async fn views_are_kept_by_their_owners() {
    let yagura = Yagura::peopled().await;
    let (viewer, triager) = (yagura.sign_in(Role::Viewer).await, yagura.sign_in(Role::Triager).await);
    let view = |name: &str, shared| json!({ "Name": name, "Page": "findings", "Query": "severity=HIGH", "Shared": shared });
    let made = yagura.post("/api/views", &viewer, view("mine", false)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    // What everybody sees is not for everybody to change.
    let refused = yagura.post("/api/views", &viewer, view("ours", true)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    yagura.post("/api/views", &triager, view("ours", true)).await;
    let names = async |who: &Signed| -> Vec<String> {
        let list = yagura.get("/api/views", who).await.json();
        list["Views"].as_array().unwrap().iter().map(|it| it["Name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&viewer).await, ["mine", "ours"]);
    assert_eq!(names(&triager).await, ["ours"]);
    assert!(names(&yagura.sign_in(Role::ProjectMember).await).await.is_empty());
    let path = format!("/api/views/{}", made.json()["Id"]);
    assert_eq!(yagura.call(Method::DELETE, &path, &triager, None).await.status, StatusCode::NOT_FOUND);
    assert_eq!(yagura.call(Method::DELETE, &path, &viewer, None).await.status, StatusCode::NO_CONTENT);
    for (key, value) in [("Name", ""), ("Page", "../x"), ("Query", &"x".repeat(5_000))] {
        let mut body = view("x", false);
        body[key] = json!(value);
        assert_eq!(yagura.post("/api/views", &viewer, body).await.status, StatusCode::BAD_REQUEST, "{key}");
    }
}

#[tokio::test]
async fn messages_are_told_with_their_failures_and_sent_again() {
    use yagura_store::{Claim, NewMessage, PlanWrite};
    let yagura = Yagura::peopled().await;
    let (viewer, approver) = (yagura.sign_in(Role::Viewer).await, yagura.sign_in(Role::Approver).await);
    let body = json!({ "kind": "alert", "project": "shop", "alerts": [{ "rule": "restricted-ssh", "findings": [{}, {}] }] });
    let message = NewMessage {
        destination: "slack".to_owned(),
        key: "1".to_owned(),
        thread: None,
        body: body.to_string(),
    };
    let state = yagura.store.plan_state().await.unwrap();
    let plan = PlanWrite { version: state.version, messages: vec![message], ..PlanWrite::default() };
    assert!(yagura.store.write_plan(&plan, start()).await.unwrap());
    let until = start() + jiff::SignedDuration::from_secs(1);
    let claim = Claim { by: "me", now: start(), until, except: &[] };
    let claimed = yagura.store.claim_message(claim).await.unwrap().unwrap();
    yagura.store.message_dead(claimed.id, "me", "404 channel_not_found").await.unwrap();
    yagura.passes(jiff::SignedDuration::from_secs(60));
    let list = yagura.get("/api/deliveries?state=DEAD", &viewer).await.json();
    let it = &list["Deliveries"][0];
    assert_eq!((&it["Error"], &it["Findings"]), (&json!("404 channel_not_found"), &json!(2)));
    assert_eq!((&it["Project"], &it["Rules"]), (&json!("shop"), &json!(["restricted-ssh"])));
    let path = format!("/api/deliveries/{}/resend", claimed.id);
    assert_eq!(yagura.post(&path, &viewer, json!({})).await.status, StatusCode::FORBIDDEN);
    assert_eq!(yagura.post(&path, &approver, json!({})).await.status, StatusCode::NO_CONTENT);
    let waiting = yagura.get("/api/deliveries?state=WAITING", &viewer).await.json();
    assert_eq!(waiting["Deliveries"].as_array().unwrap().len(), 1);
    assert_eq!(
        yagura.post("/api/deliveries/99/resend", &approver, json!({})).await.status,
        StatusCode::CONFLICT
    );
}
