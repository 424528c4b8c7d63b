//! Requests that nobody who means well sends.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::json;
use yagura_model::Role;

use crate::fixtures::*;

/// A small generator of numbers that only have to look wild: the same ones each time.
struct Wild(u64);

impl Wild {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let place = self.next() % of.len() as u64;
        &of[place as usize]
    }

    fn bytes(&mut self) -> Vec<u8> {
        let length = self.next() % 200;
        (0..length).map(|_| self.next() as u8).collect()
    }

    /// Bytes as an address can carry them.
    fn escaped(&mut self) -> String {
        self.bytes().iter().map(|it| format!("%{it:02X}")).collect()
    }
}

/// Pieces that break programs elsewhere.
const PIECES: [&str; 12] = [
    "' OR 1=1 --",
    "../../../etc/passwd",
    "%00",
    "\u{202e}",
    "9223372036854775808",
    "-1",
    "0.0.0.0",
    "4.1.99999999999999999.1",
    "{\"$gt\":\"\"}",
    "<script>",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "null",
];

#[tokio::test]
async fn ten_thousand_wild_requests_break_nothing_tell_nothing_and_change_nothing() {
    let yagura = Yagura::peopled().await;
    // Whoever reads a stream to its end waits until the server stops.
    yagura.server.end_streams();
    let (viewer, member) = (yagura.sign_in(Role::Viewer).await, yagura.sign_in(Role::ProjectMember).await);
    let before = yagura.get("/api/findings?status=all", &viewer).await.text;
    let routes = yagura.server.route_list();
    let mut wild = Wild(0x9E37_79B9_7F4A_7C15);
    for round in 0..10_000 {
        let route = wild.pick(&routes).clone();
        // Hashing a password takes a while, and signing out ends the test.
        if matches!(
            route.path.as_str(),
            "/api/session" | "/api/setup" | "/api/session/password" | "/api/session/totp"
        ) {
            continue;
        }
        let piece = if round & 1 == 0 { wild.escaped() } else { escape(wild.pick::<&str>(&PIECES)) };
        let mut path = route.path.replace("{id}", &piece).replace("{name}", &piece);
        if round % 3 == 0 {
            let key = wild.pick(&[
                "after", "account", "severity", "limit", "text", "status", "before", "since", "project",
            ]);
            path = format!(
                "{path}?{key}={}",
                if round & 1 == 0 { escape(wild.pick::<&str>(&PIECES)) } else { wild.escaped() }
            );
        }
        let mut request = Request::builder().method(route.method.clone()).uri(&path);
        let who = wild.pick(&[0, 1, 2, 3]);
        request = match who {
            0 => request,
            1 => request.header(header::COOKIE, &viewer.cookie).header("x-yagura-csrf", &viewer.csrf),
            2 => request.header(header::COOKIE, &member.cookie).header("x-yagura-csrf", &member.csrf),
            _ => request.header(header::AUTHORIZATION, format!("Bearer {}", wild.next())),
        };
        if wild.next().is_multiple_of(2) {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = match round % 4 {
            0 => Body::from(wild.bytes()),
            1 => Body::from(format!("{{\"Ids\":[\"{}\"],\"Comment\":\"x\"}}", round)),
            2 => Body::from("[".repeat(5_000)),
            _ => Body::empty(),
        };
        let Ok(request) = request.body(body) else { continue };
        let answer = yagura.send(request).await;
        assert!(answer.status.as_u16() < 500, "{} {path}: {}", route.method, answer.text);
        if *who != 1 {
            assert!(!answer.text.contains(BANK), "{} {path} tells a member: {}", route.method, answer.text);
        }
        for word in ["sqlite", "SELECT", "yagura.db", "argon2", "panicked"] {
            assert!(!answer.text.contains(word), "{} {path} tells `{word}`: {}", route.method, answer.text);
        }
    }
    assert_eq!(yagura.get("/api/findings?status=all", &viewer).await.text, before);
}

fn escape(text: &str) -> String {
    text.bytes().map(|it| format!("%{it:02X}")).collect()
}

#[tokio::test]
async fn too_much_and_the_wrong_form_are_told() {
    let yagura = Yagura::peopled().await;
    let who = yagura.sign_in(Role::Triager).await;
    let comment = "x".repeat(3_000_000);
    let large = yagura.post("/api/findings/triage", &who, json!({ "Ids": ["1"], "Comment": comment })).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", large.text);
    let plain = yagura.call(Method::POST, "/api/findings/triage", &who, None).await;
    assert_eq!(plain.json()["detail"], "send JSON, with `content-type: application/json`");
    let unknown = yagura.post("/api/findings/triage", &who, json!({ "Colour": "red" })).await;
    assert!(unknown.text.contains("unknown field `Colour`"), "{}", unknown.text);
    let nowhere = yagura.get("/api/nothing", &who).await;
    assert_eq!((nowhere.status, &nowhere.json()["code"]), (StatusCode::NOT_FOUND, &json!("not-found")));
    let method = yagura.call(Method::DELETE, "/api/findings", &who, None).await;
    assert_eq!(method.headers["content-type"], "application/problem+json");
}

#[tokio::test]
async fn scripts_in_names_stay_text() {
    let yagura = Yagura::peopled().await;
    let who = yagura.sign_in(Role::Viewer).await;
    let answer = yagura.get("/api/findings", &who).await;
    assert_eq!(answer.json()["Findings"][0]["Name"], "<script>alert(1)</script>");
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json");
    assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert_eq!(answer.headers[header::CONTENT_SECURITY_POLICY], "default-src 'none'; frame-ancestors 'none'");
}
