//! One event, of which only what rules read is looked at.

mod paths;
mod read;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cell::OnceCell;

use serde_json::Value as Json;
use thiserror::Error;

use paths::ROOT;
pub use paths::{PathId, Paths};

/// Why a record is no event.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct NotAnEvent(#[from] serde_json::Error);

/// An event in JSON.
#[derive(Debug)]
pub struct Event<'e> {
    raw: &'e [u8],
    paths: &'e Paths,
    slots: Slots<'e>,
    /// Whether a key at the top holds a dot: then a path may mean the key.
    dotted: bool,
    whole: OnceCell<Json>,
}

/// What was found in an event, by path. Of hundreds of paths that rules read an event has a dozen: they are looked for, not laid out.
#[derive(Debug, Default)]
struct Slots<'e> {
    paths: Vec<PathId>,
    values: Vec<Slot<'e>>,
}

impl<'e> Slots<'e> {
    fn put(&mut self, path: PathId, slot: Slot<'e>) {
        self.paths.push(path);
        self.values.push(slot);
    }

    /// Of a key that stands twice, the last.
    fn get(&self, path: PathId) -> Option<&Slot<'e>> {
        self.paths.iter().rposition(|it| *it == path).map(|at| &self.values[at])
    }
}

/// What stands at a path.
#[derive(Debug, Clone, PartialEq)]
enum Slot<'e> {
    Scalar(Scalar<'e>),
    /// A list, or an object that somebody reads as a whole.
    Tree(Json),
}

/// A value that is no list and no object.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar<'e> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    Text(Cow<'e, str>),
}

/// What is found at a path.
#[derive(Debug, Clone, PartialEq)]
pub enum Found<'v> {
    /// One value that is no list and no object.
    Scalar(&'v Scalar<'v>),
    /// One value of any kind.
    Tree(&'v Json),
}

impl<'e> Event<'e> {
    /// Reads one event.
    ///
    /// # Errors
    ///
    /// It is not an object in JSON.
    pub fn read(raw: &'e [u8], paths: &'e Paths) -> Result<Self, NotAnEvent> {
        let mut event = Self { raw, paths, slots: Slots::default(), dotted: false, whole: OnceCell::new() };
        read::read(raw, paths, &mut event.slots, &mut event.dotted)?;
        Ok(event)
    }

    /// The event as it was written.
    #[must_use]
    pub fn raw(&self) -> &'e [u8] {
        self.raw
    }

    /// All of it. Slow: for what rules seldom ask.
    pub fn whole(&self) -> &Json {
        self.whole.get_or_init(|| serde_json::from_slice(self.raw).unwrap_or(Json::Null))
    }

    /// Whether a key at the top holds a dot.
    #[must_use]
    pub fn is_dotted(&self) -> bool {
        self.dotted
    }

    /// What stands at a path, where no list is on the way.
    #[must_use]
    pub fn get(&self, path: PathId) -> Option<Found<'_>> {
        match self.slots.get(path) {
            Some(Slot::Scalar(scalar)) => Some(Found::Scalar(scalar)),
            Some(Slot::Tree(tree)) => Some(Found::Tree(tree)),
            None => {
                let (tree, keys) = self.around(path)?;
                keys.iter().try_fold(tree, |tree, key| tree.get(*key)).map(Found::Tree)
            }
        }
    }

    /// Everything that stands at a path: of lists on the way, in every item.
    pub fn each<'s>(&'s self, path: PathId, mut take: impl FnMut(Found<'s>)) {
        match self.slots.get(path) {
            Some(Slot::Scalar(scalar)) => take(Found::Scalar(scalar)),
            Some(Slot::Tree(tree)) => take(Found::Tree(tree)),
            None => {
                if let Some((tree, keys)) = self.around(path) {
                    below(tree, &keys, &mut take);
                }
            }
        }
    }

    /// A text, if one stands there.
    #[must_use]
    pub fn text(&self, path: PathId) -> Option<&str> {
        match self.get(path)? {
            Found::Scalar(Scalar::Text(text)) => Some(text),
            Found::Tree(tree) => tree.as_str(),
            Found::Scalar(_) => None,
        }
    }

    /// The nearest part around a path that was kept whole, and the keys from there to the path.
    fn around(&self, path: PathId) -> Option<(&Json, Vec<&str>)> {
        let mut keys = Vec::new();
        let mut at = path;
        while at != ROOT {
            let node = &self.paths.nodes[at.index()];
            keys.push(&*node.key);
            at = node.parent?;
            match self.slots.get(at) {
                Some(Slot::Tree(tree)) => {
                    keys.reverse();
                    return Some((tree, keys));
                }
                // Nothing is inside of a text.
                Some(Slot::Scalar(_)) => return None,
                None => {}
            }
        }
        None
    }
}

fn below<'v>(tree: &'v Json, keys: &[&str], take: &mut impl FnMut(Found<'v>)) {
    let Some((key, rest)) = keys.split_first() else { return take(Found::Tree(tree)) };
    match tree {
        Json::Object(object) => {
            if let Some(inner) = object.get(*key) {
                below(inner, rest, take);
            }
        }
        Json::Array(items) => items.iter().for_each(|it| below(it, keys, take)),
        _ => {}
    }
}
