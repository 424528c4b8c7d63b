//! Errors as problem documents.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use yagura_store::{DatabaseError, ReadError, TriageError, UserError};

/// What went wrong, and what to do (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// The status of HTTP.
    pub status: u16,
    /// What sort of trouble it is, for programs: `not-found`.
    pub code: &'static str,
    /// What sort of trouble it is, in English.
    pub title: &'static str,
    /// What exactly went wrong, and what to do.
    pub detail: String,
    /// After how many seconds to try again; also in the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self { status: status.as_u16(), code, title, detail: detail.into(), retry_after: None }
    }

    /// What was sent cannot be used.
    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", "The request cannot be used", detail)
    }

    /// Nobody signed in, or what proves it is no longer true.
    pub(crate) fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "Sign in first", detail)
    }

    /// Who signed in may not do this.
    pub(crate) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed", detail)
    }

    /// Who signed in did not prove that it is still them.
    pub(crate) fn wrong_password(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "wrong-password", "The password or the code is wrong", detail)
    }

    /// Who signed in has to change the password that somebody else gave them.
    pub(crate) fn password_change_needed() -> Self {
        let detail = "somebody else gave you your password, and knows it: change it at POST /api/session/password, then sign in again";
        Self::new(StatusCode::FORBIDDEN, "password-change-needed", "Change your password first", detail)
    }

    /// Who signed in did so too long ago for what they want to do.
    pub(crate) fn sign_in_again() -> Self {
        let detail = "this takes a sign-in of the last ten minutes: sign in again, then ask once more";
        Self::new(StatusCode::FORBIDDEN, "sign-in-again", "Sign in again first", detail)
    }

    /// It is not there, or not for the caller's eyes: the two are told alike.
    pub(crate) fn not_found(what: &str) -> Self {
        let detail = format!("there is no such {what}, or you may not see it");
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
    }

    /// It cannot be done as things stand.
    pub(crate) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", "It cannot be done as things stand", detail)
    }

    /// As much of somebody's waits for others as may.
    pub(crate) fn too_many_waiting(most: u32) -> Self {
        let detail = format!(
            "{most} of your suppressions wait for somebody to agree: have them approved or refused, or take some back, before you ask for another"
        );
        Self::new(StatusCode::CONFLICT, "too-many-waiting", "Too many of your requests wait", detail)
    }

    /// Too much was sent.
    pub(crate) fn too_large() -> Self {
        let detail = "at most two megabytes are taken";
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Too much was sent", detail)
    }

    /// It is not in a form that can be read.
    pub(crate) fn unsupported(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported", "Another form is wanted", detail)
    }

    /// Tried too often.
    pub(crate) fn too_many(seconds: u64) -> Self {
        let detail = format!("too many tries: wait {seconds} seconds");
        let title = "Too many tries";
        Self {
            retry_after: Some(seconds),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many", title, detail)
        }
    }

    /// As many files of the caller are under way as may be.
    pub(crate) fn too_many_files() -> Self {
        let detail =
            "three files of yours are being made or fetched: wait until one has arrived, or cancel it";
        let title = "Too many files at once";
        Self {
            retry_after: Some(30),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-files", title, detail)
        }
    }

    /// The store is locked or gone; nothing was changed.
    pub(crate) fn unavailable(detail: impl Into<String>) -> Self {
        let title = "The store does not answer";
        Self {
            retry_after: Some(5),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", title, detail)
        }
    }

    /// A bug of ours.
    pub(crate) fn internal(error: &dyn std::error::Error) -> Self {
        tracing::error!(error = chain(error), "a request failed");
        let detail = "something went wrong here; the server's log tells what";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "It went wrong", detail)
    }
}

pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        told.push_str(": ");
        told.push_str(&error.to_string());
        source = error.source();
    }
    told
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<DatabaseError> for Problem {
    fn from(error: DatabaseError) -> Self {
        tracing::error!(error = chain(&error), "the store failed");
        Self::unavailable("the store does not answer: try again in a moment; the server's log tells more")
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Database(error) => error.into(),
            ReadError::UnknownScan { .. } => Self::not_found("scan"),
            ReadError::Dropped { .. } => Self::conflict(error.to_string()),
        }
    }
}

impl From<TriageError> for Problem {
    fn from(error: TriageError) -> Self {
        match error {
            TriageError::UnknownFinding { .. } => Self::not_found("finding"),
            TriageError::Others { .. } => Self::conflict(error.to_string()),
            TriageError::Database(error) => error.into(),
        }
    }
}

impl From<UserError> for Problem {
    fn from(error: UserError) -> Self {
        match error {
            UserError::Database(error) => error.into(),
            UserError::Unknown(_) => Self::not_found("user"),
            UserError::Taken(_)
            | UserError::External(_)
            | UserError::LastAdministrator(_)
            | UserError::SetUp => Self::conflict(error.to_string()),
        }
    }
}
