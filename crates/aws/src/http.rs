//! One exchange over HTTP: connection pool, TLS, proxies, name resolution. No retries.

use std::net::IpAddr;
use std::time::Duration;

use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns, ResolveDnsError};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use thiserror::Error;

use crate::protocol::Response;

/// How long a connection may take to come up, an answer to begin, and a whole exchange to end.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const READ_TIMEOUT: Duration = Duration::from_secs(60);
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(120);

/// No answer came.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum HttpError {
    /// The host's name does not exist.
    #[error("the host `{0}` does not exist")]
    NoSuchHost(Box<str>),
    /// The other side refused the connection.
    #[error("the connection to `{0}` was refused")]
    Refused(Box<str>),
    /// No answer within the time.
    #[error("`{0}` did not answer in time")]
    Timeout(Box<str>),
    /// TLS was not agreed on: an unknown certificate, or no TLS at all.
    #[error("no secure connection to `{host}`: {why}")]
    Tls {
        /// The host.
        host: Box<str>,
        /// What rustls says.
        why: Box<str>,
    },
    /// Anything else on the way.
    #[error("the connection to `{host}` failed: {why}")]
    Broken {
        /// The host.
        host: Box<str>,
        /// The innermost cause.
        why: Box<str>,
    },
    /// The request is not valid HTTP.
    #[error("the request is not valid HTTP: {0}")]
    Invalid(Box<str>),
}

/// A file of `AWS_CA_BUNDLE` cannot be used.
#[derive(Debug, Error)]
pub enum TrustError {
    /// It cannot be read.
    #[error("cannot read the certificates of `AWS_CA_BUNDLE`")]
    Read(#[from] std::io::Error),
    /// It holds no certificates.
    #[error("`AWS_CA_BUNDLE` holds no usable certificates")]
    Unusable,
}

/// The connections of the whole run.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    connector: SharedHttpConnector,
}

impl Http {
    /// Keeps at most `idle` unused connections to each host.
    pub(crate) fn new(idle: usize, ca_bundle: Option<&std::path::Path>) -> Result<Self, TrustError> {
        let settings = HttpConnectorSettings::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .build();
        let connector = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(trust(ca_bundle)?)
            .connector_settings(settings)
            .sleep_impl(TokioSleep::new())
            .proxy_config(ProxyConfig::from_env())
            .enable_tcp_nodelay(true)
            .pool_max_idle_per_host(idle)
            .build_with_resolver(SystemNames);
        Ok(Self { connector: SharedHttpConnector::new(connector) })
    }

    /// The same connections for `aws-config`, which asks SSO, IMDS and STS with them.
    pub(crate) fn for_credentials(&self) -> SharedHttpClient {
        let connector = self.connector.clone();
        http_client_fn(move |_, _| connector.clone())
    }

    /// Sends a request and reads the whole answer.
    pub(crate) async fn exchange(
        &self,
        method: &str,
        url: &str,
        headers: impl Iterator<Item = (&str, &str)>,
        body: Vec<u8>,
    ) -> Result<Response, HttpError> {
        let whole = async { self.begin(method, url, headers, body).await?.whole().await };
        let late = |_| HttpError::Timeout(host_of(url).into());
        tokio::time::timeout(EXCHANGE_TIMEOUT, whole).await.map_err(late)?
    }

    /// Sends a request and reads the beginning of the answer: status and headers.
    pub(crate) async fn begin(
        &self,
        method: &str,
        url: &str,
        headers: impl Iterator<Item = (&str, &str)>,
        body: Vec<u8>,
    ) -> Result<Begun, HttpError> {
        let invalid = |why: String| HttpError::Invalid(why.into());
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_method(method).map_err(|error| invalid(error.to_string()))?;
        request.set_uri(url).map_err(|error| invalid(error.to_string()))?;
        for (name, value) in headers {
            let added = request.headers_mut().try_insert(name.to_owned(), value.to_owned());
            added.map_err(|_| invalid(format!("the header `{name}` cannot be sent")))?;
        }
        let host = host_of(url);
        let response = self.connector.call(request).await.map_err(|error| told(host, &error))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let rest = Rest { body: ByteStream::new(response.into_body()), host: host.into() };
        Ok(Begun { head: Response { status, headers, body: Vec::new() }, rest })
    }
}

/// An answer whose body is still to come.
#[derive(Debug)]
pub(crate) struct Begun {
    /// Status and headers; the body is empty.
    pub(crate) head: Response,
    /// The body.
    pub(crate) rest: Rest,
}

impl Begun {
    /// Reads the body.
    pub(crate) async fn whole(self) -> Result<Response, HttpError> {
        let Rest { body, host } = self.rest;
        let body = body.collect().await.map_err(|error| told(&host, &error))?;
        Ok(Response { body: body.into_bytes().into(), ..self.head })
    }
}

/// A body that comes piece by piece.
#[derive(Debug)]
pub(crate) struct Rest {
    body: ByteStream,
    host: Box<str>,
}

impl Rest {
    /// The next piece, or `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<u8>>, HttpError> {
        match tokio::time::timeout(READ_TIMEOUT, self.body.try_next()).await {
            Ok(Ok(piece)) => Ok(piece.map(Into::into)),
            Ok(Err(error)) => Err(told(&self.host, &error)),
            Err(_) => Err(HttpError::Timeout(self.host.clone())),
        }
    }
}

fn trust(ca_bundle: Option<&std::path::Path>) -> Result<TlsContext, TrustError> {
    let mut store = TrustStore::default();
    if let Some(file) = ca_bundle {
        store = store.with_pem_certificate(std::fs::read(file)?);
    }
    TlsContext::builder().with_trust_store(store).build().map_err(|_| TrustError::Unusable)
}

fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default()
}

/// Sorts a failure by its innermost causes.
fn told(host: &str, error: &(dyn std::error::Error + 'static)) -> HttpError {
    let mut why = error.to_string();
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(NoSuchName) = cause.downcast_ref::<NoSuchName>() {
            return HttpError::NoSuchHost(host.into());
        }
        why = cause.to_string();
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            match io.kind() {
                std::io::ErrorKind::ConnectionRefused => return HttpError::Refused(host.into()),
                std::io::ErrorKind::TimedOut => return HttpError::Timeout(host.into()),
                _ => {}
            }
            // The payload of an I/O error is not its source: a TLS failure hides there.
            if let Some(inner) = io.get_ref() {
                next = Some(inner);
                continue;
            }
        }
        if why.starts_with("invalid peer certificate") || why.contains("InvalidContentType") {
            return HttpError::Tls { host: host.into(), why: why.into() };
        }
        next = cause.source();
    }
    if why.contains("timed out") || why.contains("timeout") {
        return HttpError::Timeout(host.into());
    }
    HttpError::Broken { host: host.into(), why: why.into() }
}

/// A name that nobody knows, as opposed to a resolver that does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the name does not exist")]
struct NoSuchName;

/// The system's resolver.
#[derive(Debug, Clone, Copy)]
struct SystemNames;

impl ResolveDns for SystemNames {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        DnsFuture::new(async move {
            let found = tokio::net::lookup_host((name, 0)).await;
            match found {
                Ok(addresses) => Ok(addresses.map(|address| address.ip()).collect::<Vec<IpAddr>>()),
                Err(error) if does_not_exist(&error) => Err(ResolveDnsError::new(NoSuchName)),
                Err(error) => Err(ResolveDnsError::new(error)),
            }
        })
    }
}

/// What `getaddrinfo` says of a name that does not exist, on Linux and on macOS. The standard library keeps only its text.
fn does_not_exist(error: &std::io::Error) -> bool {
    let text = error.to_string();
    ["Name or service not known", "nodename nor servname provided", "No address associated with hostname"]
        .iter()
        .any(|told| text.contains(told))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_where_nobody_listens_is_told_as_refused() {
        let port = {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port()
        };
        let http = Http::new(4, None).unwrap();
        let error =
            http.exchange("GET", &format!("http://127.0.0.1:{port}/"), std::iter::empty(), Vec::new()).await;
        assert_eq!(
            error.unwrap_err().to_string(),
            format!("the connection to `127.0.0.1:{port}` was refused")
        );
    }
}
