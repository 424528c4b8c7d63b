//! `yagura demo`: judges a recorded organisation that is inside the binary, and tells of an attack on it.

mod attack;
mod console;
mod history;

use std::path::Path;
use std::process::ExitCode;

use include_dir::{Dir, include_dir};
use yagura_report::Format;
use yagura_scan::Recorded;

use crate::arguments::{DemoArguments, TargetArguments};
use crate::commands::judge::Judge;
use crate::commands::store::{StorePlace, unread};
use crate::commands::{language, packs};
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::{output, source, terminal};

static ORGANIZATION: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../demo/organization");

/// Runs the command.
pub async fn run(arguments: DemoArguments) -> Result<ExitCode, Failure> {
    let (mut judge, listen) = (arguments.judge, arguments.listen);
    let outputs = output::resolve(&judge.output, judge.out.as_deref())?;
    // What machines read stays what it is.
    let is_read = outputs.iter().any(|it| it.path.is_none() && it.format == Format::Table);
    // What is served lies somewhere, for as long as it is served.
    let passing = listen.filter(|_| judge.store.is_none()).map(|_| tempfile::tempdir()).transpose();
    let passing =
        passing.map_err(|error| Told::new("there is no room for the store").because(error).other())?;
    if let Some(directory) = &passing {
        judge.store = Some(directory.path().join("yagura.db"));
    }
    let kept = judge.store.clone();
    let lang = language(judge.lang);
    judge.store.get_or_insert_with(|| "none".into());
    let directory = unpacked(&ORGANIZATION, "the recorded organisation")?;
    let status = run_in(directory.path(), judge, listen.is_some()).await?;
    // Nobody would see it, or find it later.
    if !is_read && kept.is_none() {
        return Ok(status);
    }
    let story = attack::run(kept.as_deref(), lang).await?;
    if is_read {
        terminal::result(&format!("\n{story}"))
            .map_err(|error| Told::new("cannot write the result").because(error).other())?;
    }
    match listen.zip(kept) {
        // Whoever asks for a scan there has the recording judged again.
        Some((listen, store)) => console::serve(listen, store, directory.path()).await,
        None => Ok(status),
    }
}

/// What is inside of the binary, in a directory that goes away.
fn unpacked(inside: &Dir<'static>, what: &str) -> Result<tempfile::TempDir, Failure> {
    tempfile::tempdir()
        .and_then(|directory| inside.extract(directory.path()).map(|()| directory))
        .map_err(|error| Told::new(format!("{what} cannot be unpacked")).because(error).other())
}

async fn run_in(
    directory: &Path,
    judge: crate::arguments::JudgeArguments,
    has_past: bool,
) -> Result<ExitCode, Failure> {
    let target = TargetArguments::default();
    let packs = packs(&[])?;
    let prepared = Judge::prepare(&packs, &yagura_posture::Settings::default(), &target, &judge)?;
    let recorded = source::recorded(directory, &target, &Config::default())?;
    let now = judge.now.unwrap_or_else(|| recorded.created());
    if has_past {
        remember(&prepared, &recorded, judge.store.as_deref(), &target).await?;
    }
    prepared.run(&recorded, &target, judge, now).await
}

/// Has the recording judged as in earlier weeks, unless the store knows a past already.
async fn remember(
    judge: &Judge,
    recorded: &Recorded,
    place: Option<&Path>,
    target: &TargetArguments,
) -> Result<(), Failure> {
    let store = StorePlace::choose(place)?.open().await?;
    let known = store.latest_scan().await.map_err(|error| unread(error.into()))?;
    if known.is_none() {
        history::tell(judge, recorded, &store, target).await?;
    }
    store.close().await;
    Ok(())
}
