//! `yagura serve`: the HTTP API over a store, and everything that goes on by itself: scans, imports, reports, live detection, messages.

mod detection;
mod known;
mod messages;
mod openid;
mod reach;
mod reports;
mod runner;
mod setup;
mod stop;
mod telling;
mod watchdog;
mod work;

use std::future::pending;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use yagura_model::{ScanId, Timestamp};
use yagura_server::{Clock, Jobs, Server, Settings, World, has_console};
use yagura_store::{BeginServingError, Presence, ReadError, Store};

use crate::arguments::ServeArguments;
use crate::commands::store::StorePlace;
use crate::failure::{Failure, Told};
use crate::{source, terminal, traces};
use detection::Detection;
use reach::Reach;
use runner::Runner;
use setup::Setup;
use stop::Stop;
use telling::Telling;

/// How often it is looked whether a scan has ended that another process made.
const LOOK: Duration = Duration::from_secs(10);

/// A store that lies where the served one was is tried so often.
const AGAIN: Duration = Duration::from_secs(5);

/// Runs the command.
pub async fn run(arguments: ServeArguments, named: Option<&Path>) -> Result<ExitCode, Failure> {
    let clock = arguments.common.now.map_or_else(|| Arc::new(source::clock) as Clock, fixed);
    serve(arguments, named, clock).await
}

/// Serves, by this clock.
pub async fn serve(
    arguments: ServeArguments,
    named: Option<&Path>,
    clock: Clock,
) -> Result<ExitCode, Failure> {
    let (stop, hangups) = (Stop::default(), terminal::Hangups::new());
    tokio::spawn({
        let stop = stop.clone();
        async move {
            terminal::stopped().await;
            stop.ask();
        }
    });
    let common = arguments.common;
    let setup = Setup::read(named, &common, true).await?;
    let asked = common.store.clone().or_else(|| setup.config.store());
    // A passing place is gone when this is.
    let place = Arc::new(StorePlace::choose(asked.as_deref())?);
    let store_stays = matches!(*place, StorePlace::File(_));
    let mut setup = Setup { store_stays, ..setup };
    if let StorePlace::File(path) = &*place {
        // Whatever the file says later: this one is served.
        setup.common.store = Some(path.clone());
    }
    let setup = watch::Sender::new(Arc::new(setup));
    tokio::spawn(reload(hangups, setup.clone(), named.map(Path::to_owned)));
    let (named_reach, file) = (arguments.reach, Arc::clone(&setup.borrow()));
    let reach = Reach::open(named_reach, file.config.serve(), clock()).await?;
    let serving = Serving { reach: &reach, clock: &clock, place: &place, setup: &setup, stop: &stop };
    serving.run(place.open().await?).await?;
    // Another store lies where the first one was. Whatever is wrong with it, whoever put it there can mend it.
    while !stop.is_asked() {
        terminal::say("another store lies where the served one was: it is served from now on");
        let served = match place.open().await {
            Ok(store) => serving.run(store).await,
            Err(failure) => Err(failure),
        };
        if let Err(failure) = served {
            terminal::fail(&failure);
            tokio::select! {
                () = tokio::time::sleep(AGAIN) => {}
                () = stop.asked() => {}
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads the configuration and the packs again whenever somebody asks for it (SIGHUP). With mistakes, what was read before stays.
async fn reload(mut asked: terminal::Hangups, setup: watch::Sender<Arc<Setup>>, named: Option<PathBuf>) {
    let first = Arc::clone(&setup.borrow());
    while asked.next().await {
        let before = Arc::clone(&setup.borrow());
        // A file that was there and is gone is no file that says nothing.
        let named = named.as_deref().or_else(|| before.config.file());
        let read = Setup::read(named, &before.common, before.store_stays).await;
        match read.and_then(|it| it.check_rules().map(|()| it)) {
            Ok(it) => {
                let waiting = it.changed_for_the_next_start(&first);
                setup.send_replace(Arc::new(it));
                terminal::say(&read_again(&waiting));
            }
            Err(failure) => {
                terminal::fail(&failure);
                terminal::say("the configuration stays as it was");
            }
        }
    }
}

/// What is said of a configuration that was read again.
fn read_again(waiting: &[&str]) -> String {
    let keys: Vec<_> = waiting.iter().map(|it| format!("`{it}`")).collect();
    let rest = if keys.is_empty() {
        String::new()
    } else {
        format!("; {} changed, and that holds from the next start on", keys.join(", "))
    };
    format!("the configuration was read again{rest}")
}

/// One store that is served.
struct Serving<'s> {
    reach: &'s Reach,
    clock: &'s Clock,
    place: &'s Arc<StorePlace>,
    setup: &'s watch::Sender<Arc<Setup>>,
    stop: &'s Stop,
}

impl Serving<'_> {
    /// Serves until somebody stops it, or another store lies where this one was.
    async fn run(&self, store: Store) -> Result<(), Failure> {
        let _right = store.begin_serving().map_err(|error| match error {
            BeginServingError::Running { .. } => Told::new(error.to_string()).usage(),
            BeginServingError::Database(_) => Told::new("the store cannot be served").because(error).other(),
        })?;
        let setup = Arc::clone(&self.setup.borrow());
        let (seen, world) = world(&store, &setup).await.map_err(|error| {
            Told::new("the accounts cannot be read back from the store").because(error).other()
        })?;
        let clock = Arc::clone(self.clock);
        let (jobs, telling) = (Jobs::default(), Arc::new(Telling::default()));
        let Reach { is_secure, is_behind_proxy, url, .. } = self.reach;
        let settings = Settings {
            is_secure: *is_secure,
            is_behind_proxy: *is_behind_proxy,
            openid: setup.openid.clone(),
            on_request: traces::on_request(),
            jobs: jobs.clone(),
            reports: Some(Arc::new(reports::Maker::new(store.clone(), self.setup.subscribe()))),
            messages: Some(Arc::new(messages::Messenger {
                store: store.clone(),
                setup: self.setup.subscribe(),
                clock: clock.clone(),
                known: telling.known(),
            })),
            ..Settings::new(clock.clone())
        };
        let server = Server::new(store.clone(), world, settings);
        terminal::say(&format!(
            "the API answers at {url}/api, and is described at {url}/api/openapi.json{}",
            if has_console() { format!("; the console is at {url}") } else { String::new() }
        ));
        invite(&server, &store, url).await?;
        self.live(server, store, jobs, telling, clock, seen).await
    }

    /// Answers, and does by itself what is to be done.
    async fn live(
        &self,
        server: Server,
        store: Store,
        jobs: Jobs,
        telling: Arc<Telling>,
        clock: Clock,
        seen: Option<ScanId>,
    ) -> Result<(), Failure> {
        // This store's end, which need not be the program's.
        let end = Stop::default();
        let changed = Arc::new(Notify::new());
        let setup = || self.setup.subscribe();
        let runner = Runner::new(
            store.clone(),
            jobs.clone(),
            setup(),
            end.clone(),
            clock.clone(),
            Arc::clone(&changed),
            Arc::clone(&telling),
        );
        let detection = Detection {
            store: store.clone(),
            place: Arc::clone(self.place),
            jobs: jobs.clone(),
            setup: setup(),
            stop: end.clone(),
            clock: clock.clone(),
            telling,
        };
        let running = tokio::spawn(runner.run());
        let following = tokio::spawn(detection.keep_following());
        let watched = watchdog::watch(store.clone(), jobs.clone(), clock.clone(), end.clone());
        let ending = async {
            tokio::select! {
                () = self.stop.asked() => {}
                () = watched => {}
            }
            end.ask();
        };
        let serving = server.serve(self.reach.listening()?, ending);
        let metrics = self.reach.metrics()?;
        let numbers = async {
            match metrics {
                Some(listener) => server.serve_metrics(listener, pending()).await,
                None => pending().await,
            }
        };
        let served = tokio::select! {
            served = serving => served,
            told = numbers => told,
            () = renew(&server, &store, setup(), &changed, seen) => Ok(()),
        };
        end.ask();
        let over = async { drop(futures::join!(running, following)) };
        // Longer than those who are told to stop have.
        let _ = tokio::time::timeout(Duration::from_secs(15), over).await;
        drop(server);
        if store.presence() == Presence::Here {
            store.close().await;
        }
        served.map_err(|error| Told::new("the server had to stop").because(error).other())
    }
}

fn fixed(now: Timestamp) -> yagura_server::Clock {
    Arc::new(move || now)
}

/// Tells how the first administrator comes in, where there is nobody yet.
async fn invite(server: &Server, store: &Store, url: &str) -> Result<(), Failure> {
    let unread = |error| Told::new("the users cannot be read").because(error).other();
    if store.has_users().await.map_err(unread)? {
        return Ok(());
    }
    let secret = server.setup_secret().map_err(|problem| Told::new(problem.detail).other())?;
    let body = format!(r#"{{"Secret":"{secret}","Name":"YOU","Password":"AT LEAST 15 CHARACTERS"}}"#);
    terminal::say(&format!(
        "nobody can sign in yet. The first administrator, once:\n    curl -H 'content-type: application/json' -d '{body}' {url}/api/setup"
    ));
    if has_console() {
        // What stands behind the number sign does not leave the browser.
        terminal::say(&format!("or, in a browser:\n    {url}/setup#secret={secret}"));
    }
    Ok(())
}

/// Accounts, projects, rules and frameworks as they are now, and the scan that they are of.
async fn world(store: &Store, setup: &Setup) -> Result<(Option<ScanId>, World), ReadError> {
    let Setup { config, words, .. } = setup;
    let scan = store.latest_scan().await?.map(|it| it.id);
    let accounts = match scan {
        Some(scan) => store.organization(scan).await?.accounts,
        None => Default::default(),
    };
    // The job that applies them tells of their mistakes.
    let (suppressions, _) = config.suppressions().of_files();
    let world = World {
        projects: config.projects().to_vec(),
        accounts,
        rules: words.known.clone(),
        judged_by: words.rules.clone(),
        links: Some(Arc::clone(&words.links)),
        frameworks: words.frameworks.clone(),
        due: config.due_days(),
        suppressions,
    };
    Ok((scan, world))
}

/// What the console was told last.
struct Telltale<'s> {
    server: &'s Server,
    /// The scan whose accounts it tells.
    seen: Option<ScanId>,
    /// Whether it has not been told of the configuration yet.
    is_stale: bool,
}

impl Telltale<'_> {
    /// Tells what is new, once it can be had.
    async fn look(&mut self, store: &Store, setup: &Setup) -> Result<(), ReadError> {
        let newest = store.latest_scan().await?.map(|it| it.id);
        if newest == self.seen && !self.is_stale {
            return Ok(());
        }
        let (scan, world) = world(store, setup).await?;
        self.server.change_openid(setup.openid.clone());
        self.server.change_world(world);
        self.server.prepare().await;
        (self.seen, self.is_stale) = (scan, false);
        Ok(())
    }
}

/// Tells findings with the accounts of the newest scan and the configuration of now. Never returns.
async fn renew(
    server: &Server,
    store: &Store,
    mut setup: watch::Receiver<Arc<Setup>>,
    changed: &Notify,
    seen: Option<ScanId>,
) {
    // Nobody waits for it: whoever asks first works it out.
    server.prepare().await;
    let mut telltale = Telltale { server, seen, is_stale: false };
    loop {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = changed.notified() => {}
            Ok(()) = setup.changed() => telltale.is_stale = true,
        }
        let now = Arc::clone(&setup.borrow_and_update());
        if let Err(error) = telltale.look(store, &now).await {
            terminal::say(&format!("the store does not answer, and is asked again: {error}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::StoredArguments;

    #[tokio::test]
    async fn a_new_configuration_is_told_when_the_store_answers_again() {
        let setup = Setup::read(None, &StoredArguments::default(), true).await.unwrap();
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("yagura.db");
        let (here, gone) = (Store::in_memory().await.unwrap(), Store::open(&path).await.unwrap());
        directory.close().unwrap();
        let clock = fixed(Timestamp::UNIX_EPOCH);
        let server = Server::new(here.clone(), World::default(), Settings::new(clock));
        let mut telltale = Telltale { server: &server, seen: None, is_stale: true };
        for _ in 0..2 {
            assert!(telltale.look(&gone, &setup).await.is_err());
            assert!(telltale.is_stale);
        }
        telltale.look(&here, &setup).await.unwrap();
        assert!(!telltale.is_stale);
    }

    #[test]
    fn what_waits_for_the_next_start_is_named() {
        assert_eq!(read_again(&[]), "the configuration was read again");
        assert_eq!(
            read_again(&["listen", "store"]),
            "the configuration was read again; `listen`, `store` changed, and that holds from the next start on"
        );
    }
}
