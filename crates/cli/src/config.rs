//! `yagura.toml`: every option of the command line, and what only a file can say (parameters, exceptions).
//!
//! The file is checked whole: every key that is not known is told with its line before anything is read from AWS.

mod deliveries;
mod openid;
mod places;
mod serve;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::de::DeTable;
use yagura_geo::Files;
use yagura_model::{Diagnostic, DueDays, Lang, Level, Severity, Timestamp};
use yagura_notify::{Destinations, Written};
use yagura_posture::{Exception, Project, RuleSettings, Settings, SettingsSource};
use yagura_watch::{Allow, AllowList};

use crate::arguments::{JudgeArguments, TargetArguments};
use crate::commands::project_tables;
use crate::commands::suppressions::Sources;
use crate::failure::{Failure, Told};
use crate::report_settings::ScheduledReport;
use crate::terminal;
pub use openid::OpenIdConnect;
use places::{gather, nearest, place};
pub use serve::ServeSettings;

const DEFAULT: &str = "yagura.toml";

/// What the configuration file says; nothing when there is none.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    accounts: Vec<String>,
    exclude_accounts: Vec<String>,
    organizational_units: Vec<String>,
    exclude_organizational_units: Vec<String>,
    regions: Vec<String>,
    exclude_regions: Vec<String>,
    services: Vec<String>,
    exclude_services: Vec<String>,
    this_account: bool,
    role_name: Option<String>,
    external_id: Option<String>,
    session_name: Option<String>,
    accounts_at_once: Option<usize>,
    calls_at_once: Option<usize>,
    fips: bool,
    dual_stack: bool,
    packs: Vec<PathBuf>,
    store: Option<PathBuf>,
    lang: Option<Lang>,
    fail_on: Option<SeverityWord>,
    severity: Option<SeverityWord>,
    rules: BTreeMap<String, RuleSettings>,
    exceptions: Vec<Exception>,
    projects: Vec<Project>,
    project_tables: Vec<String>,
    destinations: BTreeMap<String, Written>,
    mutelists: Vec<PathBuf>,
    suppressions: Vec<PathBuf>,
    detections: DetectionSettings,
    sla: DueDays,
    reports: Vec<ScheduledReport>,
    serve: ServeSettings,
    #[serde(skip)]
    checked_destinations: Destinations,
    #[serde(skip)]
    source: SettingsSource,
    #[serde(skip)]
    is_written: bool,
}

/// Every key at the top of the file, for "did you mean".
const KEYS: [&str; 32] = [
    "accounts",
    "exclude_accounts",
    "organizational_units",
    "exclude_organizational_units",
    "regions",
    "exclude_regions",
    "services",
    "exclude_services",
    "this_account",
    "role_name",
    "external_id",
    "session_name",
    "accounts_at_once",
    "calls_at_once",
    "fips",
    "dual_stack",
    "packs",
    "store",
    "lang",
    "fail_on",
    "severity",
    "rules",
    "exceptions",
    "projects",
    "project_tables",
    "destinations",
    "mutelists",
    "suppressions",
    "detections",
    "sla",
    "reports",
    "serve",
];

/// What the file says about detections.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DetectionSettings {
    /// Who may do what a detection would report.
    allow: Vec<Allow>,
    /// Databases and tables that tell where addresses are.
    geo: Vec<PathBuf>,
    /// Lists of addresses, by their names.
    lists: BTreeMap<String, PathBuf>,
}

/// A severity as people write it, in any case.
#[derive(Debug, Clone, Copy)]
struct SeverityWord(Severity);

impl<'de> Deserialize<'de> for SeverityWord {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        word.parse().map(Self).map_err(serde::de::Error::custom)
    }
}

impl Config {
    /// Reads the file named, else `yagura.toml` in this directory if there is one.
    ///
    /// # Errors
    ///
    /// A file that was named and cannot be read, or one with mistakes, each of which is printed with its line.
    pub fn load(named: Option<&Path>) -> Result<Self, Failure> {
        let path = named.unwrap_or(Path::new(DEFAULT));
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => {
                let message = format!("cannot read the configuration file `{}`", path.display());
                return Err(Told::new(message).because(error).usage());
            }
        };
        Self::parse(&path.display().to_string(), &text).map_err(|mistakes| {
            terminal::diagnostics(&mistakes);
            Told::new(format!("the configuration file `{}` has mistakes", path.display()))
                .help("docs/configuration.md lists every key")
                .usage()
        })
    }

    fn parse(file: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let mistake = |at: Option<usize>, code, message: String, help| Diagnostic {
            file: file.to_owned(),
            place: at.map(|at| place(text, at)),
            level: Level::Error,
            code,
            message,
            help,
        };
        let told = |error: &toml::de::Error| {
            mistake(error.span().map(|span| span.start), "config/syntax", error.message().to_owned(), None)
        };
        let table = DeTable::parse(text).map_err(|error| vec![told(&error)])?;
        let unknown: Vec<_> = table
            .get_ref()
            .keys()
            .filter(|key| !KEYS.contains(&key.get_ref().as_ref()))
            .map(|key| {
                let name = key.get_ref();
                let help = nearest(&KEYS, name).map(|near| format!("did you mean `{near}`?"));
                mistake(Some(key.span().start), "config/unknown-key", format!("unknown key `{name}`"), help)
            })
            .collect();
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let mut places = BTreeMap::new();
        gather(text, "", table.get_ref(), &mut places);
        let mut config: Self = toml::from_str(text).map_err(|error| vec![told(&error)])?;
        config.source = SettingsSource { file: file.to_owned(), places };
        config.is_written = true;
        config.checked_destinations =
            deliveries::checked(&config.destinations, &config.projects, &config.source)?;
        let wrong = |(path, message): (String, String)| {
            let place = config.source.places.get(&path).copied();
            Diagnostic { place, ..mistake(None, "config/serve", message, None) }
        };
        let wrong: Vec<_> = config.serve.mistakes().into_iter().map(wrong).collect();
        if wrong.is_empty() { Ok(config) } else { Err(wrong) }
    }

    /// What the file says about rules. The mutelists that it names are read by those who judge.
    pub fn settings(&self) -> Settings {
        Settings {
            rules: self.rules.clone(),
            exceptions: self.exceptions.clone(),
            projects: self.projects.clone(),
            mutelists: Vec::new(),
            source: self.source.clone(),
        }
    }

    /// With the projects of the tables that the file names, if somebody asks about projects: a command, or what the file says about
    /// a rule. Tables may be far away, and who only looks at rules need not reach them.
    ///
    /// # Errors
    ///
    /// A table cannot be read, or used.
    pub async fn with_project_tables(mut self, is_asked: bool) -> Result<Self, Failure> {
        let mut scopes = self.rules.values().flat_map(|it| &it.scopes);
        let is_asked = is_asked || !self.suppressions.is_empty();
        if !is_asked && scopes.all(|it| it.projects.is_empty()) {
            return Ok(self);
        }
        let known = self.destinations.keys().cloned().collect();
        let tables = project_tables::read(&self.project_tables, &known, &self.packs).await?;
        project_tables::add(&mut self.projects, tables);
        Ok(self)
    }

    /// The file that it was read from, where there is one.
    pub fn file(&self) -> Option<&Path> {
        self.is_written.then(|| Path::new(&self.source.file))
    }

    /// Where suppressions come from.
    pub fn suppressions(&self) -> Sources {
        Sources { files: self.suppressions.clone(), projects: self.projects.clone() }
    }

    /// The destinations.
    pub fn destinations(&self) -> &Destinations {
        &self.checked_destinations
    }

    /// The projects.
    pub fn projects(&self) -> &[Project] {
        &self.projects
    }

    /// One project of the file.
    ///
    /// # Errors
    ///
    /// There is none of this name.
    pub fn project(&self, name: &str) -> Result<&Project, Failure> {
        self.projects.iter().find(|it| it.name == name).ok_or_else(|| {
            let names: Vec<_> = self.projects.iter().map(|it| format!("`{}`", it.name)).collect();
            let help = if names.is_empty() {
                "`[[projects]]` or `project_tables` in yagura.toml define them: docs/configuration.md"
                    .to_owned()
            } else {
                format!("it defines {}", names.join(", "))
            };
            Told::new(format!("the configuration defines no project `{name}`")).help(help).usage()
        })
    }

    /// Fills what the command line and the environment left open.
    pub fn complete_target(&self, target: &mut TargetArguments) {
        let fill = |said: &mut Vec<String>, file: &Vec<String>| {
            if said.is_empty() {
                said.clone_from(file);
            }
        };
        // The caller's own account on the command line is a choice of accounts: the file's does not add to it.
        if !target.this_account {
            fill(&mut target.accounts, &self.accounts);
            fill(&mut target.organizational_units, &self.organizational_units);
        }
        fill(&mut target.exclude_accounts, &self.exclude_accounts);
        fill(&mut target.exclude_organizational_units, &self.exclude_organizational_units);
        fill(&mut target.regions, &self.regions);
        fill(&mut target.exclude_regions, &self.exclude_regions);
        fill(&mut target.services, &self.services);
        fill(&mut target.exclude_services, &self.exclude_services);
        if target.accounts.is_empty() && target.organizational_units.is_empty() {
            target.this_account |= self.this_account;
        }
        target.role_name = target.role_name.take().or_else(|| self.role_name.clone());
        target.external_id = target.external_id.take().or_else(|| self.external_id.clone());
        target.session_name = target.session_name.take().or_else(|| self.session_name.clone());
        target.accounts_at_once = target.accounts_at_once.or(self.accounts_at_once);
        target.calls_at_once = target.calls_at_once.or(self.calls_at_once);
        target.fips |= self.fips;
        target.dual_stack |= self.dual_stack;
        self.complete_packs(&mut target.packs);
    }

    /// Who may do what detections would report. Entries whose last day is over are told.
    ///
    /// # Errors
    ///
    /// An entry cannot be used.
    pub fn allow_list(&self, now: Timestamp) -> Result<AllowList, Failure> {
        let list = AllowList::new(&self.detections.allow).map_err(|(n, error)| {
            let at = self.source.places.get(&format!("detections.allow.{n}"));
            let place = at.map(|it| format!("{}:{}:{}: ", self.source.file, it.line, it.column));
            Told::new(format!("{}the allow-list cannot be used", place.unwrap_or_default()))
                .because(error)
                .help("docs/configuration.md tells what an entry holds")
                .usage()
        })?;
        for it in list.over(now) {
            let until = it.until.map(|it| it.to_string()).unwrap_or_default();
            terminal::say(&format!(
                "an entry of the allow-list ended on {until} and allows nothing any more: {}",
                it.because
            ));
        }
        Ok(list)
    }

    /// Where addresses are, as the files say that the configuration names. What of them cannot be used is told.
    ///
    /// # Errors
    ///
    /// One of the files cannot be used at all.
    pub fn geography(&self) -> Result<Files, Failure> {
        let DetectionSettings { geo, lists, .. } = &self.detections;
        let (files, told) = Files::open(geo, lists).map_err(|error| {
            Told::new("what is known of addresses cannot be read")
                .because(error)
                .help("docs/configuration.md tells what `[detections]` may name in `geo` and `lists`")
                .usage()
        })?;
        told.iter().for_each(|it| terminal::say(it));
        Ok(files)
    }

    /// The language that the file names.
    pub fn lang(&self) -> Option<Lang> {
        self.lang
    }

    /// Within how many days findings have to be put right.
    pub fn due_days(&self) -> DueDays {
        self.sla
    }

    /// The reports that are made on a schedule.
    pub fn reports(&self) -> &[ScheduledReport] {
        &self.reports
    }

    /// What the file says about `yagura serve`.
    pub fn serve(&self) -> &ServeSettings {
        &self.serve
    }

    /// The store that the file names.
    pub fn store(&self) -> Option<PathBuf> {
        self.store.clone()
    }

    /// Fills in the directories of packs when none were said.
    pub fn complete_packs(&self, packs: &mut Vec<PathBuf>) {
        if packs.is_empty() {
            packs.clone_from(&self.packs);
        }
    }

    /// Fills in the mutelists when none were said.
    pub fn complete_mutelists(&self, mutelists: &mut Vec<PathBuf>) {
        if mutelists.is_empty() {
            mutelists.clone_from(&self.mutelists);
        }
    }

    /// Fills what the command line and the environment left open.
    pub fn complete_judge(&self, judge: &mut JudgeArguments) {
        self.complete_mutelists(&mut judge.mutelist);
        judge.store = judge.store.take().or_else(|| self.store.clone());
        judge.lang = judge.lang.or(self.lang);
        judge.fail_on = judge.fail_on.or(self.fail_on.map(|word| word.0));
        judge.severity = judge.severity.or(self.severity.map(|word| word.0));
    }
}

#[cfg(test)]
mod tests;
