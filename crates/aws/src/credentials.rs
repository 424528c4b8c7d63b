//! Who makes a call, without any way to print it.

use std::fmt;

use aws_credential_types::provider::SharedCredentialsProvider;

/// The keys of one principal, or the way to get them. Cheap to clone; prints as nothing but its kind.
#[derive(Clone)]
pub struct Credentials(Option<SharedCredentialsProvider>);

impl Credentials {
    /// Nobody: requests are sent without a signature. For tests against fakes.
    #[must_use]
    pub fn anonymous() -> Self {
        Self(None)
    }
}

impl From<SharedCredentialsProvider> for Credentials {
    fn from(provider: SharedCredentialsProvider) -> Self {
        Self(Some(provider))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Credentials(..)" } else { "Credentials(anonymous)" })
    }
}
