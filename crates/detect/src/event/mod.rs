//! One event, of which only what rules read is looked at.

mod json;
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

impl NotAnEvent {
    /// What is wrong with a record that cannot be read.
    fn why(raw: &[u8]) -> Self {
        let custom = <serde_json::Error as serde::de::Error>::custom;
        Self(match serde_json::from_slice::<Json>(raw) {
            Err(error) => error,
            Ok(Json::Object(_)) => custom("an event is one object"),
            Ok(_) => custom("an event is an object, and nothing else"),
        })
    }
}

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

    fn forget_below(&mut self, path: PathId, paths: &Paths) {
        let kept: Vec<_> = self.paths.iter().map(|it| !paths.is_below(*it, path)).collect();
        let (mut of_paths, mut of_values) = (kept.iter(), kept.iter());
        self.paths.retain(|_| of_paths.next() == Some(&true));
        self.values.retain(|_| of_values.next() == Some(&true));
    }

    /// Of a key that stands twice, the last.
    fn get(&self, path: PathId) -> Option<&Slot<'e>> {
        self.paths.iter().rposition(|it| *it == path).map(|at| &self.values[at])
    }
}

/// What stands at a path.
#[derive(Debug)]
enum Slot<'e> {
    Scalar(Scalar<'e>),
    /// A list, or an object of which nobody reads single parts.
    Tree(Tree<'e>),
    /// An object whose parts have their own slots; as a whole where somebody reads that, too.
    Object(Option<Tree<'e>>),
}

/// A part of the event as it is written, and laid out once somebody asked for it.
#[derive(Debug)]
struct Tree<'e> {
    raw: &'e [u8],
    json: OnceCell<Box<Json>>,
}

impl<'e> Tree<'e> {
    fn new(raw: &'e [u8]) -> Self {
        Self { raw, json: OnceCell::new() }
    }

    /// Lays it out now, if that can be done.
    fn lay_out(&self) -> Option<()> {
        let json = serde_json::from_slice(self.raw).ok()?;
        self.json.set(Box::new(json)).ok()
    }

    fn json(&self) -> &Json {
        // What cannot be laid out was refused when the event was read.
        self.json.get_or_init(|| Box::new(serde_json::from_slice(self.raw).unwrap_or(Json::Null)))
    }
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
        match Self::read_first(raw, paths) {
            Some((event, length)) if raw[length..].iter().all(|it| b" \n\t\r".contains(it)) => {
                Ok(Self { raw, ..event })
            }
            _ => Err(NotAnEvent::why(raw)),
        }
    }

    /// Reads the event at the beginning of some bytes, and says how long it is. Without an answer there is none,
    /// or it goes on behind them.
    #[must_use]
    pub fn read_first(bytes: &'e [u8], paths: &'e Paths) -> Option<(Self, usize)> {
        let read::Read { slots, is_dotted, length } = read::read(bytes, paths)?;
        let raw = &bytes[..length];
        Some((Self { raw, paths, slots, dotted: is_dotted, whole: OnceCell::new() }, length))
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
            Some(Slot::Tree(tree) | Slot::Object(Some(tree))) => Some(Found::Tree(tree.json())),
            // Nobody asks for what is not read as a whole.
            Some(Slot::Object(None)) => None,
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
            Some(Slot::Tree(tree) | Slot::Object(Some(tree))) => take(Found::Tree(tree.json())),
            Some(Slot::Object(None)) => {}
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

    /// The list around a path, or whatever else was kept only as a whole, and the keys from there to the path.
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
                    return Some((tree.json(), keys));
                }
                // Nothing is inside of a text, and what is inside of an object was found.
                Some(Slot::Scalar(_) | Slot::Object(_)) => return None,
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
