//! Codes of authenticators (RFC 6238): six digits, thirty seconds, one step early or late.

use totp_rs::{Builder, Secret, Totp};
use yagura_model::Timestamp;

use super::secret::random;
use crate::problem::Problem;

#[derive(Debug, thiserror::Error)]
#[error("the secret of an authenticator cannot be used")]
struct Unusable;

fn totp(secret: Secret, name: &str) -> Option<Totp> {
    // The two are separated by a colon in the address that authenticators read.
    let name = name.replace(':', " ");
    Builder::new().with_secret(secret).with_account_name(name).with_issuer(Some("Yagura")).build().ok()
}

/// A new authenticator.
pub(crate) struct Authenticator {
    /// The secret in base 32, for the store and for who types it.
    pub(crate) secret: String,
    /// What its app reads: `otpauth://...`.
    pub(crate) url: String,
}

impl Authenticator {
    /// With a new secret.
    pub(crate) fn new(name: &str) -> Result<Self, Problem> {
        let secret = Secret::from(random::<20>()?.to_vec());
        let encoded = secret.to_base32();
        let totp = totp(secret, name).ok_or_else(|| Problem::internal(&Unusable))?;
        let url = totp.to_url().map_err(|_| Problem::internal(&Unusable))?;
        Ok(Self { secret: encoded, url })
    }
}

/// The time step whose code this is, where it is one that counts now.
pub(crate) fn step_of(secret: &str, code: &str, now: Timestamp) -> Option<i64> {
    let time = u64::try_from(now.as_second()).ok()?;
    let totp = totp(Secret::try_from_base32(secret).ok()?, "user")?;
    i64::try_from(totp.check(code, time)?).ok()
}
