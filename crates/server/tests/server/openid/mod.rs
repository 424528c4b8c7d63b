//! Signing in through an identity provider, with a real one on this machine.

mod issuer;
pub mod place;

use std::sync::Arc;

use axum::http::{StatusCode, header};
use jiff::SignedDuration;
use serde_json::{Value, json};
use yagura_model::{Role, User};
use yagura_server::{OpenId, OpenIdSettings, Settings};

use crate::fixtures::*;
use issuer::{CLIENT, Issuer, Signer, encoded};
use place::{Place, refused, settings, standing};

const RSA: &str = include_str!("../../keys/rsa.pem");
const OTHER_RSA: &str = include_str!("../../keys/other-rsa.pem");

#[tokio::test]
async fn people_come_in_with_tokens_of_every_algorithm() {
    for signer in [Signer::rsa(RSA), Signer::curve(), Signer::edwards()] {
        let place = Place::with(signer, |it| it).await;
        let offered = place.yagura.get("/api/session/providers", &Signed::default()).await.json();
        let link = json!({ "Name": "Example Inc.", "StartUrl": "/api/session/openid/start" });
        assert_eq!(offered, json!({ "Providers": [link] }));
        let begun = place.begin().await;
        let expected = [
            ("client_id", CLIENT),
            ("code_challenge_method", "S256"),
            ("redirect_uri", "https%3A%2F%2Fyagura.example%2Fapi%2Fsession%2Fopenid%2Fcallback"),
            ("response_type", "code"),
            ("scope", "openid+profile"),
        ];
        expected.iter().for_each(|(key, value)| assert_eq!(begun.asked[*key], *value));
        let token = place.signer.token(&place.header(), &place.claims(&begun));
        let who = place.comes_with(&begun, token).await.unwrap();
        let user = place.user(&who).await;
        assert_eq!(
            (&user["Name"], &user["Role"], &user["IsExternal"]),
            (&json!("jiro"), &json!("triager"), &json!(true))
        );
        let line = "jiro: GET /api/session/openid/callback through the identity provider 200";
        assert_eq!(place.audited(1).await, [line]);
        // A session like any other.
        let ids = place.yagura.post("/api/findings/triage", &who, json!({ "Ids": [], "Comment": "x" })).await;
        assert_ne!(ids.status, StatusCode::FORBIDDEN, "{}", ids.text);
    }
}

#[tokio::test]
async fn tokens_that_are_not_meant_for_this_sign_in_are_not_believed() {
    let place = Place::with(Signer::rsa(RSA), |it| it).await;
    let now = start().as_second();
    for changed in [
        json!({ "nonce": "another" }),
        json!({ "nonce": null }),
        json!({ "exp": now - 61 }),
        json!({ "exp": null }),
        json!({ "exp": "never" }),
        json!({ "iat": now + 61 }),
        json!({ "nbf": now + 61 }),
        json!({ "aud": "another" }),
        json!({ "aud": [CLIENT, "another"] }),
        json!({ "aud": [] }),
        json!({ "aud": null }),
        json!({ "aud": [CLIENT, "another"], "azp": "another" }),
        json!({ "azp": "another" }),
        json!({ "iss": "https://id.example" }),
        json!({ "sub": "" }),
        json!({ "sub": null }),
        json!({ "sub": "x".repeat(256) }),
    ] {
        assert_eq!(place.comes(changed.clone()).await, refused("token"), "{changed}");
    }
    // The edges of what is believed.
    for changed in [
        json!({ "exp": now - 59, "iat": now + 59 }),
        json!({ "aud": [CLIENT, "another"], "azp": CLIENT }),
        json!({ "aud": [CLIENT] }),
        json!({ "exp": now as f64 + 0.5 }),
    ] {
        assert!(place.comes(changed.clone()).await.is_ok(), "{changed}");
    }
}

#[tokio::test]
async fn signatures_that_the_provider_did_not_make_are_not_believed() {
    let place = Place::with(Signer::rsa(RSA), |it| it).await;
    let (stranger, public) = (Signer::rsa(OTHER_RSA), place.signer.public("1"));
    let (signer, right) = (&place.signer, place.header());
    let unsigned = |header: Value, claims: &Value| {
        format!("{}.{}.", encoded(header.to_string()), encoded(claims.to_string()))
    };
    // The old trick: the public key, which everybody has, as the shared secret.
    let confused = |claims: &Value| {
        let message = format!("{}.{}", encoded(r#"{"alg":"HS256","kid":"1"}"#), encoded(claims.to_string()));
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, public.to_string().as_bytes());
        format!("{message}.{}", encoded(ring::hmac::sign(&key, message.as_bytes())))
    };
    let promoted = |claims: &Value| {
        let signed = signer.token(&right, claims);
        let mut parts: Vec<&str> = signed.split('.').collect();
        let more = Value::Object(
            claims
                .as_object()
                .unwrap()
                .clone()
                .into_iter()
                .chain([("groups".to_owned(), json!(["admins"]))])
                .collect(),
        );
        let more = encoded(more.to_string());
        parts[1] = &more;
        parts.join(".")
    };
    let with = |header: Value, claims: &Value| signer.token(&header, claims);
    type Forging<'f> = &'f dyn Fn(&Value) -> String;
    let cases: [(&str, Forging<'_>); 12] = [
        ("another key", &|it| stranger.token(&right, it)),
        ("a key out of the token", &|it| {
            stranger.token(&json!({ "alg": "RS256", "jwk": stranger.public("1") }), it)
        }),
        ("a key that is not known", &|it| with(json!({ "alg": "RS256", "kid": "2" }), it)),
        ("no algorithm", &|it| unsigned(json!({ "alg": "none" }), it)),
        ("no algorithm, in capitals", &|it| unsigned(json!({ "alg": "NONE" }), it)),
        ("no signature", &|it| unsigned(right.clone(), it)),
        ("a shared secret", &confused),
        ("another algorithm", &|it| with(json!({ "alg": "ES256", "kid": "1" }), it)),
        ("a stronger algorithm", &|it| with(json!({ "alg": "RS512", "kid": "1" }), it)),
        ("an extension", &|it| with(json!({ "alg": "RS256", "kid": "1", "crit": ["exp"] }), it)),
        ("other claims", &promoted),
        ("no token", &|_| "hello".to_owned()),
    ];
    for (name, token) in cases {
        let begun = place.begin().await;
        let token = token(&place.claims(&begun));
        assert_eq!(place.comes_with(&begun, token).await, refused("token"), "{name}");
    }
    let begun = place.begin().await;
    let token = with(json!({ "alg": "RS256" }), &place.claims(&begun));
    assert!(
        place.comes_with(&begun, token).await.is_ok(),
        "without a key's name, any of them may have signed"
    );
}

#[tokio::test]
async fn only_the_browser_that_began_ends() {
    let place = Place::new().await;
    let (mine, others) = (place.begin().await, place.begin().await);
    let (state, strange) = (&mine.asked["state"], &others.asked["state"]);
    for (name, cookie, query) in [
        ("another's state", &*mine.cookie, format!("code=1&state={strange}")),
        ("another's cookie", &others.cookie, format!("code=1&state={state}")),
        ("no cookie", "a=b", format!("code=1&state={state}")),
        ("no state", &mine.cookie, "code=1".to_owned()),
        ("nothing", &mine.cookie, String::new()),
    ] {
        assert_eq!(place.returns(cookie, &query).await, refused("expired"), "{name}");
    }
    place.yagura.passes(SignedDuration::from_secs(600));
    let late = place.returns(&mine.cookie, &format!("code=1&state={state}")).await;
    assert_eq!(late, refused("expired"));
    assert_eq!(place.issuer.redeemed(), 0, "the provider was not even asked");
}

#[tokio::test]
async fn a_code_works_once_and_for_whoever_began() {
    let place = Place::new().await;
    let begun = place.begin().await;
    let token = place.signer.token(&place.header(), &place.claims(&begun));
    place.issuer.grant("1", &begun.asked["code_challenge"], token.clone());
    let query = format!("code=1&state={}", begun.asked["state"]);
    assert!(place.returns(&begun.cookie, &query).await.is_ok());
    assert_eq!(place.returns(&begun.cookie, &query).await, refused("denied"), "replayed");
    // A code that was stolen elsewhere is brought into a sign-in of the thief's.
    let thief = place.begin().await;
    place.issuer.grant("2", &begun.asked["code_challenge"], token);
    let stolen = place.returns(&thief.cookie, &format!("code=2&state={}", thief.asked["state"])).await;
    assert_eq!(stolen, refused("denied"));
    let begun = place.begin().await;
    let state = &begun.asked["state"];
    for query in [
        format!("error=access_denied&state={state}"),
        format!("code=1&iss=https%3A%2F%2Fid.example&state={state}"),
        format!("state={state}"),
    ] {
        assert_eq!(place.returns(&begun.cookie, &query).await, refused("denied"), "{query}");
    }
}

#[tokio::test]
async fn a_key_that_the_provider_changed_is_asked_for_again() {
    let mut place = Place::new().await;
    assert!(place.comes(json!({})).await.is_ok());
    let before = std::mem::replace(&mut place.signer, Signer::edwards());
    place.issuer.show(vec![place.signer.public("1")]);
    assert!(place.comes(json!({})).await.is_ok(), "under the same name");
    let begun = place.begin().await;
    let old = before.token(&json!({ "alg": "ES256", "kid": "1" }), &place.claims(&begun));
    assert_eq!(place.comes_with(&begun, old).await, refused("token"));
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_told_and_others_sign_in_as_before() {
    let place = Place::new().await;
    place.issuer.stop();
    tokio::task::yield_now().await;
    let answer = place.yagura.get("/api/session/openid/start", &Signed::default()).await;
    assert_eq!(answer.headers[header::LOCATION], "/sign-in?problem=openid-unreachable");
    assert_eq!(place.yagura.try_sign_in("viewer", PASSWORD).await.status, StatusCode::OK);
    let unknown = Yagura::empty().await;
    let nobody = Signed::default();
    assert_eq!(unknown.get("/api/session/openid/start", &nobody).await.status, StatusCode::NOT_FOUND);
    assert_eq!(unknown.get("/api/session/providers", &nobody).await.json(), json!({ "Providers": [] }));
}

#[tokio::test]
async fn groups_say_what_somebody_is_each_time_and_without_any_nobody_comes_in() {
    let place = Place::new().await;
    let member = place.comes(json!({ "groups": ["shop-team"] })).await.unwrap();
    let user = place.user(&member).await;
    assert_eq!((&user["Role"], &user["Projects"]), (&json!("project-member"), &json!(["shop"])));
    assert_eq!(resources(&place.yagura.get("/api/findings", &member).await), ["i-1"]);
    let both = place
        .comes(json!({ "groups": ["shop-team", "soc"], "preferred_username": "renamed" }))
        .await
        .unwrap();
    let user = place.user(&both).await;
    assert_eq!(
        (&user["Name"], &user["Role"], &user["Projects"]),
        (&json!("jiro"), &json!("triager"), &json!([]))
    );

    assert_eq!(place.comes(json!({ "groups": ["everyone"] })).await, refused("no-group"));
    assert_eq!(place.yagura.get("/api/session", &both).await.status, StatusCode::UNAUTHORIZED, "signed out");
    let line = "jiro: GET /api/session/openid/callback through the identity provider: openid-no-group 303";
    assert_eq!(place.audited(1).await, [line]);
    place.issuer.tells("00u2", json!({ "sub": "00u2", "groups": [] }));
    assert_eq!(place.comes(json!({ "sub": "00u2", "groups": null })).await, refused("no-group"));

    let open =
        Place::with(Signer::curve(), |it| OpenIdSettings { others: Some(standing(Role::Viewer, &[])), ..it });
    let open = open.await;
    open.issuer.tells("00u1", json!({ "sub": "00u1" }));
    let viewer = open.comes(json!({ "groups": null })).await.unwrap();
    assert_eq!(open.user(&viewer).await["Role"], "viewer");
}

#[tokio::test]
async fn groups_that_no_token_has_room_for_are_asked_for() {
    let place = Place::new().await;
    place.issuer.tells("00u1", json!({ "sub": "00u1", "groups": ["admins"] }));
    let who = place.comes(json!({ "groups": null })).await.unwrap();
    assert_eq!(place.user(&who).await["Role"], "administrator");
    // What is told of somebody else counts for nobody.
    let swapped = place.comes(json!({ "groups": null, "sub": "00u2" })).await;
    assert_eq!(swapped, refused("token"));
}

/// What a provider does not tell just now, or never, is no word against anybody.
#[tokio::test]
async fn nobody_is_shut_out_by_a_provider_that_does_not_tell_their_groups() {
    let place = Place::new().await;
    place.issuer.tells("00u1", json!({ "sub": "00u1", "groups": ["admins"] }));
    let who = place.comes(json!({ "groups": null })).await.unwrap();
    for status in [StatusCode::SERVICE_UNAVAILABLE, StatusCode::UNAUTHORIZED, StatusCode::NOT_FOUND] {
        place.issuer.fails(Some(status));
        assert_eq!(place.comes(json!({ "groups": null })).await, refused("unreachable"), "{status}");
        assert_eq!(place.yagura.get("/api/session", &who).await.status, StatusCode::OK, "{status}");
    }
    place.issuer.fails(None);
    place.issuer.tells("00u1", json!({ "sub": "00u1" }));
    assert_eq!(place.comes(json!({ "groups": null })).await, refused("no-group"), "silence lets nobody in");
    assert_eq!(place.yagura.get("/api/session", &who).await.status, StatusCode::OK);
    place.issuer.tells("00u1", json!({ "sub": "00u1", "groups": [] }));
    assert_eq!(place.comes(json!({ "groups": null })).await, refused("no-group"));
    assert_eq!(place.yagura.get("/api/session", &who).await.status, StatusCode::UNAUTHORIZED);
}

/// Any page can lead browsers here.
#[tokio::test]
async fn what_another_site_makes_browsers_ask_costs_an_office_no_tries() {
    let place = Place::new().await;
    let begun = place.begin().await;
    for number in 0..200 {
        let query = format!("code=1&state={number}");
        assert_eq!(place.returns(&begun.cookie, &query).await, refused("expired"));
    }
    assert!(place.comes(json!({})).await.is_ok());
    // Codes that are no good are tries.
    let mut outcomes = Vec::new();
    for _ in 0..60 {
        let begun = place.begin().await;
        outcomes.push(place.returns(&begun.cookie, &format!("code=x&state={}", begun.asked["state"])).await);
    }
    assert_eq!(outcomes[0], refused("denied"));
    assert_eq!(outcomes[59], refused("too-many"));
}

/// The configuration was read again.
#[tokio::test]
async fn another_provider_takes_the_place_of_the_first_while_the_server_runs() {
    let place = Place::new().await;
    let who = place.comes(json!({})).await.unwrap();
    let other = Issuer::start().await;
    let renamed = OpenIdSettings { name: "Another Inc.".to_owned(), ..settings(&other) };
    place.yagura.server.change_openid(Some(Arc::new(OpenId::new(renamed).unwrap())));
    let nobody = Signed::default();
    let offered = place.yagura.get("/api/session/providers", &nobody).await.json();
    assert_eq!(offered["Providers"][0]["Name"], "Another Inc.");
    let start = place.yagura.get("/api/session/openid/start", &nobody).await;
    assert!(start.headers[header::LOCATION].to_str().unwrap().starts_with(&other.url));
    place.yagura.server.change_openid(None);
    let gone = place.yagura.get("/api/session/openid/start", &nobody).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert_eq!(place.yagura.get("/api/session", &who).await.status, StatusCode::OK, "who is in stays in");
}

#[tokio::test]
async fn a_claim_takes_nobody_over_and_who_is_disabled_stays_out() {
    let place = Place::new().await;
    let who = place.comes(json!({ "preferred_username": "Administrator", "email": "viewer" })).await.unwrap();
    let user = place.user(&who).await;
    assert_eq!((&user["Name"], &user["Role"]), (&json!("Administrator@127.0.0.1"), &json!("triager")));
    let (local, _) = place.yagura.store.user("administrator").await.unwrap().unwrap();
    assert!(!local.is_external);
    let taken = json!({ "sub": "viewer-", "preferred_username": "viewer", "email": "triager" });
    assert!(place.comes(taken).await.is_ok());

    // No password is given to who signs in elsewhere, and none is asked for.
    let administrator = place.yagura.sign_in(Role::Administrator).await;
    let path = "/api/users/Administrator@127.0.0.1";
    let change = |body| place.yagura.call(axum::http::Method::PATCH, path, &administrator, Some(body));
    assert_eq!(change(json!({ "Password": PASSWORD })).await.status, StatusCode::CONFLICT);
    assert_eq!(change(json!({ "Role": "administrator" })).await.status, StatusCode::CONFLICT);
    let guessed = place.yagura.try_sign_in("Administrator@127.0.0.1", "").await;
    assert_eq!(guessed.status, StatusCode::UNAUTHORIZED);
    assert_eq!(change(json!({ "IsDisabled": true })).await.status, StatusCode::OK);
    assert_eq!(place.yagura.get("/api/session", &who).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(place.comes(json!({})).await, refused("disabled"));
}

#[tokio::test]
async fn the_first_who_comes_is_an_administrator_or_nobody() {
    let issuer = Issuer::start().await;
    let signer = Signer::curve();
    issuer.show(vec![signer.public("1")]);
    let openid = Some(Arc::new(OpenId::new(settings(&issuer)).unwrap()));
    let yagura = Yagura::built(|it| Settings { openid, is_secure: true, ..it }).await;
    let place = Place { yagura, issuer, signer };
    assert_eq!(place.comes(json!({})).await, refused("not-set-up"));
    assert!(!place.yagura.store.has_users().await.unwrap());
    assert!(place.comes(json!({ "groups": ["admins"] })).await.is_ok());
    assert_eq!(place.comes(json!({ "groups": ["soc"] })).await, refused("last-administrator"));
    let (jiro, _) = place.yagura.store.user("jiro").await.unwrap().unwrap();
    assert_eq!(jiro, User { role: Role::Administrator, ..jiro.clone() });
}

/// A provider of the same site sends the session's cookie along: that is no forged request.
#[tokio::test]
async fn who_is_signed_in_already_signs_in_again() {
    let place = Place::new().await;
    let viewer = place.yagura.sign_in(Role::Viewer).await;
    let begun = place.begin().await;
    let token = place.signer.token(&place.header(), &place.claims(&begun));
    place.issuer.grant("1", &begun.asked["code_challenge"], token);
    let cookies = format!("{}; {}", viewer.cookie, begun.cookie);
    let who = place.returns(&cookies, &format!("code=1&state={}", begun.asked["state"])).await.unwrap();
    assert_eq!(place.user(&who).await["Name"], "jiro");
}
