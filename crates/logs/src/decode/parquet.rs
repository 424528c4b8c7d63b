//! Files in Parquet, row by row, as JSON: flow logs are delivered so, and lakes keep everything so.
//!
//! Source: <https://parquet.apache.org/docs/file-format/>

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::ParquetMetaData;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::reader::RowIter;
use ::parquet::record::{Field, Row};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value as Json;
use thiserror::Error;

use super::Input;
use crate::records::{Broken, RecordsError};

/// How such a file begins, and ends.
pub(super) const MAGIC: &[u8] = b"PAR1";
/// A file that comes as a stream is kept until its end, where its directory stands: so much of it in memory, what is larger on disk. AWS's
/// files of flow logs have 75 MB at most.
const IN_MEMORY: u64 = 16 << 20;
/// So much goes to disk at once.
const CHUNK: u64 = 1 << 20;
/// Anything larger is no log.
const LARGEST: u64 = 4 << 30;
/// Flow logs have some 40 columns.
const COLUMNS: usize = 2000;
/// So many rows a group of AWS's has never; a page of nothing but repetitions may claim any number.
const ROWS: i64 = 100_000_000;

/// Why a file in Parquet cannot be read.
#[derive(Debug, Error)]
pub enum ParquetFileError {
    /// Its directory is broken.
    #[error("the Parquet file is broken: {0}")]
    Broken(#[from] ParquetError),
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// There is no room for what has to be whole before it can be read.
    #[error(
        "the Parquet file is unpacked into the temporary directory, which cannot take it ({0}): make room there, or set TMPDIR"
    )]
    Room(#[source] io::Error),
    /// It is larger than any log.
    #[error("a Parquet file that is compressed again or comes as a stream may have 4 GB; unpack it first")]
    TooLarge,
    /// It claims more than any log has.
    #[error("the Parquet file claims {columns} columns and {rows} rows: no log has so many")]
    TooMuch {
        /// Its columns.
        columns: usize,
        /// Its rows.
        rows: i64,
    },
    /// The library gave up.
    #[error("the Parquet file is broken, or holds a type of column that is not known")]
    Unknown,
}

/// The rows of a file.
pub(super) struct Rows {
    rows: Option<RowIter<'static>>,
    /// The number of the row that was read last, from 1.
    at: u64,
    record: Vec<u8>,
    broken: Vec<Broken>,
}

impl Rows {
    pub(super) fn of_file(file: File) -> Result<Self, ParquetFileError> {
        Self::new(guarded(|| SerializedFileReader::new(file))?)
    }

    pub(super) fn of_stream(input: Input) -> Result<Self, ParquetFileError> {
        let mut input = input.take(LARGEST + 1);
        let mut bytes = Vec::new();
        let begun = (&mut input).take(IN_MEMORY).read_to_end(&mut bytes)?;
        if (begun as u64) < IN_MEMORY {
            return Self::new(guarded(|| SerializedFileReader::new(Bytes::from(bytes)))?);
        }
        Self::of_file(on_disk(bytes, input)?)
    }

    fn new(reader: impl FileReader + 'static) -> Result<Self, ParquetFileError> {
        check(reader.metadata())?;
        let rows = guarded(|| Ok(RowIter::from_file_into(Box::new(reader))))?;
        Ok(Self { rows: Some(rows), at: 0, record: Vec::new(), broken: Vec::new() })
    }

    /// The next row, as JSON. One that cannot be read ends the file.
    pub(super) fn advance(&mut self) -> Result<Option<&[u8]>, RecordsError> {
        let Some(rows) = &mut self.rows else { return Ok(None) };
        match guarded(|| rows.next().transpose()) {
            Ok(Some(row)) => {
                self.at += 1;
                self.record = json(&row).to_string().into_bytes();
                Ok(Some(&self.record))
            }
            Ok(None) => {
                self.rows = None;
                Ok(None)
            }
            Err(error) => {
                // What the library holds after a mistake is nobody's guess.
                self.rows = None;
                Err(RecordsError::Io(io::Error::new(io::ErrorKind::InvalidData, error)))
            }
        }
    }

    /// Something is wrong with the last row. Its place is its number: bytes say nothing in such a file.
    pub(super) fn reject(&mut self, message: &'static str) {
        let head = self.record[..self.record.len().min(crate::records::HEAD)].to_vec();
        self.broken.push(Broken { place: self.at..self.at, message, head });
    }

    pub(super) fn take_broken(&mut self) -> Vec<Broken> {
        std::mem::take(&mut self.broken)
    }
}

/// What was read and what follows, in a file without a name, so that nothing is left of it whatever happens.
fn on_disk(begun: Vec<u8>, mut input: io::Take<Input>) -> Result<File, ParquetFileError> {
    let mut file = tempfile::tempfile().map_err(ParquetFileError::Room)?;
    let (mut chunk, mut size) = (begun, 0);
    loop {
        size += chunk.len() as u64;
        if size > LARGEST {
            return Err(ParquetFileError::TooLarge);
        }
        file.write_all(&chunk).map_err(ParquetFileError::Room)?;
        chunk.clear();
        if input.by_ref().take(CHUNK).read_to_end(&mut chunk)? == 0 {
            file.rewind().map_err(ParquetFileError::Room)?;
            return Ok(file);
        }
    }
}

/// Runs the library's code: it panics over types of columns that it does not know, and over some broken files.
fn guarded<T>(run: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetFileError> {
    IS_GUARDED.set(true);
    let done = catch_unwind(AssertUnwindSafe(run));
    IS_GUARDED.set(false);
    match done {
        Ok(done) => Ok(done?),
        Err(_) => Err(ParquetFileError::Unknown),
    }
}

thread_local! {
    /// Whether a panic of this thread becomes an error.
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// From now on nothing is printed of panics that become errors. For programs, at their start: a program has one such hook.
pub fn keep_quiet_of_handled_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !IS_GUARDED.get() {
            before(info);
        }
    }));
}

/// Refuses what claims to be larger than any log.
fn check(metadata: &ParquetMetaData) -> Result<(), ParquetFileError> {
    let file = metadata.file_metadata();
    let columns = file.schema_descr().num_columns();
    let rows = metadata.row_groups().iter().map(|it| it.num_rows()).max().unwrap_or(0);
    if columns > COLUMNS || rows > ROWS {
        return Err(ParquetFileError::TooMuch { columns, rows });
    }
    Ok(())
}

/// A row as JSON: times in RFC 3339, bytes that are no text in base64.
fn json(row: &Row) -> Json {
    Json::Object(row.get_column_iter().map(|(name, field)| (name.clone(), value(field))).collect())
}

fn value(field: &Field) -> Json {
    match field {
        Field::Null => Json::Null,
        Field::Bool(value) => Json::from(*value),
        Field::Byte(number) => Json::from(*number),
        Field::Short(number) => Json::from(*number),
        Field::Int(number) => Json::from(*number),
        Field::Long(number) => Json::from(*number),
        Field::UByte(number) => Json::from(*number),
        Field::UShort(number) => Json::from(*number),
        Field::UInt(number) => Json::from(*number),
        Field::ULong(number) => Json::from(*number),
        Field::Float(number) => Json::from(*number),
        Field::Double(number) => Json::from(*number),
        Field::Str(text) => Json::from(text.as_str()),
        Field::Bytes(bytes) => match std::str::from_utf8(bytes.data()) {
            Ok(text) => Json::from(text),
            Err(_) => Json::from(STANDARD.encode(bytes.data())),
        },
        Field::TimestampMillis(time) => moment(Timestamp::from_millisecond(*time), *time),
        Field::TimestampMicros(time) => moment(Timestamp::from_microsecond(*time), *time),
        Field::Group(row) => json(row),
        Field::ListInternal(list) => Json::Array(list.elements().iter().map(value).collect()),
        Field::MapInternal(map) => {
            let text = |key: &Field| match value(key) {
                Json::String(text) => text,
                other => other.to_string(),
            };
            Json::Object(map.entries().iter().map(|(key, it)| (text(key), value(it))).collect())
        }
        // Dates, times of the day, decimals: in the library's own words.
        other => Json::from(other.to_string()),
    }
}

fn moment(time: Result<Timestamp, jiff::Error>, number: i64) -> Json {
    time.map_or_else(|_| Json::from(number), |it| Json::from(it.to_string()))
}
