//! What a server goes by: the configuration and the packs, read as a whole, and read again when somebody asks.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Parser as _;
use yagura_inventory::ServiceFilter;
use yagura_model::Timestamp;
use yagura_model::{Diagnostic, Links};
use yagura_packs::Packs;
use yagura_posture::{Frameworks, Rules};
use yagura_server::{OpenId, ScanWish, Timing};
use yagura_triage::KnownRules;

use super::openid::openid;
use crate::arguments::{
    Arguments, Command, DetectArguments, ImportArguments, ScanArguments, StoredArguments,
};
use crate::commands::known_rules::with_detections;
use crate::commands::{configured_packs, report};
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::{source, terminal};

/// The names of the jobs.
pub const SCAN: &str = "scan";
pub const IMPORT: &str = "import";
pub const REPORTS: &str = "reports";
pub const NOTIFY: &str = "notify";

/// What the console tells findings by, out of the packs and the configuration.
#[derive(Debug)]
pub struct Words {
    pub rules: Rules,
    pub frameworks: Frameworks,
    pub known: KnownRules,
    pub links: Arc<Links>,
    /// What is wrong with rules, frameworks and their settings.
    mistakes: Vec<Diagnostic>,
    /// Whether nothing of it is about rules.
    is_judged_by: bool,
}

impl Words {
    fn read(config: &Config, packs: &Packs) -> Result<Self, Failure> {
        let (rules, mut mistakes) = Rules::load(packs, &config.settings());
        let is_judged_by = !terminal::any_error(&mistakes);
        let (frameworks, more) = Frameworks::load(packs, &rules);
        mistakes.extend(more);
        let links = source::collectors(packs)?.plan(&rules.needs(), &ServiceFilter::default()).links();
        Ok(Self { known: with_detections(&rules, packs)?, frameworks, links, mistakes, is_judged_by, rules })
    }
}

/// What a server goes by. Whatever can be wrong with it is found out before it is anybody's.
#[derive(Debug)]
pub struct Setup {
    pub config: Config,
    pub packs: Packs,
    pub words: Words,
    /// The identity provider that people may sign in through.
    pub openid: Option<Arc<OpenId>>,
    pub common: StoredArguments,
    /// Whether the store stays when the server ends.
    pub store_stays: bool,
}

impl Setup {
    /// Reads it.
    ///
    /// # Errors
    ///
    /// A file has mistakes: each is printed with its line. Rules that have some are printed too, and left out.
    pub async fn read(
        named: Option<&Path>,
        common: &StoredArguments,
        store_stays: bool,
    ) -> Result<Self, Failure> {
        let config = Config::load(named)?.with_project_tables(true).await?;
        let packs = configured_packs(&common.packs, &config)?;
        if !config.reports().is_empty() {
            report::check(&config)?;
        }
        let words = Words::read(&config, &packs)?;
        terminal::diagnostics(&words.mistakes);
        let openid = openid(&config)?;
        Ok(Self { config, packs, words, openid, common: common.clone(), store_stays })
    }

    /// Whether nothing is wrong with rules, for who has others that can be judged by.
    ///
    /// # Errors
    ///
    /// They have mistakes.
    pub fn check_rules(&self) -> Result<(), Failure> {
        if self.words.is_judged_by {
            return Ok(());
        }
        Err(Told::new("rules or their settings have mistakes").usage())
    }

    /// The keys of the file that hold from the next start on, since they say something else than in the one that the server was started by.
    pub fn changed_for_the_next_start(&self, first: &Self) -> Vec<&'static str> {
        let mut keys = self.config.serve().changed_for_the_next_start(first.config.serve());
        if self.config.store() != first.config.store() {
            keys.push("store");
        }
        keys
    }

    /// The jobs, and when they run.
    pub fn jobs(&self) -> Vec<(&'static str, Timing)> {
        let settings = self.config.serve();
        let on = |schedule: &Option<yagura_posture::Schedule>| match schedule {
            Some(schedule) => Timing::On(schedule.clone(), settings.zone()),
            None => Timing::Asked,
        };
        let mut jobs = vec![(SCAN, on(&settings.scan.schedule)), (NOTIFY, Timing::At(None))];
        if !settings.import.paths.is_empty() || !settings.import.from.is_empty() {
            jobs.push((IMPORT, on(&settings.import.schedule)));
        }
        if self.store_stays && !self.config.reports().is_empty() {
            jobs.push((REPORTS, Timing::At(None)));
        }
        jobs
    }

    /// When the next report is due, as the files beside the store remember.
    ///
    /// # Errors
    ///
    /// They cannot be read.
    pub fn next_report(&self, now: Timestamp) -> Result<Option<Timestamp>, Failure> {
        report::next_due(&self.common, &self.config, now)
    }

    /// `yagura scan`, as the configuration and the environment complete it.
    ///
    /// # Errors
    ///
    /// A variable of the environment cannot be used.
    pub fn scan(&self, wish: &ScanWish) -> Result<ScanArguments, Failure> {
        let Command::Scan(mut it) = parsed(&["scan"], &[])? else { return Err(unlike()) };
        let given = [
            (&wish.accounts, &mut it.target.accounts),
            (&wish.regions, &mut it.target.regions),
            (&wish.rules, &mut it.judge.rules),
        ];
        for (wished, given) in given {
            if !wished.is_empty() {
                given.clone_from(wished);
            }
        }
        it.snapshot = self.config.serve().scan.snapshot.clone().or(it.snapshot);
        self.config.complete_target(&mut it.target);
        self.config.complete_judge(&mut it.judge);
        Ok(*it)
    }

    /// `yagura import`, as the configuration says it.
    ///
    /// # Errors
    ///
    /// A variable of the environment cannot be used.
    pub fn import(&self) -> Result<ImportArguments, Failure> {
        // A word in the place of those that the command line asks for.
        let Command::Import(mut it) = parsed(&["import"], &["."])? else { return Err(unlike()) };
        let said = &self.config.serve().import;
        it.paths.clone_from(&said.paths);
        it.from.clone_from(&said.from);
        it.aggregation_region = said.aggregation_region.clone().or(it.aggregation_region);
        it.config_aggregator = said.config_aggregator.clone().or(it.config_aggregator);
        it.since = said.since;
        it.now = self.common.now;
        Ok(*it)
    }

    /// `yagura detect --follow`, as the configuration says it.
    ///
    /// # Errors
    ///
    /// A variable of the environment cannot be used.
    pub fn detect(&self) -> Result<DetectArguments, Failure> {
        let Command::Detect(mut it) = parsed(&["detect", "--follow"], &["."])? else { return Err(unlike()) };
        let said = &self.config.serve().detect;
        it.sources.clone_from(&said.sources);
        it.accounts.clone_from(&said.accounts);
        it.regions.clone_from(&said.regions);
        it.bucket.clone_from(&said.bucket);
        it.since = said.since;
        let fill = |given: &mut Vec<PathBuf>, said: &Vec<PathBuf>| {
            if !said.is_empty() {
                given.clone_from(said);
            }
        };
        fill(&mut it.common.rules, &said.rules);
        fill(&mut it.common.pipeline, &said.pipeline);
        it.common.only_rules |= said.only_rules;
        it.common.packs.clone_from(&self.common.packs);
        it.now = self.common.now;
        Ok(it)
    }
}

/// What a command line would be, with what the environment says.
fn parsed(command: &[&str], words: &[&str]) -> Result<Command, Failure> {
    let all = ["yagura"].iter().chain(command).chain(words);
    match Arguments::try_parse_from(all) {
        Ok(arguments) => Ok(arguments.command),
        Err(error) => Err(Told::new("a variable of the environment cannot be used").because(error).usage()),
    }
}

fn unlike() -> Failure {
    Told::new("a command is not what it is called").other()
}
