//! `yagura detect`: events from files, past the rules, to what matches.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use yagura_detect::Engine;
use yagura_logs::{FileKind, Found, Records};
use yagura_report::{DetectedRule, Style, detected_table};

use crate::arguments::DetectArguments;
use crate::commands::{detections, language};
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::output::Sink;
use crate::terminal;

/// Runs the command.
pub fn run(arguments: DetectArguments, config: &Config) -> Result<ExitCode, Failure> {
    let fields = detections::fields(&arguments.common, config)?;
    let set = detections::rules(&arguments.common, config, &fields)?;
    let engine = Engine::new(arguments.source.into(), &set.falco, &set.sigma, &fields);
    if engine.is_empty() {
        return Err(Told::new("no rule is about such events").help("`--rules PATH` adds rule files").usage());
    }
    let mut files = Vec::new();
    for path in &arguments.sources {
        let found = yagura_logs::find(path).map_err(|error| {
            Told::new(format!("cannot read the events in `{}`", path.display())).because(error).usage()
        })?;
        files.extend(found);
    }
    let threads = arguments.threads.or_else(|| std::thread::available_parallelism().ok().map(usize::from));
    let mut out = BufWriter::new(Sink::open(arguments.out.as_deref())?);
    let failed = |error| Told::new("cannot write the result").because(error).other();
    let mut totals = Totals::default();
    let mut write = |read: ReadFile| -> std::io::Result<()> {
        for line in &read.problems {
            terminal::say(line);
        }
        if arguments.matches {
            out.write_all(&read.lines)?;
        }
        totals.add(read);
        Ok(())
    };
    let written = in_order(&engine, &files, threads.unwrap_or(1), arguments.matches, &mut write);
    let quiet = |error: std::io::Error| {
        if error.kind() == std::io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
    };
    written.or_else(quiet).map_err(failed)?;
    terminal::say(&totals.told(&engine));
    if !arguments.matches {
        let lang = language(arguments.common.lang);
        let known = detections::names(&arguments.common, config, lang)?;
        let mut lines: Vec<_> = totals.rules.iter().map(|(name, it)| it.line(name, &known)).collect();
        lines.sort_by_key(|it| it.name);
        let style = Style { width: terminal::width(), colours: terminal::colours(), ..Style::default() };
        let text = detected_table(&lines, lang, style);
        out.write_all(text.as_bytes()).map_err(failed)?;
    }
    let sink = out.into_inner().map_err(|error| failed(error.into_error()))?;
    sink.finish().or_else(quiet).map_err(failed)?;
    Ok(ExitCode::SUCCESS)
}

/// How often a rule matched, and when.
#[derive(Debug, Default, Clone)]
struct Seen {
    title: String,
    level: String,
    count: u64,
    first: String,
    last: String,
}

impl Seen {
    fn add(&mut self, count: u64, first: &str, last: &str) {
        self.count += count;
        if self.first.is_empty() || (!first.is_empty() && *first < *self.first) {
            first.clone_into(&mut self.first);
        }
        if *last > *self.last {
            last.clone_into(&mut self.last);
        }
    }

    /// As the built-in detection of the id is called, if it is one.
    fn line<'l>(&'l self, id: &'l str, known: &'l BTreeMap<String, (String, String)>) -> DetectedRule<'l> {
        let (name, title) = match known.get(id) {
            Some((name, title)) => (name.as_str(), title.as_str()),
            None => (id, self.title.as_str()),
        };
        let level = &self.level;
        DetectedRule { name, title, level, count: self.count, first: &self.first, last: &self.last }
    }
}

/// What a file held.
#[derive(Debug, Default)]
struct ReadFile {
    events: u64,
    broken: u64,
    digest: bool,
    matches: u64,
    rules: BTreeMap<String, Seen>,
    /// The matches, as lines of JSON.
    lines: Vec<u8>,
    /// What could not be read, for people.
    problems: Vec<String>,
}

#[derive(Debug, Default)]
struct Totals {
    files: u64,
    digests: u64,
    events: u64,
    broken: u64,
    matches: u64,
    rules: BTreeMap<String, Seen>,
}

impl Totals {
    fn add(&mut self, read: ReadFile) {
        if read.digest {
            self.digests += 1;
            return;
        }
        self.files += 1;
        self.events += read.events;
        self.broken += read.broken;
        self.matches += read.matches;
        for (name, seen) in read.rules {
            let (count, first, last) = (seen.count, seen.first.clone(), seen.last.clone());
            let new = || Seen { title: seen.title, level: seen.level, ..Seen::default() };
            self.rules.entry(name).or_insert_with(new).add(count, &first, &last);
        }
    }

    fn told(&self, engine: &Engine) -> String {
        let mut told = format!(
            "{} events of {} files, {} rules: {} matches of {} rules",
            self.events,
            self.files,
            engine.len(),
            self.matches,
            self.rules.len()
        );
        if self.digests > 0 {
            told.push_str(&format!("; {} digest files passed over", self.digests));
        }
        if self.broken > 0 {
            told.push_str(&format!("; {} records could not be read", self.broken));
        }
        told
    }
}

/// Reads files on several threads and hands over what they held in the order of the files.
fn in_order(
    engine: &Engine,
    files: &[Found],
    threads: usize,
    lines: bool,
    write: &mut dyn FnMut(ReadFile) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let threads = threads.clamp(1, files.len().max(1));
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        // Files that are done wait for those before them: not more than a few.
        let (sender, receiver) = mpsc::sync_channel(2 * threads);
        for _ in 0..threads {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = files.get(index) else { return };
                    if sender.send((index, read(engine, file, lines))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let (mut waiting, mut wanted) = (BTreeMap::new(), 0);
        for (index, done) in receiver {
            waiting.insert(index, done);
            while let Some(done) = waiting.remove(&wanted) {
                write(done)?;
                wanted += 1;
            }
        }
        Ok(())
    })
}

/// One file, past the rules.
fn read(engine: &Engine, file: &Found, lines: bool) -> ReadFile {
    let mut read = ReadFile::default();
    if file.kind == FileKind::Digest {
        read.digest = true;
        return read;
    }
    let shown = file.path.display();
    let input = match yagura_logs::open(&file.path) {
        Ok(input) => input,
        Err(error) => {
            read.problems.push(format!("{shown}: cannot be read: {error}"));
            return read;
        }
    };
    let mut records = Records::new(input);
    loop {
        let rejected = match records.next() {
            Ok(None) => break,
            Ok(Some(record)) => {
                match engine.read(record) {
                    Ok(event) => {
                        read.events += 1;
                        engine.matches(&event, |detection| {
                        read.matches += 1;
                        let (id, time) = (engine.id(&event).unwrap_or_default(), engine.time(&event).unwrap_or_default());
                        match read.rules.get_mut(&detection.name) {
                            Some(seen) => seen.add(1, time, time),
                            None => {
                                let (title, level) = (detection.title.clone(), detection.level.clone());
                                let mut seen = Seen { title, level, ..Seen::default() };
                                seen.add(1, time, time);
                                read.rules.insert(detection.name.clone(), seen);
                            }
                        }
                        if lines {
                            let line = serde_json::json!({ "rule": detection.name, "event_id": id, "time": time });
                            read.lines.extend_from_slice(line.to_string().as_bytes());
                            read.lines.push(b'\n');
                        }
                    });
                        false
                    }
                    Err(_) => true,
                }
            }
            Err(error) => {
                read.problems.push(format!("{shown}: cannot be read to its end: {error}"));
                break;
            }
        };
        if rejected {
            records.reject("this is no JSON");
        }
        tell_broken(&mut records, &mut read, &shown.to_string());
    }
    tell_broken(&mut records, &mut read, &shown.to_string());
    read
}

fn tell_broken<R: std::io::Read>(records: &mut Records<R>, read: &mut ReadFile, shown: &str) {
    for it in records.take_broken() {
        read.broken += 1;
        read.problems.push(format!("{shown}: bytes {} to {}: {}", it.place.start, it.place.end, it.message));
    }
}
