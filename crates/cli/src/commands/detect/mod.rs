//! `yagura detect`: events of sources, past the rules, to matches, or to findings and incidents.

mod findings;
mod totals;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use yagura_detect::Engine;
use yagura_logs::{FileKind, Found};
use yagura_watch::{Piece, Wanted};

use crate::arguments::DetectArguments;
use crate::commands::detections;
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::output::Sink;
use crate::terminal;
use totals::Totals;

/// Runs the command.
pub async fn run(arguments: DetectArguments, config: &Config) -> Result<ExitCode, Failure> {
    let fields = detections::fields(&arguments.common, config)?;
    let set = detections::rules(&arguments.common, config, &fields)?;
    let engine = Engine::new(arguments.source.into(), &set.falco, &set.sigma, &fields);
    if engine.is_empty() {
        return Err(Told::new("no rule is about such events").help("`--rules PATH` adds rule files").usage());
    }
    let files = files(&arguments.sources)?;
    if arguments.matches {
        matches(&arguments, &engine, &files)
    } else {
        findings::run(&arguments, config, &engine, &files).await
    }
}

/// The files of paths: logs, and what stands beside them.
fn files(paths: &[PathBuf]) -> Result<Vec<Found>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        let found = yagura_logs::find(path).map_err(|error| {
            Told::new(format!("cannot read the events in `{}`", path.display())).because(error).usage()
        })?;
        if found.is_empty() {
            return Err(Told::new(format!("there is no log in the directory `{}`", path.display()))
                .help("files called *.json, *.jsonl, *.ndjson or *.log are read, also with .gz or .zst behind; any other when it is named itself")
                .usage());
        }
        files.extend(found);
    }
    Ok(files)
}

/// How many threads read.
fn threads(arguments: &DetectArguments) -> usize {
    let cores = || std::thread::available_parallelism().ok().map(usize::from);
    arguments.threads.or_else(cores).unwrap_or(1)
}

/// One file, past the rules.
fn read(engine: &Engine, file: &Found, wanted: Wanted, give: &mut dyn FnMut(Piece) -> bool) {
    if file.kind == FileKind::Digest {
        return;
    }
    let shown = file.path.display().to_string();
    match yagura_logs::open(&file.path) {
        Ok(input) => yagura_watch::read(engine, input, &shown, wanted, give),
        Err(error) => drop(give(Piece::unread(format!("{shown}: cannot be read: {error}")))),
    }
}

/// Every match as a line of JSON, in the order of the files.
fn matches(arguments: &DetectArguments, engine: &Engine, files: &[Found]) -> Result<ExitCode, Failure> {
    let mut out = Sink::open(arguments.out.as_deref())?;
    let mut totals = Totals::of(files);
    let read = |file: &Found, give: &mut dyn FnMut(Piece) -> bool| read(engine, file, Wanted::Matches, give);
    let written = yagura_logs::in_order(files, threads(arguments), read, |piece: Piece| {
        piece.problems.iter().for_each(|it| terminal::say(it));
        out.write_all(&piece.lines)?;
        totals.add(&piece);
        Ok(())
    });
    let finished = match written {
        Ok(()) => {
            terminal::say(&totals.told(engine));
            out.finish()
        }
        Err(error) => {
            out.abandon();
            Err(error)
        }
    };
    ended(finished, &totals)
}

/// What was found stands, but nobody may take it for everything when something could not be read.
fn ended(finished: std::io::Result<()>, totals: &Totals) -> Result<ExitCode, Failure> {
    match finished {
        // The reader has what it wanted: `yagura detect ... | head`.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
        finished => {
            finished.map_err(|error| Told::new("cannot write the result").because(error).other())?;
        }
    }
    Ok(if totals.unread == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
