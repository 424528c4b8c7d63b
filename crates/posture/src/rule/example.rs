//! A rule's own tests: one case each, as a small inventory.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};
use yagura_model::{
    Account, AccountId, Coverage, Gap, Inventory, Organization, Outcome, Partition, Place, ReadStatus,
    Region, Relationship, Resource, ResourceKey, ResourceType, Timestamp, Unlisted,
};

use super::Rule;
use super::file::{ExampleFile, OrgFile};

const ACCOUNT: &str = "111122223333";
const REGION: &str = "ap-northeast-1";
const NOW: &str = "2026-01-01T00:00:00Z";

/// One case and the answer that is expected.
#[derive(Debug, Clone)]
pub(crate) struct Example {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) params: Map<String, Json>,
    pub(crate) judged: ResourceKey,
    pub(crate) inventory: Inventory,
    pub(crate) organization: Organization,
    pub(crate) now: Timestamp,
    pub(crate) expect: Outcome,
}

impl Example {
    /// `None` when the expected answer is no outcome, which is told elsewhere.
    pub(super) fn of(file: ExampleFile, place: Place, rule: &Rule) -> Option<Self> {
        let expect = file.expect.value.parse().ok()?;
        let account = Account::bare(file.account.clone().or_else(|| AccountId::new(ACCOUNT).ok())?);
        let region = file.region.clone().unwrap_or_else(|| usual_region(rule.resource()));
        let judged = judged(&file, rule.resource(), &account.id, &region);
        let mut types = BTreeSet::from([rule.resource().clone()]);
        let mut resources = Vec::new();
        // Left out, a neighbour lives where the judged resource does; `account_has` is about another region as well.
        for (place, neighbours) in [
            (Side::Account, &file.account_has),
            (Side::Region, &file.region_has),
            (Side::Related, &file.related_has),
        ] {
            for (resource_type, given) in neighbours {
                types.insert(resource_type.clone());
                for (n, configuration) in given.iter().enumerate() {
                    resources.push(neighbour(place, &judged, resource_type, n + 1, configuration));
                }
            }
        }
        let unlisted = file.unlisted.iter().map(|resource_type| unlisted(resource_type, &region)).collect();
        types.extend(file.unlisted.iter().cloned());
        types.extend(named_types(rule));
        let key = judged.key.clone();
        resources.push(judged);
        resources.sort_by(|a, b| a.key.cmp(&b.key));
        resources.dedup_by(|a, b| a.key == b.key);
        Some(Self {
            name: file.name.unwrap_or_else(|| format!("line {}", place.line)),
            place,
            params: file.params,
            judged: key,
            organization: organization(&account, file.org.as_ref()),
            inventory: Inventory {
                account,
                regions: vec![region],
                types,
                resources,
                unlisted,
                coverage: Coverage::default(),
                links: None,
            },
            now: file.now.or_else(|| NOW.parse().ok())?,
            expect,
        })
    }
}

/// The types that the rule asks for by name: in an example, what is not given is not there.
fn named_types(rule: &Rule) -> impl Iterator<Item = ResourceType> {
    rule.compiled().into_iter().flat_map(crate::needs::types_named)
}

/// The account is filed without a region.
fn usual_region(resource_type: &ResourceType) -> Region {
    if resource_type.as_str() == ResourceType::ACCOUNT { Region::global() } else { Region::from(REGION) }
}

/// The resource that the example is about.
fn judged(
    file: &ExampleFile,
    resource_type: &ResourceType,
    account: &AccountId,
    region: &Region,
) -> Resource {
    let id = file.id.clone().unwrap_or_else(|| match resource_type.as_str() {
        ResourceType::ACCOUNT => account.to_string(),
        ResourceType::REGION => region.to_string(),
        _ => format!("{}-1", short_name(resource_type)),
    });
    let key = ResourceKey {
        account: account.clone(),
        region: region.clone(),
        resource_type: resource_type.clone(),
        id,
    };
    let (configuration, mut hidden) = split(&file.given);
    hidden.unread.extend(file.unread.iter().cloned());
    Resource {
        arn: file.arn.clone().unwrap_or_else(|| arn(&key)),
        name: file.resource_name.clone().unwrap_or_default(),
        tags: file.tags.clone(),
        configuration: configuration.into_iter().filter(|(key, _)| !hidden.unread.contains(key)).collect(),
        relationships: Vec::new(),
        unread: gaps(&hidden.unread, region),
        key,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Account,
    Region,
    Related,
}

/// Another resource that the example gives.
fn neighbour(
    side: Side,
    judged: &Resource,
    resource_type: &ResourceType,
    number: usize,
    given: &Map<String, Json>,
) -> Resource {
    let (configuration, hidden) = split(given);
    let region = hidden.region.map_or_else(|| judged.key.region.clone(), Region::new);
    // The two sides may give the same type: their ids must not meet.
    let letter = match side {
        Side::Account => "a",
        Side::Region => "r",
        Side::Related => "n",
    };
    let key = ResourceKey {
        account: judged.key.account.clone(),
        id: hidden.id.unwrap_or_else(|| format!("{}-{letter}{number}", short_name(resource_type))),
        resource_type: resource_type.clone(),
        region,
    };
    let relationships = if side == Side::Related {
        vec![Relationship { to: judged.key.resource_type.clone(), id: judged.key.id.clone() }]
    } else {
        Vec::new()
    };
    Resource {
        arn: hidden.arn.unwrap_or_else(|| arn(&key)),
        name: String::new(),
        tags: hidden.tags,
        configuration,
        relationships,
        unread: gaps(&hidden.unread, &key.region),
        key,
    }
}

/// What stands beside a configuration in an example, under names with `_` before them.
#[derive(Default)]
struct Hidden {
    id: Option<String>,
    arn: Option<String>,
    region: Option<String>,
    tags: BTreeMap<String, String>,
    unread: BTreeSet<String>,
}

fn split(given: &Map<String, Json>) -> (Map<String, Json>, Hidden) {
    let mut configuration = given.clone();
    let mut take = |name: &str| configuration.remove(name);
    let text = |json: Json| json.as_str().map(str::to_owned);
    let hidden = Hidden {
        id: take("_id").and_then(text),
        arn: take("_arn").and_then(text),
        region: take("_region").and_then(text),
        tags: take("_tags").and_then(|tags| serde_json::from_value(tags).ok()).unwrap_or_default(),
        unread: take("_unread").and_then(|unread| serde_json::from_value(unread).ok()).unwrap_or_default(),
    };
    configuration.retain(|key, _| !hidden.unread.contains(key));
    (configuration, hidden)
}

/// `instance` of `AWS::EC2::Instance`.
fn short_name(resource_type: &ResourceType) -> String {
    resource_type.as_str().rsplit("::").next().unwrap_or_default().to_lowercase()
}

fn arn(key: &ResourceKey) -> String {
    let service = key.resource_type.service().to_lowercase();
    let region = if key.region.is_global() { "" } else { key.region.as_str() };
    format!("arn:aws:{service}:{region}:{}:{}/{}", key.account, short_name(&key.resource_type), key.id)
}

fn gaps(unread: &BTreeSet<String>, region: &Region) -> BTreeMap<String, Gap> {
    unread.iter().map(|field| (field.clone(), denied(&format!("example.Get{field}"), region))).collect()
}

fn unlisted(resource_type: &ResourceType, region: &Region) -> Unlisted {
    Unlisted {
        resource_type: resource_type.clone(),
        region: region.clone(),
        gap: denied(&format!("example.List{}", short_name(resource_type)), region),
    }
}

fn denied(call: &str, region: &Region) -> Gap {
    let permission = call.replace('.', ":");
    Gap { call: call.to_owned(), region: region.clone(), status: ReadStatus::Denied { permission } }
}

fn organization(account: &Account, org: Option<&OrgFile>) -> Organization {
    let mut organization = Organization::of_one(account.clone(), Partition::Aws);
    if let Some(org) = org {
        organization.id.clone_from(&org.id);
        organization.management_account.clone_from(&org.management_account);
        let known = org.accounts.iter().chain(&org.management_account);
        organization.accounts.extend(known.map(|id| (id.clone(), Account::bare(id.clone()))));
    }
    organization
}
