//! Entries of a collector file: a resource type, or more fields for one.

use yagura_model::{Place, Region, ResourceType};

use super::also::{has_key, read_all};
use super::value::Reading;
use crate::collector::{Also, Collector, Listing, Locate, OwnRegion, Scope, Source};
use crate::node::{Fields, Node, NodeValue, wrong_kind};
use crate::template::{Reference, Template};

/// What one entry says, with the places that later checks need.
pub(super) enum Entry {
    Resource { collector: Box<Collector>, place: Place, parent_place: Option<Place> },
    Extends { resource: ResourceType, place: Place, also: Vec<Also> },
}

/// Reads one entry; `None` when it has a mistake that leaves nothing to run.
pub(super) fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Entry> {
    let mut fields = Fields::of(node, "an entry", &mut reading.problems)?;
    let before = reading.problems.found.len();
    let entry = if has_key(node, "extends") {
        extends(&mut fields, reading)
    } else {
        resource(node, &mut fields, reading)
    };
    fields.finish(&mut reading.problems);
    entry.filter(|_| reading.problems.found.len() == before)
}

fn extends(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Option<Entry> {
    let named = reading.resource_type(fields, "extends");
    let management = reading.management(fields);
    let mut also = read_all(fields, reading);
    for also in &mut also {
        also.management |= management;
    }
    let (resource, place) = named?;
    Some(Entry::Extends { resource, place, also })
}

fn resource(node: &Node, fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Option<Entry> {
    let named = reading.resource_type(fields, "resource");
    for key in ["resource", "call", "id"] {
        if !has_key(node, key) {
            fields.missing(key, &mut reading.problems);
        }
    }
    let parent = reading.resource_type(fields, "for_each");
    let listing = listing(fields, parent.as_ref().map(|(parent, _)| parent), reading);
    // Where `{id}` and `{arn}` are being defined, they can only mean the item's own fields.
    let id = reading.template(fields, "id").map(|it| it.with_own_field(&Reference::Id, "id"));
    let id = id.map(|it| it.with_own_field(&Reference::Arn, "arn"));
    let arn = reading.template(fields, "arn").map(|it| it.with_own_field(&Reference::Arn, "arn"));
    let own_region = own_region(fields, reading);
    let management = reading.management(fields);
    let name = reading.template(fields, "name");
    let tags = reading.path(fields, "tags");
    let json = reading.paths(fields, "json");
    let redact = reading.texts(fields, "redact").unwrap_or_default();
    let redact = redact.into_iter().map(|(field, _)| field.to_owned()).collect();
    let relationships = relationships(fields, reading);
    let also = read_all(fields, reading);
    let (resource, place) = named?;
    if own_region.is_some() && parent.is_some() {
        let message = "`region` and `for_each` exclude each other: resources are filed where their parent is";
        reading.error(place, "collector/conflict", message, "");
    }
    let source = Source::Listing(listing?);
    let id = id?;
    let collector = Collector {
        resource,
        source,
        own_region,
        management,
        id,
        name,
        arn,
        tags,
        json,
        redact,
        relationships,
        also,
    };
    Some(Entry::Resource {
        collector: Box::new(collector),
        place,
        parent_place: parent.map(|(_, place)| place),
    })
}

fn listing(
    fields: &mut Fields<'_>,
    parent: Option<&ResourceType>,
    reading: &mut Reading<'_>,
) -> Option<Listing> {
    let call = reading.call(fields, "call");
    let absent = reading.codes(fields, "absent");
    let scope = scope(fields, parent, reading);
    let items = reading.path(fields, "items");
    let wrap = reading.text(fields, "as").map(|(text, _)| text.to_owned());
    let filter = fields.take("where").map(|node| reading.conditions(node, "where")).unwrap_or_default();
    let omit = reading.paths(fields, "omit");
    let call = call?;
    reading.calls.add_absent(call.id, absent);
    reading.check_input(&call, None, fields.place());
    if let Some(items) = &items {
        reading.check_answer(&call, &items.to_string(), fields.place());
    }
    for reference in call.input.references() {
        let known = match reference {
            Reference::Account | Reference::Region | Reference::Partition => true,
            Reference::Parent(_) => parent.is_some(),
            Reference::Id | Reference::Arn | Reference::Each(_) | Reference::Field(_) => false,
        };
        if !known {
            let message = "the input of a listing names a field, but there is no item yet";
            let help =
                "`{account}`, `{region}`, `{partition}` and, with `for_each`, `{parent.Field}` are known";
            reading.error(fields.place(), "collector/template-syntax", message, help);
            break;
        }
    }
    Some(Listing { call, scope: scope?, items, wrap, filter, omit })
}

fn scope(fields: &mut Fields<'_>, parent: Option<&ResourceType>, reading: &mut Reading<'_>) -> Option<Scope> {
    let written = reading.text(fields, "scope");
    let at = reading.text(fields, "at");
    if let (Some((_, place)), None | Some(("regional", _))) = (at, written) {
        reading.error(place, "collector/conflict", "`at` goes with `scope: global`", "");
        return None;
    }
    if let (Some(parent), Some((_, place))) = (parent, written) {
        let message =
            format!("`scope` and `for_each` exclude each other: each `{parent}` is asked where it is");
        reading.error(place, "collector/conflict", message, "");
        return None;
    }
    match (written, parent) {
        (None, Some(parent)) => Some(Scope::Parent(parent.clone())),
        (None | Some(("regional", _)), _) => Some(Scope::Regional),
        (Some(("global", _)), _) => Some(Scope::Global(at.map(|(region, _)| Region::from(region)))),
        (Some((other, place)), _) => {
            let message = format!("`scope` cannot be `{other}`");
            reading.error(place, "collector/unknown-word", message, "`regional` and `global` are known");
            None
        }
    }
}

fn own_region(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Option<OwnRegion> {
    let locate = fields.take("locate").and_then(|node| locate(node, reading));
    let path = reading.path(fields, "region");
    if locate.is_some() && path.is_none() {
        fields.missing("region", &mut reading.problems);
    }
    Some(OwnRegion { path: path?, locate })
}

fn locate(node: &Node, reading: &mut Reading<'_>) -> Option<Locate> {
    let mut fields = Fields::of(node, "`locate`", &mut reading.problems)?;
    let call = reading.call(&mut fields, "call");
    if !has_key(node, "call") {
        fields.missing("call", &mut reading.problems);
    }
    let take = reading.path(&mut fields, "take");
    let rename = reading.regions(&mut fields, "rename");
    let place = fields.place();
    fields.finish(&mut reading.problems);
    let call = call?;
    reading.check_input(&call, None, place);
    if let Some(take) = &take {
        reading.check_answer(&call, &take.to_string(), place);
    }
    Some(Locate { call, take, rename })
}

fn relationships(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Vec<(ResourceType, Template)> {
    let Some(node) = fields.take("relationships") else { return Vec::new() };
    let NodeValue::List(entries) = &node.value else {
        wrong_kind(node, "relationships", "a list", &mut reading.problems);
        return Vec::new();
    };
    let mut relationships = Vec::new();
    for entry in entries {
        let Some(mut fields) = Fields::of(entry, "a relationship", &mut reading.problems) else { continue };
        let to = reading.resource_type(&mut fields, "to");
        let id = reading.template(&mut fields, "id");
        for key in ["to", "id"] {
            if !has_key(entry, key) {
                fields.missing(key, &mut reading.problems);
            }
        }
        fields.finish(&mut reading.problems);
        relationships.extend(to.map(|(to, _)| to).zip(id));
    }
    relationships
}
