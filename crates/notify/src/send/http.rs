//! One exchange over HTTP with a receiver, and what its status means.

use std::time::Duration;

use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{HttpConnector as _, HttpConnectorSettings, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use jiff::Timestamp;

use super::{SendError, WorldError};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest answer that is looked at.
const MOST_ANSWER: usize = 64 << 10;
/// Characters of an answer that are kept with the message.
const MOST_EXCERPT: usize = 300;

/// Connections to receivers.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    connector: SharedHttpConnector,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// After how long to try again, as the other side asks.
    pub(crate) after: Option<Duration>,
    /// GitHub says so of a limit that it tells with status 403.
    pub(crate) is_used_up: bool,
}

impl Http {
    /// Connections through the proxies of the environment. `AWS_CA_BUNDLE` is for networks that open TLS, and counts here, too.
    pub(crate) fn new() -> Result<Self, WorldError> {
        let mut trust = TrustStore::default();
        if let Some(file) = std::env::var_os("AWS_CA_BUNDLE").filter(|it| !it.is_empty()) {
            let pem =
                std::fs::read(&file).map_err(|source| WorldError::Trust { file: file.into(), source })?;
            trust = trust.with_pem_certificate(pem);
        }
        let context = TlsContext::builder().with_trust_store(trust).build().map_err(|_| WorldError::Tls)?;
        let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT_TIMEOUT).build();
        let connector = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(context)
            .connector_settings(settings)
            .sleep_impl(TokioSleep::new())
            .proxy_config(ProxyConfig::from_env())
            .enable_tcp_nodelay(true)
            .build();
        Ok(Self { connector: SharedHttpConnector::new(connector) })
    }

    /// Posts a body. Whoever calls sets the deadline.
    pub(crate) async fn post(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
        now: Timestamp,
    ) -> Result<Answer, SendError> {
        // The address may be a secret: it never stands in an error.
        let invalid = |_| SendError::Refused { why: "the address or a header cannot be sent".to_owned() };
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_method("POST").map_err(|_| invalid(()))?;
        request.set_uri(url).map_err(|_| invalid(()))?;
        for (name, value) in headers {
            let added = request.headers_mut().try_insert((*name).to_owned(), (*value).to_owned());
            added.map_err(|_| invalid(()))?;
        }
        let failed = |error: &(dyn std::error::Error + 'static)| SendError::Retry {
            why: innermost(error),
            after: None,
        };
        let response = self.connector.call(request).await.map_err(|error| failed(&error))?;
        let status = response.status().as_u16();
        let header = |name: &str| response.headers().get(name).map(str::to_owned);
        let after = header("retry-after").and_then(|it| retry_after(&it, now));
        let is_used_up = header("x-ratelimit-remaining").is_some_and(|it| it == "0");
        let mut stream = ByteStream::new(response.into_body());
        let mut body = Vec::new();
        while let Some(piece) = stream.try_next().await.map_err(|error| failed(&error))? {
            body.extend_from_slice(&piece);
            if body.len() > MOST_ANSWER {
                body.truncate(MOST_ANSWER);
                break;
            }
        }
        Ok(Answer { status, body, after, is_used_up })
    }
}

impl Answer {
    /// Whether the message arrived; else whether trying again can help.
    pub(crate) fn accepted(self) -> Result<Self, SendError> {
        let told = || {
            let text = String::from_utf8_lossy(&self.body);
            let text = super::excerpt(&text, MOST_EXCERPT);
            let parted = if text.is_empty() { "" } else { ": " };
            format!("the other side answered {}{parted}{text}", self.status)
        };
        match self.status {
            200..300 => Ok(self),
            403 if self.is_used_up || self.after.is_some() => {
                Err(SendError::Retry { why: told(), after: self.after })
            }
            408 | 425 | 429 | 500.. => Err(SendError::Retry { why: told(), after: self.after }),
            300..400 => {
                Err(SendError::Refused { why: format!("the address has moved (status {})", self.status) })
            }
            _ => Err(SendError::Refused { why: told() }),
        }
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// Seconds, or a date.
fn retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()?;
    Some(Duration::try_from(at.duration_since(now)).unwrap_or_default())
}

fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut why = error;
    while let Some(cause) = why.source() {
        why = cause;
    }
    let text = super::excerpt(&why.to_string(), MOST_EXCERPT);
    format!("no connection: {text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_is_told_in_seconds_or_as_a_date() {
        let now = "1994-11-06T08:49:00Z".parse().unwrap();
        assert_eq!(retry_after("120", now), Some(Duration::from_secs(120)));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now), Some(Duration::from_secs(37)));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", now), None);
    }

    #[test]
    fn a_status_says_whether_trying_again_helps() {
        let answer = |status| {
            Answer { status, body: b"no\x1b[2J".to_vec(), after: None, is_used_up: false }.accepted()
        };
        assert!(answer(202).is_ok());
        for status in [408, 425, 429, 500, 503] {
            assert!(matches!(answer(status), Err(SendError::Retry { .. })), "{status}");
        }
        for status in [301, 400, 401, 403, 404, 410, 413] {
            assert!(matches!(answer(status), Err(SendError::Refused { .. })), "{status}");
        }
        let Err(error) = answer(404) else { panic!() };
        assert_eq!(error.to_string(), "the other side answered 404: no\\u{1b}[2J");
    }
}
