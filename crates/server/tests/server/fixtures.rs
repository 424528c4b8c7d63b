//! A server with two projects of one account each, a finding in each account, and somebody of every role.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use yagura_model::{
    Account, AccountId, Detector, FindingKind, FindingText, ImportedFinding, RecordState, ResourceKey, Role,
    Severity, Timestamp,
};
use yagura_server::{Jobs, Server, Settings, World};
use yagura_store::Store;

pub const SHOP: &str = "111111111111";
pub const BANK: &str = "222222222222";

/// Long enough, and nobody's.
pub const PASSWORD: &str = "correct horse battery staple";

pub fn name_of(role: Role) -> String {
    role.as_str().replace("project-", "")
}

/// A server under test.
pub struct Yagura {
    pub server: Server,
    pub store: Store,
    pub router: Router,
    pub jobs: Jobs,
    clock: Arc<AtomicI64>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }
}

/// Somebody who signed in.
#[derive(Debug, Clone, Default)]
pub struct Signed {
    pub cookie: String,
    pub csrf: String,
    pub token: String,
}

impl Signed {
    /// Takes what a sign-in was answered with.
    pub fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        Self {
            cookie: cookie.split(';').next().unwrap().to_owned(),
            csrf: answer.json()["Csrf"].as_str().unwrap().to_owned(),
            token: String::new(),
        }
    }
}

pub fn start() -> Timestamp {
    "2026-06-01T09:00:00Z".parse().unwrap()
}

pub fn finding(account: &str, id: &str) -> ImportedFinding {
    ImportedFinding {
        detector: Detector::GuardDuty,
        via: None,
        external_id: format!("{account}/{id}"),
        kind: FindingKind::Threat,
        rule: "guardduty:Recon:EC2/Portscan".into(),
        resource: ResourceKey {
            account: AccountId::new(account).unwrap(),
            region: "ap-northeast-1".into(),
            resource_type: "AWS::EC2::Instance".into(),
            id: id.to_owned(),
        },
        arn: format!("arn:aws:ec2:ap-northeast-1:{account}:instance/{id}"),
        name: "<script>alert(1)</script>".to_owned(),
        severity: Severity::High,
        record_state: RecordState::Active,
        workflow: None,
        evidence: None,
        text: FindingText { title: "A port scan".to_owned(), ..FindingText::default() },
        first_seen: start(),
        last_seen: start(),
    }
}

/// Two accounts, in these projects.
pub fn world(projects: &[(&str, &[&str])]) -> World {
    let account = |id: &str, name: &str| {
        let id = AccountId::new(id).unwrap();
        (id.clone(), Account { name: name.to_owned(), ..Account::bare(id) })
    };
    let project = |(name, accounts): &(&str, &[&str])| {
        serde_json::from_value(json!({ "name": name, "accounts": accounts })).unwrap()
    };
    World {
        projects: projects.iter().map(project).collect(),
        accounts: [account(SHOP, "shop-production"), account(BANK, "bank-production")].into(),
        ..World::default()
    }
}

impl Yagura {
    /// Nobody can sign in yet.
    pub async fn empty() -> Self {
        Self::reached(false).await
    }

    /// Nobody can sign in yet; reached through a proxy with TLS, or not.
    pub async fn reached(is_secure: bool) -> Self {
        Self::built(|it| Settings { is_secure, is_behind_proxy: is_secure, ..it }).await
    }

    /// Nobody can sign in yet; set up like this.
    pub async fn built(change: impl FnOnce(Settings) -> Settings) -> Self {
        let store = Store::in_memory().await.unwrap();
        store.import(&[finding(SHOP, "i-1")], start()).await.unwrap();
        store.import(&[finding(BANK, "i-2")], start()).await.unwrap();
        let clock = Arc::new(AtomicI64::new(start().as_second()));
        let ticking = Arc::clone(&clock);
        let now = move || Timestamp::from_second(ticking.load(Ordering::Relaxed)).unwrap();
        let jobs = Jobs::default();
        let settings = Settings { jobs: jobs.clone(), ..change(Settings::new(Arc::new(now))) };
        let server = Server::new(store.clone(), world(&[("shop", &[SHOP]), ("bank", &[BANK])]), settings);
        let router = server.router();
        Self { server, store, router, jobs, clock }
    }

    /// With somebody of every role, called like it; the member is of the shop.
    pub async fn peopled() -> Self {
        let world = Self::empty().await;
        world.people().await;
        world
    }

    /// Somebody of every role comes in.
    pub async fn people(&self) {
        let world = self;
        let secret = world.server.setup_secret().unwrap();
        let body = json!({ "Secret": secret, "Name": "administrator", "Password": PASSWORD });
        let done = world.post("/api/setup", &Signed::default(), body).await;
        assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
        // The hash is the slowest part of all: others share it.
        let (_, credentials) = world.store.user("administrator").await.unwrap().unwrap();
        for role in Role::ALL.into_iter().filter(|it| *it != Role::Administrator) {
            let projects = if role == Role::ProjectMember {
                BTreeSet::from(["shop".to_owned()])
            } else {
                BTreeSet::new()
            };
            let user =
                yagura_model::User { projects, ..yagura_model::User::new(name_of(role), role, start()) };
            world.store.add_user(&user, &credentials, false).await.unwrap();
        }
    }

    pub fn passes(&self, time: SignedDuration) {
        self.clock.fetch_add(time.as_secs(), Ordering::Relaxed);
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    pub async fn call(&self, method: Method, path: &str, who: &Signed, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !who.cookie.is_empty() {
            request = request.header(header::COOKIE, format!("other=1; {}", who.cookie));
        }
        if !who.csrf.is_empty() {
            request = request.header("x-yagura-csrf", &who.csrf);
        }
        if !who.token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", who.token));
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    pub async fn get(&self, path: &str, who: &Signed) -> Answer {
        self.call(Method::GET, path, who, None).await
    }

    pub async fn post(&self, path: &str, who: &Signed, body: Value) -> Answer {
        self.call(Method::POST, path, who, Some(body)).await
    }

    pub async fn try_sign_in(&self, name: &str, password: &str) -> Answer {
        let body = json!({ "Name": name, "Password": password });
        self.post("/api/session", &Signed::default(), body).await
    }

    pub async fn sign_in(&self, role: Role) -> Signed {
        Signed::of(&self.try_sign_in(&name_of(role), PASSWORD).await)
    }

    /// A program that signs in as somebody.
    pub async fn token(&self, role: Role, permission: &str) -> Signed {
        let who = self.sign_in(role).await;
        let body = json!({ "Name": "ci", "Permission": permission, "Days": 30, "Password": PASSWORD });
        let answer = self.post("/api/tokens", &who, body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        Signed { token: answer.json()["Secret"].as_str().unwrap().to_owned(), ..Signed::default() }
    }
}

/// The ids of a list's resources.
pub fn resources(answer: &Answer) -> Vec<String> {
    let list = answer.json();
    let found = list["Findings"].as_array().unwrap_or_else(|| panic!("no list: {list}")).iter();
    found.map(|it| it["Resource"]["Id"].as_str().unwrap().to_owned()).collect()
}
