//! A resource while it is being read, and what templates see of it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;
use yagura_model::{Account, Gap, Partition, Region, Resource};

use crate::collector::{Collector, Condition, Gives};
use crate::input::Input;
use crate::path::same;
use crate::template::{Lookup, Reference};

/// A resource that is not complete yet.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) id: String,
    /// An object.
    pub(super) item: Value,
    pub(super) unread: BTreeMap<String, Gap>,
}

/// What one further call told about one item.
#[derive(Debug, Clone)]
pub(super) enum Got {
    Value(Value),
    /// There is none: a fact.
    Missing,
    Unread(Gap),
}

impl Draft {
    /// Stores what an `also` told. The value of `empty` stands for what is missing.
    pub(super) fn apply(&mut self, gives: &Gives, empty: Option<&Value>, got: Got) {
        let got = match (got, empty) {
            (Got::Missing, Some(empty)) => Got::Value(empty.clone()),
            (got, _) => got,
        };
        match (gives, got) {
            (_, Got::Missing) => {}
            (Gives::Into(field), Got::Value(value)) => self.set(field, value),
            (Gives::Merge(fields), Got::Value(mut value)) => {
                for field in fields {
                    if let Some(value) = value.get_mut(field).map(Value::take).filter(|it| !it.is_null()) {
                        self.set(field, value);
                    }
                }
            }
            (gives, Got::Unread(gap)) => {
                for field in gives.fields() {
                    self.lose(field, gap.clone());
                }
            }
        }
    }

    /// Marks a field as unread.
    pub(super) fn lose(&mut self, field: &str, gap: Gap) {
        if let Value::Object(item) = &mut self.item {
            item.remove(field);
        }
        self.unread.insert(field.to_owned(), gap);
    }

    fn set(&mut self, field: &str, value: Value) {
        if let Value::Object(item) = &mut self.item {
            item.insert(field.to_owned(), value);
        }
        self.unread.remove(field);
    }
}

/// What a template can name.
#[derive(Clone, Copy)]
pub(super) struct Env<'a> {
    pub(super) account: &'a Account,
    pub(super) partition: Partition,
    pub(super) region: &'a Region,
    pub(super) collector: &'a Collector,
    pub(super) parent: Option<&'a Resource>,
    pub(super) item: Option<&'a Value>,
    pub(super) draft: Option<&'a Draft>,
    pub(super) each: Option<&'a Value>,
}

impl<'a> Env<'a> {
    /// The same about one item.
    pub(super) fn of(self, draft: &'a Draft) -> Self {
        Self { item: Some(&draft.item), draft: Some(draft), ..self }
    }

    /// The same about an item that has no id yet.
    pub(super) fn of_item(self, item: &'a Value) -> Self {
        Self { item: Some(item), ..self }
    }

    /// The gap at a field of the item, if it has one.
    pub(super) fn gap(&self, field: Option<&str>) -> Option<&'a Gap> {
        self.draft?.unread.get(field?)
    }

    /// Whether all conditions on the item hold.
    pub(super) fn holds(&self, conditions: &[Condition]) -> Result<bool, Gap> {
        for condition in conditions {
            if let Some(gap) = self.gap(condition.path.top()) {
                return Err(gap.clone());
            }
            if !self.item.map_or(Ok(false), |item| self.holds_for(condition, item))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether one condition holds for a value that need not be the item.
    pub(super) fn holds_for(&self, condition: &Condition, value: &Value) -> Result<bool, Gap> {
        let Some(any_of) = &condition.any_of else {
            return Ok(condition.path.find(value).is_some_and(|it| !is_empty(&it)));
        };
        for wanted in any_of {
            let wanted = match wanted {
                Input::Fixed(value) => Cow::Borrowed(value),
                filled => {
                    let filled = filled.fill(self)?;
                    if !filled.complete {
                        continue;
                    }
                    filled.value
                }
            };
            let mut found = false;
            condition.path.each(value, &mut |it| found |= same(it, &wanted));
            if found {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

impl Lookup for Env<'_> {
    fn look_up<'a>(&'a self, reference: &Reference) -> Result<Option<Cow<'a, Value>>, Gap> {
        let text = |it: &str| Some(Cow::Owned(Value::from(it)));
        Ok(match reference {
            Reference::Account => text(self.account.id.as_str()),
            Reference::Region => text(self.region.as_str()),
            Reference::Partition => text(self.partition.as_str()),
            Reference::Id => self.draft.and_then(|draft| text(&draft.id)),
            Reference::Arn => match &self.collector.arn {
                Some(arn) => arn.text(self)?.map(|it| Cow::Owned(Value::from(it))),
                None => match self.gap(Some("arn")) {
                    Some(gap) => return Err(gap.clone()),
                    None => self.item.and_then(|item| item.get("arn")).map(Cow::Borrowed),
                },
            },
            Reference::Each(path) => self.each.and_then(|each| path.find(each)),
            Reference::Field(path) => {
                if let Some(gap) = self.gap(path.top()) {
                    return Err(gap.clone());
                }
                self.item.and_then(|item| path.find(item))
            }
            Reference::Parent(path) => {
                let Some(parent) = self.parent else { return Ok(None) };
                if let Some(gap) = path.top().and_then(|field| parent.unread.get(field)) {
                    return Err(gap.clone());
                }
                let found = path.find_in(&parent.configuration);
                found.or_else(|| match path.top() {
                    Some("id") => text(&parent.key.id),
                    Some("arn") if !parent.arn.is_empty() => text(&parent.arn),
                    Some("name") if !parent.name.is_empty() => text(&parent.name),
                    _ => None,
                })
            }
        })
    }
}
