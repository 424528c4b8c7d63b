//! Passwords: argon2id with the parameters that OWASP's Password Storage Cheat Sheet names first (19 MiB, two passes).

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

use crate::app::App;
use crate::problem::Problem;

/// Shorter ones are refused (NIST SP 800-63B, for passwords that stand alone).
pub(crate) const SHORTEST: usize = 15;

/// Longer ones are refused: hashing them would be work for nothing.
pub(crate) const LONGEST: usize = 1024;

/// The hash of no password that anybody knows: names that are not known take as long as others.
static NOBODYS: LazyLock<Option<String>> = LazyLock::new(|| {
    Argon2::default().hash_password(&super::secret::random::<32>().ok()?).ok().map(|it| it.to_string())
});

#[derive(Debug, thiserror::Error)]
#[error("a password cannot be hashed")]
struct Unhashed;

/// Hashes a new password.
///
/// # Errors
///
/// It is too short or too long.
pub(crate) async fn hash(app: &App, password: String) -> Result<String, Problem> {
    let length = password.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Err(Problem::bad_request(format!(
            "a password has {SHORTEST} to {LONGEST} characters; a few words that nobody else puts together are good"
        )));
    }
    let _turn = app.hashing.acquire().await;
    let hashed = tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).ok().map(|it| it.to_string())
    });
    hashed.await.ok().flatten().ok_or_else(|| Problem::internal(&Unhashed))
}

/// Whether the password is the one that was hashed. Without a hash it is not, after the same time.
pub(crate) async fn verify(app: &App, password: String, hash: Option<String>) -> bool {
    if password.len() > 4 * LONGEST {
        return false;
    }
    let _turn = app.hashing.acquire().await;
    let verified = tokio::task::spawn_blocking(move || {
        let is_known = hash.is_some();
        let Some(hash) = hash.or_else(|| NOBODYS.clone()) else { return false };
        let Ok(hash) = PasswordHash::new(&hash) else { return false };
        Argon2::default().verify_password(password.as_bytes(), &hash).is_ok() && is_known
    });
    verified.await.unwrap_or(false)
}
