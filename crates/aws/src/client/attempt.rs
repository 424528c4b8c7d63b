//! Sends a request until there is an answer, or no hope of one.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Instant, SystemTime};

use jiff::fmt::rfc2822;

use super::Inner;
use crate::endpoint::Endpoint;
use crate::error::KeysError;
use crate::http::{HttpError, Rest};
use crate::limit::Lane;
use crate::protocol::{Refusal, Request, Response, random, refusal};
use crate::retry::Failure;
use crate::sign::{self, Signable};
use crate::tables::OperationRef;
use crate::verdict::{Asked, Remedy, Verdict, verdict};
use crate::{CallError, CallErrorKind, Target};

const USER_AGENT: &str = concat!("yagura/", env!("CARGO_PKG_VERSION"));

/// A call on its way.
struct Call<'a> {
    target: &'a Target,
    name: &'a str,
    operation: &'a OperationRef,
    request: &'a Request,
    endpoint: Arc<Endpoint>,
    lane: Lane,
    /// Remedies that were tried; each helps once.
    tried: Vec<Remedy>,
    moved: bool,
    reading: Reading,
}

/// How the body of an answer is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// At once.
    Whole,
    /// Piece by piece, by the caller. A refusal is read at once all the same.
    Pieces,
}

/// An answer, with what is still to be read of it.
pub(super) type Answered = (Response, Option<Rest>);

/// How one attempt ended when it brought no answer.
struct Failed {
    failure: Failure,
    error: CallError,
    /// Try again at once: what stood in the way is gone.
    remedied: bool,
}

impl Inner {
    /// Sends the request until there is an answer.
    pub(super) async fn attempts(
        &self,
        target: &Target,
        name: &str,
        operation: &OperationRef,
        request: &Request,
        reading: Reading,
    ) -> Result<Answered, CallError> {
        let failed = |kind, why: &str| CallError::new(name, &target.region, kind, why);
        let known = bucket(operation, request).and_then(|bucket| self.bucket_region(bucket));
        let region = known.as_ref().unwrap_or(&target.region);
        let Some(endpoint) = self.endpoint(operation.service(), region) else {
            return Err(failed(
                CallErrorKind::NotSupported,
                "AWS has no endpoint of the configured kind (FIPS, dual-stack) here",
            ));
        };
        if !endpoint.configured && self.has_no_host(&endpoint.authority) {
            return Err(failed(CallErrorKind::Unavailable, "the service has no host in this region"));
        }
        let lane = Lane {
            account: target.account.clone(),
            region: endpoint.signing_region.clone(),
            service: endpoint.signing_name.clone(),
        };
        let (tried, moved) = (Vec::new(), false);
        let mut call = Call { target, name, operation, request, endpoint, lane, tried, moved, reading };
        let mut attempt = 1;
        loop {
            let ended = match self.attempt(&mut call).await {
                Ok(response) => return Ok(response),
                Err(ended) => ended,
            };
            if !ended.remedied {
                let Some(pause) = self.retry.pause(ended.failure, attempt, random()) else {
                    return Err(ended.error);
                };
                attempt += 1;
                tokio::time::sleep(pause).await;
            }
            self.counters.retries.fetch_add(1, Ordering::Relaxed);
        }
    }

    async fn attempt(&self, call: &mut Call<'_>) -> Result<Answered, Failed> {
        let wait = self.limits.take(&call.lane, Instant::now());
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        let sent = Instant::now();
        let (response, rest) = self.exchange(call).await?;
        if response.status < 300 && !is_hidden_error(call.operation, &response) {
            self.limits.answered(&call.lane);
            if !call.operation.operation().unsigned {
                call.target.credentials.prove();
            }
            return Ok((response, rest));
        }
        Err(self.refused(call, &response, sent))
    }

    /// Signs and sends once.
    async fn exchange(&self, call: &Call<'_>) -> Result<Answered, Failed> {
        let lasting = |kind, why: String| Failed {
            failure: Failure::Lasting,
            error: CallError::new(call.name, &call.target.region, kind, why),
            remedied: false,
        };
        let now = self.now();
        let identity = if call.operation.operation().unsigned {
            None
        } else {
            let told = |error: KeysError| lasting(CallErrorKind::Credentials, error.to_string());
            call.target.credentials.identity(SystemTime::now()).await.map_err(told)?
        };
        let endpoint = &call.endpoint;
        let prefix = match &call.request.host_prefix {
            Some(prefix) if !endpoint.configured => prefix.as_str(),
            _ => "",
        };
        let url = format!(
            "{}://{prefix}{}{}{}",
            endpoint.scheme, endpoint.authority, endpoint.base_path, call.request.target
        );
        let signature = match &identity {
            Some(identity) => {
                let signable = Signable {
                    method: &call.request.method,
                    url: &url,
                    headers: &call.request.headers,
                    body: &call.request.body,
                };
                sign::headers(&signable, endpoint, identity, now)
                    .map_err(|error| lasting(CallErrorKind::Credentials, error.to_string()))?
            }
            None => Vec::new(),
        };
        let permit = self.in_flight.acquire().await;
        self.counters.requests.fetch_add(1, Ordering::Relaxed);
        let headers = call.request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let headers = headers
            .chain(signature.iter().map(|(name, value)| (*name, value.as_str())))
            .chain([("user-agent", USER_AGENT)]);
        let (method, body) = (&*call.request.method, call.request.body.clone());
        let answer = match call.reading {
            Reading::Whole => self.http.exchange(method, &url, headers, body).await.map(|it| (it, None)),
            Reading::Pieces => match self.http.begin(method, &url, headers, body).await {
                Ok(begun) if begun.head.status < 300 => Ok((begun.head, Some(begun.rest))),
                Ok(begun) => begun.whole().await.map(|it| (it, None)),
                Err(error) => Err(error),
            },
        };
        drop(permit);
        if answer.is_ok() && !endpoint.configured && !self.reached_aws.load(Ordering::Relaxed) {
            self.reached_aws.store(true, Ordering::Relaxed);
        }
        answer.map_err(|error| self.lost(call, error))
    }

    /// Whether a host that does not exist means that the service is not offered there: AWS's own list must not say
    /// otherwise, and name resolution must work, as other hosts of AWS have shown.
    fn is_not_offered(&self, endpoint: &Endpoint) -> bool {
        !endpoint.configured && endpoint.offered != Some(true) && self.reached_aws.load(Ordering::Relaxed)
    }

    /// No answer came.
    fn lost(&self, call: &Call<'_>, error: HttpError) -> Failed {
        let (failure, kind) = match &error {
            HttpError::NoSuchHost(_) if self.is_not_offered(&call.endpoint) => {
                self.remember_no_host(&call.endpoint.authority);
                (Failure::Lasting, CallErrorKind::Unavailable)
            }
            HttpError::NoSuchHost(_) | HttpError::Refused(_) => (Failure::Refused, CallErrorKind::Network),
            HttpError::Tls { .. } => (Failure::Lasting, CallErrorKind::Network),
            HttpError::Invalid(_) => (Failure::Lasting, CallErrorKind::Input),
            HttpError::Timeout(_) | HttpError::Broken { .. } => (Failure::Network, CallErrorKind::Network),
        };
        let advice = match &error {
            HttpError::NoSuchHost(_) | HttpError::Refused(_) if call.endpoint.configured => {
                ": check AWS_ENDPOINT_URL"
            }
            HttpError::NoSuchHost(_) => ": check the network and its name resolution",
            HttpError::Tls { .. } => ": name your organisation's certificates in AWS_CA_BUNDLE",
            _ => "",
        };
        let code = match &error {
            HttpError::NoSuchHost(_) => "no-such-host",
            HttpError::Refused(_) => "connection-refused",
            HttpError::Timeout(_) => "timeout",
            HttpError::Tls { .. } => "tls",
            HttpError::Broken { .. } => "connection-lost",
            HttpError::Invalid(_) => "invalid-request",
        };
        let error = CallError::new(call.name, &call.target.region, kind, format!("{error}{advice}"));
        Failed { failure, error: error.with_code(code), remedied: false }
    }

    /// AWS answered with a refusal.
    fn refused(&self, call: &mut Call<'_>, response: &Response, sent: Instant) -> Failed {
        let refusal = refusal(call.operation.service(), response);
        if let Some(error) = self.moved(call, response, &refusal) {
            return Failed { failure: Failure::Lasting, error, remedied: true };
        }
        let asked = Asked {
            call: call.name,
            region: call.target.region.as_str(),
            signing_name: &call.endpoint.signing_name,
            proved: call.target.credentials.are_proved(),
            configured: call.endpoint.configured,
        };
        let Verdict { kind, failure, remedy } = verdict(asked, response, &refusal);
        if kind == CallErrorKind::Throttled {
            self.counters.throttled.fetch_add(1, Ordering::Relaxed);
            self.limits.throttled(&call.lane, sent, Instant::now());
        } else if matches!(kind, CallErrorKind::Service | CallErrorKind::Denied { .. }) {
            self.limits.answered(&call.lane);
        }
        let remedied = match remedy {
            Some(remedy) if !call.tried.contains(&remedy) => {
                call.tried.push(remedy);
                self.remedy(remedy, call, response)
            }
            _ => false,
        };
        let error = told(call, kind, refusal);
        Failed { failure, error, remedied }
    }

    fn remedy(&self, remedy: Remedy, call: &Call<'_>, response: &Response) -> bool {
        match remedy {
            Remedy::NewKeys => {
                call.target.credentials.forget();
                true
            }
            Remedy::Clock => {
                let date = response.headers.get("date");
                let Some(ahead) = date.and_then(|date| seconds_ahead(date, SystemTime::now())) else {
                    return false;
                };
                tracing::warn!(
                    seconds = ahead,
                    "this machine's clock is wrong; taking AWS's time for signatures"
                );
                self.clock_ahead.store(ahead, Ordering::Relaxed);
                true
            }
        }
    }

    /// S3 says when a bucket is in another region. Then that region is asked, once, and at once by later calls.
    fn moved(&self, call: &mut Call<'_>, response: &Response, refusal: &Refusal) -> Option<CallError> {
        if call.moved || &*call.operation.service().name != "s3" {
            return None;
        }
        let region = response.headers.get("x-amz-bucket-region")?;
        if region == &*call.endpoint.signing_region || !is_region_name(region) {
            return None;
        }
        call.moved = true;
        let there = yagura_model::Region::new(region);
        call.endpoint = self.endpoint(call.operation.service(), &there)?;
        call.lane.region = call.endpoint.signing_region.clone();
        if let Some(bucket) = bucket(call.operation, call.request) {
            self.remember_bucket(bucket, there);
        }
        Some(told(call, CallErrorKind::Service, refusal.clone()))
    }
}

/// The bucket that a request to S3 is about: the first part of its path.
fn bucket<'r>(operation: &OperationRef, request: &'r Request) -> Option<&'r str> {
    if &*operation.service().name != "s3" {
        return None;
    }
    let path = request.target.strip_prefix('/')?;
    path.split(['/', '?']).next().filter(|bucket| !bucket.is_empty())
}

/// Region names are put into host names: nothing else may come from an answer.
fn is_region_name(text: &str) -> bool {
    (5..=25).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// S3 sometimes begins an answer before it knows that it fails.
fn is_hidden_error(operation: &OperationRef, response: &Response) -> bool {
    if &*operation.service().name != "s3" || operation.operation().output.is_none() {
        return false;
    }
    let body = response.body.trim_ascii_start();
    let body = match body.strip_prefix(b"<?xml") {
        Some(rest) => {
            let end = rest.windows(2).position(|it| it == b"?>").map_or(rest.len(), |at| at + 2);
            rest[end..].trim_ascii_start()
        }
        None => body,
    };
    body.starts_with(b"<Error>")
}

fn seconds_ahead(date: &str, now: SystemTime) -> Option<i64> {
    let theirs = rfc2822::DateTimeParser::new().parse_zoned(date).ok()?.timestamp();
    let ours = jiff::Timestamp::try_from(now).ok()?;
    Some(theirs.as_second() - ours.as_second())
}

/// The error as people read it, with what to do about it.
fn told(call: &Call<'_>, kind: CallErrorKind, refusal: Refusal) -> CallError {
    let advice = match (&kind, refusal.code.as_str()) {
        (CallErrorKind::Credentials, "RequestTimeTooSkewed") => Some("set this machine's clock"),
        (CallErrorKind::Credentials, code) if code.contains("Expired") => {
            Some("log in again (`aws sso login`) or set fresh keys")
        }
        (CallErrorKind::Credentials, _) => Some("check the keys, and that they belong to this partition"),
        _ => None,
    };
    let message = match advice {
        Some(advice) if refusal.message.is_empty() => format!("{}: {advice}", refusal.code),
        Some(advice) => format!("{} ({}): {advice}", refusal.message.trim_end_matches('.'), refusal.code),
        None => refusal.message,
    };
    CallError {
        request_id: refusal.request_id.map(Into::into),
        ..CallError::new(call.name, &call.target.region, kind, message).with_code(&refusal.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_region_names_are_followed() {
        assert!(is_region_name("eu-central-1"));
        for bad in ["", "evil.example/", "eu-central-1.evil.example", "EU-CENTRAL-1", "a@b-c"] {
            assert!(!is_region_name(bad), "{bad}");
        }
    }

    #[test]
    fn the_clock_is_corrected_by_the_date_of_the_answer() {
        let now: jiff::Timestamp = "2024-01-31T00:00:00Z".parse().unwrap();
        assert_eq!(seconds_ahead("Wed, 31 Jan 2024 00:10:00 GMT", now.into()), Some(600));
        assert_eq!(seconds_ahead("soon", now.into()), None);
    }
}
