//! Questions to a provider: small documents, within a time, over TLS as everywhere else in this program.

use std::time::Duration;

use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{HttpConnector as _, HttpConnectorSettings, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde_json::Value;

use super::settings::OpenIdError;

/// A provider has so long for an answer.
const DEADLINE: Duration = Duration::from_secs(10);

/// Longer answers are none that a provider gives.
const LONGEST: usize = 1 << 20;

/// Connections to a provider.
#[derive(Debug, Clone)]
pub(super) struct Http {
    connector: SharedHttpConnector,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Http {
    /// Connections through the proxies of the environment. `AWS_CA_BUNDLE` is for networks that open TLS, and counts here, too.
    pub(super) fn new() -> Result<Self, OpenIdError> {
        let mut trust = TrustStore::default();
        if let Some(file) = std::env::var_os("AWS_CA_BUNDLE").filter(|it| !it.is_empty()) {
            let unread = |error| OpenIdError::Tls(format!("`{}` cannot be read: {error}", file.display()));
            trust = trust.with_pem_certificate(std::fs::read(&file).map_err(unread)?);
        }
        let context = TlsContext::builder().with_trust_store(trust).build();
        let context = context.map_err(|error| OpenIdError::Tls(error.to_string()))?;
        let settings = HttpConnectorSettings::builder().connect_timeout(DEADLINE).build();
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

    pub(super) async fn get(&self, url: &str, authorization: Option<&str>) -> Result<Answer, String> {
        self.ask("GET", url, authorization, None).await
    }

    pub(super) async fn post(
        &self,
        url: &str,
        authorization: Option<&str>,
        form: String,
    ) -> Result<Answer, String> {
        self.ask("POST", url, authorization, Some(form)).await
    }

    /// Errors name the host that was asked and nothing that was sent to it.
    async fn ask(
        &self,
        method: &str,
        url: &str,
        authorization: Option<&str>,
        form: Option<String>,
    ) -> Result<Answer, String> {
        let asked = tokio::time::timeout(DEADLINE, self.exchange(method, url, authorization, form)).await;
        let answer = asked.map_err(|_| format!("no answer within {} seconds", DEADLINE.as_secs()));
        answer.and_then(|it| it).map_err(|why| format!("{}: {why}", host(url)))
    }

    async fn exchange(
        &self,
        method: &str,
        url: &str,
        authorization: Option<&str>,
        form: Option<String>,
    ) -> Result<Answer, String> {
        let invalid = || "the request cannot be sent".to_owned();
        let is_form = form.is_some();
        let mut request = HttpRequest::new(SdkBody::from(form.unwrap_or_default()));
        request.set_method(method).map_err(|_| invalid())?;
        request.set_uri(url).map_err(|_| invalid())?;
        let mut headers = vec![("accept", "application/json")];
        if is_form {
            headers.push(("content-type", "application/x-www-form-urlencoded"));
        }
        headers.extend(authorization.map(|it| ("authorization", it)));
        for (name, value) in headers {
            let added = request.headers_mut().try_insert(name.to_owned(), value.to_owned());
            added.map_err(|_| invalid())?;
        }
        let response = self.connector.call(request).await.map_err(|error| innermost(&error))?;
        let status = response.status().as_u16();
        let mut stream = ByteStream::new(response.into_body());
        let mut body = Vec::new();
        while let Some(piece) = stream.try_next().await.map_err(|error| innermost(&error))? {
            body.extend_from_slice(&piece);
            if body.len() > LONGEST {
                return Err("the answer is too long".to_owned());
            }
        }
        Ok(Answer { status, body: serde_json::from_slice(&body).unwrap_or_default() })
    }
}

fn host(url: &str) -> String {
    let uri = url.parse::<axum::http::Uri>().ok();
    uri.and_then(|it| it.host().map(str::to_owned)).unwrap_or_default()
}

fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut why = error;
    while let Some(cause) = why.source() {
        why = cause;
    }
    let text: String = why.to_string().chars().filter(|it| !it.is_control()).take(200).collect();
    format!("no connection: {text}")
}
