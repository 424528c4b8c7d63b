//! Secrets of sessions and tokens: 256 random bits, known to the store by their digest.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom as _, SystemRandom};
use sha2::{Digest as _, Sha256};
use yagura_store::SecretDigest;

use crate::problem::Problem;

/// A secret that is shown once.
#[derive(Clone)]
pub(crate) struct Secret(pub(crate) String);

/// A new one; `prefix` says what it is for, so that scanners for leaked secrets find it.
pub(crate) fn new_secret(prefix: &str) -> Result<Secret, Problem> {
    Ok(Secret(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random::<32>()?))))
}

/// Random bytes.
pub(crate) fn random<const BYTES: usize>() -> Result<[u8; BYTES], Problem> {
    let mut bytes = [0; BYTES];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Problem::internal(&NoRandomness))?;
    Ok(bytes)
}

#[derive(Debug, thiserror::Error)]
#[error("the system gives no random numbers")]
struct NoRandomness;

/// What the store knows of a secret.
pub(crate) fn digest(secret: &str) -> SecretDigest {
    Sha256::digest(secret.as_bytes()).into()
}

/// Whether two texts are the same, in a time that does not tell how far they agree.
pub(crate) fn is_same(a: &[u8], b: &[u8]) -> bool {
    // Digests of what nobody can choose: where two differ says nothing about the texts.
    Sha256::digest(a) == Sha256::digest(b)
}

/// Bytes as digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
