//! A sign-in that is under way, known by a secret in the cookie of the browser that began it.
//!
//! Nothing is kept here: state, nonce and verifier are digests of the secret, so that however many begin, nothing fills up.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use yagura_model::Timestamp;

use crate::problem::Problem;
use crate::sign_in::{CookieName, Secret, is_same, new_secret};

/// The cookie.
const COOKIE: CookieName = CookieName("__Host-yagura_openid");

/// A sign-in has to be done within so many seconds.
const SECONDS: i64 = 600;

/// A sign-in that is under way.
#[derive(Clone)]
pub(crate) struct Pending {
    secret: String,
    /// What comes back with the browser.
    pub(crate) state: String,
    /// What comes back in the token.
    pub(crate) nonce: String,
    /// What proves that whoever has the code began (RFC 7636).
    pub(crate) verifier: String,
}

impl Pending {
    /// A new one.
    pub(crate) fn new(now: Timestamp) -> Result<Self, Problem> {
        let Secret(secret) = new_secret("")?;
        Ok(Self::of(format!("{}.{secret}", now.as_second())))
    }

    fn of(secret: String) -> Self {
        let derived = |purpose: &str| encoded(&format!("{purpose} {secret}"));
        Self { state: derived("state"), nonce: derived("nonce"), verifier: derived("verifier"), secret }
    }

    /// The one of this cookie, when it is the one of this state and its time is not over.
    pub(crate) fn resumed(cookie: &str, state: &str, now: Timestamp) -> Option<Self> {
        let (began, _) = cookie.split_once('.')?;
        let passed = now.as_second().checked_sub(began.parse().ok()?)?;
        let pending = Self::of(cookie.to_owned());
        // A minute before its beginning, too: clocks are set right by a bit.
        let is_in_time = (-60..SECONDS).contains(&passed);
        (is_in_time && is_same(pending.state.as_bytes(), state.as_bytes())).then_some(pending)
    }

    /// What the provider gets to see of the verifier.
    pub(crate) fn challenge(&self) -> String {
        encoded(&self.verifier)
    }

    /// The cookie's text, for the browser.
    pub(crate) fn cookie(&self, is_secure: bool) -> String {
        cookie_text(&self.secret, SECONDS, is_secure)
    }
}

fn encoded(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

/// Sent along when another site leads here, as a provider does.
pub(crate) fn cookie_text(value: &str, seconds: i64, is_secure: bool) -> String {
    let secure = if is_secure { "; Secure" } else { "" };
    let name = COOKIE.of(is_secure);
    format!("{name}={value}; HttpOnly; SameSite=Lax; Path=/; Max-Age={seconds}{secure}")
}

/// The secret out of the cookies.
pub(crate) fn cookie(headers: &HeaderMap, is_secure: bool) -> Option<&str> {
    COOKIE.value(headers, is_secure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_is_resumed_by_its_own_cookie_and_state_within_its_time() {
        let at = |second: i64| Timestamp::from_second(1_000_000 + second).unwrap();
        let (one, other) = (Pending::new(at(0)).unwrap(), Pending::new(at(0)).unwrap());
        let resumed = Pending::resumed(&one.secret, &one.state, at(599)).unwrap();
        assert_eq!((&resumed.nonce, &resumed.verifier), (&one.nonce, &one.verifier));
        let parts = [&one.state, &one.nonce, &one.verifier, &one.challenge()].map(|it| it.to_owned());
        assert!(
            parts.iter().all(|it| it.len() == 43 && parts.iter().filter(|other| it == *other).count() == 1)
        );
        for (cookie, state, now) in [
            (&*one.secret, &*other.state, at(1)),
            (&other.secret, &one.state, at(1)),
            (&one.secret, "", at(1)),
            ("", &one.state, at(1)),
            ("x.y", &one.state, at(1)),
            (&one.secret, &one.state, at(600)),
            (&one.secret, &one.state, at(-61)),
        ] {
            assert!(Pending::resumed(cookie, state, now).is_none(), "{cookie} {state} {now}");
        }
    }
}
