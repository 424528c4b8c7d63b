//! What happens to findings, as it happens: server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures::Stream;
use serde::Serialize;
use tokio::sync::broadcast;
use tokio::time::Instant;
use utoipa::ToSchema;
use yagura_model::{AccountId, Change, RecordState, RuleId, Severity, Timestamp, Workflow};
use yagura_store::FindingEvent;

use crate::app::App;
use crate::jobs::JobNews;
use crate::problem::Problem;
use crate::shares::Share;
use crate::sign_in::Caller;
use crate::telemetry::OpenStream;

/// How often the store is asked.
const LOOK: Duration = Duration::from_secs(2);

/// A stream ends after this time, and whoever follows it asks again.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// When more than so much happened at once, only that is told.
const MANY: usize = 500;

/// Something that happened to a finding.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct FindingNews {
    /// When.
    at: Timestamp,
    /// What.
    change: Change,
    /// Who did it; none when a scan, a detection or an import did.
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<String>,
    /// Why, in a few words.
    #[serde(skip_serializing_if = "String::is_empty")]
    why: String,
    /// The finding's id.
    finding: String,
    /// The finding's account.
    account: AccountId,
    /// The finding's rule.
    rule: RuleId,
    /// How bad it is now.
    severity: Severity,
    /// Whether it is still so.
    record_state: RecordState,
    /// What people did about it so far.
    workflow: Workflow,
}

impl From<FindingEvent> for FindingNews {
    fn from(event: FindingEvent) -> Self {
        let FindingEvent { at, change, who, why, finding, .. } = event;
        Self {
            at,
            change,
            who,
            why,
            finding: finding.id,
            account: finding.resource.account,
            rule: finding.rule,
            severity: finding.severity,
            record_state: finding.record_state,
            workflow: finding.workflow,
        }
    }
}

/// What is told: the data of an event.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum News {
    /// Of an event `finding`.
    Finding(Box<FindingNews>),
    /// Of an event `job`.
    Job(JobNews),
}

impl News {
    /// The event that tells it.
    fn event(&self) -> Option<Event> {
        let name = match self {
            Self::Finding(_) => "finding",
            Self::Job(_) => "job",
        };
        Event::default().event(name).json_data(self).ok()
    }
}

/// Where a stream is.
struct Following {
    app: Arc<App>,
    caller: Caller,
    /// The number of the last event that was gone through.
    last: i64,
    waiting: VecDeque<FindingEvent>,
    /// Jobs that begin, come further and end, for those who see everything.
    jobs: Option<broadcast::Receiver<JobNews>>,
    since: Instant,
    /// Counted as long as it is followed.
    _open: (OpenStream, Share),
}

/// What happens to the findings that the caller sees: events `finding`, whose data is a `FindingNews`. When more than 500 things happened at once, one event
/// `many` stands for all of them: ask for the list again. `Last-Event-ID` goes on where a stream broke off. Whoever sees the whole organisation also hears of
/// jobs that begin, come further and end: events `job`, whose data is a `JobNews`. It ends after a quarter of an hour, and within seconds when the session or the
/// token ends or the caller becomes something else.
#[utoipa::path(get, path = "/api/events", tag = "findings",
    responses((status = 200, body = News, content_type = "text/event-stream"), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn follow(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let newest = app.store.newest_event().await?;
    let last = match headers.get("last-event-id") {
        None => newest,
        Some(value) => {
            let last = value.to_str().ok().and_then(|it| it.parse::<i64>().ok());
            let last = last.ok_or_else(|| Problem::bad_request("`Last-Event-ID` is the id of an event"))?;
            last.clamp(0, newest)
        }
    };
    let since = Instant::now();
    let jobs = (!caller.is_member()).then(|| app.settings.jobs.news());
    // A stream that ends leaves room for the next one.
    let followed = app.following.take(&caller.user().name).ok_or_else(|| Problem::too_many(60))?;
    let open = (app.metrics.stream(), followed);
    let following = Following { app, caller, last, waiting: VecDeque::new(), jobs, since, _open: open };
    let stream = futures::stream::unfold(following, |mut following| async move {
        following.next().await.map(|event| (Ok(event), following))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}

impl Following {
    /// The next event; `None` when the stream ends.
    async fn next(&mut self) -> Option<Event> {
        let mut stopping = self.app.stopping.subscribe();
        loop {
            // Who is somebody else by now, or nobody, asks again, and is told what that one hears, or why not.
            match self.app.register.holds(&self.app, &self.caller, self.since).await {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    drop(Problem::from(error));
                    return None;
                }
            }
            while let Some(event) = self.waiting.pop_front() {
                self.last = event.number;
                if self.caller.sees(&event.finding.resource.account) {
                    let id = event.number.to_string();
                    let news = News::Finding(Box::new(event.into()));
                    return news.event().map(|it| it.id(id));
                }
            }
            match self.app.store.events_after(self.last, MANY + 1).await {
                // Even while the server stops: who asks again later begins behind what was told.
                Ok(events) if events.len() > MANY => {
                    let before = self.last;
                    self.last = self.app.store.newest_event().await.ok()?;
                    // To those who see some accounts it is told only of those.
                    if let Some(accounts) = self.caller.accounts()
                        && !self.app.store.happened_in(accounts, before, self.last).await.ok()?
                    {
                        continue;
                    }
                    return Some(Event::default().event("many").id(self.last.to_string()).data("{}"));
                }
                Ok(events) if !events.is_empty() => {
                    self.waiting.extend(events);
                    continue;
                }
                Ok(_) => {}
                // Whoever follows asks again, and is told then.
                Err(error) => {
                    drop(Problem::from(error));
                    return None;
                }
            }
            if *stopping.borrow() || self.since.elapsed() >= LONGEST {
                return None;
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                Some(news) = heard(&mut self.jobs) => return News::Job(news).event(),
                _ = stopping.changed() => return None,
            }
        }
    }
}

/// The next thing that a job does; `None` when nothing is told any more.
async fn heard(jobs: &mut Option<broadcast::Receiver<JobNews>>) -> Option<JobNews> {
    loop {
        match jobs.as_mut()?.recv().await {
            Ok(news) => return Some(news),
            // Whoever was slow looks at the list.
            Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => return None,
        }
    }
}
