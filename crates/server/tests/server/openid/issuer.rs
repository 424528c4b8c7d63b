//! A small identity provider on this machine, with keys of its own.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair as RsaKeyPair, PublicKeyComponents};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;

pub const CLIENT: &str = "yagura";
pub const SECRET: &str = "s3cret & more";

/// A key, and the algorithm that it signs with.
pub enum Signer {
    Rsa(RsaKeyPair),
    Curve(EcdsaKeyPair),
    Edwards(Ed25519KeyPair),
}

pub fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Signer {
    pub fn rsa(pem: &str) -> Self {
        let key = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).unwrap();
        Self::Rsa(RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()).unwrap())
    }

    pub fn curve() -> Self {
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        Self::Curve(
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, made.as_ref(), &random).unwrap(),
        )
    }

    pub fn edwards() -> Self {
        let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self::Edwards(Ed25519KeyPair::from_pkcs8(made.as_ref()).unwrap())
    }

    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "RS256",
            Self::Curve(_) => "ES256",
            Self::Edwards(_) => "EdDSA",
        }
    }

    /// The public half, as the provider shows it.
    pub fn public(&self, id: &str) -> Value {
        match self {
            Self::Rsa(key) => {
                let PublicKeyComponents { n, e } = PublicKeyComponents::<Vec<u8>>::from(key.public());
                json!({ "kty": "RSA", "use": "sig", "kid": id, "n": encoded(n), "e": encoded(e) })
            }
            Self::Curve(key) => {
                let (x, y) = key.public_key().as_ref()[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "kid": id, "x": encoded(x), "y": encoded(y) })
            }
            Self::Edwards(key) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "kid": id, "x": encoded(key.public_key()) })
            }
        }
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(key) => {
                let mut made = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut made).unwrap();
                made
            }
            Self::Curve(key) => key.sign(&random, message).unwrap().as_ref().to_vec(),
            Self::Edwards(key) => key.sign(message).as_ref().to_vec(),
        }
    }

    /// A token with this header.
    pub fn token(&self, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", encoded(header.to_string()), encoded(claims.to_string()));
        format!("{message}.{}", encoded(self.sign(message.as_bytes())))
    }
}

/// What a code is worth.
struct Grant {
    challenge: String,
    token: String,
}

#[derive(Default)]
struct Inner {
    keys: Vec<Value>,
    grants: HashMap<String, Grant>,
    /// Whom it knows by an access token, which is their subject.
    about: HashMap<String, Value>,
    /// What it answers whoever asks about somebody, instead of telling.
    is_out: Option<StatusCode>,
    /// How often a code was asked for.
    redeemed: u32,
    used: BTreeSet<String>,
}

/// The provider.
#[derive(Clone)]
pub struct Issuer {
    pub url: String,
    inner: Arc<Mutex<Inner>>,
    task: Arc<tokio::task::JoinHandle<()>>,
}

impl Issuer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let inner = Arc::new(Mutex::new(Inner::default()));
        let described = url.clone();
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(async move || description(&described)))
            .route("/jwks", get(jwks))
            .route("/token", post(token))
            .route("/userinfo", get(user_info))
            .with_state(Arc::clone(&inner));
        let task = Arc::new(tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }));
        Self { url, inner, task }
    }

    /// It does not answer any more.
    pub fn stop(&self) {
        self.task.abort();
    }

    pub fn show(&self, keys: Vec<Value>) {
        self.inner.lock().unwrap().keys = keys;
    }

    pub fn tells(&self, subject: &str, about: Value) {
        self.inner.lock().unwrap().about.insert(subject.to_owned(), about);
    }

    /// It tells nothing about anybody, and answers so.
    pub fn fails(&self, status: Option<StatusCode>) {
        self.inner.lock().unwrap().is_out = status;
    }

    /// Somebody signed in: a code for the browser, worth this token for whoever knows the verifier.
    pub fn grant(&self, code: &str, challenge: &str, token: String) {
        let grant = Grant { challenge: challenge.to_owned(), token };
        self.inner.lock().unwrap().grants.insert(code.to_owned(), grant);
    }

    pub fn redeemed(&self) -> u32 {
        self.inner.lock().unwrap().redeemed
    }
}

fn description(url: &str) -> Json<Value> {
    Json(json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize?tenant=1"),
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/jwks"),
        "userinfo_endpoint": format!("{url}/userinfo"),
    }))
}

async fn jwks(State(inner): State<Arc<Mutex<Inner>>>) -> Json<Value> {
    Json(json!({ "keys": inner.lock().unwrap().keys }))
}

async fn token(
    State(inner): State<Arc<Mutex<Inner>>>,
    headers: HeaderMap,
    form: String,
) -> (StatusCode, Json<Value>) {
    let refused =
        |status, error: &str| (status, Json(json!({ "error": error, "error_description": SECRET })));
    let asked: HashMap<String, String> = serde_html_form::from_str(&form).unwrap();
    let mut inner = inner.lock().unwrap();
    inner.redeemed += 1;
    // Both parts are escaped before they are joined (RFC 6749, 2.3.1).
    let expected = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:s3cret+%26+more")));
    if headers.get(header::AUTHORIZATION).and_then(|it| it.to_str().ok()) != Some(&expected) {
        return refused(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    if asked["grant_type"] != "authorization_code"
        || !asked["redirect_uri"].ends_with("/api/session/openid/callback")
    {
        return refused(StatusCode::BAD_REQUEST, "invalid_request");
    }
    let code = asked["code"].clone();
    let is_new = inner.used.insert(code.clone());
    match inner.grants.get(&code) {
        Some(grant) if is_new && encoded(Sha256::digest(&asked["code_verifier"])) == grant.challenge => {
            let access = inner.about.keys().next().cloned().unwrap_or_default();
            let told = json!({ "token_type": "Bearer", "id_token": grant.token, "access_token": access });
            (StatusCode::OK, Json(told))
        }
        _ => refused(StatusCode::BAD_REQUEST, "invalid_grant"),
    }
}

async fn user_info(
    State(inner): State<Arc<Mutex<Inner>>>,
    headers: HeaderMap,
) -> Result<Json<Value>, StatusCode> {
    let token = headers[header::AUTHORIZATION].to_str().unwrap().trim_start_matches("Bearer ").to_owned();
    let inner = inner.lock().unwrap();
    if let Some(status) = inner.is_out {
        return Err(status);
    }
    inner.about.get(&token).cloned().map(Json).ok_or(StatusCode::UNAUTHORIZED)
}
