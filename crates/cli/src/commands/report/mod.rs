//! `yagura report`: a report about each project, now or on a schedule.

mod known;
mod make;
mod pdf;
mod place;
mod schedule;
mod suppressions;

use std::process::ExitCode;

use yagura_report::BucketPolicy;

use crate::arguments::{BucketPolicyArguments, MakeArguments, ReportArguments, ReportCommand};
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::terminal;

pub use known::Known;
pub use make::{Wish, one};
pub use pdf::can_print;
use place::Place;
pub use schedule::{check, make_due, next_due, scheduled};

/// Runs the command.
pub async fn run(arguments: ReportArguments, config: Config) -> Result<ExitCode, Failure> {
    let MakeArguments { projects, all_projects, without_project, .. } = &arguments.make;
    if arguments.command.is_some() && (*all_projects || *without_project || !projects.is_empty()) {
        return Err(Told::new("projects are named for reports that are made at once")
            .help("what `report schedule` and `report run-due` are about stands in `[[reports]]`")
            .usage());
    }
    match arguments.command {
        None => make(arguments.make, &config).await,
        Some(ReportCommand::BucketPolicy(policy)) => bucket_policy(policy),
        Some(ReportCommand::Schedule { runs, now }) => schedule::tell(&config, runs, now),
        Some(ReportCommand::RunDue { from }) => schedule::run_due(&from, &config).await,
    }
}

async fn make(arguments: MakeArguments, config: &Config) -> Result<ExitCode, Failure> {
    let mut projects = Vec::new();
    for name in &arguments.projects {
        projects.push(config.project(name)?.clone());
    }
    if arguments.all_projects {
        projects = config.projects().to_vec();
    }
    if projects.is_empty() && !arguments.without_project {
        return Err(Told::new("no project was asked for")
            .help("`--project NAME` or `--all-projects`; `--without-project` is about accounts that are in none")
            .usage());
    }
    let mut known = Known::load(&arguments.from, config, &arguments.framework).await?;
    let place =
        Place::open(&arguments.out, arguments.sse, arguments.kms_key, arguments.presign, &known.packs)
            .await?;
    let wish = Wish {
        projects,
        without_project: arguments.without_project,
        formats: arguments.output,
        with_ended: arguments.with_ended,
        weeks: usize::from(arguments.weeks),
        now: arguments.from.now.unwrap_or_else(crate::source::clock),
        lang: arguments.from.lang,
        lang_else: config.lang(),
        zone: None,
        due: config.due_days(),
    };
    let made = make::all(&mut known, config, &wish, &place).await?;
    known.store.close().await;
    Ok(if made.iter().all(|it| it.is_whole) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn bucket_policy(arguments: BucketPolicyArguments) -> Result<ExitCode, Failure> {
    let policy = BucketPolicy {
        bucket: arguments.bucket,
        partition: arguments.partition,
        source_ips: arguments.source_ip,
        vpc_endpoints: arguments.vpc_endpoint,
        except: arguments.except,
    };
    let document = policy.document().map_err(|error| {
        Told::new(error.to_string()).help("docs/reports.md tells what the policy does").usage()
    })?;
    terminal::result(&format!("{document:#}\n"))
        .map_err(|error| Told::new("cannot write the result").because(error).other())?;
    Ok(ExitCode::SUCCESS)
}
