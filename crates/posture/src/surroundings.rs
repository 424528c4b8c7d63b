//! What a condition sees around the resource it judges: the account's other resources, the organisation, the time.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap};

use serde_json::{Value as Json, json};
use yagura_model::{Gap, Inventory, Organization, Region, Resource, ResourceType, Timestamp};

use crate::condition::{Fault, List, Value};

/// The fields of `org`.
pub(crate) const ORG: [&str; 3] = ["id", "management_account", "accounts"];

/// The types that tell which networks are ours.
pub(crate) const NETWORKS: [&str; 2] = ["AWS::EC2::VPC", "AWS::EC2::VPCEndpoint"];

/// One account while it is judged. Lists are made when they are asked for, and once.
pub(crate) struct Surroundings<'a> {
    pub(crate) inventory: &'a Inventory,
    pub(crate) organization: &'a Organization,
    pub(crate) org: Json,
    pub(crate) now: Timestamp,
    by_type: HashMap<&'a str, Vec<&'a Resource>>,
    account_lists: RefCell<HashMap<Box<str>, Value<'a>>>,
    region_lists: RefCell<HashMap<(Box<str>, &'a Region), Value<'a>>>,
    names: OnceCell<Names<'a>>,
    networks: OnceCell<BTreeSet<String>>,
}

/// Who is called what, and who names whom.
struct Names<'a> {
    /// Resources by type and id, and by type and ARN.
    called: HashMap<(&'a str, &'a str), Vec<&'a Resource>>,
    /// Resources that name a type and an id or ARN.
    naming: HashMap<(&'a str, &'a str), Vec<&'a Resource>>,
}

impl<'a> Surroundings<'a> {
    pub(crate) fn new(inventory: &'a Inventory, organization: &'a Organization, now: Timestamp) -> Self {
        let mut by_type: HashMap<&str, Vec<&Resource>> = HashMap::new();
        for group in inventory.resources.chunk_by(|a, b| a.key.resource_type == b.key.resource_type) {
            by_type.entry(group[0].key.resource_type.as_str()).or_default().extend(group);
        }
        let accounts: Vec<&str> = organization.accounts.keys().map(|id| id.as_str()).collect();
        Self {
            inventory,
            organization,
            org: json!({
                "id": organization.id,
                "management_account": organization.management_account,
                "accounts": accounts,
            }),
            now,
            by_type,
            account_lists: RefCell::default(),
            region_lists: RefCell::default(),
            names: OnceCell::new(),
            networks: OnceCell::new(),
        }
    }

    /// The resources of a type, in the inventory's order.
    pub(crate) fn of_type(&self, resource_type: &str) -> &[&'a Resource] {
        self.by_type.get(resource_type).map_or(&[], Vec::as_slice)
    }

    /// The ids of the account's own networks, as far as they were collected.
    pub(crate) fn networks(&self) -> &BTreeSet<String> {
        self.networks.get_or_init(|| {
            NETWORKS.iter().flat_map(|it| self.of_type(it)).map(|resource| resource.key.id.clone()).collect()
        })
    }

    /// Whether a type was looked for at all. The account and its regions always are.
    pub(crate) fn was_asked_for(&self, resource_type: &str) -> bool {
        resource_type == ResourceType::ACCOUNT
            || resource_type == ResourceType::REGION
            || self.inventory.types.contains(resource_type)
    }

    /// Why resources of a type may be missing, in the regions that `concerns` picks.
    fn gaps(&self, resource_type: &str, concerns: impl Fn(&Region) -> bool) -> BTreeSet<&'a Gap> {
        self.inventory
            .unlisted
            .iter()
            .filter(|it| it.resource_type.as_str() == resource_type && concerns(&it.region))
            .map(|it| &it.gap)
            .collect()
    }

    /// Why it is not known whether `resource` names one of a type: fields that were not read and may have named it.
    fn unread_names(&self, resource: &'a Resource, to: &str) -> impl Iterator<Item = &'a Gap> {
        let links = self.inventory.links.as_deref();
        let from = &resource.key.resource_type;
        let hides = move |field: &str| links.is_none_or(|links| links.may_name(from, field, to));
        resource.unread.iter().filter(move |(field, _)| hides(field)).map(|(_, gap)| gap)
    }

    fn asked_for(&self, resource_type: &str) -> Result<(), Fault<'a>> {
        if self.was_asked_for(resource_type) {
            return Ok(());
        }
        Err(Fault::Undecidable(format!("resources of type {resource_type} were not collected").into()))
    }

    /// `account(type)`.
    pub(crate) fn account(&self, resource_type: &str) -> Result<Value<'a>, Fault<'a>> {
        if let Some(known) = self.account_lists.borrow().get(resource_type) {
            return Ok(known.clone());
        }
        self.asked_for(resource_type)?;
        let list = list(self.of_type(resource_type).iter().copied(), self.gaps(resource_type, |_| true));
        self.account_lists.borrow_mut().insert(resource_type.into(), list.clone());
        Ok(list)
    }

    /// `region(type)`: the resources of the same region.
    pub(crate) fn region(&self, resource_type: &str, region: &'a Region) -> Result<Value<'a>, Fault<'a>> {
        let key = (Box::from(resource_type), region);
        if let Some(known) = self.region_lists.borrow().get(&key) {
            return Ok(known.clone());
        }
        self.asked_for(resource_type)?;
        let here = self.of_type(resource_type).iter().copied().filter(|it| it.key.region == *region);
        let list = list(here, self.gaps(resource_type, |it| it == region || it.is_global()));
        self.region_lists.borrow_mut().insert(key, list.clone());
        Ok(list)
    }

    /// `region(type, name)`: the resources of that region.
    pub(crate) fn region_named(&self, resource_type: &str, name: &str) -> Result<Value<'a>, Fault<'a>> {
        if let Some(region) = self.inventory.regions.iter().find(|it| it.as_str() == name) {
            return self.region(resource_type, region);
        }
        // Left out of the scan, which the gaps say, or switched off, where nothing is.
        self.asked_for(resource_type)?;
        let here = self.of_type(resource_type).iter().copied().filter(|it| it.key.region.as_str() == name);
        Ok(list(here, self.gaps(resource_type, |it| it.as_str() == name || it.is_global())))
    }

    /// `related(type)`: the resources of the account that `resource` names, and those of its own region, or without
    /// one, that name it.
    pub(crate) fn related(
        &self,
        resource: &'a Resource,
        resource_type: &str,
    ) -> Result<Value<'a>, Fault<'a>> {
        self.asked_for(resource_type)?;
        let names = self.names.get_or_init(|| Names::of(&self.inventory.resources));
        let mut found: Vec<&'a Resource> = Vec::new();
        let mut gaps = self.gaps(resource_type, |region| near(region, &resource.key.region));
        gaps.extend(self.unread_names(resource, resource_type));
        let judged = resource.key.resource_type.as_str();
        let others = self.of_type(resource_type).iter();
        gaps.extend(
            others
                .filter(|it| near(&it.key.region, &resource.key.region))
                .flat_map(|it| self.unread_names(it, judged)),
        );
        for relationship in resource.relationships.iter().filter(|it| it.to.as_str() == resource_type) {
            match names.called.get(&(resource_type, relationship.id.as_str())) {
                Some(called) => found.extend(nearest(called, &resource.key.region)),
                // It may be in any region whose list is missing.
                None => gaps.extend(self.gaps(resource_type, |_| true)),
            }
        }
        for name in [resource.key.id.as_str(), resource.arn.as_str()].into_iter().filter(|it| !it.is_empty())
        {
            let naming = names.naming.get(&(resource.key.resource_type.as_str(), name));
            found.extend(naming.into_iter().flatten().copied().filter(|it| {
                it.key.resource_type.as_str() == resource_type && near(&it.key.region, &resource.key.region)
            }));
        }
        found.sort_by_key(|it| &it.key);
        found.dedup_by_key(|it| &it.key);
        Ok(list(found.into_iter(), gaps))
    }
}

/// Whether two regions are the same, or one of them is none.
fn near(a: &Region, b: &Region) -> bool {
    a == b || a.is_global() || b.is_global()
}

/// Those of the region, if there are any; an id means something in its own region first.
fn nearest<'a>(called: &[&'a Resource], region: &Region) -> Vec<&'a Resource> {
    let here: Vec<_> = called.iter().copied().filter(|it| it.key.region == *region).collect();
    if here.is_empty() { called.to_vec() } else { here }
}

fn list<'a>(resources: impl Iterator<Item = &'a Resource>, gaps: BTreeSet<&'a Gap>) -> Value<'a> {
    let lacking = (!gaps.is_empty()).then(|| Fault::unread(gaps));
    List { items: resources.map(Value::Resource).collect(), lacking }.into()
}

impl<'a> Names<'a> {
    fn of(resources: &'a [Resource]) -> Self {
        let mut called: HashMap<_, Vec<_>> = HashMap::new();
        let mut naming: HashMap<_, Vec<_>> = HashMap::new();
        for resource in resources {
            let resource_type = resource.key.resource_type.as_str();
            called.entry((resource_type, resource.key.id.as_str())).or_default().push(resource);
            if !resource.arn.is_empty() && resource.arn != resource.key.id {
                called.entry((resource_type, resource.arn.as_str())).or_default().push(resource);
            }
            for relationship in &resource.relationships {
                naming
                    .entry((relationship.to.as_str(), relationship.id.as_str()))
                    .or_default()
                    .push(resource);
            }
        }
        Self { called, naming }
    }
}
