//! What every request has at hand.

use std::fmt;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use axum::Router;
use axum::body::Bytes;
use jiff::SignedDuration;
use tokio::sync::{Semaphore, watch};
use utoipa::openapi::OpenApi;
use yagura_model::{Timestamp, User};
use yagura_store::{Credentials, Store, UserError};

use crate::api;
use crate::counted::Counted;
use crate::derived::Cache;
use crate::jobs::Jobs;
use crate::messages::Messages;
use crate::openid::OpenId;
use crate::progress;
use crate::reports::Reports;
use crate::route::{RouteInfo, Routes};
use crate::shares::Shares;
use crate::sign_in::{self, Limiter, Register, Setup};
use crate::telemetry::{Metrics, OnRequest};
use crate::world::World;

/// Where the present comes from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How the server behaves.
#[derive(Clone)]
pub struct Settings {
    /// Where the present comes from.
    pub clock: Clock,
    /// Whether browsers reach the server through TLS alone: then they keep its cookie from everything else.
    pub is_secure: bool,
    /// Whether a proxy is before the server, which tells in `X-Forwarded-For` from where requests come.
    pub is_behind_proxy: bool,
    /// An identity provider that people may sign in through.
    pub openid: Option<Arc<OpenId>>,
    /// What may become of a request's span before it is answered.
    pub on_request: Option<OnRequest>,
    /// How long a session lives.
    pub session: SignedDuration,
    /// How long a session lives that is not used.
    pub idle: SignedDuration,
    /// What goes on by itself, for the API to tell of and to ask for.
    pub jobs: Jobs,
    /// Who makes reports.
    pub reports: Option<Arc<dyn Reports>>,
    /// Who sends messages that somebody asks for.
    pub messages: Option<Arc<dyn Messages>>,
}

impl Settings {
    /// As most want it: sessions of a week that end after twelve hours without use.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            is_secure: false,
            is_behind_proxy: false,
            openid: None,
            on_request: None,
            session: SignedDuration::from_hours(7 * 24),
            idle: SignedDuration::from_hours(12),
            jobs: Jobs::default(),
            reports: None,
            messages: None,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            clock: _,
            is_secure,
            is_behind_proxy,
            openid,
            on_request: _,
            session,
            idle,
            jobs,
            reports,
            messages,
        } = self;
        f.debug_struct("Settings")
            .field("is_secure", is_secure)
            .field("is_behind_proxy", is_behind_proxy)
            .field("openid", openid)
            .field("session", session)
            .field("idle", idle)
            .field("jobs", jobs)
            .field("reports", reports)
            .field("messages", messages)
            .finish_non_exhaustive()
    }
}

/// Passwords that are hashed at the same time: each takes 19 MiB of memory and a processor.
const HASHED_AT_ONCE: usize = 2;

/// Files that one person has under way at a time, reports and lists: each lies on the disk until it is sent.
const FILES_OF_ONE: usize = 3;

/// Reports and lists of findings that are made at the same time: each goes through the findings.
const REPORTS_AT_ONCE: usize = 2;

/// Streams of events that one person follows at the same time: every one asks the store again and again. More windows than anybody looks at.
const FOLLOWED_AT_ONCE: usize = 30;

/// What every request has at hand.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) settings: Settings,
    pub(crate) limiter: Limiter,
    pub(crate) metrics: Metrics,
    pub(crate) setup: Setup,
    pub(crate) hashing: Arc<Semaphore>,
    /// How many files each person has under way.
    pub(crate) files: Shares,
    /// Whoever makes a report or a list holds a part of this.
    pub(crate) reporting: Arc<Semaphore>,
    /// How findings went on.
    pub(crate) progress: progress::Counted,
    /// Whether the server is to stop: streams end then.
    pub(crate) stopping: watch::Sender<bool>,
    world: RwLock<Arc<World>>,
    openid: RwLock<Option<Arc<OpenId>>>,
    /// Whoever changes suppressions holds this: all of them are applied at once.
    pub(crate) suppressing: tokio::sync::Mutex<()>,
    /// What is worked out from the last scan.
    pub(crate) derived: Cache,
    /// The description of the API, once somebody asked for it.
    pub(crate) description: OnceLock<Bytes>,
    /// How many streams each person follows.
    pub(crate) following: Shares,
    /// Who is in, for streams.
    pub(crate) register: Register,
    /// Counts that were asked for already.
    pub(crate) counted: Counted,
}

impl App {
    pub(crate) fn now(&self) -> Timestamp {
        (self.settings.clock)()
    }

    /// The present to the minute, for what changes with time alone and is worth remembering for as long.
    pub(crate) fn this_minute(&self) -> Timestamp {
        let now = self.now();
        let whole = now.as_second().div_euclid(60) * 60;
        Timestamp::from_second(whole).unwrap_or(now)
    }

    pub(crate) fn world(&self) -> Arc<World> {
        Arc::clone(&self.world.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The identity provider of now.
    pub(crate) fn openid(&self) -> Option<Arc<OpenId>> {
        self.openid.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The server.
#[derive(Debug, Clone)]
pub struct Server {
    app: Arc<App>,
}

impl Server {
    /// A server of this store.
    #[must_use]
    pub fn new(store: Store, world: World, mut settings: Settings) -> Self {
        let app = App {
            store,
            openid: RwLock::new(settings.openid.take()),
            settings,
            limiter: Limiter::default(),
            metrics: Metrics::default(),
            setup: Setup::default(),
            hashing: Arc::new(Semaphore::new(HASHED_AT_ONCE)),
            files: Shares::new(FILES_OF_ONE),
            reporting: Arc::new(Semaphore::new(REPORTS_AT_ONCE)),
            progress: progress::Counted::default(),
            stopping: watch::Sender::new(false),
            world: RwLock::new(Arc::new(world)),
            derived: Cache::default(),
            description: OnceLock::new(),
            following: Shares::new(FOLLOWED_AT_ONCE),
            register: Register::default(),
            counted: Counted::default(),
            suppressing: tokio::sync::Mutex::default(),
        };
        Self { app: Arc::new(app) }
    }

    /// Tells findings with other accounts, projects and rules from now on.
    pub fn change_world(&self, world: World) {
        *self.app.world.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(world);
    }

    /// Lets people sign in through another identity provider from now on, or through none. Who signed in stays so.
    pub fn change_openid(&self, openid: Option<Arc<OpenId>>) {
        *self.app.openid.write().unwrap_or_else(PoisonError::into_inner) = openid;
    }

    /// Adds somebody who signs in with this password; the first one, only as long as there is nobody.
    ///
    /// # Errors
    ///
    /// [`Problem`](crate::Problem) when the name is taken, the password cannot be used, or the store failed.
    pub async fn add_person(
        &self,
        user: &User,
        password: String,
        is_first: bool,
    ) -> Result<(), crate::Problem> {
        let password = Some(sign_in::hash(&self.app, password).await?);
        let credentials = Credentials { password, ..Credentials::default() };
        Ok(self.app.store.add_user(user, &credentials, is_first).await?)
    }

    /// The same for somebody whose name nobody has looked at, and who has to change the password first.
    ///
    /// # Errors
    ///
    /// [`Problem`](crate::Problem) also when it is no name.
    pub async fn add_named_person(&self, user: &User, password: String) -> Result<(), crate::Problem> {
        api::check_name(&user.name)?;
        let credentials = sign_in::given(&self.app, password).await?;
        Ok(self.app.store.add_user(user, &credentials, false).await?)
    }

    /// Gives somebody another password, which they have to change first, takes their authenticator and tokens away, and ends their sessions: they lost what they proved
    /// themselves with.
    ///
    /// # Errors
    ///
    /// [`Problem`](crate::Problem) when there is nobody of this name, an identity provider says who they are, or the store failed.
    pub async fn reset_person(&self, name: &str, password: String) -> Result<(), crate::Problem> {
        let credentials = sign_in::given(&self.app, password).await?;
        self.app.store.change_user(name, None, Some(&credentials), Ok::<_, UserError>).await?;
        Ok(())
    }

    /// A password that nobody guesses, to be shown once.
    ///
    /// # Errors
    ///
    /// [`Problem`](crate::Problem) when the system has no random numbers.
    pub fn new_password(&self) -> Result<String, crate::Problem> {
        Ok(sign_in::hex(&sign_in::random::<16>()?))
    }

    /// Works out what the next visitors of the home page would wait for. Nothing is lost where it fails: they are told why.
    pub async fn prepare(&self) {
        let world = self.app.world();
        if let Err(problem) = self.app.derived.of(&self.app.store, &world, None).await {
            tracing::warn!(problem = problem.detail, "scores and frameworks could not be worked out");
        }
        if let Err(error) = self.app.counted.prepare(&self.app.store).await {
            tracing::warn!(problem = crate::problem::chain(&error), "findings could not be counted");
        }
    }

    /// What the first administrator proves themselves with: a secret that works once, and only as long as there are no users. Each call makes the one
    /// before worthless.
    ///
    /// # Errors
    ///
    /// [`Problem`](crate::Problem) when the system has no random numbers.
    pub fn setup_secret(&self) -> Result<String, crate::Problem> {
        self.app.setup.renew()
    }

    /// Everything that requests are answered by.
    pub fn router(&self) -> Router {
        self.routes().router()
    }

    /// Numbers about the server and nothing else, for whoever asks: at `/metrics`.
    pub fn metrics_router(&self) -> Router {
        api::metrics_router(Arc::clone(&self.app))
    }

    /// The description of the API, in OpenAPI 3.1.
    #[must_use]
    pub fn openapi(&self) -> OpenApi {
        self.routes().openapi()
    }

    /// Every route, and who may use it.
    #[must_use]
    pub fn route_list(&self) -> Vec<RouteInfo> {
        self.routes().list()
    }

    /// Ends the streams that are open: the server is to stop.
    pub fn end_streams(&self) {
        self.app.stopping.send_replace(true);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.app.now()
    }

    pub(crate) fn is_behind_proxy(&self) -> bool {
        self.app.settings.is_behind_proxy
    }

    #[cfg(test)]
    pub(crate) fn app(&self) -> &App {
        &self.app
    }

    fn routes(&self) -> Routes {
        api::routes(Routes::new(Arc::clone(&self.app)))
    }
}
