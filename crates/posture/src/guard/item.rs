//! A resource as AWS Config hands it to a custom policy rule: a configuration item.
//!
//! Source: AWS Config API Reference, "ConfigurationItem".

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};
use yagura_model::Resource;

/// What a configuration item holds at its top.
pub(super) const TOP: [&str; 16] = [
    "ARN",
    "accountId",
    "arn",
    "availabilityZone",
    "awsAccountId",
    "awsRegion",
    "configuration",
    "configurationItemStatus",
    "relatedEvents",
    "relationships",
    "resourceCreationTime",
    "resourceId",
    "resourceName",
    "resourceType",
    "supplementaryConfiguration",
    "tags",
];

/// The configuration item of a resource, with field names as the policy spells them where only capitals differ:
/// AWS Config writes `tableStatus` and `sSEDescription` for what the API calls `TableStatus` and `SSEDescription`.
pub(super) fn of(resource: &Resource, keys: &BTreeSet<String>) -> Json {
    let spelling = Spelling::of(keys);
    let configuration = spelling.object(&resource.configuration);
    let key = &resource.key;
    let relationships: Vec<Json> = resource
        .relationships
        .iter()
        .map(|it| json!({ "resourceType": it.to.as_str(), "resourceId": it.id }))
        .collect();
    json!({
        "ARN": resource.arn,
        "accountId": key.account.as_str(),
        "arn": resource.arn,
        "awsAccountId": key.account.as_str(),
        "awsRegion": key.region.as_str(),
        "configuration": configuration,
        "configurationItemStatus": "OK",
        "relationships": relationships,
        "resourceId": key.id,
        "resourceName": resource.name,
        "resourceType": key.resource_type.as_str(),
        // One call or several make no difference here, as they do in AWS Config.
        "supplementaryConfiguration": configuration,
        "tags": resource.tags,
    })
}

/// How the policy spells the names of fields, by their small letters.
struct Spelling<'k>(Vec<(String, &'k str)>);

impl<'k> Spelling<'k> {
    fn of(keys: &'k BTreeSet<String>) -> Self {
        let mut all: Vec<_> = keys.iter().map(|key| (key.to_ascii_lowercase(), key.as_str())).collect();
        all.sort();
        // Of two spellings of one name neither is better: the API's stays.
        let doubled = |n: usize, all: &[(String, &str)]| {
            let same = |other: Option<&(String, &str)>| other.is_some_and(|it| it.0 == all[n].0);
            same(n.checked_sub(1).and_then(|before| all.get(before))) || same(all.get(n + 1))
        };
        let single = (0..all.len()).filter(|n| !doubled(*n, &all)).map(|n| all[n].clone()).collect();
        Self(single)
    }

    fn name(&self, name: &str) -> String {
        let small = name.to_ascii_lowercase();
        match self.0.binary_search_by(|(known, _)| known.as_str().cmp(&small)) {
            Ok(found) => self.0[found].1.to_owned(),
            Err(_) => name.to_owned(),
        }
    }

    fn object(&self, object: &Map<String, Json>) -> Json {
        Json::Object(object.iter().map(|(name, value)| (self.name(name), self.value(value))).collect())
    }

    fn value(&self, value: &Json) -> Json {
        match value {
            Json::Object(object) => self.object(object),
            Json::Array(items) => Json::Array(items.iter().map(|item| self.value(item)).collect()),
            other => other.clone(),
        }
    }
}
