//! Goes through an event once and keeps what is read.

use std::borrow::Cow;
use std::str;

use serde_json::Value as Json;

use super::json::{Cursor, HIGH};
use super::paths::{PathId, Paths, ROOT};
use super::{Scalar, Slot, Slots, Tree};

/// What was found at the beginning of the input.
#[derive(Debug)]
pub(super) struct Read<'e> {
    pub(super) slots: Slots<'e>,
    /// Whether a key at the top holds a dot.
    pub(super) is_dotted: bool,
    /// How long the event is.
    pub(super) length: usize,
}

/// How many levels of objects and lists may be in each other where somebody reads: as many as `serde_json` builds.
const LEVELS: usize = 127;
/// Events seldom have more of what is read.
const USUAL: usize = 24;

/// Reads the event at the beginning of the input; `None` if there is none, or it is not there to its end.
pub(super) fn read<'e>(bytes: &'e [u8], paths: &'e Paths) -> Option<Read<'e>> {
    let slots = Slots { paths: Vec::with_capacity(USUAL), values: Vec::with_capacity(USUAL) };
    let mut reading = Reading { cursor: Cursor::new(bytes), paths, slots, is_dotted: false };
    if reading.cursor.token()? != b'{' {
        return None;
    }
    reading.members(ROOT, 1)?;
    let Reading { cursor, slots, is_dotted, .. } = reading;
    Some(Read { slots, is_dotted, length: cursor.at })
}

struct Reading<'e> {
    cursor: Cursor<'e>,
    paths: &'e Paths,
    slots: Slots<'e>,
    is_dotted: bool,
}

impl<'e> Reading<'e> {
    /// The members of an object whose bracket is passed.
    fn members(&mut self, at: PathId, level: usize) -> Option<()> {
        let paths = self.paths;
        let node = &paths.nodes[at.index()];
        if self.cursor.closes_now(b'}') {
            return Some(());
        }
        loop {
            let (key, has_escapes) = self.cursor.key()?;
            let unescaped = if has_escapes { Some(unescaped(key)?) } else { None };
            let key = unescaped.as_deref().map_or(key, str::as_bytes);
            let first = self.cursor.token()?;
            let child = node.child(key);
            // Most keys are those of rules, which are texts and hold no dot.
            if child.is_none() && !key.is_ascii() && str::from_utf8(key).is_err() {
                return None;
            }
            if at == ROOT && (child.is_none() || paths.has_dots) {
                self.is_dotted |= key.contains(&b'.');
            }
            match child {
                Some(child) => self.part(child, first, level)?,
                None => self.skip(first, level)?,
            }
            match self.cursor.token()? {
                b',' => {}
                b'}' => return Some(()),
                _ => return None,
            }
        }
    }

    /// A value that is read, or has such parts inside; its first byte is passed.
    fn part(&mut self, at: PathId, first: u8, level: usize) -> Option<()> {
        let paths = self.paths;
        let node = &paths.nodes[at.index()];
        // Of a key that stands twice, the last counts, with all that is inside.
        if node.has_children() && self.slots.get(at).is_some() {
            self.slots.forget_below(at, paths);
        }
        let scalar = match first {
            b'{' if node.has_children() => return self.object(at, level),
            b'{' | b'[' => {
                let tree = self.tree(|it| it.skip(first, level))?;
                self.slots.put(at, Slot::Tree(tree));
                return Some(());
            }
            b'"' => {
                let (text, has_escapes) = self.cursor.text()?;
                Scalar::Text(if has_escapes {
                    Cow::Owned(unescaped(text)?)
                } else {
                    Cow::Borrowed(str::from_utf8(text).ok()?)
                })
            }
            b'n' => self.cursor.word(b"ull").map(|()| Scalar::Null)?,
            b't' => self.cursor.word(b"rue").map(|()| Scalar::Bool(true))?,
            b'f' => self.cursor.word(b"alse").map(|()| Scalar::Bool(false))?,
            b'-' | b'0'..=b'9' => number(self.cursor.number()?)?,
            _ => return None,
        };
        self.slots.put(at, Slot::Scalar(scalar));
        Some(())
    }

    /// An object whose parts are read; perhaps also the object as a whole.
    fn object(&mut self, at: PathId, level: usize) -> Option<()> {
        let whole = if self.paths.nodes[at.index()].is_read {
            Some(self.tree(|it| it.members(at, level + 1))?)
        } else {
            self.members(at, level + 1)?;
            None
        };
        self.slots.put(at, Slot::Object(whole));
        Some(())
    }

    fn skip(&mut self, first: u8, level: usize) -> Option<()> {
        self.cursor.around = level;
        self.cursor.skip(first)
    }

    /// What is passed over is kept as it is written, and laid out when somebody asks. What would fail then fails here.
    fn tree(&mut self, pass: impl FnOnce(&mut Self) -> Option<()>) -> Option<Tree<'e>> {
        let start = self.cursor.at - 1;
        let before = (self.cursor.deepest, self.cursor.is_odd, self.cursor.high);
        (self.cursor.deepest, self.cursor.is_odd, self.cursor.high) = (0, false, 0);
        pass(self)?;
        let tree = Tree::new(&self.cursor.bytes[start..self.cursor.at]);
        let is_ascii = self.cursor.high & HIGH == 0;
        if self.cursor.deepest > LEVELS || !is_ascii && str::from_utf8(tree.raw).is_err() {
            return None;
        }
        if self.cursor.is_odd {
            tree.lay_out()?;
        }
        self.cursor.deepest = self.cursor.deepest.max(before.0);
        self.cursor.is_odd |= before.1;
        self.cursor.high |= before.2;
        Some(tree)
    }
}

/// A text with escapes, whose quotes are left out.
fn unescaped(text: &[u8]) -> Option<String> {
    serde_json::from_slice(&[b"\"", text, b"\""].concat()).ok()
}

fn number(digits: &[u8]) -> Option<Scalar<'static>> {
    // So many digits fit, whatever they are.
    if digits.len() < 19 && digits.iter().all(u8::is_ascii_digit) {
        return Some(Scalar::Integer(digits.iter().fold(0, |number, it| 10 * number + i64::from(it - b'0'))));
    }
    let Json::Number(number) = serde_json::from_slice(digits).ok()? else { return None };
    Some(match (number.as_i64(), number.as_u64()) {
        (Some(number), _) => Scalar::Integer(number),
        // As every JSON reader does with what is too large.
        #[expect(clippy::cast_precision_loss, reason = "no such number is exact in JSON")]
        (None, Some(number)) => Scalar::Float(number as f64),
        (None, None) => Scalar::Float(number.as_f64()?),
    })
}
