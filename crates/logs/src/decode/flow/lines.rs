//! Files of flow logs in text, line by line.

use std::io::{self, Read};

use super::text::{Columns, is_default, is_flow_like};
use crate::records::{Broken, HEAD};

/// No record is longer.
const LONGEST: usize = 64 << 10;
const TOO_LONG: &str = "the line is longer than 64 KB";
const CHUNK: usize = 256 << 10;

/// Reads records out of lines.
pub(in crate::decode) struct FlowLines<R> {
    input: R,
    buffer: Vec<u8>,
    at: usize,
    before: u64,
    ended: bool,
    columns: Option<Columns>,
    default_order: Columns,
    record: Vec<u8>,
    /// Where the last record stands.
    last: std::ops::Range<u64>,
    broken: Vec<Broken>,
}

impl<R: Read> FlowLines<R> {
    pub(in crate::decode) fn new(input: R) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            at: 0,
            before: 0,
            ended: false,
            columns: None,
            default_order: Columns::default_order(),
            record: Vec::new(),
            last: 0..0,
            broken: Vec::new(),
        }
    }

    /// Goes to the next record; whether there is one.
    pub(in crate::decode) fn advance(&mut self) -> io::Result<bool> {
        while let Some(line) = self.line()? {
            let place = self.before + line.start as u64..self.before + line.end as u64;
            let bytes = &self.buffer[line];
            let text = String::from_utf8_lossy(bytes);
            let text = text.trim_start_matches('\u{feff}').trim();
            // Files that were put together have a header for each.
            if let Some(columns) = Columns::of_header(text) {
                self.columns = Some(columns);
                continue;
            }
            if text.is_empty() {
                continue;
            }
            let columns = match &self.columns {
                Some(columns) => columns,
                None if is_default(text) => &self.default_order,
                None => {
                    let message = unnamed(text);
                    Self::fail(&mut self.broken, place, bytes, message);
                    continue;
                }
            };
            self.record.clear();
            if columns.write(text, &mut self.record) {
                self.last = place;
                return Ok(true);
            }
            Self::fail(&mut self.broken, place, bytes, "the line has not as many fields as the header");
        }
        Ok(false)
    }

    /// The record that was read last.
    pub(in crate::decode) fn record(&self) -> &[u8] {
        &self.record
    }

    /// The last record turned out to be none.
    pub(in crate::decode) fn reject(&mut self, message: &'static str) {
        let head = self.record[..self.record.len().min(HEAD)].to_vec();
        self.broken.push(Broken { place: self.last.clone(), message, head });
    }

    pub(in crate::decode) fn take_broken(&mut self) -> Vec<Broken> {
        std::mem::take(&mut self.broken)
    }

    fn fail(broken: &mut Vec<Broken>, place: std::ops::Range<u64>, bytes: &[u8], message: &'static str) {
        broken.push(Broken { place, message, head: bytes[..bytes.len().min(HEAD)].to_vec() });
    }

    /// The next line. One that is too long is told and passed over.
    fn line(&mut self) -> io::Result<Option<std::ops::Range<usize>>> {
        let mut looked = 0;
        loop {
            if let Some(length) = memchr::memchr(b'\n', &self.buffer[self.at + looked..]) {
                let line = self.at..self.at + looked + length;
                self.at = line.end + 1;
                if line.len() <= LONGEST {
                    return Ok(Some(line));
                }
                let place = self.before + line.start as u64..self.before + line.end as u64;
                Self::fail(&mut self.broken, place, &self.buffer[line], TOO_LONG);
                looked = 0;
                continue;
            }
            looked = self.buffer.len() - self.at;
            if looked > LONGEST {
                self.pass_over()?;
                looked = 0;
                continue;
            }
            if self.ended {
                let line = self.at..self.buffer.len();
                self.at = line.end;
                return Ok((!line.is_empty()).then_some(line));
            }
            self.more()?;
        }
    }

    /// Goes behind the end of a line of which only the beginning is kept.
    fn pass_over(&mut self) -> io::Result<()> {
        let start = self.before + self.at as u64;
        let head = self.buffer[self.at..].iter().take(HEAD).copied().collect();
        loop {
            self.at = self.buffer.len();
            self.more()?;
            let line_end = memchr::memchr(b'\n', &self.buffer);
            self.at = line_end.map_or(self.buffer.len(), |it| it + 1);
            if line_end.is_some() || self.ended {
                let end = self.at - usize::from(line_end.is_some());
                let place = start..self.before + end as u64;
                self.broken.push(Broken { place, message: TOO_LONG, head });
                return Ok(());
            }
        }
    }

    fn more(&mut self) -> io::Result<()> {
        self.before += self.at as u64;
        self.buffer.drain(..self.at);
        self.at = 0;
        let filled = self.buffer.len();
        self.buffer.resize(filled + CHUNK, 0);
        let read = self.read(filled)?;
        self.buffer.truncate(filled + read);
        Ok(())
    }

    fn read(&mut self, into: usize) -> io::Result<usize> {
        loop {
            match self.input.read(&mut self.buffer[into..]) {
                Ok(read) => {
                    self.ended = read == 0;
                    return Ok(read);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    self.buffer.truncate(into);
                    return Err(error);
                }
            }
        }
    }
}

/// Why a line is no record where there was no header.
pub(in crate::decode) fn unnamed(line: &str) -> &'static str {
    if is_flow_like(line) {
        "this flow log has an order of its own and no header line that names its fields"
    } else {
        "this is no record of a flow log"
    }
}
