//! Signing in through an identity provider: OpenID Connect 1.0, the authorization code flow with PKCE (S256).
//!
//! # Invariants
//!
//! - **Nothing is believed unchecked.** A token counts when one of the provider's keys signed it with an algorithm of that key's sort, and issuer, audience,
//!   times and nonce are right. `none` and shared secrets are no algorithms here.
//! - **Who begins also ends.** State, nonce and verifier come out of one secret that only the browser has that began.
//! - **A claim takes nobody over.** People are known by issuer and subject; names that a provider tells are only wishes.
//! - **Nothing secret is told.** Codes, tokens and the client's secret stand in no error and no log.

mod claims;
mod http;
mod jwt;
mod pending;
mod provider;
mod settings;

use thiserror::Error;
use yagura_model::Timestamp;

pub use settings::{ClientSecret, GroupRole, OpenIdError, OpenIdSettings, Standing};

pub(crate) use pending::{Pending, cookie, cookie_text};

use claims::Claims;
use provider::Provider;

/// Where a provider sends browsers back to.
pub(crate) const CALLBACK: &str = "/api/session/openid/callback";

/// Where browsers begin.
pub(crate) const START: &str = "/api/session/openid/start";

/// An identity provider that people sign in through.
#[derive(Debug)]
pub struct OpenId {
    settings: OpenIdSettings,
    provider: Provider,
}

/// Somebody whom the provider knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    /// The provider's lasting name for them.
    pub(crate) subject: String,
    /// What they might be called, the best first.
    pub(crate) names: Vec<String>,
    /// What their groups let them be; `None`: nothing.
    pub(crate) standing: Option<Standing>,
    /// Whether the provider told their groups at all: nobody loses anything by what was not told.
    pub(crate) has_told_groups: bool,
}

/// Why nobody comes in. None of it holds a secret.
#[derive(Debug, Error)]
pub(crate) enum SignInError {
    /// The provider does not answer, or with something that cannot be used.
    #[error("the identity provider cannot be used: {0}")]
    Provider(String),
    /// The provider refused the code: old, used, or somebody else's.
    #[error("the identity provider refused the code: {0}")]
    Refused(String),
    /// The token is not to be believed.
    #[error("the identity provider's token is not to be believed: {0}")]
    Token(#[from] TokenError),
}

/// What is wrong with a token.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum TokenError {
    /// It is no signed token.
    #[error("it is no signed JSON Web Token")]
    Malformed,
    /// It names an algorithm that is not believed.
    #[error("it is signed with `{0}`, which is not among RS256, RS384, RS512, PS256, ES256, ES384 and EdDSA")]
    Algorithm(String),
    /// None of the provider's keys made its signature.
    #[error("none of the provider's keys signed it")]
    Signature,
    /// It asks for something that is not known.
    #[error("it asks for extensions that are not known")]
    Critical,
    /// A claim is missing or of another form.
    #[error("its claims cannot be read")]
    Claims,
    /// It is from another issuer.
    #[error("it is from another issuer")]
    Issuer,
    /// It is for another client.
    #[error("it is for another client")]
    Audience,
    /// It ended.
    #[error("it ended")]
    Ended,
    /// It is from the future.
    #[error("it is from the future: are both clocks right?")]
    Early,
    /// It is of another sign-in.
    #[error("it is of another sign-in")]
    Nonce,
    /// Two answers are about two people.
    #[error("the provider's answers are about two people")]
    Subject,
}

impl OpenId {
    /// A provider; it is not asked anything yet.
    ///
    /// # Errors
    ///
    /// [`OpenIdError`] when the settings cannot be used.
    pub fn new(settings: OpenIdSettings) -> Result<Self, OpenIdError> {
        settings.check()?;
        let provider = Provider::new(&settings)?;
        Ok(Self { settings, provider })
    }

    pub(crate) fn settings(&self) -> &OpenIdSettings {
        &self.settings
    }

    /// Where the browser goes to sign in.
    pub(crate) async fn begin(&self, pending: &Pending) -> Result<String, SignInError> {
        let metadata = self.provider.metadata().await?;
        let mut query = form(&[
            ("response_type", "code"),
            ("client_id", &self.settings.client_id),
            ("redirect_uri", &self.settings.redirect_url),
            ("scope", &self.settings.scopes.join(" ")),
            ("state", &pending.state),
            ("nonce", &pending.nonce),
            ("code_challenge", &pending.challenge()),
            ("code_challenge_method", "S256"),
        ]);
        let separator = if metadata.authorization_endpoint.contains('?') { '&' } else { '?' };
        query.insert(0, separator);
        query.insert_str(0, &metadata.authorization_endpoint);
        Ok(query)
    }

    /// Whether an answer names this provider as its issuer, where it names one or has to (RFC 9207).
    pub(crate) async fn is_from_here(&self, issuer: Option<&str>) -> Result<bool, SignInError> {
        match issuer {
            Some(issuer) => Ok(issuer == self.settings.issuer),
            None => Ok(!self.provider.metadata().await?.authorization_response_iss_parameter_supported),
        }
    }

    /// Who it is that the provider gave this code.
    pub(crate) async fn end(
        &self,
        pending: &Pending,
        code: &str,
        now: Timestamp,
    ) -> Result<Person, SignInError> {
        let tokens = self.provider.redeem(&self.settings, code, &pending.verifier).await?;
        let payload = self.provider.verified(&tokens.id_token).await?;
        let claims = Claims::read(&payload)?;
        claims.check(&self.settings, &pending.nonce, now)?;
        let mut told = vec![payload];
        if claims.groups(&told, &self.settings.groups_claim).is_none()
            && let Some(about) = self.provider.user_info(tokens.access_token.as_ref()).await?
        {
            if about.get("sub").and_then(serde_json::Value::as_str) != Some(&claims.sub) {
                return Err(TokenError::Subject.into());
            }
            told.push(about);
        }
        let groups = claims.groups(&told, &self.settings.groups_claim);
        let has_told_groups = groups.is_some();
        let standing = self.settings.standing(&groups.unwrap_or_default());
        let names = claims.names(&told, &self.settings);
        Ok(Person { names, standing, has_told_groups, subject: claims.sub })
    }
}

/// A form, or the query of an address.
fn form(fields: &[(&str, &str)]) -> String {
    serde_html_form::to_string(fields).unwrap_or_default()
}
