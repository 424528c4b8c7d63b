//! Collector files into [`Collectors`], with every mistake told where it stands.
//!
//! A mistake takes out the entry that it is in and nothing else; whoever loads decides whether to go on.

mod also;
mod entry;
mod operations;
mod shape;
#[cfg(test)]
mod tests;
mod value;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use operations::{AnyOperation, Known, Operations};
use yagura_model::{Diagnostic, Place, ResourceType};
use yagura_packs::{PackFile, Packs};

use crate::collector::{Also, CallNames, Collector, Source};
use crate::node::{Node, NodeValue, Problems, distance, wrong_kind};
use crate::template::{Reference, Template};
use entry::Entry;
use value::Reading;

/// Every collector, ready to be [planned](Collectors::plan).
#[derive(Debug, Clone)]
pub struct Collectors {
    /// Several where a type has several lists.
    pub(crate) by_type: BTreeMap<ResourceType, Vec<Arc<Collector>>>,
    pub(crate) calls: Arc<CallNames>,
}

/// A collector and where it stands; the built-in ones stand nowhere.
type Found = (Collector, Option<(String, Place)>);

/// What stands in some file and can only be judged when all files are read.
struct Gathered {
    by_type: BTreeMap<ResourceType, Vec<Found>>,
    parents: Vec<(String, Place, ResourceType)>,
    extensions: Vec<(String, Place, ResourceType, Vec<Also>)>,
}

impl Collectors {
    /// Reads every file of `collectors/`.
    #[must_use]
    pub fn load(packs: &Packs, operations: &dyn Operations) -> (Self, Vec<Diagnostic>) {
        let mut calls = CallNames::default();
        let mut diagnostics = Vec::new();
        let mut gathered = Gathered {
            by_type: built_in().into_iter().map(|it| (it.resource.clone(), vec![(it, None)])).collect(),
            parents: Vec::new(),
            extensions: Vec::new(),
        };
        for file in packs.below("collectors", "yaml") {
            match yagura_packs::parse::<Node>(file) {
                Ok(node) => {
                    let problems = Problems::new(&file.shown);
                    let mut reading = Reading { problems, calls: &mut calls, operations };
                    gathered.read_file(file, &node, &mut reading);
                    diagnostics.append(&mut reading.problems.found);
                }
                Err(diagnostic) => diagnostics.push(diagnostic),
            }
        }
        gathered.join(&mut diagnostics);
        let unknown = shape::check_items(&gathered, &calls, operations);
        diagnostics.extend(unknown.into_iter().flat_map(shape::Problem::diagnostic));
        for (collector, _) in gathered.by_type.values_mut().flatten() {
            collector.link();
        }
        diagnostics.sort();
        let share = |all: Vec<Found>| all.into_iter().map(|(it, _)| Arc::new(it)).collect();
        let by_type = gathered.by_type.into_iter().map(|(name, all)| (name, share(all))).collect();
        (Self { by_type, calls: Arc::new(calls) }, diagnostics)
    }

    /// The types that can be collected, in alphabetical order.
    pub fn types(&self) -> impl Iterator<Item = &ResourceType> {
        self.by_type.keys()
    }
}

impl Gathered {
    fn read_file(&mut self, file: &PackFile, node: &Node, reading: &mut Reading<'_>) {
        let entries = match &node.value {
            NodeValue::List(entries) => entries,
            _ => return wrong_kind(node, &file.path, "a list of entries", &mut reading.problems),
        };
        for node in entries {
            match entry::read(node, reading) {
                Some(Entry::Resource { collector, place, parent_place }) => {
                    if let (Some(place), Some(parent)) = (parent_place, collector.parent()) {
                        self.parents.push((file.shown.clone(), place, parent.clone()));
                    }
                    self.add(file, *collector, place, reading);
                }
                Some(Entry::Extends { resource, place, also }) => {
                    self.extensions.push((file.shown.clone(), place, resource, also));
                }
                None => {}
            }
        }
    }

    /// One file may list a type in several ways; two files that do so do not know of each other.
    fn add(&mut self, file: &PackFile, collector: Collector, place: Place, reading: &mut Reading<'_>) {
        let resource = collector.resource.clone();
        let known = self.by_type.entry(resource.clone()).or_default();
        let help = match known.first() {
            None => None,
            Some((_, None)) => {
                Some(format!("it exists without a call; add to it with `extends: {resource}`"))
            }
            Some((_, Some((first, at)))) => {
                let same = *first != file.shown || known.iter().any(|(it, _)| it.lists_like(&collector));
                same.then(|| format!("by {first}:{}:{}", at.line, at.column))
            }
        };
        if let Some(help) = help {
            let message = format!("`{resource}` is collected already");
            return reading.error(place, "collector/duplicate-type", message, &help);
        }
        known.push((collector, Some((file.shown.clone(), place))));
    }

    /// Puts extensions where they belong, and drops what has no parent.
    fn join(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        for (file, place, resource, also) in std::mem::take(&mut self.extensions) {
            match self.by_type.get_mut(&resource) {
                Some(all) => all.iter_mut().for_each(|(it, _)| it.also.extend(also.clone())),
                None => diagnostics.push(self.unknown(&file, place, &resource)),
            }
        }
        for (file, place, parent) in std::mem::take(&mut self.parents) {
            if !self.by_type.contains_key(&parent) {
                diagnostics.push(self.unknown(&file, place, &parent));
            } else if self.chain(&parent) == Chain::Endless {
                let mut problems = Problems::new(&file);
                let message = format!("`{parent}` is, through others, its own parent");
                problems.error(place, "collector/cycle", message, None);
                diagnostics.append(&mut problems.found);
            }
        }
        let rootless = self.by_type.keys().filter(|it| self.chain(it) != Chain::Rooted);
        for resource in rootless.cloned().collect::<Vec<_>>() {
            self.by_type.remove(&resource);
        }
    }

    fn unknown(&self, file: &str, place: Place, resource: &ResourceType) -> Diagnostic {
        let near = self
            .by_type
            .keys()
            .filter_map(|it| Some((distance(it.as_str(), resource.as_str())?, it)))
            .min()
            .map(|(_, near)| format!("did you mean `{near}`?"));
        let mut problems = Problems::new(file);
        problems.error(place, "collector/unknown-type", format!("no collector reads `{resource}`"), near);
        problems.found.remove(0)
    }

    /// Where the parents of a type end.
    fn chain(&self, start: &ResourceType) -> Chain {
        let mut at: Vec<&ResourceType> = vec![start];
        for _ in 0..=self.by_type.len() {
            let mut next = Vec::new();
            for resource in at {
                match self.by_type.get(resource) {
                    None => return Chain::Broken,
                    Some(all) => next.extend(all.iter().filter_map(|(it, _)| it.parent())),
                }
            }
            if next.is_empty() {
                return Chain::Rooted;
            }
            next.sort();
            next.dedup();
            at = next;
        }
        Chain::Endless
    }
}

/// Where the parents of a type end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chain {
    /// At types without a parent.
    Rooted,
    /// At a type that nobody reads.
    Broken,
    /// Nowhere.
    Endless,
}

/// The types that exist without a call.
fn built_in() -> [Collector; 2] {
    let bare = |resource: &str, source, id| Collector {
        resource: ResourceType::from(resource),
        source,
        own_region: None,
        management: false,
        id: Template::Whole(id),
        name: None,
        arn: None,
        tags: None,
        json: Vec::new(),
        redact: Vec::new(),
        relationships: Vec::new(),
        also: Vec::new(),
    };
    [
        bare(ResourceType::ACCOUNT, Source::Account, Reference::Account),
        bare(ResourceType::REGION, Source::Regions, Reference::Region),
    ]
}
