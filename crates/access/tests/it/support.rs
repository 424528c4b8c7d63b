//! The organisation that the examples live in.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use yagura_access::{Answer, Found, Owner, Policy};
use yagura_model::{Account, AccountId, Organization, Partition};

/// The account that owns the resource.
pub const OWN: &str = "111122223333";
/// Another account of the organisation.
pub const MEMBER: &str = "222233334444";
/// An account of somebody else.
pub const STRANGE: &str = "999988887777";
/// The organisation.
pub const ORG: &str = "o-a1b2c3d4e5";

/// An organisation with its owner's surroundings.
pub struct World {
    account: AccountId,
    organization: Organization,
    ours: BTreeSet<String>,
}

impl World {
    pub fn new() -> Self {
        let id = |id: &str| AccountId::new(id).unwrap();
        let accounts = [OWN, MEMBER].map(|it| (id(it), Account::bare(id(it))));
        let organization = Organization {
            id: Some(ORG.to_owned()),
            management_account: Some(id(MEMBER)),
            partition: Partition::Aws,
            accounts: BTreeMap::from(accounts),
        };
        let ours = ["vpc-0a1b2c3d", "vpce-0a1b2c3d", "our-bucket"].map(str::to_owned);
        Self { account: id(OWN), organization, ours: BTreeSet::from(ours) }
    }

    /// As a member account sees it: the list of accounts cannot be read.
    pub fn seen_from_a_member() -> Self {
        let mut world = Self::new();
        world.organization.accounts.remove(MEMBER);
        world
    }

    pub fn owner(&self) -> Owner<'_> {
        Owner::new(&self.account).within(&self.organization).knowing(&self.ours)
    }
}

/// A policy of some statements, of the newer version.
pub fn document(statements: &Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// An allow of `s3:GetObject` to everybody under a condition.
pub fn allow_all(condition: &Value) -> Value {
    allow(&json!("*"), condition)
}

/// An allow of `s3:GetObject` to a principal under a condition.
pub fn allow(principal: &Value, condition: &Value) -> Value {
    json!({
        "Effect": "Allow", "Principal": principal, "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::our-bucket/*", "Condition": condition
    })
}

/// A deny of all of S3 to everybody under a condition.
pub fn deny_all(condition: &Value) -> Value {
    json!({
        "Effect": "Deny", "Principal": "*", "Action": "s3:*",
        "Resource": ["arn:aws:s3:::our-bucket", "arn:aws:s3:::our-bucket/*"], "Condition": condition
    })
}

/// `yes`, `no`, or why it is not known.
pub fn public(statements: &Value) -> String {
    let document = document(statements);
    word(Policy::parse(&document).unwrap().public(&World::new().owner()))
}

/// The outsiders, and behind `?` the doubts.
pub fn outsiders(statements: &Value) -> String {
    let document = document(statements);
    list(Policy::parse(&document).unwrap().outsiders(&World::new().owner()))
}

pub fn word(answer: Answer<bool>) -> String {
    match answer {
        Answer::Known(true) => "yes".to_owned(),
        Answer::Known(false) => "no".to_owned(),
        Answer::Unknown(doubt) => format!("? {doubt}"),
    }
}

pub fn list(found: Found<String>) -> String {
    let mut words = found.certain;
    words.extend(found.doubts.iter().map(|doubt| format!("? {doubt}")));
    words.join(", ")
}
