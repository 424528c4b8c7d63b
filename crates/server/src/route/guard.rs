//! Who may pass, and what is written down of it.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tracing::Instrument as _;
use yagura_store::Deed;

use super::{Access, Guarded, Members, RouteSort, etag};
use crate::problem::Problem;
use crate::sign_in::{self, Caller};
use crate::telemetry::Sender;

/// What a handler tells the audit log of what it does.
#[derive(Debug, Clone, Default)]
pub(crate) struct AuditNote(Arc<Mutex<Told>>);

#[derive(Debug, Default)]
struct Told {
    who: Option<String>,
    what: Option<String>,
}

impl AuditNote {
    /// Who does it, where only the handler knows.
    pub(crate) fn who(&self, who: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).who = Some(cut(who, LONGEST_NAME));
    }

    /// What exactly is done.
    pub(crate) fn what(&self, what: impl AsRef<str>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).what = Some(short(what.as_ref()));
    }
}

/// Nobody fills the log with one entry.
fn short(text: &str) -> String {
    cut(text, 2_000)
}

/// The longest name that somebody can have; what strangers send may be anything.
const LONGEST_NAME: usize = 100;

fn cut(text: &str, longest: usize) -> String {
    text.chars().take(longest).collect()
}

/// Lets a request pass whose sender may, and writes down what changes something.
pub(super) async fn guard(State(guarded): State<Guarded>, mut request: Request, next: Next) -> Response {
    let address = address(&request, guarded.app.settings.is_behind_proxy);
    let is_unsafe = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let is_change = is_unsafe || guarded.sort == RouteSort::SignIn;
    let caller = match sign_in::caller(&guarded.app, request.headers()).await {
        Ok(caller) => caller,
        Err(problem) => return problem.into_response(),
    };
    if let (Some(sender), Some(caller)) = (request.extensions().get::<Sender>(), &caller) {
        sender.is(&caller.user().name);
    }
    let allowed = allowed(&guarded, caller.as_ref())
        .and_then(|()| if is_unsafe { unforged(caller.as_ref(), request.headers()) } else { Ok(()) });
    // What strangers are refused is counted, and not written down: they could fill the disk with it.
    if (!is_change || caller.is_none())
        && let Err(problem) = allowed
    {
        return problem.into_response();
    }
    if !is_change {
        request.extensions_mut().insert(caller);
        let known = request.headers().get(header::IF_NONE_MATCH).cloned();
        return etag::marked(known, next.run(request).await).await;
    }
    // Whoever hangs up half-way leaves nothing half done, and nothing that was done untold.
    let doing = tokio::spawn(change(guarded, request, next, caller, address, allowed).in_current_span());
    doing.await.unwrap_or_else(|error| Problem::internal(&error).into_response())
}

/// Does what changes something, between two lines of the audit log.
async fn change(
    guarded: Guarded,
    mut request: Request,
    next: Next,
    caller: Option<Caller>,
    address: String,
    allowed: Result<(), Problem>,
) -> Response {
    let store = &guarded.app.store;
    let who = caller.as_ref().map_or("", |it| it.user().name.as_str()).to_owned();
    let is_stranger = caller.is_none();
    let action = format!("{} {}", request.method(), guarded.path);
    let what = short(request.uri().path());
    let deed = Deed { at: guarded.app.now(), who: &who, address: &address, action: &action, what: &what };
    let entry = match store.begin_deed(&deed).await {
        Ok(entry) => entry,
        Err(error) => return Problem::from(error).into_response(),
    };
    let note = AuditNote::default();
    let response = match allowed {
        Ok(()) => {
            request.extensions_mut().insert(caller);
            request.extensions_mut().insert(note.clone());
            request.extensions_mut().insert(sign_in::Address(address));
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    };
    let told = {
        let mut told = note.0.lock().unwrap_or_else(PoisonError::into_inner);
        (told.who.take(), told.what.take())
    };
    let told = (told.0.as_deref(), told.1.as_deref());
    let ended = match is_stranger && response.status() == StatusCode::TOO_MANY_REQUESTS {
        // Nothing was tried. That there were many before stands in the log.
        true => store.forget_deed(entry).await,
        false => store.end_deed(entry, response.status().as_u16(), told).await,
    };
    if let Err(error) = ended {
        // It was done, and that it was begun stands in the log.
        tracing::error!(%error, entry, "how a request was answered could not be written into the audit log");
    }
    response
}

/// From where a request comes. Behind a proxy it is what the proxy wrote last: whatever stands before that, the sender may have made up.
fn address(request: &Request, is_behind_proxy: bool) -> String {
    let forwarded = request.headers().get_all("x-forwarded-for").iter().next_back();
    let last = forwarded.and_then(|it| it.to_str().ok()?.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
    if let Some(address) = last.filter(|_| is_behind_proxy) {
        return address.to_string();
    }
    let info = request.extensions().get::<ConnectInfo<SocketAddr>>();
    info.map(|it| it.0.ip().to_string()).unwrap_or_default()
}

fn allowed(&Guarded { access, sort, .. }: &Guarded, caller: Option<&Caller>) -> Result<(), Problem> {
    if access == Access::Anybody {
        return Ok(());
    }
    let Some(caller) = caller else { return Err(Problem::unauthorized("sign in, or send a token")) };
    if sort != RouteSort::Threshold && caller.has_given_password() {
        return Err(Problem::password_change_needed());
    }
    let (permission, members) = match access {
        Access::Anybody | Access::SignedIn => return Ok(()),
        Access::InPerson(..) if caller.csrf().is_none() => {
            return Err(Problem::forbidden("this takes a person who signed in, not a token"));
        }
        Access::With(permission, members) | Access::InPerson(permission, members) => (permission, members),
    };
    if caller.permission() < permission {
        return Err(Problem::forbidden(format!("this takes the permission to {permission}")));
    }
    if members == Members::Nothing && caller.is_member() {
        return Err(Problem::forbidden("this is about the whole organisation, and you see your projects"));
    }
    Ok(())
}

/// A browser sends its cookie whoever makes it do so; only our own page knows what goes along with it.
fn unforged(caller: Option<&Caller>, headers: &HeaderMap) -> Result<(), Problem> {
    let Some(expected) = caller.and_then(Caller::csrf) else { return Ok(()) };
    let sent = headers.get("x-yagura-csrf").map(|it| it.as_bytes()).unwrap_or_default();
    if sign_in::is_same(sent, expected.as_bytes()) {
        return Ok(());
    }
    Err(Problem::forbidden("the header x-yagura-csrf has to hold the session's `Csrf`"))
}
