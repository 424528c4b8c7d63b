//! Single records out of a stream of JSON: one object after the other, a list of them, or a list inside an object, as CloudTrail
//! (`Records`), Kubernetes (`items`) and others write them.
//!
//! Nothing is parsed here: the end of a record is found by its brackets. Memory is bounded by the largest record.

use std::io::{self, Read};
use std::ops::Range;

use memchr::memmem;
use thiserror::Error;

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
const HEAD: usize = 2048;
/// Keys whose list holds the records.
const LISTS: [&[u8]; 3] = [b"Records", b"items", b"Events"];

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

/// Reads records.
pub struct Records<R> {
    input: R,
    buffer: Vec<u8>,
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
            buffer: Vec::new(),
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
        loop {
            self.blank()?;
            let Some(byte) = self.buffer.get(self.at).copied() else {
                if let State::InList { .. } | State::Behind = self.state {
                    self.fail(self.at..self.at, "the file is cut off");
                }
                self.state = State::Done;
                return Ok(None);
            };
            match (self.state, byte) {
                (State::Done, _) => return Ok(None),
                (State::Between, b'[') => {
                    self.at += 1;
                    self.state = State::InList { wrapped: false };
                }
                (State::Between, b'{') => {
                    if self.enters_list()? {
                        self.state = State::InList { wrapped: true };
                    } else if self.record()? {
                        return Ok(Some(&self.buffer[self.last.clone()]));
                    }
                }
                (State::InList { .. }, b'{') => {
                    if self.record()? {
                        return Ok(Some(&self.buffer[self.last.clone()]));
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
            self.buffer.drain(..self.at);
            self.last = 0..0;
            self.at = 0;
        }
        let filled = self.buffer.len();
        self.buffer.resize(filled + CHUNK, 0);
        let read = loop {
            match self.input.read(&mut self.buffer[filled..]) {
                Ok(read) => break read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.buffer.truncate(filled);
                    self.ended = true;
                    if filled > 0 {
                        self.fail(0..filled, "the file cannot be read on from here");
                        self.at = filled;
                    }
                    self.state = State::Done;
                    return Err(error.into());
                }
            }
        };
        self.buffer.truncate(filled + read);
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
                self.last = start..start + length;
                self.at = start + length;
                if self.opening.is_empty()
                    && let Some(key) = (Look { bytes: &self.buffer[start + 1..], at: 0 }).key()
                {
                    self.opening = [b"{\"", key, b"\""].concat();
                }
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

/// Looks at a few tokens ahead.
struct Look<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Look<'b> {
    fn token(&mut self) -> Option<u8> {
        let blanks = self.bytes[self.at..].iter().position(|it| !it.is_ascii_whitespace())?;
        self.at += blanks + 1;
        Some(self.bytes[self.at - 1])
    }

    /// A key without escapes.
    fn key(&mut self) -> Option<&'b [u8]> {
        if self.token()? != b'"' {
            return Some(b"");
        }
        let length = self.bytes[self.at..].iter().position(|it| *it == b'"')?;
        let key = &self.bytes[self.at..self.at + length];
        self.at += length + 1;
        Some(key)
    }
}

/// Finds where an object ends. Goes on where it stopped when more bytes have come.
#[derive(Debug, Default)]
struct Scan {
    at: usize,
    depth: usize,
    in_text: bool,
}

impl Scan {
    /// The length of the object at the beginning of the bytes.
    fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        while self.at < bytes.len() {
            if self.in_text && !self.text(bytes) {
                return None;
            }
            let byte = bytes.get(self.at)?;
            self.at += 1;
            match byte {
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Some(self.at);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The length up to a `,` or `}` that belongs to the object around.
    fn member(&mut self, bytes: &[u8]) -> Option<usize> {
        while self.at < bytes.len() {
            if self.in_text && !self.text(bytes) {
                return None;
            }
            match bytes.get(self.at)? {
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth == 0 => return Some(self.at),
                b'}' | b']' => self.depth -= 1,
                b',' if self.depth == 0 => return Some(self.at + 1),
                _ => {}
            }
            self.at += 1;
        }
        None
    }

    /// Goes to the end of a text; whether it is there.
    fn text(&mut self, bytes: &[u8]) -> bool {
        while let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[self.at..]) {
            let at = self.at + found;
            if bytes[at] == b'"' {
                self.at = at + 1;
                self.in_text = false;
                return true;
            }
            if at + 1 == bytes.len() {
                // What is escaped has not come yet.
                self.at = at;
                return false;
            }
            self.at = at + 2;
        }
        self.at = bytes.len();
        false
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};

    use super::*;

    /// Gives a few bytes at a time.
    struct Slow<'t>(&'t [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = self.1.min(self.0.len()).min(buffer.len());
            buffer[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    /// The records, and what is broken; a record that does not parse is rejected.
    fn read(text: &str, step: usize) -> (Vec<Json>, Vec<Broken>) {
        let mut records = Records::new(Slow(text.as_bytes(), step));
        let (mut good, mut broken) = (Vec::new(), Vec::new());
        loop {
            let parsed = match records.next().unwrap() {
                None => break,
                Some(record) => serde_json::from_slice(record),
            };
            match parsed {
                Ok(json) => good.push(json),
                Err(_) => records.reject("no JSON"),
            }
            broken.append(&mut records.take_broken());
        }
        broken.append(&mut records.take_broken());
        (good, broken)
    }

    fn all(text: &str) -> (Vec<Json>, Vec<(&'static str, String)>) {
        let (good, broken) = read(text, usize::MAX);
        assert_eq!(read(text, 3), (good.clone(), broken.clone()), "in small steps");
        let broken = broken.into_iter().map(|it| {
            let place = usize::try_from(it.place.start).unwrap()..usize::try_from(it.place.end).unwrap();
            (it.message, text[place].to_owned())
        });
        (good, broken.collect())
    }

    #[test]
    fn records_stand_in_lists_in_objects_and_alone() {
        let three = vec![json!({ "a": 1 }), json!({ "b": ["}", "\\\"{"] }), json!({ "a": {} })];
        for text in [
            r#"{"Records":[{"a":1},{"b":["}","\\\"{"]},{"a":{}}]}"#,
            r#" { "Records" : [ {"a":1} , {"b":["}","\\\"{"]}, {"a":{}} ] , "more": [1, "]"], "x": {"y": 1} } "#,
            "{\"a\":1}\n{\"b\":[\"}\",\"\\\\\\\"{\"]}\n\n{\"a\":{}}",
            r#"[{"a":1},{"b":["}","\\\"{"]},{"a":{}}]"#,
            "{\"Records\":[{\"a\":1}]}\n{\"Records\":[{\"b\":[\"}\",\"\\\\\\\"{\"]},{\"a\":{}}]}",
            "\u{feff}[{\"a\":1},{\"b\":[\"}\",\"\\\\\\\"{\"]},{\"a\":{}}]",
        ] {
            assert_eq!(all(text), (three.clone(), vec![]), "{text}");
        }
        assert_eq!(all(""), (vec![], vec![]));
        assert_eq!(all(r#"{"Records":[]}"#), (vec![], vec![]));
        assert_eq!(all(r#"{"Records":5}"#).0, [json!({ "Records": 5 })]);
    }

    #[test]
    fn a_cut_record_is_told_and_the_rest_goes_on() {
        let (good, broken) = all(r#"{"Records":[{"v":1,"n":1},{"v":1,"n":"x,{"v":1,"n":3},{"v":1,"n":4}]}"#);
        assert_eq!(good, [json!({ "v": 1, "n": 1 }), json!({ "v": 1, "n": 3 }), json!({ "v": 1, "n": 4 })]);
        assert_eq!(broken, [("the record is cut off", "{\"v\":1,\"n\":\"x,".to_owned())]);
        let (good, broken) = all(r#"{"Records":[{"v":1},{"v":2,"n":},{"v":3}]}"#);
        assert_eq!(good, [json!({ "v": 1 }), json!({ "v": 3 })]);
        assert_eq!(broken, [("no JSON", "{\"v\":2,\"n\":}".to_owned())]);
        let (good, broken) = all(r#"{"Records":[{"v":1},{"v":2,"te"#);
        assert_eq!(good, [json!({ "v": 1 })]);
        assert_eq!(broken[0], ("the record is cut off", "{\"v\":2,\"te".to_owned()));
        assert_eq!(broken[1].0, "the file is cut off");
    }

    #[test]
    fn what_is_no_record_is_told() {
        let (good, broken) = all("[1, {\"a\":1}, \"x\", {\"a\":2}]");
        assert_eq!(good, [json!({ "a": 1 }), json!({ "a": 2 })]);
        assert_eq!(
            broken,
            [("this is no record", "1".to_owned()), ("this is no record", "\"x\"".to_owned())]
        );
        let (good, broken) = all("not json\n{\"a\":1}");
        assert_eq!((good, broken.len()), (vec![json!({ "a": 1 })], 1));
    }

    #[test]
    fn what_was_read_before_an_error_is_given() {
        let good = Slow(b"{\"a\":1}\n{\"a\":2", usize::MAX);
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the disk is gone"))
            }
        }
        let mut records = Records::new(good.chain(Failing));
        assert_eq!(records.next().unwrap(), Some(&b"{\"a\":1}"[..]));
        assert_eq!(records.next().unwrap_err().to_string(), "the disk is gone");
        assert_eq!(records.take_broken()[0].head, b"{\"a\":2");
        assert_eq!(records.next().unwrap(), None);
    }

    proptest! {
        /// Whatever the layout, every record comes, once and in order.
        #[test]
        fn every_record_comes(
            texts in proptest::collection::vec("[\\PC\"\\\\{}\\[\\],]{0,20}", 0..12),
            step in 1_usize..50,
            layout in 0..3,
        ) {
            let records: Vec<Json> = texts.iter().map(|it| json!({ "k": it, "l": [it] })).collect();
            let lines: Vec<String> = records.iter().map(Json::to_string).collect();
            let text = match layout {
                0 => format!("{{\"Records\":[{}]}}", lines.join(",")),
                1 => format!("[{}]", lines.join(" ,\n")),
                _ => lines.join("\n"),
            };
            prop_assert_eq!(read(&text, step), (records, vec![]));
        }

        /// Whatever the input, it ends.
        #[test]
        fn anything_ends(text in "[\\[\\]{}\",:a\\\\ \n1]{0,200}", step in 1_usize..20) {
            let _ = read(&text, step);
        }
    }
}
