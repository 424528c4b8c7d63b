//! Where a scan looked, so that absence means something.

use std::collections::BTreeSet;

use yagura_model::{Inventory, Region};

use super::Task;
use crate::content::Digest;
use crate::names::Kind;

/// The types and regions of one account in which a scan would have seen whatever is there.
pub(super) struct Listed {
    types: BTreeSet<i64>,
    regions: BTreeSet<i64>,
    /// Types and regions whose list could not be read.
    unread: BTreeSet<(i64, i64)>,
    global: Option<i64>,
}

impl Listed {
    /// Of an account of which nothing was read: whatever is missing there may still exist.
    pub(super) fn nothing() -> Self {
        Self { types: BTreeSet::new(), regions: BTreeSet::new(), unread: BTreeSet::new(), global: None }
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

    /// What tells these places from others.
    pub(super) fn digest(&self) -> [u8; 16] {
        let numbers = self.types.iter().chain(&self.regions).copied();
        let unread = self.unread.iter().flat_map(|(kind, region)| [*kind, *region]);
        let sizes = [self.types.len(), self.regions.len()].map(|it| i64::try_from(it).unwrap_or(i64::MAX));
        let bytes: Vec<u8> =
            sizes.into_iter().chain(numbers).chain(unread).flat_map(i64::to_be_bytes).collect();
        Digest::of(&bytes).short()
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
