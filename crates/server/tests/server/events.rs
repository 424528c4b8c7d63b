//! What happens, as it happens; and what the asker has already.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{Method, Request, StatusCode, header};
use futures::StreamExt as _;
use serde_json::json;
use tower::ServiceExt as _;
use yagura_model::{Role, User};
use yagura_store::UserError;

use crate::fixtures::*;

/// A stream that somebody follows from now on.
async fn open(yagura: &Yagura, who: &Signed) -> BodyDataStream {
    let mut request = Request::builder().uri("/api/events");
    request = match who.token.as_str() {
        "" => request.header(header::COOKIE, &who.cookie),
        token => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
    };
    let response = yagura.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.into_body().into_data_stream()
}

/// Follows what happens behind the event with this number, until the server stops; the lines that matter.
async fn follow(yagura: &Yagura, who: &Signed, after: i64) -> Vec<String> {
    let request = Request::builder()
        .uri("/api/events")
        .header(header::COOKIE, &who.cookie)
        .header("last-event-id", after.to_string())
        .body(Body::empty())
        .unwrap();
    let response = yagura.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
    let mut stream = response.into_body().into_data_stream();
    let mut text = String::new();
    while let Some(piece) = stream.next().await {
        text.push_str(std::str::from_utf8(&piece.unwrap()).unwrap());
    }
    let data = text.lines().filter_map(|it| it.strip_prefix("data: "));
    let told = data.map(|it| serde_json::from_str::<serde_json::Value>(it).unwrap());
    told.map(|it| format!("{} {} {}", it["Account"].as_str().unwrap_or("many"), it["Change"], it["Who"]))
        .collect()
}

#[tokio::test]
async fn everybody_follows_what_happens_to_the_findings_that_they_see() {
    let yagura = Yagura::peopled().await;
    let (triager, member) = (yagura.sign_in(Role::Triager).await, yagura.sign_in(Role::ProjectMember).await);
    let body = json!({ "Filter": {}, "Expected": 2, "Comment": "seen" });
    assert_eq!(yagura.post("/api/findings/triage", &triager, body).await.status, StatusCode::OK);
    yagura.server.end_streams();
    let all = follow(&yagura, &triager, 0).await;
    assert_eq!(
        all,
        [
            "111111111111 \"OPENED\" null",
            "222222222222 \"OPENED\" null",
            "111111111111 \"COMMENTED\" \"triager\"",
            "222222222222 \"COMMENTED\" \"triager\""
        ]
    );
    assert_eq!(follow(&yagura, &triager, 3).await, all[3..]);
    let own = follow(&yagura, &member, 0).await;
    assert_eq!(own, [all[0].clone(), all[2].clone()]);
    assert!(follow(&yagura, &triager, i64::MAX).await.is_empty());
}

/// The store is what counts: another process may have changed it.
#[tokio::test]
async fn a_stream_ends_when_who_follows_it_is_somebody_else_or_nobody() {
    let yagura = Yagura::peopled().await;
    let mut people = Vec::new();
    for role in Role::ALL {
        people.push(yagura.sign_in(role).await);
    }
    let [member, viewer, triager, approver, administrator] = people.try_into().unwrap();
    let program = yagura.token(Role::Administrator, "read").await;
    let mut ending = Vec::new();
    for who in [&member, &viewer, &triager, &approver, &program] {
        ending.push(open(&yagura, who).await);
    }
    let mut staying = open(&yagura, &administrator).await;
    let store = &yagura.store;
    let changed = |user: User| Ok::<_, UserError>(User { role: Role::Approver, ..user });
    store.change_user("triager", None, None, changed).await.unwrap();
    let disabled = |user: User| Ok::<_, UserError>(User { is_disabled: true, ..user });
    store.change_user("viewer", None, None, disabled).await.unwrap();
    store.remove_user("approver", None).await.unwrap();
    yagura.call(Method::DELETE, "/api/session", &member, None).await;
    let token = store.tokens(None).await.unwrap()[0].id;
    store.remove_token(token, None).await.unwrap();
    for mut stream in ending {
        let next = tokio::time::timeout(Duration::from_secs(60), stream.next()).await;
        assert!(next.unwrap().is_none());
    }
    assert!(futures::poll!(staying.next()).is_pending());
    assert_eq!(
        yagura.get("/api/session", &triager).await.json()["User"]["Role"],
        "approver",
        "who asks again"
    );
}

#[tokio::test]
async fn members_do_not_hear_that_much_happened_to_others() {
    let yagura = Yagura::peopled().await;
    let member = yagura.sign_in(Role::ProjectMember).await;
    let last = yagura.store.newest_event().await.unwrap();
    let many: Vec<_> = (0..600).map(|it| finding(BANK, &format!("i-many-{it}"))).collect();
    yagura.store.import(&many, start()).await.unwrap();
    yagura.server.end_streams();
    assert!(follow(&yagura, &member, last).await.is_empty());
    yagura.store.import(&[finding(SHOP, "i-one")], start()).await.unwrap();
    assert_eq!(follow(&yagura, &member, last).await, ["many null null"]);
}

#[tokio::test]
async fn more_than_anybody_reads_is_told_as_such() {
    let yagura = Yagura::peopled().await;
    let triager = yagura.sign_in(Role::Triager).await;
    let many: Vec<_> = (0..600).map(|it| finding(SHOP, &format!("i-many-{it}"))).collect();
    yagura.store.import(&many, start()).await.unwrap();
    yagura.server.end_streams();
    assert_eq!(follow(&yagura, &triager, 0).await, ["many null null"]);
}

#[tokio::test]
async fn an_answer_that_the_asker_has_is_not_sent_again() {
    let yagura = Yagura::peopled().await;
    let who = yagura.sign_in(Role::Triager).await;
    let first = yagura.get("/api/findings", &who).await;
    let tag = first.headers[header::ETAG].clone();
    let ask = async || {
        let request = Request::builder()
            .uri("/api/findings")
            .header(header::COOKIE, &who.cookie)
            .header(header::IF_NONE_MATCH, &tag);
        yagura.send(request.body(Body::empty()).unwrap()).await
    };
    let same = ask().await;
    assert_eq!((same.status, same.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(same.headers[header::CACHE_CONTROL], "private, no-cache");
    let body = json!({ "Filter": {}, "Expected": 2, "Assignee": "taro" });
    yagura.post("/api/findings/triage", &who, body).await;
    assert_eq!(ask().await.status, StatusCode::OK);
    let secret = yagura.get("/api/session", &who).await;
    assert_eq!(secret.headers[header::CACHE_CONTROL], "no-store");
    assert!(!secret.headers.contains_key(header::ETAG));
}
