//! What the conditions of rules look at, so that nothing else has to be read.
//!
//! Too much is safe here, too little is not: a field that is not asked for looks like one that AWS left out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use yagura_model::{Needs, ResourceType, WantedFields};

use crate::condition::{Fold, Kind, Node, Operator, Variable};
use crate::functions::ASKING_FOR_NETWORKS;
use crate::rule::{Compiled, Rule};
use crate::surroundings::NETWORKS;

/// Where collectors put tags.
pub(crate) const TAG_FIELDS: [&str; 5] = ["Tags", "TagSet", "TagList", "tags", "tagSet"];

/// The types that conditions name in `account()`, `region()` and `related()`.
pub(crate) fn types_named(compiled: &Compiled) -> Vec<ResourceType> {
    let mut found = Found::default();
    found.all(compiled);
    found.types.into_iter().map(ResourceType::new).collect()
}

/// Adds what one rule needs. `by_tag`: an exception asks for the tags of what it judges.
pub(crate) fn add(rule: &Rule, by_tag: bool, needs: &mut Needs) {
    if rule.guard().is_some() {
        // What a policy looks at is known by its own names only.
        needs.add(rule.resource().clone(), WantedFields::All);
        return;
    }
    let Ok(compiled) = rule.compiled() else { return };
    let mut found = Found::default();
    found.all(compiled);
    if found.any_type {
        *needs = Needs::Everything;
        return;
    }
    let mut fields: BTreeSet<String> = found.fields.iter().map(|it| (*it).to_owned()).collect();
    let tags = || TAG_FIELDS.iter().map(|it| (*it).to_owned());
    if found.tags {
        fields.extend(tags());
    }
    for resource_type in NETWORKS.into_iter().filter(|_| found.networks) {
        needs.add(ResourceType::from(resource_type), WantedFields::Some(BTreeSet::new()));
    }
    for resource_type in found.types {
        let wanted =
            if found.whole_neighbours { WantedFields::All } else { WantedFields::Some(fields.clone()) };
        needs.add(ResourceType::from(resource_type), wanted);
    }
    if by_tag {
        fields.extend(tags());
    }
    let wanted = if found.whole_resource { WantedFields::All } else { WantedFields::Some(fields) };
    needs.add(rule.resource().clone(), wanted);
}

/// Nothing yet.
pub(crate) fn nothing() -> Needs {
    Needs::Types(BTreeMap::new())
}

#[derive(Default)]
struct Found<'n> {
    types: BTreeSet<&'n str>,
    /// A type is only known when the condition is evaluated.
    any_type: bool,
    fields: BTreeSet<&'n str>,
    tags: bool,
    /// Which networks are ours.
    networks: bool,
    whole_resource: bool,
    whole_neighbours: bool,
    /// For each variable of the macros around: whether it may be a resource.
    locals: Vec<bool>,
}

impl<'n> Found<'n> {
    fn all(&mut self, compiled: &'n Compiled) {
        for (_, node) in compiled.labelled() {
            self.node(node);
        }
    }

    fn node(&mut self, node: &'n Node) {
        match &node.kind {
            Kind::Select { of, field } | Kind::Has { of, field } | Kind::OptionalSelect { of, field } => {
                self.fields.insert(field);
                self.part(of);
            }
            Kind::Index { of, index, .. } => match text(index) {
                Some(field) => {
                    self.fields.insert(field);
                    self.part(of);
                }
                None => {
                    self.whole_neighbours |= is_neighbours(of);
                    self.every_part(node);
                }
            },
            Kind::Binary(Operator::In, two) if text(&two[0]).is_some() => {
                self.fields.extend(text(&two[0]));
                self.part(&two[1]);
            }
            Kind::Binary(Operator::Equal | Operator::NotEqual | Operator::In, two) => {
                self.whole_neighbours |= two.iter().any(is_neighbours);
                self.every_part(node);
            }
            Kind::Variable(Variable::Resource) => self.whole_resource = true,
            Kind::Variable(Variable::Tags) => self.tags = true,
            Kind::Local { slot, .. } => {
                self.whole_neighbours |= self.locals.get(*slot).copied().unwrap_or_default();
            }
            Kind::Macro(it) => {
                self.node(&it.over);
                self.locals.truncate(it.slot);
                self.locals.push(is_neighbours(&it.over));
                for part in it.condition.iter().chain(&it.transform) {
                    self.node(part);
                }
                self.locals.truncate(it.slot);
            }
            Kind::Call(function, arguments) => match (function.name, arguments.as_slice()) {
                ("account" | "region" | "related", [of, place @ ..]) => {
                    match text(of) {
                        Some(name) => {
                            self.types.insert(name);
                        }
                        None => self.any_type = true,
                    }
                    place.iter().for_each(|it| self.node(it));
                }
                ("meta", [of]) => self.part(of),
                ("tags", [of]) => {
                    self.tags = true;
                    self.part(of);
                }
                (name, _) => {
                    self.networks |= ASKING_FOR_NETWORKS.contains(&name);
                    self.every_part(node);
                }
            },
            _ => self.every_part(node),
        }
    }

    fn every_part(&mut self, node: &'n Node) {
        for part in node.parts() {
            self.node(part);
        }
    }

    /// A part of which only one field is looked at: a resource there is not needed as a whole.
    fn part(&mut self, of: &'n Node) {
        match &of.kind {
            Kind::Variable(Variable::Resource) | Kind::Local { .. } => {}
            Kind::Index { of, index, .. } if text(index).is_none() => {
                self.node(of);
                self.node(index);
            }
            _ => self.node(of),
        }
    }
}

fn text(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::Constant(Json::String(text)) => Some(text),
        _ => None,
    }
}

/// Whether a list may hold resources of the account.
fn is_neighbours(list: &Node) -> bool {
    match &list.kind {
        Kind::Call(function, arguments) => {
            matches!(function.name, "account" | "region" | "related") || arguments.iter().any(is_neighbours)
        }
        Kind::Macro(it) if it.fold == Fold::Filter => is_neighbours(&it.over),
        // What `map` makes of a resource may be the resource.
        Kind::Macro(it) if it.fold == Fold::Map => {
            is_neighbours(&it.over)
                && it.transform.as_ref().is_some_and(|it| matches!(it.kind, Kind::Local { .. } | Kind::If(_)))
                || it.transform.as_ref().is_some_and(is_neighbours)
        }
        Kind::Macro(_) | Kind::Select { .. } | Kind::Has { .. } => false,
        _ => list.parts().into_iter().any(is_neighbours),
    }
}
