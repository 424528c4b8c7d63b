//! `yagura detect`: events of sources, past the rules, to matches, or to findings and incidents; once, or as they come.

mod digests;
mod learning;
mod output;
mod places;
mod reading;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use yagura_detect::Engines;
use yagura_detect::rule_files::RuleSet;
use yagura_model::Timestamp;
use yagura_report::KnownDetections;
use yagura_store::{BeginDetectionError, Store};
use yagura_watch::{Aside, Options, Session, WatchError, Watcher};

use crate::arguments::DetectArguments;
use crate::commands::findings::exported;
use crate::commands::store::StorePlace;
use crate::commands::{configured_packs, detections, known_rules, language, suppressions};
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::{source, terminal};
use output::Output;
use places::Places;
pub use places::{filter, is_queue};

/// CloudTrail delivers within minutes; what comes so late of a source that is followed no longer counts with what came before.
pub const LATE: Duration = Duration::from_secs(6 * 3600);

/// Runs the command.
pub async fn run(arguments: DetectArguments, config: &Config) -> Result<ExitCode, Failure> {
    let fields = detections::fields(&arguments.common, config)?;
    let mut set = detections::rules(&arguments.common, config, &fields)?;
    if arguments.prime {
        learning::only_new(&mut set, &arguments)?;
    }
    let forced = arguments.source.forced();
    let geography = Arc::new(config.geography()?);
    let of = |set: &RuleSet| {
        let engines = match forced {
            Some(source) => Engines::of(&[source], &set.falco, &set.sigma, &fields),
            None => Engines::new(&set.falco, &set.sigma, &fields),
        };
        engines.with_places(&(Arc::clone(&geography) as Arc<dyn yagura_detect::Places>))
    };
    // Only a store knows what was seen before: such rules need not be asked of every event.
    let unasked = if arguments.matches { learning::take_new(&mut set) } else { RuleSet::default() };
    let engines = of(&set);
    learning::tell_left_out(&engines, &of(&unasked));
    if engines.is_empty() && set.correlations.is_empty() {
        return Err(Told::new("no rule is about such events").help("`--rules PATH` adds rule files").usage());
    }
    if arguments.follow && arguments.output.export().is_some() {
        return Err(Told::new("`ocsf` and `asff` tell the findings of a run that ends")
            .help("`yagura findings list --output ocsf` tells what a run with `--follow` has found")
            .usage());
    }
    let mut places = Places::open(&arguments, config).await?;
    let now = arguments.now.unwrap_or_else(Timestamp::now);
    let lang = language(arguments.common.lang.or(config.lang()));
    // Matches are told by the ids of their rules.
    let known = if arguments.matches {
        KnownDetections::default()
    } else {
        detections::words(&configured_packs(&arguments.common.packs, config)?)?
    };
    let (store, watcher, aside) = if arguments.matches {
        (None, None, Aside::nowhere())
    } else {
        let names = known.iter().map(|(id, it)| (id.clone(), it.name.clone())).collect();
        let allow = config.allow_list(now)?.with_names(names);
        let place = StorePlace::choose(arguments.store.clone().or_else(|| config.store()).as_deref())?;
        let store = place.open().await?;
        let run = store.begin_detection().map_err(busy)?;
        let watcher = Watcher::new(run, allow);
        let watcher = if arguments.prime { watcher.only_learning() } else { watcher };
        let aside = aside(&arguments, &place);
        (Some((place, store)), Some(watcher), aside)
    };
    let late = arguments.follow.then_some(LATE);
    let options = Options { threads: threads(&arguments, &places), now: arguments.now, late };
    let output = Output::open(&arguments, known, lang)?;
    let mut session =
        Session::new(&engines, set.correlations, watcher, aside, options, output).forced(forced);
    if arguments.verify_digests {
        places.problems += digests::check(&places).await;
    }
    let mut read = session.resume().await;
    if read.is_ok() {
        read = reading::all(&mut session, &mut places, &geography, arguments.follow).await;
    }
    let kept = match &store {
        Some((_place, store)) => {
            let kept = after_run(store, &arguments, config).await;
            if read.is_ok() && arguments.output.export().is_some() {
                export(&mut session.listener, store, &arguments, config, now).await?;
            }
            kept
        }
        None => Ok(()),
    };
    let ended = ended(read, session, &places);
    if let Some((_place, store)) = store {
        store.close().await;
    }
    kept?;
    ended
}

/// Hides the findings that are accepted.
async fn after_run(store: &Store, arguments: &DetectArguments, config: &Config) -> Result<(), Failure> {
    let rules =
        || configured_packs(&arguments.common.packs, config).and_then(|it| known_rules::of_packs(&it));
    suppressions::after_run(store, &config.suppressions(), rules, source::clock()).await
}

/// Writes the findings of the run in the format of others, as they stand in the store.
async fn export(
    output: &mut Output,
    store: &Store,
    arguments: &DetectArguments,
    config: &Config,
    now: Timestamp,
) -> Result<(), Failure> {
    let (rules, requirements) = exported::known(&configured_packs(&arguments.common.packs, config)?, config)?;
    let organization = exported::organization(store).await?;
    let lang = language(arguments.common.lang.or(config.lang()));
    let around = exported::Around {
        store,
        organization: &organization,
        rules: &rules,
        requirements: &requirements,
        due: config.due_days(),
        now,
        lang,
    };
    let written = output.export(&around).await;
    if written.is_err() {
        output.abandon();
    }
    written
}

/// Where what cannot be read is kept: beside the store, if that stays.
pub fn aside(arguments: &DetectArguments, place: &StorePlace) -> Aside {
    match (&arguments.aside, place) {
        (Some(directory), _) => Aside::in_directory(directory.clone()),
        (None, StorePlace::File(store)) => {
            let mut name = store.as_os_str().to_owned();
            name.push("-aside");
            Aside::in_directory(name.into())
        }
        (None, StorePlace::Passing(_)) => Aside::nowhere(),
    }
}

/// How many threads read. What comes over the network waits more than it works.
fn threads(arguments: &DetectArguments, places: &Places) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    arguments.threads.unwrap_or(if places.are_remote() { (4 * cores).max(8) } else { cores })
}

pub fn busy(error: BeginDetectionError) -> Failure {
    Told::new("findings cannot be stored")
        .because(error)
        .help("`--store PATH` names another file, `--store none` keeps nothing")
        .other()
}

/// What was found stands, but nobody may take it for everything when something could not be read.
fn ended(
    read: Result<(), WatchError>,
    mut session: Session<'_, Output>,
    places: &Places,
) -> Result<ExitCode, Failure> {
    let finished = match read {
        Ok(()) => {
            terminal::say(&output::told(&session, places));
            session.listener.finish()
        }
        Err(WatchError::Output(error)) => {
            session.listener.abandon();
            Err(error)
        }
        Err(error) => {
            session.listener.abandon();
            let message = match &error {
                WatchError::Aside(_) => "what cannot be read cannot be kept",
                _ => "the findings cannot be stored",
            };
            return Err(Told::new(message).because(error).other());
        }
    };
    match finished {
        // The reader has what it wanted: `yagura detect ... | head`.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
        finished => {
            finished.map_err(|error| Told::new("cannot write the result").because(error).other())?;
        }
    }
    Ok(if session.status.unread == 0 && places.problems == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
