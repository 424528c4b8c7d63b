//! Single records out of a stream of JSON: one object after the other, a list of them, or a list inside an object, as CloudTrail
//! (`Records`), Kubernetes (`items`) and others write them.
//!
//! Nothing is parsed here: the end of a record is found by its brackets. Memory is bounded by the largest record.

pub(crate) mod scan;
#[cfg(test)]
mod tests;

use std::io::{self, Read};
use std::ops::{Deref, Range};

use memchr::memmem;
use thiserror::Error;

use scan::{Look, Scan};

/// Why no more records come.
#[derive(Debug, Error)]
pub enum RecordsError {
    /// The input ends with an error: a disk, a truncated file.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A part of the input that is no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Its bytes in the unpacked input.
    pub place: Range<u64>,
    /// What is wrong, for people.
    pub message: &'static str,
    /// Its beginning.
    pub head: Vec<u8>,
}

/// The largest record: CloudTrail's own limit is 256 KB, Kubernetes' some megabytes.
const LARGEST: usize = 32 << 20;
const CHUNK: usize = 256 << 10;
/// How much of a broken record is kept to show.
pub(crate) const HEAD: usize = 2048;
/// Keys whose list holds the records.
const LISTS: [&[u8]; 4] = [b"Records", b"items", b"Events", b"Findings"];

/// Where in the input it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Between values; not in a list.
    Between,
    /// In a list of records.
    InList {
        /// Whether the list is in an object.
        wrapped: bool,
    },
    /// Behind the list, in the object around it.
    Behind,
    Done,
}

/// What was done about the next record.
#[derive(Debug, PartialEq, Eq)]
pub enum Next<R> {
    /// It was taken as it stood in the buffer.
    Taken,
    /// It has to be looked at by itself.
    Record(R),
    /// There is none.
    End,
}

/// What was read and is still needed. The room behind it stays as it is from one read to the next: clearing it each time costs as much
/// as a tenth of unpacking.
#[derive(Default)]
struct Buffer {
    room: Vec<u8>,
    filled: usize,
}

impl Buffer {
    fn forget(&mut self, bytes: usize) {
        self.room.copy_within(bytes..self.filled, 0);
        self.filled -= bytes;
    }

    /// Reads once; how much was read.
    fn fill(&mut self, input: &mut impl Read) -> io::Result<usize> {
        let end = self.filled + CHUNK;
        if self.room.len() < end {
            self.room.resize(end, 0);
        }
        let read = input.read(&mut self.room[self.filled..end])?;
        self.filled += read;
        Ok(read)
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.room[..self.filled]
    }
}

/// Reads records.
pub struct Records<R> {
    input: R,
    buffer: Buffer,
    /// Bytes of the buffer that are dealt with.
    at: usize,
    /// How many bytes were before the buffer.
    before: u64,
    ended: bool,
    state: State,
    /// The last record, in the buffer.
    last: Range<usize>,
    /// How records begin: up to the end of the first key.
    opening: Vec<u8>,
    broken: Vec<Broken>,
}

impl<R: Read> Records<R> {
    /// Begins.
    pub fn new(input: R) -> Self {
        Self {
            input,
            buffer: Buffer::default(),
            at: 0,
            before: 0,
            ended: false,
            state: State::Between,
            last: 0..0,
            opening: Vec::new(),
            broken: Vec::new(),
        }
    }

    /// The next record.
    ///
    /// # Errors
    ///
    /// The input cannot be read further; the records before were given.
    #[expect(clippy::should_implement_trait, reason = "a record is lent until the next one")]
    pub fn next(&mut self) -> Result<Option<&[u8]>, RecordsError> {
        Ok(match self.next_or_take(|_| None)? {
            // Nothing is taken here.
            Next::Taken | Next::End => None,
            Next::Record(record) => Some(record),
        })
    }

    /// The next record, which whoever reads it may take at once: `take` is given what begins with it, and says how long it is.
    /// So a record is gone through once. Where `take` does not know, because the record is broken or goes on
    /// behind what is given, its end is looked for by its brackets.
    ///
    /// # Errors
    ///
    /// The input cannot be read further; the records before were given.
    pub fn next_or_take(
        &mut self,
        mut take: impl FnMut(&[u8]) -> Option<usize>,
    ) -> Result<Next<&[u8]>, RecordsError> {
        loop {
            self.blank()?;
            let Some(byte) = self.buffer.get(self.at).copied() else {
                if let State::InList { .. } | State::Behind = self.state {
                    self.fail(self.at..self.at, "the file is cut off");
                }
                self.state = State::Done;
                return Ok(Next::End);
            };
            match (self.state, byte) {
                (State::Done, _) => return Ok(Next::End),
                (State::Between, b'[') => {
                    self.at += 1;
                    self.state = State::InList { wrapped: false };
                }
                (State::Between, b'{') if self.enters_list()? => {
                    self.state = State::InList { wrapped: true };
                }
                (State::InList { .. } | State::Between, b'{') => {
                    if let Some(length) = take(&self.buffer[self.at..]) {
                        self.found(length);
                        return Ok(Next::Taken);
                    }
                    if self.record()? {
                        return Ok(Next::Record(&self.buffer[self.last.clone()]));
                    }
                }
                (State::InList { wrapped }, b']') => {
                    self.at += 1;
                    self.state = if wrapped { State::Behind } else { State::Between };
                }
                (State::Behind, b'}') => {
                    self.at += 1;
                    self.state = State::Between;
                }
                (State::InList { .. } | State::Between, b',') => self.at += 1,
                (State::Behind, _) => self.skip_member()?,
                (_, _) => self.skip_junk()?,
            }
        }
    }

    /// The last record turned out to be none: what follows inside of it is looked for.
    pub fn reject(&mut self, message: &'static str) {
        let last = self.last.clone();
        if last.is_empty() {
            return;
        }
        let end = self.resync(last.start + 1, last.end).unwrap_or(last.end);
        self.at = end;
        self.last = end..end;
        self.fail(last.start..end, message);
    }

    /// The record that was given last; nothing before the first and after one that was rejected.
    pub(crate) fn last(&self) -> &[u8] {
        &self.buffer[self.last.clone()]
    }

    /// Something inside of the last record cannot be read: it is told, and the record stands.
    pub(crate) fn tell(&mut self, message: &'static str) {
        self.fail(self.last.clone(), message);
    }

    /// What could not be read since this was asked last.
    pub fn take_broken(&mut self) -> Vec<Broken> {
        std::mem::take(&mut self.broken)
    }

    fn fail(&mut self, range: Range<usize>, message: &'static str) {
        let head = self.buffer[range.start..range.end.min(range.start + HEAD)].to_vec();
        let place = self.before + range.start as u64..self.before + range.end as u64;
        self.broken.push(Broken { place, message, head });
    }

    /// Reads more; whether there was more. Forgets what is dealt with.
    fn more(&mut self) -> Result<bool, RecordsError> {
        if self.ended {
            return Ok(false);
        }
        if self.at > 0 {
            self.before += self.at as u64;
            self.buffer.forget(self.at);
            self.last = 0..0;
            self.at = 0;
        }
        let read = loop {
            match self.buffer.fill(&mut self.input) {
                Ok(read) => break read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    let filled = self.buffer.len();
                    if filled > 0 {
                        self.fail(0..filled, "the file cannot be read on from here");
                        self.at = filled;
                    }
                    self.state = State::Done;
                    return Err(error.into());
                }
            }
        };
        self.ended = read == 0;
        Ok(read > 0)
    }

    /// Goes to the next byte that is not blank.
    fn blank(&mut self) -> Result<(), RecordsError> {
        loop {
            let rest = &self.buffer[self.at..];
            match rest.iter().position(|it| !matches!(it, b' ' | b'\t' | b'\n' | b'\r' | 0xef | 0xbb | 0xbf))
            {
                Some(blanks) => {
                    self.at += blanks;
                    return Ok(());
                }
                None => {
                    self.at = self.buffer.len();
                    if !self.more()? {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Whether the object here begins with a list of records; then the list is entered.
    fn enters_list(&mut self) -> Result<bool, RecordsError> {
        loop {
            let mut rest = Look { bytes: &self.buffer[self.at + 1..], at: 0 };
            let entered = (|| {
                let key = rest.key()?;
                if !LISTS.contains(&key) {
                    return Some(false);
                }
                Some(rest.token()? == b':' && rest.token()? == b'[')
            })();
            match entered {
                Some(true) => {
                    self.at += 1 + rest.at;
                    return Ok(true);
                }
                Some(false) => return Ok(false),
                None if self.buffer.len() - self.at > 4096 || !self.more()? => return Ok(false),
                None => {}
            }
        }
    }

    /// Takes the object that begins here; whether it is one.
    fn record(&mut self) -> Result<bool, RecordsError> {
        let mut scan = Scan::default();
        loop {
            let start = self.at;
            if let Some(length) = scan.end(&self.buffer[start..]) {
                self.found(length);
                return Ok(true);
            }
            let too_large = self.buffer.len() - start > LARGEST;
            if too_large || !self.more()? {
                let message =
                    if too_large { "the record is larger than 32 MB" } else { "the record is cut off" };
                let start = self.at;
                let end = self.resync(start + 1, self.buffer.len()).unwrap_or(self.buffer.len());
                self.fail(start..end, message);
                self.at = end;
                return Ok(false);
            }
        }
    }

    /// A record of a length stands here; goes behind it.
    fn found(&mut self, length: usize) {
        let start = self.at;
        self.last = start..(start + length).min(self.buffer.len());
        self.at = self.last.end;
        if self.opening.is_empty()
            && let Some(key) = (Look { bytes: &self.buffer[start + 1..], at: 0 }).key()
        {
            self.opening = [b"{\"", key, b"\""].concat();
        }
    }

    /// Where the next record may begin: where the same first key stands.
    fn resync(&self, from: usize, to: usize) -> Option<usize> {
        if self.opening.is_empty() || from >= to {
            return None;
        }
        memmem::find(&self.buffer[from..to], &self.opening).map(|at| from + at)
    }

    /// Passes over something that is no object.
    fn skip_junk(&mut self) -> Result<(), RecordsError> {
        loop {
            let rest = &self.buffer[self.at..];
            let ends = |it: &u8| matches!(it, b'{' | b'\n' | b'[' | b']' | b',');
            let end = rest.iter().skip(1).position(ends).map(|it| it + 1);
            let length = rest.len();
            if end.is_some() || length > CHUNK || !self.more()? {
                let (start, end) = (self.at, self.at + end.unwrap_or(length));
                self.fail(start..end, "this is no record");
                self.at = end;
                return Ok(());
            }
        }
    }

    /// Passes over a key and its value behind the list.
    fn skip_member(&mut self) -> Result<(), RecordsError> {
        let mut scan = Scan::default();
        loop {
            if let Some(length) = scan.member(&self.buffer[self.at..]) {
                self.at += length;
                return Ok(());
            }
            if self.buffer.len() - self.at > LARGEST || !self.more()? {
                self.at = self.buffer.len();
                return Ok(());
            }
        }
    }
}

impl<R> std::fmt::Debug for Records<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").field("state", &self.state).finish_non_exhaustive()
    }
}
