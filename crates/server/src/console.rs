//! The console's files, out of the binary.
//!
//! Whatever is no file and no part of the API is a page of the console: its script reads the address.

use std::io::{self, Read as _};

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use flate2::read::GzDecoder;

use crate::problem::Problem;

/// Paths, and what is there, compressed with gzip.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/console.rs"));

/// The page that every address of the console begins with.
const PAGE: &str = "index.html";

/// Only what the binary itself holds runs, nothing that a name or a tag of somebody else's could bring in.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
                      form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/// Whether this binary was built with the console.
#[must_use]
pub fn has_console() -> bool {
    find(PAGE).is_some()
}

fn find(path: &str) -> Option<&'static [u8]> {
    let at = FILES.binary_search_by(|(known, _)| (*known).cmp(path)).ok()?;
    FILES.get(at).map(|(_, packed)| *packed)
}

/// Answers what no route of the API answers.
pub(crate) async fn answer(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let is_page = path != "api" && !path.starts_with("api/");
    if !is_page || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::not_found("page").into_response();
    }
    if let Some(packed) = find(path).filter(|_| path != PAGE) {
        return file(path, packed, request.headers());
    }
    // What looks like a file and is none must not be answered with a page: a browser would take it for a script.
    if path.starts_with("assets/") {
        return Problem::not_found("file").into_response();
    }
    match find(PAGE) {
        Some(packed) => file(PAGE, packed, request.headers()),
        None => absent(),
    }
}

/// For browsers that meet a binary without a console.
fn absent() -> Response {
    let told = "This yagura was built without its console: `make console` builds it, and `cargo build` then puts it in.\nThe API answers at /api, and is described at /api/openapi.json.\n";
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], told).into_response()
}

fn file(path: &str, packed: &'static [u8], headers: &HeaderMap) -> Response {
    // Names under assets/ hold the hash of what is in them.
    let keep = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let takes_gzip = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|it| it.to_str().ok())
        .flat_map(|it| it.split(','))
        .any(|it| it.trim().split(';').next() == Some("gzip"));
    let mut response = if takes_gzip {
        Response::new(Body::from(packed))
    } else {
        match unpacked(packed) {
            Ok(bytes) => Response::new(Body::from(bytes)),
            Err(error) => return Problem::internal(&error).into_response(),
        }
    };
    let found = response.headers_mut();
    if takes_gzip {
        found.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    found.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    found.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(path)));
    found.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    found.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

fn unpacked(packed: &[u8]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
