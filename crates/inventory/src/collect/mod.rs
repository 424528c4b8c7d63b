//! Reads one account: runs a [`Plan`] against [`Api`] and gives an [`Inventory`].
//!
//! # Invariants
//!
//! - **Nothing vanishes.** A call that fails leaves a row in the coverage, and a gap at every field or type that
//!   depended on it; what was read stays.
//! - **One result.** The order in which answers come does not show in the inventory.
//! - **One account.** What is held belongs to this account and is dropped with it; calls that may repeat are made once.
//! - Nothing is spawned: dropping the future stops everything.

mod also;
mod ask;
mod build;
mod draft;
mod group;
mod list;
mod parse;
mod progress;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt};
pub use progress::{Counters, Progress, Quiet};
use tokio::sync::Semaphore;
use yagura_aws::{Api, Target};
use yagura_model::{
    Account, Coverage, Gap, Inventory, Organization, Partition, ReadStatus, Region, Resource, ResourceType,
    Unlisted,
};

use crate::Plan;
use crate::collect::ask::Flights;
use crate::collector::Source;
use crate::plan::Step;

/// Calls of one account that are under way at once. The client has its own cap for the whole run; this one bounds
/// what an account holds in memory.
const CALLS_AT_ONCE: usize = 128;
/// Items of one list that are completed at once.
const ITEMS_AT_ONCE: usize = 64;

/// The account that is read.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The account.
    pub account: &'a Account,
    /// What surrounds it.
    pub organization: &'a Organization,
    /// The regions to look at: enabled ones that the filter leaves, without [`Region::GLOBAL`].
    pub regions: &'a [Region],
    /// Who asks. Its region does not matter.
    pub target: &'a Target,
}

/// Where resources are filed, and whom to ask about them.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) filed: Region,
    pub(crate) target: Target,
}

/// What the futures of one account share.
pub(crate) struct Reader<'a> {
    api: &'a dyn Api,
    plan: &'a Plan,
    subject: &'a Subject<'a>,
    progress: &'a dyn Progress,
    home: Region,
    places: BTreeMap<Region, Place>,
    permits: Semaphore,
    flights: Mutex<Flights>,
    notes: Mutex<Notes>,
}

#[derive(Default)]
struct Notes {
    coverage: Coverage,
    unlisted: BTreeSet<Unlisted>,
}

/// Reads one account, whatever fails.
///
/// Dropping the future ends all its calls.
pub async fn collect(
    api: &dyn Api,
    plan: &Plan,
    subject: &Subject<'_>,
    progress: &dyn Progress,
) -> Inventory {
    let home = home_region(subject.organization.partition);
    let place = |filed: &Region, asked: &Region| {
        let target = subject.target.in_region(asked.clone());
        (filed.clone(), Place { filed: filed.clone(), target })
    };
    let mut places: BTreeMap<_, _> = subject.regions.iter().map(|region| place(region, region)).collect();
    places.extend([place(&Region::global(), &home)]);
    let reader = Reader {
        api,
        plan,
        subject,
        progress,
        home,
        places,
        permits: Semaphore::new(CALLS_AT_ONCE),
        flights: Mutex::new(HashMap::new()),
        notes: Mutex::default(),
    };
    let roots = plan.roots.iter().map(|n| reader.step(&plan.steps[*n]));
    let resources = bounded(plan.roots.len(), roots).await;
    reader.inventory(resources.into_iter().flatten().collect())
}

/// Counts the regions that an account has not enabled, so that the coverage names them.
pub fn note_regions_off(coverage: &mut Coverage, regions: &[Region]) {
    for region in regions {
        coverage.add(region, "*", ReadStatus::RegionOff);
    }
}

/// Says of enabled regions that nobody asked for that their lists are missing, so that what was found elsewhere is not taken
/// for everything there is.
pub fn note_regions_left_out(inventory: &mut Inventory, plan: &Plan, regions: &[Region]) {
    if regions.is_empty() {
        return;
    }
    let types: Vec<_> = plan.regional().collect();
    for region in regions {
        inventory.unlisted.extend(types.iter().map(|(resource_type, call)| Unlisted {
            resource_type: (*resource_type).clone(),
            region: region.clone(),
            gap: Gap { call: (*call).to_owned(), region: region.clone(), status: ReadStatus::Excluded },
        }));
    }
    inventory.unlisted.sort();
    inventory.unlisted.dedup();
}

/// The region that services without regions are asked in.
#[must_use]
pub fn home_region(partition: Partition) -> Region {
    Region::from(match partition {
        Partition::Aws => "us-east-1",
        Partition::China => "cn-north-1",
        Partition::UsGov => "us-gov-west-1",
    })
}

impl<'a> Reader<'a> {
    /// Reads one type and the types below it.
    fn step<'f>(&'f self, step: &'f Step) -> BoxFuture<'f, Vec<Resource>> {
        Box::pin(async move {
            if !self.concerns(step) {
                return Vec::new();
            }
            let places = self.places_of(step);
            if let Some(own_region) = &step.collector.own_region {
                let lists = bounded(
                    ITEMS_AT_ONCE,
                    places.iter().map(|place| -> BoxFuture<'_, _> { Box::pin(self.list(step, place, None)) }),
                );
                let listed = places.iter().zip(lists.await).collect();
                let (homes, drafts): (Vec<_>, Vec<_>) =
                    self.locate(step, own_region, listed).await.into_iter().unzip();
                let groups =
                    homes.iter().zip(drafts).map(|(home, drafts)| self.finish(step, home, drafts, None));
                return bounded(ITEMS_AT_ONCE, groups).await.into_iter().flatten().collect();
            }
            let groups = places.iter().map(|place| -> BoxFuture<'_, Vec<Resource>> {
                Box::pin(async move {
                    let drafts = self.list(step, place, None).await;
                    self.finish(step, place, drafts, None).await
                })
            });
            bounded(ITEMS_AT_ONCE, groups).await.into_iter().flatten().collect()
        })
    }

    /// Whether this account is asked for the type at all.
    fn concerns(&self, step: &Step) -> bool {
        !step.collector.management || self.subject.account.management
    }

    /// Where a type without a parent is listed.
    fn places_of(&self, step: &Step) -> Vec<Place> {
        use crate::collector::Scope;
        let global = || self.places.get(Region::GLOBAL).cloned();
        match &step.collector.source {
            Source::Account => global().into_iter().collect(),
            Source::Regions => self.regional().cloned().collect(),
            Source::Listing(listing) => match &listing.scope {
                Scope::Regional => self.regional().cloned().collect(),
                Scope::Global(None) => global().into_iter().collect(),
                Scope::Global(Some(at)) if at.partition() == self.subject.organization.partition => {
                    let target = self.subject.target.in_region(at.clone());
                    vec![Place { filed: Region::global(), target }]
                }
                Scope::Global(Some(_)) | Scope::Parent(_) => Vec::new(),
            },
        }
    }

    fn regional(&self) -> impl Iterator<Item = &Place> {
        self.places.values().filter(|place| !place.filed.is_global())
    }

    /// Notes that a type, and with it the types below, could not be listed.
    fn unlisted(&self, step: &Step, place: &Place, gap: &Gap) {
        let resource_type = step.collector.resource.clone();
        let region = place.filed.clone();
        self.notes().unlisted.insert(Unlisted { resource_type, region, gap: gap.clone() });
        for child in &step.children {
            self.unlisted(&self.plan.steps[*child], place, gap);
        }
    }

    fn notes(&self) -> std::sync::MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn inventory(self, mut resources: Vec<Resource>) -> Inventory {
        resources.sort_by(|a, b| a.key.cmp(&b.key));
        resources.dedup_by(|later, first| {
            if later.key == first.key && later != first {
                tracing::warn!(resource = %first.key, "two different resources have the same id; the first is kept");
            }
            later.key == first.key
        });
        let mut types = BTreeSet::new();
        for root in &self.plan.roots {
            self.add_types(&self.plan.steps[*root], &mut types);
        }
        let Notes { coverage, unlisted } = self.notes.into_inner().unwrap_or_else(PoisonError::into_inner);
        Inventory {
            account: self.subject.account.clone(),
            regions: self.places.into_keys().filter(|it| !it.is_global()).collect(),
            types,
            resources,
            unlisted: unlisted.into_iter().collect(),
            coverage,
            links: Some(self.plan.links()),
        }
    }

    fn add_types(&self, step: &Step, types: &mut BTreeSet<ResourceType>) {
        if self.concerns(step) {
            types.insert(step.collector.resource.clone());
            for child in &step.children {
                self.add_types(&self.plan.steps[*child], types);
            }
        }
    }
}

/// Runs futures, not more than `width` at once, and gives their answers in the futures' order.
///
/// Futures are taken from the iterator when there is room for them, so that those of ten thousand items do not wait in
/// memory.
fn bounded<'f, T: Send + 'f>(
    width: usize,
    futures: impl Iterator<Item = BoxFuture<'f, T>> + Send + 'f,
) -> BoxFuture<'f, Vec<T>> {
    let mut waiting: Box<dyn Iterator<Item = _> + Send + 'f> = Box::new(futures.enumerate());
    Box::pin(async move {
        let mut running = FuturesUnordered::new();
        let mut answers = Vec::new();
        loop {
            let room = width.max(1).saturating_sub(running.len());
            running.extend(waiting.by_ref().take(room).map(numbered));
            match running.next().await {
                Some(answer) => answers.push(answer),
                None => break,
            }
        }
        answers.sort_unstable_by_key(|(n, _)| *n);
        answers.into_iter().map(|(_, answer)| answer).collect()
    })
}

async fn numbered<T>((n, future): (usize, BoxFuture<'_, T>)) -> (usize, T) {
    (n, future.await)
}
