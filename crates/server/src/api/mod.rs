//! The routes, and who may use them.

mod accounts;
mod audit_log;
mod deliveries;
mod download;
mod evaluations;
mod events;
mod findings;
mod frameworks;
mod health;
mod home;
mod incidents;
mod jobs;
mod messages;
mod metrics;
mod names;
mod openid;
mod reports;
mod resources;
mod rules;
mod scans;
mod session;
mod setup;
mod suppressions;
mod tokens;
mod users;
mod views;

pub(crate) use users::{check_name, is_name};

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use utoipa_axum::routes;
use yagura_model::Permission::{Administer, Approve, Read, Triage};

use crate::app::App;
use crate::route::Members::{Nothing, OwnProjects};
use crate::route::{Access, RouteSort, Routes};

/// Numbers for whoever asks: where this is reached from is all that guards it.
pub(crate) fn metrics_router(app: Arc<App>) -> Router {
    Router::new().route("/metrics", get(metrics::metrics)).with_state(app)
}

/// Every route.
pub(crate) fn routes(routes: Routes) -> Routes {
    let read = Access::With(Read, OwnProjects);
    let administer = Access::With(Administer, Nothing);
    // One's own things, which no program has.
    let own = Access::InPerson(Read, OwnProjects);
    routes
        .add(Access::Anybody, routes!(health::live))
        .add(Access::Anybody, routes!(health::ready))
        .add(Access::Anybody, routes!(health::description))
        .add(Access::Anybody, routes!(setup::needed))
        .add(Access::Anybody, routes!(setup::set_up))
        .add(Access::Anybody, routes!(session::begin))
        .add(Access::Anybody, routes!(openid::providers))
        .add(Access::Anybody, routes!(openid::start))
        .add_sort(RouteSort::SignIn, Access::Anybody, routes!(openid::callback))
        .add_sort(RouteSort::Threshold, Access::SignedIn, routes!(session::show))
        .add_sort(RouteSort::Threshold, Access::SignedIn, routes!(session::end))
        .add_sort(RouteSort::Threshold, own, routes!(session::change_password))
        .add(own, routes!(session::begin_totp))
        .add(own, routes!(session::confirm_totp))
        .add(Access::With(Read, Nothing), routes!(metrics::metrics))
        .add(read, routes!(findings::list))
        .add(read, routes!(findings::count))
        .add(read, routes!(findings::file))
        .add(read, routes!(findings::show))
        .add(Access::With(Triage, OwnProjects), routes!(findings::triage))
        .add(read, routes!(events::follow))
        .add(read, routes!(home::show))
        .add(read, routes!(home::scores))
        .add(read, routes!(resources::list))
        .add(read, routes!(resources::count))
        .add(read, routes!(resources::versions))
        .add(read, routes!(resources::related))
        .add(read, routes!(incidents::list))
        .add(read, routes!(incidents::show))
        .add(read, routes!(frameworks::list))
        .add(read, routes!(frameworks::show))
        .add(read, routes!(frameworks::requirement))
        .add(read, routes!(suppressions::list))
        .add(Access::With(Triage, OwnProjects), routes!(suppressions::request))
        .add(Access::With(Approve, Nothing), routes!(suppressions::approve))
        .add(Access::With(Triage, OwnProjects), routes!(suppressions::remove))
        .add(Access::With(Read, Nothing), routes!(deliveries::list))
        .add(Access::With(Approve, Nothing), routes!(deliveries::resend))
        .add(Access::With(Read, Nothing), routes!(messages::destinations))
        .add(Access::With(Approve, Nothing), routes!(messages::test))
        .add(read, routes!(messages::preview))
        .add(Access::With(Triage, Nothing), routes!(messages::send))
        .add(Access::SignedIn, routes!(views::list))
        .add(own, routes!(views::save))
        .add(own, routes!(views::remove))
        .add(read, routes!(accounts::accounts))
        .add(read, routes!(accounts::projects))
        .add(read, routes!(rules::list))
        .add(read, routes!(rules::show))
        .add(read, routes!(rules::explain))
        .add(read, routes!(reports::list))
        .add(read, routes!(reports::file))
        .add(read, routes!(reports::progress))
        .add(read, routes!(scans::list))
        .add(read, routes!(scans::coverage))
        .add(read, routes!(evaluations::list))
        .add(administer, routes!(jobs::scan))
        .add(Access::With(Read, Nothing), routes!(jobs::running))
        .add(Access::With(Read, Nothing), routes!(jobs::list))
        .add(administer, routes!(jobs::run))
        .add(Access::With(Read, Nothing), routes!(jobs::sources))
        .add(Access::SignedIn, routes!(tokens::list))
        .add(own, routes!(tokens::make))
        .add(own, routes!(tokens::remove))
        .add(administer, routes!(users::list))
        .add(Access::InPerson(Administer, Nothing), routes!(users::add))
        .add(Access::InPerson(Administer, Nothing), routes!(users::change))
        .add(Access::InPerson(Administer, Nothing), routes!(users::remove))
        .add(administer, routes!(audit_log::list))
}
