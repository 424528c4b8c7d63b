//! What operators see of requests: a line in the log, numbers, and a span of a trace.
//!
//! # Invariants
//!
//! - **Nothing secret is told.** A request is known by its route with `{names}`, never by its path, query, headers or body.
//! - **Numbers stay few.** Labels are routes, methods and statuses; whatever is no route is `other`.

mod metrics;
mod process;
mod scrape;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use crate::app::App;
use crate::sign_in::{hex, random};

pub(crate) use metrics::{Metrics, OpenStream};
pub(crate) use scrape::{FORMAT, scraped};

/// Lines and spans about requests have this target.
pub const REQUESTS: &str = "yagura_server::request";

/// What may become of a span before its request is answered: it may be made part of the trace that the headers name.
pub type OnRequest = Arc<dyn Fn(&Span, &HeaderMap) + Send + Sync>;

/// The header by which a request is known.
const ID: &str = "x-request-id";

/// Longer ids are nobody's.
const LONGEST_ID: usize = 64;

/// Who sent a request, as the guard found out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sender(Arc<Mutex<String>>);

impl Sender {
    /// This is who.
    pub(crate) fn is(&self, name: &str) {
        name.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Answers a request, and tells operators of it.
pub(crate) async fn observed(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let path = request.extensions().get::<MatchedPath>().map(|it| it.as_str().to_owned());
    let route = path.unwrap_or_else(|| "other".to_owned());
    let method = method(request.method());
    let id = id(request.headers(), app.settings.is_behind_proxy);
    let span = tracing::info_span!(
        target: REQUESTS,
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        request_id = id,
    );
    if let Some(on_request) = &app.settings.on_request {
        on_request(&span, request.headers());
    }
    let sender = Sender::default();
    request.extensions_mut().insert(sender.clone());
    let mut response = next.run(request).instrument(span.clone()).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    span.record("http.response.status_code", status);
    app.metrics.answered(method, &route, status, took);
    let user = sender.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let is_probe = matches!(&*route, "/api/health" | "/api/ready" | "/api/metrics");
    span.in_scope(|| {
        if is_probe && status < 400 {
            tracing::debug!(target: REQUESTS, status, millis, user, "answered");
        } else {
            tracing::info!(target: REQUESTS, status, millis, user, "answered");
        }
    });
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(ID, id);
    }
    response
}

/// Methods that are not known are one.
fn method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "OTHER",
    }
}

/// By what a request is known: as a proxy says, else a new id.
fn id(headers: &HeaderMap, is_behind_proxy: bool) -> String {
    let told = headers.get(ID).filter(|_| is_behind_proxy).and_then(|it| it.to_str().ok());
    let is_plain = |it: &&str| {
        let of_letters = it.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.'));
        (1..=LONGEST_ID).contains(&it.len()) && of_letters
    };
    match told.filter(is_plain) {
        Some(told) => told.to_owned(),
        None => random::<8>().map(|it| hex(&it)).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_taken_from_a_proxy_alone_and_only_a_plain_one() {
        let of = |told: &'static str, is_behind_proxy| {
            let mut headers = HeaderMap::new();
            headers.insert(ID, HeaderValue::from_static(told));
            id(&headers, is_behind_proxy)
        };
        assert_eq!(of("1-5759e988-bd862e3fe1be46a994272793", true), "1-5759e988-bd862e3fe1be46a994272793");
        for (told, is_behind_proxy) in [("abc", false), ("", true), ("a b", true), ("a\"b", true)] {
            assert_eq!(of(told, is_behind_proxy).len(), 16, "{told}");
        }
    }
}
