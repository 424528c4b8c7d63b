//! Secrets that stand in plain text where they do not belong: in environment variables, outputs, documents.
//!
//! Two things hang on the same judgement, so it is made in one place. Collectors [`redact`] what is found
//! before anything is kept, and rules ask ([`find`]) whether something was found; a redacted text still answers yes.
//!
//! Only what is told for sure counts: values shaped like known credentials, and telling names whose value looks like a
//! password or a random key. References (ARNs, paths, `{{resolve:...}}`), what KMS encrypted, placeholders and local
//! test databases are left alone: a false alarm costs more than a miss.
//!
//! ```
//! use yagura_secrets::{redact, find};
//!
//! assert!(find("DB_PASSWORD", "correct-h0rse!battery").is_some());
//! assert!(find("DB_PASSWORD", "{{resolve:secretsmanager:db}}").is_none());
//! let kept = redact("url", "postgres://app:s3cret9@db.internal/main");
//! assert_eq!(kept, "postgres://[redacted: password in a URL]@db.internal/main");
//! assert!(find("url", &kept).is_some());
//! ```

mod json;
mod names;
mod shapes;

use std::borrow::Cow;

pub use json::redact_json;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Secret {
    /// A private key in PEM, plain or in base64.
    PrivateKey,
    /// An access key of an IAM user.
    AccessKey,
    /// The id of one alone: no secret, but its secret is seldom far.
    AccessKeyId,
    /// A token that says by its shape whose it is: of a code host, a chat, a payment service.
    Token,
    /// A password in a URL.
    UrlPassword,
    /// A password or key in a connection string.
    ConnectionString,
    /// A value under a name that says password.
    Password,
    /// A random value under a name that says key, secret or token.
    Key,
    /// What was redacted earlier.
    Redacted,
}

impl Secret {
    /// What it is, in a few words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PrivateKey => "private key",
            Self::AccessKey => "access key",
            Self::AccessKeyId => "id of an access key",
            Self::Token => "token",
            Self::UrlPassword => "password in a URL",
            Self::ConnectionString => "password in a connection string",
            Self::Password => "password",
            Self::Key => "key",
            Self::Redacted => "secret",
        }
    }
}

/// How every redacted part begins.
const MARK: &str = "[redacted: ";

/// The secret in a value that stands under a name, if there is one.
#[must_use]
pub fn find(name: &str, value: &str) -> Option<Secret> {
    find_in(value).or_else(|| names::find(name, value))
}

/// The secret in a text, whatever its name: by its shape, and in JSON by the names inside, too.
#[must_use]
pub fn find_in(text: &str) -> Option<Secret> {
    if text.contains(MARK) {
        return Some(Secret::Redacted);
    }
    shapes::first(text).or_else(|| json::find_in(text))
}

/// The value with each secret in it taken out: where, and of which kind, stays.
#[must_use]
pub fn redact<'v>(name: &str, value: &'v str) -> Cow<'v, str> {
    if let Some(secret) = names::find(name, value) {
        return Cow::Owned(format!("{MARK}{}]", secret.as_str()));
    }
    let Some(redacted) = json::redact_text(value) else { return shapes::redact(value) };
    // What is left: secrets that stand where JSON has names.
    Cow::Owned(shapes::redact(&redacted).into_owned())
}

#[cfg(test)]
mod tests;
