//! What a session alone does not do, since it may be stolen; and what a password does not do that somebody else knows.

use axum::http::{Method, StatusCode, header};
use jiff::SignedDuration;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};
use yagura_model::Role;

use crate::fixtures::*;
use crate::openid::place::Place;

/// A token that is asked for with this proof.
fn token(proof: &Value) -> Value {
    let mut body = json!({ "Name": "ci", "Permission": "read", "Days": 30 });
    body.as_object_mut().unwrap().extend(proof.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn a_token_takes_the_password_of_who_makes_it() {
    let yagura = Yagura::peopled().await;
    let who = yagura.sign_in(Role::Triager).await;
    let without = yagura.post("/api/tokens", &who, token(&json!({}))).await;
    assert_eq!(without.status, StatusCode::BAD_REQUEST, "{}", without.text);
    let wrong = yagura.post("/api/tokens", &who, token(&json!({ "Password": "not mine" }))).await;
    assert_eq!((wrong.status, &wrong.json()["code"]), (StatusCode::FORBIDDEN, &json!("wrong-password")));
    assert!(yagura.store.tokens(None).await.unwrap().is_empty());
    let made = yagura.post("/api/tokens", &who, token(&json!({ "Password": PASSWORD }))).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
}

#[tokio::test]
async fn who_has_a_session_guesses_no_more_than_who_signs_in() {
    let yagura = Yagura::peopled().await;
    let who = yagura.sign_in(Role::Triager).await;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        let wrong = token(&json!({ "Password": "a guess of a thief" }));
        statuses.push(yagura.post("/api/tokens", &who, wrong).await.status.as_u16());
    }
    assert_eq!(statuses, [403, 403, 403, 403, 403, 429]);
    let right = token(&json!({ "Password": PASSWORD }));
    let waits = yagura.post("/api/tokens", &who, right.clone()).await;
    assert_eq!(
        (waits.status, &waits.headers[header::RETRY_AFTER]),
        (StatusCode::TOO_MANY_REQUESTS, &"1".parse().unwrap())
    );
    // Guesses at one place count at the other.
    let change = json!({ "Password": PASSWORD, "NewPassword": "another horse, another staple" });
    let changed = yagura.post("/api/session/password", &who, change).await;
    assert_eq!(changed.status, StatusCode::TOO_MANY_REQUESTS, "{}", changed.text);
    yagura.passes(SignedDuration::from_secs(2));
    assert_eq!(yagura.post("/api/tokens", &who, right).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn with_an_authenticator_a_token_takes_its_code_too() {
    let yagura = Yagura::peopled().await;
    let who = yagura.sign_in(Role::Approver).await;
    let secret = yagura.get("/api/session/totp", &who).await.json()["Secret"].as_str().unwrap().to_owned();
    let authenticator =
        Builder::new().with_secret(Secret::try_from_base32(&secret).unwrap()).build_noncompliant();
    let code =
        |seconds: i64| authenticator.generate((start().as_second() + seconds).unsigned_abs()).to_string();
    let confirm = json!({ "Password": PASSWORD, "Secret": secret, "Code": code(0) });
    yagura.call(Method::PUT, "/api/session/totp", &who, Some(confirm)).await;
    yagura.passes(SignedDuration::from_secs(30));
    let body = json!({ "Name": "approver", "Password": PASSWORD, "Code": code(30) });
    let who = Signed::of(&yagura.post("/api/session", &Signed::default(), body).await);
    yagura.passes(SignedDuration::from_secs(30));
    for proof in [
        json!({ "Password": PASSWORD }),
        json!({ "Password": PASSWORD, "Code": code(3_600) }),
        json!({ "Password": "not mine", "Code": code(60) }),
        json!({ "Password": PASSWORD, "Code": code(30) }),
    ] {
        let refused = yagura.post("/api/tokens", &who, token(&proof)).await;
        assert_eq!(refused.json()["code"], "wrong-password", "{proof}");
    }
    let proof = json!({ "Password": PASSWORD, "Code": code(60) });
    assert_eq!(yagura.post("/api/tokens", &who, token(&proof)).await.status, StatusCode::CREATED);
    let again = yagura.post("/api/tokens", &who, token(&proof)).await;
    assert_eq!(again.status, StatusCode::FORBIDDEN, "no code works twice");
}

#[tokio::test]
async fn who_has_no_password_here_makes_a_token_soon_after_they_signed_in() {
    let place = Place::new().await;
    let who = place.comes(json!({})).await.unwrap();
    let yagura = &place.yagura;
    yagura.passes(SignedDuration::from_mins(9));
    assert_eq!(yagura.post("/api/tokens", &who, token(&json!({}))).await.status, StatusCode::CREATED);
    yagura.passes(SignedDuration::from_mins(1));
    let late = yagura.post("/api/tokens", &who, token(&json!({}))).await;
    assert_eq!((late.status, &late.json()["code"]), (StatusCode::FORBIDDEN, &json!("sign-in-again")));
    assert_eq!(yagura.get("/api/session", &who).await.status, StatusCode::OK, "everything else goes on");
}

#[tokio::test]
async fn a_password_that_somebody_else_gave_is_changed_first() {
    let yagura = Yagura::peopled().await;
    let administrator = yagura.sign_in(Role::Administrator).await;
    let given = "given by an administrator";
    let body = json!({ "Password": given });
    let reset = yagura.call(Method::PATCH, "/api/users/viewer", &administrator, Some(body)).await;
    assert_eq!(reset.status, StatusCode::OK, "{}", reset.text);
    let who = Signed::of(&yagura.try_sign_in("viewer", given).await);
    let shown = yagura.get("/api/session", &who).await.json();
    assert_eq!((&shown["User"]["Name"], &shown["PasswordChangeNeeded"]), (&json!("viewer"), &json!(true)));
    let refused = yagura.get("/api/findings", &who).await;
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (StatusCode::FORBIDDEN, &json!("password-change-needed"))
    );
    let change = async |to: &str| {
        let body = json!({ "Password": given, "NewPassword": to });
        yagura.post("/api/session/password", &who, body).await
    };
    assert_eq!(change(given).await.status, StatusCode::BAD_REQUEST, "that would be no change");
    assert_eq!(change("another horse, another staple").await.status, StatusCode::NO_CONTENT);
    let signed = yagura.try_sign_in("viewer", "another horse, another staple").await;
    assert_eq!(signed.json()["PasswordChangeNeeded"], false);
    assert_eq!(yagura.get("/api/findings", &Signed::of(&signed)).await.status, StatusCode::OK);
}

/// Who has an administrator's session would have their password, too.
#[tokio::test]
async fn nobody_gives_themselves_a_password_without_the_present_one() {
    let yagura = Yagura::peopled().await;
    let administrator = yagura.sign_in(Role::Administrator).await;
    let body = json!({ "Password": "another horse, another staple" });
    let refused = yagura.call(Method::PATCH, "/api/users/Administrator", &administrator, Some(body)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    assert_eq!(yagura.try_sign_in("administrator", PASSWORD).await.status, StatusCode::OK);
}
