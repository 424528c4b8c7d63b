//! `yagura incidents list | show`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use yagura_model::Timestamp;
use yagura_report::{IncidentStory, incident_json, incident_story, incident_table};
use yagura_store::{IncidentFilter, Store};

use crate::arguments::{IncidentsCommand, IncidentsCommon, ThreatFormat};
use crate::commands::store::StorePlace;
use crate::commands::{configured_packs, detections, language, print, style};
use crate::config::Config;
use crate::failure::{Failure, Told};

/// Runs the command.
pub async fn run(command: IncidentsCommand, config: &Config) -> Result<ExitCode, Failure> {
    match command {
        IncidentsCommand::List { common, severity, since, account } => {
            let store = open(&common, config).await?;
            let since = since.map(|it| it.before(Timestamp::now()));
            let incidents =
                store.incidents(&IncidentFilter { severity, since, account }).await.map_err(unread)?;
            let lang = language(common.lang.or(config.lang()));
            let text = match common.output {
                ThreatFormat::Table => incident_table(&incidents, lang, style()),
                ThreatFormat::Json => {
                    serde_json::to_string_pretty(&incidents).map(|it| it + "\n").map_err(unwritten)?
                }
            };
            print(&text)
        }
        IncidentsCommand::Show { incident, common } => show(&incident, &common, config).await,
    }
}

async fn show(id: &str, common: &IncidentsCommon, config: &Config) -> Result<ExitCode, Failure> {
    let store = open(common, config).await?;
    let mut found = store.incidents_called(id).await.map_err(unread)?;
    if found.len() > 1 {
        let ids: Vec<_> = found.iter().map(|it| it.incident.id.as_str()).collect();
        return Err(Told::new(format!("the ids of {} incidents begin with `{id}`", ids.len()))
            .help(format!("they are {}", ids.join(", ")))
            .usage());
    }
    let detail = found.pop().ok_or_else(|| {
        Told::new(format!("there is no incident `{id}` in the store"))
            .help("`yagura incidents list` lists them")
            .usage()
    })?;
    let known = detections::words(&configured_packs(&common.packs, config)?)?;
    let story = IncidentStory {
        incident: &detail.incident,
        findings: &detail.findings,
        links: &detail.links,
        known: &known,
    };
    let text = match common.output {
        ThreatFormat::Table => incident_story(&story, language(common.lang.or(config.lang())), style()),
        ThreatFormat::Json => incident_json(&story).map_err(unwritten)?,
    };
    print(&text)
}

/// The store of earlier runs. It is not made by asking for what is in it.
async fn open(common: &IncidentsCommon, config: &Config) -> Result<Store, Failure> {
    let asked: Option<PathBuf> = common.store.clone().or_else(|| config.store());
    let place = StorePlace::choose(asked.as_deref())?;
    let missing = |path: &Path| {
        Told::new(format!("there is no store `{}`", path.display()))
            .help("`yagura detect PATH` makes one; `--store PATH` names another file, the one that `detect` was given")
            .usage()
    };
    match &place {
        StorePlace::File(path) if !path.exists() => Err(missing(path)),
        StorePlace::File(_) => place.open().await,
        StorePlace::Passing(_) => Err(missing(Path::new("none"))),
    }
}

fn unread(error: yagura_store::DatabaseError) -> Failure {
    Told::new("the incidents cannot be read from the store").because(error).other()
}

fn unwritten(error: serde_json::Error) -> Failure {
    Told::new("cannot write the result").because(error).other()
}
