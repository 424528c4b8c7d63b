//! Collectors, coverage, snapshots: what there is in an AWS account, and what could not be read of it.
//!
//! Collectors are data (`packs/collectors/*.yaml`, described in `docs/collectors.md`): [`Collectors::load`] reads them,
//! [`Collectors::plan`] narrows them to what rules need, [`collect`] runs a plan against one account.
//!
//! Nothing here judges, and nothing here knows a service by name.

mod collect;
mod collector;
mod describe;
#[cfg(fuzzing)]
pub mod fuzzing;
mod input;
mod load;
mod node;
mod path;
mod plan;
mod snapshot;
mod template;

pub use collect::{
    Counters, Progress, Quiet, Subject, collect, home_region, note_regions_left_out, note_regions_off,
};
pub use load::{AnyOperation, Collectors, Known, Operations};
pub use plan::{Plan, ServiceFilter, TAG_FIELDS};
pub use snapshot::{
    FORMAT_VERSION, SnapshotManifest, SnapshotReadError, SnapshotReader, SnapshotWriteError, SnapshotWriter,
};
