//! What there is to tell about how a type of resource is read.

use crate::{Region, ResourceType};

/// A type of resource as people are told how it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectorInfo {
    /// The type.
    pub resource: ResourceType,
    /// The lists that its resources stand in; none for a type that exists without a call.
    pub lists: Vec<ListInfo>,
    /// Further calls, and the fields that they add.
    pub also: Vec<AlsoInfo>,
    /// Which of its fields name resources of which other types, sorted.
    pub relationships: Vec<(ResourceType, String)>,
    /// Fields in which secrets may stand: what is found there is redacted before anything is kept. Sorted.
    pub redact: Vec<String>,
}

/// A call that lists resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListInfo {
    /// The service and the operation: `ec2.DescribeSecurityGroups`.
    pub call: String,
    /// Where it is asked.
    pub place: ListPlace,
    /// Whether a resource is filed in a region of its own, whichever region listed it.
    pub own_region: bool,
    /// The call that tells that region when the list does not.
    pub locate: Option<String>,
    /// Whether only the organisation's management account is asked.
    pub management: bool,
    /// Fields with secrets, dropped as soon as they are read.
    pub omit: Vec<String>,
}

/// Where a list is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListPlace {
    /// In every region.
    Regional,
    /// Once; in this region instead of the home region.
    Global(Option<Region>),
    /// Once for each resource of this type.
    Each(ResourceType),
}

/// A call that adds fields to a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlsoInfo {
    /// The service and the operation.
    pub call: String,
    /// The call that has to be made before it.
    pub first: Option<String>,
    /// The fields that it adds.
    pub fields: Vec<String>,
    /// How often it is asked.
    pub asked: Asked,
    /// Whether only the organisation's management account is asked.
    pub management: bool,
    /// Fields with secrets, dropped as soon as they are read.
    pub omit: Vec<String>,
}

/// How often a further call is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// For each resource.
    Resource,
    /// For each element of this list of each resource.
    Element(String),
    /// For so many resources at once.
    Batch(usize),
    /// Once in the account and region.
    Once,
}

impl CollectorInfo {
    /// Every call that it makes, the first of each kind first; the same call may stand several times.
    pub fn calls(&self) -> impl Iterator<Item = &str> {
        let lists = self.lists.iter().flat_map(|it| std::iter::once(&it.call).chain(&it.locate));
        let also = self.also.iter().flat_map(|it| it.first.iter().chain([&it.call]));
        lists.chain(also).map(String::as_str)
    }

    /// The types that it is asked for each resource of, each once.
    #[must_use]
    pub fn parents(&self) -> Vec<&ResourceType> {
        fn parent(list: &ListInfo) -> Option<&ResourceType> {
            match &list.place {
                ListPlace::Each(parent) => Some(parent),
                ListPlace::Regional | ListPlace::Global(_) => None,
            }
        }
        let mut parents: Vec<_> = self.lists.iter().filter_map(parent).collect();
        parents.sort();
        parents.dedup();
        parents
    }
}
