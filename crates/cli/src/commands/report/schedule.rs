//! Reports on a schedule: `[[reports]]` checked and told, and made when they are due.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use yagura_logs::s3::S3Address;
use yagura_posture::{Project, Schedule};
use yagura_server::{ReportSchedule, ReportSubject};

use super::known::Known;
use super::make::{self, Wish};
use super::place::Place;
use crate::arguments::{ReportFormat, StoredArguments};
use crate::commands::store::StorePlace;
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::report_settings::ScheduledReport;
use crate::{source, terminal};

/// A report that was never made is due when a run fell into so many hours before: what was set up in the morning is not made up for
/// the weeks before.
const FIRST_TIME: SignedDuration = SignedDuration::from_hours(24);

/// When each report was made last: by the name of the schedule, then by project (empty: the accounts of none).
type Memory = BTreeMap<String, BTreeMap<String, Timestamp>>;

/// Tells the next runs of each.
pub fn tell(config: &Config, runs: usize, now: Option<Timestamp>) -> Result<ExitCode, Failure> {
    check(config)?;
    let now = now.unwrap_or_else(source::clock);
    let mut text = String::new();
    for report in config.reports() {
        let subjects = subjects(config, report)?;
        let formats: Vec<&str> = report.output.iter().map(|it| it.as_str()).collect();
        text.push_str(&format!("{} -> {} ({})\n", report.name, report.out, formats.join(", ")));
        // Projects that are due together stand together.
        let mut together: Vec<(String, &Schedule, TimeZone, Vec<&str>)> = Vec::new();
        for subject in &subjects {
            let Some(schedule) = report.schedule(subject.as_ref()) else { continue };
            let zone = report.zone(subject.as_ref());
            let key = format!("{schedule} {}", zone.iana_name().unwrap_or_default());
            let name = subject.as_ref().map_or("-", |it| it.name.as_str());
            match together.iter_mut().find(|it| it.0 == key) {
                Some((.., names)) => names.push(name),
                None => together.push((key, schedule, zone, vec![name])),
            }
        }
        for (_, schedule, zone, names) in together {
            text.push_str(&format!("  {schedule}: {}\n", names.join(", ")));
            let mut after = now;
            for _ in 0..runs {
                let Some(next) = schedule.next(after, &zone) else { break };
                let shown = next.to_zoned(zone.clone());
                text.push_str(&format!("    {}\n", shown.strftime("%a %Y-%m-%d %H:%M %Z")));
                after = next;
            }
        }
    }
    terminal::result(&yagura_report::safe_lines(&text))
        .map_err(|error| Told::new("cannot write the result").because(error).other())?;
    Ok(ExitCode::SUCCESS)
}

/// Makes what is due.
pub async fn run_due(from: &StoredArguments, config: &Config) -> Result<ExitCode, Failure> {
    let now = from.now.unwrap_or_else(source::clock);
    let is_whole = make_due(from, config, now).await?;
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// When the next report is due; what is due already is in the past.
///
/// # Errors
///
/// The configuration schedules no report, or not as it should; what was made last cannot be read.
pub fn next_due(
    from: &StoredArguments,
    config: &Config,
    now: Timestamp,
) -> Result<Option<Timestamp>, Failure> {
    check(config)?;
    let memory = read(&memory_path(&kept_store(from, config)?))?;
    let mut next = None;
    for report in config.reports() {
        for subject in subjects(config, report)? {
            let last = last_made(report, subject.as_ref(), &memory, now);
            let schedule = report.schedule(subject.as_ref());
            let of_this = schedule.and_then(|it| it.next(last, &report.zone(subject.as_ref())));
            next = [next, of_this].into_iter().flatten().min();
        }
    }
    Ok(next)
}

/// Every scheduled report, when it was made last about what, and when it is made next.
///
/// # Errors
///
/// What was made last cannot be read.
pub fn scheduled(
    from: &StoredArguments,
    config: &Config,
    now: Timestamp,
) -> Result<Vec<ReportSchedule>, Failure> {
    if config.reports().is_empty() {
        return Ok(Vec::new());
    }
    check(config)?;
    let memory = read(&memory_path(&kept_store(from, config)?))?;
    let of = |report: &ScheduledReport| {
        let subject = |subject: &Option<Project>| {
            let subject = subject.as_ref();
            let (schedule, zone) = (report.schedule(subject)?, report.zone(subject));
            let made = memory.get(&report.name);
            Some(ReportSubject {
                project: subject.map(|it| it.name.clone()),
                schedule: schedule.to_string(),
                time_zone: zone.iana_name().map(str::to_owned),
                last: made.and_then(|it| it.get(subject.map_or("", |it| it.name.as_str()))).copied(),
                next: schedule.next(last_made(report, subject, &memory, now), &zone),
            })
        };
        Ok(ReportSchedule {
            name: report.name.clone(),
            formats: report.output.iter().map(|it| it.as_str().to_owned()).collect(),
            out: report.out.clone(),
            subjects: subjects(config, report)?.iter().filter_map(subject).collect(),
        })
    };
    config.reports().iter().map(of).collect()
}

/// The store, which stays: what was made last is remembered beside it.
fn kept_store(from: &StoredArguments, config: &Config) -> Result<PathBuf, Failure> {
    let asked = from.store.clone().or_else(|| config.store());
    match StorePlace::choose(asked.as_deref())? {
        StorePlace::File(store) => Ok(store),
        StorePlace::Passing(_) => {
            Err(Told::new("scheduled reports are made from a store that stays").usage())
        }
    }
}

/// Makes what is due; whether all of it could be.
///
/// # Errors
///
/// What every report needs cannot be read, or what the configuration says cannot be used.
pub async fn make_due(from: &StoredArguments, config: &Config, now: Timestamp) -> Result<bool, Failure> {
    check(config)?;
    let path = memory_path(&kept_store(from, config)?);
    let mut memory = read(&path)?;
    let mut known = None;
    let mut is_whole = true;
    for report in config.reports() {
        let due = due(config, report, &memory, now)?;
        if due.is_empty() {
            continue;
        }
        if known.is_none() {
            known = Some(Known::load(from, config, &[]).await?);
        }
        let Some(known) = &mut known else { continue };
        let (sse, key) = (report.sse.clone(), report.kms_key.clone());
        let place = match Place::open(&report.out, sse, key, report.presign, &known.packs).await {
            Ok(place) => place,
            Err(failure) => {
                terminal::fail(&failure);
                is_whole = false;
                continue;
            }
        };
        let wish = Wish {
            without_project: due.iter().any(Option::is_none),
            projects: due.into_iter().flatten().collect(),
            formats: report.output.clone(),
            with_ended: false,
            weeks: 26,
            now,
            lang: report.lang,
            // What is set for the terminal of whoever runs this is not what the readers of the reports speak.
            lang_else: from.lang.or(config.lang()),
            zone: report.time_zone.clone(),
            due: config.due_days(),
        };
        for made in make::all(known, config, &wish, &place).await? {
            is_whole &= made.is_whole;
            if made.is_whole {
                let of = memory.entry(report.name.clone()).or_default();
                of.insert(made.project.unwrap_or_default(), now);
            }
        }
        // After each, so that what was made is not made again if the next one ends the program.
        write(&path, &memory)?;
    }
    if let Some(known) = known {
        known.store.close().await;
    }
    Ok(is_whole)
}

/// When a report was made last, or may have been.
fn last_made(
    report: &ScheduledReport,
    subject: Option<&Project>,
    memory: &Memory,
    now: Timestamp,
) -> Timestamp {
    let name = subject.map_or("", |it| it.name.as_str());
    let first = || now.checked_sub(FIRST_TIME).unwrap_or(Timestamp::MIN);
    memory.get(&report.name).and_then(|it| it.get(name)).copied().unwrap_or_else(first)
}

/// The projects of a report whose run is due; `None` is the accounts of no project.
fn due(
    config: &Config,
    report: &ScheduledReport,
    memory: &Memory,
    now: Timestamp,
) -> Result<Vec<Option<Project>>, Failure> {
    let is_due = |subject: &Option<Project>| {
        let last = last_made(report, subject.as_ref(), memory, now);
        let schedule = report.schedule(subject.as_ref());
        schedule.is_some_and(|it| it.is_due(last, now, &report.zone(subject.as_ref())))
    };
    Ok(subjects(config, report)?.into_iter().filter(is_due).collect())
}

fn subjects(config: &Config, report: &ScheduledReport) -> Result<Vec<Option<Project>>, Failure> {
    let mut subjects = Vec::new();
    if report.projects.is_empty() {
        subjects.extend(config.projects().iter().cloned().map(Some));
    }
    for name in &report.projects {
        subjects.push(Some(config.project(name)?.clone()));
    }
    if report.without_project {
        subjects.push(None);
    }
    Ok(subjects)
}

/// What the file says must be usable before anything is made.
///
/// # Errors
///
/// It is not.
pub fn check(config: &Config) -> Result<(), Failure> {
    if config.reports().is_empty() {
        return Err(Told::new("the configuration schedules no report")
            .help("`[[reports]]` in yagura.toml does: docs/reports.md")
            .usage());
    }
    let mut names = BTreeSet::new();
    for report in config.reports() {
        let wrong = |why: String| Told::new(format!("the scheduled report `{}`: {why}", report.name)).usage();
        if !names.insert(&report.name) {
            return Err(wrong("there are two of this name".to_owned()));
        }
        if report.out.starts_with("s3://") {
            S3Address::parse(&report.out).map_err(|error| wrong(error.to_string()))?;
        } else if report.sse.is_some() || report.presign.is_some() {
            return Err(wrong("`sse` and `presign` are about reports in S3".to_owned()));
        }
        if report.sse.as_deref().is_some_and(|it| it != "AES256" && it != "aws:kms") {
            return Err(wrong("`sse` is `AES256` or `aws:kms`".to_owned()));
        }
        if report.output.is_empty() {
            return Err(wrong("`output` names no format".to_owned()));
        }
        let subjects = subjects(config, report)?;
        if subjects.is_empty() {
            return Err(wrong("there is no project to make it about".to_owned()));
        }
        if subjects.iter().all(|it| report.schedule(it.as_ref()).is_none()) {
            return Err(wrong(
                "neither it has a `schedule` nor one of its projects a `report_schedule`".to_owned(),
            ));
        }
        let formats: BTreeSet<ReportFormat> = report.output.iter().copied().collect();
        if formats.len() != report.output.len() {
            return Err(wrong("`output` names a format twice".to_owned()));
        }
    }
    Ok(())
}

fn memory_path(store: &Path) -> PathBuf {
    let mut name = store.file_name().unwrap_or_default().to_owned();
    name.push(".reports.json");
    store.with_file_name(name)
}

fn read(path: &Path) -> Result<Memory, Failure> {
    let unusable = || {
        Told::new(format!("`{}`, which tells what was made last, cannot be used", path.display()))
            .help("without it, what was due in the last 24 hours is made again")
    };
    match std::fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| unusable().because(error).other()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Memory::new()),
        Err(error) => Err(unusable().because(error).other()),
    }
}

fn write(path: &Path, memory: &Memory) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Told::new(format!("`{}` cannot be written: the same reports would be made again", path.display()))
            .because(error)
            .other()
    };
    let bytes = serde_json::to_vec_pretty(memory).map_err(|error| failed(error.into()))?;
    let mut sink = crate::output::Sink::open(Some(path))?;
    sink.write_all(&bytes).map_err(failed)?;
    sink.finish().map_err(failed)
}
