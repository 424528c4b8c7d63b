//! Resources and what ties them together.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{AccountId, Gap, Region, ResourceType, Severity};

/// Which resource: the order of the fields is the order of every output.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ResourceKey {
    /// The account that owns it.
    pub account: AccountId,
    /// Where it lives, or [`Region::GLOBAL`].
    pub region: Region,
    /// Its type.
    pub resource_type: ResourceType,
    /// Its id, unique within account, region and type: `sg-0a1b`, a bucket's name, `root`.
    pub id: String,
}

impl fmt::Display for ResourceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{}", self.account, self.region, self.resource_type, self.id)
    }
}

/// An arrow from one resource to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Relationship {
    /// The other resource's type.
    pub to: ResourceType,
    /// The other resource's id or ARN, whichever AWS gave.
    pub id: String,
}

/// A resource, in one line of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ResourceLine {
    /// Which one.
    pub key: ResourceKey,
    /// Its ARN.
    pub arn: String,
    /// What people call it; empty where it has no name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Whether it was there when it was last looked for.
    pub is_present: bool,
    /// How many findings about it are open.
    pub findings: u64,
    /// How bad the worst of them is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst: Option<Severity>,
}

/// One thing in an account: an AWS Config configuration item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Resource {
    /// Which one.
    pub key: ResourceKey,
    /// Its ARN, as AWS gave it or as its type says it is built.
    pub arn: String,
    /// What people call it; empty where it has no name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Its tags.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// Everything AWS told, spelled as the AWS API spells it.
    pub configuration: Map<String, Value>,
    /// What it points to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relationships: Vec<Relationship>,
    /// Fields of `configuration` that could not be read, and why. A field in here is not in `configuration`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unread: BTreeMap<String, Gap>,
}
