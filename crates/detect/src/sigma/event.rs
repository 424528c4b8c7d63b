//! Our events, as the Sigma library asks them.

use std::borrow::Cow;
use std::collections::HashMap;

use rsigma_eval::event::{Event as SigmaEvent, EventValue};
use rsigma_eval::{CompiledDetection, CompiledMatcher, CompiledRule, JsonEvent};
use serde_json::Value as Json;

use super::asked::Asked;
use super::origin::{OriginField, Origins};
use crate::event::{Event, Found, PathId, Paths, Scalar};
use crate::source::Source;

/// The fields that rules name, and where they stand.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    /// Names that are no plain path (`a[0].b`) are not among them: they are looked up in the whole event. Every part of every rule
    /// asks here, and names come from rules, not from events: a fast hash is as good as a safe one.
    known: HashMap<Box<str>, Field, foldhash::fast::RandomState>,
    /// Names that rules of any product use, and the path that they mean here.
    aliases: &'static [(&'static str, &'static str)],
    /// What is asked about the address that an event comes from.
    pub(crate) origins: Origins,
}

/// What a name stands for.
#[derive(Debug)]
enum Field {
    /// A part of the event; a name with dots may also be a key.
    Path(PathId, bool),
    /// A question.
    Asked(Asked),
    /// Something about the address that the event comes from.
    Origin(OriginField),
}

impl Fields {
    pub(crate) fn new(source: Source) -> Self {
        Self { aliases: source.aliases(), origins: Origins::of(source), ..Self::default() }
    }

    /// Adds what a rule reads.
    pub(crate) fn add(&mut self, rule: &CompiledRule, paths: &mut Paths) {
        for detection in rule.detections.values() {
            self.detection(detection, paths);
        }
    }

    fn detection(&mut self, detection: &CompiledDetection, paths: &mut Paths) {
        match detection {
            CompiledDetection::AllOf(items) => {
                for item in items {
                    if let Some(field) = &item.field {
                        self.field(field, paths);
                    }
                    self.matcher(&item.matcher, paths);
                }
            }
            CompiledDetection::AnyOf(inner) | CompiledDetection::And(inner) => {
                inner.iter().for_each(|it| self.detection(it, paths));
            }
            CompiledDetection::Keywords(matcher) => self.matcher(matcher, paths),
            // What is asked of the items of a list is asked of the list.
            CompiledDetection::ArrayMatch { field, .. } => self.field(field, paths),
            CompiledDetection::Conditional { named, .. } => {
                named.values().for_each(|it| self.detection(it, paths));
            }
        }
    }

    /// Some matchers look at other fields.
    fn matcher(&mut self, matcher: &CompiledMatcher, paths: &mut Paths) {
        match matcher {
            CompiledMatcher::FieldRef { field, .. } => self.field(field, paths),
            CompiledMatcher::Not(inner) => self.matcher(inner, paths),
            CompiledMatcher::TimestampPart { inner, .. } => self.matcher(inner, paths),
            CompiledMatcher::AnyOf(inner) | CompiledMatcher::AllOf(inner) => {
                inner.iter().for_each(|it| self.matcher(it, paths));
            }
            CompiledMatcher::CaseInsensitiveGroup { children, .. } => {
                children.iter().for_each(|it| self.matcher(it, paths));
            }
            _ => {}
        }
    }

    /// Adds a field that is read besides.
    pub(crate) fn field(&mut self, field: &str, paths: &mut Paths) {
        if let Some(asked) = Asked::read(field) {
            asked.fields().for_each(|it| self.field(it, paths));
            self.known.insert(field.into(), Field::Asked(asked));
            return;
        }
        if let Some((origin, address)) = self.origins.add(field) {
            self.known.insert(field.into(), Field::Origin(origin));
            return self.field(address, paths);
        }
        let plain = !field.contains(['[', ']', '\\']) && field.split('.').all(|key| !key.is_empty());
        if plain && !self.known.contains_key(field) {
            let path = self.aliases.iter().find(|(alias, _)| *alias == field).map_or(field, |(_, path)| path);
            let path = Field::Path(paths.add(path.split('.')), field.contains('.'));
            self.known.insert(field.into(), path);
        }
    }
}

/// An event with the names of the fields.
pub(crate) struct Named<'n, 'e> {
    pub(crate) event: &'n Event<'e>,
    pub(crate) fields: &'n Fields,
}

impl Named<'_, '_> {
    fn whole(&self) -> JsonEvent<'_> {
        JsonEvent::borrow(self.event.whole())
    }

    /// What a field holds, with objects as `of` makes them.
    fn read<'s>(
        &'s self,
        path: &str,
        of: for<'v> fn(&Found<'v>) -> EventValue<'v>,
    ) -> Option<EventValue<'s>> {
        match self.fields.known.get(path) {
            Some(Field::Origin(asked)) => {
                self.fields.origins.answer(*asked, || self.texts(self.fields.origins.address()))
            }
            Some(Field::Asked(asked)) => self.answer(asked),
            Some(Field::Path(id, has_dots)) if !(*has_dots && self.event.is_dotted()) => self.at(*id, of),
            // A key with dots wins over a path: then the library itself looks.
            Some(Field::Path(..)) | None => {
                let found = self.whole().get_field(path).map(|it| it.to_json())?;
                Some(owned(of(&Found::Tree(&found))))
            }
        }
    }

    /// What stands at a path.
    fn at<'s>(
        &'s self,
        path: PathId,
        of: for<'v> fn(&Found<'v>) -> EventValue<'v>,
    ) -> Option<EventValue<'s>> {
        let (mut first, mut more) = (None, Vec::new());
        self.event.each(path, |found| match (&first, more.is_empty()) {
            (None, true) => first = Some(of(&found)),
            _ => {
                more.extend(first.take());
                more.push(of(&found));
            }
        });
        if more.is_empty() { first } else { Some(EventValue::Array(more)) }
    }

    /// The texts that a field holds: of a list each. Nothing for what is absent or null.
    pub(crate) fn texts(&self, path: &str) -> Vec<String> {
        let mut texts = Vec::new();
        if let Some(value) = self.read(path, text_of) {
            add_texts(&value, &mut texts);
        }
        texts
    }

    fn answer(&self, asked: &Asked) -> Option<EventValue<'_>> {
        match asked {
            Asked::Whole(field) => self.read(field, value),
            Asked::Exists(field) => Some(EventValue::Bool(self.read(field, value).is_some())),
            Asked::Reference { field, other, op, cased } => {
                let others = self.texts(other);
                let holds = |text: &String| others.iter().any(|it| Asked::compare(*op, *cased, text, it));
                Some(EventValue::Bool(self.texts(field).iter().any(holds)))
            }
        }
    }
}

fn add_texts(value: &EventValue<'_>, texts: &mut Vec<String>) {
    match value {
        EventValue::Array(items) => items.iter().for_each(|it| add_texts(it, texts)),
        other => texts.extend(other.as_str().map(Cow::into_owned)),
    }
}

fn value<'v>(found: &Found<'v>) -> EventValue<'v> {
    match found {
        Found::Scalar(Scalar::Null) => EventValue::Null,
        Found::Scalar(Scalar::Bool(value)) => EventValue::Bool(*value),
        Found::Scalar(Scalar::Integer(value)) => EventValue::Int(*value),
        Found::Scalar(Scalar::Float(value)) => EventValue::Float(*value),
        Found::Scalar(Scalar::Text(text)) => EventValue::Str(Cow::Borrowed(text)),
        Found::Tree(tree) => EventValue::from(*tree),
    }
}

fn text_of<'v>(found: &Found<'v>) -> EventValue<'v> {
    match found {
        Found::Tree(tree) => textual(tree),
        Found::Scalar(_) => value(found),
    }
}

/// A value with every object as a text: JSON without spaces. So a rule can look for a word in a request whose shape it does not know.
fn textual(tree: &Json) -> EventValue<'_> {
    match tree {
        Json::Object(_) => EventValue::Str(Cow::Owned(tree.to_string())),
        Json::Array(items) => EventValue::Array(items.iter().map(textual).collect()),
        other => EventValue::from(other),
    }
}

/// A value that outlives the library's own event.
fn owned(value: EventValue<'_>) -> EventValue<'static> {
    match value {
        EventValue::Str(text) => EventValue::Str(Cow::Owned(text.into_owned())),
        EventValue::Int(number) => EventValue::Int(number),
        EventValue::Float(number) => EventValue::Float(number),
        EventValue::Bool(value) => EventValue::Bool(value),
        EventValue::Null => EventValue::Null,
        EventValue::Array(items) => EventValue::Array(items.into_iter().map(owned).collect()),
        EventValue::Map(entries) => EventValue::Map(
            entries.into_iter().map(|(key, value)| (Cow::Owned(key.into_owned()), owned(value))).collect(),
        ),
    }
}

/// Whether a text, number or truth value anywhere in an event is as asked.
fn any_text(tree: &Json, asked: &dyn Fn(&str) -> bool) -> bool {
    match tree {
        Json::Null => false,
        Json::Bool(it) => asked(if *it { "true" } else { "false" }),
        Json::Number(it) => asked(&it.to_string()),
        Json::String(it) => asked(it),
        Json::Array(items) => items.iter().any(|it| any_text(it, asked)),
        Json::Object(entries) => entries.values().any(|it| any_text(it, asked)),
    }
}

impl SigmaEvent for Named<'_, '_> {
    fn get_field(&self, path: &str) -> Option<EventValue<'_>> {
        self.read(path, text_of)
    }

    fn any_string_value(&self, pred: &dyn Fn(&str) -> bool) -> bool {
        any_text(self.event.whole(), pred)
    }

    fn all_string_values(&self) -> Vec<Cow<'_, str>> {
        self.whole().all_string_values().into_iter().map(|it| Cow::Owned(it.into_owned())).collect()
    }

    fn to_json(&self) -> Json {
        self.event.whole().clone()
    }
}
