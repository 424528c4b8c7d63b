//! Links to objects that whoever holds them may read for a while.
//!
//! Nothing is sent: a link is a signature over a request that somebody else will make.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials as Keys;
use jiff::Timestamp;
use serde_json::json;
use thiserror::Error;

use super::Client;
use crate::protocol;
use crate::sign;
use crate::{CallError, CallErrorKind, Target};

const CALL: &str = "s3.GetObject";

/// The longest life of a link: S3 takes no longer one.
pub const LONGEST_LINK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A link.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    /// The address. Whoever holds it may read the object.
    pub url: String,
    /// Until when it can be used: as long as was asked for, or as long as the keys live that it was signed with.
    pub expires: Timestamp,
    /// What is to be said about its life.
    pub life: LinkLife,
}

/// How long a link lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkLife {
    /// As long as was asked for.
    Whole,
    /// The keys end earlier, and the link with them: so it is with those of a role.
    EndsWithKeys,
    /// The keys are passing ones, and do not tell when they end.
    NotKnown,
}

impl std::fmt::Debug for Link {
    /// The address is a secret as long as it lives.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link")
            .field("expires", &self.expires)
            .field("life", &self.life)
            .finish_non_exhaustive()
    }
}

/// Why there is no link.
#[derive(Debug, Error)]
pub enum LinkError {
    /// S3 takes none that lives so long, or no time at all.
    #[error("a link lives between a second and seven days")]
    Lifetime,
    /// There is nobody to sign it, or the object's name cannot be used.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl Client {
    /// A link to an object. Where the bucket is must be known: after it was written to, it is.
    ///
    /// # Errors
    ///
    /// [`LinkError`] when there are no keys, or S3 would not take the link.
    pub async fn link(
        &self,
        target: &Target,
        bucket: &str,
        key: &str,
        lifetime: Duration,
    ) -> Result<Link, LinkError> {
        if lifetime < Duration::from_secs(1) || lifetime > LONGEST_LINK {
            return Err(LinkError::Lifetime);
        }
        let failed = |kind, why: String| CallError::new(CALL, &target.region, kind, why);
        let operation = self.operation(target, CALL)?;
        let input = json!({ "Bucket": bucket, "Key": key });
        let request = protocol::request(operation.service(), operation.operation(), &input)
            .map_err(|error| failed(CallErrorKind::Input, error.to_string()))?;
        let region = self.inner.bucket_region(bucket).unwrap_or_else(|| target.region.clone());
        let endpoint = self
            .inner
            .endpoint(operation.service(), &region)
            .ok_or_else(|| failed(CallErrorKind::NotSupported, "S3 has no endpoint here".to_owned()))?;
        let identity = target
            .credentials
            .identity(SystemTime::now())
            .await
            .map_err(|error| failed(CallErrorKind::Credentials, error.to_string()))?
            .ok_or_else(|| failed(CallErrorKind::Credentials, "there are no keys to sign with".to_owned()))?;
        let url =
            format!("{}://{}{}{}", endpoint.scheme, endpoint.authority, endpoint.base_path, request.target);
        let now = self.inner.now();
        let url = sign::link(&url, &endpoint, &identity, now, lifetime)
            .map_err(|error| failed(CallErrorKind::Credentials, error.to_string()))?;
        let asked = now + lifetime;
        let passing = identity.data::<Keys>().is_some_and(|keys| keys.session_token().is_some());
        let (expires, life) = match identity.expiration() {
            Some(end) if end < asked => (end, LinkLife::EndsWithKeys),
            None if passing => (asked, LinkLife::NotKnown),
            _ => (asked, LinkLife::Whole),
        };
        let expires = Timestamp::try_from(expires).unwrap_or(Timestamp::MAX);
        Ok(Link { url, expires, life })
    }
}

#[cfg(test)]
mod tests {
    use yagura_model::{AccountId, Region};

    use super::*;
    use crate::Credentials;

    fn client() -> Client {
        Client::builder()
            .region(Region::new("ap-northeast-1"))
            .credentials(Credentials::anonymous())
            .build()
            .unwrap()
    }

    fn target(credentials: Credentials) -> Target {
        Target {
            account: AccountId::new("111122223333").unwrap(),
            region: Region::new("ap-northeast-1"),
            credentials,
        }
    }

    #[tokio::test]
    async fn a_link_lives_as_long_as_asked_and_holds_no_secret() {
        let keys = Credentials::from_keys("AKIDEXAMPLE", "very-secret", None);
        let link =
            client().link(&target(keys), "reports", "a b/週.xlsx", Duration::from_secs(3600)).await.unwrap();
        assert_eq!(link.life, LinkLife::Whole);
        assert!(link.url.starts_with("https://"), "{}", link.url);
        for part in [
            "/reports/a%20b/%E9%80%B1.xlsx?",
            "X-Amz-Expires=3600",
            "X-Amz-Signature=",
            "X-Amz-Algorithm=AWS4-HMAC-SHA256",
        ] {
            assert!(link.url.contains(part), "{part}: {}", link.url);
        }
        assert!(!link.url.contains("very-secret"));
        assert!(!format!("{link:?}").contains("Signature"));
    }

    #[tokio::test]
    async fn a_link_of_passing_keys_says_so_and_none_lives_longer_than_a_week() {
        let keys = Credentials::from_keys("ASIAEXAMPLE", "secret", Some("a/token=="));
        let link = client().link(&target(keys.clone()), "reports", "a", LONGEST_LINK).await.unwrap();
        assert_eq!(link.life, LinkLife::NotKnown);
        assert!(link.url.contains("X-Amz-Security-Token=a%2Ftoken%3D%3D"), "{}", link.url);
        for lifetime in [Duration::ZERO, LONGEST_LINK + Duration::from_secs(1)] {
            let error = client().link(&target(keys.clone()), "reports", "a", lifetime).await.unwrap_err();
            assert!(matches!(error, LinkError::Lifetime));
        }
        let nobody = client().link(&target(Credentials::anonymous()), "r", "a", LONGEST_LINK).await;
        assert!(nobody.is_err());
    }
}
