//! Answers that the asker has already are not sent again.

use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};

/// Larger answers are passed on as they are.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Marks an answer by its content, and leaves it out where the asker has the same. Answers that must not be kept, and streams, are passed on.
pub(super) async fn marked(asked: Option<HeaderValue>, response: Response) -> Response {
    let is_json = response.headers().get(header::CONTENT_TYPE).is_some_and(|it| it == "application/json");
    let is_kept = !response.headers().contains_key(header::CACHE_CONTROL);
    let is_small = response.body().size_hint().upper().is_some_and(|it| it <= LARGEST);
    if response.status() != StatusCode::OK || !is_json || !is_kept || !is_small {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let tag = tag(&bytes);
    let is_known = asked.is_some_and(|asked| holds(&asked, &tag));
    mark(&mut parts.headers, &tag);
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn tag(bytes: &Bytes) -> String {
    let digest = Sha256::digest(bytes);
    let digits: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

fn holds(asked: &HeaderValue, tag: &str) -> bool {
    let tags = asked.to_str().unwrap_or_default().split(',').map(str::trim);
    tags.map(|it| it.trim_start_matches("W/")).any(|it| it == tag || it == "*")
}

fn mark(headers: &mut HeaderMap, tag: &str) {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    // Kept by the browser of who asked, and asked for each time.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("cookie, authorization"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_large_answer_is_passed_on_as_it_is() {
        let large = vec![b' '; usize::try_from(LARGEST).unwrap() + 1];
        let response = ([(header::CONTENT_TYPE, "application/json")], large.clone()).into_response();
        let passed = marked(None, response).await;
        assert_eq!((passed.status(), passed.headers().get(header::ETAG)), (StatusCode::OK, None));
        assert_eq!(to_bytes(passed.into_body(), usize::MAX).await.unwrap(), large);
    }
}
