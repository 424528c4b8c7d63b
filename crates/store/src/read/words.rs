//! The words behind the numbers of a stream's rows.

use std::collections::HashMap;

use sqlx::Row as _;
use yagura_model::{AccountId, Region, ResourceType, RuleId, Timestamp};

use crate::database::Connection;
use crate::error::{Unexpected, undecodable};
use crate::names::{self, Kind};

/// Names by their numbers.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub(crate) accounts: HashMap<i64, AccountId>,
    pub(crate) people: HashMap<i64, String>,
    pub(crate) suppressions: HashMap<i64, String>,
    pub(crate) regions: HashMap<i64, Region>,
    pub(crate) types: HashMap<i64, ResourceType>,
    pub(crate) rules: HashMap<i64, RuleId>,
}

impl Words {
    pub(crate) async fn load(connection: &mut Connection) -> sqlx::Result<Self> {
        let text = |name: &str| Ok(name.to_owned());
        Ok(Self {
            accounts: names::all(connection, Kind::Account, |name| AccountId::new(name).map_err(undecodable))
                .await?,
            people: names::all(connection, Kind::Person, text).await?,
            suppressions: names::all(connection, Kind::Suppression, text).await?,
            regions: names::all(connection, Kind::Region, |name| Ok(Region::from(name))).await?,
            types: names::all(connection, Kind::Type, |name| Ok(ResourceType::from(name))).await?,
            rules: names::all(connection, Kind::Rule, |name| Ok(RuleId::from(name))).await?,
        })
    }

    pub(crate) fn region(&self, number: i64) -> sqlx::Result<Region> {
        get(&self.regions, "region", number)
    }

    pub(crate) fn resource_type(&self, number: i64) -> sqlx::Result<ResourceType> {
        get(&self.types, "type", number)
    }

    pub(crate) fn rule(&self, number: i64) -> sqlx::Result<RuleId> {
        get(&self.rules, "rule", number)
    }

    pub(crate) fn account(&self, number: i64) -> sqlx::Result<AccountId> {
        get(&self.accounts, "account", number)
    }

    /// Who takes care of something, or did something.
    pub(crate) fn person(&self, number: i64) -> sqlx::Result<String> {
        get(&self.people, "person", number)
    }

    pub(crate) fn suppression(&self, number: i64) -> sqlx::Result<String> {
        get(&self.suppressions, "suppression", number)
    }
}

fn get<T: Clone>(words: &HashMap<i64, T>, what: &'static str, number: i64) -> sqlx::Result<T> {
    words.get(&number).cloned().ok_or_else(|| Unexpected::decode(what, number))
}

/// When each scan was begun.
pub(crate) async fn moments(connection: &mut Connection) -> sqlx::Result<HashMap<i64, Timestamp>> {
    let rows = sqlx::query("SELECT id, started FROM scans").fetch_all(connection).await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get::<&str, _>(1)?.parse().map_err(undecodable)?)))
        .collect()
}
