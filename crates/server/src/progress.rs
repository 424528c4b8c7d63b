//! How findings went on, counted anew every ten minutes at most: going through the life of a million takes seconds.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;
use tokio::sync::OnceCell;
use yagura_model::{AccountId, Progress, Timestamp};
use yagura_posture::{ProgressCounter, ProgressQuestion};
use yagura_store::{ReadError, Store};

use crate::sign_in::Caller;
use crate::world::World;

/// What was counted holds for so many seconds.
const HOLDS: i64 = 600;

/// So many answers are kept.
const KEPT: usize = 64;

/// What is asked: as of when, how far back, and of what the asker sees.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    slot: i64,
    weeks: usize,
    seen: Option<(BTreeSet<AccountId>, BTreeSet<String>)>,
}

/// One answer, for whoever asks the same at the same time.
type Cell = Arc<OnceCell<Arc<Progress>>>;

/// What was counted.
#[derive(Debug, Default)]
pub(crate) struct Counted(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    world: Option<Arc<World>>,
    answers: VecDeque<(Asked, Cell)>,
}

impl Counted {
    fn cell(&self, world: &Arc<World>, asked: &Asked) -> Cell {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.world.as_ref().is_some_and(|it| Arc::ptr_eq(it, world)) {
            *kept = Kept { world: Some(Arc::clone(world)), answers: VecDeque::new() };
        }
        if let Some((_, cell)) = kept.answers.iter().find(|(known, _)| known == asked) {
            return Arc::clone(cell);
        }
        let cell = Cell::default();
        kept.answers.push_back((asked.clone(), Arc::clone(&cell)));
        if kept.answers.len() > KEPT {
            kept.answers.pop_front();
        }
        cell
    }

    /// How findings that the caller sees went on over so many weeks, the current one with them.
    pub(crate) async fn of(
        &self,
        store: &Store,
        world: &Arc<World>,
        caller: &Caller,
        weeks: usize,
        now: Timestamp,
    ) -> Result<Arc<Progress>, ReadError> {
        let slot = now.as_second().div_euclid(HOLDS);
        let seen = caller.accounts().map(|it| (it.clone(), caller.user().projects.clone()));
        let asked = Asked { slot, weeks, seen };
        let cell = self.cell(world, &asked);
        let counted =
            cell.get_or_try_init(async || count(store, world, caller, weeks, now).await.map(Arc::new));
        counted.await.cloned()
    }
}

async fn count(
    store: &Store,
    world: &World,
    caller: &Caller,
    weeks: usize,
    now: Timestamp,
) -> Result<Progress, ReadError> {
    let heard_of = world.projects.iter().filter(|it| caller.is_told_of(&it.name));
    let projects = heard_of.map(|project| {
        let held = world.accounts.values().filter(|it| project.holds(it) && caller.sees(&it.id));
        (project.name.clone(), held.map(|it| it.id.clone()).collect())
    });
    let mut counter = ProgressCounter::new(ProgressQuestion {
        now,
        zone: TimeZone::system(),
        weeks,
        due: world.due,
        projects: projects.collect(),
        frameworks: world.frameworks.iter().collect(),
        rules: &world.rules,
    });
    store.each_life(caller.accounts(), |it| counter.add(it)).await?;
    let mut progress = counter.finish();
    for overdue in &mut progress.overdue {
        overdue.projects.retain(|it| caller.is_told_of(it));
    }
    Ok(progress)
}
