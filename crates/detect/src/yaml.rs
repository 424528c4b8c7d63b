//! YAML with the place of everything in it, as loaders of rules read it: scalars are texts, whatever they look like.

use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span};
use yagura_model::Place;

/// A value, and where it begins.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) at: Place,
    pub(crate) kind: Kind,
    /// Of a document: its bytes in the file.
    pub(crate) span: Range<usize>,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// Nothing: `key:`, `~`, `null`.
    Null,
    Scalar(Scalar),
    Sequence(Vec<Node>),
    /// In the order of the file. A key that stands twice is in here twice; the last one counts.
    Mapping(Vec<(String, Place, Node)>),
}

/// A text.
#[derive(Debug, Clone)]
pub(crate) struct Scalar {
    pub(crate) text: String,
    /// As the file writes it, without quotes and the head of a block, and where that begins.
    raw: String,
    begins: Place,
}

/// Why a file is not YAML.
#[derive(Debug, Clone)]
pub(crate) struct NotYaml {
    pub(crate) at: Place,
    pub(crate) message: String,
}

impl Node {
    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        match &self.kind {
            Kind::Mapping(entries) => {
                entries.iter().rev().find(|(it, _, _)| it == key).map(|(_, _, value)| value)
            }
            _ => None,
        }
    }

    /// What kind of value it is, for people.
    pub(crate) fn describe(&self) -> &'static str {
        match self.kind {
            Kind::Null => "nothing",
            Kind::Scalar(_) => "a text",
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "a mapping",
        }
    }
}

impl Scalar {
    /// Where in the file a place in the text is. Lines that are folded move text, but never change the order of what is not blank.
    pub(crate) fn place(&self, offset: usize) -> Place {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let mut ahead = before.chars().filter(|it| !it.is_whitespace()).count();
        let mut place = self.begins;
        for character in self.raw.chars() {
            if !character.is_whitespace() {
                if ahead == 0 {
                    return place;
                }
                ahead -= 1;
            }
            if character == '\n' {
                place = Place { line: place.line + 1, column: 1 };
            } else {
                place.column += 1;
            }
        }
        place
    }
}

/// Reads every document of a file. An empty document is left out.
pub(crate) fn read(text: &str) -> Result<Vec<Node>, NotYaml> {
    let mut reader =
        Reader { text, documents: Vec::new(), open: Vec::new(), began: 0, anchors: HashMap::new() };
    for next in Parser::new_from_str(text) {
        let (event, span) = next.map_err(|error| NotYaml {
            at: place(error.marker().line(), error.marker().col()),
            message: error.info(),
        })?;
        reader.take(event, span)?;
    }
    Ok(reader.documents)
}

/// A collection that is not closed yet.
struct Open {
    at: Place,
    anchor: usize,
    content: Content,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping { entries: Vec<(String, Place, Node)>, key: Option<(String, Place)> },
}

struct Reader<'t> {
    text: &'t str,
    documents: Vec<Node>,
    open: Vec<Open>,
    /// Where the document began, in bytes.
    began: usize,
    anchors: HashMap<usize, Node>,
}

/// How deep collections may nest: a rule file needs five levels.
const DEPTH: usize = 64;
/// How many values aliases may add, so that a small file cannot grow without bounds.
const ALIASED: usize = 100_000;

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), NotYaml> {
        let at = place(span.start.line(), span.start.col());
        match event {
            Event::Scalar(value, style, anchor, _) => {
                let kind = match self.scalar(&value, style, span, at) {
                    Some(scalar) => Kind::Scalar(scalar),
                    None => Kind::Null,
                };
                self.put(Node { at, kind, span: 0..0 }, anchor);
            }
            Event::SequenceStart(_, anchor, _) => self.begin(at, anchor, Content::Sequence(Vec::new()))?,
            Event::MappingStart(_, anchor, _) => {
                self.begin(at, anchor, Content::Mapping { entries: Vec::new(), key: None })?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else { return Ok(()) };
                let kind = match open.content {
                    Content::Sequence(items) => Kind::Sequence(items),
                    Content::Mapping { entries, .. } => Kind::Mapping(entries),
                };
                self.put(Node { at: open.at, kind, span: 0..0 }, open.anchor);
            }
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).cloned();
                let node =
                    node.ok_or_else(|| NotYaml { at, message: "the alias has no anchor".to_owned() })?;
                if size(&node) > ALIASED {
                    return Err(NotYaml { at, message: "aliases make this file too large".to_owned() });
                }
                self.put(node, 0);
            }
            Event::DocumentStart(..) => {
                self.began = span.end.byte_offset().unwrap_or(self.began);
                // A document ends where the next one begins.
                let here = span.start.byte_offset().unwrap_or(self.text.len());
                if let Some(before) = self.documents.last_mut() {
                    before.span.end = here.min(before.span.end);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn scalar(&self, value: &str, style: ScalarStyle, span: Span, at: Place) -> Option<Scalar> {
        if style == ScalarStyle::Plain && matches!(value, "" | "~" | "null" | "Null" | "NULL") {
            return None;
        }
        let raw = span.slice(self.text).unwrap_or_default();
        let (raw, begins) = match style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                (raw.get(1..).unwrap_or_default(), Place { column: at.column + 1, ..at })
            }
            ScalarStyle::Literal | ScalarStyle::Folded if raw.starts_with(['|', '>']) => {
                let lines = raw.split_once('\n').map_or("", |(_, lines)| lines);
                (lines, Place { line: at.line + 1, column: 1 })
            }
            _ => (raw, at),
        };
        Some(Scalar { text: value.to_owned(), raw: raw.to_owned(), begins })
    }

    fn begin(&mut self, at: Place, anchor: usize, content: Content) -> Result<(), NotYaml> {
        if self.open.len() == DEPTH {
            return Err(NotYaml { at, message: "the file nests too deep".to_owned() });
        }
        self.open.push(Open { at, anchor, content });
        Ok(())
    }

    /// A value that is complete goes where it belongs.
    fn put(&mut self, node: Node, anchor: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|it| &mut it.content) {
            Some(Content::Sequence(items)) => items.push(node),
            Some(Content::Mapping { entries, key }) => match key.take() {
                Some((name, at)) => entries.push((name, at, node)),
                None => {
                    let name = match node.kind {
                        Kind::Scalar(scalar) => scalar.text,
                        _ => String::new(),
                    };
                    *key = Some((name, node.at));
                }
            },
            None => {
                if !matches!(node.kind, Kind::Null) {
                    self.documents.push(Node { span: self.began..self.text.len(), ..node });
                }
            }
        }
    }
}

fn size(node: &Node) -> usize {
    match &node.kind {
        Kind::Null | Kind::Scalar(_) => 1,
        Kind::Sequence(items) => 1 + items.iter().map(size).sum::<usize>(),
        Kind::Mapping(entries) => 1 + entries.iter().map(|(_, _, value)| size(value)).sum::<usize>(),
    }
}

/// The parser counts columns from 0.
fn place(line: usize, column: usize) -> Place {
    let number = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    Place { line: number(line), column: number(column + 1) }
}
