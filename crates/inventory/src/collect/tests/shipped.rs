//! The collectors that are shipped, against an AWS that answers every call with one of each thing.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use futures::future::BoxFuture;
use serde_json::{Value, json};
use yagura_aws::{Api, CallError, Credentials, Target};
use yagura_model::{Gap, Needs, Organization, Partition, Region};
use yagura_packs::Packs;

use super::fake::{account, unlisted};
use crate::collector::{Also, Asks, Collector, Condition, Gives, Parse};
use crate::input::Input;
use crate::path::Path;
use crate::template::{Lookup, Reference, Template};
use crate::{AnyOperation, Collectors, Plan, Quiet, ServiceFilter, Subject, collect};

const REGION: &str = "us-east-1";
/// What every text says, so that keys of one answer match those of another.
const TEXT: &str = "x";

#[derive(Default)]
struct OneOfEach {
    answers: BTreeMap<String, Value>,
    asked: Mutex<BTreeSet<String>>,
}

impl Api for OneOfEach {
    fn call<'a>(
        &'a self,
        _target: &'a Target,
        call: &'a str,
        _input: &'a Value,
    ) -> BoxFuture<'a, Result<Value, CallError>> {
        self.asked.lock().unwrap().insert(call.to_owned());
        let answer = self.answers.get(call).cloned().unwrap_or_else(|| json!({}));
        Box::pin(std::future::ready(Ok(answer)))
    }
}

/// Puts a value where a path leads, with one element in every list on the way; what is there already stays.
fn put(at: &mut Value, path: &str, leaf: &Value) {
    if path == "." || path.is_empty() {
        match (at, leaf) {
            (at @ Value::Null, leaf) => *at = leaf.clone(),
            (at @ Value::String(_), leaf @ (Value::Object(_) | Value::Array(_))) => *at = leaf.clone(),
            (Value::Object(fields), Value::Object(more)) => {
                for (field, value) in more {
                    put(fields.entry(field).or_insert(Value::Null), ".", value);
                }
            }
            (Value::Array(list), Value::Array(more)) => {
                for (known, value) in list.iter_mut().zip(more) {
                    put(known, ".", value);
                }
            }
            _ => {}
        }
        return;
    }
    let (step, rest) = path.split_once('.').unwrap_or((path, "."));
    if !at.is_object() {
        *at = json!({});
    }
    let list = step.strip_suffix("[]");
    let Value::Object(fields) = at else { return };
    let below = fields.entry(list.unwrap_or(step)).or_insert(Value::Null);
    if list.is_some() {
        if !below.is_array() {
            *below = json!([null]);
        }
        put(&mut below[0], rest, leaf);
    } else {
        put(below, rest, leaf);
    }
}

/// What a template becomes when every field says the same.
struct Same<'a>(&'a Collector);

impl Lookup for Same<'_> {
    fn look_up<'a>(&'a self, reference: &Reference) -> Result<Option<Cow<'a, Value>>, Gap> {
        let text = |it: &str| Ok(Some(Cow::Owned(json!(it))));
        match (reference, &self.0.arn) {
            (Reference::Account, _) => text(account().id.as_str()),
            (Reference::Region, _) => text(REGION),
            (Reference::Partition, _) => text("aws"),
            (Reference::Id, _) => text(&self.0.id.text(self)?.unwrap()),
            (Reference::Arn, Some(arn)) => text(&arn.text(self)?.unwrap()),
            _ => text(TEXT),
        }
    }
}

fn text_of(condition: &Condition) -> Value {
    match condition.any_of.as_deref() {
        Some([Input::Fixed(value), ..]) => value.clone(),
        Some([Input::Filled(_), ..]) => json!(account().id.as_str()),
        _ => json!(TEXT),
    }
}

/// The fields of an item that its collector, and the collectors below it, look at.
fn item(collector: &Collector, plan: &Plan) -> Value {
    let mut item = json!({});
    let given: BTreeSet<&String> = collector.also.iter().flat_map(|also| also.gives.fields()).collect();
    let mut set = |path: &Path, value: Value| {
        let is_given = path.top().is_some_and(|top| given.iter().any(|it| *it == top));
        if !is_given {
            put(&mut item, &path.to_string(), &value);
        }
    };
    if let Some(listing) = collector.listing() {
        listing.filter.iter().for_each(|it| set(&it.path, text_of(it)));
    }
    if let Some(own) = &collector.own_region {
        set(&own.path, json!(REGION));
    }
    for also in &collector.also {
        also.when.iter().for_each(|it| set(&it.path, text_of(it)));
        if let Asks::Each(path) = &also.asks {
            set(path, each_of(also));
        }
    }
    let named = [Some(&collector.id), collector.name.as_ref(), collector.arn.as_ref()];
    let own = named.into_iter().flatten().flat_map(Template::references);
    for reference in own.chain(collector.also.iter().flat_map(Also::references)) {
        match reference {
            Reference::Field(path) => set(path, json!(TEXT)),
            Reference::Arn if collector.arn.is_none() => set(&Path::parse("arn").unwrap(), json!(TEXT)),
            _ => {}
        }
    }
    for child in plan.steps.iter().filter(|it| it.collector.parent() == Some(&collector.resource)) {
        for reference in child_references(&child.collector) {
            if let Reference::Parent(path) = reference {
                set(path, json!(TEXT));
            }
        }
    }
    item
}

fn child_references(child: &Collector) -> Vec<&Reference> {
    let listing = child.listing().map(|it| it.call.input.references()).unwrap_or_default();
    listing.into_iter().chain(child.also.iter().flat_map(Also::references)).collect()
}

fn each_of(also: &Also) -> Value {
    let mut each = Value::Null;
    for reference in also.call.input.references() {
        if let Reference::Each(path) = reference {
            put(&mut each, &path.to_string(), &json!(TEXT));
        }
    }
    each
}

/// What an `also` finds: whatever others look for in the fields that it gives.
fn found(also: &Also, step: &crate::plan::Step, plan: &Plan) -> Value {
    let mut whole = json!({});
    let looked_for = looked_for(step, plan);
    let mut found = json!({});
    for (path, value) in &looked_for {
        put(&mut found, path, value);
    }
    let mut leaf = match &also.gives {
        Gives::Into(field) => found.get(field).cloned().unwrap_or_default(),
        Gives::Merge(fields) => {
            let pick = fields.iter().map(|it| (it.clone(), found.get(it).cloned().unwrap_or(json!(TEXT))));
            Value::Object(pick.collect())
        }
    };
    let same = |template: &Template| json!(template.text(&Same(&step.collector)).unwrap());
    let keys = also.pick.keys.iter().map(|(theirs, ours)| (theirs, same(ours)));
    let filter = also.pick.filter.iter().map(|it| (&it.path, text_of(it)));
    let batch = match &also.asks {
        Asks::Batch { theirs, key, .. } => Some((theirs, same(key))),
        _ => None,
    };
    for (path, value) in keys.chain(filter).chain(batch) {
        put(&mut leaf, &path.to_string(), &value);
    }
    if leaf.is_null() || also.parse == Some(Parse::Csv) {
        leaf = json!(TEXT);
    }
    let take = also.take.as_ref().map_or_else(|| ".".to_owned(), ToString::to_string);
    let many = also.take.as_ref().is_some_and(Path::is_many);
    let is_list =
        also.parse.is_none() && (!also.pick.keys.is_empty() || matches!(also.asks, Asks::Batch { .. }));
    let leaf = if is_list && !many { json!([leaf]) } else { leaf };
    put(&mut whole, &take, &leaf);
    whole
}

/// Every path that somebody looks at in a resource of this step.
fn looked_for(step: &crate::plan::Step, plan: &Plan) -> Vec<(String, Value)> {
    let collector = &step.collector;
    let mut all = Vec::new();
    for also in &collector.also {
        all.extend(also.when.iter().map(|it| (it.path.to_string(), text_of(it))));
        if let Asks::Each(path) = &also.asks {
            let list = path.to_string();
            let list = if list.ends_with("[]") { list } else { format!("{list}[]") };
            all.push((list, each_of(also)));
        }
    }
    let named = [collector.name.as_ref(), collector.arn.as_ref()];
    let own = named.into_iter().flatten().flat_map(Template::references);
    for reference in own.chain(collector.also.iter().flat_map(Also::references)) {
        if let Reference::Field(path) = reference {
            all.push((path.to_string(), json!(TEXT)));
        }
    }
    for child in plan.steps.iter().filter(|it| it.collector.parent() == Some(&collector.resource)) {
        for reference in child_references(&child.collector) {
            if let Reference::Parent(path) = reference {
                all.push((path.to_string(), json!(TEXT)));
            }
        }
    }
    all
}

fn one_of_each(plan: &Plan) -> OneOfEach {
    let mut fake = OneOfEach::default();
    for step in &plan.steps {
        let collector = &step.collector;
        if let Some(listing) = collector.listing() {
            let item = if listing.wrap.is_some() { json!(TEXT) } else { item(collector, plan) };
            let path = listing.items.as_ref().map_or_else(|| ".".to_owned(), ToString::to_string);
            let name = plan.calls.get(listing.call.id).name.to_string();
            put(fake.answers.entry(name).or_insert_with(|| json!({})), &path, &item);
        }
        for also in &collector.also {
            let name = plan.calls.get(also.call.id).name.to_string();
            put(fake.answers.entry(name).or_insert_with(|| json!({})), ".", &found(also, step, plan));
        }
    }
    fake
}

/// Calls that an item of this kind does not get: one of another kind would, or one that does not tell its region.
fn not_for_this_one(plan: &Plan) -> BTreeSet<String> {
    let mut calls = BTreeSet::new();
    for step in &plan.steps {
        let collector = &step.collector;
        let locate = collector.own_region.as_ref().and_then(|it| it.locate.as_ref());
        calls.extend(locate.map(|it| plan.calls.get(it.call.id).name.to_string()));
        let mut kinds: BTreeMap<&Path, Value> = BTreeMap::new();
        for also in &collector.also {
            for condition in also.when.iter().filter(|it| it.any_of.is_some()) {
                let value = text_of(condition);
                if *kinds.entry(&condition.path).or_insert_with(|| value.clone()) != value {
                    calls.insert(plan.calls.get(also.call.id).name.to_string());
                }
            }
        }
    }
    calls
}

#[tokio::test]
async fn every_collector_makes_its_calls_and_finds_its_resources() {
    let (collectors, diagnostics) = Collectors::load(&Packs::embedded(), &AnyOperation);
    assert_eq!(diagnostics, []);
    let plan = collectors.plan(&Needs::Everything, &ServiceFilter::default());
    let fake = one_of_each(&plan);
    let mut account = account();
    account.management = true;
    let organization = Organization::of_one(account.clone(), Partition::Aws);
    let target = Target {
        account: account.id.clone(),
        region: Region::from(REGION),
        credentials: Credentials::anonymous(),
    };
    let regions = [Region::from(REGION)];
    let subject =
        Subject { account: &account, organization: &organization, regions: &regions, target: &target };
    let inventory = collect(&fake, &plan, &subject, &Quiet).await;

    let asked = fake.asked.into_inner().unwrap();
    let other = not_for_this_one(&plan);
    let never: Vec<_> =
        plan.calls().into_iter().filter(|it| !asked.contains(*it) && !other.contains(*it)).collect();
    assert!(never.is_empty(), "never asked: {never:?}");
    let found: BTreeSet<_> = inventory.resources.iter().map(|it| it.key.resource_type.clone()).collect();
    let lost: Vec<_> = inventory.types.iter().filter(|it| !found.contains(*it)).collect();
    assert!(lost.is_empty(), "never found: {lost:?}");
    assert_eq!(unlisted(&inventory), [""; 0]);
    let unread: Vec<_> = inventory
        .resources
        .iter()
        .filter(|it| !it.unread.is_empty())
        .map(|it| format!("{}: {:?}", it.key.resource_type, it.unread.keys().collect::<Vec<_>>()))
        .collect();
    assert_eq!(unread, [""; 0]);
    assert!(inventory.types.len() >= 80, "{} types", inventory.types.len());
}
