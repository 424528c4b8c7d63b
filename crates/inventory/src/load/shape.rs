//! Checks collectors against what is known of AWS's operations: parameters, and the fields of answers.
//!
//! A path that leads nowhere would not fail when it is run: it would quietly find nothing.

use std::collections::BTreeMap;

use yagura_model::{Place, ResourceType};

use super::Gathered;
use super::operations::Operations;
use super::value::Reading;
use crate::collector::{Also, Asks, Call, CallNames, Collector, Gives};
use crate::input::Input;
use crate::node::{Problems, distance};
use crate::path::Path;
use crate::template::{Reference, Template};

/// A path below another one, as text.
fn below(outer: Option<&Path>, inner: &str) -> String {
    match outer.map(ToString::to_string) {
        None => inner.to_owned(),
        Some(outer) if outer == "." => inner.to_owned(),
        Some(outer) if inner == "." => outer,
        Some(outer) => format!("{outer}.{inner}"),
    }
}

impl Reading<'_> {
    /// The parameters of a call; `more` is one that is filled in later.
    pub(super) fn check_input(&mut self, call: &Call, more: Option<&str>, place: Place) {
        let name = self.calls.get(call.id).name.clone();
        let Some(known) = self.operations.parameters(&name) else { return };
        let given: Vec<&str> = match &call.input {
            Input::Object(fields) => fields.iter().map(|(key, _)| key.as_str()).collect(),
            Input::Fixed(value) => {
                value.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect()
            }
            Input::Filled(_) | Input::List(_) => Vec::new(),
        };
        let given: Vec<&str> = given.into_iter().chain(more).collect();
        for key in &given {
            if !known.iter().any(|(it, _)| it == key) {
                let near = known.iter().filter_map(|(it, _)| Some((distance(it, key)?, it))).min();
                let help = match near {
                    Some((_, near)) => format!("did you mean `{near}`?"),
                    None => {
                        let names: Vec<_> = known.iter().map(|(it, _)| it.as_str()).collect();
                        format!("these are known: {}", names.join(", "))
                    }
                };
                let message = format!("`{name}` has no parameter `{key}`");
                self.error(place, "collector/unknown-parameter", message, &help);
            }
        }
        for (key, _) in known.iter().filter(|(key, required)| *required && !given.contains(&key.as_str())) {
            let message = format!("`{name}` needs the parameter `{key}`");
            self.error(place, "collector/missing-parameter", message, "");
        }
    }

    /// A path into the answer of a call.
    pub(super) fn check_answer(&mut self, call: &Call, path: &str, place: Place) {
        let name = self.calls.get(call.id).name.clone();
        if path != "." && !self.operations.answers_with(&name, path) {
            let message = format!("the answer of `{name}` has no `{path}`");
            self.error(place, "collector/unknown-field", message, "");
        }
    }

    /// Everything in an `also` that speaks of the answer.
    pub(super) fn check_also(&mut self, also: &Also, place: Place) {
        let batch = match &also.asks {
            Asks::Batch { input, theirs, .. } => Some((input.as_str(), theirs)),
            _ => None,
        };
        self.check_input(&also.call, batch.map(|(input, _)| input), place);
        if let Some(first) = &also.first {
            self.check_input(first, None, place);
        }
        let take = also.take.as_ref();
        if let Some(take) = take {
            self.check_answer(&also.call, &take.to_string(), place);
        }
        if also.parse.is_some() {
            return;
        }
        let merged = match &also.gives {
            Gives::Merge(fields) => fields.as_slice(),
            Gives::Into(_) => &[],
        };
        let theirs = batch.map(|(_, theirs)| theirs).into_iter();
        let picked = also.pick.keys.iter().map(|(theirs, _)| theirs);
        let filtered = also.pick.filter.iter().map(|it| &it.path);
        let paths = theirs.chain(picked).chain(filtered).chain(&also.omit).map(ToString::to_string);
        for path in merged.iter().cloned().chain(paths).collect::<Vec<_>>() {
            self.check_answer(&also.call, &below(take, &path), place);
        }
    }
}

/// What items of a type can have.
struct Shape<'a> {
    collector: &'a Collector,
    calls: &'a CallNames,
    operations: &'a dyn Operations,
}

impl Shape<'_> {
    fn has(&self, path: &Path) -> bool {
        let Some(top) = path.top() else { return true };
        if self.collector.also.iter().any(|also| also.gives.fields().iter().any(|it| it == top)) {
            return true;
        }
        let Some(listing) = self.collector.listing() else { return true };
        if let Some(wrap) = &listing.wrap {
            return wrap == top;
        }
        // Behind a document in a text anything can stand.
        let path = self.collector.json.iter().find(|json| path.is_below(json)).unwrap_or(path);
        let name = &self.calls.get(listing.call.id).name;
        self.operations.answers_with(name, &below(listing.items.as_ref(), &path.to_string()))
    }
}

/// Checks every path into an item, once all fields are known.
pub(super) fn check_items(
    gathered: &Gathered,
    calls: &CallNames,
    operations: &dyn Operations,
) -> Vec<Problem> {
    let mut found = Vec::new();
    for (resource, all) in &gathered.by_type {
        for (collector, origin) in all {
            let shape = Shape { collector, calls, operations };
            let Some((file, place)) = origin else { continue };
            let mut tell =
                |message: String| found.push(Problem { file: file.clone(), place: *place, message });
            for path in item_paths(collector) {
                if !shape.has(&path) {
                    tell(format!("`{resource}` has no `{path}`: neither its list nor an `also` gives it"));
                }
            }
            let Some(parent) = collector.parent() else { continue };
            for path in parent_paths(collector) {
                if !parent_has(&gathered.by_type, parent, &path, calls, operations) {
                    tell(format!("its parent `{parent}` has no `{path}`"));
                }
            }
        }
    }
    found
}

/// A path that leads nowhere.
pub(super) struct Problem {
    file: String,
    place: Place,
    message: String,
}

impl Problem {
    pub(super) fn diagnostic(self) -> Vec<yagura_model::Diagnostic> {
        let mut problems = Problems::new(&self.file);
        problems.error(self.place, "collector/unknown-field", self.message, None);
        problems.found
    }
}

fn parent_has(
    by_type: &BTreeMap<ResourceType, Vec<super::Found>>,
    parent: &ResourceType,
    path: &Path,
    calls: &CallNames,
    operations: &dyn Operations,
) -> bool {
    let own = ["id", "arn", "name"].contains(&path.to_string().as_str());
    let parents = by_type.get(parent).into_iter().flatten();
    own || parents.into_iter().any(|(collector, _)| Shape { collector, calls, operations }.has(path))
}

fn references(collector: &Collector) -> Vec<&Reference> {
    let named = [&collector.name, &collector.arn].into_iter().flatten().chain([&collector.id]);
    let related = collector.relationships.iter().map(|(_, id)| id);
    let mut all: Vec<_> = named.chain(related).flat_map(Template::references).collect();
    all.extend(collector.listing().into_iter().flat_map(|it| it.call.input.references()));
    all.extend(collector.also.iter().flat_map(Also::references));
    all
}

/// Every path into the item.
fn item_paths(collector: &Collector) -> Vec<Path> {
    let fields = references(collector).into_iter().filter_map(|it| match it {
        Reference::Field(path) => Some(path),
        _ => None,
    });
    let listing = collector.listing();
    let filter = listing.into_iter().flat_map(|it| &it.filter).map(|it| &it.path);
    let omit = listing.into_iter().flat_map(|it| &it.omit);
    let own = collector.own_region.as_ref().map(|it| &it.path);
    let conditions = collector.also.iter().flat_map(|also| &also.when).map(|it| &it.path);
    let each = collector.also.iter().filter_map(|also| match &also.asks {
        Asks::Each(path) => Some(path),
        _ => None,
    });
    let more = filter.chain(omit).chain(own).chain(conditions).chain(each);
    let mut paths: Vec<_> =
        fields.chain(more).chain(&collector.tags).chain(&collector.json).cloned().collect();
    paths.sort();
    paths.dedup();
    paths
}

fn parent_paths(collector: &Collector) -> Vec<Path> {
    let parent = |it: &Reference| match it {
        Reference::Parent(path) => Some(path.clone()),
        _ => None,
    };
    let mut paths: Vec<_> = references(collector).into_iter().filter_map(parent).collect();
    paths.sort();
    paths.dedup();
    paths
}
