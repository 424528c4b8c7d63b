//! Small inventories for tests.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use yagura_model::{
    Account, AccountId, Coverage, Gap, Inventory, Organization, Partition, ReadStatus, Region, Resource,
    ResourceKey, ResourceType, Timestamp,
};

pub(crate) fn account() -> Account {
    Account::bare(AccountId::new("111122223333").unwrap())
}

pub(crate) fn resource(resource_type: &str, id: &str, configuration: Json) -> (Account, Resource) {
    let account = account();
    let Json::Object(configuration) = configuration else { panic!("a configuration is an object") };
    let resource = Resource {
        key: ResourceKey {
            account: account.id.clone(),
            region: Region::from("eu-west-1"),
            resource_type: ResourceType::from(resource_type),
            id: id.to_owned(),
        },
        arn: format!("arn:aws:ec2:eu-west-1:111122223333:thing/{id}"),
        name: String::new(),
        tags: BTreeMap::new(),
        configuration,
        relationships: Vec::new(),
        unread: BTreeMap::new(),
    };
    (account, resource)
}

pub(crate) fn inventory(resources: Vec<Resource>) -> Inventory {
    let types: BTreeSet<_> = resources.iter().map(|it| it.key.resource_type.clone()).collect();
    let mut resources = resources;
    resources.sort_by(|a, b| a.key.cmp(&b.key));
    Inventory {
        account: account(),
        regions: vec![Region::from("eu-west-1")],
        types,
        resources,
        unlisted: Vec::new(),
        coverage: Coverage::default(),
        links: None,
    }
}

pub(crate) fn organization() -> Organization {
    Organization::of_one(account(), Partition::Aws)
}

pub(crate) fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

pub(crate) fn gap(call: &str) -> Gap {
    let status = ReadStatus::Denied { permission: call.replace('.', ":") };
    Gap { call: call.to_owned(), region: Region::from("eu-west-1"), status }
}
