//! The attack of the demonstration: logs that `demo/attack/make.py` makes, past the built-in detections, to one story.

use std::path::Path;

use include_dir::{Dir, include_dir};
use yagura_detect::Engines;
use yagura_model::{Lang, Timestamp};
use yagura_packs::Packs;
use yagura_report::{IncidentStory, Style, incident_story};
use yagura_store::{IncidentFilter, Store};
use yagura_watch::{AllowList, Aside, Listener, Options, Session, Taken, Watcher, local};

use super::unpacked;
use crate::arguments::DetectionsCommon;
use crate::commands::detections;
use crate::commands::store::StorePlace;
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::terminal;

static LOGS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../demo/attack/logs");

/// The day after the attack.
const NOW: Timestamp = Timestamp::constant(1_769_904_000, 0);

/// Says what could not be read; what is found stands in the store.
struct Quiet;

impl Listener for Quiet {
    fn say(&mut self, line: &str) {
        terminal::say(line);
    }

    fn lines(&mut self, _: &[u8]) -> std::io::Result<()> {
        Ok(())
    }

    fn taken(&mut self, _: Taken) -> std::io::Result<()> {
        Ok(())
    }
}

/// Reads the logs and tells the story of the worst incident. Findings are kept in the store of the demonstration, if it has one.
pub(super) async fn run(kept: Option<&Path>, lang: Lang) -> Result<String, Failure> {
    let directory = unpacked(&LOGS, "the recorded logs")?;
    let place = StorePlace::choose(Some(kept.unwrap_or(Path::new("none"))))?;
    let store = place.open().await?;
    watch(directory.path(), &store).await?;
    let told = story(&store, lang).await;
    store.close().await;
    told
}

async fn watch(logs: &Path, store: &Store) -> Result<(), Failure> {
    let (common, config) = (DetectionsCommon::default(), Config::default());
    let fields = detections::fields(&common, &config)?;
    let set = detections::rules(&common, &config, &fields)?;
    let engines = Engines::new(&set.falco, &set.sigma, &fields);
    let run = store
        .begin_detection()
        .map_err(|error| Told::new("findings cannot be stored").because(error).other())?;
    let watcher = Watcher::new(run, AllowList::default());
    let options = Options { threads: 1, now: Some(NOW), late: None };
    let mut session =
        Session::new(&engines, set.correlations, Some(watcher), Aside::nowhere(), options, Quiet);
    let found = yagura_logs::find(logs)
        .map_err(|error| Told::new("the recorded logs cannot be read").because(error).other())?;
    session
        .read(&local::jobs(&found))
        .await
        .map_err(|error| Told::new("the findings cannot be stored").because(error).other())?;
    let status = &session.status;
    terminal::say(&format!("{} events, {} matches", status.events, status.matches));
    Ok(())
}

async fn story(store: &Store, lang: Lang) -> Result<String, Failure> {
    let unread = |error| Told::new("the incidents cannot be read from the store").because(error).other();
    let incidents = store.incidents(&IncidentFilter::default()).await.map_err(unread)?;
    let Some(worst) = incidents.iter().max_by_key(|it| (it.severity, it.findings)) else {
        return Ok(String::new());
    };
    let known = detections::words(&Packs::embedded())?;
    let style = Style { width: terminal::width(), colours: terminal::colours(), ..Style::default() };
    let mut told = String::new();
    for it in store.incidents_called(&worst.id).await.map_err(unread)? {
        let story =
            IncidentStory { incident: &it.incident, findings: &it.findings, links: &it.links, known: &known };
        told.push_str(&incident_story(&story, lang, style));
    }
    Ok(told)
}
