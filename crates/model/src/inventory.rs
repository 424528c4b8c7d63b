//! One account as it was read: what flows from the collectors to the rules.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Account, Coverage, Gap, Region, Resource, ResourceType};

/// A list that could not be read: there may be resources of this type in this region that nobody saw.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Unlisted {
    /// The type of what may be there.
    pub resource_type: ResourceType,
    /// Where; [`Region::GLOBAL`] when one list was to tell of every region, as that of the buckets.
    pub region: Region,
    /// Why it is not known.
    pub gap: Gap,
}

impl Unlisted {
    /// Whether a resource of this type in this region may have been missed.
    #[must_use]
    pub fn concerns(&self, resource_type: &ResourceType, region: &Region) -> bool {
        self.resource_type == *resource_type && (self.region == *region || self.region.is_global())
    }
}

/// Which fields of each type name resources of which other types, so that a field that was not read is known to hide a
/// name, or to hide none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links(BTreeMap<ResourceType, BTreeMap<String, BTreeSet<ResourceType>>>);

impl Links {
    /// Notes that `field` of `from` names resources of type `to`.
    pub fn add(&mut self, from: ResourceType, field: String, to: ResourceType) {
        self.0.entry(from).or_default().entry(field).or_default().insert(to);
    }

    /// Whether `field` of `from` may name a resource of type `to`.
    #[must_use]
    pub fn may_name(&self, from: &ResourceType, field: &str, to: &str) -> bool {
        let named = self.0.get(from).and_then(|fields| fields.get(field));
        named.is_some_and(|types| types.contains(to))
    }
}

/// Everything that was read of one account in one scan.
#[derive(Debug, Clone, PartialEq)]
pub struct Inventory {
    /// The account.
    pub account: Account,
    /// The regions that were looked at, sorted, without [`Region::GLOBAL`].
    pub regions: Vec<Region>,
    /// The types that were looked for. What is not in here was not asked for, and its absence says nothing.
    pub types: BTreeSet<ResourceType>,
    /// What was found, sorted by [`crate::ResourceKey`]; a key stands once.
    pub resources: Vec<Resource>,
    /// Lists that could not be read, sorted.
    pub unlisted: Vec<Unlisted>,
    /// How every call ended.
    pub coverage: Coverage,
    /// What the collectors know of relationships; `None`: any field may name anything.
    pub links: Option<Arc<Links>>,
}

/// Which fields of a resource type somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WantedFields {
    /// Whatever there is.
    All,
    /// Only these top-level fields of the configuration, when more calls would be needed for the others.
    Some(BTreeSet<String>),
}

impl WantedFields {
    /// Whether `field` is wanted.
    #[must_use]
    pub fn contains(&self, field: &str) -> bool {
        match self {
            Self::All => true,
            Self::Some(fields) => fields.contains(field),
        }
    }

    /// Wants what either wants.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        match (self, other) {
            (Self::Some(mut a), Self::Some(b)) => {
                a.extend(b);
                Self::Some(a)
            }
            _ => Self::All,
        }
    }
}

/// What a set of rules has to read: collectors are narrowed to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needs {
    /// The whole inventory.
    Everything,
    /// Only these types, and of them only these fields.
    Types(BTreeMap<ResourceType, WantedFields>),
}

impl Needs {
    /// Which fields of `resource_type` are needed; `None` when the type is not.
    #[must_use]
    pub fn of(&self, resource_type: &ResourceType) -> Option<&WantedFields> {
        match self {
            Self::Everything => Some(&WantedFields::All),
            Self::Types(types) => types.get(resource_type),
        }
    }

    /// Adds a need.
    pub fn add(&mut self, resource_type: ResourceType, fields: WantedFields) {
        if let Self::Types(types) = self {
            let known = types.remove(&resource_type);
            let all = match known {
                Some(known) => known.union(fields),
                None => fields,
            };
            types.insert(resource_type, all);
        }
    }
}
