//! The way of one call: input to request, rate limit, signature, exchange, verdict, another attempt, answer.

mod attempt;
mod builder;
mod deliver;
mod object;
mod objects;
mod presign;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use futures::future::BoxFuture;
use serde_json::Value;
use tokio::sync::Semaphore;
use yagura_model::{AccountId, Partition, Region};

pub use builder::{ClientBuilder, ClientError};

pub use object::{Object, ObjectError};
pub use objects::{ListedObject, ObjectPage, ObjectPages};
pub use presign::{LONGEST_LINK, Link, LinkError, LinkLife};

use attempt::Reading;
use deliver::DELIVERING;

use crate::endpoint::{Endpoint, Endpoints};
use crate::http::Http;
use crate::limit::Limits;
use crate::paginate::Joined;
use crate::protocol;
use crate::retry::RetryPolicy;
use crate::tables::{OperationRef, Service};
use crate::{Api, CallError, CallErrorKind, Credentials, RoleConfig, Tables, Target};

/// What only the reader of a queue does. Collectors, whoever wrote them, change nothing.
const OF_QUEUE_READERS: &[&str] = &[
    "sqs.ChangeMessageVisibility",
    "sqs.ChangeMessageVisibilityBatch",
    "sqs.DeleteMessage",
    "sqs.DeleteMessageBatch",
    "sqs.ReceiveMessage",
];

/// So many buckets of other regions are remembered.
const MOST_BUCKETS: usize = 10_000;

/// More pages than this are not an answer but a loop.
const MOST_PAGES: usize = 100_000;

/// Calls AWS. Cheap to clone; clones share connections, limits and counters.
#[derive(Clone, Debug)]
pub struct Client {
    inner: Arc<Inner>,
}

/// Endpoints by service and region.
type Resolved = HashMap<(Box<str>, Region), Option<Arc<Endpoint>>>;

/// A role of an account.
type RoleKey = (AccountId, RoleConfig);

#[derive(Debug)]
struct Inner {
    tables: Tables,
    endpoints: Endpoints,
    resolved: RwLock<Resolved>,
    /// The roles that were assumed, by account.
    entered: Mutex<HashMap<RoleKey, Credentials>>,
    /// Hosts that do not exist, so that a run asks for each name once.
    no_hosts: Mutex<HashSet<Box<str>>>,
    /// Where buckets are that turned out to be in another region than the one asked.
    bucket_regions: RwLock<HashMap<Box<str>, Region>>,
    /// Whether a host of AWS's own has answered.
    reached_aws: AtomicBool,
    http: Http,
    limits: Limits,
    in_flight: Semaphore,
    retry: RetryPolicy,
    counters: Counters,
    /// How many seconds AWS's clock is ahead of this machine's.
    clock_ahead: AtomicI64,
    credentials: Credentials,
    region: Region,
}

#[derive(Debug, Default)]
struct Counters {
    requests: AtomicU64,
    retries: AtomicU64,
    throttled: AtomicU64,
}

/// What a client did so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Requests sent, pages and repeated attempts included.
    pub requests: u64,
    /// Repeated attempts.
    pub retries: u64,
    /// Answers that asked for patience.
    pub throttled: u64,
    /// Rate limits in force now: accounts, regions and services that are asked slowly.
    pub slowed: usize,
}

impl Client {
    /// A client from the environment, the profile and the instance, where the builder is not told otherwise.
    #[must_use]
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// The caller's own credentials, as configured.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.inner.credentials
    }

    /// The configured region, or the home of the partition.
    #[must_use]
    pub fn region(&self) -> &Region {
        &self.inner.region
    }

    /// The region where services without regions are asked in a partition.
    #[must_use]
    pub fn home(&self, partition: Partition) -> Region {
        self.inner.endpoints.home(partition)
    }

    /// Every region that the tables know of a partition, whether or not it is enabled.
    pub fn known_regions(&self, partition: Partition) -> impl Iterator<Item = Region> + '_ {
        self.inner.endpoints.regions(partition).map(Region::new)
    }

    /// The operations that can be called.
    #[must_use]
    pub fn tables(&self) -> &Tables {
        &self.inner.tables
    }

    /// What was done so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let counters = &self.inner.counters;
        Stats {
            requests: counters.requests.load(Ordering::Relaxed),
            retries: counters.retries.load(Ordering::Relaxed),
            throttled: counters.throttled.load(Ordering::Relaxed),
            slowed: self.inner.limits.slowed(),
        }
    }

    /// Makes one call and joins all pages of its answer.
    ///
    /// # Errors
    ///
    /// [`CallError`] when there is no whole answer.
    pub async fn call_all(&self, target: &Target, call: &str, input: &Value) -> Result<Value, CallError> {
        let operation = self.operation(target, call)?;
        let first = self.page(target, call, &operation, input).await?;
        let Some(pages) = &operation.operation().pages else { return Ok(first) };
        let mut joined = Joined::new(pages, first);
        let unreadable = |why: &str| CallError::new(call, &target.region, CallErrorKind::Unreadable, why);
        let mut count = 1;
        while let Some(next) = joined.next_input(input) {
            if count >= MOST_PAGES {
                return Err(unreadable("the answer has no last page"));
            }
            let page = self.page(target, call, &operation, &next).await?;
            joined.add(page).map_err(|_| unreadable("the same page token came twice"))?;
            count += 1;
        }
        Ok(joined.finish())
    }

    /// Makes one call and gives one page as AWS sent it, token and all.
    ///
    /// # Errors
    ///
    /// [`CallError`] when there is no answer.
    pub async fn call_once(&self, target: &Target, call: &str, input: &Value) -> Result<Value, CallError> {
        let operation = self.operation(target, call)?;
        self.page(target, call, &operation, input).await
    }

    /// The credentials of a role that was asked for before.
    pub(crate) fn entered(&self, key: &RoleKey) -> Option<Credentials> {
        self.inner.entered.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// Keeps the credentials of a role; if somebody was faster, theirs.
    pub(crate) fn remember_entered(&self, key: RoleKey, credentials: Credentials) -> Credentials {
        let mut entered = self.inner.entered.lock().unwrap_or_else(PoisonError::into_inner);
        entered.entry(key).or_insert(credentials).clone()
    }

    fn operation(&self, target: &Target, call: &str) -> Result<OperationRef, CallError> {
        if DELIVERING.contains(&call) {
            let why = "this call changes something: only what delivers may make it";
            return Err(CallError::new(call, &target.region, CallErrorKind::Input, why));
        }
        let told = |error: crate::TableError| {
            CallError::new(call, &target.region, CallErrorKind::Input, error.to_string())
        };
        self.inner.tables.operation(call).map_err(told)
    }

    async fn page(
        &self,
        target: &Target,
        call: &str,
        operation: &OperationRef,
        input: &Value,
    ) -> Result<Value, CallError> {
        let failed = |kind, why: String| CallError::new(call, &target.region, kind, why);
        let request = protocol::request(operation.service(), operation.operation(), input)
            .map_err(|error| failed(CallErrorKind::Input, error.to_string()))?;
        let (response, _) = self.inner.attempts(target, call, operation, &request, Reading::Whole).await?;
        protocol::answer(operation.service(), operation.operation(), &response)
            .map_err(|error| failed(CallErrorKind::Unreadable, error.to_string()))
    }
}

impl Inner {
    /// Where a service is; `None` when there is no endpoint of the configured kind.
    fn endpoint(&self, service: &Service, region: &Region) -> Option<Arc<Endpoint>> {
        let key = (service.name.clone(), region.clone());
        if let Some(known) = self.resolved.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known.clone();
        }
        let region_name =
            if region.is_global() { self.endpoints.home(self.region.partition()) } else { region.clone() };
        let endpoint = self.endpoints.resolve(service, region_name.as_str()).map(Arc::new);
        let mut resolved = self.resolved.write().unwrap_or_else(PoisonError::into_inner);
        resolved.entry(key).or_insert(endpoint).clone()
    }

    /// AWS's time, as far as it is known.
    fn now(&self) -> SystemTime {
        let ahead = self.clock_ahead.load(Ordering::Relaxed);
        let seconds = Duration::from_secs(ahead.unsigned_abs());
        if ahead >= 0 { SystemTime::now() + seconds } else { SystemTime::now() - seconds }
    }

    fn bucket_region(&self, bucket: &str) -> Option<Region> {
        self.bucket_regions.read().unwrap_or_else(PoisonError::into_inner).get(bucket).cloned()
    }

    fn remember_bucket(&self, bucket: &str, region: Region) {
        let mut known = self.bucket_regions.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_BUCKETS {
            known.clear();
        }
        known.insert(bucket.into(), region);
    }

    fn has_no_host(&self, host: &str) -> bool {
        self.no_hosts.lock().unwrap_or_else(PoisonError::into_inner).contains(host)
    }

    fn remember_no_host(&self, host: &str) {
        self.no_hosts.lock().unwrap_or_else(PoisonError::into_inner).insert(host.into());
    }
}

impl Api for Client {
    fn call<'a>(
        &'a self,
        target: &'a Target,
        call: &'a str,
        input: &'a Value,
    ) -> BoxFuture<'a, Result<Value, CallError>> {
        if OF_QUEUE_READERS.contains(&call) {
            let why = "this call changes a queue: only what reads the queue's messages may make it";
            let error = CallError::new(call, &target.region, CallErrorKind::Input, why);
            return Box::pin(std::future::ready(Err(error)));
        }
        Box::pin(self.call_all(target, call, input))
    }
}
