//! Passwords: argon2id with the parameters that OWASP's Password Storage Cheat Sheet names first (19 MiB, two passes).

use std::sync::{Arc, LazyLock};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::OwnedSemaphorePermit;
use yagura_store::Credentials;

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

/// Waits for a turn. The work takes it along: who hangs up does not end the work, and must not let the next one begin.
async fn turn(app: &App) -> Option<OwnedSemaphorePermit> {
    Arc::clone(&app.hashing).acquire_owned().await.ok()
}

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
    let turn = turn(app).await;
    let hashed = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        Argon2::default().hash_password(password.as_bytes()).ok().map(|it| it.to_string())
    });
    hashed.await.ok().flatten().ok_or_else(|| Problem::internal(&Unhashed))
}

/// What somebody proves themselves with to whom somebody else gives a password.
///
/// # Errors
///
/// It is too short or too long.
pub(crate) async fn given(app: &App, password: String) -> Result<Credentials, Problem> {
    Ok(Credentials { password: Some(hash(app, password).await?), is_given: true, totp: None })
}

/// Whether the password is the one that was hashed. Without a hash it is not, after the same time.
pub(crate) async fn verify(app: &App, password: String, hash: Option<String>) -> bool {
    if password.len() > 4 * LONGEST {
        return false;
    }
    let turn = turn(app).await;
    let verified = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let is_known = hash.is_some();
        let Some(hash) = hash.or_else(|| NOBODYS.clone()) else { return false };
        let Ok(hash) = PasswordHash::new(&hash) else { return false };
        Argon2::default().verify_password(password.as_bytes(), &hash).is_ok() && is_known
    });
    verified.await.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use yagura_store::Store;

    use super::*;
    use crate::app::{Server, Settings};
    use crate::world::World;

    #[tokio::test(flavor = "multi_thread")]
    async fn who_hangs_up_makes_no_room_before_the_work_is_done() {
        let store = Store::in_memory().await.unwrap();
        let clock = std::sync::Arc::new(yagura_model::Timestamp::now);
        let server = Server::new(store, World::default(), Settings::new(clock));
        let app = server.app();
        {
            let mut verifying = pin!(verify(app, "a password that nobody has".to_owned(), None));
            assert!(futures::poll!(verifying.as_mut()).is_pending());
        }
        // Nobody waits for it any more, and it takes its place all the same.
        assert_eq!(app.hashing.available_permits(), 1);
        while app.hashing.available_permits() < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
}
