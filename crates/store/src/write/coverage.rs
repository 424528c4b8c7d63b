//! How every call ended. Most calls end alike in all regions, so the regions of a row are gathered.

use std::collections::BTreeMap;

use yagura_model::{Inventory, ReadStatus, Region};

use super::Task;
use crate::database;
use crate::error::undecodable;
use crate::names::Kind;

/// Stores coverage and unread lists.
pub(super) async fn write(task: &mut Task<'_>, inventory: &Inventory) -> sqlx::Result<()> {
    let mut grouped: BTreeMap<(String, ReadStatus, u64), Vec<Region>> = BTreeMap::new();
    for row in inventory.coverage.rows(&inventory.account.id) {
        grouped.entry((row.call, row.status, row.count)).or_default().push(row.region);
    }
    let mut rows = Vec::with_capacity(grouped.len());
    for ((call, status, count), regions) in grouped {
        let call_id = task.names.number(task.connection, Kind::Call, &call).await?;
        let status_id = status_id(task, &status).await?;
        let mut numbers = Vec::with_capacity(regions.len());
        for region in &regions {
            numbers.push(task.region(region).await?);
        }
        let regions = serde_json::to_string(&numbers).map_err(undecodable)?;
        rows.push((call_id, status_id, i64::try_from(count).unwrap_or(i64::MAX), regions));
    }
    let (scan, account) = (task.scan(), task.account_id);
    let head = "INSERT INTO coverage (scan_id, account_id, call_id, status_id, reads, regions)";
    database::for_rows(task.connection, head, "", 6, &rows, |values, (call, status, reads, regions)| {
        values.add(scan)?.add(account)?.add(*call)?.add(*status)?.add(*reads)?.add(regions.as_str())?;
        Ok(())
    })
    .await?;
    write_unlisted(task, inventory).await
}

async fn write_unlisted(task: &mut Task<'_>, inventory: &Inventory) -> sqlx::Result<()> {
    let mut rows = Vec::with_capacity(inventory.unlisted.len());
    for it in &inventory.unlisted {
        let type_id = task.names.number(task.connection, Kind::Type, it.resource_type.as_str()).await?;
        let region_id = task.region(&it.region).await?;
        let call_id = task.names.number(task.connection, Kind::Call, &it.gap.call).await?;
        let gap_region_id = task.region(&it.gap.region).await?;
        rows.push([type_id, region_id, call_id, gap_region_id, status_id(task, &it.gap.status).await?]);
    }
    let (scan, account) = (task.scan(), task.account_id);
    let head = "INSERT INTO unlisted
        (scan_id, account_id, type_id, region_id, call_id, gap_region_id, status_id)";
    database::for_rows(task.connection, head, "ON CONFLICT DO NOTHING", 7, &rows, |values, row| {
        values.add(scan)?.add(account)?;
        for number in row {
            values.add(*number)?;
        }
        Ok(())
    })
    .await
}

async fn status_id(task: &mut Task<'_>, status: &ReadStatus) -> sqlx::Result<i64> {
    let status = serde_json::to_string(status).map_err(undecodable)?;
    task.names.number(task.connection, Kind::Status, &status).await
}
