//! What a provider says about itself, its keys, and what it gives for a code.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::http::Http;
use super::jwt::Keys;
use super::settings::{OpenIdError, OpenIdSettings, is_safe};
use super::{SignInError, TokenError, form};

/// What was read is read again after this time.
const FRESH: Duration = Duration::from_secs(3_600);

/// What a provider says about itself (OpenID Connect Discovery 1.0).
#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

/// A provider, with what is known of it.
#[derive(Debug)]
pub(super) struct Provider {
    issuer: String,
    http: Http,
    metadata: Mutex<Option<(Instant, Arc<Metadata>)>>,
    keys: Mutex<Option<(Instant, Arc<Keys>)>>,
}

/// What a code is worth.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) id_token: String,
    #[serde(default)]
    pub(super) access_token: Option<String>,
}

fn unusable(why: impl Into<String>) -> SignInError {
    SignInError::Provider(why.into())
}

/// A word of the provider's, fit for a log.
fn word(value: Option<&Value>) -> String {
    let text = value.and_then(Value::as_str).unwrap_or("it does not say why");
    text.chars().filter(|it| !it.is_control()).take(100).collect()
}

impl Provider {
    pub(super) fn new(settings: &OpenIdSettings) -> Result<Self, OpenIdError> {
        let (metadata, keys) = (Mutex::default(), Mutex::default());
        Ok(Self { issuer: settings.issuer.clone(), http: Http::new()?, metadata, keys })
    }

    pub(super) async fn metadata(&self) -> Result<Arc<Metadata>, SignInError> {
        let mut known = self.metadata.lock().await;
        if let Some((read, metadata)) = &*known
            && read.elapsed() < FRESH
        {
            return Ok(Arc::clone(metadata));
        }
        let metadata = Arc::new(self.discover().await?);
        *known = Some((Instant::now(), Arc::clone(&metadata)));
        Ok(metadata)
    }

    async fn discover(&self) -> Result<Metadata, SignInError> {
        let url = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let answer = self.http.get(&url, None).await.map_err(unusable)?;
        if answer.status != 200 {
            return Err(unusable(format!("{url} answers with status {}", answer.status)));
        }
        let metadata: Metadata = serde_json::from_value(answer.body)
            .map_err(|_| unusable(format!("{url} is no description of a provider")))?;
        if metadata.issuer != self.issuer {
            let theirs: String = metadata.issuer.chars().filter(|it| !it.is_control()).take(200).collect();
            return Err(unusable(format!("it calls itself `{theirs}`, and `issuer` is `{}`", self.issuer)));
        }
        let Metadata { authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint, .. } = &metadata;
        let endpoints = [authorization_endpoint, token_endpoint, jwks_uri];
        if let Some(url) = endpoints.into_iter().chain(userinfo_endpoint).find(|it| !is_safe(it)) {
            let url: String = url.chars().filter(|it| !it.is_control()).take(200).collect();
            return Err(unusable(format!("`{url}` does not begin with https://")));
        }
        Ok(metadata)
    }

    /// The keys, asked for anew when they are older than this.
    async fn keys(&self, oldest: Duration) -> Result<Arc<Keys>, SignInError> {
        let mut known = self.keys.lock().await;
        if let Some((read, keys)) = &*known
            && read.elapsed() < oldest
        {
            return Ok(Arc::clone(keys));
        }
        let url = &self.metadata().await?.jwks_uri;
        let answer = self.http.get(url, None).await.map_err(unusable)?;
        let read = if answer.status == 200 { Keys::read(&answer.body) } else { None };
        let keys = Arc::new(read.ok_or_else(|| unusable(format!("{url} holds no keys")))?);
        *known = Some((Instant::now(), Arc::clone(&keys)));
        Ok(keys)
    }

    /// What a token says, when one of the provider's keys signed it. Keys change: when none did, they are asked for again. Tokens come from the provider
    /// itself, so that nobody else makes it ask.
    pub(super) async fn verified(&self, token: &str) -> Result<Map<String, Value>, SignInError> {
        match self.keys(FRESH).await?.verified(token) {
            Err(TokenError::Signature) => {}
            read => return Ok(read?),
        }
        Ok(self.keys(Duration::ZERO).await?.verified(token)?)
    }

    /// What the provider gives for a code. A code is worth something once: it is never asked twice.
    pub(super) async fn redeem(
        &self,
        settings: &OpenIdSettings,
        code: &str,
        verifier: &str,
    ) -> Result<Tokens, SignInError> {
        let metadata = self.metadata().await?;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &settings.redirect_url),
            ("code_verifier", verifier),
        ];
        let methods = metadata.token_endpoint_auth_methods_supported.as_deref();
        // Without a word about it, the first is meant (OpenID Connect Discovery 1.0, 3).
        let is_basic = methods.is_none_or(|it| it.iter().any(|it| it == "client_secret_basic"));
        let mut authorization = None;
        match settings.client_secret.as_ref().map(super::ClientSecret::expose) {
            Some(secret) if is_basic => {
                let pair = format!("{}:{}", escaped(&settings.client_id), escaped(secret));
                authorization = Some(format!("Basic {}", STANDARD.encode(pair)));
            }
            Some(secret) => fields.extend([("client_id", &*settings.client_id), ("client_secret", secret)]),
            None => fields.push(("client_id", &settings.client_id)),
        }
        let answer = self.http.post(&metadata.token_endpoint, authorization.as_deref(), form(&fields)).await;
        let answer = answer.map_err(unusable)?;
        match answer.status {
            200 => serde_json::from_value(answer.body).map_err(|_| unusable("it gives no `id_token`")),
            400..500 => Err(SignInError::Refused(word(answer.body.get("error")))),
            status => Err(unusable(format!("it answers a code with status {status}"))),
        }
    }

    /// What the provider tells of whoever has this token, where it tells that. What it does not tell just now is an error, and nothing about anybody.
    pub(super) async fn user_info(
        &self,
        access_token: Option<&String>,
    ) -> Result<Option<Map<String, Value>>, SignInError> {
        let metadata = self.metadata().await?;
        let (Some(url), Some(token)) = (&metadata.userinfo_endpoint, access_token) else { return Ok(None) };
        let answer = self.http.get(url, Some(&format!("Bearer {token}"))).await.map_err(unusable)?;
        match (answer.status, answer.body) {
            (200, Value::Object(about)) => Ok(Some(about)),
            (200, _) => Err(unusable(format!("{url} tells nothing about anybody"))),
            (status, _) => Err(unusable(format!("{url} answers with status {status}"))),
        }
    }
}

/// As RFC 6749, 2.3.1 wants it.
fn escaped(text: &str) -> String {
    form(&[("", text)]).trim_start_matches('=').to_owned()
}
