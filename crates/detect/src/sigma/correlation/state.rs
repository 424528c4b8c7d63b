//! What correlations remember, to go on with after a restart.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::correlations::{Correlations, Key, Slot};
use super::definition::Definition;
use super::group::{Detail, Entry, Group};

/// What is remembered. The same events give the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    version: u32,
    correlations: Vec<Kept>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Kept {
    name: String,
    /// What it asked for: when that changed, what was counted means nothing any more.
    definition: String,
    groups: Vec<KeptGroup>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct KeptGroup {
    key: Key,
    entries: Vec<Entry>,
    told: Vec<i64>,
}

const VERSION: u32 = 1;

impl Correlations {
    /// What is remembered.
    #[must_use]
    pub fn state(&self) -> State {
        let kept = |slot: &Slot| {
            let of = |(key, group): (&Key, &Group)| KeptGroup {
                key: key.clone(),
                entries: group.entries.clone(),
                told: group.told.clone(),
            };
            let mut groups: Vec<_> = slot.groups.iter().map(of).collect();
            groups.sort_by(|a, b| a.key.cmp(&b.key));
            let correlation = &slot.correlation;
            Kept { name: correlation.name.clone(), definition: print(&correlation.definition), groups }
        };
        State { version: VERSION, correlations: self.slots.iter().map(kept).collect() }
    }

    /// Takes up what was remembered, in place of what is now. Returns the names of correlations whose state is of no use: they are gone, or
    /// ask for something else now.
    pub fn restore(&mut self, state: State) -> Vec<String> {
        let mut useless = Vec::new();
        for kept in state.correlations {
            let slot = self.slots.iter_mut().find(|it| it.correlation.name == kept.name);
            match slot
                .filter(|it| state.version == VERSION && print(&it.correlation.definition) == kept.definition)
            {
                Some(slot) => {
                    let definition = &slot.correlation.definition;
                    let groups = kept.groups.into_iter();
                    slot.groups = groups.map(|it| sound(it, definition)).collect::<HashMap<_, _>>();
                }
                None => useless.push(kept.name),
            }
        }
        self.count();
        useless
    }
}

fn print(definition: &Definition) -> String {
    format!("{definition:?}")
}

/// A group in which nothing can be wrong, whoever wrote the file.
fn sound(kept: KeptGroup, definition: &Definition) -> (Key, Group) {
    let fits = |it: &Detail| match it {
        Detail::Reference(reference) => {
            definition.is_temporal() && (*reference as usize) < definition.references.len()
        }
        Detail::Number(number) => definition.is_numeric() && number.is_finite(),
        Detail::Value(_) | Detail::Nothing => true,
    };
    let mut group = Group { entries: kept.entries, told: kept.told };
    group.entries.retain(|it| fits(&it.detail));
    group.entries.sort_by_key(|it| it.time);
    group.told.sort_unstable();
    (kept.key, group)
}
