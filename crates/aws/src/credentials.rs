//! Who makes a call: keys that are fetched once for all who wait, kept, and fetched anew before they expire.
//!
//! There is no way to print them.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::identity::Identity;
use futures::future::BoxFuture;

use crate::error::KeysError;

/// Keys are fetched anew this long before they expire.
const BEFORE_EXPIRY: Duration = Duration::from_secs(5 * 60);
/// A failure to fetch keys is told again to everybody who asks within this time.
const FAILURE_KEPT: Duration = Duration::from_secs(10);

/// Keys, fresh from where they come from.
pub(crate) struct Keys {
    pub(crate) identity: Identity,
    pub(crate) expires: Option<SystemTime>,
}

impl From<aws_credential_types::Credentials> for Keys {
    fn from(keys: aws_credential_types::Credentials) -> Self {
        Self { expires: keys.expiry(), identity: Identity::from(keys) }
    }
}

/// Where keys come from.
pub(crate) trait KeySource: Send + Sync {
    /// Fetches keys.
    fn fetch(&self) -> BoxFuture<'_, Result<Keys, KeysError>>;
}

/// The keys of one principal, or the way to get them. Cheap to clone; clones share what was fetched.
#[derive(Clone)]
pub struct Credentials(Option<Arc<Store>>);

struct Store {
    source: Box<dyn KeySource>,
    kept: RwLock<Option<Kept>>,
    fetching: tokio::sync::Mutex<Option<(SystemTime, KeysError)>>,
    /// Whether AWS took them for valid at least once.
    proved: AtomicBool,
}

struct Kept {
    identity: Identity,
    refresh_at: Option<SystemTime>,
    expires: Option<SystemTime>,
}

impl Credentials {
    /// Nobody: requests are sent without a signature. For tests against fakes.
    #[must_use]
    pub fn anonymous() -> Self {
        Self(None)
    }

    /// Keys that never change.
    #[must_use]
    pub fn from_keys(id: &str, secret: &str, session_token: Option<&str>) -> Self {
        let token = session_token.map(str::to_owned);
        let keys = aws_credential_types::Credentials::new(id, secret, token, None, "given");
        Self::from(SharedCredentialsProvider::new(keys))
    }

    /// Keys from where AWS's own tools look; told with the own mistake of the profile that the user named, if any.
    pub(crate) fn from_provider(provider: SharedCredentialsProvider, profile: Option<NamedProfile>) -> Self {
        Self::from_source(Provider { provider, profile })
    }

    pub(crate) fn from_source(source: impl KeySource + 'static) -> Self {
        Self(Some(Arc::new(Store {
            source: Box::new(source),
            kept: RwLock::default(),
            fetching: tokio::sync::Mutex::default(),
            proved: AtomicBool::new(false),
        })))
    }

    /// The identity to sign with; `None` for nobody.
    pub(crate) async fn identity(&self, now: SystemTime) -> Result<Option<Identity>, KeysError> {
        let Some(store) = &self.0 else { return Ok(None) };
        if let Some(identity) = store.fresh(now) {
            return Ok(Some(identity));
        }
        let mut failed = store.fetching.lock().await;
        if let Some(identity) = store.fresh(now) {
            return Ok(Some(identity));
        }
        if let Some((at, error)) = &*failed
            && now.duration_since(*at).is_ok_and(|since| since < FAILURE_KEPT)
        {
            return store.still_valid(now).map(Some).ok_or_else(|| error.clone());
        }
        match store.source.fetch().await {
            Ok(keys) => {
                *failed = None;
                let identity = keys.identity.clone();
                let refresh_at = keys.expires.map(|expires| refresh_at(now, expires));
                *store.kept.write().unwrap_or_else(PoisonError::into_inner) =
                    Some(Kept { identity: keys.identity, refresh_at, expires: keys.expires });
                Ok(Some(identity))
            }
            Err(error) => {
                *failed = Some((now, error.clone()));
                store.still_valid(now).map(Some).ok_or(error)
            }
        }
    }

    /// Forgets the keys, so that the next call fetches new ones.
    pub(crate) fn forget(&self) {
        if let Some(store) = &self.0 {
            *store.kept.write().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }

    /// Notes that AWS took them for valid.
    pub(crate) fn prove(&self) {
        if let Some(store) = &self.0
            && !store.proved.load(Ordering::Relaxed)
        {
            store.proved.store(true, Ordering::Relaxed);
        }
    }

    /// Whether AWS took them for valid before.
    pub(crate) fn are_proved(&self) -> bool {
        self.0.as_ref().is_some_and(|store| store.proved.load(Ordering::Relaxed))
    }
}

/// Well before the expiry, but not so early that keys which live shortly are fetched for every call.
fn refresh_at(now: SystemTime, expires: SystemTime) -> SystemTime {
    let life = expires.duration_since(now).unwrap_or_default();
    expires - BEFORE_EXPIRY.min(life / 2)
}

impl Store {
    fn fresh(&self, now: SystemTime) -> Option<Identity> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.as_ref()?;
        kept.refresh_at.is_none_or(|at| now < at).then(|| kept.identity.clone())
    }

    fn still_valid(&self, now: SystemTime) -> Option<Identity> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.as_ref()?;
        kept.expires.is_none_or(|at| now < at).then(|| kept.identity.clone())
    }
}

impl From<SharedCredentialsProvider> for Credentials {
    fn from(provider: SharedCredentialsProvider) -> Self {
        Self::from_source(Provider { provider, profile: None })
    }
}

struct Provider {
    provider: SharedCredentialsProvider,
    profile: Option<NamedProfile>,
}

/// The profile that the user named, asked alone.
pub(crate) struct NamedProfile {
    pub(crate) name: String,
    pub(crate) provider: SharedCredentialsProvider,
}

impl KeySource for Provider {
    fn fetch(&self) -> BoxFuture<'_, Result<Keys, KeysError>> {
        Box::pin(async {
            let error = match self.provider.provide_credentials().await {
                Ok(keys) => return Ok(Keys::from(keys)),
                Err(error) => error,
            };
            // The chain goes on to the next place when a named profile gives nothing, and ends with that place's error.
            if let Some(profile) = &self.profile
                && let Err(own) = profile.provider.provide_credentials().await
            {
                return Err(KeysError::Profile {
                    name: profile.name.as_str().into(),
                    why: innermost(&own).into(),
                });
            }
            Err(KeysError::None(innermost(&error).trim_end_matches('.').into()))
        })
    }
}

fn innermost(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        told = cause.to_string();
        next = cause.source();
    }
    told
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Credentials(..)" } else { "Credentials(anonymous)" })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use super::*;

    /// Keys that live as long as said; the n-th fetch fails when `fails(n)`.
    struct Counted {
        fetches: Arc<AtomicU32>,
        life: Duration,
        fails: fn(u32) -> bool,
    }

    const START: SystemTime = SystemTime::UNIX_EPOCH;

    impl KeySource for Counted {
        fn fetch(&self) -> BoxFuture<'_, Result<Keys, KeysError>> {
            Box::pin(async {
                let fetch = self.fetches.fetch_add(1, Ordering::Relaxed) + 1;
                tokio::task::yield_now().await;
                if (self.fails)(fetch) {
                    return Err(KeysError::None("nobody".into()));
                }
                let keys = aws_credential_types::Credentials::new("id", "secret", None, None, "test");
                Ok(Keys { identity: Identity::from(keys), expires: Some(START + self.life) })
            })
        }
    }

    fn counted(life: Duration, fails: fn(u32) -> bool) -> (Credentials, Arc<AtomicU32>) {
        let fetches = Arc::new(AtomicU32::new(0));
        (Credentials::from_source(Counted { fetches: fetches.clone(), life, fails }), fetches)
    }

    #[tokio::test]
    async fn many_who_ask_at_once_cause_one_fetch() {
        let (credentials, fetches) = counted(Duration::from_secs(3600), |_| false);
        let asked = (0..50).map(|_| credentials.identity(START));
        for identity in futures::future::join_all(asked).await {
            assert!(identity.unwrap().is_some());
        }
        assert_eq!(fetches.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn keys_are_fetched_anew_five_minutes_before_they_expire() {
        let (credentials, fetches) = counted(Duration::from_secs(3600), |_| false);
        credentials.identity(START).await.unwrap();
        credentials.identity(START + Duration::from_secs(3299)).await.unwrap();
        assert_eq!(fetches.load(Ordering::Relaxed), 1);
        credentials.identity(START + Duration::from_secs(3301)).await.unwrap();
        assert_eq!(fetches.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn old_keys_serve_while_new_ones_cannot_be_had() {
        let (credentials, fetches) = counted(Duration::from_secs(3600), |fetch| fetch > 1);
        credentials.identity(START).await.unwrap();
        let late = START + Duration::from_secs(3500);
        assert!(credentials.identity(late).await.is_ok());
        assert!(credentials.identity(late + Duration::from_secs(1)).await.is_ok());
        assert_eq!(fetches.load(Ordering::Relaxed), 2, "a failure is kept for a while");
        let expired = START + Duration::from_secs(3601);
        assert_eq!(credentials.identity(expired).await.unwrap_err(), KeysError::None("nobody".into()));
    }

    #[test]
    fn keys_are_never_printed() {
        let credentials = Credentials::from_keys("AKIDEXAMPLE", "secret", Some("token"));
        assert_eq!(format!("{credentials:?}"), "Credentials(..)");
    }
}
