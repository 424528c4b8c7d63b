//! What `scan` and `demo` share: rules, the store, the scan, its result, the exit status.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;

use yagura_inventory::{Plan, ServiceFilter};
use yagura_model::{
    Framework, Outcome, Region, RequirementsByRule, RuleId, Scan, Severity, Summary, Timestamp,
    requirements_by_rule,
};
use yagura_packs::Packs;
use yagura_posture::{Frameworks, Project, Rules, Selection, Settings};
use yagura_scan::{Job, Progress, ScanError, Source};
use yagura_store::Store;

use crate::arguments::{JudgeArguments, TargetArguments};
use crate::commands::frameworks::unknown;
use crate::commands::store::StorePlace;
use crate::commands::suppressions::{self, Sources};
use crate::commands::tell::{Wish, tell};
use crate::commands::{known_rules, language, mutelists};
use crate::failure::{Failure, Told};
use crate::output;
use crate::progress::Shown;
use crate::{source, terminal};

/// The rules to judge by and what to read for them.
pub struct Judge {
    pub rules: Arc<Rules>,
    pub plan: Plan,
    digest: String,
    /// How the scan is narrowed.
    question: String,
    is_narrowed: bool,
    asked: Asked,
    /// For the names of all rules, also of those that do not judge now.
    packs: Packs,
    suppressions: Sources,
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
        let settings = &Settings { mutelists: mutelists::read(&judge.mutelist)?, ..settings.clone() };
        let (rules, mistakes) = Rules::load(packs, settings);
        terminal::diagnostics(&mistakes);
        if terminal::any_error(&mistakes) {
            return Err(Told::new("rules or their settings have mistakes")
                .help("a scan with half of its rules would look like a better result than it is: mend or remove them")
                .usage());
        }
        let asked = Asked::of(packs, &rules, judge)?;
        let selection = Selection {
            patterns: judge.rules.clone(),
            severity: judge.severity,
            within: asked.rules(),
            ..Selection::default()
        };
        let rules = rules
            .select(&selection)
            .map_err(|error| Told::new(error.to_string()).help("`yagura rules list` lists them").usage())?;
        let collectors = source::collectors(packs)?;
        let services = ServiceFilter {
            include: target.services.iter().cloned().collect(),
            exclude: target.exclude_services.iter().cloned().collect(),
        };
        let needs = if judge.rules.is_empty() && judge.framework.is_empty() && judge.severity.is_none() {
            yagura_model::Needs::Everything
        } else {
            rules.needs()
        };
        let plan = collectors.plan(&needs, &services);
        let users = packs
            .users_digest()
            .map_err(|error| Told::new("the packs cannot be read").because(error).usage())?;
        // Not where the settings stand in the file: moving a line changes no result.
        let mutelists: Vec<&str> = settings.mutelists.iter().map(|it| it.text()).collect();
        // Who is told about a project changes no result, either.
        let projects: Vec<_> = settings.projects.iter().map(Project::scope).collect();
        let digest = format!(
            "{:?} {:?} {projects:?} {services:?} {users} {mutelists:?}",
            settings.rules, settings.exceptions
        );
        let question = question(target, judge, &asked);
        let suppressions = Sources::default();
        let packs = packs.clone();
        let is_narrowed = false;
        Ok(Self { rules: Arc::new(rules), plan, digest, question, is_narrowed, asked, packs, suppressions })
    }

    /// Whether somebody wants to look at a part once.
    #[must_use]
    pub fn narrowed(self, is_narrowed: bool) -> Self {
        Self { is_narrowed, ..self }
    }

    /// With suppressions, by which findings are hidden after the scan.
    #[must_use]
    pub fn with_suppressions(self, suppressions: Sources) -> Self {
        Self { suppressions, ..self }
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
        let scan = self.scan(source, &store, target, judge.fresh, now, &Shown::new(true)).await;
        let scan = scan.map_err(stopped)?;
        self.hide(&store, now).await?;
        let wish = Wish {
            outputs,
            status: judge.status.iter().copied().collect(),
            severity: judge.severity,
            lang: language(judge.lang),
            asked: self.asked,
        };
        let summary = tell(&store, &scan, &wish).await?;
        store.close().await;
        Ok(status(&summary, judge.fail_on))
    }

    /// Scans into a store.
    ///
    /// # Errors
    ///
    /// The store failed, or somebody stopped it.
    pub async fn scan(
        &self,
        source: &dyn Source,
        store: &Store,
        target: &TargetArguments,
        is_fresh: bool,
        now: Timestamp,
        progress: &dyn Progress,
    ) -> Result<Scan, ScanError> {
        let job = Job {
            rules: Arc::clone(&self.rules),
            plan: &self.plan,
            regions: target.regions.iter().map(|region| Region::from(region.as_str())).collect(),
            now,
            digest: self.digest.clone(),
            question: self.question.clone(),
            is_narrowed: self.is_narrowed,
            accounts_at_once: target.accounts_at_once.unwrap_or(8),
            resume: !is_fresh,
        };
        yagura_scan::run(source, store, job, progress).await.map(|done| done.scan)
    }

    /// Hides what is accepted. The scan is stored, whatever is wrong with what hides some of its findings.
    ///
    /// # Errors
    ///
    /// The store failed.
    pub async fn hide(&self, store: &Store, now: Timestamp) -> Result<(), Failure> {
        let rules = || known_rules::of_packs(&self.packs);
        suppressions::after_run(store, &self.suppressions, rules, now).await
    }
}

/// The frameworks that were asked for, and the requirements that outputs tell.
#[derive(Debug, Default)]
pub struct Asked {
    /// The frameworks.
    pub frameworks: Vec<Framework>,
    /// The requirements that each rule serves: of these frameworks, else of all.
    pub requirements: RequirementsByRule,
}

impl Asked {
    /// Reads the frameworks, unless nobody will hear of them.
    fn of(packs: &Packs, rules: &Rules, judge: &JudgeArguments) -> Result<Self, Failure> {
        let told = judge.output.iter().any(|it| it.format.tells_requirements());
        if judge.framework.is_empty() && !told {
            return Ok(Self::default());
        }
        let (all, mistakes) = Frameworks::load(packs, rules);
        terminal::diagnostics(&mistakes);
        if judge.framework.is_empty() {
            return Ok(Self { frameworks: Vec::new(), requirements: requirements_by_rule(all.iter()) });
        }
        let found = all.find_all(&judge.framework).map_err(unknown)?;
        if found.iter().all(|it| it.rules().is_empty()) {
            return Err(Told::new(format!("no rule answers `{}`", judge.framework.join("`, `")))
                .help("`yagura frameworks show` tells what a person must check")
                .usage());
        }
        let requirements = requirements_by_rule(found.iter().copied());
        Ok(Self { frameworks: found.into_iter().cloned().collect(), requirements })
    }

    /// The rules of the frameworks that were asked for.
    fn rules(&self) -> Option<BTreeSet<RuleId>> {
        let rules = self.frameworks.iter().flat_map(Framework::rules).cloned();
        (!self.frameworks.is_empty()).then(|| rules.collect())
    }
}

/// How a scan is narrowed, in words that are the same for the same wish: what is left open is empty.
fn question(target: &TargetArguments, judge: &JudgeArguments, asked: &Asked) -> String {
    let sorted = |list: &[String]| {
        let mut list = list.to_vec();
        list.sort();
        list.dedup();
        list.join(",")
    };
    let frameworks: Vec<String> = asked.frameworks.iter().map(|it| it.id.clone()).collect();
    let lists = [
        ("accounts", &target.accounts),
        ("exclude-accounts", &target.exclude_accounts),
        ("organizational-units", &target.organizational_units),
        ("exclude-organizational-units", &target.exclude_organizational_units),
        ("projects", &target.projects),
        ("regions", &target.regions),
        ("exclude-regions", &target.exclude_regions),
        ("services", &target.services),
        ("exclude-services", &target.exclude_services),
        ("rules", &judge.rules),
        // By their ids, whatever name they were called by.
        ("framework", &frameworks),
    ];
    let mut parts: Vec<String> = lists
        .into_iter()
        .filter(|(_, it)| !it.is_empty())
        .map(|(name, it)| format!("{name}={}", sorted(it)))
        .collect();
    parts.extend(judge.severity.map(|it| format!("severity={it}")));
    parts.extend(target.this_account.then(|| "this-account".to_owned()));
    parts.join(" ")
}

/// Why a scan did not come to its end, for people.
pub fn stopped(error: ScanError) -> Failure {
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
    if found { ExitCode::from(terminal::FOUND) } else { ExitCode::SUCCESS }
}
