//! The words behind the numbers of a stream's rows.

use std::collections::HashMap;

use sqlx::Row as _;
use yagura_model::{Region, ResourceType, RuleId, Timestamp};

use crate::database::Connection;
use crate::error::{Unexpected, undecodable};
use crate::names::{self, Kind};

/// Names that are cheap to clone, and when scans were begun.
pub(crate) struct Words {
    regions: HashMap<i64, Region>,
    types: HashMap<i64, ResourceType>,
    rules: HashMap<i64, RuleId>,
    moments: HashMap<i64, Timestamp>,
}

impl Words {
    pub(crate) async fn load(connection: &mut Connection) -> sqlx::Result<Self> {
        Ok(Self {
            regions: names::all(connection, Kind::Region, |name| Ok(Region::from(name))).await?,
            types: names::all(connection, Kind::Type, |name| Ok(ResourceType::from(name))).await?,
            rules: names::all(connection, Kind::Rule, |name| Ok(RuleId::from(name))).await?,
            moments: moments(connection).await?,
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

    /// When a scan was begun.
    pub(crate) fn moment(&self, scan: i64) -> sqlx::Result<Timestamp> {
        get(&self.moments, "scan", scan)
    }

    /// When something was seen first and last. A scan that judges as of an earlier time does not turn the clock back.
    pub(crate) fn seen(&self, first: i64, last: i64) -> sqlx::Result<(Timestamp, Timestamp)> {
        let first = self.moment(first)?;
        Ok((first, self.moment(last)?.max(first)))
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
