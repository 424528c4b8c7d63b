//! Signing in through an identity provider. Browsers come here by links and redirects, and are sent on the same way.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yagura_store::{Admission, AdmitError, Identity};

use super::session::set_cookie;
use crate::app::App;
use crate::openid::{self, OpenId, Pending, Person, START, SignInError, Standing};
use crate::problem::{Problem, chain};
use crate::query::Query;
use crate::route::AuditNote;
use crate::sign_in::{self, Address, Attempt, Secret};

/// How people may sign in, besides with a password.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Providers {
    /// Identity providers.
    providers: Vec<ProviderLink>,
}

/// An identity provider.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ProviderLink {
    /// What stands on the button.
    name: String,
    /// Where the button leads.
    start_url: &'static str,
}

/// Why nobody came in; the console has words for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Unreachable,
    Expired,
    Denied,
    Token,
    NoGroup,
    Disabled,
    Name,
    LastAdministrator,
    NotSetUp,
    TooMany,
}

impl Trouble {
    fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "openid-unreachable",
            Self::Expired => "openid-expired",
            Self::Denied => "openid-denied",
            Self::Token => "openid-token",
            Self::NoGroup => "openid-no-group",
            Self::Disabled => "openid-disabled",
            Self::Name => "openid-name",
            Self::LastAdministrator => "openid-last-administrator",
            Self::NotSetUp => "openid-not-set-up",
            Self::TooMany => "openid-too-many",
        }
    }
}

impl From<&SignInError> for Trouble {
    fn from(error: &SignInError) -> Self {
        match error {
            SignInError::Provider(_) => Self::Unreachable,
            SignInError::Refused(_) => Self::Denied,
            SignInError::Token(_) => Self::Token,
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        see(&format!("/sign-in?problem={}", self.code()))
    }
}

/// Sends the browser on.
fn see(place: &str) -> Response {
    match HeaderValue::from_str(place) {
        Ok(place) => (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response(),
        Err(error) => Problem::internal(&error).into_response(),
    }
}

fn provider(app: &App) -> Result<Arc<OpenId>, Problem> {
    app.openid().ok_or_else(|| Problem::not_found("identity provider"))
}

/// The identity providers that people may sign in through.
#[utoipa::path(get, path = "/api/session/providers", tag = "sign-in", responses((status = 200, body = Providers)))]
pub(super) async fn providers(State(app): State<Arc<App>>) -> Json<Providers> {
    let link = |it: Arc<OpenId>| ProviderLink { name: it.settings().name.clone(), start_url: START };
    Json(Providers { providers: app.openid().map(link).into_iter().collect() })
}

/// Sends a browser to the identity provider.
#[utoipa::path(get, path = "/api/session/openid/start", tag = "sign-in",
    responses((status = 303, description = "to the identity provider, or to `/sign-in?problem=CODE`"), (status = 404, body = Problem)))]
pub(super) async fn start(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let openid = provider(&app)?;
    let pending = Pending::new(app.now())?;
    let place = match openid.begin(&pending).await {
        Ok(place) => place,
        Err(error) => {
            tracing::warn!(error = chain(&error), "nobody can sign in through the identity provider");
            return Ok(Trouble::from(&error).into_response());
        }
    };
    let mut response = see(&place);
    append_cookie(&mut response, &pending.cookie(app.settings.is_secure));
    Ok(response)
}

fn append_cookie(response: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// What a provider sends a browser back with.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CallbackParams {
    /// What the token can be had for.
    #[serde(default)]
    code: Option<String>,
    /// What the browser was sent with.
    #[serde(default)]
    state: Option<String>,
    /// The provider.
    #[serde(default)]
    iss: Option<String>,
    /// Why there is no code.
    #[serde(default)]
    error: Option<String>,
}

/// Where the identity provider sends a browser back to.
#[utoipa::path(get, path = "/api/session/openid/callback", tag = "sign-in", params(CallbackParams),
    responses((status = 200, description = "a page that leads into the console; the cookie is in `set-cookie`", content_type = "text/html"),
        (status = 303, description = "to `/sign-in?problem=CODE`"), (status = 400, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn callback(
    State(app): State<Arc<App>>,
    Extension(note): Extension<AuditNote>,
    Extension(Address(address)): Extension<Address>,
    headers: HeaderMap,
    Query(asked): Query<CallbackParams>,
) -> Result<Response, Problem> {
    let openid = provider(&app)?;
    let cookie = openid::cookie(&headers, app.settings.is_secure);
    let state = asked.state.as_deref().unwrap_or_default();
    let entered = match cookie.and_then(|it| Pending::resumed(it, state, app.now())) {
        Some(pending) => {
            try_to_enter(&app, &openid, &note, &pending, &sign_in::place(&address), asked).await?
        }
        // Any page can lead a browser here: without what this browser began with it is no try, and nobody waits for it.
        None => Err(Trouble::Expired),
    };
    let mut response = match entered {
        Ok(name) => {
            note.what("through the identity provider");
            signed_in(&app, &name).await?
        }
        Err(trouble) => {
            note.what(format!("through the identity provider: {}", trouble.code()));
            trouble.into_response()
        }
    };
    append_cookie(&mut response, &openid::cookie_text("", 0, app.settings.is_secure));
    Ok(response)
}

/// Who comes in, unless too many tried from where they are.
async fn try_to_enter(
    app: &App,
    openid: &OpenId,
    note: &AuditNote,
    pending: &Pending,
    place: &str,
    asked: CallbackParams,
) -> Result<Result<String, Trouble>, Problem> {
    // Each is another name: only what comes from one place is counted together.
    let attempt = Attempt::new(&pending.state, place);
    if app.limiter.begin(&attempt, true, app.now()).is_err() {
        return Ok(Err(Trouble::TooMany));
    }
    let entered = enter(app, openid, note, pending, asked).await?;
    // A provider that does not answer is nobody's guess.
    if matches!(entered, Ok(_) | Err(Trouble::Unreachable)) {
        app.limiter.succeeded(&attempt);
    }
    Ok(entered)
}

/// Who comes in, by the name that they have here.
async fn enter(
    app: &App,
    openid: &OpenId,
    note: &AuditNote,
    pending: &Pending,
    asked: CallbackParams,
) -> Result<Result<String, Trouble>, Problem> {
    let told = |error: SignInError| {
        tracing::warn!(error = chain(&error), "somebody did not come in through the identity provider");
        Trouble::from(&error)
    };
    match openid.is_from_here(asked.iss.as_deref()).await {
        Ok(true) => {}
        Ok(false) => return Ok(Err(Trouble::Denied)),
        Err(error) => return Ok(Err(told(error))),
    }
    let code = match (asked.error, asked.code) {
        (None, Some(code)) => code,
        (error, _) => {
            let error: String =
                error.unwrap_or_default().chars().filter(|it| !it.is_control()).take(100).collect();
            tracing::warn!(error, "the identity provider let somebody go without a code");
            return Ok(Err(Trouble::Denied));
        }
    };
    match openid.end(pending, &code, app.now()).await {
        Ok(person) => admit(app, openid, note, person).await,
        Err(error) => Ok(Err(told(error))),
    }
}

/// Lets in whom the provider knows, as what their groups say.
async fn admit(
    app: &App,
    openid: &OpenId,
    note: &AuditNote,
    person: Person,
) -> Result<Result<String, Trouble>, Problem> {
    let identity = Identity { issuer: &openid.settings().issuer, subject: &person.subject };
    note.who(person.names.first().map_or("", String::as_str));
    let Some(Standing { role, projects }) = person.standing else {
        // Whoever was somebody here until now is nobody any more. Where the provider kept silent about groups, that is no word against anybody.
        if person.has_told_groups
            && let Some(name) = app.store.shut_out(identity).await?
        {
            note.who(&name);
        }
        return Ok(Err(Trouble::NoGroup));
    };
    let admission = Admission { names: &person.names, role, projects };
    let trouble = match app.store.admit(identity, &admission, app.now()).await {
        Ok(user) => {
            note.who(&user.name);
            return Ok(Ok(user.name));
        }
        Err(AdmitError::Database(error)) => return Err(error.into()),
        Err(AdmitError::Disabled(name)) => {
            note.who(&name);
            Trouble::Disabled
        }
        Err(AdmitError::LastAdministrator(name)) => {
            note.who(&name);
            Trouble::LastAdministrator
        }
        Err(AdmitError::Taken(_)) => Trouble::Name,
        Err(AdmitError::NotSetUp) => Trouble::NotSetUp,
    };
    Ok(Err(trouble))
}

/// The console's page, by way of a page of ours: what leads on from another site is not sent a cookie that is for this site alone.
async fn signed_in(app: &App, name: &str) -> Result<Response, Problem> {
    let Secret(secret) = sign_in::new_secret("")?;
    let now = app.now();
    if !app.store.begin_session(&sign_in::digest(&secret), name, now, now + app.settings.session).await? {
        return Ok(Trouble::Disabled.into_response());
    }
    let page = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Yagura</title>\
                <meta http-equiv=\"refresh\" content=\"0;url=/\"></head>\
                <body><a href=\"/\">Yagura</a></body></html>\n";
    let mut response = ([(header::CACHE_CONTROL, "no-store")], Html(page)).into_response();
    set_cookie(app, &mut response, &secret, app.settings.session.as_secs());
    Ok(response)
}
