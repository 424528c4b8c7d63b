//! A part of a source's events, past the rules: what the threads that read hand over.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use tokio::runtime::Handle;
use yagura_detect::event::Event;
use yagura_detect::novelty::{self, Aspect, Novel};
use yagura_detect::sigma::Fed;
use yagura_detect::threats::{self, Facts, group};
use yagura_detect::{Engine, Engines, Source, passed_on};
use yagura_logs::{Broken, Decoded, Next, SourceKind};
use yagura_model::{Confidence, EntityLink, Timestamp};

use crate::job::Job;
use crate::novelty::Learned;

/// What is asked of the events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Every match, as a line of JSON.
    Matches,
    /// What findings are made of.
    Findings,
}

/// One match, with what it says about who and what.
#[derive(Debug, Clone)]
pub struct Sighting {
    /// The rule.
    pub matched: Arc<group::Matched>,
    /// What the event says.
    pub facts: Facts,
    /// Of a rule that asks for something new, what the event shows of it.
    pub novel: Option<Novel>,
    /// Of something new, how much is known to say so from.
    pub confidence: Option<Confidence>,
}

impl Sighting {
    /// A match of a rule for which nothing has to be new.
    #[must_use]
    pub fn new(matched: Arc<group::Matched>, facts: Facts) -> Self {
        Self { matched, facts, novel: None, confidence: None }
    }
}

/// A match that correlations count.
#[derive(Debug, Clone)]
pub struct Counted {
    /// What they are told.
    pub fed: Fed,
    /// The rule's id, and what the event says, if findings are wanted.
    pub seen: Option<(String, Facts)>,
}

/// How a thing to read ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Which of the things to read.
    pub job: usize,
    /// Why it could not be read, or not to its end.
    pub problem: Option<String>,
    /// Whether trying again later may help, with nothing changed by anybody: it does not count as a try.
    pub is_passing: bool,
    /// How many of its records are none.
    pub broken: u64,
}

/// What a part of a file held.
#[derive(Debug, Default)]
pub struct Piece {
    /// Of the last part of a file, how it ended.
    pub end: Option<End>,
    /// How many events.
    pub events: u64,
    /// How many records are of no kind that is known.
    pub unknown: u64,
    /// How many matches.
    pub matches: u64,
    /// The rules that matched.
    pub rules: BTreeSet<String>,
    /// The matches as lines of JSON, if they are wanted.
    pub lines: Vec<u8>,
    /// The matches, if findings are wanted.
    pub sightings: Vec<Sighting>,
    /// What correlations count.
    pub counted: Vec<Counted>,
    /// Whether they have counted it.
    pub has_counted: bool,
    /// Credentials that were made, if findings are wanted.
    pub links: Vec<EntityLink>,
    /// What is no record, and of which file.
    pub broken: Vec<(String, Broken)>,
    /// The newest time that an event tells.
    pub newest: Option<Timestamp>,
    /// What was shown to be new, or not: the same on the same day need not be looked at again.
    shown: HashSet<(Vec<Aspect>, i64)>,
    /// What the last event told of its time.
    last_time: String,
}

/// So much of its matches a file gives at once.
const PIECE: usize = 256 << 10;
/// Or so many of them.
const SIGHTINGS: usize = 512;

/// How events are taken past the rules.
#[derive(Debug, Clone, Copy)]
pub struct Looking<'e> {
    /// The rules.
    pub engines: &'e Engines,
    /// Everything is of this kind, whatever it looks like.
    pub forced: Option<Source>,
    /// What is asked.
    pub wanted: Wanted,
    /// What need not be handed over again.
    pub learned: Option<&'e Learned>,
}

impl Looking<'_> {
    /// Takes one thing past the rules, in pieces; `number` is which one it is. Ends early when `give` says that nobody listens.
    pub fn at(&self, number: usize, job: &Job, runtime: &Handle, give: &mut dyn FnMut(Piece) -> bool) {
        let mut piece = Piece::default();
        let mut broken = 0;
        let problem = match job.open(runtime) {
            Ok(mut records) => {
                let mut give = |piece: Piece| {
                    broken += piece.broken.len() as u64;
                    give(piece)
                };
                self.records(&mut records, &job.shown, &mut piece, &mut give)
            }
            Err(error) => {
                let is_passing = job.is_passing(&error);
                Read::Failed(format!("{}: cannot be read: {error}", job.shown), is_passing)
            }
        };
        let (problem, is_passing) = match problem {
            Read::NobodyListens => return,
            Read::ToItsEnd => (None, false),
            Read::Failed(problem, is_passing) => (Some(problem), is_passing),
        };
        broken += piece.broken.len() as u64;
        piece.end = Some(End { job: number, problem, is_passing, broken });
        give(piece);
    }

    fn records(
        &self,
        records: &mut Decoded,
        shown: &str,
        piece: &mut Piece,
        give: &mut dyn FnMut(Piece) -> bool,
    ) -> Read {
        loop {
            let rejected = match records.next_or_take(|kind, bytes| self.take(kind, bytes, piece)) {
                Ok(Next::End) => break,
                Ok(Next::Taken) => false,
                Ok(Next::Record((kind, record))) => !self.record(kind, record, piece),
                Err(error) => {
                    piece.broken(records, shown);
                    let problem = format!("{shown}: cannot be read to its end: {error}");
                    return Read::Failed(problem, Job::is_passing_error(&error));
                }
            };
            if rejected {
                records.reject("this is no JSON");
            }
            piece.broken(records, shown);
            if piece.is_full() && !give(std::mem::take(piece)) {
                return Read::NobodyListens;
            }
        }
        piece.broken(records, shown);
        piece.unknown += records.passed_over();
        Read::ToItsEnd
    }

    /// Takes the event at the beginning of some bytes, if rules are about such events; returns how long it is.
    fn take(&self, kind: SourceKind, bytes: &[u8], piece: &mut Piece) -> Option<usize> {
        let source = self.forced.or_else(|| source_of(kind))?;
        let engine = self.engines.get(source)?;
        let (event, length) = engine.read_first(bytes)?;
        let told = piece.event(engine, &event, *self);
        piece.reported(source, event.raw(), Some(&event), &told, self.wanted);
        Some(length)
    }

    /// Whether the record is JSON.
    fn record(&self, kind: SourceKind, record: &[u8], piece: &mut Piece) -> bool {
        let Some(source) = self.forced.or_else(|| source_of(kind)) else {
            piece.unknown += 1;
            return serde_json::from_slice::<serde::de::IgnoredAny>(record).is_ok();
        };
        match self.engines.get(source) {
            Some(engine) => match engine.read(record) {
                Ok(event) => {
                    let told = piece.event(engine, &event, *self);
                    piece.reported(source, record, Some(&event), &told, self.wanted);
                    true
                }
                Err(_) => false,
            },
            None => {
                piece.events += 1;
                piece.reported(source, record, None, &[], self.wanted);
                true
            }
        }
    }
}

/// How reading went.
enum Read {
    ToItsEnd,
    Failed(String, bool),
    NobodyListens,
}

/// Which rules are about a kind of records.
#[must_use]
pub fn source_of(kind: SourceKind) -> Option<Source> {
    Some(match kind {
        SourceKind::CloudTrail => Source::CloudTrail,
        SourceKind::KubernetesAudit => Source::KubernetesAudit,
        SourceKind::VpcFlow => Source::VpcFlow,
        SourceKind::Dns => Source::Dns,
        SourceKind::Runtime => Source::Runtime,
        SourceKind::GuardDuty => Source::GuardDuty,
        SourceKind::Unknown => return None,
    })
}

impl Piece {
    fn is_full(&self) -> bool {
        self.lines.len() > PIECE
            || self.sightings.len() + self.links.len() > SIGHTINGS
            || self.counted.len() > 4 * SIGHTINGS
            || self.shown.len() > 4 * SIGHTINGS
    }

    /// An event, past the rules; returns which of them matched.
    fn event<'e>(&mut self, engine: &'e Engine, event: &Event<'_>, looking: Looking<'_>) -> Vec<&'e str> {
        let wanted = looking.wanted;
        self.events += 1;
        // Many events of a file are of the same second.
        if let Some(time) = engine.time(event).filter(|it| *it != self.last_time) {
            self.newest = self.newest.max(time.parse().ok());
            time.clone_into(&mut self.last_time);
        }
        let (mut told, mut fed) = (Vec::new(), Vec::new());
        engine.matches_and_feeds(event, |it| told.push(it), |it| fed.push(it));
        let facts =
            |facts: &mut Option<Facts>| facts.get_or_insert_with(|| read_facts(engine, event)).clone();
        let mut known = None;
        for detection in &told {
            if detection.new_of().is_some() {
                // Only a store knows what was seen before.
                let novel = engine.novel(detection, event).filter(|_| wanted == Wanted::Findings);
                if let Some(novel) = novel.filter(|it| self.is_worth_a_look(it, looking.learned)) {
                    let matched = Arc::clone(detection.matched());
                    let sighting = Sighting::new(matched, facts(&mut known));
                    self.sightings.push(Sighting { novel: Some(novel), ..sighting });
                }
                continue;
            }
            self.matched(&detection.name);
            match wanted {
                Wanted::Matches => {
                    let (id, time) =
                        (engine.id(event).unwrap_or_default(), engine.time(event).unwrap_or_default());
                    self.line(&detection.name, id, time);
                }
                Wanted::Findings => {
                    let matched = Arc::clone(detection.matched());
                    let mut facts = facts(&mut known);
                    // An alert says what its own rule made of it.
                    facts.output = detection.output(event).or(facts.output);
                    self.sightings.push(Sighting::new(matched, facts));
                }
            }
        }
        for fed in fed {
            let seen = (wanted == Wanted::Findings).then(|| (fed.rule().to_owned(), facts(&mut known)));
            self.counted.push(Counted { fed, seen });
        }
        let links = wanted == Wanted::Findings
            && engine.source() == Source::CloudTrail
            && engine.name(event).is_some_and(threats::may_link);
        if links {
            self.links.extend(threats::link(event.whole()));
        }
        told.into_iter().map(|it| it.name.as_str()).collect()
    }

    /// What another detector has found is a match, too, unless a rule of the same name has found it here.
    fn reported(
        &mut self,
        source: Source,
        record: &[u8],
        event: Option<&Event<'_>>,
        told: &[&str],
        wanted: Wanted,
    ) {
        let Some(it) = passed_on(source, record).filter(|it| !told.contains(&it.name.as_str())) else {
            return;
        };
        self.matched(&it.name);
        match wanted {
            Wanted::Matches => self.line(&it.name, &it.id, &it.time),
            Wanted::Findings => {
                let facts = match event {
                    Some(event) => threats::facts(source, event.whole()),
                    None => threats::facts(source, &serde_json::from_slice(record).unwrap_or_default()),
                };
                let matched = Arc::new(group::Matched {
                    severity: group::severity(&it.level),
                    rule: it.name,
                    title: it.title,
                    tags: it.tags,
                });
                self.sightings.push(Sighting::new(matched, facts));
            }
        }
    }

    /// Whether something that has to be new was not shown on the same day before.
    fn is_worth_a_look(&mut self, novel: &Novel, learned: Option<&Learned>) -> bool {
        if learned.is_some_and(|it| it.knows(novel)) {
            return false;
        }
        // Without a time nobody knows which day it is.
        novel.time.is_none_or(|time| self.shown.insert((novel.aspects.clone(), novelty::day(time))))
    }

    /// Counts a match.
    pub(crate) fn matched(&mut self, rule: &str) {
        self.matches += 1;
        if !self.rules.contains(rule) {
            self.rules.insert(rule.to_owned());
        }
    }

    /// A match for machines.
    pub(crate) fn line(&mut self, rule: &str, id: &str, time: &str) {
        let line = serde_json::json!({ "rule": rule, "event_id": id, "time": time });
        self.lines.extend_from_slice(line.to_string().as_bytes());
        self.lines.push(b'\n');
    }

    /// What is no record.
    fn broken(&mut self, records: &mut Decoded, shown: &str) {
        self.broken.extend(records.take_broken().into_iter().map(|it| (shown.to_owned(), it)));
    }
}

/// An event without an id is told from others by all of it.
fn read_facts(engine: &Engine, event: &Event<'_>) -> Facts {
    let mut facts = threats::facts(engine.source(), event.whole());
    facts.origin = facts.address.as_deref().and_then(|it| engine.origin(it));
    if facts.event.is_empty() {
        let text = String::from_utf8_lossy(event.raw());
        facts.event = group::hex(&group::digest("", &text));
    }
    facts
}
