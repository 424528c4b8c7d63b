//! What operators see: numbers, lines in the log, ids of requests.

use std::io;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use tracing_subscriber::fmt::MakeWriter;
use yagura_model::Role;
use yagura_server::Settings;

use crate::fixtures::*;

/// The value of a number.
fn value<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.lines().find_map(|it| it.strip_prefix(name)?.strip_prefix(' '))
}

#[tokio::test]
async fn numbers_tell_how_the_server_and_the_organisation_do() {
    let yagura = Yagura::peopled().await;
    yagura.try_sign_in("viewer", "a wrong password").await;
    let viewer = yagura.sign_in(Role::Viewer).await;
    yagura.get("/api/findings/0123456789abcdef0123456789abcdef", &viewer).await;
    yagura.get("/api/nothing/at/all", &viewer).await;
    let stream =
        Request::get("/api/events").header(header::COOKIE, &viewer.cookie).body(Body::empty()).unwrap();
    let stream = yagura.router.clone().oneshot(stream).await.unwrap();
    let program = yagura.token(Role::Administrator, "read").await;
    let answer = yagura.get("/api/metrics", &program).await;
    assert_eq!(
        answer.headers[header::CONTENT_TYPE],
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
    );
    let text = &answer.text;
    for (name, expected) in [
        (r#"yagura_open_findings{severity="HIGH"}"#, "2"),
        (r#"yagura_open_findings{severity="CRITICAL"}"#, "0"),
        (r#"yagura_sign_ins_failed_total{way="password"}"#, "1"),
        (r#"yagura_sign_ins_failed_total{way="openid"}"#, "0"),
        (r#"yagura_http_requests_total{method="GET",route="/api/findings/{id}",status="404"}"#, "1"),
        (r#"yagura_http_requests_total{method="GET",route="other",status="404"}"#, "1"),
        (r#"yagura_http_request_duration_seconds_count{method="GET",route="/api/findings/{id}"}"#, "1"),
        ("yagura_event_streams", "1"),
        ("yagura_outbox_waiting", "0"),
        ("yagura_outbox_failed", "0"),
        ("yagura_store_up", "1"),
    ] {
        assert_eq!(value(text, name), Some(expected), "{name}\n{text}");
    }
    assert!(text.ends_with("# EOF\n"), "{text}");
    assert!(!text.contains("at/all") && !text.contains("0123456789abcdef"), "{text}");
    if cfg!(target_os = "linux") {
        assert!(
            value(text, "process_resident_memory_bytes").unwrap().parse::<u64>().unwrap() > 1 << 20,
            "{text}"
        );
        assert!(value(text, "process_cpu_seconds_total").is_some(), "{text}");
    }
    drop(stream);
    let member = yagura.sign_in(Role::ProjectMember).await;
    assert_eq!(yagura.get("/api/metrics", &member).await.status, StatusCode::FORBIDDEN);
    // On an address of its own, whoever reaches it gets them, and nothing else.
    let ask = async |path: &str| {
        let request = Request::get(path).body(Body::empty()).unwrap();
        yagura.server.metrics_router().oneshot(request).await.unwrap()
    };
    let open = ask("/metrics").await;
    assert_eq!(open.status(), StatusCode::OK);
    let bytes = axum::body::to_bytes(open.into_body(), usize::MAX).await.unwrap();
    assert_eq!(value(&String::from_utf8_lossy(&bytes), "yagura_event_streams"), Some("0"));
    assert_eq!(ask("/api/findings").await.status(), StatusCode::NOT_FOUND);
}

/// Lines of a log, in memory.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn each_request_is_a_line_with_who_and_how_long_and_without_secrets() {
    let lines = Lines::default();
    // With a single one, what other tests' threads meet first is taken to interest nobody.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let subscriber =
        tracing_subscriber::fmt().json().with_max_level(tracing::Level::DEBUG).with_writer(lines.clone());
    let _kept = tracing::subscriber::set_default(subscriber.finish());
    let yagura = Yagura::built(|it| Settings { is_behind_proxy: true, ..it }).await;
    yagura.people().await;
    let viewer = yagura.sign_in(Role::Viewer).await;
    let path = "/api/findings?text=s3cret-of-the-query&limit=1";
    let request = Request::get(path)
        .header(header::COOKIE, &viewer.cookie)
        .header("x-request-id", "from-the-proxy-1")
        .body(Body::empty())
        .unwrap();
    assert_eq!(yagura.send(request).await.headers["x-request-id"], "from-the-proxy-1");
    let guess = Signed { token: "yagura_s3cret-of-a-token".to_owned(), ..Signed::default() };
    let refused = yagura.call(Method::POST, "/api/findings/triage", &guess, Some(json!({}))).await;
    assert_eq!(refused.headers["x-request-id"].len(), 16);
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let secret = viewer.cookie.split('=').nth(1).unwrap();
    for secret in ["s3cret-of", PASSWORD, secret, &viewer.csrf] {
        assert!(!text.contains(secret), "{secret} stands in\n{text}");
    }
    let lines: Vec<Value> = text.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let answered = |id: &str| {
        let of = |it: &&Value| it["span"]["request_id"] == id && it["fields"]["message"] == "answered";
        lines.iter().find(of).unwrap_or_else(|| panic!("{id} stands not in\n{text}"))
    };
    let line = answered("from-the-proxy-1");
    assert_eq!((&line["fields"]["status"], &line["fields"]["user"]), (&json!(200), &json!("viewer")));
    assert_eq!(
        (&line["span"]["http.route"], &line["span"]["http.request.method"]),
        (&json!("/api/findings"), &json!("GET"))
    );
    assert!(line["fields"]["millis"].is_u64(), "{line}");
    let line = answered(refused.headers["x-request-id"].to_str().unwrap());
    assert_eq!((&line["fields"]["status"], &line["fields"]["user"]), (&json!(401), &json!("")));
}
