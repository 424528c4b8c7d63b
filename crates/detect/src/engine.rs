//! One matcher for the rules of all languages.
//!
//! Rules are compiled once. Everything they read of an event is known beforehand, so an event is gone through once and the rest of it is
//! skipped; and rules that need certain names of events are only asked about those.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use rsigma_eval::{CompiledRule, evaluate_rule};
use yagura_model::Origin;

use crate::event::{Event, NotAnEvent, PathId, Paths};
use crate::falco::condition::{Expression, Operand, Operator};
use crate::falco::render::Template;
use crate::falco::test::{Compiler, Test};
use crate::falco::{self, FieldTable};
use crate::novelty::{self, New, Novel, Seen, Trait};
use crate::places::{Places, PlacesKnown};
use crate::sigma::{self, Fed, Fields, Named, required::required};
use crate::source::Source;
use crate::threats::group::{Matched, severity};

/// A rule of any language.
#[derive(Debug)]
pub struct Detection {
    /// What the rule is called: a Falco name, a Sigma id.
    pub name: String,
    /// Its title; of a Falco rule its name.
    pub title: String,
    /// How urgent it is, in the words of its language.
    pub level: String,
    /// ATT&CK tactics and techniques, and whatever else its tags say.
    pub tags: Vec<String>,
    matched: OnceLock<Arc<Matched>>,
    /// What has to be new for a match to count.
    new: Option<New>,
    /// What it asks about addresses.
    asks: PlacesKnown,
    /// Whether nobody can tell that: then it is not asked.
    silent: bool,
    /// Whether its matches are told; else they only serve correlations.
    shown: bool,
    /// What correlations read of its events.
    fed: Option<Vec<Arc<str>>>,
    test: Rule,
    /// Of a Falco rule, what it says of an event.
    output: Option<Template>,
}

impl Detection {
    /// What has to be new for a match to count: [`Engine::novel`] tells what an event shows of it.
    #[must_use]
    pub fn new_of(&self) -> Option<&New> {
        self.new.as_ref()
    }

    /// What it asks about addresses, when nobody can tell: then it matches nothing.
    #[must_use]
    pub fn lacks(&self) -> Option<PlacesKnown> {
        self.silent.then_some(self.asks)
    }

    fn look(&mut self, known: PlacesKnown) {
        self.silent = !known.answers(self.asks);
    }

    /// What a Falco rule says of an event that it matches, as Falco says it; Sigma rules say nothing of their own.
    /// Control characters of the event are in it.
    #[must_use]
    pub fn output(&self, event: &Event<'_>) -> Option<String> {
        self.output.as_ref().map(|it| it.fill(event))
    }

    /// The rule as findings know it.
    pub fn matched(&self) -> &Arc<Matched> {
        self.matched.get_or_init(|| {
            Arc::new(Matched {
                rule: self.name.clone(),
                title: self.title.clone(),
                severity: severity(&self.level),
                tags: self.tags.clone(),
            })
        })
    }
}

#[derive(Debug)]
enum Rule {
    Falco(Box<Test>),
    /// Over an alert, which does not tell everything.
    Alert(Box<Test>),
    Sigma(Box<CompiledRule>),
}

/// Rules over the events of one source.
#[derive(Debug)]
pub struct Engine {
    source: Source,
    detections: Vec<Detection>,
    paths: Paths,
    fields: Fields,
    /// Rules that need a name, by the name in small letters.
    by_name: HashMap<Box<str>, Vec<usize>>,
    /// Rules that any event may match.
    always: Vec<usize>,
    name: PathId,
    id: PathId,
    time: PathId,
}

impl Engine {
    /// Makes the rules ready that are about a source; those that are switched off are left out.
    #[must_use]
    pub fn new(
        source: Source,
        falco: &[falco::rules::Rule],
        sigma: &[sigma::Rule],
        table: &FieldTable,
    ) -> Self {
        let (mut paths, marks) = (Paths::default(), source.marks());
        let [name, id, time] = [marks.name, marks.id, marks.time].map(|it| paths.add(it.split('.')));
        let mut engine = Self {
            source,
            detections: Vec::new(),
            paths,
            fields: Fields::new(source),
            by_name: HashMap::new(),
            always: Vec::new(),
            name,
            id,
            time,
        };
        for rule in falco.iter().filter(|it| it.enabled && it.source == source.falco()) {
            let mut compiler = Compiler { fields: table, source: source.falco(), paths: &mut engine.paths };
            let test = match source {
                Source::Runtime => Rule::Alert(Box::new(compiler.alert_test(&rule.condition))),
                _ => Rule::Falco(Box::new(compiler.test(&rule.condition))),
            };
            let needed = names(&rule.condition, marks.falco_name);
            engine.add(
                Detection {
                    name: rule.name.clone(),
                    title: rule.name.clone(),
                    level: rule.priority.as_str().to_owned(),
                    tags: rule.tags.iter().cloned().collect(),
                    matched: OnceLock::new(),
                    new: None,
                    asks: PlacesKnown::default(),
                    silent: false,
                    shown: true,
                    fed: None,
                    test,
                    output: Template::new(&rule.output, source.falco(), table),
                },
                needed,
            );
        }
        for rule in sigma.iter().filter(|it| source.is_meant_by(it.source())) {
            engine.fields.add(&rule.compiled, &mut engine.paths);
            let asks = asked(source, rule);
            if rule.new.is_some() {
                novelty::FIELDS.iter().for_each(|it| engine.fields.field(it, &mut engine.paths));
                rule.new
                    .iter()
                    .flat_map(New::fields)
                    .for_each(|it| engine.fields.field(it, &mut engine.paths));
            }
            let needed = required(&rule.compiled, marks.name);
            let level = rule.compiled.level.map_or("informational", |it| it.as_str());
            rule.fed.iter().flatten().for_each(|it| engine.fields.field(it, &mut engine.paths));
            engine.add(
                Detection {
                    name: rule.name.clone(),
                    title: rule.compiled.title.clone(),
                    level: level.to_owned(),
                    tags: rule.compiled.tags.clone(),
                    matched: OnceLock::new(),
                    new: rule.new.clone(),
                    asks,
                    silent: !PlacesKnown::default().answers(asks),
                    shown: rule.shown,
                    fed: rule.fed.clone(),
                    test: Rule::Sigma(Box::new(rule.compiled.clone())),
                    output: None,
                },
                needed,
            );
        }
        engine
    }

    /// With somebody who tells where addresses are; without, rules that ask for it match nothing.
    #[must_use]
    pub fn with_places(mut self, places: Arc<dyn Places>) -> Self {
        let known = places.known();
        self.detections.iter_mut().for_each(|it| it.look(known));
        self.fields.origins.places = Some(places);
        self
    }

    /// What an event that a rule matches shows of what has to be new; `None` when it shows nothing, and does not count.
    #[must_use]
    pub fn novel(&self, detection: &Detection, event: &Event<'_>) -> Option<Novel> {
        let named = Named { event, fields: &self.fields };
        let seen = Seen {
            source: self.source,
            texts: &|field| named.texts(field),
            time: self.time(event).and_then(|it| it.parse().ok()),
            places: self.fields.origins.places.as_deref(),
        };
        seen.novel(&detection.name, detection.new.as_ref()?)
    }

    /// Where an address is, if somebody can tell.
    #[must_use]
    pub fn origin(&self, address: &str) -> Option<Origin> {
        let address = novelty::public(&[address.to_owned()])?;
        let origin = self.fields.origins.places.as_deref()?.origin(address);
        (!origin.is_empty()).then_some(origin)
    }

    /// Fields of a source that its events never tell, although they are read.
    #[must_use]
    pub fn fields_without_value(source: Source, table: &FieldTable) -> Vec<String> {
        let mut paths = Paths::default();
        let own = table.own(source.falco());
        own.filter(|name| table.read(source.falco(), name, Some("0"), &mut paths).is_none())
            .map(str::to_owned)
            .collect()
    }

    fn add(&mut self, detection: Detection, needed: Option<BTreeSet<String>>) {
        let index = self.detections.len();
        self.detections.push(detection);
        match needed {
            Some(names) => {
                for name in names {
                    self.by_name.entry(name.into()).or_default().push(index);
                }
            }
            None => self.always.push(index),
        }
    }

    /// How many rules there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.detections.len()
    }

    /// Whether there is no rule.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.detections.is_empty()
    }

    /// What kind of events they are about.
    #[must_use]
    pub fn source(&self) -> Source {
        self.source
    }

    /// Every rule.
    pub fn detections(&self) -> impl Iterator<Item = &Detection> {
        self.detections.iter()
    }

    /// What the event calls itself: the name of the call, the verb.
    #[must_use]
    pub fn name<'v>(&self, event: &'v Event<'_>) -> Option<&'v str> {
        event.text(self.name)
    }

    /// Reads an event: what the rules look at.
    ///
    /// # Errors
    ///
    /// It is no object in JSON.
    pub fn read<'e>(&'e self, raw: &'e [u8]) -> Result<Event<'e>, NotAnEvent> {
        Event::read(raw, &self.paths)
    }

    /// Reads the event at the beginning of some bytes, and says how long it is. Without an answer there is none, or it goes on
    /// behind them.
    #[must_use]
    pub fn read_first<'e>(&'e self, bytes: &'e [u8]) -> Option<(Event<'e>, usize)> {
        Event::read_first(bytes, &self.paths)
    }

    /// The event's own id.
    #[must_use]
    pub fn id<'v>(&self, event: &'v Event<'_>) -> Option<&'v str> {
        event.text(self.id)
    }

    /// When the event happened, as it says.
    #[must_use]
    pub fn time<'v>(&self, event: &'v Event<'_>) -> Option<&'v str> {
        event.text(self.time)
    }

    /// The rules that match an event and are told, in the order of their loading.
    pub fn matches<'r>(&'r self, event: &Event<'_>, each: impl FnMut(&'r Detection)) {
        self.matches_and_feeds(event, each, |_| ());
    }

    /// As [`Engine::matches`], and what [`sigma::Correlations`] must be told, in the same order.
    pub fn matches_and_feeds<'r>(
        &'r self,
        event: &Event<'_>,
        mut each: impl FnMut(&'r Detection),
        mut feed: impl FnMut(Fed),
    ) {
        self.all_matches(event, |detection| {
            if let Some(fields) = &detection.fed {
                let named = Named { event, fields: &self.fields };
                let values = fields.iter().map(|it| (it.clone(), named.texts(it)));
                let id = self.id(event).unwrap_or_default();
                feed(Fed::new(&detection.name, id, self.time(event), values));
            }
            if detection.shown {
                each(detection);
            }
        });
    }

    fn all_matches<'r>(&'r self, event: &Event<'_>, mut each: impl FnMut(&'r Detection)) {
        let by_name =
            event.text(self.name).and_then(|name| self.by_name.get(&*small_letters(name, &mut [0; 64])));
        let by_name = by_name.map_or(&[][..], Vec::as_slice);
        let (mut named, mut always) = (by_name.iter().peekable(), self.always.iter().peekable());
        loop {
            let next = match (named.peek(), always.peek()) {
                (Some(a), Some(b)) if a < b => named.next(),
                (_, Some(_)) => always.next(),
                (_, None) => named.next(),
            };
            let Some(detection) = next.map(|it| &self.detections[*it]) else { return };
            if detection.silent {
                continue;
            }
            let holds = match &detection.test {
                Rule::Falco(test) => test.holds(event),
                Rule::Alert(test) => test.surely(event) == Some(true),
                Rule::Sigma(rule) => evaluate_rule(rule, &Named { event, fields: &self.fields }).is_some(),
            };
            if holds {
                each(detection);
            }
        }
    }
}

/// A name in small letters; one that is short and ASCII, as names of events are, in the buffer.
fn small_letters<'b>(name: &str, buffer: &'b mut [u8; 64]) -> Cow<'b, str> {
    if let Some(buffer) = buffer.get_mut(..name.len()).filter(|_| name.is_ascii()) {
        buffer.copy_from_slice(name.as_bytes());
        buffer.make_ascii_lowercase();
        if let Ok(small) = std::str::from_utf8(buffer) {
            return Cow::Borrowed(small);
        }
    }
    Cow::Owned(name.to_lowercase())
}

/// What a rule asks about addresses.
fn asked(source: Source, rule: &sigma::Rule) -> PlacesKnown {
    let (mut fields, mut paths) = (Fields::new(source), Paths::default());
    fields.add(&rule.compiled, &mut paths);
    rule.fed.iter().flatten().for_each(|it| fields.field(it, &mut paths));
    let mut asked = fields.origins.needed();
    asked.countries |= rule.new.as_ref().is_some_and(|it| it.of.contains(&Trait::Country));
    asked
}

/// The values, in small letters, one of which a field must have for a Falco condition to hold.
fn names(condition: &Expression, field: &str) -> Option<BTreeSet<String>> {
    match condition {
        Expression::And { children } => {
            children.iter().filter_map(|it| names(it, field)).min_by_key(BTreeSet::len)
        }
        Expression::Or { children } => {
            let all: Option<Vec<_>> = children.iter().map(|it| names(it, field)).collect();
            all.map(|all| all.into_iter().flatten().collect())
        }
        Expression::Check {
            left: Operand::Field { name, argument: None },
            operator,
            modifier: None,
            right,
            ..
        } if name == field => match (operator, right) {
            (Operator::Equal, Operand::Value { value }) => Some(BTreeSet::from([value.text.to_lowercase()])),
            (Operator::In | Operator::Intersects, Operand::Values { values }) => {
                Some(values.iter().map(|it| it.text.to_lowercase()).collect())
            }
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_in_small_letters_however_long_they_are() {
        let mut buffer = [0; 64];
        assert_eq!(small_letters("GetObject", &mut buffer), "getobject");
        assert_eq!(small_letters("", &mut buffer), "");
        assert_eq!(small_letters(&"A".repeat(64), &mut buffer), "a".repeat(64));
        assert_eq!(small_letters(&"A".repeat(65), &mut buffer), "a".repeat(65));
        assert_eq!(small_letters("GETÄ", &mut buffer), "getä");
    }
}
