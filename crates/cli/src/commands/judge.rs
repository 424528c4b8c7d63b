//! What `scan` and `demo` share: rules, the store, the scan, its result, the exit status.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use yagura_inventory::{Plan, ServiceFilter};
use yagura_model::{Outcome, Region, Severity, Summary, Timestamp};
use yagura_packs::Packs;
use yagura_posture::{Rules, Selection, Settings};
use yagura_scan::{Job, ScanError, Source};
use yagura_store::Store;

use crate::arguments::{JudgeArguments, TargetArguments};
use crate::commands::language;
use crate::commands::tell::{Wish, tell};
use crate::failure::{Failure, Told};
use crate::output;
use crate::progress::Shown;
use crate::{source, terminal};

/// Exit status when something at or above `--fail-on` was found.
const FOUND: u8 = 3;

/// The rules to judge by and what to read for them.
pub struct Judge {
    pub rules: Arc<Rules>,
    pub plan: Plan,
    digest: String,
}

impl Judge {
    /// Loads rules and collectors, and narrows both to what was asked for.
    ///
    /// # Errors
    ///
    /// Mistakes in files (each is printed with its place), or a choice that names nothing.
    pub fn prepare(
        packs: &Packs,
        settings: &Settings,
        target: &TargetArguments,
        judge: &JudgeArguments,
    ) -> Result<Self, Failure> {
        let (rules, mistakes) = Rules::load(packs, settings);
        terminal::diagnostics(&mistakes);
        if terminal::any_error(&mistakes) {
            return Err(Told::new("rules or their settings have mistakes")
                .help("a scan with half of its rules would look like a better result than it is: mend or remove them")
                .usage());
        }
        let selection =
            Selection { patterns: judge.rules.clone(), severity: judge.severity, ..Selection::default() };
        let rules = rules
            .select(&selection)
            .map_err(|error| Told::new(error.to_string()).help("`yagura rules list` lists them").usage())?;
        let collectors = source::collectors(packs)?;
        let services = ServiceFilter {
            include: target.services.iter().cloned().collect(),
            exclude: target.exclude_services.iter().cloned().collect(),
        };
        let needs = if judge.rules.is_empty() && judge.severity.is_none() {
            yagura_model::Needs::Everything
        } else {
            rules.needs()
        };
        let plan = collectors.plan(&needs, &services);
        let users = packs
            .users_digest()
            .map_err(|error| Told::new("the packs cannot be read").because(error).usage())?;
        // Not where the settings stand in the file: moving a line changes no result.
        let digest = format!("{:?} {:?} {services:?} {users}", settings.rules, settings.exceptions);
        Ok(Self { rules: Arc::new(rules), plan, digest })
    }

    /// Scans, tells the result, and gives the exit status.
    ///
    /// # Errors
    ///
    /// The store or an output failed.
    pub async fn run(
        self,
        source: &dyn Source,
        target: &TargetArguments,
        judge: JudgeArguments,
        now: Timestamp,
    ) -> Result<ExitCode, Failure> {
        let outputs = output::resolve(&judge.output, judge.out.as_deref())?;
        terminal::diagnostics(&self.rules.ended_exceptions(now));
        let place = StorePlace::choose(judge.store.as_deref())?;
        let store = place.open().await?;
        let job = Job {
            rules: self.rules,
            plan: &self.plan,
            regions: target.regions.iter().map(|region| Region::from(region.as_str())).collect(),
            now,
            digest: self.digest,
            accounts_at_once: target.accounts_at_once.unwrap_or(8),
            resume: !judge.fresh,
        };
        let done = yagura_scan::run(source, &store, job, &Shown::new(true)).await.map_err(stopped)?;
        let wish = Wish {
            outputs,
            status: judge.status.iter().copied().collect(),
            severity: judge.severity,
            lang: language(judge.lang),
        };
        let summary = tell(&store, &done.scan, &wish).await?;
        store.close().await;
        Ok(status(&summary, judge.fail_on))
    }
}

fn stopped(error: ScanError) -> Failure {
    match error {
        ScanError::Recording(_) => Told::new("the snapshot cannot be judged").because(error).usage(),
        _ => Told::new("the scan could not be brought to its end")
            .because(error)
            .help("what was read is kept: the same command takes it up again")
            .other(),
    }
}

fn status(summary: &Summary, fail_on: Option<Severity>) -> ExitCode {
    let found = fail_on.is_some_and(|least| {
        summary.severities.iter().any(|(severity, count)| *severity >= least && *count > 0)
    });
    debug_assert!(!found || summary.count(Outcome::NonCompliant) > 0);
    if found { ExitCode::from(FOUND) } else { ExitCode::SUCCESS }
}

/// Where results are kept.
enum StorePlace {
    File(PathBuf),
    /// `--store none`: a file all the same, so that memory does not grow, but one that goes away.
    Passing(tempfile::TempDir),
}

impl StorePlace {
    fn choose(asked: Option<&Path>) -> Result<Self, Failure> {
        match asked {
            Some(path) if path.as_os_str() == "none" => tempfile::tempdir()
                .map(Self::Passing)
                .map_err(|error| Told::new("no temporary directory can be made").because(error).other()),
            Some(path) => Ok(Self::File(path.to_owned())),
            None => default_store().map(Self::File),
        }
    }

    async fn open(&self) -> Result<Store, Failure> {
        let path = match self {
            Self::File(path) => path.clone(),
            Self::Passing(directory) => directory.path().join("yagura.db"),
        };
        Store::open(&path).await.map_err(|error| {
            Told::new(format!("the store `{}` cannot be used", path.display()))
                .because(error)
                .help("`--store PATH` names another file, `--store none` keeps nothing")
                .other()
        })
    }
}

/// `yagura/yagura.db` in the user's data directory (XDG Base Directory Specification).
fn default_store() -> Result<PathBuf, Failure> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let data = set("XDG_DATA_HOME").or_else(|| set("HOME").map(|home| home.join(".local/share")));
    let Some(directory) = data.map(|data| data.join("yagura")) else {
        return Err(Told::new("there is no home directory for the store")
            .help("name a file with `--store PATH`")
            .usage());
    };
    std::fs::create_dir_all(&directory).map_err(|error| {
        Told::new(format!("the directory `{}` cannot be made", directory.display()))
            .because(error)
            .help("name a file with `--store PATH`")
            .other()
    })?;
    Ok(directory.join("yagura.db"))
}
