//! A part of a source's events, past the rules: what the threads that read hand over.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use yagura_detect::event::Event;
use yagura_detect::threats::{self, Facts, group};
use yagura_detect::{Detection, Engine};
use yagura_logs::Records;
use yagura_model::EntityLink;

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
}

/// How often a rule matched, and when.
#[derive(Debug, Default, Clone)]
pub struct RuleCount {
    /// The rule's title.
    pub title: String,
    /// How urgent it is, in the words of its language.
    pub level: String,
    /// How many events.
    pub count: u64,
    /// When first, as the event says.
    pub first: String,
    /// When last.
    pub last: String,
}

impl RuleCount {
    /// Adds some matches.
    pub fn add(&mut self, count: u64, first: &str, last: &str) {
        self.count += count;
        if self.first.is_empty() || (!first.is_empty() && *first < *self.first) {
            first.clone_into(&mut self.first);
        }
        if *last > *self.last {
            last.clone_into(&mut self.last);
        }
    }
}

/// What a part of a file held.
#[derive(Debug, Default)]
pub struct Piece {
    /// Whether the file could not be read, or not to its end.
    pub unread: bool,
    /// How many events.
    pub events: u64,
    /// How many records are none.
    pub broken: u64,
    /// How many matches.
    pub matches: u64,
    /// The matches by rule.
    pub rules: BTreeMap<String, RuleCount>,
    /// The matches as lines of JSON, if they are wanted.
    pub lines: Vec<u8>,
    /// The matches, if findings are wanted.
    pub sightings: Vec<Sighting>,
    /// Credentials that were made, if findings are wanted.
    pub links: Vec<EntityLink>,
    /// What could not be read, for people.
    pub problems: Vec<String>,
}

/// So much of its matches a file gives at once.
const PIECE: usize = 256 << 10;
/// Or so many of them.
const SIGHTINGS: usize = 512;

/// Takes the events of an input past the rules, in pieces; `shown` is how the input is called in messages. Ends early when `give` says that nobody
/// listens.
pub fn read(
    engine: &Engine,
    input: impl Read,
    shown: &str,
    wanted: Wanted,
    give: &mut dyn FnMut(Piece) -> bool,
) {
    let mut piece = Piece::default();
    let mut records = Records::new(input);
    loop {
        let rejected = match records.next() {
            Ok(None) => break,
            Ok(Some(record)) => match engine.read(record) {
                Ok(event) => {
                    piece.event(engine, &event, wanted);
                    false
                }
                Err(_) => true,
            },
            Err(error) => {
                piece.fail(format!("{shown}: cannot be read to its end: {error}"));
                break;
            }
        };
        if rejected {
            records.reject("this is no JSON");
        }
        piece.broken(&mut records, shown);
        let full = piece.lines.len() > PIECE || piece.sightings.len() + piece.links.len() > SIGHTINGS;
        if full && !give(std::mem::take(&mut piece)) {
            return;
        }
    }
    piece.broken(&mut records, shown);
    give(piece);
}

impl Piece {
    /// An input that cannot be read at all.
    #[must_use]
    pub fn unread(problem: String) -> Self {
        let mut piece = Self::default();
        piece.fail(problem);
        piece
    }

    fn fail(&mut self, problem: String) {
        self.unread = true;
        self.problems.push(problem);
    }

    /// An event, past the rules.
    fn event(&mut self, engine: &Engine, event: &Event<'_>, wanted: Wanted) {
        self.events += 1;
        let mut facts = None;
        engine.matches(event, |detection| {
            self.matches += 1;
            let (id, time) = (engine.id(event).unwrap_or_default(), engine.time(event).unwrap_or_default());
            self.count(detection, time);
            match wanted {
                Wanted::Matches => {
                    let line = serde_json::json!({ "rule": detection.name, "event_id": id, "time": time });
                    self.lines.extend_from_slice(line.to_string().as_bytes());
                    self.lines.push(b'\n');
                }
                Wanted::Findings => {
                    let facts: &Facts = facts.get_or_insert_with(|| read_facts(engine, event));
                    let matched = Arc::clone(detection.matched());
                    self.sightings.push(Sighting { matched, facts: facts.clone() });
                }
            }
        });
        let links = wanted == Wanted::Findings && engine.name(event).is_some_and(threats::may_link);
        if links {
            self.links.extend(threats::link(event.whole()));
        }
    }

    fn count(&mut self, detection: &Detection, time: &str) {
        if let Some(seen) = self.rules.get_mut(&detection.name) {
            return seen.add(1, time, time);
        }
        let mut seen = RuleCount {
            title: detection.title.clone(),
            level: detection.level.clone(),
            ..RuleCount::default()
        };
        seen.add(1, time, time);
        self.rules.insert(detection.name.clone(), seen);
    }

    /// What is no record.
    fn broken<R: Read>(&mut self, records: &mut Records<R>, shown: &str) {
        for it in records.take_broken() {
            self.broken += 1;
            self.problems
                .push(format!("{shown}: bytes {} to {}: {}", it.place.start, it.place.end, it.message));
        }
    }
}

/// An event without an id is told from others by all of it.
fn read_facts(engine: &Engine, event: &Event<'_>) -> Facts {
    let mut facts = threats::facts(engine.source(), event.whole());
    if facts.event.is_empty() {
        let text = String::from_utf8_lossy(event.raw());
        facts.event = group::hex(&group::digest("", &text));
    }
    facts
}
