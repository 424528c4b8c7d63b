//! From a file of any format to single records in JSON, each with its kind.
//!
//! What a file is stands in its first bytes, and what a record is in its keys: names of files say nothing here. Events of CloudTrail and
//! Kubernetes, and GuardDuty's findings, are lent as they stand in the file, also out of EventBridge's events; flow logs, DNS queries and
//! Falco's alerts get fields on top that rules ask for (`yagura`); what is inside of batches and texts is unpacked.

mod address;
mod dns;
mod flow;
mod identity;
mod kind;
mod made;
mod members;
mod parquet;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{Cursor, Read};
use std::ops::Range;
use std::path::Path;

use serde_json::{Map, Value as Json};

use crate::compression::{CompressionError, is_compressed, unpack};
use crate::records::{Broken, Next, Records, RecordsError};
use flow::{Columns, FlowLines};
pub use kind::SourceKind;
use kind::{Shape, begins_with, shape};
use made::Made;
use parquet::Rows;
pub use parquet::{ParquetFileError, keep_quiet_of_handled_panics};

/// Enough of a file to see what it is.
const PEEK: usize = 64 << 10;
/// Firehose presses files of records that are pressed already; its files are smaller than that.
const PRESSED: u64 = 16 << 20;

type Input = Box<dyn Read + Send>;

/// Reads records of any format.
pub struct Decoded {
    layout: Layout,
    made: Made,
    given: Given,
}

enum Layout {
    Json(Box<Records<Input>>),
    FlowLines(Box<FlowLines<Input>>),
    Parquet(Box<Rows>),
}

/// Where the record is that was given last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Given {
    InFile,
    Made,
}

impl Decoded {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// It is not there, or its first bytes cannot be read, or it is Parquet without an end that can be read.
    pub fn open(path: &Path) -> Result<Self, DecodeError> {
        let mut file = File::open(path).map_err(CompressionError::from)?;
        let size = file.metadata().map_err(CompressionError::from)?.len();
        let first = peek(&mut file, parquet::MAGIC.len()).map_err(CompressionError::from)?;
        if first == parquet::MAGIC {
            return Ok(Self::of(Layout::Parquet(Box::new(Rows::of_file(file)?))));
        }
        Self::sniffed(unpack(Cursor::new(first).chain(file), Some(size))?)
    }

    /// Begins with bytes as they come: compressed or not.
    ///
    /// # Errors
    ///
    /// The first bytes cannot be read, or it is Parquet without an end that can be read.
    pub fn new(input: impl Read + Send + 'static, size: Option<u64>) -> Result<Self, DecodeError> {
        Self::sniffed(unpack(input, size)?)
    }

    fn sniffed(input: Input) -> Result<Self, DecodeError> {
        let (first, input) = ahead(input)?;
        let (first, input) =
            if is_compressed(&first) { ahead(unpack(input, Some(PRESSED))?)? } else { (first, input) };
        Ok(Self::of(if first.starts_with(parquet::MAGIC) {
            Layout::Parquet(Box::new(Rows::of_stream(input)?))
        } else if is_flow_text(&first) {
            Layout::FlowLines(Box::new(FlowLines::new(input)))
        } else {
            Layout::Json(Box::new(Records::new(input)))
        }))
    }

    fn of(layout: Layout) -> Self {
        Self { layout, made: Made::default(), given: Given::InFile }
    }

    /// The next record, and what it is.
    ///
    /// # Errors
    ///
    /// The input cannot be read further; the records before were given.
    #[expect(clippy::should_implement_trait, reason = "a record is lent until the next one")]
    pub fn next(&mut self) -> Result<Option<(SourceKind, &[u8])>, RecordsError> {
        Ok(match self.next_or_take(|_, _| None)? {
            // Nothing is taken here.
            Next::Taken | Next::End => None,
            Next::Record(record) => Some(record),
        })
    }

    /// As [`Decoded::next`]; but of records that stand in a file as they are and whose first key says what they are, `take`
    /// is given what begins with them, and may take them at once by saying how long they are.
    /// So a record is gone through once. Without an answer the record comes as others do.
    ///
    /// # Errors
    ///
    /// The input cannot be read further; the records before were given.
    pub fn next_or_take(
        &mut self,
        mut take: impl FnMut(SourceKind, &[u8]) -> Option<usize>,
    ) -> Result<Next<(SourceKind, &[u8])>, RecordsError> {
        loop {
            if let Some((kind, range)) = self.made.take() {
                self.given = Given::Made;
                return Ok(Next::Record((kind, self.made.bytes(range))));
            }
            self.made.clear();
            self.given = Given::InFile;
            match &mut self.layout {
                Layout::Json(records) => {
                    let record = match records.next_or_take(|bytes| take(begins_with(bytes)?, bytes))? {
                        Next::End => return Ok(Next::End),
                        Next::Taken => return Ok(Next::Taken),
                        Next::Record(record) => record,
                    };
                    if let Some((kind, range)) = as_it_stands(record) {
                        return Ok(Next::Record((kind, self.in_file(Some(range)))));
                    }
                    self.made.record(record);
                    for message in self.made.take_broken() {
                        records.tell(message);
                    }
                }
                Layout::FlowLines(lines) => {
                    if !lines.advance()? {
                        return Ok(Next::End);
                    }
                    return Ok(Next::Record((SourceKind::VpcFlow, self.in_file(None))));
                }
                Layout::Parquet(rows) => {
                    let Some(record) = rows.advance()? else { return Ok(Next::End) };
                    self.made.record(record);
                    for message in self.made.take_broken() {
                        rows.reject(message);
                    }
                }
            }
        }
    }

    /// The record that the layout holds, or a part of it.
    fn in_file(&self, part: Option<Range<usize>>) -> &[u8] {
        let record = match &self.layout {
            Layout::Json(records) => records.last(),
            Layout::FlowLines(lines) => lines.record(),
            Layout::Parquet(_) => &[],
        };
        part.map_or(record, |part| &record[part])
    }

    /// The last record turned out to be none: it is told with its place, and what follows inside of it is looked for.
    pub fn reject(&mut self, message: &'static str) {
        match (&mut self.layout, self.given) {
            (Layout::Json(records), Given::InFile) => records.reject(message),
            (Layout::Json(records), Given::Made) => records.tell(message),
            (Layout::FlowLines(lines), _) => lines.reject(message),
            (Layout::Parquet(rows), _) => rows.reject(message),
        }
    }

    /// What could not be read since this was asked last.
    pub fn take_broken(&mut self) -> Vec<Broken> {
        match &mut self.layout {
            Layout::Json(records) => records.take_broken(),
            Layout::FlowLines(lines) => lines.take_broken(),
            Layout::Parquet(rows) => rows.take_broken(),
        }
    }

    /// How many texts in batches of CloudWatch Logs were of no format that is known, such as the other logs of a cluster.
    #[must_use]
    pub fn passed_over(&self) -> u64 {
        self.made.passed_over()
    }
}

impl std::fmt::Debug for Decoded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoded").field("given", &self.given).finish_non_exhaustive()
    }
}

/// Why a file cannot be decoded at all.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// It cannot be read.
    #[error(transparent)]
    Compression(#[from] CompressionError),
    /// It is Parquet, but broken.
    #[error(transparent)]
    Parquet(#[from] ParquetFileError),
}

/// The event of a record that needs no change: itself, or what EventBridge put around it left out.
fn as_it_stands(record: &[u8]) -> Option<(SourceKind, Range<usize>)> {
    match shape(record) {
        Shape::Plain(kind) => Some((kind, 0..record.len())),
        Shape::Inside(at) => match shape(&record[at.clone()]) {
            Shape::Plain(kind) if kind != SourceKind::Unknown => Some((kind, at)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a file is a flow log in text: by its first line that is not empty.
fn is_flow_text(first: &[u8]) -> bool {
    if first.trim_ascii_start().starts_with(b"{") {
        return false;
    }
    let text = String::from_utf8_lossy(first);
    let line = text.trim_start_matches('\u{feff}').lines().find(|it| !it.trim().is_empty());
    line.is_some_and(|it| Columns::of_header(it).is_some() || flow::is_default(it) || flow::is_flow_like(it))
}

/// Up to so many bytes of the beginning.
fn peek(input: &mut impl Read, most: usize) -> std::io::Result<Vec<u8>> {
    let mut first = Vec::new();
    input.take(most as u64).read_to_end(&mut first)?;
    Ok(first)
}

/// The beginning of an input, and all of it.
fn ahead(mut input: Input) -> Result<(Vec<u8>, Input), CompressionError> {
    let mut first = vec![0; PEEK];
    let mut filled = 0;
    // Until a line is there: a pipe may give little at a time.
    while filled < PEEK && !first[..filled].contains(&b'\n') {
        match input.read(&mut first[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            // What came before is read first; the error comes again behind it.
            Err(error) => {
                first.truncate(filled);
                let failing = Cursor::new(first.clone()).chain(Failed(Some(error)));
                return Ok((first, Box::new(failing)));
            }
        }
    }
    first.truncate(filled);
    Ok((first.clone(), Box::new(Cursor::new(first).chain(input))))
}

/// An input that failed.
struct Failed(Option<std::io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Writes a record, which is an object, with the key `yagura` on top. Of a key that stands twice the last one counts.
fn add_derived(record: &[u8], derived: &Json, out: &mut Vec<u8>) {
    let record = record.trim_ascii_end();
    let inside = record.strip_suffix(b"}").unwrap_or(record).trim_ascii_end();
    out.extend_from_slice(inside);
    if !inside.ends_with(b"{") {
        out.push(b',');
    }
    out.extend_from_slice(br#""yagura":"#);
    out.extend_from_slice(derived.to_string().as_bytes());
    out.push(b'}');
}

/// The id of a record that has none: the order of its keys does not count.
fn id_of(kind: &str, record: &Map<String, Json>) -> String {
    let fields: Vec<_> = record.iter().map(|(key, value)| (key.as_str(), value.to_string())).collect();
    identity::id(kind, fields.iter().map(|(key, value)| (*key, value.as_str())))
}
