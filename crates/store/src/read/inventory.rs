//! An account as a scan read it, put together again from the versions of its resources.

use std::collections::BTreeSet;

use sqlx::Row as _;
use yagura_model::{AccountId, Coverage, Inventory, ResourceKey, ResourceType, Scan, Unlisted};

use super::coverage::unlisted_of;
use super::history::decode;
use super::words::Words;
use super::{ReadError, accounts_of};
use crate::database::Connection;
use crate::names::{self, Kind};
use crate::store::Store;

impl Store {
    /// One account as a scan left it, only resources of these types; `None` when the scan holds no such account.
    ///
    /// How its calls ended is not part of it, except for the lists that could not be read.
    ///
    /// # Errors
    ///
    /// [`ReadError`] when the scan was dropped meanwhile, or the database failed.
    pub async fn inventory(
        &self,
        scan: &Scan,
        account: &AccountId,
        types: &BTreeSet<ResourceType>,
    ) -> Result<Option<Inventory>, ReadError> {
        let accounts = self.accounts(scan.id).await?;
        let Some(about) = accounts.into_iter().find(|it| it.account.id == *account) else { return Ok(None) };
        let mut snapshot = self.inner.snapshot().await?;
        self.inner.check_kept(&mut snapshot, scan.id).await?;
        let read = read(&mut snapshot, scan, account, types).await;
        let (mut resources, mut unlisted) = read.map_err(|error| self.inner.failed(error))?;
        resources.sort_by(|a: &yagura_model::Resource, b| a.key.cmp(&b.key));
        unlisted.sort_unstable();
        Ok(Some(Inventory {
            account: about.account,
            regions: about.regions,
            types: types.iter().filter(|it| looked_for(scan, it)).cloned().collect(),
            resources,
            unlisted,
            coverage: Coverage::default(),
            links: None,
        }))
    }

    /// The resources of a type that a scan found under this id, ARN or name, in the order of outputs.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn find_resources(
        &self,
        scan: &Scan,
        resource_type: &ResourceType,
        name: &str,
    ) -> Result<Vec<ResourceKey>, ReadError> {
        let mut snapshot = self.inner.snapshot().await?;
        let found = find(&mut snapshot, scan, resource_type, name).await;
        Ok(found.map_err(|error| self.inner.failed(error))?)
    }
}

/// Whether a scan looked for a type at all; one that says nothing of types looked for all.
fn looked_for(scan: &Scan, resource_type: &ResourceType) -> bool {
    scan.scope.types.is_empty() || scan.scope.types.contains(resource_type)
}

async fn read(
    connection: &mut Connection,
    scan: &Scan,
    account: &AccountId,
    types: &BTreeSet<ResourceType>,
) -> sqlx::Result<(Vec<yagura_model::Resource>, Vec<Unlisted>)> {
    let words = Words::load(connection).await?;
    let Some(number) = names::find(connection, Kind::Account, account.as_str()).await? else {
        return Ok(Default::default());
    };
    let mut resources = Vec::new();
    for resource_type in types {
        let kind = names::find(connection, Kind::Type, resource_type.as_str()).await?;
        let rows = sqlx::query(
            "SELECT r.region_id, r.resource, v.body FROM resources r JOIN resource_versions v ON v.id =
               (SELECT id FROM resource_versions WHERE resource_id = r.id AND scan_id <= $3 ORDER BY id DESC LIMIT 1)
             WHERE r.account_id = $1 AND r.type_id = $2 AND v.body IS NOT NULL",
        )
        .bind(number)
        .bind(kind)
        .bind(scan.id.0)
        .fetch_all(&mut *connection)
        .await?;
        for row in &rows {
            let key = ResourceKey {
                account: account.clone(),
                region: words.region(row.try_get(0)?)?,
                resource_type: resource_type.clone(),
                id: row.try_get(1)?,
            };
            resources.push(decode(&key, row.try_get(2)?)?);
        }
    }
    let mut unlisted = unlisted_of(connection, scan.id, number, &words).await?;
    unlisted.retain(|it| types.contains(&it.resource_type));
    Ok((resources, unlisted))
}

async fn find(
    connection: &mut Connection,
    scan: &Scan,
    resource_type: &ResourceType,
    name: &str,
) -> sqlx::Result<Vec<ResourceKey>> {
    let words = Words::load(connection).await?;
    let kind = names::find(connection, Kind::Type, resource_type.as_str()).await?;
    let mut found = Vec::new();
    for (number, account) in accounts_of(connection, scan.id).await? {
        let rows = sqlx::query(
            "SELECT region_id, resource FROM resources
             WHERE account_id = $1 AND type_id = $2 AND first_scan IS NOT NULL AND $3 IN (resource, arn, name)",
        )
        .bind(number)
        .bind(kind)
        .bind(name)
        .fetch_all(&mut *connection)
        .await?;
        for row in &rows {
            found.push(ResourceKey {
                account: account.clone(),
                region: words.region(row.try_get(0)?)?,
                resource_type: resource_type.clone(),
                id: row.try_get(1)?,
            });
        }
    }
    found.sort();
    Ok(found)
}
