//! Which parts of events are read: the paths of all rules in one tree, so that an event is gone through once and
//! everything else in it is skipped.

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
    children: Children,
    pub(super) parent: Option<PathId>,
    pub(super) key: Box<str>,
    /// Whether somebody reads this part itself, not only what is inside.
    pub(super) is_read: bool,
}

/// The parts inside of a part, by key. Every key of every event is looked up here, and most are not found: a table of our own needs
/// no more than three bytes of a key for that.
#[derive(Debug, Default)]
struct Children {
    all: Vec<(Box<str>, PathId)>,
    /// One more than the place of a child; 0 is none. Its length is a power of two, and some are always free.
    table: Vec<u16>,
}

impl Children {
    #[inline]
    fn slot(key: &[u8]) -> usize {
        let (first, middle, last) = match key {
            [] => return 0,
            [first, .., last] => (*first, key[key.len() / 2], *last),
            [only] => (*only, *only, *only),
        };
        key.len() + 3 * usize::from(first) + 7 * usize::from(middle) + 13 * usize::from(last)
    }

    #[inline]
    fn get(&self, key: &[u8]) -> Option<PathId> {
        let mask = self.table.len().checked_sub(1)?;
        let mut slot = Self::slot(key) & mask;
        loop {
            let place = usize::from(self.table[slot]);
            let (child, path) = self.all.get(place.checked_sub(1)?)?;
            if is_same(child.as_bytes(), key) {
                return Some(*path);
            }
            slot = (slot + 1) & mask;
        }
    }

    fn add(&mut self, key: &str, path: PathId) {
        self.all.push((key.into(), path));
        let size = (4 * self.all.len()).next_power_of_two();
        self.table = vec![0; size];
        for (place, (key, _)) in (1..).zip(&self.all) {
            let mut slot = Self::slot(key.as_bytes()) & (size - 1);
            while self.table[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.table[slot] = place;
        }
    }
}

/// Whether two keys are the same. Keys are short: calling the system's comparison costs more than comparing.
#[inline]
fn is_same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let (a_eights, a_rest) = a.as_chunks::<8>();
    let (b_eights, b_rest) = b.as_chunks::<8>();
    let same = |(a, b): (&[u8; 8], &[u8; 8])| u64::from_ne_bytes(*a) == u64::from_ne_bytes(*b);
    a_eights.iter().zip(b_eights).all(same) && a_rest.iter().zip(b_rest).all(|(a, b)| a == b)
}

impl Node {
    /// The part that a key leads to, if somebody reads there.
    #[inline]
    pub(super) fn child(&self, key: &[u8]) -> Option<PathId> {
        self.children.get(key)
    }

    pub(super) fn has_children(&self) -> bool {
        !self.children.all.is_empty()
    }
}

/// The paths that are read.
#[derive(Debug)]
pub struct Paths {
    pub(super) nodes: Vec<Node>,
    /// Whether a key holds a dot.
    pub(super) has_dots: bool,
}

impl Default for Paths {
    fn default() -> Self {
        Self { nodes: vec![Node::default()], has_dots: false }
    }
}

impl Paths {
    /// Adds a path; the same path is the same id.
    pub fn add<'k>(&mut self, keys: impl IntoIterator<Item = &'k str>) -> PathId {
        let mut at = ROOT;
        for key in keys {
            at = match self.nodes[at.index()].child(key.as_bytes()) {
                Some(child) => child,
                None => {
                    // Rules are far fewer than 2^32.
                    let child = PathId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
                    self.has_dots |= key.contains('.');
                    self.nodes.push(Node { parent: Some(at), key: key.into(), ..Node::default() });
                    self.nodes[at.index()].children.add(key, child);
                    child
                }
            };
        }
        self.nodes[at.index()].is_read = true;
        at
    }

    /// Whether a part is inside of another.
    pub(super) fn is_below(&self, path: PathId, other: PathId) -> bool {
        let mut at = path;
        while let Some(parent) = self.nodes[at.index()].parent {
            if parent == other {
                return true;
            }
            at = parent;
        }
        false
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
