//! Makes reports: one project after another, each in every format in one pass over its findings.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use futures::TryStreamExt as _;
use jiff::tz::TimeZone;
use yagura_model::{
    AccountId, AccountScan, Assessment, DueDays, Lang, Progress, RecordState, RequirementsByRule, Timestamp,
    requirements_by_rule,
};
use yagura_posture::{ProgressCounter, ProgressQuestion, Project, Suppression};
use yagura_report::{ProjectFormat, ProjectHead, ProjectTail};
use yagura_store::{FindingFilter, ReadError};

use super::known::Known;
use super::pdf;
use super::place::Place;
use super::suppressions;
use crate::arguments::ReportFormat;
use crate::commands::language;
use crate::commands::store::unread;
use crate::commands::suppressions::Sources;
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::output::{SharedSink, Sink};
use crate::terminal;

/// What is made.
pub struct Wish {
    pub projects: Vec<Project>,
    /// Also about the accounts of no project.
    pub without_project: bool,
    pub formats: Vec<ReportFormat>,
    pub with_ended: bool,
    pub weeks: usize,
    pub now: Timestamp,
    /// Instead of each project's own.
    pub lang: Option<Lang>,
    /// Where neither that nor the project says it.
    pub lang_else: Option<Lang>,
    /// Instead of each project's own.
    pub zone: Option<TimeZone>,
    pub due: DueDays,
}

/// What became of one.
pub struct Made {
    /// The project; `None` is the accounts of none.
    pub project: Option<String>,
    /// Whether every format was made and delivered.
    pub is_whole: bool,
}

/// How often a report is begun anew because scans that ended meanwhile took the place of those that it is told from.
const BEGINNINGS: usize = 5;

/// Makes all of them, and brings them to their place. One that fails is told, and the others go on.
///
/// # Errors
///
/// What every report needs cannot be read.
pub async fn all(
    known: &mut Known,
    config: &Config,
    wish: &Wish,
    place: &Place,
) -> Result<Vec<Made>, Failure> {
    let mut bench = Bench::prepare(known, config, wish).await?;
    let mut made = Vec::new();
    let subjects = wish.projects.iter().map(Some).chain(wish.without_project.then_some(None));
    for subject in subjects {
        let done = match bench.make(known, subject, place.directory()).await {
            Ok(files) => place.deliver_all(&files).await,
            Err(failure) => Err(failure),
        };
        let project = subject.map(|it| it.name.as_str());
        if let Err(failure) = &done {
            let about = project.map_or("accounts without a project".to_owned(), |it| format!("`{it}`"));
            terminal::say(&format!("the report about {about} could not be made:"));
            terminal::fail(failure);
        }
        made.push(Made { project: project.map(str::to_owned), is_whole: done.is_ok() });
    }
    Ok(made)
}

/// Makes one about a project, or about the accounts of none, in this directory; tells where its files are.
///
/// # Errors
///
/// It could not be made.
pub async fn one(
    known: &mut Known,
    config: &Config,
    wish: &Wish,
    subject: Option<&Project>,
    directory: &Path,
) -> Result<Vec<MadeFile>, Failure> {
    Bench::prepare(known, config, wish).await?.make(known, subject, directory).await
}

/// A file that was made.
pub struct MadeFile {
    pub path: PathBuf,
    pub format: ReportFormat,
}

/// Where reports are made, one after another.
struct Bench<'b> {
    config: &'b Config,
    wish: &'b Wish,
    sources: Sources,
    ending: Vec<Suppression>,
    requirements: RequirementsByRule,
    names: Names,
}

impl<'b> Bench<'b> {
    async fn prepare(known: &Known, config: &'b Config, wish: &'b Wish) -> Result<Self, Failure> {
        let sources = config.suppressions();
        let ending = suppressions::ending(&known.store, &sources, wish.now).await?;
        let requirements = requirements_by_rule(known.frameworks.iter());
        Ok(Self { config, wish, sources, ending, requirements, names: Names::default() })
    }

    async fn make(
        &mut self,
        known: &mut Known,
        subject: Option<&Project>,
        directory: &Path,
    ) -> Result<Vec<MadeFile>, Failure> {
        let name = self.names.give(subject.map_or("without-project", |it| it.name.as_str()));
        let mut made = self.try_once(known, subject, directory, &name).await;
        for _ in 1..BEGINNINGS {
            if made.is_ok() || !known.renew().await? {
                break;
            }
            made = self.try_once(known, subject, directory, &name).await;
        }
        made
    }

    async fn try_once(
        &self,
        known: &Known,
        subject: Option<&Project>,
        directory: &Path,
        name: &str,
    ) -> Result<Vec<MadeFile>, Failure> {
        let Self { config, wish, .. } = *self;
        let accounts = match subject {
            Some(project) => known.accounts_of(|it| project.holds(it)),
            None => known.accounts_of(|it| !config.projects().iter().any(|project| project.holds(it))),
        };
        let project = subject.map(|it| it.name.as_str());
        let lang = language(wish.lang.or(subject.and_then(|it| it.lang)).or(wish.lang_else));
        let of_project = subject.and_then(|it| it.time_zone.as_ref()).map(|it| it.zone().clone());
        let zone = wish.zone.clone().or(of_project).unwrap_or_else(TimeZone::system);
        let day = wish.now.to_zoned(zone.clone()).strftime("%Y-%m-%d");
        let report = Report {
            known,
            wish,
            requirements: &self.requirements,
            project,
            accounts: &accounts,
            lang,
            zone,
            accepted: Accepted { ending: &self.ending, sources: &self.sources },
        };
        report.make(directory, &format!("yagura-{name}-{day}")).await
    }
}

/// What is accepted, and ends soon.
struct Accepted<'a> {
    ending: &'a [Suppression],
    sources: &'a Sources,
}

/// One report.
struct Report<'r> {
    known: &'r Known,
    wish: &'r Wish,
    requirements: &'r RequirementsByRule,
    project: Option<&'r str>,
    accounts: &'r [AccountScan],
    lang: Lang,
    zone: TimeZone,
    accepted: Accepted<'r>,
}

/// A format on its way into a file.
struct File {
    format: ProjectFormat,
    path: PathBuf,
    sink: SharedSink,
}

impl Report<'_> {
    async fn make(&self, directory: &Path, name: &str) -> Result<Vec<MadeFile>, Failure> {
        let ids: BTreeSet<AccountId> = self.accounts.iter().map(|it| it.account.id.clone()).collect();
        let assessments = if ids.is_empty() { Vec::new() } else { self.known.assessments(&ids).await? };
        let progress = self.progress(&ids).await?;
        // A page that only becomes a PDF is nobody's.
        let aside = tempfile::tempdir()
            .map_err(|error| Told::new("no temporary directory can be made").because(error).other())?;
        let path = |format: ReportFormat| directory.join(format!("{name}.{}", format.as_str()));
        let html = ReportFormat::Made(ProjectFormat::Html);
        let mut files = Vec::new();
        for format in &self.wish.formats {
            if let ReportFormat::Made(made) = format {
                files.push(File::open(*made, path(*format))?);
            }
        }
        let wants_pdf = self.wish.formats.contains(&ReportFormat::Pdf);
        let page =
            if self.wish.formats.contains(&html) { path(html) } else { aside.path().join("report.html") };
        if wants_pdf && !self.wish.formats.contains(&html) {
            files.push(File::open(ProjectFormat::Html, page.clone())?);
        }
        let written = self.write(&files, &ids, &assessments, &progress).await;
        for file in files {
            let Some(sink) = file.sink.take() else { continue };
            match &written {
                Ok(()) => sink.finish().map_err(|error| unwritten(&file.path, error))?,
                Err(_) => sink.abandon(),
            }
        }
        written?;
        if wants_pdf {
            pdf::print(&page, &path(ReportFormat::Pdf), aside.path()).await?;
        }
        let made = |format: &ReportFormat| MadeFile { path: path(*format), format: *format };
        Ok(self.wish.formats.iter().map(made).collect())
    }

    async fn progress(&self, ids: &BTreeSet<AccountId>) -> Result<Progress, Failure> {
        let mut counter = ProgressCounter::new(ProgressQuestion {
            now: self.wish.now,
            zone: self.zone.clone(),
            weeks: self.wish.weeks,
            due: self.wish.due,
            projects: Vec::new(),
            frameworks: Vec::new(),
            rules: &self.known.rules,
        });
        self.known
            .store
            .each_life(Some(ids), |it| counter.add(it))
            .await
            .map_err(|error| unread(error.into()))?;
        Ok(counter.finish())
    }

    /// Writes every format in one pass.
    async fn write(
        &self,
        files: &[File],
        ids: &BTreeSet<AccountId>,
        frameworks: &[Assessment],
        progress: &Progress,
    ) -> Result<(), Failure> {
        let unread = |error: ReadError| unread(error.into());
        let head = ProjectHead {
            version: env!("CARGO_PKG_VERSION"),
            project: self.project,
            accounts: self.accounts,
            scan: Some(&self.known.scan),
            now: self.wish.now,
            due: self.wish.due,
            rules: &self.known.rules,
            requirements: self.requirements,
            lang: self.lang,
            time_zone: self.zone.clone(),
        };
        let mut reports = Vec::new();
        for file in files {
            let begun = file.format.begin(&head, Box::new(file.sink.clone()));
            reports.push((begun.map_err(|error| unwritten(&file.path, error))?, &file.path));
        }
        // To a filter, no account is every account.
        if !ids.is_empty() {
            let states = if self.wish.with_ended { BTreeSet::new() } else { [RecordState::Active].into() };
            let filter =
                FindingFilter { accounts: ids.clone(), record_states: states, ..FindingFilter::default() };
            let mut findings = self.known.store.findings(&filter).await.map_err(unread)?;
            while let Some(finding) = findings.try_next().await.map_err(unread)? {
                for (report, path) in &mut reports {
                    report.finding(&finding).map_err(|error| unwritten(path, error))?;
                }
            }
            let mut rows = self.known.store.coverage(self.known.scan.id).await.map_err(unread)?;
            while let Some(row) = rows.try_next().await.map_err(unread)? {
                if !ids.contains(&row.account) {
                    continue;
                }
                for (report, path) in &mut reports {
                    report.coverage(&row).map_err(|error| unwritten(path, error))?;
                }
            }
        }
        let Accepted { ending, sources } = &self.accepted;
        let suppressions =
            suppressions::of_accounts(&self.known.store, ending, self.accounts, sources).await?;
        let tail = ProjectTail { frameworks, suppressions: &suppressions, progress: Some(progress) };
        for (report, path) in reports {
            report.end(&tail).map_err(|error| unwritten(path, error))?;
        }
        Ok(())
    }
}

impl File {
    fn open(format: ProjectFormat, path: PathBuf) -> Result<Self, Failure> {
        Ok(Self { format, sink: SharedSink::new(Sink::open(Some(&path))?), path })
    }
}

fn unwritten(path: &Path, error: io::Error) -> Failure {
    Told::new(format!("`{}` could not be written", path.display()))
        .because(error)
        .help("what was written of it is removed; findings are in the store, and the same command makes it again")
        .other()
}

/// Names of files, no two of which are the same.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn give(&mut self, project: &str) -> String {
        let plain: String =
            project.chars().map(|it| if it.is_alphanumeric() || it == '_' { it } else { '-' }).collect();
        let parts: Vec<&str> = plain.split('-').filter(|it| !it.is_empty()).collect();
        // Names of files end somewhere: 255 bytes with day and ending.
        let mut name: String = parts.join("-");
        while name.len() > 180 {
            name.pop();
        }
        if name.is_empty() {
            name.push_str("project");
        }
        let mut given = name.clone();
        let mut n = 2;
        while !self.0.insert(given.to_lowercase()) {
            given = format!("{name}-{n}");
            n += 1;
        }
        given
    }
}

#[cfg(test)]
mod tests;
