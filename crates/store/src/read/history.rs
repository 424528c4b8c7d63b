//! What became of a resource or a finding over time.

use std::collections::HashMap;

use sqlx::Row as _;
use yagura_model::{Resource, ResourceKey, ScanId, Timestamp};

use super::{ReadError, findings, words};
use crate::codes::Code as _;
use crate::content::Content;
use crate::database::Connection;
use crate::error::{Unexpected, undecodable};
use crate::lifecycle::Change;
use crate::names::{self, Kind};
use crate::store::Store;
use crate::uid::Uid;

/// A resource as it was from some moment on.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceVersion {
    /// The scan that found it so.
    pub scan: ScanId,
    /// When that scan began.
    pub at: Timestamp,
    /// The resource; `None` when it was gone.
    pub resource: Option<Resource>,
}

/// Something that happened to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingChange {
    /// The scan that saw it; `None` when somebody else did it.
    pub scan: Option<ScanId>,
    /// When.
    pub at: Timestamp,
    /// What.
    pub change: Change,
    /// The person or the program that did it; `None` when a scan did.
    pub who: Option<String>,
    /// Why, in a few words; empty when there is nothing to say. Of a comment, the comment.
    pub why: String,
}

impl Store {
    /// The versions of a resource, oldest first. Empty when it was never read.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn resource_history(&self, key: &ResourceKey) -> Result<Vec<ResourceVersion>, ReadError> {
        let mut snapshot = self.inner.snapshot().await?;
        let versions = versions(&mut snapshot, key).await;
        Ok(versions.map_err(|error| self.inner.failed(error))?)
    }

    /// What happened to a finding, oldest first. Empty when there is no such finding.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn finding_history(&self, id: &str) -> Result<Vec<FindingChange>, ReadError> {
        let Ok(uid) = id.parse() else { return Ok(Vec::new()) };
        let mut snapshot = self.inner.snapshot().await?;
        let changes = changes(&mut snapshot, uid).await;
        Ok(changes.map_err(|error| self.inner.failed(error))?)
    }
}

async fn versions(connection: &mut Connection, key: &ResourceKey) -> sqlx::Result<Vec<ResourceVersion>> {
    let account = names::find(connection, Kind::Account, key.account.as_str()).await?;
    let region = names::find(connection, Kind::Region, key.region.as_str()).await?;
    let kind = names::find(connection, Kind::Type, key.resource_type.as_str()).await?;
    let rows = sqlx::query(
        "SELECT v.scan_id, v.body FROM resources r JOIN resource_versions v ON v.resource_id = r.id
         WHERE r.account_id = $1 AND r.region_id = $2 AND r.type_id = $3 AND r.resource = $4 ORDER BY v.id",
    )
    .bind(account)
    .bind(region)
    .bind(kind)
    .bind(key.id.as_str())
    .fetch_all(&mut *connection)
    .await?;
    let moments = words::moments(connection).await?;
    rows.iter()
        .map(|row| {
            let scan: i64 = row.try_get(0)?;
            let body: Option<&str> = row.try_get(1)?;
            let resource = body.map(|body| decode(key, body)).transpose()?;
            Ok(ResourceVersion { scan: ScanId(scan), at: moment(&moments, scan)?, resource })
        })
        .collect()
}

pub(super) fn decode(key: &ResourceKey, body: &str) -> sqlx::Result<Resource> {
    let Content { arn, name, tags, configuration, relationships, unread } =
        serde_json::from_str(body).map_err(undecodable)?;
    Ok(Resource { key: key.clone(), arn, name, tags, configuration, relationships, unread })
}

async fn changes(connection: &mut Connection, uid: Uid) -> sqlx::Result<Vec<FindingChange>> {
    let rows = sqlx::query(
        "SELECT h.scan_id, h.at, h.change, h.why, n.name FROM finding_history h
         JOIN findings f ON f.id = h.finding_id LEFT JOIN names n ON n.id = h.who_id
         WHERE f.uid = $1 ORDER BY h.id",
    )
    .bind(uid.as_bytes())
    .fetch_all(&mut *connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(FindingChange {
                scan: row.try_get::<Option<i64>, _>(0)?.map(ScanId),
                at: findings::moment(row.try_get(1)?)?,
                change: Change::decode(row.try_get(2)?)?,
                who: row.try_get(4)?,
                why: row.try_get(3)?,
            })
        })
        .collect()
}

fn moment(moments: &HashMap<i64, Timestamp>, scan: i64) -> sqlx::Result<Timestamp> {
    moments.get(&scan).copied().ok_or_else(|| Unexpected::decode("scan", scan))
}
