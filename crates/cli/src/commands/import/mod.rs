//! `yagura import`: findings of other detectors, into the same store.

mod aws;
mod paths;

use std::process::ExitCode;
use std::sync::Arc;

use yagura_import::Vocabulary;
use yagura_model::{ImportedFinding, Timestamp};
use yagura_packs::Packs;
use yagura_posture::{Rule, Rules};
use yagura_store::{Imported, Store};

use crate::arguments::ImportArguments;
use crate::commands::store::StorePlace;
use crate::commands::{known_rules, packs, suppressions};
use crate::config::Config;
use crate::failure::{self, Failure};
use crate::{source, terminal};

/// Told of by default; the rest is counted.
const MOST_PROBLEMS: u64 = 50;

/// An import on its way into the store.
pub struct Import {
    store: Store,
    vocabulary: Arc<Vocabulary>,
    /// All of it has one moment.
    now: Timestamp,
    done: Done,
}

/// What was done so far.
#[derive(Debug, Clone, Copy, Default)]
struct Done {
    imported: Imported,
    /// What ended because it is no longer reported.
    vanished: u64,
    own: u64,
    problems: u64,
    incomplete: bool,
}

/// Runs the command.
pub async fn run(arguments: ImportArguments, config: &Config) -> Result<ExitCode, Failure> {
    let asked = arguments.store.clone().or_else(|| config.store());
    let place = StorePlace::choose(asked.as_deref())?;
    let store = place.open().await?;
    let told = into(&store, arguments, config).await?;
    store.close().await;
    terminal::say(&told.summary);
    Ok(if told.is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What an import came to.
pub struct Told {
    /// In a line.
    pub summary: String,
    /// Whether everything could be read.
    pub is_whole: bool,
}

/// Imports into a store.
///
/// # Errors
///
/// A file or AWS cannot be read at all, or the store failed.
pub async fn into(store: &Store, arguments: ImportArguments, config: &Config) -> Result<Told, Failure> {
    let ImportArguments {
        paths,
        from,
        aggregation_region,
        config_aggregator,
        since,
        account,
        region,
        store: _,
        now,
        mut target,
    } = arguments;
    config.complete_target(&mut target);
    let packs = packs(&target.packs)?;
    let now = now.unwrap_or_else(source::clock);
    let vocabulary = vocabulary(&packs, config);
    let mut import = Import { store: store.clone(), vocabulary, now, done: Done::default() };
    let elsewhere = yagura_import::Elsewhere { account, region };
    for path in &paths {
        import.path(path, &elsewhere).await?;
    }
    if !from.is_empty() {
        let live = source::live(&packs, &target, config).await?;
        let asked = aws::Asked {
            from: &from,
            aggregation_region: aggregation_region.as_deref(),
            aggregator: config_aggregator.as_deref(),
            since: since.map(|it| it.before(now)),
        };
        import.aws(&live, &asked).await?;
    }
    let done = import.done;
    let rules = || known_rules::of_packs(&packs);
    suppressions::after_run(store, &config.suppressions(), rules, now).await?;
    Ok(Told { summary: summary(&done), is_whole: !done.incomplete })
}

/// The names of the rules that are in use.
fn vocabulary(packs: &Packs, config: &Config) -> Arc<Vocabulary> {
    let (rules, mistakes) = Rules::load(packs, &config.settings());
    terminal::diagnostics(&mistakes);
    let (vocabulary, mistakes) = Vocabulary::new(packs, rules.iter().map(Rule::info));
    terminal::diagnostics(&mistakes);
    Arc::new(vocabulary)
}

impl Import {
    /// Stores one page.
    async fn keep(&mut self, found: &[ImportedFinding]) -> Result<(), yagura_store::DatabaseError> {
        let more = self.store.import(found, self.now).await?;
        add(&mut self.done.imported, more);
        Ok(())
    }

    /// Tells of what could not be used, as long as there is not too much of it.
    fn problem(&mut self, problem: &yagura_model::Diagnostic) {
        self.done.problems += 1;
        if self.done.problems <= MOST_PROBLEMS {
            terminal::diagnostics(std::slice::from_ref(problem));
        }
    }
}

fn add(all: &mut Imported, more: Imported) {
    all.opened += more.opened;
    all.reopened += more.reopened;
    all.ended += more.ended;
    all.same += more.same;
    all.passed_over += more.passed_over;
}

fn summary(done: &Done) -> String {
    let Imported { opened, reopened, ended, same, passed_over } = done.imported;
    let mut text = format!(
        "{opened} findings are new, {reopened} came back, {} ended, {same} are as they were",
        ended + done.vanished
    );
    for (count, what) in [
        (passed_over, "told of the end of something that was never open here"),
        (done.own, "were ours already"),
        (done.problems, "could not be used"),
    ] {
        if count > 0 {
            text.push_str(&format!("; {count} {what}"));
        }
    }
    text
}

fn unkept(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    failure::Told::new("what was imported cannot be kept").because(error).other()
}
