//! Which parts of events are read: the paths of all rules in one tree, so that an event is gone through once and
//! everything else in it is skipped.

use std::collections::HashMap;

/// A part of an event that somebody reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PathId(u32);

impl PathId {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The event as a whole.
pub(super) const ROOT: PathId = PathId(0);

#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) children: HashMap<Box<str>, PathId>,
    pub(super) parent: Option<PathId>,
    pub(super) key: Box<str>,
    /// Whether somebody reads this part itself, not only what is inside.
    pub(super) is_read: bool,
}

/// The paths that are read.
#[derive(Debug)]
pub struct Paths {
    pub(super) nodes: Vec<Node>,
}

impl Default for Paths {
    fn default() -> Self {
        Self { nodes: vec![Node::default()] }
    }
}

impl Paths {
    /// Adds a path; the same path is the same id.
    pub fn add<'k>(&mut self, keys: impl IntoIterator<Item = &'k str>) -> PathId {
        let mut at = ROOT;
        for key in keys {
            at = match self.nodes[at.index()].children.get(key) {
                Some(child) => *child,
                None => {
                    // Rules are far fewer than 2^32.
                    let child = PathId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
                    self.nodes.push(Node { parent: Some(at), key: key.into(), ..Node::default() });
                    self.nodes[at.index()].children.insert(key.into(), child);
                    child
                }
            };
        }
        self.nodes[at.index()].is_read = true;
        at
    }

    /// The keys from the event down to a part.
    #[must_use]
    pub fn keys(&self, path: PathId) -> Vec<&str> {
        let mut keys = Vec::new();
        let mut node = &self.nodes[path.index()];
        while let Some(parent) = node.parent {
            keys.push(&*node.key);
            node = &self.nodes[parent.index()];
        }
        keys.reverse();
        keys
    }
}
