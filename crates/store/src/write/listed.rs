//! Where a scan looked, so that absence means something.

use std::collections::HashSet;

use yagura_model::{Inventory, Region};

use super::Task;
use crate::names::Kind;

/// The types and regions of one account in which a scan would have seen whatever is there.
pub(super) struct Listed {
    types: HashSet<i64>,
    regions: HashSet<i64>,
    /// Types and regions whose list could not be read.
    unread: HashSet<(i64, i64)>,
    global: Option<i64>,
}

impl Listed {
    /// Of an account of which nothing was read: whatever is missing there may still exist.
    pub(super) fn nothing() -> Self {
        Self { types: HashSet::new(), regions: HashSet::new(), unread: HashSet::new(), global: None }
    }

    /// Of an account that was read.
    pub(super) async fn of(task: &mut Task<'_>, inventory: &Inventory) -> sqlx::Result<Self> {
        let mut listed = Self::nothing();
        let global = task.region(&Region::global()).await?;
        listed.global = Some(global);
        listed.regions.insert(global);
        for region in &inventory.regions {
            listed.regions.insert(task.region(region).await?);
        }
        for it in &inventory.types {
            listed.types.insert(task.names.number(task.connection, Kind::Type, it.as_str()).await?);
        }
        for it in &inventory.unlisted {
            let type_id = task.names.number(task.connection, Kind::Type, it.resource_type.as_str()).await?;
            listed.unread.insert((type_id, task.region(&it.region).await?));
        }
        Ok(listed)
    }

    /// Whether a resource of this type in this region would have been seen if it were there.
    pub(super) fn contains(&self, type_id: i64, region_id: i64) -> bool {
        // One list that is asked once may hold resources of every region, as that of the buckets does.
        let global_unread = self.global.is_some_and(|global| self.unread.contains(&(type_id, global)));
        self.types.contains(&type_id)
            && self.regions.contains(&region_id)
            && !self.unread.contains(&(type_id, region_id))
            && !global_unread
    }
}
