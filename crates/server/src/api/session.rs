//! Signing in and out, and what one proves oneself with.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yagura_model::{Permission, Timestamp, User};
use yagura_store::Credentials;

use crate::app::App;
use crate::problem::Problem;
use crate::query::Body;
use crate::route::AuditNote;
use crate::sign_in::{self, Address, Attempt, Authenticator, COOKIE, Caller, Secret, Wait};

/// No browser keeps an answer with a secret.
const NOT_KEPT: (header::HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct SignInRequest {
    /// The name.
    name: String,
    /// The password.
    password: String,
    /// The code of the authenticator, for those who have one.
    #[serde(default)]
    code: Option<String>,
}

/// Who signed in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Session {
    /// Who.
    user: User,
    /// The most that they may do.
    permission: Permission,
    /// The present, as the server goes by it: ages and spans are counted from it.
    now: Timestamp,
    /// Whether somebody else gave the password: until it is changed the session does that, and nothing else.
    password_change_needed: bool,
    /// What a browser sends back in `x-yagura-csrf` with whatever changes something; programs need none.
    #[serde(skip_serializing_if = "Option::is_none")]
    csrf: Option<String>,
}

impl Session {
    fn of(caller: &Caller, now: Timestamp) -> Self {
        Self {
            user: caller.user().clone(),
            permission: caller.permission(),
            now,
            password_change_needed: caller.has_given_password(),
            csrf: caller.csrf().map(str::to_owned),
        }
    }
}

/// Signs in.
#[utoipa::path(post, path = "/api/session", tag = "sign-in", request_body = SignInRequest,
    responses((status = 200, body = Session, description = "the cookie is in `set-cookie`"), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn begin(
    State(app): State<Arc<App>>,
    Extension(note): Extension<AuditNote>,
    Extension(Address(address)): Extension<Address>,
    Body(asked): Body<SignInRequest>,
) -> Result<Response, Problem> {
    note.who(&asked.name);
    let attempt = begin_attempt(&app, &asked.name, &address).await?;
    match enter(&app, asked, &address).await {
        Ok((user, secret, password_change_needed)) => {
            app.limiter.succeeded(&attempt);
            let (permission, csrf) = (user.role.permission(), Some(sign_in::csrf_of(&secret)));
            let session = Session { user, permission, now: app.now(), password_change_needed, csrf };
            let mut response = Json(session).into_response();
            set_cookie(&app, &mut response, &secret, app.settings.session.as_secs());
            Ok(response)
        }
        Err(problem) => {
            // While the store fails, nobody learns whether they were right.
            if problem.status >= 500 {
                app.limiter.take_back(&attempt);
            }
            Err(problem)
        }
    }
}

/// Begins a session of whoever proves who they are; gives its secret, and whether the password is to be changed first.
async fn enter(app: &App, asked: SignInRequest, address: &str) -> Result<(User, String, bool), Problem> {
    let known = app.store.user(&asked.name).await?;
    let hash = known.as_ref().filter(|(user, _)| !user.is_disabled).and_then(|(_, it)| it.password.clone());
    let is_right = sign_in::verify(app, asked.password, hash).await;
    let (Some((user, credentials)), true) = (known, is_right) else { return Err(wrong()) };
    if let Some(totp) = &credentials.totp {
        let step = asked.code.as_deref().and_then(|code| sign_in::step_of(totp, code, app.now()));
        let Some(step) = step else { return Err(wrong()) };
        if !app.store.use_totp_step(&user.name, step).await? {
            return Err(wrong());
        }
    }
    let Secret(secret) = sign_in::new_secret("")?;
    let now = app.now();
    let ends = now + app.settings.session;
    if !app.store.begin_session(&sign_in::digest(&secret), &user.name, now, ends).await? {
        return Err(wrong());
    }
    app.store.note_place(&user.name, &sign_in::place(address), now).await?;
    Ok((user, secret, credentials.is_given))
}

/// Begins a try, unless it has to wait.
async fn begin_attempt(app: &App, name: &str, address: &str) -> Result<Attempt, Problem> {
    let place = sign_in::place(address);
    let attempt = Attempt::new(name, &place);
    let begun = match app.limiter.begin(&attempt, false, app.now()) {
        Err(Wait::Name(_)) => {
            let is_known = app.store.knows_place(name, &place, app.now()).await?;
            app.limiter.begin(&attempt, is_known, app.now())
        }
        begun => begun,
    };
    begun.map(|()| attempt).map_err(|wait| Problem::too_many(wait.seconds()))
}

/// Name, password and code are told apart for nobody.
fn wrong() -> Problem {
    Problem::unauthorized("name, password or code are wrong, or the user may not sign in")
}

pub(super) fn set_cookie(app: &App, response: &mut Response, secret: &str, seconds: i64) {
    let is_secure = app.settings.is_secure;
    let (name, secure) = (COOKIE.of(is_secure), if is_secure { "; Secure" } else { "" });
    let cookie = format!("{name}={secret}; HttpOnly; SameSite=Strict; Path=/; Max-Age={seconds}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Who signed in.
#[utoipa::path(get, path = "/api/session", tag = "sign-in",
    responses((status = 200, body = Session), (status = 401, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn show(State(app): State<Arc<App>>, caller: Caller) -> impl IntoResponse {
    ([NOT_KEPT], Json(Session::of(&caller, app.now())))
}

/// Signs out.
#[utoipa::path(delete, path = "/api/session", tag = "sign-in",
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn end(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(secret) = sign_in::cookie(&headers, app.settings.is_secure) {
        app.store.end_session(&sign_in::digest(secret)).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&app, &mut response, "", 0);
    Ok(response)
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct PasswordRequest {
    /// The present one.
    password: String,
    /// The new one.
    new_password: String,
}

/// Changes one's own password, and signs out everywhere.
#[utoipa::path(post, path = "/api/session/password", tag = "sign-in", request_body = PasswordRequest,
    responses((status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 413, body = Problem), (status = 415, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn change_password(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(asked): Body<PasswordRequest>,
) -> Result<StatusCode, Problem> {
    if asked.new_password == asked.password {
        return Err(Problem::bad_request("the new password is the present one: choose another"));
    }
    let credentials = sign_in::confirmed(&app, &caller, asked.password).await?;
    let password = Some(sign_in::hash(&app, asked.new_password).await?);
    let credentials = Credentials { password, is_given: false, ..credentials };
    app.store.set_credentials(&caller.user().name, &credentials).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An authenticator that is offered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfferedTotp {
    /// For who types it.
    secret: String,
    /// For a QR code.
    url: String,
}

/// An authenticator that is to be asked for from now on.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct TotpRequest {
    /// The present password.
    password: String,
    /// The secret that was offered; none takes the authenticator away.
    #[serde(default)]
    secret: Option<String>,
    /// A code that it shows, for a new one.
    #[serde(default)]
    code: Option<String>,
}

/// Offers an authenticator's secret. Nothing changes until a code of it is sent.
#[utoipa::path(get, path = "/api/session/totp", tag = "sign-in",
    responses((status = 200, body = OfferedTotp), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn begin_totp(caller: Caller) -> Result<impl IntoResponse, Problem> {
    let Authenticator { secret, url } = Authenticator::new(&caller.user().name)?;
    Ok(([NOT_KEPT], Json(OfferedTotp { secret, url })))
}

/// Asks for codes of this authenticator from now on, or for none any more; signs out everywhere.
#[utoipa::path(put, path = "/api/session/totp", tag = "sign-in", request_body = TotpRequest,
    responses((status = 204), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 413, body = Problem), (status = 415, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn confirm_totp(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(asked): Body<TotpRequest>,
) -> Result<StatusCode, Problem> {
    let credentials = sign_in::confirmed(&app, &caller, asked.password).await?;
    if let Some(secret) = &asked.secret {
        let step = asked.code.as_deref().and_then(|code| sign_in::step_of(secret, code, app.now()));
        let step =
            step.ok_or_else(|| Problem::bad_request("the code is not one that the authenticator shows now"))?;
        app.store.use_totp_step(&caller.user().name, step).await?;
    }
    app.store
        .set_credentials(&caller.user().name, &Credentials { totp: asked.secret, ..credentials })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
