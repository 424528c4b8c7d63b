//! `yagura notify run`, `test` and `send`.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::Duration;

use jiff::SignedDuration;
use yagura_model::{Change, Diagnostic, Lang, Timestamp};
use yagura_notify::{
    Clock, Delivered, Delivery, Destination, EVENTS_AT_ONCE, FindingEvent, Kind, Notice, Patience, RunError,
    SendError, Sender, Texts, Way, World, deliver, plan, put, test_notice,
};
use yagura_packs::Packs;
use yagura_posture::Project;
use yagura_store::Store;

use super::known::Known;
use super::{about_called, destination, open, shown_language, texts};
use crate::arguments::NotifyCommon;
use crate::commands::{known_rules, suppressions};
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::{source, terminal};

/// Messages that arrived are remembered for so long; so are threads.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24 * 180);

/// What `notify run` was asked for.
pub struct Ask {
    /// Draw up messages, and send none.
    pub plan_only: bool,
    /// The time, instead of this machine's.
    pub now: Option<Timestamp>,
    /// Seconds to wait for rate limits.
    pub patience: u64,
}

/// Draws up and sends.
pub async fn run(common: &NotifyCommon, ask: Ask, config: &Config) -> Result<ExitCode, Failure> {
    if config.destinations().is_empty() {
        return Err(Told::new("the configuration defines no destinations")
            .help("`[destinations.NAME]` in yagura.toml does: docs/notifications.md")
            .usage());
    }
    let (packs, texts) = texts(common, config)?;
    let store = open(common, config).await?;
    let known = Known::load(&packs, config, Some(&store)).await?;
    let clock = Clock::at(ask.now.unwrap_or_else(source::clock));
    terminal::diagnostics(&settle(&store, &packs, config, clock.now()).await?);
    let planned = draw_up(&store, &known, config, clock.now()).await?;
    let lang = shown_language(common, config);
    terminal::say(&match lang {
        Lang::En => format!("{planned} new messages"),
        Lang::Ja => format!("新しいメッセージ：{planned} 件"),
    });
    if ask.plan_only {
        store.close().await;
        return Ok(ExitCode::SUCCESS);
    }
    let sender = sender(&packs, texts, config).await?;
    let patience = Patience(Duration::from_secs(ask.patience));
    let way = Way { clock, by: &claimant(), patience, except: &BTreeSet::new(), goes_on: &|| true };
    let done = send_due(&store, &sender, config, way).await?;
    store.close().await;
    tell(&done, lang);
    Ok(if done.dead.is_empty() && done.postponed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Hides what is accepted, and marks what is overdue: before people are told, so that they are told what is so. Gives what is wrong with files of
/// suppressions: what they hid stays hidden.
///
/// # Errors
///
/// The store failed.
pub async fn settle(
    store: &Store,
    packs: &Packs,
    config: &Config,
    now: Timestamp,
) -> Result<Vec<Diagnostic>, Failure> {
    let rules = || known_rules::of_packs(packs);
    let mistakes = suppressions::hide(store, &config.suppressions(), rules, now).await?;
    let overdue = store.mark_overdue(config.due_days().opened_before(now), now).await;
    overdue.map(|_| mistakes).map_err(|error| stopped(error.into()))
}

/// Draws up messages about what happened since the last time; how many.
///
/// # Errors
///
/// The store failed.
pub async fn draw_up(
    store: &Store,
    known: &Known,
    config: &Config,
    now: Timestamp,
) -> Result<usize, Failure> {
    let world =
        World { projects: config.projects(), destinations: config.destinations(), catalogue: known, now };
    plan(store, &world, async |number| events(store, number).await).await.map_err(stopped)
}

/// Sends what is due, and forgets what arrived long ago.
///
/// # Errors
///
/// The store failed.
pub async fn send_due(
    store: &Store,
    sender: &Sender,
    config: &Config,
    way: Way<'_>,
) -> Result<Delivered, Failure> {
    let clock = way.clock;
    let on_sent = async |notice: &Notice| notified(store, notice, clock.now()).await;
    let done = deliver(store, sender, config.destinations(), way, on_sent).await.map_err(stopped)?;
    let long_ago = clock.now().checked_sub(REMEMBERED).unwrap_or(Timestamp::UNIX_EPOCH);
    store.forget_sent(long_ago).await.map_err(|error| stopped(error.into()))?;
    Ok(done)
}

/// What happened to findings after an entry of their history.
async fn events(
    store: &Store,
    number: i64,
) -> Result<Vec<FindingEvent>, Box<dyn std::error::Error + Send + Sync>> {
    let events = store.events_after(number, EVENTS_AT_ONCE).await?;
    // What the history calls overdue is; the other changes show in the finding itself.
    let of = |it: yagura_store::FindingEvent| FindingEvent {
        number: it.number,
        at: it.at,
        overdue: it.change == Change::Overdue,
        finding: it.finding,
    };
    Ok(events.into_iter().map(of).collect())
}

/// Whoever owns the findings of a message has heard of them.
async fn notified(store: &Store, notice: &Notice, now: Timestamp) {
    let told = notice.alerts.iter().flat_map(|it| &it.findings).map(|it| it.id.clone());
    if let Err(error) = store.notified(&told.collect(), "yagura notify", now).await {
        // The message has arrived, and is not sent again for this.
        terminal::say(&format!("findings that were told are still called new: {error}"));
    }
}

/// Who sends. AWS is reached only when a destination is there.
///
/// # Errors
///
/// Nothing can be sent at all.
pub async fn sender(packs: &Packs, texts: Texts, config: &Config) -> Result<Sender, Failure> {
    let is_on_aws = |kind: &Kind| matches!(kind, Kind::Sns { .. } | Kind::Ses { .. });
    let aws = if config.destinations().values().any(|it| is_on_aws(&it.kind)) {
        match source::as_caller(packs).await {
            Ok(caller) => Some(caller),
            Err(failure) => {
                // The other destinations do not wait for AWS.
                terminal::say(&format!("{}: what goes through AWS waits", failure.report));
                None
            }
        }
    } else {
        None
    };
    Sender::new(texts, aws).map_err(|error| Told::new("messages cannot be sent").because(error).other())
}

/// Sends a test message.
pub async fn test(
    name: &str,
    project: Option<&str>,
    common: &NotifyCommon,
    config: &Config,
) -> Result<ExitCode, Failure> {
    let to = destination(name, config)?;
    let (packs, texts) = texts(common, config)?;
    let project = match project {
        Some(name) => config.project(name)?.clone(),
        None => Project { name: "yagura".to_owned(), ..Project::default() },
    };
    let sender = sender(&packs, texts, config).await?;
    let tried = try_out(&sender, to, &project, common.lang.or(config.lang()), source::clock()).await;
    tried.map_err(|error| {
        Told::new(format!("the test message to `{name}` did not arrive")).because(error).other()
    })?;
    terminal::say(&match shown_language(common, config) {
        Lang::En => format!("the test message to `{name}` has arrived"),
        Lang::Ja => format!("`{name}` へのテスト送信に成功しました"),
    });
    Ok(ExitCode::SUCCESS)
}

/// Sends a test message as if it were about a project.
///
/// # Errors
///
/// It did not arrive.
pub async fn try_out(
    sender: &Sender,
    to: &Destination,
    project: &Project,
    lang: Option<Lang>,
    now: Timestamp,
) -> Result<(), SendError> {
    let notice = test_notice(&to.name, project, lang, now);
    sender.send(Delivery { destination: to, notice: &notice, thread: None, now }).await.map(drop)
}

/// Sends a message about one finding or incident.
pub async fn send(id: &str, name: &str, common: &NotifyCommon, config: &Config) -> Result<ExitCode, Failure> {
    destination(name, config)?;
    let (packs, texts) = texts(common, config)?;
    let store = open(common, config).await?;
    let notice = about_called(id, &store, &packs, common.lang, config).await?;
    let clock = Clock::at(source::clock());
    put(&store, name, &notice, clock.now()).await.map_err(stopped)?;
    let sender = sender(&packs, texts, config).await?;
    let except = config.destinations().keys().filter(|it| *it != name).cloned().collect();
    let patience = Patience(Duration::from_secs(60));
    let way = Way { clock, by: &claimant(), patience, except: &except, goes_on: &|| true };
    let on_sent = async |notice: &Notice| notified(&store, notice, clock.now()).await;
    let done = deliver(&store, &sender, config.destinations(), way, on_sent).await.map_err(stopped)?;
    store.close().await;
    tell(&done, shown_language(common, config));
    Ok(if done.dead.is_empty() && done.postponed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How a run ended, on standard error.
fn tell(done: &Delivered, lang: Lang) {
    let (sent, later, dead) = (done.sent, done.postponed.len(), done.dead.len());
    terminal::say(&match lang {
        Lang::En => format!("{sent} sent, {later} to be tried again, {dead} dead"),
        Lang::Ja => format!("送信 {sent} 件、再試行待ち {later} 件、配信不能 {dead} 件"),
    });
    for (id, destination, why) in done.postponed.iter().chain(&done.dead) {
        terminal::say(&format!("message {id} to `{destination}`: {why}"));
    }
    for name in &done.limited {
        terminal::say(&match lang {
            Lang::En => format!("`{name}` has reached its rate limit: the next run goes on"),
            Lang::Ja => format!("`{name}` は送信数の上限に達しました。残りは次回の実行で送信します"),
        });
    }
}

/// A text that no other process has.
pub fn claimant() -> String {
    use std::hash::{BuildHasher as _, RandomState};
    format!("{}-{:016x}", std::process::id(), RandomState::new().hash_one(std::process::id()))
}

fn stopped(error: RunError) -> Failure {
    Told::new("messages could not be drawn up or sent; what was done is kept").because(error).other()
}
