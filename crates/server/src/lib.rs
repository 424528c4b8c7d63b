//! The HTTP API and the console: findings, and everything around them, for whoever may see it.
//!
//! # Invariants
//!
//! - **No route without an answer to "who may".** A route comes into being only with its [`Access`]; a test prints all of them.
//! - **A project's members see their project.** What a handler reads is narrowed to the [`Caller`]'s accounts; routes that cannot be narrowed refuse
//!   members. What they may not see is answered like what is not there.
//! - **Every change stands in the audit log** before it is made, also those that are refused; what strangers send elsewhere than to sign in is refused and
//!   counted, and not written down.
//! - **Errors tell what to do, and nothing else.** They are problem documents (RFC 9457); what the database says goes to the program's log.

mod api;
mod app;
mod console;
mod counted;
mod derived;
mod jobs;
mod messages;
mod openid;
mod problem;
mod progress;
mod query;
mod reports;
mod route;
mod serve;
mod shares;
mod sign_in;
mod telemetry;
mod tls;
mod world;

pub use crate::app::{Clock, Server, Settings};
pub use crate::console::has_console;
pub use crate::jobs::{
    AskError, Begun, JobEnd, JobNews, JobProgress, JobRun, JobState, Jobs, Order, ScanWish, SourceCondition,
    SourceState, Stand, Timing,
};
pub use crate::messages::{MessageAbout, MessageDestination, MessageError, MessageLook, Messages, Messaging};
pub use crate::openid::{ClientSecret, GroupRole, OpenId, OpenIdError, OpenIdSettings, Standing};
pub use crate::problem::Problem;
pub use crate::reports::{
    MadeReport, Making, ReportError, ReportFormat, ReportSchedule, ReportSubject, ReportWish, Reports,
};
pub use crate::route::{Access, Members, RouteInfo, RouteSort};
pub use crate::serve::Listening;
pub use crate::sign_in::Caller;
pub use crate::telemetry::{OnRequest, REQUESTS};
pub use crate::tls::{Renewal, Tls, TlsError, TlsFiles};
pub use crate::world::World;
