//! The first administrator's way in.

use std::sync::{Mutex, PoisonError};

use yagura_store::SecretDigest;

use super::secret::{digest, new_secret};
use crate::problem::Problem;

/// The secret that lets somebody become the first administrator.
#[derive(Debug, Default)]
pub(crate) struct Setup(Mutex<Option<SecretDigest>>);

impl Setup {
    /// A new secret in place of the one before.
    pub(crate) fn renew(&self) -> Result<String, Problem> {
        let secret = new_secret("")?.0;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(digest(&secret));
        Ok(secret)
    }

    /// Whether this is it.
    pub(crate) fn is_known(&self, secret: &str) -> bool {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) == Some(digest(secret))
    }

    /// It worked, and works no more.
    pub(crate) fn end(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
