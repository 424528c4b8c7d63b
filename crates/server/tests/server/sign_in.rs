//! Setting up, signing in and out.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use jiff::SignedDuration;
use serde_json::json;
use totp_rs::{Builder, Secret};
use yagura_model::Role;
use yagura_server::Settings;
use yagura_store::AuditFilter;

use crate::fixtures::*;

#[tokio::test]
async fn the_first_administrator_comes_by_a_link_that_works_once() {
    let yagura = Yagura::empty().await;
    let nobody = Signed::default();
    assert_eq!(yagura.get("/api/setup", &nobody).await.json()["IsNeeded"], true);
    let old = yagura.server.setup_secret().unwrap();
    let secret = yagura.server.setup_secret().unwrap();
    let asked =
        |secret: &str, password: &str| json!({ "Secret": secret, "Name": "hanako", "Password": password });
    let stale = yagura.post("/api/setup", &nobody, asked(&old, PASSWORD)).await;
    assert_eq!(stale.status, StatusCode::FORBIDDEN);
    let short = yagura.post("/api/setup", &nobody, asked(&secret, "hunter2")).await;
    assert!(short.text.contains("a password has 15 to 1024 characters"), "{}", short.text);
    let done = yagura.post("/api/setup", &nobody, asked(&secret, PASSWORD)).await;
    assert_eq!((done.status, &done.json()["Role"]), (StatusCode::CREATED, &json!("administrator")));
    let again = yagura.post("/api/setup", &nobody, asked(&secret, PASSWORD)).await;
    assert_eq!(again.status, StatusCode::FORBIDDEN);
    assert_eq!(yagura.get("/api/setup", &nobody).await.json()["IsNeeded"], false);
}

#[tokio::test]
async fn a_session_is_a_cookie_that_scripts_and_other_sites_do_not_get() {
    let yagura = Yagura::peopled().await;
    let answer = yagura.try_sign_in("VIEWER", PASSWORD).await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("yagura_session="));
    assert!(cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/; Max-Age=604800"), "{cookie}");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    assert!(!answer.text.contains("$argon2"), "{}", answer.text);
    let who = yagura.sign_in(Role::Viewer).await;
    assert_eq!(yagura.get("/api/session", &who).await.json()["User"]["Name"], "viewer");
    let done = yagura.call(Method::DELETE, "/api/session", &who, None).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT);
    assert_eq!(yagura.get("/api/session", &who).await.status, StatusCode::UNAUTHORIZED);
}

/// Other machines of its domain could set a cookie of another name.
#[tokio::test]
async fn over_tls_the_cookie_is_of_this_server_alone() {
    let yagura = Yagura::built(|it| Settings { is_secure: true, ..it }).await;
    yagura.people().await;
    let who = yagura.sign_in(Role::Viewer).await;
    let secret = who.cookie.strip_prefix("__Host-yagura_session=").unwrap();
    assert_eq!(yagura.get("/api/session", &who).await.status, StatusCode::OK);
    let planted = Signed { cookie: format!("yagura_session={secret}"), ..who.clone() };
    assert_eq!(yagura.get("/api/session", &planted).await.status, StatusCode::UNAUTHORIZED);
    let done = yagura.call(Method::DELETE, "/api/session", &who, None).await;
    let cookie = done.headers[header::SET_COOKIE].to_str().unwrap();
    assert_eq!(cookie, "__Host-yagura_session=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0; Secure");
}

#[tokio::test]
async fn a_session_tells_the_time_of_the_server() {
    let yagura = Yagura::peopled().await;
    yagura.passes(SignedDuration::from_mins(10));
    let answer = yagura.try_sign_in("viewer", PASSWORD).await;
    assert_eq!(answer.json()["Now"], "2026-06-01T09:10:00Z");
    let who = yagura.sign_in(Role::Viewer).await;
    yagura.passes(SignedDuration::from_mins(20));
    assert_eq!(yagura.get("/api/session", &who).await.json()["Now"], "2026-06-01T09:30:00Z");
}

#[tokio::test]
async fn a_cookie_alone_changes_nothing() {
    let yagura = Yagura::peopled().await;
    let who = yagura.sign_in(Role::Triager).await;
    for csrf in ["", "0000"] {
        let forged = Signed { csrf: csrf.to_owned(), ..who.clone() };
        let body = json!({ "Ids": [], "Comment": "x" });
        let answer = yagura.post("/api/findings/triage", &forged, body).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.text.contains("x-yagura-csrf"), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_session_ends_after_half_a_day_without_use_and_after_a_week_with_it() {
    let yagura = Yagura::peopled().await;
    let who = yagura.sign_in(Role::Viewer).await;
    for _ in 0..15 {
        yagura.passes(SignedDuration::from_hours(11));
        assert_eq!(yagura.get("/api/session", &who).await.status, StatusCode::OK);
    }
    yagura.passes(SignedDuration::from_hours(4));
    assert_eq!(yagura.get("/api/session", &who).await.status, StatusCode::UNAUTHORIZED, "a week is over");
    let idle = yagura.sign_in(Role::Viewer).await;
    yagura.passes(SignedDuration::from_hours(13));
    assert_eq!(yagura.get("/api/session", &idle).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn who_guesses_waits_longer_and_longer_and_learns_nothing() {
    let yagura = Yagura::peopled().await;
    let unknown = yagura.try_sign_in("nobody", "a wrong password").await;
    let mut wrong = Vec::new();
    for _ in 0..6 {
        wrong.push(yagura.try_sign_in("viewer", "a wrong password").await);
    }
    assert_eq!(unknown.text, wrong[0].text, "names that are there are not told apart");
    let statuses: Vec<u16> = wrong.iter().map(|it| it.status.as_u16()).collect();
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429]);
    assert_eq!(wrong[5].headers[header::RETRY_AFTER], "1");
    // Also with the right password, until the wait is over.
    assert_eq!(yagura.try_sign_in("viewer", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    yagura.passes(SignedDuration::from_secs(2));
    assert_eq!(yagura.try_sign_in("viewer", PASSWORD).await.status, StatusCode::OK);
    assert_eq!(yagura.try_sign_in("viewer", PASSWORD).await.status, StatusCode::OK, "it was a slip");
}

#[tokio::test]
async fn with_an_authenticator_a_password_is_not_enough_and_no_code_works_twice() {
    let yagura = Yagura::peopled().await;
    let who = yagura.sign_in(Role::Approver).await;
    let offered = yagura.get("/api/session/totp", &who).await.json();
    let secret = offered["Secret"].as_str().unwrap();
    assert!(offered["Url"].as_str().unwrap().starts_with("otpauth://totp/Yagura:approver?"), "{offered}");
    let authenticator =
        Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build_noncompliant();
    let code =
        |seconds: i64| authenticator.generate((start().as_second() + seconds).unsigned_abs()).to_string();
    let confirm = |code: String| json!({ "Password": PASSWORD, "Secret": secret, "Code": code });
    let path = "/api/session/totp";
    let wrong = yagura.call(Method::PUT, path, &who, Some(confirm(code(3_600)))).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{}", wrong.text);
    let done = yagura.call(Method::PUT, path, &who, Some(confirm(code(0)))).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text);
    assert_eq!(yagura.get("/api/session", &who).await.status, StatusCode::UNAUTHORIZED, "signed out");
    let sign_in = async |code: Option<String>| {
        let body = json!({ "Name": "approver", "Password": PASSWORD, "Code": code });
        yagura.post("/api/session", &Signed::default(), body).await.status.as_u16()
    };
    assert_eq!(sign_in(None).await, 401);
    assert_eq!(sign_in(Some(code(0))).await, 401, "that code was used to confirm");
    yagura.passes(SignedDuration::from_secs(30));
    assert_eq!(sign_in(Some(code(30))).await, 200);
    assert_eq!(sign_in(Some(code(30))).await, 401);
}

#[tokio::test]
async fn a_new_password_signs_out_and_takes_the_present_one() {
    let yagura = Yagura::peopled().await;
    let who = yagura.sign_in(Role::Viewer).await;
    let change =
        |present: &str| json!({ "Password": present, "NewPassword": "another horse, another staple" });
    let wrong = yagura.post("/api/session/password", &who, change("not mine")).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    let done = yagura.post("/api/session/password", &who, change(PASSWORD)).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text);
    assert_eq!(yagura.get("/api/session", &who).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(yagura.try_sign_in("viewer", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    let again = yagura.try_sign_in("viewer", "another horse, another staple").await;
    assert_eq!(again.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_does_what_it_allows_until_it_ends_and_makes_no_others() {
    let yagura = Yagura::peopled().await;
    let program = yagura.token(Role::Approver, "triage").await;
    assert_eq!(yagura.get("/api/session", &program).await.json()["Permission"], "triage");
    let body = json!({ "Name": "more", "Permission": "read", "Days": 1 });
    assert_eq!(yagura.post("/api/tokens", &program, body).await.status, StatusCode::FORBIDDEN);
    let person = yagura.sign_in(Role::Viewer).await;
    let body = json!({ "Name": "more", "Permission": "triage", "Days": 1 });
    let more = yagura.post("/api/tokens", &person, body).await;
    assert_eq!(more.json()["detail"], "a token never may do more than its owner");
    let mut unknown = program.clone();
    unknown.token.push('x');
    assert_eq!(yagura.get("/api/findings", &unknown).await.status, StatusCode::UNAUTHORIZED);
    yagura.passes(SignedDuration::from_hours(30 * 24));
    assert_eq!(yagura.get("/api/findings", &program).await.status, StatusCode::UNAUTHORIZED);
}

/// Who guesses behind a proxy locks out nobody else who comes through it, and cannot make up where they are.
#[tokio::test]
async fn behind_a_proxy_everybody_has_an_address_of_their_own() {
    for (is_secure, told) in [(true, "198.51.100.7"), (false, "")] {
        let yagura = Yagura::reached(is_secure).await;
        let body = json!({ "Name": "nobody", "Password": "a wrong password" }).to_string();
        let request = Request::post("/api/session")
            .header(header::CONTENT_TYPE, "application/json")
            .header("x-forwarded-for", "203.0.113.9, 198.51.100.7");
        yagura.send(request.body(Body::from(body)).unwrap()).await;
        let filter = AuditFilter { limit: 1, ..AuditFilter::default() };
        assert_eq!(yagura.store.audit_log(&filter).await.unwrap()[0].address, told);
    }
}

/// A sign-in from this address, as a proxy tells it.
async fn try_from(yagura: &Yagura, address: &str, name: &str, password: &str) -> u16 {
    let body = json!({ "Name": name, "Password": password }).to_string();
    let request = Request::post("/api/session")
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-forwarded-for", address)
        .body(Body::from(body))
        .unwrap();
    yagura.send(request).await.status.as_u16()
}

#[tokio::test]
async fn who_is_known_at_a_place_is_not_kept_out_of_it_from_elsewhere() {
    let yagura = Yagura::reached(true).await;
    yagura.people().await;
    let home = "198.51.100.1";
    assert_eq!(try_from(&yagura, home, "viewer", PASSWORD).await, 200);
    for n in 0..20 {
        try_from(&yagura, &format!("192.0.2.{n}"), "viewer", "a wrong password").await;
    }
    assert_eq!(try_from(&yagura, "192.0.2.99", "viewer", PASSWORD).await, 429);
    assert_eq!(try_from(&yagura, "192.0.2.99", "triager", PASSWORD).await, 200, "others are not concerned");
    assert_eq!(try_from(&yagura, home, "viewer", PASSWORD).await, 200);
}
