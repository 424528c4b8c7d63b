//! `yagura serve`: the HTTP API over a store.

mod openid;
mod reach;

use std::future::pending;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use yagura_inventory::ServiceFilter;
use yagura_model::{ScanId, Timestamp};
use yagura_posture::{Frameworks, Rules};
use yagura_server::{Server, Settings, World, has_console};
use yagura_store::{BeginServingError, Store};

use crate::arguments::{ServeArguments, StoredArguments};
use crate::commands::configured_packs;
use crate::commands::known_rules::with_detections;
use crate::commands::store::StorePlace;
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::{source, terminal, traces};
use reach::Reach;

/// How often it is looked whether a scan has ended.
const LOOK: Duration = Duration::from_secs(10);

/// Runs the command.
pub async fn run(arguments: ServeArguments, config: &Config) -> Result<ExitCode, Failure> {
    let ServeArguments { reach, common } = arguments;
    let asked = common.store.clone().or_else(|| config.store());
    // A passing place is gone when this is.
    let place = StorePlace::choose(asked.as_deref())?;
    let store = place.open().await?;
    let _right = store.begin_serving().map_err(|error| match error {
        BeginServingError::Running { .. } => Told::new(error.to_string()).usage(),
        BeginServingError::Database(_) => Told::new("the store cannot be served").because(error).other(),
    })?;
    let (seen, world) = world(&store, &common, config).await?;
    let clock = common.now.map_or_else(|| Arc::new(source::clock) as yagura_server::Clock, fixed);
    let Reach { listening, metrics, is_secure, is_behind_proxy, url } =
        Reach::open(reach, config.serve(), clock()).await?;
    let openid = openid::openid(config)?;
    let on_request = traces::on_request();
    let settings = Settings { is_secure, is_behind_proxy, openid, on_request, ..Settings::new(clock) };
    let server = Server::new(store.clone(), world, settings);
    terminal::say(&format!(
        "the API answers at {url}/api, and is described at {url}/api/openapi.json{}",
        if has_console() { format!("; the console is at {url}") } else { String::new() }
    ));
    invite(&server, &store, &url).await?;
    let serving = server.serve(listening, terminal::stopped());
    // Nobody waits for it: whoever asks first works it out.
    let prepared = async {
        server.prepare().await;
        renew(&server, &store, &common, config, seen).await;
    };
    let numbers = async {
        match metrics {
            Some(listener) => server.serve_metrics(listener, pending()).await,
            None => pending().await,
        }
    };
    tokio::select! {
        served = serving => served.map_err(|error| Told::new("the server had to stop").because(error).other())?,
        () = prepared => {}
        told = numbers => told.map_err(|error| Told::new("numbers cannot be told any more").because(error).other())?,
    }
    drop(server);
    store.close().await;
    Ok(ExitCode::SUCCESS)
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
async fn world(
    store: &Store,
    common: &StoredArguments,
    config: &Config,
) -> Result<(Option<ScanId>, World), Failure> {
    let unread = |error| Told::new("the accounts cannot be read back from the store").because(error).other();
    let packs = configured_packs(&common.packs, config)?;
    let (rules, mistakes) = Rules::load(&packs, &config.settings());
    terminal::diagnostics(&mistakes);
    let (frameworks, mistakes) = Frameworks::load(&packs, &rules);
    terminal::diagnostics(&mistakes);
    let scan = store.latest_scan().await.map_err(unread)?.map(|it| it.id);
    let accounts = match scan {
        Some(scan) => store.organization(scan).await.map_err(unread)?.accounts,
        None => Default::default(),
    };
    let links = source::collectors(&packs)?.plan(&rules.needs(), &ServiceFilter::default()).links();
    let (suppressions, _) = config.suppressions().of_files()?;
    let world = World {
        projects: config.projects().to_vec(),
        accounts,
        rules: with_detections(&rules, &packs)?,
        judged_by: rules,
        links: Some(links),
        frameworks,
        due: config.due_days(),
        suppressions,
    };
    Ok((scan, world))
}

/// Tells findings with the accounts of the newest scan, whenever one has ended. Never returns.
async fn renew(
    server: &Server,
    store: &Store,
    common: &StoredArguments,
    config: &Config,
    mut seen: Option<ScanId>,
) {
    loop {
        tokio::time::sleep(LOOK).await;
        let newest = match store.latest_scan().await {
            Ok(newest) => newest.map(|it| it.id),
            Err(error) => {
                terminal::say(&format!("the store does not answer, and is asked again: {error}"));
                continue;
            }
        };
        if newest == seen {
            continue;
        }
        match world(store, common, config).await {
            Ok((scan, world)) => {
                server.change_world(world);
                server.prepare().await;
                seen = scan;
            }
            Err(failure) => drop(terminal::fail(&failure)),
        }
    }
}
