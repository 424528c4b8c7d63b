//! How every call ended. Most calls end alike in all regions, so the regions of a row are gathered.

use std::collections::{BTreeMap, HashMap};

use yagura_model::{Coverage, Inventory, ReadStatus, Region};

use super::Task;
use crate::database;
use crate::error::undecodable;
use crate::names::Kind;
use crate::read::summary::Calls;

/// What stands in the tables: regions, and what ended alike in them.
pub(crate) type Rows = Vec<(Vec<i64>, Vec<(i64, i64, u64)>)>;

/// How a call ended, and how often.
type Ended<'a> = (&'a str, &'a ReadStatus, u64);

/// Calls that ended in the same ways in all of these regions.
#[derive(Debug)]
pub(super) struct Alike {
    ended: Vec<(String, ReadStatus, u64)>,
    regions: Vec<Region>,
}

/// Gathers regions in which all calls ended alike: mostly there are few others.
pub(super) fn gather(coverage: &Coverage) -> Vec<Alike> {
    let mut by_region: Vec<(&Region, Vec<Ended<'_>>)> = Vec::new();
    for (region, call, status, count) in coverage.counts() {
        match by_region.last_mut().filter(|(last, _)| *last == region) {
            Some((_, ended)) => ended.push((call, status, count)),
            None => by_region.push((region, vec![(call, status, count)])),
        }
    }
    let mut alike: Vec<(Vec<Ended<'_>>, Vec<Region>)> = Vec::new();
    for (region, ended) in by_region {
        match alike.iter_mut().find(|(known, _)| *known == ended) {
            Some((_, regions)) => regions.push(region.clone()),
            None => alike.push((ended, vec![region.clone()])),
        }
    }
    let owned = |(call, status, count): Ended<'_>| (call.to_owned(), status.clone(), count);
    let owned =
        |(ended, regions): (Vec<_>, _)| Alike { ended: ended.into_iter().map(owned).collect(), regions };
    alike.into_iter().map(owned).collect()
}

/// How many calls ended how.
pub(super) fn tally(coverage: &[Alike]) -> Calls {
    let mut calls = Calls::new();
    for Alike { ended, regions } in coverage {
        let regions = u64::try_from(regions.len()).unwrap_or(u64::MAX);
        for (_, status, count) in ended {
            match calls.get_mut(status.word()) {
                Some(calls) => *calls += count * regions,
                None => drop(calls.insert(status.word().to_owned(), count * regions)),
            }
        }
    }
    calls
}

/// How every call ended, as text.
pub(super) async fn text(task: &mut Task<'_>, coverage: &[Alike]) -> sqlx::Result<String> {
    let mut alike: HashMap<Ended<'_>, Vec<&Region>> = HashMap::new();
    for Alike { ended, regions } in coverage {
        for (call, status, count) in ended {
            alike.entry((call, status, *count)).or_default().extend(regions);
        }
    }
    let mut statuses: HashMap<&ReadStatus, i64> = HashMap::new();
    let mut calls = Vec::with_capacity(alike.len());
    for ((call, status, count), mut regions) in alike {
        regions.sort_unstable();
        let call_id = task.names.number(task.connection, Kind::Call, call).await?;
        let status_id = match statuses.get(status) {
            Some(id) => *id,
            None => status_id(task, status).await?,
        };
        statuses.insert(status, status_id);
        calls.push(((call_id, status_id, count), regions));
    }
    // One order whatever the hashes.
    calls.sort_unstable();
    let mut together: BTreeMap<Vec<&Region>, Vec<(i64, i64, u64)>> = BTreeMap::new();
    for (call, regions) in calls {
        together.entry(regions).or_default().push(call);
    }
    let mut rows = Rows::with_capacity(together.len());
    for (regions, calls) in together {
        let mut numbers = Vec::with_capacity(regions.len());
        for region in regions {
            numbers.push(task.region(region).await?);
        }
        rows.push((numbers, calls));
    }
    serde_json::to_string(&rows).map_err(undecodable)
}

/// Stores lists that could not be read.
pub(super) async fn write_unlisted(task: &mut Task<'_>, inventory: &Inventory) -> sqlx::Result<()> {
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
