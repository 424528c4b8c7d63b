//! A complete item into a resource: its ARN, name, tags and relationships.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use yagura_model::{Relationship, Resource, ResourceKey};
use yagura_secrets::redact_json;

use super::draft::{Draft, Env};
use super::{Place, Reader};
use crate::collector::Source;
use crate::path::scalar_text;
use crate::plan::TAG_FIELDS;
use crate::template::Template;

impl Reader<'_> {
    pub(super) fn build(&self, place: &Place, env: Env<'_>, draft: Draft) -> Resource {
        let collector = env.collector;
        let env = env.of(&draft);
        let tags = match collector.source {
            Source::Account => self.subject.account.tags.clone(),
            Source::Regions | Source::Listing(_) => tags(&env, &draft.item),
        };
        let text = |template: &Option<Template>| {
            let text = template.as_ref().and_then(|it| it.text(&env).ok().flatten());
            text.unwrap_or_default()
        };
        let (arn, name) = match collector.source {
            Source::Account => (self.account_arn(), self.subject.account.name.clone()),
            Source::Regions => (self.account_arn(), String::new()),
            Source::Listing(_) => (text(&collector.arn), text(&collector.name)),
        };
        let name = match (&collector.name, tags.get("Name")) {
            (None, Some(tag)) => tag.clone(),
            _ => name,
        };
        let relationships = relationships(&env);
        let key = ResourceKey {
            account: self.subject.account.id.clone(),
            region: place.filed.clone(),
            resource_type: collector.resource.clone(),
            id: draft.id,
        };
        let mut configuration = match draft.item {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        // Before anything is kept or told: nobody needs the secret itself to put it right.
        for field in &collector.redact {
            if let Some(value) = configuration.get_mut(field) {
                redact_json(field, value);
            }
        }
        // AWS tells fields in whatever order; the same state is to give the same bytes.
        configuration.values_mut().for_each(Value::sort_all_objects);
        configuration.sort_keys();
        Resource { key, arn, name, tags, configuration, relationships, unread: draft.unread }
    }

    fn account_arn(&self) -> String {
        format!("arn:{}:iam::{}:root", self.subject.organization.partition, self.subject.account.id)
    }
}

fn relationships(env: &Env<'_>) -> Vec<Relationship> {
    let mut relationships = Vec::new();
    if let Some(parent) = env.parent {
        relationships.push(Relationship { to: parent.key.resource_type.clone(), id: parent.key.id.clone() });
    }
    for (to, id) in &env.collector.relationships {
        // Where the field was not read the resource says so itself.
        let Ok(Some(found)) = id.value(env) else { continue };
        let mut add = |value: &Value| {
            if let Some(id) = scalar_text(value).filter(|it| !it.is_empty()) {
                relationships.push(Relationship { to: to.clone(), id: id.into_owned() });
            }
        };
        match &*found {
            Value::Array(list) => list.iter().for_each(add),
            one => add(one),
        }
    }
    relationships.sort();
    relationships.dedup();
    relationships
}

fn tags(env: &Env<'_>, item: &Value) -> BTreeMap<String, String> {
    match &env.collector.tags {
        Some(path) => path.find(item).map(|it| read_tags(&it)).unwrap_or_default(),
        None => {
            let found = TAG_FIELDS.iter().filter_map(|field| item.get(*field)).map(read_tags);
            found.into_iter().find(|tags| !tags.is_empty()).unwrap_or_default()
        }
    }
}

/// Tags as AWS's services write them: a map, or a list of keys and values under one of four spellings.
fn read_tags(value: &Value) -> BTreeMap<String, String> {
    const SPELLINGS: [(&str, &str); 4] =
        [("Key", "Value"), ("key", "value"), ("TagKey", "TagValue"), ("tagKey", "tagValue")];
    let text = |value: &Value| scalar_text(value).map(std::borrow::Cow::into_owned);
    match value {
        Value::Object(tags) => {
            tags.iter().filter_map(|(key, value)| Some((key.clone(), text(value)?))).collect()
        }
        Value::Array(list) => list
            .iter()
            .filter_map(|tag| {
                let (key, value) = SPELLINGS.iter().find(|(key, _)| tag.get(*key).is_some())?;
                Some((text(tag.get(*key)?)?, tag.get(*value).and_then(text).unwrap_or_default()))
            })
            .collect(),
        _ => BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tags_are_read_in_every_spelling() {
        let expected = BTreeMap::from([("a".to_owned(), "1".to_owned()), ("b".to_owned(), String::new())]);
        for written in [
            json!([{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}]),
            json!([{"key": "a", "value": "1"}, {"key": "b"}]),
            json!([{"TagKey": "a", "TagValue": "1"}, {"TagKey": "b", "TagValue": ""}]),
            json!({"a": "1", "b": ""}),
        ] {
            assert_eq!(read_tags(&written), expected, "{written}");
        }
        assert_eq!(read_tags(&json!(["latest"])), BTreeMap::new());
    }
}
