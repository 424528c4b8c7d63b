//! Puts a client together from what the caller says and, for the rest, from where AWS's own tools look.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI64};
use std::sync::{Arc, Mutex, RwLock};

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::service_config::ServiceConfigKey;
use thiserror::Error;
use tokio::sync::Semaphore;
use yagura_model::Region;
use yagura_packs::Packs;

use super::{Client, Counters, Inner};
use crate::credentials::NamedProfile;
use crate::endpoint::{EndpointConfig, Endpoints};
use crate::http::{Http, TrustError};
use crate::limit::Limits;
use crate::retry::RetryPolicy;
use crate::{Credentials, TableError, Tables};

/// Calls under way at once, unless said otherwise.
const IN_FLIGHT: usize = 256;

/// A client could not be put together.
#[derive(Debug, Error)]
pub enum ClientError {
    /// The table of endpoints is broken.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The certificates to trust cannot be used.
    #[error(transparent)]
    Trust(#[from] TrustError),
}

/// Says what a client is to be. What is not said is looked up by [`load`](ClientBuilder::load).
#[derive(Debug, Default)]
pub struct ClientBuilder {
    packs: Option<Arc<Packs>>,
    endpoint: Option<EndpointConfig>,
    retry: RetryPolicy,
    in_flight: Option<usize>,
    profile: Option<String>,
    region: Option<Region>,
    credentials: Option<Credentials>,
    fips: bool,
    dual_stack: bool,
}

impl ClientBuilder {
    /// Takes the tables from these packs instead of the embedded ones.
    #[must_use]
    pub fn packs(mut self, packs: Arc<Packs>) -> Self {
        self.packs = Some(packs);
        self
    }

    /// Which endpoints are asked, instead of what the environment and the profile say.
    #[must_use]
    pub fn endpoint(mut self, config: EndpointConfig) -> Self {
        self.endpoint = Some(config);
        self
    }

    /// How patient calls are.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How many requests may be under way at once.
    #[must_use]
    pub fn in_flight(mut self, requests: usize) -> Self {
        self.in_flight = Some(requests);
        self
    }

    /// The profile of AWS's configuration files.
    #[must_use]
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self
    }

    /// The region from which global questions are asked.
    #[must_use]
    pub fn region(mut self, region: Region) -> Self {
        self.region = Some(region);
        self
    }

    /// Whose keys to use, instead of looking for some.
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Asks FIPS endpoints, whatever environment and profile say.
    #[must_use]
    pub fn fips(mut self, on: bool) -> Self {
        self.fips |= on;
        self
    }

    /// Asks endpoints that speak IPv4 and IPv6, whatever environment and profile say.
    #[must_use]
    pub fn dual_stack(mut self, on: bool) -> Self {
        self.dual_stack |= on;
        self
    }

    /// Looks up what was not said: profile, environment, container, instance.
    ///
    /// Heeded are the files and variables of AWS's own tools: `AWS_PROFILE`, `AWS_REGION`, `AWS_ACCESS_KEY_ID` and its
    /// companions, `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS`,
    /// `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT`, `AWS_CA_BUNDLE`, `AWS_EC2_METADATA_DISABLED`, and
    /// `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`.
    ///
    /// # Errors
    ///
    /// [`ClientError`] when the endpoints' table or the trusted certificates cannot be used. Missing credentials show
    /// at the first call.
    pub async fn load(self) -> Result<Client, ClientError> {
        let http = self.http()?;
        let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http.for_credentials());
        if let Some(profile) = &self.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = &self.region {
            loader = loader.region(aws_config::Region::new(region.to_string()));
        }
        let found = loader.load().await;
        self.finish(http, Some(found))
    }

    /// Looks nothing up: what was not said is left out. For tests and benchmarks.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    pub fn build(self) -> Result<Client, ClientError> {
        let http = self.http()?;
        self.finish(http, None)
    }

    fn http(&self) -> Result<Http, TrustError> {
        let bundle = std::env::var_os("AWS_CA_BUNDLE").map(PathBuf::from);
        Http::new(self.in_flight.unwrap_or(IN_FLIGHT), bundle.as_deref())
    }

    fn finish(self, http: Http, found: Option<SdkConfig>) -> Result<Client, ClientError> {
        let packs = self.packs.unwrap_or_else(|| Arc::new(Packs::embedded()));
        let provider = found.as_ref().and_then(SdkConfig::credentials_provider);
        let profile =
            self.profile.or_else(|| std::env::var("AWS_PROFILE").ok()).map(|name| named(name, &http));
        let credentials = self
            .credentials
            .or_else(|| provider.map(|provider| Credentials::from_provider(provider, profile)))
            .unwrap_or_else(Credentials::anonymous);
        let region = self
            .region
            .or_else(|| found.as_ref()?.region().map(|region| Region::new(region.as_ref())))
            .unwrap_or_else(|| Region::new("us-east-1"));
        let mut config = match (self.endpoint, &found) {
            (Some(config), _) => config,
            (None, Some(found)) => configured(found),
            (None, None) => EndpointConfig::default(),
        };
        config.fips |= self.fips;
        config.dual_stack |= self.dual_stack;
        let mut endpoints = Endpoints::read(&packs, config)?;
        if let Some(found) = found {
            endpoints = endpoints.with_lookup(move |id| service_url(&found, id));
        }
        let inner = Inner {
            tables: Tables::new(packs),
            endpoints,
            resolved: RwLock::new(HashMap::new()),
            entered: Mutex::new(HashMap::new()),
            no_hosts: Mutex::new(HashSet::new()),
            bucket_regions: RwLock::default(),
            reached_aws: AtomicBool::new(false),
            http,
            limits: Limits::default(),
            in_flight: Semaphore::new(self.in_flight.unwrap_or(IN_FLIGHT).max(1)),
            retry: self.retry,
            counters: Counters::default(),
            clock_ahead: AtomicI64::new(0),
            credentials,
            region,
        };
        Ok(Client { inner: Arc::new(inner) })
    }
}

fn named(name: String, http: &Http) -> NamedProfile {
    let config = ProviderConfig::default().with_http_client(http.for_credentials());
    let provider = ProfileFileCredentialsProvider::builder().configure(&config).profile_name(&name).build();
    NamedProfile { name, provider: SharedCredentialsProvider::new(provider) }
}

fn configured(found: &SdkConfig) -> EndpointConfig {
    EndpointConfig {
        fips: found.use_fips().unwrap_or(false),
        dual_stack: found.use_dual_stack().unwrap_or(false),
        url: found.endpoint_url().map(str::to_owned),
        service_urls: std::collections::BTreeMap::new(),
    }
}

/// `AWS_ENDPOINT_URL_<SERVICE>` and `endpoint_url` of a profile's `services` section.
fn service_url(found: &SdkConfig, id: &str) -> Option<String> {
    let ignored = std::env::var("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
    if ignored.is_ok_and(|value| value.eq_ignore_ascii_case("true")) {
        return None;
    }
    let key = ServiceConfigKey::builder()
        .service_id(id)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok()?;
    found.service_config()?.load_config(key)
}
