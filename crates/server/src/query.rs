//! What requests carry, with errors that say what is wrong with it.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// The query of an address; lists are keys that come several times.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let read = serde_html_form::from_str(query);
        read.map(Self).map_err(|error| Problem::bad_request(format!("the query of the address: {error}")))
    }
}

/// A JSON document.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(JsonRejection::MissingJsonContentType(_)) => {
                Err(Problem::unsupported("send JSON, with `content-type: application/json`"))
            }
            Err(JsonRejection::BytesRejection(error)) if error.status().as_u16() == 413 => {
                Err(Problem::too_large())
            }
            Err(JsonRejection::JsonDataError(error)) => Err(Problem::bad_request(error.body_text())),
            Err(JsonRejection::JsonSyntaxError(error)) => Err(Problem::bad_request(error.body_text())),
            Err(error) => Err(Problem::bad_request(error.body_text())),
        }
    }
}

/// A part of the path.
#[derive(Debug)]
pub(crate) struct Part<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Part<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(it)| Self(it)).map_err(|error| Problem::bad_request(error.body_text()))
    }
}
