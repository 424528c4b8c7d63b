//! `also` entries: further calls for the fields of an item.

use std::collections::BTreeSet;

use yagura_model::Place;

use super::value::Reading;
use crate::collector::{Also, Asks, Call, Condition, Gives, Parse, Pick};
use crate::input::Input;
use crate::node::{Fields, Node, NodeValue, wrong_kind};
use crate::template::{Reference, Template};

/// Reads the list under `also`; entries with mistakes are left out.
pub(super) fn read_all(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Vec<Also> {
    let Some(node) = fields.take("also") else { return Vec::new() };
    let NodeValue::List(entries) = &node.value else {
        wrong_kind(node, "also", "a list", &mut reading.problems);
        return Vec::new();
    };
    entries.iter().filter_map(|entry| read(entry, reading)).collect()
}

fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Also> {
    let mut fields = Fields::of(node, "an `also` entry", &mut reading.problems)?;
    let call = reading.call(&mut fields, "call");
    if call.is_none() && !has_key(node, "call") {
        fields.missing("call", &mut reading.problems);
    }
    let absent = reading.codes(&mut fields, "absent");
    let first = first(&mut fields, reading);
    let also = Also {
        asks: asks(&mut fields, reading),
        take: reading.path(&mut fields, "take"),
        parse: parse(&mut fields, reading),
        omit: reading.paths(&mut fields, "omit"),
        pick: pick(&mut fields, reading),
        gives: gives(&mut fields, reading)?,
        empty: fields.take("empty").map(Node::to_json),
        when: when(&mut fields, reading),
        first,
        again: reading.codes(&mut fields, "again"),
        management: reading.management(&mut fields),
        reads: BTreeSet::new(),
        call: call?,
    };
    let place = fields.place();
    fields.finish(&mut reading.problems);
    reading.calls.add_absent(also.call.id, absent);
    check(&also, place, reading);
    reading.check_also(&also, place);
    Some(also)
}

/// Whether a key stands there at all, right or wrong.
pub(super) fn has_key(node: &Node, name: &str) -> bool {
    matches!(&node.value, NodeValue::Map(fields) if fields.iter().any(|(key, _)| key.text == name))
}

fn first(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Option<Call> {
    let (name, place) = reading.text(fields, "first")?;
    Some(Call { id: reading.call_name(name, place)?, input: Input::object(Vec::new()) })
}

fn asks(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Asks {
    let each = reading.path(fields, "for");
    let batch = fields.take("batch").and_then(|node| batch(node, reading));
    let once = match reading.text(fields, "scope") {
        None => false,
        Some(("account", _)) => true,
        Some((other, place)) => {
            let message = format!("`scope` of an `also` cannot be `{other}`");
            reading.error(place, "collector/unknown-word", message, "only `account` is known here");
            false
        }
    };
    if usize::from(each.is_some()) + usize::from(batch.is_some()) + usize::from(once) > 1 {
        let message = "`for`, `batch` and `scope: account` exclude each other";
        reading.error(fields.place(), "collector/conflict", message, "");
    }
    match (each, batch, once) {
        (Some(path), ..) => Asks::Each(path),
        (None, Some(batch), _) => batch,
        (None, None, true) => Asks::Once,
        (None, None, false) => Asks::Item,
    }
}

fn batch(node: &Node, reading: &mut Reading<'_>) -> Option<Asks> {
    let mut fields = Fields::of(node, "`batch`", &mut reading.problems)?;
    let input = reading.text(&mut fields, "input");
    let size = reading.count(&mut fields, "size");
    let theirs = reading.path(&mut fields, "match");
    let key = reading.template(&mut fields, "key").unwrap_or(Template::Whole(Reference::Id));
    for (there, name) in [(input.is_some(), "input"), (size.is_some(), "size"), (theirs.is_some(), "match")] {
        if !there {
            fields.missing(name, &mut reading.problems);
        }
    }
    fields.finish(&mut reading.problems);
    Some(Asks::Batch { input: input?.0.to_owned(), size: size?, key, theirs: theirs? })
}

fn parse(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Option<Parse> {
    match reading.text(fields, "parse")? {
        ("json", _) => Some(Parse::Json),
        ("csv", _) => Some(Parse::Csv),
        (other, place) => {
            let message = format!("`parse` cannot be `{other}`");
            reading.error(place, "collector/unknown-word", message, "`json` and `csv` are known");
            None
        }
    }
}

fn pick(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Pick {
    let filter = fields.take("where").map(|node| reading.conditions(node, "where")).unwrap_or_default();
    let mut keys = Vec::new();
    if let Some(node) = fields.take("match") {
        if let NodeValue::Map(pairs) = &node.value {
            for (theirs, ours) in pairs {
                let path = reading.path_at(&theirs.text, theirs.place);
                match (path, ours.text()) {
                    (_, None) => wrong_kind(ours, &theirs.text, "a path or template", &mut reading.problems),
                    (path, Some(text)) => {
                        let template = reading.template_at(text, ours.place);
                        keys.extend(path.zip(template));
                    }
                }
            }
        } else {
            wrong_kind(node, "match", "a map of their paths to ours", &mut reading.problems);
        }
    }
    Pick { filter, keys, many: reading.flag(fields, "many") }
}

fn gives(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Option<Gives> {
    let into = reading.text(fields, "into");
    let merge = reading.texts(fields, "merge");
    match (into, merge) {
        (Some((field, place)), None) => {
            plain_field(field, place, reading);
            Some(Gives::Into(field.to_owned()))
        }
        (None, Some(names)) if !names.is_empty() => {
            for (field, place) in &names {
                plain_field(field, *place, reading);
            }
            Some(Gives::Merge(names.into_iter().map(|(field, _)| field.to_owned()).collect()))
        }
        (Some(_), Some(_)) => {
            let message = "`into` and `merge` exclude each other";
            reading.error(fields.place(), "collector/conflict", message, "");
            None
        }
        (None, _) => {
            fields.missing("into` or `merge", &mut reading.problems);
            None
        }
    }
}

fn plain_field(field: &str, place: Place, reading: &mut Reading<'_>) {
    if field.is_empty() || field.contains(['.', '[', '{']) {
        let message = format!("`{field}` is not the name of one field");
        reading.error(
            place,
            "collector/path-syntax",
            message,
            "answers go into top-level fields of the item",
        );
    }
}

fn when(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Vec<Condition> {
    let Some(node) = fields.take("when") else { return Vec::new() };
    match node.text() {
        Some(text) => {
            let path = reading.path_at(text, node.place);
            path.into_iter().map(|path| Condition { path, any_of: None }).collect()
        }
        None => reading.conditions(node, "when"),
    }
}

/// What cannot go together.
fn check(also: &Also, place: Place, reading: &mut Reading<'_>) {
    let mut conflict = |broken: bool, message: &str| {
        if broken {
            reading.error(place, "collector/conflict", message, "");
        }
    };
    let merges = matches!(also.gives, Gives::Merge(_));
    let picks = !also.pick.keys.is_empty() || !also.pick.filter.is_empty();
    conflict(merges && matches!(also.asks, Asks::Each(_)), "`for` gives a list, which cannot be merged");
    conflict(merges && also.pick.many, "`many` gives a list, which cannot be merged");
    conflict(also.pick.many && !picks, "`many` needs `match` or `where`");
    conflict(picks && matches!(also.asks, Asks::Batch { .. }), "`batch` has its own `match`");
    let item_only = also
        .call
        .input
        .references()
        .iter()
        .any(|it| matches!(it, Reference::Field(_) | Reference::Id | Reference::Arn));
    conflict(
        item_only && matches!(also.asks, Asks::Once | Asks::Batch { .. }),
        "the input of a call that is made once for many items cannot name fields of one item",
    );
    let each = also.call.input.references().iter().any(|it| matches!(it, Reference::Each(_)));
    conflict(each && !matches!(also.asks, Asks::Each(_)), "`{each}` needs `for`");
}
