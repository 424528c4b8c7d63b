//! `yagura detect`: events from files, past the rules, to what matches.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::ExitCode;

use yagura_detect::Engine;
use yagura_detect::event::Event;
use yagura_logs::{FileKind, Found, Next, Records};
use yagura_model::Lang;
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
        if found.is_empty() {
            return Err(Told::new(format!("there is no log in the directory `{}`", path.display()))
                .help("files called *.json, *.jsonl, *.ndjson or *.log are read, also with .gz or .zst behind; any other when it is named itself")
                .usage());
        }
        files.extend(found);
    }
    let threads = arguments.threads.or_else(|| std::thread::available_parallelism().ok().map(usize::from));
    let lang = language(arguments.common.lang);
    let known = known(&set.sigma, lang);
    let mut out = Sink::open(arguments.out.as_deref())?;
    let mut totals = Totals::default();
    let (threads, matches) = (threads.unwrap_or(1), arguments.matches);
    let read = |file: &Found, give: &mut dyn FnMut(Piece) -> bool| read(&engine, file, matches, give);
    let written = yagura_logs::in_order(&files, threads, read, |piece: Piece| {
        for line in &piece.problems {
            terminal::say(line);
        }
        out.write_all(&piece.lines)?;
        totals.add(piece);
        Ok(())
    });
    let written = written.and_then(|()| {
        terminal::say(&totals.told(&engine));
        if matches { Ok(()) } else { out.write_all(totals.table(&known, lang).as_bytes()) }
    });
    let finished = match written {
        Ok(()) => out.finish(),
        Err(error) => {
            out.abandon();
            Err(error)
        }
    };
    match finished {
        // The reader has what it wanted: `yagura detect ... | head`.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
        finished => {
            finished.map_err(|error| Told::new("cannot write the result").because(error).other())?;
        }
    }
    // What was found stands, but nobody may take it for everything.
    Ok(if totals.unread == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The name and title of each detection of our packs, by its id.
fn known(rules: &[yagura_detect::sigma::Rule], lang: Lang) -> BTreeMap<String, (String, String)> {
    let of = |it: &yagura_detect::sigma::Rule| {
        let known = it.known_as.as_ref()?;
        let title = match lang {
            Lang::En => &it.compiled.title,
            Lang::Ja => &known.title_ja,
        };
        Some((it.name.clone(), (known.name.clone(), title.clone())))
    };
    rules.iter().filter_map(of).collect()
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

/// What a part of a file held.
#[derive(Debug, Default)]
struct Piece {
    /// Of the first part, what the file is.
    begins: Option<FileKind>,
    /// Whether the file could not be read, or not to its end.
    unread: bool,
    events: u64,
    broken: u64,
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
    /// Those of them that could not be read, or not to their end.
    unread: u64,
    digests: u64,
    events: u64,
    broken: u64,
    matches: u64,
    rules: BTreeMap<String, Seen>,
}

impl Totals {
    fn add(&mut self, piece: Piece) {
        match piece.begins {
            Some(FileKind::Digest) => self.digests += 1,
            Some(FileKind::Events) => self.files += 1,
            None => {}
        }
        self.unread += u64::from(piece.unread);
        self.events += piece.events;
        self.broken += piece.broken;
        self.matches += piece.matches;
        for (name, seen) in piece.rules {
            let (count, first, last) = (seen.count, seen.first.clone(), seen.last.clone());
            let new = || Seen { title: seen.title, level: seen.level, ..Seen::default() };
            self.rules.entry(name).or_insert_with(new).add(count, &first, &last);
        }
    }

    /// How often each rule matched.
    fn table(&self, known: &BTreeMap<String, (String, String)>, lang: Lang) -> String {
        let mut lines: Vec<_> = self.rules.iter().map(|(name, it)| it.line(name, known)).collect();
        lines.sort_by_key(|it| it.name);
        let style = Style { width: terminal::width(), colours: terminal::colours(), ..Style::default() };
        detected_table(&lines, lang, style)
    }

    fn told(&self, engine: &Engine) -> String {
        let mut told = format!(
            "{} of {}, {}: {} of {}",
            counted(self.events, "event", "events"),
            counted(self.files, "file", "files"),
            counted(engine.len() as u64, "rule", "rules"),
            counted(self.matches, "match", "matches"),
            counted(self.rules.len() as u64, "rule", "rules"),
        );
        if self.digests > 0 {
            told.push_str(&format!("; {} passed over", counted(self.digests, "digest file", "digest files")));
        }
        if self.broken > 0 {
            told.push_str(&format!("; {} could not be read", counted(self.broken, "record", "records")));
        }
        if self.unread > 0 {
            told.push_str(&format!(
                "; {} could not be read, or not to the end",
                counted(self.unread, "file", "files")
            ));
        }
        told
    }
}

fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// So much of its matches a file gives at once.
const PIECE: usize = 256 << 10;

/// One file, past the rules, in pieces.
fn read(engine: &Engine, file: &Found, lines: bool, give: &mut dyn FnMut(Piece) -> bool) {
    let mut piece = Piece { begins: Some(file.kind), ..Piece::default() };
    if file.kind == FileKind::Digest {
        give(piece);
        return;
    }
    let shown = file.path.display().to_string();
    let input = match yagura_logs::open(&file.path) {
        Ok(input) => input,
        Err(error) => {
            piece.unread(format!("{shown}: cannot be read: {error}"));
            give(piece);
            return;
        }
    };
    let mut records = Records::new(input);
    loop {
        let next = records.next_or_take(|bytes| {
            let (event, length) = engine.read_first(bytes)?;
            piece.event(engine, &event, lines);
            Some(length)
        });
        let rejected = match next {
            Ok(Next::End) => break,
            Ok(Next::Taken) => false,
            Ok(Next::Record(record)) => match engine.read(record) {
                Ok(event) => {
                    piece.event(engine, &event, lines);
                    false
                }
                Err(_) => true,
            },
            Err(error) => {
                piece.unread(format!("{shown}: cannot be read to its end: {error}"));
                break;
            }
        };
        if rejected {
            records.reject("this is no JSON");
        }
        piece.broken(&mut records, &shown);
        if piece.lines.len() > PIECE && !give(std::mem::take(&mut piece)) {
            return;
        }
    }
    piece.broken(&mut records, &shown);
    give(piece);
}

impl Piece {
    /// An event, past the rules.
    fn event(&mut self, engine: &Engine, event: &Event<'_>, lines: bool) {
        self.events += 1;
        engine.matches(event, |detection| {
            self.matches += 1;
            let (id, time) = (engine.id(event).unwrap_or_default(), engine.time(event).unwrap_or_default());
            match self.rules.get_mut(&detection.name) {
                Some(seen) => seen.add(1, time, time),
                None => {
                    let (title, level) = (detection.title.clone(), detection.level.clone());
                    let mut seen = Seen { title, level, ..Seen::default() };
                    seen.add(1, time, time);
                    self.rules.insert(detection.name.clone(), seen);
                }
            }
            if lines {
                let line = serde_json::json!({ "rule": detection.name, "event_id": id, "time": time });
                self.lines.extend_from_slice(line.to_string().as_bytes());
                self.lines.push(b'\n');
            }
        });
    }

    /// What is no record.
    fn broken<R: std::io::Read>(&mut self, records: &mut Records<R>, shown: &str) {
        for it in records.take_broken() {
            self.broken += 1;
            self.problems
                .push(format!("{shown}: bytes {} to {}: {}", it.place.start, it.place.end, it.message));
        }
    }

    /// The file, or the rest of it, cannot be read.
    fn unread(&mut self, problem: String) {
        self.unread = true;
        self.problems.push(problem);
    }
}
