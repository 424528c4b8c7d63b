//! The state of all correlations, and what comes of an event.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;
use rsigma_parser::CorrelationType;

use super::Correlation;
use super::definition::{Definition, Reference};
use super::fed::{Fed, VALUES};
use super::group::{Detail, Entry, Group, Satisfied};

/// The values that tell a group from others.
pub(super) type Key = Vec<Option<Box<str>>>;

/// How much is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Events of all groups together. Then the groups that have been quiet for longest are forgotten.
    pub events: usize,
    /// Events of one group, or as many as its condition needs. Then its oldest ones are forgotten.
    pub events_of_group: usize,
    /// How late an event may come after newer ones of its group; what is older than that and the timespan is forgotten. Without it,
    /// events may come in any order, as they do from files.
    pub late: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { events: 1_000_000, events_of_group: 20_000, late: None }
    }
}

/// A correlation holds.
#[derive(Debug, Clone, PartialEq)]
pub struct CorrelationMatch {
    /// The correlation's id, else its title.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// How urgent it is.
    pub level: String,
    /// The id of the event that completes it: the last in time.
    pub event_id: String,
    /// When that happened.
    pub time: Timestamp,
    /// The values of `group-by`, by field.
    pub group: Vec<(String, Option<String>)>,
    /// What was counted.
    pub value: f64,
    /// The ids of events behind it, the last ones first: of each rule or value one, and no more than [`CorrelationMatch::EVENTS`].
    pub events: Vec<String>,
}

impl CorrelationMatch {
    /// So many events of a match are named.
    pub const EVENTS: usize = 32;
}

/// The state of correlations. See [the module](super) for what it means.
#[derive(Debug)]
pub struct Correlations {
    pub(super) slots: Vec<Slot>,
    /// Who asks for a rule's or a correlation's matches: the correlation, and which of its references it is.
    asking: HashMap<String, Vec<(usize, usize)>>,
    pub(super) limits: Limits,
    /// How many entries there are.
    pub(super) events: usize,
    without_time: u64,
    forgotten: u64,
    /// For comparison with others: every window is told.
    pub(super) every: bool,
}

#[derive(Debug)]
pub(super) struct Slot {
    pub(super) correlation: Correlation,
    pub(super) groups: HashMap<Key, Group>,
}

/// An event on its way into correlations.
struct Arrival {
    from: String,
    time: i64,
    event: Box<str>,
    values: Vec<(String, Vec<Box<str>>)>,
    /// It comes from a correlation.
    is_chained: bool,
    /// It belongs to a match that was told: it shows that the activity goes on, but does not count again.
    is_known: bool,
}

impl Arrival {
    fn values(&self, field: &str) -> &[Box<str>] {
        self.values.iter().find(|(it, _)| it == field).map_or(&[], |(_, values)| values)
    }
}

impl Correlations {
    /// Begins with nothing remembered.
    #[must_use]
    pub fn new(correlations: Vec<Correlation>, limits: Limits) -> Self {
        let mut asking: HashMap<String, Vec<_>> = HashMap::new();
        for (index, correlation) in correlations.iter().enumerate() {
            for (number, reference) in correlation.definition.references.iter().enumerate() {
                asking.entry(reference.name.clone()).or_default().push((index, number));
            }
        }
        let slot = |correlation| Slot { correlation, groups: HashMap::new() };
        let slots = correlations.into_iter().map(slot).collect();
        Self { slots, asking, limits, events: 0, without_time: 0, forgotten: 0, every: false }
    }

    /// Whether there is no correlation, so that nothing needs to be fed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// How many correlations there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// How many matches could not be counted, because their events tell no time.
    #[must_use]
    pub fn without_time(&self) -> u64 {
        self.without_time
    }

    /// How many events had to be forgotten that may have counted, because of [`Limits::events`] and [`Limits::events_of_group`].
    #[must_use]
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// Takes a match; returns the correlations that it, or what came before, completes.
    pub fn feed(&mut self, fed: &Fed) -> Vec<CorrelationMatch> {
        let Some(time) = fed.time else {
            self.without_time += u64::from(self.asking.contains_key(&fed.rule));
            return Vec::new();
        };
        let values = fed.values.iter().map(|(field, values)| (field.to_string(), values.clone())).collect();
        let mut waiting = VecDeque::from([Arrival {
            from: fed.rule.clone(),
            time,
            event: fed.event.clone(),
            values,
            is_chained: false,
            is_known: false,
        }]);
        let mut matches = Vec::new();
        // It ends: an event that is in a group already goes no further, and no correlation refers to itself.
        while let Some(arrival) = waiting.pop_front() {
            for (slot, number) in self.asking.get(&arrival.from).cloned().unwrap_or_default() {
                self.arrive(slot, number, &arrival, &mut matches, &mut waiting);
            }
        }
        if self.events > self.limits.events {
            self.forget_quiet();
        }
        matches
    }

    fn arrive(
        &mut self,
        index: usize,
        number: usize,
        arrival: &Arrival,
        matches: &mut Vec<CorrelationMatch>,
        waiting: &mut VecDeque<Arrival>,
    ) {
        let (limits, every) = (self.limits, self.every);
        let is_asked = self.asking.contains_key(&self.slots[index].correlation.name);
        let slot = &mut self.slots[index];
        let (correlation, groups) = (&slot.correlation, &mut slot.groups);
        let definition = &correlation.definition;
        let Some(reference) = definition.references.get(number) else { return };
        if arrival.is_known && !definition.is_temporal() {
            return;
        }
        let details = details(definition, reference, number, arrival);
        let most = limits.events_of_group.max(definition.most_needed().min(limits.events));
        let carried = |fields: &[String]| fields.iter().map(|it| arrival.values(it).to_vec()).collect();
        for key in keys(reference, arrival) {
            if details.is_empty() {
                break;
            }
            let group = groups.entry(key.clone()).or_default();
            let held = group.entries.len();
            let oldest = limits.late.map(|late| {
                let late = i64::try_from(late.as_micros()).unwrap_or(i64::MAX);
                group.newest().saturating_sub(late).saturating_sub(definition.span)
            });
            group.shrink(oldest, usize::MAX);
            let mut any = false;
            for detail in &details {
                let (event, detail) = (arrival.event.clone(), detail.clone());
                let entry = Entry { time: arrival.time, event, detail, carried: carried(&reference.carries) };
                any |= group.insert(entry, definition, arrival.is_chained);
            }
            self.forgotten += group.shrink(None, most) as u64;
            self.events = (self.events + group.entries.len()).saturating_sub(held);
            let found = any.then(|| group.check(arrival.time, definition, is_asked, every)).flatten();
            let Some(found) = found else { continue };
            let last = &group.entries[found.last];
            let chained = Arrival {
                from: correlation.name.clone(),
                time: last.time,
                event: last.event.clone(),
                values: handed_on(definition, &key, last),
                is_chained: true,
                is_known: !found.is_new,
            };
            if found.is_new {
                if correlation.shown {
                    matches.extend(told(correlation, &key, group, &found));
                }
                group.tell(chained.time);
            }
            if is_asked {
                waiting.push_back(chained);
            }
        }
    }

    /// Forgets groups without events since a time; for those who run for long.
    pub fn forget_before(&mut self, time: Timestamp) {
        let time = time.as_microsecond();
        for slot in &mut self.slots {
            slot.groups.retain(|_, group| group.newest() >= time);
        }
        self.count();
    }

    /// Forgets groups in which nothing can come together any more, if events are never later than [`Limits::late`] says; `newest` is the time of
    /// the newest event of all.
    pub fn forget_late(&mut self, newest: Timestamp) {
        let Some(late) = self.limits.late else { return };
        let late = i64::try_from(late.as_micros()).unwrap_or(i64::MAX);
        let newest = newest.as_microsecond().saturating_sub(late);
        for slot in &mut self.slots {
            let oldest = newest.saturating_sub(slot.correlation.definition.span);
            slot.groups.retain(|_, group| group.newest() >= oldest);
        }
        self.count();
    }

    /// Makes room: a tenth of what may be kept.
    fn forget_quiet(&mut self) {
        let mut groups: Vec<(i64, usize)> = self
            .slots
            .iter()
            .flat_map(|slot| slot.groups.values().map(|it| (it.newest(), it.entries.len())))
            .collect();
        groups.sort_unstable();
        let (mut spare, mut until) = (0, i64::MIN);
        for (newest, entries) in groups {
            if spare > self.limits.events / 10 {
                break;
            }
            (spare, until) = (spare + entries, newest);
        }
        let before = self.events;
        for slot in &mut self.slots {
            slot.groups.retain(|_, group| group.newest() > until);
        }
        self.count();
        self.forgotten += before.saturating_sub(self.events) as u64;
    }

    pub(super) fn count(&mut self) {
        let groups = self.slots.iter().flat_map(|slot| slot.groups.values());
        self.events = groups.map(|it| it.entries.len()).sum();
    }
}

/// What of an arrival counts.
fn details(definition: &Definition, reference: &Reference, number: usize, arrival: &Arrival) -> Vec<Detail> {
    if definition.is_temporal() {
        return vec![Detail::Reference(u32::try_from(number).unwrap_or(u32::MAX))];
    }
    let values: Vec<_> = reference.counted.iter().map(|it| arrival.values(it)).collect();
    if definition.is_numeric() {
        let numbers = values.iter().take(1).flat_map(|it| it.iter().filter_map(|it| it.parse::<f64>().ok()));
        return numbers.filter(|it| it.is_finite()).map(Detail::Number).collect();
    }
    if definition.kind == CorrelationType::EventCount {
        return vec![Detail::Nothing];
    }
    // Of several fields the values belong together; an event that lacks one does not count.
    let lists: Vec<Vec<_>> = values.iter().map(|it| it.iter().map(|it| Some(it.clone())).collect()).collect();
    let joined = |it: Key| it.into_iter().flatten().collect::<Vec<_>>().join("\u{1f}");
    combined(&lists).into_iter().map(|it| Detail::Value(joined(it).into())).collect()
}

/// The groups that an arrival belongs to.
fn keys(reference: &Reference, arrival: &Arrival) -> Vec<Key> {
    let lists: Vec<Vec<_>> = reference
        .group_by
        .iter()
        .map(|field| match arrival.values(field) {
            [] => vec![None],
            values => values.iter().map(|it| Some(it.clone())).collect(),
        })
        .collect();
    combined(&lists)
}

/// One value of each list, in every combination.
fn combined(lists: &[Vec<Option<Box<str>>>]) -> Vec<Key> {
    let mut all: Vec<Key> = vec![Vec::new()];
    for list in lists {
        let with = |key: &Key, value: &Option<Box<str>>| {
            let mut key = key.clone();
            key.push(value.clone());
            key
        };
        let mut more: Vec<_> =
            all.iter().flat_map(|key| list.iter().map(move |value| with(key, value))).take(VALUES).collect();
        more.sort_unstable();
        more.dedup();
        all = more;
    }
    all
}

/// What correlations above are told: the values of the group, and those that were carried along.
fn handed_on(definition: &Definition, key: &Key, last: &Entry) -> Vec<(String, Vec<Box<str>>)> {
    let group = definition.group_by.iter().zip(key);
    let group = group.map(|(field, value)| (field.clone(), value.iter().cloned().collect()));
    let carried = definition.carries.iter().zip(&last.carried);
    group.chain(carried.map(|(field, values)| (field.clone(), values.clone()))).collect()
}

fn told(correlation: &Correlation, key: &Key, group: &Group, found: &Satisfied) -> Option<CorrelationMatch> {
    let last = &group.entries[found.last];
    let mut events: Vec<String> = Vec::new();
    let mut details = Vec::new();
    for entry in group.entries[found.window.clone()].iter().rev() {
        if events.len() == CorrelationMatch::EVENTS {
            break;
        }
        let again = matches!(entry.detail, Detail::Reference(_) | Detail::Value(_))
            && details.contains(&&entry.detail);
        if entry.event.is_empty() || again || events.iter().any(|it| **it == *entry.event) {
            continue;
        }
        details.push(&entry.detail);
        events.push(entry.event.to_string());
    }
    let definition = &correlation.definition;
    let group_by = definition.group_by.iter().zip(key);
    Some(CorrelationMatch {
        rule: correlation.name.clone(),
        title: correlation.title.clone(),
        level: correlation.level.clone(),
        event_id: last.event.to_string(),
        time: Timestamp::from_microsecond(last.time).ok()?,
        group: group_by.map(|(field, value)| (field.clone(), value.as_deref().map(str::to_owned))).collect(),
        value: found.value,
        events,
    })
}
