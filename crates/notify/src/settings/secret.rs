//! Secrets: where they are, never what they are, until a delivery needs one.

use std::fmt;
use std::path::PathBuf;

use thiserror::Error;

/// Where a secret is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secret {
    /// In an environment variable.
    Env(String),
    /// In a file, whose last line break does not count.
    File(PathBuf),
}

/// A secret. It has no printable form.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(String);

/// A secret could not be had.
#[derive(Debug, Error)]
pub enum SecretError {
    /// The variable is not there, or empty.
    #[error("the environment variable `{name}` is not set")]
    Unset {
        /// Its name.
        name: String,
    },
    /// The file cannot be read.
    #[error("the file `{}` of a secret cannot be read", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is nothing in the file.
    #[error("the file `{}` of a secret is empty", path.display())]
    Empty {
        /// Which file.
        path: PathBuf,
    },
}

impl Secret {
    /// Fetches it.
    ///
    /// # Errors
    ///
    /// [`SecretError`] when there is none.
    pub fn read(&self) -> Result<SecretText, SecretError> {
        match self {
            Self::Env(name) => match std::env::var(name) {
                Ok(text) if !text.trim().is_empty() => Ok(SecretText(text.trim().to_owned())),
                _ => Err(SecretError::Unset { name: name.clone() }),
            },
            Self::File(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|source| SecretError::Unreadable { path: path.clone(), source })?;
                let text = text.trim();
                if text.is_empty() {
                    return Err(SecretError::Empty { path: path.clone() });
                }
                Ok(SecretText(text.to_owned()))
            }
        }
    }
}

impl SecretText {
    /// A secret that was had elsewhere.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the wire.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Takes the secret out of a text that the other side sent back.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        if self.0.len() < 4 { text.to_owned() } else { text.replace(&self.0, "***") }
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(***)")
    }
}
