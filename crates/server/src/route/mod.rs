//! Routes, each with who may use it: there is no other way to make one.

mod etag;
mod guard;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use utoipa::PartialSchema as _;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Components, Info, License, OpenApi, OpenApiBuilder, RefOr, SecurityRequirement};
use utoipa_axum::router::UtoipaMethodRouter;
use yagura_model::Permission;

use crate::app::App;
use crate::console;
use crate::problem::Problem;
use crate::sign_in::COOKIE;
use crate::telemetry;

pub(crate) use guard::AuditNote;

/// The most that a request may hold, in bytes.
const LARGEST: usize = 2 * 1024 * 1024;

/// What members of projects get of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Members {
    /// What concerns the accounts of their projects: the handler narrows what it reads.
    OwnProjects,
    /// Nothing: it is about the whole organisation.
    Nothing,
}

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Whoever reaches the server.
    Anybody,
    /// Whoever signed in.
    SignedIn,
    /// Whoever has the permission.
    With(Permission, Members),
    /// Whoever has the permission and signed in themselves: who finds a token must not get hold of its owner, or of anybody else.
    InPerson(Permission, Members),
}

/// A route, and who may use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteInfo {
    /// The method of HTTP.
    pub method: Method,
    /// The path, with `{names}` for what differs.
    pub path: String,
    /// Who may use it.
    pub access: Access,
    /// What it is besides.
    pub sort: RouteSort,
}

/// What a route is besides most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteSort {
    /// One like most.
    Usual,
    /// One that browsers are sent to with `GET`, and that signs somebody in: it stands in the audit log as other sign-ins do.
    SignIn,
    /// One that is there also for who has to change a password that somebody else gave them, and before that gets nothing else.
    Threshold,
}

/// What the guard of a route knows.
#[derive(Debug, Clone)]
pub(crate) struct Guarded {
    app: Arc<App>,
    access: Access,
    path: Arc<str>,
    sort: RouteSort,
}

/// Routes on their way into a server.
pub(crate) struct Routes {
    app: Arc<App>,
    router: Router<Arc<App>>,
    openapi: OpenApi,
    list: Vec<RouteInfo>,
}

impl Routes {
    pub(crate) fn new(app: Arc<App>) -> Self {
        let mut info = Info::new("Yagura", env!("CARGO_PKG_VERSION"));
        info.description = Some(
            "Findings, and everything around them. Texts are UTF-8, moments RFC 3339 in UTC; errors are problem documents (RFC 9457). \
             Programs sign in with `Authorization: Bearer TOKEN`. Browsers have a cookie, and send the session's `Csrf` back in `x-yagura-csrf` with whatever \
             changes something."
                .to_owned(),
        );
        info.license = Some(License::new(env!("CARGO_PKG_LICENSE")));
        let mut components = Components::new();
        components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        // Texts in every language refer to it, and nobody else would put it here.
        components.schemas.insert("String".to_owned(), String::schema());
        let is_called = "the session; `__Host-yagura_session` where browsers reach the server through TLS";
        let name = COOKIE.of(app.settings.is_secure);
        let cookie = ApiKey::Cookie(ApiKeyValue::with_description(name, is_called));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
        let openapi = OpenApiBuilder::new().info(info).components(Some(components)).build();
        Self { app, router: Router::new(), openapi, list: Vec::new() }
    }

    /// Adds what `routes!` makes: one path with one method or several, all for the same people.
    pub(crate) fn add(self, access: Access, routes: UtoipaMethodRouter<Arc<App>>) -> Self {
        self.add_sort(RouteSort::Usual, access, routes)
    }

    /// The same for one of this sort.
    pub(crate) fn add_sort(
        mut self,
        sort: RouteSort,
        access: Access,
        (schemas, paths, methods): UtoipaMethodRouter<Arc<App>>,
    ) -> Self {
        for (path, mut item) in paths.paths {
            for (method, operation) in operations(&mut item) {
                operation.operation_id = Some(operation_id(&method, &path));
                describe(operation, access);
                tell_problems(operation);
                self.list.push(RouteInfo { method, path: path.clone(), access, sort });
            }
            let (app, path_of) = (Arc::clone(&self.app), Arc::from(path.as_str()));
            let guarded = Guarded { app, access, path: path_of, sort };
            let methods = methods.clone().layer(middleware::from_fn_with_state(guarded, guard::guard));
            self.router = self.router.route(&path, methods);
            match self.openapi.paths.paths.get_mut(&path) {
                Some(known) => known.merge_operations(item),
                None => drop(self.openapi.paths.paths.insert(path, item)),
            }
        }
        if let Some(components) = &mut self.openapi.components {
            components.schemas.extend(schemas);
        }
        self
    }

    pub(crate) fn list(mut self) -> Vec<RouteInfo> {
        self.list.sort_by(|a, b| (&a.path, a.method.as_str()).cmp(&(&b.path, b.method.as_str())));
        self.list
    }

    pub(crate) fn openapi(self) -> OpenApi {
        self.openapi
    }

    pub(crate) fn router(self) -> Router {
        let is_secure = self.app.settings.is_secure;
        self.router
            .fallback(console::answer)
            .method_not_allowed_fallback(async || {
                Problem::bad_request("this path takes another method").into_response()
            })
            .layer(DefaultBodyLimit::max(LARGEST))
            .layer(middleware::from_fn_with_state(is_secure, secure))
            .layer(middleware::from_fn_with_state(Arc::clone(&self.app), telemetry::observed))
            .with_state(self.app)
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    let all = [
        (Method::GET, get),
        (Method::PUT, put),
        (Method::POST, post),
        (Method::DELETE, delete),
        (Method::PATCH, patch),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// A name of its own: functions of two modules may share theirs. `GET /api/findings/{id}` is `get-findings-id`.
fn operation_id(method: &Method, path: &str) -> String {
    let parts = path.trim_start_matches("/api/").split('/').map(|it| it.trim_matches(['{', '}']));
    std::iter::once(method.as_str().to_ascii_lowercase())
        .chain(parts.map(|it| it.replace('.', "-")))
        .collect::<Vec<_>>()
        .join("-")
}

/// Tells readers of the description who may use it.
fn describe(operation: &mut Operation, access: Access) {
    let who = match access {
        Access::Anybody => {
            operation.security = Some(Vec::new());
            return;
        }
        Access::SignedIn => "signed-in",
        Access::With(permission, _) | Access::InPerson(permission, _) => permission.as_str(),
    };
    let by = |scheme: &str| SecurityRequirement::new(scheme, std::iter::empty::<String>());
    operation.security = Some(match access {
        Access::InPerson(..) => vec![by("session")],
        _ => vec![by("token"), by("session")],
    });
    operation.extensions = Some(ExtensionsBuilder::new().add("x-permission", who).build());
}

/// Errors are problem documents: the derived description takes them for plain JSON.
fn tell_problems(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        if !status.starts_with('2')
            && let Some(content) = response.content.shift_remove("application/json")
        {
            response.content.insert("application/problem+json".to_owned(), content);
        }
    }
}
/// For a year, a browser that came through TLS once comes through nothing else.
const TLS_ALONE: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// What every answer carries: no other site may frame it, guess its type, or learn from where it was asked.
async fn secure(State(is_secure): State<bool>, request: axum::extract::Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if is_secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, TLS_ALONE);
    }
    response
}
